//! The plain mode over a model: lines and messages in, one step after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use crate::domain::PromiseId;
use crate::keymap::{self, Action, Key};
use crate::tui::model::{Model, Overlay};
use crate::tui::screen::{Effect, Go, Msg, Status};
use crate::tui::shell;
use crate::tui::update::{has_to_wait, keys, on_screen, take_in, update};
use crate::tui::whereabouts;

use super::page::{Page, SIZE};

/// Steps that wait to be carried out; no line has so many parts.
const WAITING_MAX: usize = 256;

/// One thing to be done of what a line means, once the desk has answered the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
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

/// Where a list is whose rows have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Listed {
    OnScreen,
    InForm,
}

/// The plain mode over a model.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own that was said, entered or asked for, and none excludes another"
)]
pub struct Plain {
    pub(super) model: Model,
    /// Cells of a line; 0 where lines are not broken.
    pub(super) cells: usize,
    /// Lines that are said at once; all of them where nobody says how many.
    pub(super) rows: Option<usize>,
    pub(super) steps: VecDeque<Step>,
    /// What was read last.
    pub(super) page: Option<Page>,
    /// What was read last of the screen itself, to which one comes back from what lay over it.
    pub(super) below: Option<Page>,
    /// What each number meant when it was read; on a screen, and in the form that is open over it.
    pub(super) numbers: BTreeMap<(Listed, u64), String>,
    /// What is to be said before what is new on the page.
    pub(super) said: Vec<String>,
    /// What is left to be said after a page of lines.
    pub(super) rest: VecDeque<String>,
    pub(super) reads_all: bool,
    /// Whether a line of the text was entered already, so that the next one begins a new line.
    pub(super) is_in_text: bool,
    /// Whether how to enter texts was said for the form that is open.
    pub(super) is_explained: bool,
    /// Whether a field was filled just now, so that the one that is asked comes after it.
    pub(super) is_field_done: bool,
    /// The promises that were told of as ringing, and again as late.
    pub(super) rung: BTreeSet<(PromiseId, bool)>,
    pub(super) notice: Option<String>,
    pub(super) is_interrupted: bool,
    pub(super) has_ended: bool,
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

    /// Takes a message that is no key: an answer, a change, the time. No frame is drawn here, so that nothing is put by:
    /// what a number means is what was read with it.
    pub fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = update(&mut self.model, msg);
        effects.extend(take_in(&mut self.model));
        effects
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
        }
        self.said.push("Ctrl-C once more ends casedesk.".to_owned());
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
    pub(super) fn is_only_read(&self) -> bool {
        let is_on_screen = matches!(self.model.overlay, Overlay::Nothing);
        is_on_screen && self.model.history.current().screen.hints() == [Action::Leave]
    }

    /// Carries out what is next of the entered line, unless the desk is still to answer; nothing once all is done.
    pub fn step(&mut self) -> Option<Vec<Effect>> {
        if has_to_wait(&self.model) {
            return None;
        }
        let Some(step) = self.steps.pop_front() else {
            // Whoever reads what came of a line rests meanwhile, so that all of it is there to be read.
            return self.model.is_restless().then(|| update(&mut self.model, Msg::Rested));
        };
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
                    screen.put_away(context);
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

    /// Where the list is that a number means now.
    pub(super) fn listed(&self) -> Listed {
        if self.is_entry() { Listed::InForm } else { Listed::OnScreen }
    }

    /// Whether a form, a prompt or a text takes what is entered, rather than a command.
    pub(super) fn is_entry(&self) -> bool {
        let context = keys(&self.model);
        context.is_text() && context != keymap::Context::Find
    }

    /// The contexts whose keys and words mean something, the nearest first.
    pub(super) fn contexts(&self) -> Vec<keymap::Context> {
        let here = keys(&self.model);
        let mut contexts = vec![here];
        if here == keymap::Context::Find {
            contexts.push(keymap::Context::FindHits);
        }
        contexts.push(keymap::Context::Everywhere);
        contexts
    }

    pub(super) fn push(&mut self, step: Step) {
        if self.steps.len() < WAITING_MAX {
            self.steps.push_back(step);
        }
    }
}
