//! Measures and cuts text in terminal cells.
//!
//! Whatever cuts a text makes it safe to show first, as far as there is room for it; [`width`] expects text that is safe
//! already, for a width is told of what is shown. A width is the sum of the widths of the grapheme clusters,
//! since a terminal draws cluster by cluster (the width of a whole string counts lam-alef as one cell where two are
//! drawn). The marks of a field take no cell, and no cut leaves a field open.

use super::show::{is_plain_ascii, is_simple, safe_start};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::field::{end_field, is_field_mark};

/// Stands at the end of text that was cut; one cell wide.
pub const ELLIPSIS: char = '…';

/// The cells that the text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_plain_ascii(text) {
        return text.len();
    }
    if is_simple(text) {
        return text.chars().count();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// The text made safe, cut between grapheme clusters to at most `cells`, with an ellipsis in the last cell where it was
/// cut. Work follows the cells, not the text.
#[must_use]
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    match safe_start(text, cells) {
        Cow::Borrowed(safe) => clip_safe(safe, cells),
        Cow::Owned(safe) => Cow::Owned(clip_safe(&safe, cells).into_owned()),
    }
}

/// As [`clip`], of a row that is safe and may have the marks of fields.
pub(super) fn clip_safe(text: &str, cells: usize) -> Cow<'_, str> {
    let (_, rest) = split_at_width(text, cells);
    if rest.is_empty() {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let (head, _) = split_at_width(text, room);
    let mut cut = head.trim_end().to_owned();
    cut.push(ELLIPSIS);
    end_field(&mut cut);
    Cow::Owned(cut)
}

/// The text in exactly `cells`: cut as by [`clip`], or with spaces after it.
#[must_use]
pub fn fit(text: &str, cells: usize) -> String {
    let clipped = clip(text, cells);
    let padding = cells.saturating_sub(width(&clipped));
    let mut fitted = clipped.into_owned();
    fitted.extend(std::iter::repeat_n(' ', padding));
    fitted
}

/// The text in exactly `cells`, at their right end: cut as by [`clip`], or with spaces before it.
#[must_use]
pub fn fit_right(text: &str, cells: usize) -> String {
    let clipped = clip(text, cells);
    let padding = cells.saturating_sub(width(&clipped));
    let mut fitted = " ".repeat(padding);
    fitted.push_str(&clipped);
    fitted
}

/// The text made safe, in at most `lines_max` lines of at most `cells`, broken at spaces, or inside a word that is longer
/// than a line; where text is left over, the last line ends in an ellipsis.
///
/// Work and memory follow the lines that are returned, not the text that is left over.
#[must_use]
pub fn wrap(text: &str, cells: usize, lines_max: usize) -> Vec<String> {
    wrap_safe(&safe_start(text, cells.saturating_mul(lines_max)), cells, lines_max)
}

/// As [`wrap`], of a text that is safe and may have the marks of fields.
pub(super) fn wrap_safe(text: &str, cells: usize, lines_max: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    if cells == 0 {
        return lines;
    }
    while lines.len() < lines_max {
        let (line, after) = break_line(rest, cells);
        lines.push(line.to_owned());
        if after.is_empty() {
            return lines;
        }
        rest = after;
    }
    if let Some(last) = lines.last_mut() {
        let (head, _) = split_at_width(last, cells.saturating_sub(1));
        let mut cut = head.trim_end().to_owned();
        cut.push(ELLIPSIS);
        *last = cut;
    }
    lines
}

/// One line from the front of the text, and what comes after the break.
fn break_line(text: &str, cells: usize) -> (&str, &str) {
    let (head, tail) = split_at_width(text, cells);
    if tail.is_empty() {
        return (head, tail);
    }
    if head.is_empty() {
        // A cluster wider than the line: it goes alone, for a wrap that takes nothing would never end.
        let first = text.graphemes(true).next().unwrap_or(text);
        return text.split_at_checked(first.len()).unwrap_or((text, ""));
    }
    if tail.starts_with(' ') {
        return (head.trim_end(), tail.trim_start_matches(' '));
    }
    let indent = head.len() - head.trim_start_matches(' ').len();
    match head.rfind(' ') {
        Some(space) if space > indent => {
            let (line, after) = text.split_at_checked(space).unwrap_or((head, tail));
            (line.trim_end(), after.trim_start_matches(' '))
        }
        Some(_) | None => (head, tail),
    }
}

/// The longest front of the text that takes at most `cells`, and the rest.
fn split_at_width(text: &str, cells: usize) -> (&str, &str) {
    if is_plain_ascii(text) {
        return text.split_at_checked(cells).unwrap_or((text, ""));
    }
    if is_simple(text) {
        let end = text.char_indices().nth(cells).map_or(text.len(), |(at, _)| at);
        return text.split_at_checked(end).unwrap_or((text, ""));
    }
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += grapheme_width(grapheme);
        if taken > cells {
            return text.split_at_checked(at).unwrap_or((text, ""));
        }
    }
    (text, "")
}

fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.starts_with(is_field_mark) { 0 } else { grapheme.width() }
}
