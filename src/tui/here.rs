//! Notes at the desk that the caseworker is here, so that what came since they left is known when they come back.

use crate::desk::Command;
use crate::domain::time::Instant;

use super::model::{Asker, Errand, Model};
use super::screen::Effect;
use super::update::remember;

/// How often it is noted at most, in milliseconds.
const NOTED_EVERY_MS: i64 = 60_000;

/// Whether somebody is here, and when that was noted last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Here {
    noted_at: Option<Instant>,
    has_pressed: bool,
}

impl Here {
    /// A key was pressed: a terminal that is left open tells of nobody.
    pub(super) fn pressed(&mut self) {
        self.has_pressed = true;
    }

    fn is_due(&self, now: Instant) -> bool {
        self.noted_at.is_none_or(|at| {
            self.has_pressed && now.milliseconds() - at.milliseconds() >= NOTED_EVERY_MS
        })
    }
}

/// Notes it, if that is due.
pub(super) fn note(model: &mut Model, effects: &mut Vec<Effect>) {
    let now = model.shared.now;
    if !model.here.is_due(now) {
        return;
    }
    model.here = Here { noted_at: Some(now), has_pressed: false };
    model.next_ticket.0 += 1;
    let ticket = model.next_ticket;
    remember(&mut model.asked, ticket, Asker::Shell(Errand::Here));
    effects.push(Effect::Execute(ticket, Box::new(Command::NoteHere)));
}
