//! Finds the shortest way for the cursor.

use std::io::Write as _;

use smallvec::SmallVec;

use super::grid::{Sign, Square};
use super::pen::{Pen, append};

/// Cells that are sooner written again than jumped over, which takes three bytes at least.
const AGAIN_CELLS_MAX: usize = 3;

/// Bytes that move the cursor, few enough to need no memory of their own.
type Way = SmallVec<[u8; 24]>;

/// The shortest bytes that bring the cursor to a column and row; `row` is what the terminal shows in that row.
///
/// LF and RI are never at an edge of the screen here, so they do not scroll.
pub(super) fn cheapest(pen: &Pen, to: (usize, usize), row: &[Square]) -> Way {
    if let Some(near) = a_little_further(pen, to, row) {
        return near;
    }
    let mut best = absolute(to);
    let Some(from) = pen.at else { return best };
    let down = vertical(from.1, to.1);
    let mut consider = |mut way: Way, column: usize| {
        if way.len() < best.len() {
            way.extend(horizontal(pen, column, to.0, row));
            if way.len() < best.len() {
                best = way;
            }
        }
    };
    let mut returned = Way::from_slice(b"\r");
    returned.extend_from_slice(&down);
    consider(down, from.0);
    consider(returned, 0);
    best
}

/// A few cells written again, where they lie before the cursor and are letters of a byte each: nothing is shorter.
fn a_little_further(pen: &Pen, (x, y): (usize, usize), row: &[Square]) -> Option<Way> {
    let (from, _) = pen.at.filter(|(_, own)| *own == y)?;
    x.checked_sub(from).filter(|cells| (1..=AGAIN_CELLS_MAX).contains(cells))?;
    let between = row.get(from..x)?;
    let is_byte = |square: &Square| matches!(square.sign, Sign::One(letter) if letter.is_ascii());
    if !between.iter().all(|square| is_byte(square) && pen.suits(square)) {
        return None;
    }
    let mut again = Way::new();
    for square in between {
        append(&mut again, square);
    }
    Some(again)
}

/// A sequence with a number that is left out where it is 1.
fn numbered(number: usize, letter: char) -> Way {
    let mut bytes = Way::from_slice(b"\x1b[");
    // Writing to memory does not fail.
    let _ = if number == 1 { write!(bytes, "{letter}") } else { write!(bytes, "{number}{letter}") };
    bytes
}

fn absolute((x, y): (usize, usize)) -> Way {
    if x == 0 {
        return numbered(y + 1, 'H');
    }
    let mut bytes = Way::from_slice(b"\x1b[");
    let _ =
        if y == 0 { write!(bytes, ";{}H", x + 1) } else { write!(bytes, "{};{}H", y + 1, x + 1) };
    bytes
}

fn vertical(from: usize, to: usize) -> Way {
    let (rows, step, letter): (_, &[u8], _) =
        if to > from { (to - from, b"\n", 'B') } else { (from - to, b"\x1bM", 'A') };
    shorter(step, rows, letter)
}

fn horizontal(pen: &Pen, from: usize, to: usize, row: &[Square]) -> Way {
    if to < from {
        return shorter(b"\x08", from - to, 'D');
    }
    if to == from {
        return Way::new();
    }
    let jump = numbered(to - from, 'C');
    let between = row.get(from..to).unwrap_or_default();
    if between.is_empty()
        || !between.iter().all(|square| pen.suits(square) && !square.is_doubtful())
    {
        // A wide sign's second half suits no pen, and comes with its first one.
        return jump;
    }
    let mut again = Way::new();
    for square in between {
        append(&mut again, square);
        if again.len() > jump.len() {
            return jump;
        }
    }
    again
}

/// So many steps, or a jump of so many where that is shorter.
fn shorter(step: &[u8], number: usize, letter: char) -> Way {
    let jump = numbered(number, letter);
    if step.len() * number <= jump.len() {
        std::iter::repeat_n(step, number).flatten().copied().collect()
    } else {
        jump
    }
}
