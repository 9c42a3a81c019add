//! Recording: the keys that are pressed, until the same key ends it.

use crate::keymap::{Action, Context, Key, KeyCode, Resolution};

use super::super::model::{Model, Overlay};
use super::super::screen::Status;
use super::super::status::key_of;
use super::form::MacroForm;
use super::keystrokes::{MACRO_KEYS_MAX, text_of};
use super::replay::is_playing;

/// Hears a key that arrives, whatever it is about to mean.
pub(in crate::tui) fn hear(model: &mut Model, key: Key) {
    if let Some(keys) = &mut model.habits.recording {
        keys.push(key);
        if keys.len() > MACRO_KEYS_MAX {
            model.habits.recording = None;
            let words = format!("A macro has at most {MACRO_KEYS_MAX} keys: nothing was recorded.");
            model.status = Some(Status::Refused(words));
        }
    }
}

/// Hears a pasted text as the keys that would have typed it.
pub(in crate::tui) fn hear_paste(model: &mut Model, text: &str) {
    for character in text.chars() {
        let key = if character == '\n' { Key::plain(KeyCode::Enter) } else { Key::char(character) };
        hear(model, key);
    }
}

/// Begins to record, or ends it and asks for a name. `key` is what was pressed for it.
pub(in crate::tui) fn record(model: &mut Model, key: Key) {
    if is_playing(model) {
        model.status = Some(Status::Refused("A macro records nothing.".to_owned()));
        return;
    }
    let Some(mut keys) = model.habits.recording.take() else {
        model.habits.recording = Some(Vec::new());
        let end = key_of(&model.shared, Context::Everywhere, Action::RecordMacro);
        let end = end.unwrap_or_else(|| key.to_string());
        let words = format!("Recording every key, until {end} ends it.");
        model.status = Some(Status::Done(words));
        return;
    };
    // What was typed ahead after the end is no part of it, nor what was typed into the palette to find it.
    let means = |pressed: Key, action| {
        let meaning = model.shared.keymap.resolve(Context::Everywhere, &[], pressed);
        matches!(meaning, Resolution::Action(found) if found == action)
    };
    let is_of_palette = key == Key::plain(KeyCode::Enter);
    let is_end = |heard: &Key| {
        if is_of_palette { means(*heard, Action::OpenPalette) } else { *heard == key }
    };
    if let Some(end) = keys.iter().rposition(is_end) {
        keys.truncate(end);
    }
    if keys.is_empty() {
        model.status = Some(Status::Done("No key was pressed: nothing is recorded.".to_owned()));
        return;
    }
    model.overlay = Overlay::Macro(MacroForm::new("", &text_of(&keys)));
}
