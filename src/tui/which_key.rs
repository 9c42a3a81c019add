//! Which key comes next: the ways in which a begun sequence can go on, in the footer at once, and all of them in columns
//! over the screen's lowest rows for whoever hesitates.

use crate::tui::text::{fit, width};

use super::model::Model;

/// Cells between two columns.
const GAP: usize = 2;

/// The most cells of one way.
const WAY_CELLS_MAX: usize = 26;

/// What the keys pressed so far are shown as.
pub(super) fn begun(model: &Model) -> String {
    format!("{} ..", model.shared.keymap.print(&model.pending))
}

/// The ways on, each as its next key and what it means; those that need two keys more are one way together.
pub(super) fn ways(model: &Model) -> Vec<String> {
    let keymap = &model.shared.keymap;
    let mut shown: Vec<String> = Vec::new();
    for way in &model.continuations {
        let words = match way.keys.as_slice() {
            [first, _, ..] => format!("{} ..", keymap.print(&[*first])),
            keys => format!("{} {}", keymap.print(keys), way.action.info().label),
        };
        if !shown.contains(&words) {
            shown.push(words);
        }
    }
    shown
}

/// All ways in rows of so many cells, at most so many rows; nothing while nobody hesitates.
pub(super) fn panel(model: &Model, cells: usize, rows_max: usize) -> Vec<String> {
    if model.pending.is_empty() || model.pending_rests == 0 || rows_max < 2 {
        return Vec::new();
    }
    let ways = ways(model);
    let widest = ways.iter().map(|way| width(way)).max().unwrap_or(0).min(WAY_CELLS_MAX);
    let columns = ((cells + GAP) / (widest + GAP).max(1)).max(1);
    let room = rows_max.saturating_sub(1);
    let rows = ways.len().div_ceil(columns).min(room);
    let left = ways.len().saturating_sub(rows * columns);
    let more = if left > 0 { format!("   and {left} more") } else { String::new() };
    let mut lines = vec![format!("-- {}{more}", begun(model))];
    for row in 0..rows {
        let mut line = String::new();
        for way in ways.iter().skip(row).step_by(rows.max(1)).take(columns) {
            line.push_str(&fit(way, widest + GAP));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}
