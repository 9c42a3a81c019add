//! What people who live in terminals do without thinking: counts before a key, the places they have been, keys that are
//! recorded and played again.
//!
//! All of it works on keys and places alone, so that no screen knows of it.

mod been;
mod count;
mod form;
mod keystrokes;
mod picker;
mod recording;
mod replay;

pub(super) use been::{note_place, show_places};
pub(super) use count::{begin_count, count_line, take_counted};
pub(super) use form::MacroForm;
pub(super) use picker::{Picked, Picker};
pub(super) use recording::{hear, hear_paste, record};
pub(super) use replay::{is_end, is_playing, play, stop, wait};

use crate::keymap::Key;

use been::Been;
use replay::Replay;

use super::model::Model;
use super::screen::Effect;
use super::update::{has_to_wait, pressed};

/// What is under way of all this.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// The count that is being typed.
    count: Option<u32>,
    /// The key that was counted, and how often it is still to be pressed.
    again: Option<(Key, u32)>,
    been: Been,
    /// The keys that were heard since a recording began.
    recording: Option<Vec<Key>>,
    replay: Option<Replay>,
}

/// Presses the keys whose turn it is: a counted one, then those of a macro.
pub(super) fn go_on(model: &mut Model, effects: &mut Vec<Effect>) {
    while !has_to_wait(model)
        && let Some(key) = count::again(model).or_else(|| replay::next(model, effects))
    {
        pressed(model, key, effects);
    }
}

/// Esc: what was counted is not done any more.
pub(super) fn leave_count(model: &mut Model) {
    model.habits.again = None;
}

/// Whether nothing of this is under way.
pub(super) fn is_idle(model: &Model) -> bool {
    let habits = &model.habits;
    habits.count.is_none()
        && habits.again.is_none()
        && habits.recording.is_none()
        && habits.replay.is_none()
}

/// What the footer says of a recording that goes on.
pub(super) fn recording_line(model: &Model) -> Option<String> {
    model.habits.recording.as_ref().map(|keys| format!("REC {}  ", keys.len()))
}
