//! The coach: which lesson it is, how many keys and seconds it has taken, and what is said above the screen.

use std::collections::BTreeMap;

use crate::desk::{Command, View, ViewKind};
use crate::domain::time::Instant;
use crate::domain::{CaseId, PersonId};
use crate::keymap::{Action, Context, Key, KeyCode, Keymap};
use crate::tui::text::{fit, width};

use super::super::help::Pages;
use super::super::model::ASKED_MAX;
use super::super::place::Place;
use super::super::screen::{Effect, Go, Shared, Ticket};
use super::super::status::key_of;
use super::lesson::{LESSONS, Lesson, Seen, Start, Step};

/// Rows that the coach takes above the screen.
pub(in crate::tui) const COACH_ROWS: u16 = 2;

/// What the throwaway office has ready for the lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prepared {
    /// Who calls.
    pub caller: PersonId,
    /// The case that is to be escalated.
    pub escalated: CaseId,
    /// The case that can be answered and closed.
    pub answered: CaseId,
    /// A case that another one is the same as.
    pub duplicate: CaseId,
}

/// What a finished lesson took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Taken {
    keys: u32,
    seconds: i64,
}

/// What a key does while the coach has the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Next {
    /// The lesson begins, or the next one is explained.
    On,
    /// The lesson is left out.
    Skip,
    /// The tutor ends.
    End,
}

/// The coach.
pub(in crate::tui) struct Coach {
    prepared: Prepared,
    at: usize,
    taken: Vec<Option<Taken>>,
    keys: u32,
    /// When the first key of the lesson was pressed.
    began: Option<Instant>,
    /// How many deeds of the lesson were seen.
    seen: usize,
    /// Commands that were sent and have no receipt yet.
    sent: BTreeMap<Ticket, Command>,
    is_done: bool,
}

impl Coach {
    pub(in crate::tui) fn new(prepared: Prepared) -> Self {
        Self {
            prepared,
            at: 0,
            taken: vec![None; LESSONS.len()],
            keys: 0,
            began: None,
            seen: 0,
            sent: BTreeMap::new(),
            is_done: false,
        }
    }

    /// Whether the lesson is done, and the next key is for the coach.
    pub(in crate::tui) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether there is no lesson any more.
    pub(in crate::tui) fn is_over(&self) -> bool {
        self.at >= LESSONS.len()
    }

    /// Goes to the next lesson, which is still to be explained.
    pub(in crate::tui) fn advance(&mut self) {
        self.at += 1;
        self.begin_anew();
    }

    /// Counts from nothing again.
    pub(in crate::tui) fn begin_anew(&mut self) {
        self.keys = 0;
        self.began = None;
        self.seen = 0;
        self.is_done = false;
    }

    /// Where the lesson begins.
    pub(in crate::tui) fn start(&self, shared: &Shared) -> Go {
        match LESSONS.get(self.at).map(|lesson| lesson.start) {
            Some(Start::Board(kind)) => Go::List(View { kind, unit: shared.who.unit.id }),
            Some(Start::Escalated) => Go::Case(self.prepared.escalated),
            Some(Start::Answered) => Go::Case(self.prepared.answered),
            Some(Start::Duplicate) => Go::Case(self.prepared.duplicate),
            None => Go::List(View { kind: ViewKind::Mine, unit: shared.who.unit.id }),
        }
    }

    /// A key was pressed in a context; `is_letter` where it was typed rather than meant.
    pub(in crate::tui) fn pressed(&mut self, context: Context, is_letter: bool, now: Instant) {
        let Some(lesson) = LESSONS.get(self.at).filter(|_| !self.is_done) else { return };
        self.began.get_or_insert(now);
        if !(is_letter && lesson.free.contains(&context)) {
            self.keys = self.keys.saturating_add(1);
        }
    }

