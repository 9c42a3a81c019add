//! Counts: a number before a motion or mark, which is then done so often.

use crate::keymap::{Action, Key, KeyCode, Resolution};

use super::super::model::Model;
use super::super::screen::Status;
use super::super::update::keys;

/// The most that a key is done by one count.
const COUNT_MAX: u32 = 200;

/// Begins a count: with the digit that was pressed, if one was.
pub(in crate::tui) fn begin_count(model: &mut Model, key: Key) {
    model.habits.count = Some(key.digit().map_or(0, u32::from));
    model.status = None;
}

/// Takes a key while a count is typed; whether it was taken. The key after the number is pressed so often, each time
/// once it need not wait.
pub(in crate::tui) fn take_counted(model: &mut Model, key: Key) -> bool {
    let Some(count) = model.habits.count else { return false };
    model.habits.count = match (key.digit(), key.code()) {
        (Some(digit), _) => Some((count * 10 + u32::from(digit)).min(COUNT_MAX)),
        (None, KeyCode::Backspace) => Some(count / 10),
        _ => None,
    };
    if model.habits.count.is_some() || key.code() == KeyCode::Esc {
        return true;
    }
    let is_counted = match model.shared.keymap.resolve(keys(model), &[], key) {
        Resolution::Action(action) => is_counted(action),
        Resolution::Pending(_) | Resolution::Unbound => false,
    };
    if count == 0 || !is_counted {
        let words =
            format!("A count goes before a motion or mark, as 5 and then down; {key} is none.");
        model.status = Some(Status::Refused(words));
        return true;
    }
    model.habits.again = Some((key, count));
    true
}

/// The counted key, as often as it is still to be pressed; not after a refusal, for what it counted on did not come true.
pub(super) fn again(model: &mut Model) -> Option<Key> {
    let (key, left) = model.habits.again.take()?;
    if matches!(model.status, Some(Status::Refused(_))) {
        return None;
    }
    model.habits.again = left.checked_sub(1).filter(|left| *left > 0).map(|left| (key, left));
    Some(key)
}

/// What the footer says while a count is typed.
pub(in crate::tui) fn count_line(model: &Model) -> Option<String> {
    model.habits.count.map(|count| {
        let typed = if count == 0 { String::new() } else { count.to_string() };
        let leave = model.shared.keymap.key(keys(model), Action::Leave);
        format!("count {typed}_   then a motion or mark; {leave} leaves it")
    })
}

fn is_counted(action: Action) -> bool {
    matches!(
        action,
        Action::ListDown
            | Action::ListUp
            | Action::PageDown
            | Action::PageUp
            | Action::Mark
            | Action::NextCase
            | Action::PreviousCase
            | Action::NextSection
            | Action::PreviousSection
            | Action::Back
            | Action::Forward
    )
}
