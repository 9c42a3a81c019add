//! Carries out the parts of an entered line at the model.

use crate::keymap::{self, Action, Key, KeyCode, parse_sequence};
use crate::tui::model::Overlay;
use crate::tui::place::Place;
use crate::tui::screen::{Effect, Go, Msg, Status};
use crate::tui::shell;
use crate::tui::update::{keys, update};

use super::line::number;
use super::page::{Line, Page};
use super::session::{Plain, Step};
use super::speech::Typing;

/// Rows that one step moves by at most; what is further away takes several steps.
const ROWS_A_STEP: u64 = 100;
/// Steps towards a row, until it is plain that one does not come nearer.
const STEPS_MAX: u32 = 1_000;

impl Plain {
    pub(super) fn press(&mut self, key: Key, effects: &mut Vec<Effect>) {
        effects.extend(update(&mut self.model, Msg::Key(key)));
    }

    /// Presses the keys of an action, so that macros and the tutor hear them; or does it, where it has none here.
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let bound = self.model.shared.keymap.keys_for(keys(&self.model), action);
        match bound.first().and_then(|keys| parse_sequence(keys).ok()) {
            Some(keys) => keys.into_iter().for_each(|key| self.press(key, effects)),
            None => shell::perform(&mut self.model, action, Key::plain(KeyCode::Enter), effects),
        }
    }

    /// Goes towards a row, and says so where its number means another one than when it was read.
    pub(super) fn towards(&mut self, number: u64, steps: u32, effects: &mut Vec<Effect>) {
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
    pub(super) fn check_row(&mut self, number: u64, page: &Page) {
        let listed = self.listed();
        let Some(meant) = self.numbers.get(&(listed, number)).cloned() else { return };
        let about = |line: &Line| line.about() == meant;
        if page.row(number).is_none_or(about) {
            return;
        }
        let place = page.all().find(|line| about(line)).and_then(|line| line.place);
        if let Some((place, _)) = place {
            self.numbers.insert((listed, place), meant);
            self.steps.push_front(Step::Row(place, 0));
        } else {
            let words = format!("The list has changed: row {number} is another one now.");
            self.reads_all = true;
            self.refuse(words);
        }
    }

    pub(super) fn refuse(&mut self, words: String) {
        self.steps.clear();
        self.model.status = Some(Status::Refused(words));
    }

    /// Looks for what is written, in place of what was looked for before.
    pub(super) fn find(&mut self, text: &str, effects: &mut Vec<Effect>) {
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
    pub(super) fn feed(&mut self, line: &str, effects: &mut Vec<Effect>) {
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
    pub(super) fn pick(&mut self, line: &str, effects: &mut Vec<Effect>) {
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
                let is_refused = matches!(self.model.status, Some(Status::Refused(_)));
                if let Some(row) = number(line).filter(|_| is_refused && self.is_on_row()) {
                    self.model.status = None;
                    self.steps.push_front(Step::Row(row, 0));
                }
                if !rest.trim().is_empty() {
                    self.steps.push_front(Step::Feed(rest.trim().to_owned()));
                }
            }
            (Some(_), Some(_)) if self.is_on_row() && number(line).is_some() => {
                self.steps.extend(number(line).map(|row| Step::Row(row, 0)));
            }
            (Some(_), Some(_)) if matches!(self.model.overlay, Overlay::Contact(_)) => {
                let words = format!("\"{line}\" picks nothing: a letter does; /leave leaves this.");
                self.refuse(words);
            }
            (Some(_), Some(_)) => {
                effects.extend(update(&mut self.model, Msg::Paste(line.to_owned())));
                if keys(&self.model) == keymap::Context::Intake {
                    self.push(Step::Act(Action::NextField));
                }
            }
        }
    }

    /// Whether the cursor is on a row of a list within a form, where a digit that picks nothing is another row's number.
    fn is_on_row(&self) -> bool {
        Page::of(&self.model).focused().is_some_and(|line| line.place.is_some())
    }

    /// What comes after a line of text: the next field, or the end where the line is all that is asked.
    pub(super) fn go_on(&mut self) {
        let is_whole = matches!(self.model.overlay, Overlay::Contact(_))
            || keys(&self.model) == keymap::Context::Limit;
        let next = if is_whole { Action::Send } else { Action::NextField };
        self.is_field_done = !is_whole;
        if is_whole || keys(&self.model) == keymap::Context::Intake {
            self.push(Step::Act(next));
        } else {
            // Enter sends a line in the full screen, so that the next field is Tab's.
            self.push(Step::Digit(next, Key::plain(KeyCode::Tab)));
        }
    }

    /// Writes a line into a text of several, below what is there of a draft. The first letter is pressed, for it takes the place of what a template left
    /// open, and so are two colons at the end, for they list the office's passages.
    pub(super) fn write(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let goes_on = std::mem::replace(&mut self.is_in_text, true);
        if goes_on || Page::of(&self.model).follows_words {
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
}
