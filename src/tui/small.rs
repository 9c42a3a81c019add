//! A terminal that is too small for any screen: what is said there, and the one key that counts.

use ratatui::layout::{Position, Rect};

use crate::keymap::{self, Action, Key, Resolution};
use crate::tui::text::wrap;

use super::look::Meaning;
use super::model::Model;
use super::paint::{Canvas, Paper};
use super::screen::Effect;
use super::status::key_of;

/// Columns and rows with which every screen can be worked on.
const SIZE_MIN: (u16, u16) = (60, 20);

/// Where the keys count that a terminal too small has: wherever one is, for nothing of it is to be seen.
const KEYS: keymap::Context = keymap::Context::Everywhere;

/// Whether nothing but a sentence is shown.
pub(super) fn is_too_small(model: &Model) -> bool {
    let (columns, rows) = model.terminal;
    columns < SIZE_MIN.0 || rows < SIZE_MIN.1
}

/// Takes a key that was pressed blindly: the one that ends casedesk counts, and what was typed is kept then, and the one
/// that draws all of it anew.
pub(super) fn pressed(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    match model.shared.keymap.resolve(KEYS, &model.pending, key) {
        Resolution::Pending(continuations) => {
            model.pending.push(key);
            model.continuations = continuations;
        }
        Resolution::Action(Action::Quit) => {
            effects.extend(model.put_away());
            effects.push(Effect::Quit);
        }
        Resolution::Action(Action::Refresh) => {
            model.pending.clear();
            effects.push(Effect::Redraw);
        }
        Resolution::Action(_) | Resolution::Unbound => model.pending.clear(),
    }
}

/// Says how large the terminal is, what is needed and what to do, in the longest words for which there is room.
pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) -> Position {
    let ((columns, rows), (columns_min, rows_min)) = (model.terminal, SIZE_MIN);
    let quit = key_of(&model.shared, KEYS, Action::Quit);
    let end = quit.map(|key| format!(" {key} ends casedesk.")).unwrap_or_default();
    let size =
        format!("This terminal has {columns}x{rows}, and casedesk needs {columns_min}x{rows_min}");
    let forms = [
        format!(
            "{size}: make it larger. Nothing is lost, and no other key is taken meanwhile.{end}"
        ),
        format!("{columns}x{rows} is too small: make it {columns_min}x{rows_min}.{end}"),
        format!("{columns_min}x{rows_min}!"),
    ];
    let mut canvas = Canvas::new(area, paper);
    let (cells, room) = (canvas.width(), canvas.height());
    let said = forms.map(|words| wrap(&words, cells, room + 1));
    let fitting = said.iter().find(|lines| lines.len() <= room).or(said.last());
    for (row, line) in fitting.into_iter().flatten().enumerate() {
        canvas.put(row, 0, line, Meaning::Strong);
    }
    canvas.position(0, 0)
}
