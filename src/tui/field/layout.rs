//! Breaks a text that is being typed into rows, and says on which of them its cursor stands.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::{direction, field_towards, is_bidirectional, safe_line, width};

/// Rows of a text, and the row and cell of its cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Layout {
    pub(in crate::tui) rows: Vec<String>,
    pub(in crate::tui) cursor: (usize, usize),
}

/// Lays out lines with a cursor (line, and characters into it) in rows of at most `cells`, of which one stays free for
/// the cursor behind the last letter. Unlike a text that is only shown, no space is lost at a break: the cursor stands
/// on each.
pub(in crate::tui) fn lay_out(lines: &[String], cursor: (usize, usize), cells: usize) -> Layout {
    let room = cells.saturating_sub(1).max(1);
    let mut layout = Layout { rows: Vec::new(), cursor: (0, 0) };
    for (at, line) in lines.iter().enumerate() {
        let first = layout.rows.len();
        layout.rows.extend(break_line(&safe_line(line), room));
        if at == cursor.0 {
            let before: String = line.chars().take(cursor.1).collect();
            let rows = layout.rows.get(first..).unwrap_or_default();
            let (row, cell) = locate(rows, width(&safe_line(&before)));
            layout.cursor = (first + row, cell);
        }
        for row in layout.rows.iter_mut().skip(first) {
            *row = as_field(row, line, cells);
        }
    }
    if layout.rows.is_empty() {
        layout.rows.push(String::new());
    }
    layout
}

/// A row of a line that is being typed, as a field in the direction of the whole line. Behind its last letter there is a
/// cell for the cursor, wherever that is shown.
pub(in crate::tui) fn as_field(row: &str, line: &str, cells: usize) -> String {
    if !is_bidirectional(line) {
        return row.to_owned();
    }
    let cursor = if width(row) < cells { " " } else { "" };
    field_towards(&format!("{row}{cursor}"), direction(line)).into_owned()
}

/// Keeps at most `rows_max` rows: those around the cursor.
pub(in crate::tui) fn window(layout: Layout, rows_max: usize) -> Layout {
    let rows_max = rows_max.max(1);
    if layout.rows.len() <= rows_max {
        return layout;
    }
    let first = layout
        .cursor
        .0
        .saturating_sub(rows_max - 1)
        .min(layout.rows.len().saturating_sub(rows_max));
    let rows = layout.rows.into_iter().skip(first).take(rows_max).collect();
    Layout { rows, cursor: (layout.cursor.0.saturating_sub(first), layout.cursor.1) }
}

fn break_line(line: &str, room: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let taken = rows.last().map_or(0, |row| width(row));
        if taken > 0 && taken + width(word.trim_end()) > room {
            rows.push(String::new());
        }
        for cluster in word.graphemes(true) {
            let taken = rows.last().map_or(0, |row| width(row));
            if taken > 0 && taken + width(cluster) > room && cluster != " " {
                rows.push(String::new());
            }
            if let Some(row) = rows.last_mut() {
                row.push_str(cluster);
            }
        }
    }
    rows
}

/// The row and cell so many cells into the rows, taken as one line.
fn locate(rows: &[String], cells: usize) -> (usize, usize) {
    let mut left = cells;
    let last = rows.len().saturating_sub(1);
    for (at, row) in rows.iter().enumerate() {
        let taken = width(row);
        if left < taken || at == last {
            return (at, left.min(taken));
        }
        left -= taken;
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_follows_the_text_over_a_break() {
        let lines = vec!["one two three".to_owned(), String::new()];
        let layout = lay_out(&lines, (0, 8), 9);
        assert_eq!(layout.rows, ["one two ", "three", ""]);
        assert_eq!(layout.cursor, (1, 0));
        assert_eq!(lay_out(&lines, (0, 13), 9).cursor, (1, 5));
        assert_eq!(lay_out(&lines, (1, 0), 9).cursor, (2, 0));
        assert_eq!(lay_out(&["x".repeat(20)], (0, 20), 9).rows.len(), 3);
        assert_eq!(lay_out(&[], (0, 0), 0).rows, [""]);
    }

    #[test]
    fn what_is_typed_is_shown_harmless_and_the_cursor_stays_behind_it() {
        let layout = lay_out(&["a\u{1b}b".to_owned()], (0, 2), 20);
        assert_eq!((layout.rows, layout.cursor), (vec!["a^[b".to_owned()], (0, 3)));
    }
}
