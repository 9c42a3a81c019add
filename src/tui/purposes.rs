//! The question for what something is read: the purposes of the office's register that are in force today, by their digits.

use ratatui::layout::Position;

use crate::domain::office::{Purpose, RegisteredPurpose};
use crate::keymap::{self, Action, Key, Resolution};

use super::paint::Canvas;
use super::screen::{Context, Go, Shared};
use super::text::{fit, safe_line};

/// Cells for the code of a purpose.
const CODE_CELLS: usize = 13;

/// What is said to any other key than the digit of a purpose.
pub(super) const PICK: &str = "Pick the purpose with its digit.";

/// The purpose of a digit, if one has it.
pub(super) fn chosen(digit: Option<u8>, shared: &Shared) -> Option<Purpose> {
    let held = shared.presence.purposes.iter().find(|held| Some(held.digit) == digit)?;
    Some(Purpose(held.code.clone()))
}

/// Whether a key is the one that finds people and cases wherever no text has the focus.
pub(super) fn is_find(key: Key, shared: &Shared) -> bool {
    let meant = shared.keymap.resolve(keymap::Context::Everywhere, &[], key);
    meant == Resolution::Action(Action::OpenFind)
}

/// Goes from the question to another search, where the key means that; whether it does.
pub(super) fn goes_to_find(key: Key, context: &mut Context<'_>) -> bool {
    let is_find = is_find(key, context.shared);
    if is_find {
        context.go(Go::Find(String::new()));
    }
    is_find
}

/// The question.
pub(super) fn question(what: &str) -> String {
    format!("-- {what}: for which purpose? It is recorded.")
}

/// A row of each purpose: its digit, its code, and what it means in the office's language.
pub(super) fn rows(shared: &Shared) -> Vec<String> {
    let row = |held: &RegisteredPurpose| {
        let words = safe_line(held.words.in_language(shared.language()));
        format!(" {} {}  {words}", held.digit, fit(&safe_line(&held.code), CODE_CELLS))
    };
    shared.presence.purposes.iter().map(row).collect()
}

/// Draws the question and the purposes below it.
pub(super) fn draw(what: &str, shared: &Shared, canvas: &mut Canvas<'_>, row: usize) -> Position {
    canvas.rule(row, &question(what));
    for (place, words) in rows(shared).iter().enumerate() {
        canvas.line(row + 1 + place, words);
    }
    canvas.position(row, 0)
}
