//! What the desk was asked and told to do, and has not answered yet.

use std::time::{Duration, Instant as Moment};

use super::super::screen::{Effect, Msg};
use super::incoming::{Ears, Incoming};
use super::workers::Workers;

/// How long the last commands may take once the terminal is gone or the caseworker has left.
const GOOD_BYE: Duration = Duration::from_millis(800);

/// What is under way at the desk.
pub(super) struct UnderWay {
    workers: Workers,
    awaited: isize,
    /// Commands that have no receipt yet.
    executing: usize,
}

impl UnderWay {
    /// Nothing yet, and those who carry out what comes.
    pub(super) fn new(workers: Workers) -> Self {
        Self { workers, awaited: 0, executing: 0 }
    }

    /// How many answers are to come.
    pub(super) fn awaited(&self) -> isize {
        self.awaited
    }

    /// Hands an effect to whoever carries it out.
    pub(super) fn begin(&mut self, effect: Effect) {
        let is_command = matches!(effect, Effect::Execute(..));
        let awaited = self.workers.begin(effect);
        self.awaited += awaited;
        self.executing += usize::from(is_command && awaited > 0);
    }

    /// Counts what the desk told.
    pub(super) fn heard(&mut self, msg: &Msg) {
        if matches!(msg, Msg::Answered(..) | Msg::Executed(..)) {
            self.awaited -= 1;
        }
        if matches!(msg, Msg::Executed(..)) {
            self.executing = self.executing.saturating_sub(1);
        }
    }

    /// Waits for the commands that would be lost with the program, but not for long.
    pub(super) fn finish(&mut self, ears: &mut Ears) {
        let until = Moment::now() + GOOD_BYE;
        while self.executing > 0 {
            match ears.next(until) {
                Some(Incoming::Told(msg)) => self.heard(&msg),
                Some(_) => {}
                None => return,
            }
        }
    }
}
