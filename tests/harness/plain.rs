//! The plain mode without a terminal: lines in, what is said out, with the desk asked at once.

use std::collections::VecDeque;
use std::sync::Arc;

use casedesk::desk::{AskWho, Change, Desk, Request};
use casedesk::domain::time::Instant;
use casedesk::keymap::Keymap;
use casedesk::tui::{Effect, Look, Model, Msg, Plain};

use super::carried::{Heard, seen};
use super::screen::next_request;

/// Effects and messages that one line may lead to; more is a loop.
const STEPS_MAX: usize = 10_000;

/// Somebody who hears what casedesk says and answers in lines.
pub(crate) struct PlainScreen {
    desk: Arc<dyn Desk>,
    feed: Heard,
    plain: Plain,
    waiting: VecDeque<Effect>,
    /// Everything that was said so far.
    pub(crate) heard: String,
}

impl PlainScreen {
    /// Sits down at a desk, hears the board, and is asked for nothing between two lines.
    pub(crate) fn open(desk: Arc<dyn Desk>) -> Self {
        Self::open_with(desk, 0, None)
    }

    /// As [`PlainScreen::open`], with lines of so many cells, so many of them at once.
    pub(crate) fn open_with(desk: Arc<dyn Desk>, cells: usize, rows: Option<usize>) -> Self {
        let (desk, feed) = seen(desk);
        let who = desk.ask(AskWho {}).unwrap();
        let (keymap, _) = Keymap::load("default", None);
        let (model, effects) = Model::new(who, keymap, Plain::SIZE, Look::default());
        let mut screen = Self {
            feed,
            desk,
            plain: Plain::new(model, cells, rows),
            waiting: effects.into(),
            heard: String::new(),
        };
        screen.settle();
        screen.say();
        screen
    }

    /// Enters a line; what is said then, with the prompt at its end.
    pub(crate) fn says(&mut self, line: &str) -> String {
        self.plain.enter(line);
        for _ in 0..STEPS_MAX {
            match self.plain.step() {
                Some(effects) => self.waiting.extend(effects),
                None => break,
            }
            self.settle();
        }
        self.say()
    }

    /// Enters a line, after which this has to be said.
    pub(crate) fn hears(&mut self, line: &str, words: &str) -> String {
        let said = self.says(line);
        assert!(said.contains(words), "{words:?} is not said after {line:?}:\n{said}");
        said
    }

    /// Ctrl-C; whether it ends the program.
    pub(crate) fn interrupt(&mut self) -> (bool, String) {
        let is_over = self.plain.interrupt();
        while let Some(effects) = self.plain.step() {
            self.waiting.extend(effects);
            self.settle();
        }
        (is_over, self.say())
    }

    /// Lets it be that time.
    pub(crate) fn tick(&mut self, now: Instant) -> &mut Self {
        let effects = self.plain.tell(Msg::Tick(now));
        self.waiting.extend(effects);
        self.settle();
        self
    }

    /// What anybody else has changed comes in, while nothing is said.
    pub(crate) fn hear_changes(&mut self) -> &mut Self {
        self.settle();
        self
    }

    /// There is nothing more to read.
    pub(crate) fn hang_up(mut self) {
        let effects = self.plain.put_away();
        self.waiting.extend(effects);
        self.settle();
    }

    /// Whether the caseworker has left.
    pub(crate) fn has_ended(&self) -> bool {
        self.plain.has_ended()
    }

    fn say(&mut self) -> String {
        let said = self.plain.report();
        self.heard.push_str(&said);
        said
    }

    fn settle(&mut self) {
        for _ in 0..STEPS_MAX {
            let Some(msg) = self.next() else { return };
            let effects = self.plain.tell(msg);
            self.waiting.extend(effects);
        }
        unreachable!("one line led to more than {STEPS_MAX} steps");
    }

    fn next(&mut self) -> Option<Msg> {
        while let Some(effect) = self.waiting.pop_front() {
            match effect {
                Effect::Ask(ticket, query) => {
                    return Some(Msg::Answered(ticket, Box::new(self.desk.query(query))));
                }
                Effect::Execute(ticket, command) => {
                    let request = Request { id: next_request(), command: *command };
                    return Some(Msg::Executed(ticket, Box::new(self.desk.execute(request))));
                }
                Effect::Bell | Effect::Redraw | Effect::Quit => {}
            }
        }
        self.feed.next().map(|change: Change| Msg::Changed(change))
    }
}
