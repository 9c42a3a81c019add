//! Rows of cells, as they are wanted or as the terminal shows them.

use std::collections::BTreeSet;

use super::face::Face;
use super::shift::Shift;
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

/// Rows of cells, each of its own, so that moving them moves no cell.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    columns: usize,
    rows: Vec<Vec<Square>>,
}

impl Grid {
    pub(super) fn blank(columns: usize, rows: usize) -> Self {
        let columns = columns.max(1);
        Self { columns, rows: vec![blank_row(columns); rows] }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether so many cells are not blank.
    pub(super) fn has_signs(&self, number: usize) -> bool {
        let mut signs = self.rows.iter().flatten().filter(|square| !square.is_blank());
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
        self.rows.get(y).map(Vec::as_slice).unwrap_or_default()
    }

    fn row_mut(&mut self, y: usize) -> &mut [Square] {
        self.rows.get_mut(y).map(Vec::as_mut_slice).unwrap_or_default()
    }

    /// Puts a sign where it is to stand; what it covers by half is gone.
    pub(super) fn put(&mut self, x: usize, y: usize, square: Square) {
        cover(self.row_mut(y), x, square, &Square::blank());
    }

    /// Moves a block of rows; blank ones come in.
    pub(super) fn shift(&mut self, shift: Shift) {
        for row in shift.move_in(&mut self.rows, 1) {
            row.fill(Square::blank());
        }
    }
}

fn blank_row(columns: usize) -> Vec<Square> {
    vec![Square::blank(); columns]
}

/// A grid on which blocks of rows have been moved, each after the one before, without a cell having been.
#[derive(Debug, Clone)]
pub(super) struct Shifted<'a> {
    grid: &'a Grid,
    shifts: Vec<Shift>,
    /// What comes in.
    blank: Vec<Square>,
}

impl<'a> Shifted<'a> {
    /// A grid of which nothing has been moved.
    pub(super) fn of(grid: &'a Grid) -> Self {
        Self { grid, shifts: Vec::new(), blank: Vec::new() }
    }

    /// One more block moved.
    pub(super) fn by(mut self, shift: Shift) -> Self {
        if self.blank.is_empty() {
            self.blank = blank_row(self.grid.columns());
        }
        self.shifts.push(shift);
        self
    }

    pub(super) fn row(&self, y: usize) -> &[Square] {
        let was = self.shifts.iter().rev().try_fold(y, |y, shift| shift.was_at(y));
        was.map_or(&self.blank, |y| self.grid.row(y))
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
