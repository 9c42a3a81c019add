//! Makes of a row that is only drawn what is heard of it, and breaks what is said into lines.

use ratatui::buffer::{Buffer, Cell};

use crate::text::{safe_line, unmarked, width, wrap};

use super::say;

/// The most lines that one thing is broken into; a text of the greatest size fits.
const LINES_MAX: usize = 2_000;

/// Letters of a word that says what its row is.
const LABEL_LETTERS_MAX: usize = 12;

/// What stands in a row, without the cells that a wide letter covers.
pub(super) fn drawn(buffer: &Buffer, row: u16) -> String {
    let mut words = String::new();
    let mut covered = 0;
    for column in buffer.area.left()..buffer.area.right() {
        let symbol = buffer.cell((column, row)).map_or(" ", Cell::symbol);
        if covered > 0 {
            covered -= 1;
            continue;
        }
        covered = width(symbol).saturating_sub(1);
        words.push_str(symbol);
    }
    words.trim_end().to_owned()
}

/// A drawn row as it is heard: without its marker and rule, and with a pause where its parts stood apart.
pub(super) fn heard(drawn: &str) -> String {
    let row = drawn.trim();
    let row = row.strip_prefix('>').or_else(|| row.strip_prefix("->")).unwrap_or(row);
    let row = row.trim_start_matches("--").trim();
    let parts = row.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(unsigned).collect();
    match parts.split_first() {
        // A word at the left of a row says what the rest is.
        Some((label, rest)) if is_label(label) && !rest.is_empty() => {
            format!("{label}: {}", rest.join("; "))
        }
        _ => parts.join("; "),
    }
}

/// A part without the sign that calls for attention, in a word instead.
fn unsigned(part: &str) -> String {
    let said = say::unfolded(part);
    match (said.strip_prefix("! "), said.strip_prefix('>')) {
        (Some(rest), _) => format!("attention, {rest}"),
        (None, Some(rest)) => format!("{}, chosen", rest.trim_start()),
        (None, None) => said,
    }
}

fn is_label(part: &str) -> bool {
    part.chars().count() <= LABEL_LETTERS_MAX && part.chars().all(char::is_alphabetic)
}

/// Whether a drawn row is a heading.
pub(super) fn is_heading(drawn: &str) -> bool {
    drawn.starts_with("--") || drawn.starts_with("->")
}

/// The words in lines of so many cells, made safe; unbroken where that is 0.
pub(super) fn lines(words: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in words.split('\n') {
        // Nothing is drawn here, so what a row marks as its fields is nothing to be heard.
        let line = unmarked(line.trim_end());
        let line = safe_line(&line);
        let wrapped = if cells == 0 { Vec::new() } else { wrap(&line, cells, LINES_MAX) };
        if wrapped.is_empty() {
            lines.push(line.into_owned());
        } else {
            lines.extend(wrapped);
        }
    }
    lines
}
