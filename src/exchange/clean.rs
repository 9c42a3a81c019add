//! Takes a field of another system's row as it is, repairs it where the mapping allows that, or says why not.

use crate::text::{TextRefusal, accept_block, accept_line};

/// Stands at the end of a text that was cut.
const CUT: &str = " [cut]";

/// How many lines a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One line.
    Line,
    /// Several lines.
    Block,
}

/// What is done with a field that cannot be kept as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repair {
    /// The row is rejected.
    Never,
    /// Characters that a terminal would obey become spaces, and what is too long is cut, with a mark.
    Allowed,
}

/// The field's text, within `bytes_max`.
///
/// # Errors
/// It is too long or holds what may not be kept, and may not be repaired.
pub(super) fn take(
    text: &str,
    shape: Shape,
    bytes_max: usize,
    repair: Repair,
) -> Result<String, TextRefusal> {
    let text = text.trim();
    match (accept(text, shape, bytes_max), repair) {
        (Err(_), Repair::Allowed) => Ok(cut(repaired(text, shape), bytes_max)),
        (taken, _) => taken,
    }
}

fn accept(text: &str, shape: Shape, bytes_max: usize) -> Result<String, TextRefusal> {
    match shape {
        Shape::Line => accept_line(text, bytes_max),
        Shape::Block => accept_block(text, bytes_max),
    }
}

fn repaired(text: &str, shape: Shape) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut repaired = String::with_capacity(text.len());
    let mut letter_bytes = [0; 4];
    for letter in text.chars() {
        let is_fine = accept(letter.encode_utf8(&mut letter_bytes), shape, usize::MAX).is_ok();
        repaired.push(if is_fine { letter } else { ' ' });
    }
    repaired
}

fn cut(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        let mut room = bytes_max.saturating_sub(CUT.len());
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        text.truncate(room);
        text.push_str(CUT);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Repair, Shape, take};

    #[test]
    fn a_hostile_field_is_refused_or_repaired_as_the_mapping_says() {
        let hostile = " a\u{1b}[2J\u{202e}b\nc ";
        assert!(take(hostile, Shape::Line, 100, Repair::Never).is_err());
        assert_eq!(take(hostile, Shape::Line, 100, Repair::Allowed).unwrap(), "a [2J b c");
        assert_eq!(take(hostile, Shape::Block, 100, Repair::Allowed).unwrap(), "a [2J b\nc");
        assert_eq!(take(" plain ", Shape::Line, 100, Repair::Never).unwrap(), "plain");
    }

    #[test]
    fn a_long_field_is_cut_between_characters_with_a_mark() {
        let long = "é".repeat(20);
        assert!(take(&long, Shape::Line, 15, Repair::Never).is_err());
        let cut = take(&long, Shape::Line, 15, Repair::Allowed).unwrap();
        assert_eq!(cut, "éééé [cut]");
        assert!(cut.len() <= 15);
    }
}
