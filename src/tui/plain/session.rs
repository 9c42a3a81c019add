//! Takes entered lines, has the model do what they mean, and says what is new.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use crate::desk::ViewKind;
use crate::domain::PromiseId;
use crate::keymap::{self, Action, Key, KeyCode, parse_sequence};
use crate::tui::model::{Model, Overlay};
use crate::tui::place::Place;
use crate::tui::screen::{Effect, Go, Msg, Status};
use crate::tui::shell;
use crate::tui::status::key_of;
use crate::tui::update::{has_to_wait, keys, on_screen, update};
use crate::tui::{when, whereabouts};

use super::help;
use super::line::{Meant, Reader, number};
use super::page::{Line, Page, SIZE};
use super::say;
use super::speech::Typing;
use super::words;

/// Rows that one step moves by at most; what is further away takes several steps.
const ROWS_A_STEP: u64 = 100;
/// Steps towards a row, until it is plain that one does not come nearer.
const STEPS_MAX: u32 = 1_000;
/// Letters of a queue's name that are enough to choose it.
const QUEUE_LETTERS_MIN: usize = 3;
/// Commands of forms, which mean nothing elsewhere and are no words to look for.
const FORM_COMMANDS: [&str; 7] = [".", "/leave", "/send", "/next", "/back", "/anew", "/undo"];
/// Steps that wait to be carried out; no line has so many parts.
const WAITING_MAX: usize = 256;

/// One thing to be done of what a line means, once the desk has answered the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(Key),
    Act(Action),
    /// An action that takes a digit.
    Digit(Action, Key),
    /// To the row of this number, after so many steps towards it.
    Row(u64, u32),
    /// What is entered where the cursor is, if anything can be.
    Feed(String),
    /// What one looks for.
    Find(String),
    Go(Go),
    /// A line that means what it means once what was open is left.
    Line(String),
    Quit,
}

/// The plain mode over a model.
pub struct Plain {
    model: Model,
    /// Cells of a line; 0 where lines are not broken.
    cells: usize,
    /// Lines that are said at once; all of them where nobody says how many.
    rows: Option<usize>,
    steps: VecDeque<Step>,
    /// What was read last.
    page: Option<Page>,
    /// What was read last of the screen itself, to which one comes back from what lay over it.
    below: Option<Page>,
    /// What each number meant when it was read.
    numbers: BTreeMap<u64, String>,
    /// What is to be said before what is new on the page.
    said: Vec<String>,
    /// What is left to be said after a page of lines.
    rest: VecDeque<String>,
    reads_all: bool,
    /// Whether a line of the text was entered already, so that the next one begins a new line.
    is_in_text: bool,
    /// Whether how to enter texts was said for the form that is open.
    is_explained: bool,
    /// Whether a field was filled just now, so that the one that is asked comes after it.
    is_field_done: bool,
    rung: BTreeSet<PromiseId>,
    notice: Option<String>,
    is_interrupted: bool,
    has_ended: bool,
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain")
            .field("model", &self.model)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}

impl Plain {
    /// Columns and rows that a model for the plain mode is made with, whatever the terminal has: all of a screen is read.
    pub const SIZE: (u16, u16) = SIZE;

    /// The plain mode over a model that was made with [`Plain::SIZE`]; lines have so many cells (any, for 0), and after so
    /// many of them it waits for Enter.
    #[must_use]
    pub fn new(model: Model, cells: usize, rows: Option<usize>) -> Self {
        Self {
            model,
            cells,
            rows,
            steps: VecDeque::new(),
            page: None,
            below: None,
            numbers: BTreeMap::new(),
            said: Vec::new(),
            rest: VecDeque::new(),
            reads_all: true,
            is_in_text: false,
            is_explained: false,
            is_field_done: false,
            rung: BTreeSet::new(),
            notice: None,
            is_interrupted: false,
            has_ended: false,
        }
    }

    /// Says something before anything else.
    pub fn greet(&mut self, words: &str) {
        self.said.push(words.to_owned());
    }