    /// Remembers what the driver was told to carry out.
    pub(in crate::tui) fn sent(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Execute(ticket, command) = effect {
                self.sent.insert(*ticket, (**command).clone());
            }
        }
        while self.sent.len() > ASKED_MAX {
            self.sent.pop_first();
        }
    }

    /// Something has its receipt.
    pub(in crate::tui) fn carried_out(&mut self, ticket: Ticket, is_done: bool, now: Instant) {
        if let Some(command) = self.sent.remove(&ticket)
            && is_done
        {
            self.see(&Seen::Done(&command), now);
        }
    }

    /// One is at a place.
    pub(in crate::tui) fn is_at(&mut self, place: &Place, now: Instant) {
        if self.began.is_some() {
            self.see(&Seen::At(place), now);
        }
    }

    fn see(&mut self, seen: &Seen<'_>, now: Instant) {
        let Some(lesson) = LESSONS.get(self.at).filter(|_| !self.is_done) else { return };
        if lesson.deeds.get(self.seen).is_some_and(|deed| deed(seen, &self.prepared)) {
            self.seen += 1;
        }
        if self.seen >= lesson.deeds.len() {
            self.is_done = true;
            let taken = Taken { keys: self.keys, seconds: self.seconds(now) };
            if let Some(slot) = self.taken.get_mut(self.at) {
                *slot = Some(taken);
            }
        }
    }

    fn seconds(&self, now: Instant) -> i64 {
        let milliseconds = |at: Instant| at.milliseconds();
        self.began.map_or(0, |began| (milliseconds(now) - milliseconds(began)).max(0) / 1_000)
    }

    /// The rows above the screen: how it goes, and the way.
    pub(in crate::tui) fn rows(&self, shared: &Shared, cells: usize) -> [String; 2] {
        let Some(lesson) = LESSONS.get(self.at) else {
            return ["TUTOR  all lessons are done".to_owned(), String::new()];
        };
        let count = format!(
            "keys {} (goal {})  {}",
            self.keys,
            lesson.goal,
            clock(self.seconds(shared.now))
        );
        let title = format!("TUTOR {}/{}  {}", self.at + 1, LESSONS.len(), lesson.title);
        let room = cells.saturating_sub(width(&count) + 1);
        let way = match self.taken.get(self.at).copied().flatten().filter(|_| self.is_done) {
            Some(taken) => format!("{}  Enter goes on.", verdict(taken, lesson.goal)),
            None => way(lesson, shared, "  "),
        };
        [format!("{} {count}", fit(&title, room)), way]
    }

    /// The pages before a lesson, or at the end of all.
    pub(in crate::tui) fn pages(&self, shared: &Shared) -> Pages {
        let mut lines = Vec::new();
        let Some(lesson) = LESSONS.get(self.at) else {
            lines.extend(self.results());
            lines.push(String::new());
            let help = shared.keymap.key(Context::Everywhere, Action::OpenHelp);
            lines.push(format!(
                "Nothing of this office is kept. `casedesk demo` has a larger one to play in; {help} shows the keys of \
                 every screen. Enter ends the tutor."
            ));
            return Pages::new("TUTOR  done".to_owned(), lines);
        };
        if self.at == 0 {
            lines.push(
                "Ten minutes, eight tasks, an office that nobody lives in and that is thrown away. The two rows at the top \
                 of the screen show the way, your keys and your seconds."
                    .to_owned(),
            );
            lines.push(String::new());
        }
        lines.extend(lesson.story.iter().map(|text| shared.keymap.in_words(text)));
        lines.push(String::new());
        lines.push(format!("The way: {}", way(lesson, shared, ", ")));
        lines.push(format!("The goal: {} keys.", lesson.goal));
        lines.push(String::new());
        let skip = shared.keymap.print(&[skip_key(&shared.keymap)]);
        let leave = shared.keymap.key(Context::Help, Action::Leave);
        lines.push(format!("Enter begins; {skip} leaves this one out; {leave} ends the tutor."));
        if self.taken.iter().any(Option::is_some) {
            lines.push(String::new());
            lines.extend(self.results());
        }
        let title = format!("TUTOR {} of {}  {}", self.at + 1, LESSONS.len(), lesson.title);
        Pages::new(title, lines)
    }

    /// What each lesson took so far.
    fn results(&self) -> Vec<String> {
        let line = |(lesson, taken): (&Lesson, &Option<Taken>)| {
            let took = match taken {
                Some(taken) => format!(
                    "{:>3} keys, goal {:>2}   {:>5}",
                    taken.keys,
                    lesson.goal,
                    clock(taken.seconds)
                ),
                None => format!("  -       goal {:>2}", lesson.goal),
            };
            format!("{took:28} {}", lesson.title)
        };
        LESSONS.iter().zip(&self.taken).map(line).collect()
    }
}

/// The key that leaves a lesson out; a letter, unless the keymap promises that none is a command.
pub(in crate::tui) fn skip_key(keymap: &Keymap) -> Key {
    if keymap.promises_no_characters() { Key::plain(KeyCode::Tab) } else { Key::char('n') }
}

/// The keys of a lesson, as the live keymap has them.
fn way(lesson: &Lesson, shared: &Shared, gap: &str) -> String {
    let steps = lesson.steps.iter().map(|step| match step {
        Step::Key(context, action, words) => {
            let key = key_of(shared, *context, *action);
            let key = key.unwrap_or_else(|| format!(": {}", action.info().label));
            format!("{key} {words}").trim_end().to_owned()
        }
        Step::Press(keys, "") => (*keys).to_owned(),
        Step::Press(keys, words) => format!("{keys} ({words})"),
    });
    steps.collect::<Vec<_>>().join(gap)
}

fn verdict(taken: Taken, goal: u32) -> String {
    let judged = if taken.keys <= goal { "within the goal" } else { "above the goal" };
    format!("Done: {} keys, {judged} of {goal}, in {}.", taken.keys, clock(taken.seconds))
}

/// Minutes and seconds.
fn clock(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
