//! Rows of cells, as they are wanted or as the terminal shows them.

use std::collections::BTreeSet;

use super::face::Face;
use crate::text::is_direction_mark;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nobody knows.
    Unknown,
    /// The second half of the sign before it.
    Second,
    /// One character.
    One(char),
    /// A base with its marks.
    Cluster(Box<str>),
    /// A picture of several characters, which some terminals draw as one and others as several.
    Doubtful(Box<str>),
    /// A letter of the line drawing set.
    Line(char),
}

/// A cell: what stands in it, in how many cells, and how that looks.
#[derive(Debug, Clone, Eq)]
pub(super) struct Square {
    pub(super) sign: Sign,
    pub(super) cells: usize,
    pub(super) face: Face,
}

/// As it would be derived. Frames are compared cell by cell, and nearly every cell is one character.
impl PartialEq for Square {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let is_same_sign = match (&self.sign, &other.sign) {
            (Sign::One(one), Sign::One(other)) => one == other,
            (one, other) => one == other,
        };
        is_same_sign && self.cells == other.cells && self.face == other.face
    }
}

impl Square {
    pub(super) const fn new(sign: Sign, cells: usize, face: Face) -> Self {
        Self { sign, cells, face }
    }

    /// Nothing, with the terminal's own ground.
    pub(super) fn blank() -> Self {
        Self::new(Sign::One(' '), 1, Face::default())
    }

    fn unknown() -> Self {
        Self::new(Sign::Unknown, 1, Face::default())
    }

    pub(super) fn is_space(&self) -> bool {
        self.sign == Sign::One(' ')
    }

    pub(super) fn is_blank(&self) -> bool {
        self.is_space() && self.face == Face::default()
    }

    /// Whether terminals may disagree about the cells that it takes.
    pub(super) fn is_doubtful(&self) -> bool {
        matches!(self.sign, Sign::Doubtful(_))
    }

    /// Whether it brings a mark by which a terminal puts the row in order.
    pub(super) fn is_marked(&self) -> bool {
        matches!(&self.sign, Sign::Cluster(cluster) if cluster.contains(is_direction_mark))
    }
}

/// Rows of cells.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    columns: usize,
    squares: Vec<Square>,
}

impl Grid {
    pub(super) fn blank(columns: usize, rows: usize) -> Self {
        Self { columns: columns.max(1), squares: vec![Square::blank(); columns.max(1) * rows] }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn rows(&self) -> usize {
        self.squares.len() / self.columns
    }

    /// Whether so many cells are not blank.
    pub(super) fn has_signs(&self, number: usize) -> bool {
        let mut signs = self.squares.iter().filter(|square| !square.is_blank());
        number == 0 || signs.nth(number - 1).is_some()
    }

    /// Makes these rows equal to those of another of the same size.
    pub(super) fn follow(&mut self, other: &Self, rows: &BTreeSet<usize>) {
        for y in rows {
            for (square, wanted) in self.row_mut(*y).iter_mut().zip(other.row(*y)) {
                if square != wanted {
                    square.clone_from(wanted);
                }
            }
        }
    }

    pub(super) fn row(&self, y: usize) -> &[Square] {
        self.squares.chunks_exact(self.columns).nth(y).unwrap_or_default()
    }

    fn row_mut(&mut self, y: usize) -> &mut [Square] {
        self.squares.chunks_exact_mut(self.columns).nth(y).unwrap_or_default()
    }

    /// Puts a sign where it is to stand; what it covers by half is gone.
    pub(super) fn put(&mut self, x: usize, y: usize, square: Square) {
        cover(self.row_mut(y), x, square, &Square::blank());
    }

    /// Moves the rows from `top` to `bottom` up, or down where `by` is negative; blank rows come in.
    pub(super) fn shift(&mut self, top: usize, bottom: usize, by: isize) {
        let columns = self.columns;
        let Some(block) = self.squares.get_mut(top * columns..(bottom + 1) * columns) else {
            return;
        };
        let cells = (by.unsigned_abs() * columns).min(block.len());
        let blank = if by > 0 {
            block.rotate_left(cells);
            block.len() - cells..block.len()
        } else {
            block.rotate_right(cells);
            0..cells
        };
        block.get_mut(blank).unwrap_or_default().fill(Square::blank());
    }
}

/// Puts a sign into a row of what the terminal shows, of which it is not known what becomes of a half that is left over.
pub(super) fn write_over(row: &mut [Square], x: usize, square: Square) {
    let is_doubtful = square.is_doubtful();
    let cells = square.cells;
    cover(row, x, square, &Square::unknown());
    if is_doubtful {
        // A terminal that does not join what is one here draws each of its parts.
        let reach = x + cells..(x + DOUBTFUL_CELLS).min(row.len());
        for doubted in row.get_mut(reach).unwrap_or_default() {
            *doubted = Square::unknown();
        }
    }
}

/// The cells after the beginning of a doubtful sign that may have been drawn over: four pictures of two cells.
const DOUBTFUL_CELLS: usize = 8;

fn cover(row: &mut [Square], x: usize, square: Square, left_over: &Square) {
    let cells = square.cells.max(1);
    let is_halved = |at: Option<&Square>| at.is_some_and(|square| square.sign == Sign::Second);
    if is_halved(row.get(x))
        && let Some(first) = x.checked_sub(1).and_then(|before| row.get_mut(before))
    {
        *first = left_over.clone();
    }
    if is_halved(row.get(x + cells))
        && let Some(second) = row.get_mut(x + cells)
    {
        *second = left_over.clone();
    }
    let second = Square::new(Sign::Second, 0, square.face);
    for behind in row.iter_mut().skip(x + 1).take(cells - 1) {
        *behind = second.clone();
    }
    if let Some(place) = row.get_mut(x) {
        *place = square;
    }
}
