//! Playing a macro: its keys as if they were typed, each once the one before has been answered, up to the first refusal.

use std::collections::VecDeque;

use crate::desk::Macro;
use crate::domain::CaseId;
use crate::keymap::{Key, KeyCode};

use super::super::history::ScreenId;
use super::super::model::{Asker, Errand, HELD_TICKS_MAX, Model};
use super::super::screen::{Effect, Status};
use super::super::update::{has_to_wait, keys, on_screen};
use super::keystrokes::keys_of;

/// A macro that is being played.
#[derive(Debug)]
pub(super) struct Replay {
    name: String,
    keys: Vec<Key>,
    /// How many keys were pressed on the present row.
    at: usize,
    /// The screen that it was begun on.
    screen: ScreenId,
    /// The row that it is played on; nothing where it is whatever is under the cursor.
    case: Option<CaseId>,
    /// The rows that are still to come.
    rest: VecDeque<CaseId>,
    /// Rows that it has come to its end on.
    done: usize,
    /// Seconds for which an answer has been waited for.
    ticks: u8,
}

/// Whether a macro is being played.
pub(in crate::tui) fn is_playing(model: &Model) -> bool {
    model.habits.replay.is_some()
}

/// Plays a macro: once on each marked row, or where the cursor is. What is marked is unmarked, so that its keys are about
/// one row at a time.
pub(in crate::tui) fn play(model: &mut Model, recorded: &Macro, effects: &mut Vec<Effect>) {
    if is_playing(model) || model.habits.recording.is_some() {
        return refuse(model, "A macro plays no macro.".to_owned());
    }
    let keys = match keys_of(&recorded.keys) {
        Ok(keys) => keys,
        Err(why) => return refuse(model, format!("{}: {why}", recorded.name)),
    };
    let entry = model.history.current();
    let (screen, mut rest) = (entry.id, VecDeque::from(entry.screen.marked()));
    let case = rest.pop_front();
    on_screen(model, effects, |screen, _| screen.unmark_all());
    model.status = None;
    let name = recorded.name.clone();
    model.habits.replay = Some(Replay { name, keys, at: 0, screen, case, rest, done: 0, ticks: 0 });
    if let Some(case) = case {
        point(model, case, effects);
    }
}

/// A second has passed: an answer that does not come is not waited for for ever.
pub(in crate::tui) fn wait(model: &mut Model) {
    if let Some(replay) = &mut model.habits.replay {
        replay.ticks = replay.ticks.saturating_add(1);
    }
}

/// The next key, once everything before it has been answered.
pub(super) fn next(model: &mut Model, effects: &mut Vec<Effect>) -> Option<Key> {
    loop {
        let replay = model.habits.replay.as_ref()?;
        if has_to_wait(model) || replay.ticks < HELD_TICKS_MAX && is_answered_for(model) {
            return None;
        }
        if let Some(Status::Refused(why)) = &model.status {
            let why = why.clone();
            stop(model, &why, effects);
            return None;
        }
        let replay = model.habits.replay.as_mut()?;
        replay.ticks = 0;
        if let Some(key) = replay.keys.get(replay.at).copied() {
            replay.at += 1;
            return Some(key);
        }
        replay.done += 1;
        let Some(case) = replay.rest.pop_front() else {
            end(model);
            return None;
        };
        let (screen, is_text) = (replay.screen, keys(model).is_text());
        if is_text || model.history.current().id != screen {
            give_back(model, case);
            stop(model, "it ends where no next row is", effects);
            return None;
        }
        let replay = model.habits.replay.as_mut()?;
        (replay.case, replay.at) = (Some(case), 0);
        model.status = None;
        point(model, case, effects);
    }
}

/// Whether an answer is under way that the next key could be about.
fn is_answered_for(model: &Model) -> bool {
    let is_of_screen =
        |asker: &Asker| !matches!(asker, Asker::Shell(Errand::Health | Errand::Presence));
    model.asked.values().any(is_of_screen)
}

fn point(model: &mut Model, case: CaseId, effects: &mut Vec<Effect>) {
    if !on_screen(model, effects, |screen, context| screen.point_at(case, context)) {
        model.status = Some(Status::Refused(format!("{case} is not in this list")));
    }
}

fn give_back(model: &mut Model, case: CaseId) {
    if let Some(replay) = &mut model.habits.replay {
        replay.rest.push_front(case);
        replay.case = None;
    }
}

fn end(model: &mut Model) {
    let Some(replay) = model.habits.replay.take() else { return };
    let rows = if replay.done == 1 { "row" } else { "rows" };
    let last = match &model.status {
        Some(Status::Done(words)) => format!(" {words}"),
        Some(Status::Refused(_)) | None => String::new(),
    };
    let words = format!("{} was played on {} {rows}.{last}", replay.name, replay.done);
    model.status = Some(Status::Done(words));
}

/// Stops at the key that was pressed last, and says why; the rows that it did not come to its end on are marked again.
pub(in crate::tui) fn stop(model: &mut Model, why: &str, effects: &mut Vec<Effect>) {
    let Some(replay) = model.habits.replay.take() else { return };
    let pressed = replay.at.checked_sub(1).and_then(|at| replay.keys.get(at));
    let key = pressed.map_or(String::new(), |key| {
        format!(" at key {} of {}, {key}", replay.at, replay.keys.len())
    });
    let on = replay.case.map(|case| format!(" on {case}")).unwrap_or_default();
    let words = format!("{} stopped{key}{on}: {why}", replay.name);
    on_screen(model, effects, |screen, _| {
        if let Some(case) = replay.case {
            screen.mark(case, Some(words.clone()));
        }
        for case in &replay.rest {
            screen.mark(*case, None);
        }
    });
    // What the macro left open stays open, with what it typed.
    refuse(model, words);
}

fn refuse(model: &mut Model, words: String) {
    model.held.clear();
    model.status = Some(Status::Refused(words));
}

/// Whether a key ends a macro that is being played.
pub(in crate::tui) fn is_end(key: Key) -> bool {
    key.code() == KeyCode::Esc
}