    /// Takes a message that is no key: an answer, a change, the time.
    pub fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.model, msg)
    }

    /// Whether the caseworker has left.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Keeps what was typed and where the caseworker is, before the terminal is gone.
    pub fn put_away(&mut self) -> Vec<Effect> {
        self.model.put_away()
    }

    /// Takes Ctrl-C: what is being entered is left, with its draft kept; whether it was the second one running, which
    /// ends the program.
    pub fn interrupt(&mut self) -> bool {
        if std::mem::replace(&mut self.is_interrupted, true) {
            return true;
        }
        self.rest.clear();
        self.steps.clear();
        if self.is_entry() {
            self.steps.push_back(Step::Act(Action::Leave));
        } else {
            self.said.push("Ctrl-C once more ends casedesk.".to_owned());
        }
        false
    }

    /// Takes a line.
    pub fn enter(&mut self, line: &str) {
        self.is_interrupted = false;
        if !self.rest.is_empty() {
            if line.trim().is_empty() {
                return;
            }
            self.rest.clear();
        }
        self.hear_what_changed();
        self.model.status = None;
        if self.is_entry() { self.entry(line) } else { self.command(line) }
    }

    /// Whether what is open is only read, or offers a letter to pick: it takes no words.
    fn is_only_read(&self) -> bool {
        let is_on_screen = matches!(self.model.overlay, Overlay::Nothing);
        is_on_screen && self.model.history.current().screen.hints() == [Action::Leave]
    }

    /// Carries out what is next of the entered line, unless the desk is still to answer; nothing once all is done.
    pub fn step(&mut self) -> Option<Vec<Effect>> {
        if has_to_wait(&self.model) {
            return None;
        }
        let step = self.steps.pop_front()?;
        let mut effects = Vec::new();
        if !matches!(step, Step::Feed(_)) {
            self.is_in_text = false;
        }
        match step {
            Step::Key(key) => self.press(key, &mut effects),
            Step::Act(action) => self.act(action, &mut effects),
            Step::Digit(action, key) => shell::perform(&mut self.model, action, key, &mut effects),
            Step::Row(number, steps) => self.towards(number, steps, &mut effects),
            Step::Feed(line) => self.feed(&line, &mut effects),
            Step::Find(text) => self.find(&text, &mut effects),
            Step::Go(go) => shell::navigate(&mut self.model, go, &mut effects),
            Step::Line(line) if self.is_entry() => self.entry(&line),
            Step::Line(line) => self.command(&line),
            Step::Quit => {
                self.model.overlay = Overlay::Nothing;
                on_screen(&mut self.model, &mut effects, |screen, context| {
                    screen.put_away(context)
                });
                whereabouts::forget(&mut self.model, &mut effects);
                effects.push(Effect::Quit);
            }
        }
        if matches!(self.model.status, Some(Status::Refused(_))) {
            // What follows counted on its being done.
            self.steps.clear();
        }
        self.has_ended |= effects.contains(&Effect::Quit);
        Some(effects)
    }

    /// What is to be said now, with the prompt at its end; lines end in LF, the prompt in a space.
    pub fn report(&mut self) -> String {
        if self.rest.is_empty() {
            let news = self.news();
            self.rest = news.iter().flat_map(|line| words::lines(line, self.cells)).collect();
        }
        let count = self.rows.unwrap_or(usize::MAX).min(self.rest.len());
        let mut said: Vec<String> = self.rest.drain(..count).collect();
        if self.has_ended {
            said.extend(self.rest.drain(..));
            return said.iter().map(|line| format!("{line}\n")).collect();
        }
        let prompt = if self.rest.is_empty() {
            self.prompt()
        } else {
            format!("{} more lines: Enter", self.rest.len())
        };
        said.push(format!("{}> ", words::lines(&prompt, 0).join(" ")));
        said.join("\n")
    }

    /// Whether a form, a prompt or a text takes what is entered, rather than a command.
    fn is_entry(&self) -> bool {
        let context = keys(&self.model);
        context.is_text() && context != keymap::Context::Find
    }

    /// The contexts whose keys and words mean something, the nearest first.
    fn contexts(&self) -> Vec<keymap::Context> {
        let here = keys(&self.model);
        let mut contexts = vec![here];
        if here == keymap::Context::Find {
            contexts.push(keymap::Context::FindHits);
        }
        contexts.push(keymap::Context::Everywhere);
        contexts
    }

    fn push(&mut self, step: Step) {
        if self.steps.len() < WAITING_MAX {
            self.steps.push_back(step);
        }
    }

    fn command(&mut self, line: &str) {
        if line.trim().is_empty() && self.goes_on_with_enter() {
            return self.push(Step::Key(Key::plain(KeyCode::Enter)));
        }
        if FORM_COMMANDS.contains(&line.trim()) {
            let words = format!("No form is open here: {} is for forms.", line.trim());
            self.model.status = Some(Status::Refused(words));
            return;
        }
        let contexts = self.contexts();
        let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
        let is_finding = contexts
            .iter()
            .any(|context| matches!(context, keymap::Context::Find | keymap::Context::FindHits));
        let in_full = reader.read_in_full(line).or_else(|| queue(line, &contexts));
        let meant = match in_full {
            None if is_finding => return self.push(Step::Find(line.trim().to_owned())),
            None => reader.read(line),
            Some(meant) => meant,
        };
        self.mean(meant);
    }

    /// Whether Enter goes on: the tutor explains, or a lesson is done.
    fn goes_on_with_enter(&self) -> bool {
        matches!(self.model.overlay, Overlay::Lesson(_))
            || self.model.coach.as_ref().is_some_and(|coach| coach.is_done())
    }

    fn mean(&mut self, meant: Meant) {
        match meant {
            Meant::Again => self.reads_all = true,
            Meant::Help(all) => self.help(all),
            Meant::Quit => self.push(Step::Quit),
            Meant::Row(number) => self.choose(number),
            Meant::Act(Action::OpenHelp | Action::OpenPalette, _) => self.help(true),
            Meant::Act(action, rest) => self.mean_action(action, &rest),
            Meant::Keys(keys) => keys.into_iter().for_each(|key| self.push(Step::Key(key))),
            Meant::Case(case) => self.push(Step::Go(Go::Case(case))),
            Meant::Person(person) => self.push(Step::Go(Go::Person(person))),
            Meant::Unknown(words) => self.model.status = Some(Status::Refused(words)),
        }
    }

    /// A number: its row is gone to, and opened where a digit opens it; where nothing is numbered, a digit is a key.
    fn choose(&mut self, number: u64) {
        let page = Page::of(&self.model);
        match (page.chosen(), u8::try_from(number).ok().filter(|digit| (1..=9).contains(digit))) {
            (Some(_), _) => {
                self.push(Step::Row(number, 0));
                if opens_rows(keys(&self.model)) {
                    self.push(Step::Act(Action::OpenRow));
                }
            }
            (None, Some(digit)) => self.push(Step::Key(digit_key(digit))),
            (None, None) => {
                let words = "There is no list here whose rows have numbers.";
                self.model.status = Some(Status::Refused(words.to_owned()));
            }
        }
    }

    fn mean_action(&mut self, action: Action, rest: &str) {
        let numbered = number(rest);
        match numbered.and_then(|digit| u8::try_from(digit).ok()).filter(|digit| *digit <= 9) {
            Some(digit) if action.info().takes_digit => {
                return self.push(Step::Digit(action, digit_key(digit)));
            }
            _ if action.info().takes_digit => {
                let label = action.info().label;
                let words = format!("Which one is said by its digit: {label} 1 to {label} 9.");
                self.model.status = Some(Status::Refused(words));
                return;
            }
            _ => {}
        }
        // On a case, acts are about the case, whichever of its entries is chosen: a number is for the form then.
        let is_of_rows = keys(&self.model) != keymap::Context::Case;
        let is_listed = || is_of_rows && Page::of(&self.model).chosen().is_some();
        if let Some(row) = numbered.filter(|_| is_listed()) {
            self.push(Step::Row(row, 0));
            return self.push(Step::Act(action));
        }
        if action == Action::OpenFind && !rest.is_empty() {
            return self.push(Step::Find(rest.to_owned()));
        }
        self.push(Step::Act(action));
        if !rest.is_empty() {
            self.push(Step::Feed(rest.to_owned()));
        }
    }

    /// A line of a form: its text, or a command with a dot or a slash before it.
    fn entry(&mut self, line: &str) {
        let trimmed = line.trim();
        let is_word = trimmed.chars().nth(1).is_some_and(|second| second.is_alphabetic());
        if self.is_only_read() && (is_word || trimmed.is_empty()) {
            self.push(Step::Act(Action::Leave));
            if is_word {
                self.push(Step::Line(trimmed.trim_start_matches('/').to_owned()));
            }
            return;
        }
        if is_word && Page::of(&self.model).typing == Typing::Pick {
            match trimmed {
                "quit" => return self.push(Step::Quit),
                "help" => return self.help(false),
                "again" => return self.reads_all = true,
                _ => {}
            }
        }
        if trimmed == "." {
            return self.push(Step::Act(self.sending()));
        }
        // A dot or a slash of one's own is written twice.
        if let Some(text) = line.strip_prefix('.').filter(|text| text.starts_with('.')) {
            return self.push(Step::Feed(text.to_owned()));
        }
        let Some(command) = trimmed.strip_prefix('/').filter(|command| !command.is_empty()) else {
            return self.push(Step::Feed(line.to_owned()));
        };
        if command.starts_with('/') {
            return self.push(Step::Feed(command.to_owned()));
        }
        match command {
            "quit" => self.push(Step::Quit),
            "help" => self.help(false),
            "again" => self.reads_all = true,
            "send" => self.push(Step::Act(self.sending())),
            "next" => self.push(Step::Act(Action::NextField)),
            "back" => self.push(Step::Act(Action::PreviousField)),
            "leave" => self.push(Step::Act(Action::Leave)),
            "anew" => self.push(Step::Key(Key::control('n'))),
            "undo" => self.push(Step::Key(Key::control('u'))),
            _ => {
                let contexts = self.contexts();
                let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
                let meant = match (number(command), parse_sequence(command)) {
                    (Some(number), _) => Meant::Row(number),
                    (None, Ok(keys)) => Meant::Keys(keys),
                    (None, Err(_)) => reader.read(command),
                };
                self.mean(meant);
            }
        }
    }

    /// What sends the form that is open.
    fn sending(&self) -> Action {
        let context = keys(&self.model);
        if context == keymap::Context::Intake { Action::Register } else { Action::Send }
    }

    fn press(&mut self, key: Key, effects: &mut Vec<Effect>) {
        effects.extend(update(&mut self.model, Msg::Key(key)));
    }

    /// Presses the keys of an action, so that macros and the tutor hear them; or does it, where it has none here.
    fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let bound = self.model.shared.keymap.keys_for(keys(&self.model), action);
        match bound.first().and_then(|keys| parse_sequence(keys).ok()) {
            Some(keys) => keys.into_iter().for_each(|key| self.press(key, effects)),
            None => shell::perform(&mut self.model, action, Key::plain(KeyCode::Enter), effects),
        }
    }

    /// Goes towards a row, and says so where its number means another one than when it was read.
    fn towards(&mut self, number: u64, steps: u32, effects: &mut Vec<Effect>) {
        let page = Page::of(&self.model);
        let Some((at, of)) = page.chosen() else { return };
        if number == 0 || number > of {
            let words = format!("There is no row {number}: the list has {of}.");
            return self.refuse(words);
        }
        if number == at || steps > STEPS_MAX {
            return self.check_row(number, &page);
        }
        let is_down = number > at;
        let distance = number.abs_diff(at).min(ROWS_A_STEP);
        let in_form = self.is_entry() && !matches!(self.model.overlay, Overlay::Palette(_));
        let (action, key) = match (in_form, is_down) {
            (true, true) => (Action::NextField, KeyCode::Down),
            (true, false) => (Action::PreviousField, KeyCode::Up),
            (false, true) => (Action::ListDown, KeyCode::Down),
            (false, false) => (Action::ListUp, KeyCode::Up),
        };
        for _ in 0..distance {
            shell::perform(&mut self.model, action, Key::plain(key), effects);
        }
        self.steps.push_front(Step::Row(number, steps + 1));
    }

    /// Whoever says a number means what it was read with: where the list has moved since, that row is gone to, and where
    /// it is gone, nothing is done.
    fn check_row(&mut self, number: u64, page: &Page) {
        let Some(meant) = self.numbers.get(&number).cloned() else { return };
        let about = |line: &Line| line.about() == meant;
        if page.row(number).is_none_or(about) {
            return;
        }
        let place = page.all().find(|line| about(line)).and_then(|line| line.place);
        match place {
            Some((place, _)) => {
                self.numbers.insert(place, meant);
                self.steps.push_front(Step::Row(place, 0));
            }
            None => {
                let words = format!("The list has changed: row {number} is another one now.");
                self.reads_all = true;
                self.refuse(words);
            }
        }
    }

    fn refuse(&mut self, words: String) {
        self.steps.clear();
        self.model.status = Some(Status::Refused(words));
    }

    /// Looks for what is written, in place of what was looked for before.
    fn find(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if !matches!(self.model.history.current().place, Place::Find(_)) {
            shell::navigate(&mut self.model, Go::Find(String::new()), effects);
        }
        if keys(&self.model) == keymap::Context::FindHits {
            shell::perform(&mut self.model, Action::IntoText, Key::plain(KeyCode::Tab), effects);
        }
        self.press(Key::control('u'), effects);
        effects.extend(update(&mut self.model, Msg::Paste(text.to_owned())));
    }

    /// Enters a line where the cursor is: letters pick, a text of one line is replaced, one of several goes on.
    fn feed(&mut self, line: &str, effects: &mut Vec<Effect>) {
        if !self.is_entry() {
            return self.refuse(format!("Nothing takes the words \"{line}\" here."));
        }
        match Page::of(&self.model).typing {
            Typing::Pick => self.pick(line, effects),
            Typing::Line => {
                if !line.trim().is_empty() {
                    self.press(Key::control('u'), effects);
                    effects.extend(update(&mut self.model, Msg::Paste(line.to_owned())));
                }
                self.go_on();
            }
            Typing::Block => self.write(line, effects),
        }
    }

    /// A letter or digit picks; whatever is longer is a text, and goes where the form puts pasted text.
    fn pick(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let line = line.trim();
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut letters = first.chars();
        match (letters.next(), letters.next()) {
            (None, _) => {
                self.is_in_text = false;
                if keys(&self.model) == keymap::Context::Editor {
                    self.press(Key::plain(KeyCode::Enter), effects);
                } else {
                    self.push(Step::Act(Action::NextField));
                }
            }
            (Some(letter), None) => {
                self.press(Key::char(letter), effects);
                if !rest.trim().is_empty() {
                    self.steps.push_front(Step::Feed(rest.trim().to_owned()));
                }
            }
            (Some(_), Some(_)) => {
                effects.extend(update(&mut self.model, Msg::Paste(line.to_owned())));
                if keys(&self.model) == keymap::Context::Intake {
                    self.push(Step::Act(Action::NextField));
                }
            }
        }
    }

    /// What comes after a line of text: the next field, or the end where the line is all that is asked.
    fn go_on(&mut self) {
        let is_whole = matches!(self.model.overlay, Overlay::Contact(_))
            || keys(&self.model) == keymap::Context::Limit;
        let next = if is_whole { Action::Send } else { Action::NextField };
        self.is_field_done = true;
        if is_whole || keys(&self.model) == keymap::Context::Intake {
            self.push(Step::Act(next));
        } else {
            // Enter sends a line in the full screen, so that the next field is Tab's.
            self.push(Step::Digit(next, Key::plain(KeyCode::Tab)));
        }
    }

    /// Writes a line into a text of several. The first letter is pressed, for it takes the place of what a template left
    /// open, and so are two colons at the end, for they list the office's passages.
    fn write(&mut self, line: &str, effects: &mut Vec<Effect>) {
        if std::mem::replace(&mut self.is_in_text, true) {
            self.press(Key::plain(KeyCode::Enter), effects);
        }
        let (line, colons) = match line.strip_suffix("::") {
            Some(line) => (line, "::"),
            None => (line, ""),
        };
        let mut letters = line.chars();
        if let Some(first) = letters.next().filter(|first| !first.is_control()) {
            self.press(Key::char(first), effects);
            effects.extend(update(&mut self.model, Msg::Paste(letters.as_str().to_owned())));
        }
        for colon in colons.chars() {
            self.press(Key::char(colon), effects);
        }
    }

    fn help(&mut self, all: bool) {
        let contexts = self.contexts();
        let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
        let lines = match (self.is_entry(), all) {
            (true, _) => help::of_entry(),
            (false, true) => help::all(&reader),
            (false, false) => {
                let screen = &self.model.history.current().screen;
                help::here(&reader, &screen.hints(), &|action| screen.hint_label(action))
            }
        };
        self.said.extend(lines);
    }

    /// Says in one line that the screen has changed since it was read, and takes it as it is now for what was there.
    fn hear_what_changed(&mut self) {
        let now = Page::of(&self.model);
        let Some(before) = &self.page else { return };
        let changed = if before.place == now.place { now.since(before).len() } else { 0 };
        if changed > 0 && !self.is_entry() {
            let lines = if changed == 1 { "one line" } else { "some lines" };
            self.said.push(format!("Meanwhile {lines} of this screen changed: again reads it."));
        }
        self.page = Some(now);
    }

    /// What there is to say, in the order in which it is read.
    fn news(&mut self) -> Vec<String> {
        let mut said = self.notices();
        said.append(&mut self.said);
        let page = Page::of(&self.model);
        let before = [self.page.take(), self.below.clone()].into_iter().flatten();
        let before = before.into_iter().find(|before| before.place == page.place);
        let is_new_place = before.is_none();
        let is_writing = self.is_in_text && page.typing == Typing::Block;
        let reads_all = std::mem::take(&mut self.reads_all) || is_new_place;
        let mut is_focus_said = false;
        let focus = page.focused().cloned();
        if reads_all {
            said.extend(page.all().map(Line::read));
            self.numbers.clear();
            note_numbers(&mut self.numbers, page.all());
            is_focus_said = focus.as_ref().is_none_or(|line| line.place.is_none());
        } else if let Some(before) = before.as_ref().filter(|_| !is_writing) {
            let new = page.news(before);
            for line in &new {
                let is_focus = focus.as_ref() == Some(*line);
                is_focus_said |= is_focus;
                said.push(if is_focus { line.read_alone() } else { line.read() });
            }
            note_numbers(&mut self.numbers, new.into_iter().chain(focus.as_ref()));
            is_focus_said |= before.focused() == focus.as_ref() && before.focus == page.focus;
            if std::mem::take(&mut self.is_field_done) && page.focus < before.focus {
                said.push(format!(
                    "That was the last field. A single dot: {}.",
                    self.sending_word()
                ));
            }
        }
        if let Some(line) = focus.filter(|_| !is_focus_said && !is_writing) {
            let at = if reads_all { "At " } else { "" };
            said.push(format!("{at}{}", line.read_alone()));
        }
        let is_heard = is_writing || self.has_ended || self.model.status.is_some();
        if said.is_empty() && !is_heard {
            said.extend(page.focused().map(Line::read_alone));
        }
        said.extend(self.explanation());
        match self.model.status.take() {
            Some(Status::Done(words)) => said.push(words),
            Some(Status::Refused(words)) => said.push(format!("Not done: {words}")),
            None => {}
        }
        self.close_pages();
        let read = Page::of(&self.model);
        if read.place.1.is_empty() {
            self.below = Some(read.clone());
        }
        self.page = Some(read);
        said
    }

    /// Pages are read as a whole, so that nothing is left of them to be closed.
    fn close_pages(&mut self) {
        if matches!(self.model.overlay, Overlay::Pages(_)) {
            self.model.overlay = Overlay::Nothing;
        }
    }

    /// What lasts or rings wherever one is, each said once.
    fn notices(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        let notice = self.model.notice.as_ref();
        let notice = notice.map(|notice| format!("{}: {}", notice.heading, notice.short));
        if notice != self.notice {
            said.extend(notice.clone());
            self.notice = notice;
        }
        let shared = &self.model.shared;
        for ring in &shared.presence.rings {
            if !self.rung.insert(ring.promise) {
                continue;
            }
            let key = key_of(shared, keymap::Context::Everywhere, Action::GoRing);
            let key = key.map(|key| format!(", key {key}")).unwrap_or_default();
            let late = if ring.due_at < shared.now { "late: " } else { "" };
            let at = when::time(ring.due_at, &shared.zone);
            let about = ring.case.map(|case| format!(" about {case}")).unwrap_or_default();
            let (person, name) = &ring.person;
            let by = ring.channel.label();
            said.push(format!(
                "It rings: {late}promised for {at} by {by} to {name} {person}{about}; ring goes there{key}."
            ));
        }
        if let Some(coach) = &self.model.coach {
            let rows = coach.rows(shared, usize::from(SIZE.0));
            said.extend(rows.into_iter().filter(|row| !row.trim().is_empty()));
        }
        said
    }

    /// How texts are entered, once for each form that opens.
    fn explanation(&mut self) -> Option<String> {
        if !self.is_entry() {
            self.is_explained = false;
            return None;
        }
        if std::mem::replace(&mut self.is_explained, true) {
            return None;
        }
        if self.is_only_read() {
            return Some("Enter leaves this.".to_owned());
        }
        let word = match &self.model.overlay {
            Overlay::Contact(_) => {
                return Some("A letter picks. /leave leaves this.".to_owned());
            }
            _ => self.sending_word(),
        };
        Some(format!(
            "Each line fills a field. A line with a single dot: {word}. /leave leaves this, its draft is kept; /help tells more."
        ))
    }

    fn sending_word(&self) -> &'static str {
        let action = self.sending();
        let own = self.model.history.current().screen.hint_label(action);
        own.filter(|_| matches!(self.model.overlay, Overlay::Nothing))
            .unwrap_or(action.info().label)
    }

    /// Where one is, and what is asked.
    fn prompt(&self) -> String {
        let page = self.page.clone().unwrap_or_else(|| Page::of(&self.model));
        let over = page.place.1;
        let (name, words) = self.model.history.current().place.words();
        let at = match (over, &self.model.history.current().place) {
            ("", Place::Case(_) | Place::Person(_)) => {
                format!("{name} {}", words.first().cloned().unwrap_or_default())
            }
            ("", _) => name.to_owned(),
            ("pick", _) => "list".to_owned(),
            (over, _) => over.to_owned(),
        };
        if !self.is_entry() {
            return at;
        }
        let form = page.part().and_then(form_of).unwrap_or(at);
        let asked = page.asked().map(|label| format!(", {label}")).unwrap_or_default();
        format!("{form}{asked}")
    }
}

