//! Text for a row of a screen: as the functions of the same names do it, and marked as a field of that row.
//!
//! A screen uses these for whatever it shows, so that no text of a citizen is ordered together with what stands beside it.

use std::borrow::Cow;

use super::field::{end_field, field, is_field_mark, is_well_marked};
use super::{measure, show};

/// As [`super::safe_line`], as a field. Fields in the text stay what they are.
#[must_use]
pub fn safe_line(text: &str) -> Cow<'_, str> {
    match safe_row(text) {
        Cow::Borrowed(safe) => field(safe),
        Cow::Owned(safe) => Cow::Owned(field(&safe).into_owned()),
    }
}

/// As [`super::safe_line`], for what was put together of fields and other words: its marks stay. Marks that are not in
/// their places are somebody else's, and shown.
#[must_use]
pub fn safe_row(text: &str) -> Cow<'_, str> {
    if !is_of_fields(text) {
        return show::safe_line(text);
    }
    let mut row = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_field_mark) {
        row.push_str(&show::safe_line(piece.trim_end_matches(is_field_mark)));
        row.extend(piece.chars().next_back().filter(|last| is_field_mark(*last)));
    }
    Cow::Owned(row)
}

/// As [`super::safe_block`], each line a field in the direction of its own.
#[must_use]
pub fn safe_block(text: &str) -> Vec<String> {
    show::safe_block(text).into_iter().map(|line| field(&line).into_owned()).collect()
}

/// A row cut to at most so many cells, as by [`super::clip`]; its fields stay what they are.
#[must_use]
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    if is_of_fields(text) {
        return Cow::Owned(measure::clip_safe(&safe_row(text), cells).into_owned());
    }
    measure::clip(text, cells)
}

/// As [`super::fit`]: a field, and the spaces after it.
#[must_use]
pub fn fit(text: &str, cells: usize) -> String {
    let mut fitted = clipped(text, cells);
    let padding = cells.saturating_sub(measure::width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', padding));
    fitted
}

/// As [`super::fit_right`]: a field, and the spaces before it.
#[must_use]
pub fn fit_right(text: &str, cells: usize) -> String {
    let clipped = clipped(text, cells);
    let mut fitted = " ".repeat(cells.saturating_sub(measure::width(&clipped)));
    fitted.push_str(&clipped);
    fitted
}

/// As [`super::wrap`]: each line a field in the direction of the whole text, which a Latin word at a line's beginning does
/// not turn.
#[must_use]
pub fn wrap(text: &str, cells: usize, lines_max: usize) -> Vec<String> {
    let safe = if is_of_fields(text) {
        safe_row(text)
    } else {
        show::safe_start(text, cells.saturating_mul(lines_max))
    };
    let mut lines = measure::wrap_safe(&field(&safe), cells, lines_max);
    let mut open = None;
    for line in &mut lines {
        if let Some(mark) = open {
            line.insert(0, mark);
        }
        open = end_field(line);
    }
    lines
}

/// As much of a field as there is room for.
fn clipped(text: &str, cells: usize) -> String {
    field(&clip(text, cells)).into_owned()
}

/// Whether a text was put together of fields already.
fn is_of_fields(text: &str) -> bool {
    text.contains(is_field_mark) && is_well_marked(text)
}
