//! Text for a row of a screen: as the functions of the same names do it, and marked as a field of that row.
//!
//! A screen uses these for whatever it shows, so that no text of a citizen is ordered together with what stands beside it.

use std::borrow::Cow;

use super::field::{
    Direction, end_field, field, field_towards, is_bidirectional, is_carried, is_field_mark,
    is_well_marked, strong,
};
use super::show::{is_plain_ascii, is_simple};
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

/// A sentence of the office's own in which names stand: it reads from left to right, and each name in it from right to left
/// is a field, so that no number or bracket beside a name changes places with it.
#[must_use]
pub fn sentence(text: &str) -> Cow<'_, str> {
    if is_of_fields(text) {
        return safe_row(text);
    }
    let safe = show::safe_line(text);
    if !is_bidirectional(&safe) {
        return safe;
    }
    let mut marked = String::with_capacity(safe.len() + 8);
    let mut rest = &*safe;
    while let Some((before, name, after)) = split_at_name(rest) {
        marked.push_str(before);
        marked.push_str(&field_towards(name, Direction::RightToLeft));
        rest = after;
    }
    marked.push_str(rest);
    Cow::Owned(marked)
}

/// What stands before the first name from right to left, the name, and what comes after. A name has letters of that
/// direction, what stands on them, and single signs between them.
fn split_at_name(text: &str) -> Option<(&str, &str, &str)> {
    let is_letter = |letter: char| strong(letter) == Some(Direction::RightToLeft);
    let from = text.find(is_letter)?;
    let (before, rest) = text.split_at_checked(from)?;
    let mut end = 0;
    for (at, letter) in rest.char_indices() {
        if is_letter(letter) || (end == at && is_carried(letter)) {
            end = at + letter.len_utf8();
        } else if letter.is_alphanumeric() || !matches!(letter, ' ' | '-' | ',' | '.' | '\'') {
            break;
        }
    }
    let (name, after) = rest.split_at_checked(end)?;
    Some((before, name, after))
}

/// As [`super::safe_block`], each line a field in the direction of its own.
#[must_use]
pub fn safe_block(text: &str) -> Vec<String> {
    show::safe_block(text).into_iter().map(|line| field(&line).into_owned()).collect()
}

/// A row cut to at most so many cells, as by [`super::clip`]; its fields stay what they are.
#[must_use]
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    // As nearly all that is shown.
    if text.len() <= cells && is_plain_ascii(text) {
        return Cow::Borrowed(text);
    }
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
    !is_simple(text) && text.contains(is_field_mark) && is_well_marked(text)
}