/// The queue or view of the board that is called so, or begins so.
fn queue(line: &str, contexts: &[keymap::Context]) -> Option<Meant> {
    let word = line.trim().to_lowercase();
    if !contexts.contains(&keymap::Context::Board) || word.len() < QUEUE_LETTERS_MIN {
        return None;
    }
    let begins = |kind: &ViewKind| say::queue(*kind).to_lowercase().starts_with(&word);
    let place = ViewKind::BOARD.iter().position(begins)?;
    Some(Meant::Act(Action::ChooseQueue, (place + 1).to_string()))
}

/// The name of a form by its heading: `ESCALATE C-20931` is `escalate`.
fn form_of(heading: &str) -> Option<String> {
    let words = heading.split([' ', ';', ',']);
    let capitals: Vec<&str> = words
        .take_while(|word| word.chars().all(|letter| letter.is_uppercase()) && !word.is_empty())
        .collect();
    (!capitals.is_empty()).then(|| capitals.join(" ").to_lowercase())
}

/// Remembers what each number meant as it was read.
fn note_numbers<'a>(
    numbers: &mut BTreeMap<u64, String>,
    lines: impl IntoIterator<Item = &'a Line>,
) {
    for line in lines {
        if let Some((place, _)) = line.place {
            numbers.insert(place, line.about().to_owned());
        }
    }
}

fn digit_key(digit: u8) -> Key {
    Key::char(char::from_digit(u32::from(digit), 10).unwrap_or('0'))
}

/// Whether a number opens its row: where the digits of the full screen do.
fn opens_rows(context: keymap::Context) -> bool {
    use keymap::Context;
    matches!(
        context,
        Context::Find | Context::FindHits | Context::Person | Context::Picker | Context::Palette
    )
}
