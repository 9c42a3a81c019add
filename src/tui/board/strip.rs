//! The strip of queues and views with their counts, in as few full-width rows as they take.

use crate::desk::ViewKind;
use crate::keymap::{Action, Context};
use crate::tui::plain::say;
use crate::tui::screen::Shared;
use crate::tui::text::width;

/// The most rows of the strip.
const STRIP_ROWS_MAX: usize = 3;

/// The rows of the strip. The chosen one stands in brackets; a count that is not known yet is left out. A row that takes
/// every cell begins without a blank.
pub(super) fn rows(
    views: &[(ViewKind, Option<u64>)],
    chosen: ViewKind,
    cells: usize,
) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    for (place, (kind, count)) in views.iter().enumerate() {
        let count = count.map(|count| format!(" {count}")).unwrap_or_default();
        // A list that has no digit stands here while it is chosen.
        let digit =
            if place < ViewKind::BOARD.len() { (place + 1).to_string() } else { String::new() };
        let words = format!("{digit}{}{count}", kind.label());
        let item = if *kind == chosen { format!("[{words}]") } else { format!(" {words} ") };
        // Neighbours share the cell between them.
        let joined = if row.ends_with(']') {
            format!("{row}{}", item.trim_start())
        } else {
            format!("{}{item}", row.strip_suffix(' ').unwrap_or_default())
        };
        if width(joined.trim()) > cells && !row.is_empty() && rows.len() + 1 < STRIP_ROWS_MAX {
            rows.push(fitted(&row, cells));
            row = item;
        } else {
            row = joined;
        }
    }
    rows.push(fitted(&row, cells));
    rows
}

/// The key that shows a queue of the strip, for a sentence.
pub(super) fn key_of(kind: ViewKind, shared: &Shared) -> String {
    let place = ViewKind::BOARD.iter().position(|one| *one == kind).unwrap_or_default();
    let digit = u8::try_from(place + 1).unwrap_or_default();
    shared.keymap.digit_key(Context::Board, Action::ChooseQueue, digit)
}

/// The lists with their digits, their counts, and which one is chosen, for whoever hears them.
pub(super) fn said(views: &[(ViewKind, Option<u64>)], chosen: ViewKind) -> String {
    let said = views.iter().enumerate().map(|(place, (kind, count))| {
        let count = count.map(|count| format!(" has {count}")).unwrap_or_default();
        let is_chosen = if *kind == chosen { ", chosen" } else { "" };
        let digit =
            if place < ViewKind::BOARD.len() { format!("{} ", place + 1) } else { String::new() };
        format!("{digit}{}{count}{is_chosen}", say::queue(*kind))
    });
    format!("queues: {}", said.collect::<Vec<_>>().join("; "))
}

fn fitted(row: &str, cells: usize) -> String {
    let row = row.trim_end();
    if width(row) > cells { row.trim_start().to_owned() } else { row.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_takes_one_row_for_small_counts_and_two_for_large_ones() {
        let strip = |count| {
            let views: Vec<_> = ViewKind::BOARD.iter().map(|kind| (*kind, Some(count))).collect();
            rows(&views, ViewKind::Inbox, 79)
        };
        assert_eq!(
            strip(7),
            [" 1Mine 7[2Inbox 7]3Screen 7 4Free 7 5Today 7 6LATE 7 7Esc 7 8Wait 7 9Calls 7"]
        );
        assert_eq!(strip(14_203).len(), 2);
        assert!(strip(14_203).iter().all(|row| row.len() <= 79));
    }

    #[test]
    fn the_counts_of_an_ordinary_day_stand_in_one_row() {
        let counts = [12, 31, 5, 18, 7, 3, 1, 22, 2].map(Some);
        let views: Vec<_> = ViewKind::BOARD.into_iter().zip(counts).collect();
        let row = "1Mine 12[2Inbox 31]3Screen 5 4Free 18 5Today 7 6LATE 3 7Esc 1 8Wait 22 9Calls 2";
        assert_eq!(rows(&views, ViewKind::Inbox, 79), [row]);
    }
}
