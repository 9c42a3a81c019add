//! A card of keys to lay beside the keyboard: one page of 80 columns.

use crate::keymap::{Action, Context as Place, Keymap};
use crate::text::{clip, fit, width};

/// Columns of the card; the last one of the page stays empty.
const CELLS: usize = 79;

/// Columns in which keys stand side by side.
const COLUMNS: usize = 3;

/// The most cells of the keys of one action.
const KEY_CELLS_MAX: usize = 13;

/// Rows of a page of A4 or letter paper at six lines to the inch, less the margins.
const ROWS_MAX: usize = 60;

/// What the card is about, and where it is looked up.
const PARTS: [(&str, Place); 9] = [
    ("Everywhere, but not in text", Place::Everywhere),
    ("In lists", Place::List),
    ("On a case, and on its row anywhere", Place::Row),
    ("On the board", Place::Board),
    ("In a person's file", Place::Person),
    ("In a search", Place::Find),
    ("In its hits", Place::FindHits),
    ("Taking a matter in", Place::Intake),
    ("In a line or an editor", Place::Line),
];

/// The card's lines.
pub(super) fn card(keymap: &Keymap) -> Vec<String> {
    let mut lines = vec!["CASEDESK".to_owned()];
    let mut told: Vec<Action> = Vec::new();
    for (heading, place) in PARTS {
        let own = keymap.actions_in(place).filter(|info| info.contexts.contains(&place));
        let mut entries = Vec::new();
        for info in own.filter(|info| place.is_text() || !told.contains(&info.action)) {
            if let Some(keys) = keymap.keys_for(place, info.action).first() {
                let gap = KEY_CELLS_MAX.max(width(keys) + 1);
                entries.push(format!("{}{}", fit(keys, gap), info.label));
            }
        }
        told.extend(keymap.actions_in(place).map(|info| info.action));
        if entries.is_empty() {
            continue;
        }
        lines.push(format!("-- {heading}"));
        let rows = entries.len().div_ceil(COLUMNS);
        for row in 0..rows {
            let mut line = String::new();
            for entry in entries.iter().skip(row).step_by(rows).take(COLUMNS) {
                line.push_str(&fit(&clip(entry, CELLS / COLUMNS - 1), CELLS / COLUMNS));
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.truncate(ROWS_MAX);
    lines
}
