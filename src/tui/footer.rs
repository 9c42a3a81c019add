//! The footer: what the keys do here, from the live keymap.

use crate::keymap::{self, Action};
use crate::tui::text::width;

use super::habits::{count_line, recording_line};
use super::model::{Model, Overlay};
use super::rights;
use super::screen::Shared;
use super::status::key_of;
use super::tutor::skip_key;
use super::which_key::{begun, ways};

/// Cells between two hints.
const GAP: &str = "  ";

/// The footer in at most `cells`: how a begun sequence goes on, or else the screen's hints, the most useful first, and
/// help at the end in any case.
pub(super) fn footer(model: &Model, cells: usize) -> String {
    if let Some(line) = count_line(model) {
        return line;
    }
    if let Some(line) = recording_line(model) {
        let hints = hints_line(model, cells.saturating_sub(width(&line)));
        return line + &hints;
    }
    hints_line(model, cells)
}

fn hints_line(model: &Model, cells: usize) -> String {
    if !model.pending.is_empty() {
        return continuations(model, cells);
    }
    let shared = &model.shared;
    let screen = &model.history.current().screen;
    let (context, hints) = match &model.overlay {
        Overlay::Nothing => (screen.keys(), screen.hints()),
        Overlay::Contact(prompt) => {
            let begun = key_of(shared, keymap::Context::Everywhere, Action::Contact);
            let leave = shared.keymap.key(keymap::Context::Line, Action::Leave);
            return prompt.footer(begun.as_deref().unwrap_or_default(), &leave, cells);
        }
        Overlay::Palette(_) => (
            keymap::Context::Palette,
            vec![Action::OpenRow, Action::ListDown, Action::ListUp, Action::Leave],
        ),
        Overlay::Picker(picker) => {
            let mut hints = vec![Action::OpenRow, Action::PickRow];
            if picker.is_of_macros() {
                hints.extend([Action::EditMacro, Action::DropMacro]);
            }
            hints.push(Action::Leave);
            (keymap::Context::Picker, hints)
        }
        Overlay::Macro(_) => {
            let hints = vec![Action::Send, Action::NextField, Action::Leave];
            (keymap::Context::Line, hints)
        }
        Overlay::Lesson(_) => {
            let leave = shared.keymap.key(keymap::Context::Help, Action::Leave);
            let skip = shared.keymap.print(&[skip_key(&shared.keymap)]);
            return format!("Enter begins  {skip} leaves it out  {leave} ends the tutor");
        }
        Overlay::Pages(_) => (
            keymap::Context::Help,
            vec![Action::ListDown, Action::ListUp, Action::PageDown, Action::Leave],
        ),
    };
    let is_under = matches!(model.overlay, Overlay::Nothing);
    let is_in_contact = shared.presence.contact.is_some();
    let label = |action: Action| {
        let own = screen.hint_label(action).filter(|_| is_under);
        own.or((action == Action::Contact && is_in_contact).then_some("end contact"))
    };
    let last = hint(shared, context, Action::OpenHelp, None).unwrap_or_default();
    let hints = hints.iter().filter_map(|action| hint(shared, context, *action, label(*action)));
    joined(hints, &last, cells)
}

fn continuations(model: &Model, cells: usize) -> String {
    joined(std::iter::once(begun(model)).chain(ways(model)), "", cells)
}

/// The key of an action with what the screen calls it, or what it is called everywhere; nothing where no right of whoever is
/// here includes it.
fn hint(
    shared: &Shared,
    context: keymap::Context,
    action: Action,
    label: Option<&str>,
) -> Option<String> {
    if !rights::may(&shared.who, action) {
        return None;
    }
    let label = label.unwrap_or(action.info().label);
    key_of(shared, context, action).map(|key| format!("{key} {label}"))
}

/// As many hints as fit before the last one.
fn joined(hints: impl Iterator<Item = String>, last: &str, cells: usize) -> String {
    let room = cells.saturating_sub(width(last) + GAP.len());
    let mut line = String::new();
    for hint in hints {
        let gap = if line.is_empty() { "" } else { GAP };
        if width(&line) + gap.len() + width(&hint) > room {
            break;
        }
        line.push_str(gap);
        line.push_str(&hint);
    }
    if !last.is_empty() {
        line.push_str(GAP);
        line.push_str(last);
    }
    line
}
