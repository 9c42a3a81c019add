//! Marks where one field of a row ends and the next begins, so that each is put in order on its own.
//!
//! A row of a list is one string of several fields. Ordered as a whole, two Persian names beside each other would change
//! places. So whoever puts a text into a row encloses it in two marks, which take no cell, and whoever draws the row
//! orders what is between them alone. The marks are ASCII's separators: they are refused at the door, and
//! [`super::safe_line`] shows those of somebody else.

use std::borrow::Cow;

use unicode_bidi::{BidiClass, bidi_class};

use super::show::is_simple;

/// Begins a field that is read from left to right.
const BEGINS_LEFT_TO_RIGHT: char = '\u{1D}';

/// Begins a field that is read from right to left.
const BEGINS_RIGHT_TO_LEFT: char = '\u{1E}';

/// Ends a field.
const ENDS: char = '\u{1F}';

/// What a label ends with.
const LABEL_END: &str = ": ";

/// Spaces that part two fields of a row that nobody marked.
const GAP: &str = "  ";

/// The direction in which a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// As Latin: also numbers, codes and what has no letter.
    #[default]
    LeftToRight,
    /// As Persian and Hebrew.
    RightToLeft,
}

/// A stretch of a row that is put in order on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// What it says.
    pub text: &'a str,
    /// The direction in which it is read as a whole.
    pub direction: Direction,
}

/// Whether anything in the text is read from right to left.
#[must_use]
pub fn is_bidirectional(text: &str) -> bool {
    !is_simple(text)
        && text.chars().any(|character| strong(character) == Some(Direction::RightToLeft))
}

/// The direction of a text: that of its first letter (UAX #9, P2 and P3).
#[must_use]
pub fn direction(text: &str) -> Direction {
    text.chars().find_map(strong).unwrap_or_default()
}

/// The direction of the last letter of a text, or of the mark that stands for one.
#[must_use]
pub fn last_direction(text: &str) -> Option<Direction> {
    text.chars().rev().find_map(strong)
}

/// The text as a field of a row: enclosed in marks where its order matters and it has none yet. A label with its colon
/// is none of the field that follows it.
#[must_use]
pub fn field(text: &str) -> Cow<'_, str> {
    if is_simple(text) {
        return Cow::Borrowed(text);
    }
    let label = text.split_once(LABEL_END).filter(|(label, words)| {
        !is_bidirectional(label)
            && !text.contains(is_field_mark)
            && direction(words) == Direction::RightToLeft
    });
    match label {
        Some((label, words)) => Cow::Owned(format!("{label}{LABEL_END}{}", field(words))),
        None => field_towards(text, direction(text)),
    }
}

/// As [`field`], read in a direction that is not its own to say, as a line of a longer text.
#[must_use]
pub fn field_towards(text: &str, direction: Direction) -> Cow<'_, str> {
    if !is_bidirectional(text) || text.contains(is_field_mark) {
        return Cow::Borrowed(text);
    }
    let begins = match direction {
        Direction::LeftToRight => BEGINS_LEFT_TO_RIGHT,
        Direction::RightToLeft => BEGINS_RIGHT_TO_LEFT,
    };
    Cow::Owned(format!("{begins}{text}{ENDS}"))
}

/// The text without marks, for what is not drawn on a screen.
#[must_use]
pub fn unmarked(text: &str) -> Cow<'_, str> {
    if text.contains(is_field_mark) {
        return Cow::Owned(text.replace(is_field_mark, ""));
    }
    Cow::Borrowed(text)
}

/// The stretches of a row, in their order. What nobody marked is parted where two spaces stand, and reads from right to
/// left only where it begins so, for a marker or a number before a name stays where it is.
#[must_use]
pub fn fields(row: &str) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut rest = row;
    while let Some((before, begins, after)) = split_at_mark(rest) {
        unmarked_fields(before, &mut fields);
        let (text, after) = match begins {
            ENDS => ("", after),
            _ => split_at_mark(after).map_or((after, ""), |(text, _, after)| (text, after)),
        };
        let direction = match begins {
            BEGINS_RIGHT_TO_LEFT => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        };
        if !text.is_empty() {
            fields.push(Field { text, direction });
        }
        rest = after;
    }
    unmarked_fields(rest, &mut fields);
    fields
}

/// Whether the marks in a text are those of [`field`]: each that begins one is followed by one that ends it.
pub(super) fn is_well_marked(text: &str) -> bool {
    let mut is_open = false;
    for mark in text.chars().filter(|character| is_field_mark(*character)) {
        if is_open == (mark != ENDS) {
            return false;
        }
        is_open = mark != ENDS;
    }
    !is_open
}

/// Whether the character is one of the marks.
pub(super) fn is_field_mark(character: char) -> bool {
    matches!(character, BEGINS_LEFT_TO_RIGHT | BEGINS_RIGHT_TO_LEFT | ENDS)
}

/// Ends the field that the text was cut in, if it was; returns the mark that begins it again.
pub(super) fn end_field(text: &mut String) -> Option<char> {
    let last = text.chars().rev().find(|character| is_field_mark(*character))?;
    (last != ENDS).then(|| {
        text.push(ENDS);
        last
    })
}

fn split_at_mark(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(is_field_mark)?;
    let (before, rest) = text.split_at_checked(at)?;
    let mut characters = rest.chars();
    let mark = characters.next()?;
    Some((before, mark, characters.as_str()))
}

/// Parts a stretch without marks into its words and the gaps between them.
fn unmarked_fields<'a>(text: &'a str, fields: &mut Vec<Field<'a>>) {
    let mut rest = text;
    while !rest.is_empty() {
        let words_end = rest.find(GAP).unwrap_or(rest.len());
        let (words, after) = rest.split_at_checked(words_end).unwrap_or((rest, ""));
        let begins = words.chars().next().and_then(strong);
        let tail = after.trim_start_matches(' ');
        let (gap, tail) = after.split_at_checked(after.len() - tail.len()).unwrap_or((after, ""));
        for (text, direction) in [(words, begins.unwrap_or_default()), (gap, Direction::default())]
        {
            if !text.is_empty() {
                fields.push(Field { text, direction });
            }
        }
        rest = tail;
    }
}

/// The direction of a letter; none for a number, a sign or a space.
pub(super) fn strong(character: char) -> Option<Direction> {
    let class = bidi_class(character);
    if class == BidiClass::L {
        return Some(Direction::LeftToRight);
    }
    matches!(class, BidiClass::R | BidiClass::AL).then_some(Direction::RightToLeft)
}

/// Whether a character belongs to the letter before it: a mark on it, or ZWNJ and its like.
pub(super) fn is_carried(character: char) -> bool {
    matches!(bidi_class(character), BidiClass::NSM | BidiClass::BN)
}
