//! Writes to a terminal of which it is known where the cursor stands and how the next letter would look.

use std::io::Write as _;

use super::abilities::{Abilities, Dialect};
use super::face::Face;
use super::grid::{Sign, Square};
use super::moves;
use super::shift::Shift;

/// Bytes to be written, and what the terminal's state is after them.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    pub(super) bytes: Vec<u8>,
    /// The column and row of the cursor, where that is known.
    pub(super) at: Option<(usize, usize)>,
    pub(super) face: Face,
    pub(super) is_drawing_lines: bool,
    pub(super) dialect: Dialect,
}

impl Pen {
    /// At a terminal of which nothing is known: it is emptied. Margins, inserting and line drawing are taken back, too, for a
    /// program that was killed in the middle of a frame leaves them set, and a line feed at the bottom margin would scroll.
    pub(super) fn on_new_paper(abilities: Abilities) -> Self {
        Self {
            bytes: b"\x1b[r\x1b[4l\x1b(B\x1b[m\x1b[H\x1b[J".to_vec(),
            at: Some((0, 0)),
            face: Face::default(),
            is_drawing_lines: false,
            dialect: abilities.dialect,
        }
    }

    /// The same state with nothing to be written yet.
    pub(super) fn lifted(&self) -> Self {
        Self { bytes: Vec::new(), ..*self }
    }

    /// Goes on where another one that was lifted from here ended.
    pub(super) fn go_on(&mut self, other: &Self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.extend_from_slice(&other.bytes);
        *self = Self { bytes, ..*other };
    }

    /// Moves the cursor the cheapest way; `row` is what the terminal shows in the row to which it goes.
    pub(super) fn go(&mut self, to: (usize, usize), row: &[Square]) {
        if self.at != Some(to) {
            let way = moves::cheapest(self, to, row);
            self.bytes.extend_from_slice(&way);
            self.at = Some(to);
        }
    }

    /// Whether a sign can be written without changing how letters look.
    pub(super) fn suits(&self, square: &Square) -> bool {
        match square.sign {
            Sign::Unknown | Sign::Second => false,
            Sign::One(' ') => self.face.on_blank() == square.face,
            Sign::One(_) | Sign::Cluster(_) | Sign::Doubtful(_) => {
                !self.is_drawing_lines && self.face == square.face
            }
            Sign::Line(_) => self.is_drawing_lines && self.face == square.face,
        }
    }

    /// Writes a sign at the cursor, in a terminal of so many columns.
    pub(super) fn put(&mut self, square: &Square, columns: usize) {
        if !self.suits(square) {
            self.turn(square.face);
            let is_line = matches!(square.sign, Sign::Line(_));
            if is_line != self.is_drawing_lines && !square.is_space() {
                self.draw_lines(is_line);
            }
        }
        append(&mut self.bytes, square);
        let after = self.at.map(|(x, y)| (x + square.cells, y));
        // In the last column some terminals wait with the wrap and others do not.
        self.at = after.filter(|(x, _)| *x < columns && !square.is_doubtful());
    }

    /// Erases from the cursor to the end of its row.
    pub(super) fn erase_rest(&mut self) {
        self.be_plain();
        self.bytes.extend_from_slice(b"\x1b[K");
    }

    /// Erases so many cells from the cursor on, which stays.
    pub(super) fn erase(&mut self, cells: usize) {
        self.be_plain();
        self.write(format_args!("\x1b[{cells}X"));
    }

    /// Empties the whole screen.
    pub(super) fn erase_all(&mut self) {
        self.be_plain();
        self.bytes.extend_from_slice(b"\x1b[H\x1b[J");
        self.at = Some((0, 0));
    }

    /// Scrolls a block on a screen of so many rows. Setting margins sends the cursor home.
    pub(super) fn shift(&mut self, Shift { top, bottom, by }: Shift, rows: usize) {
        self.be_plain();
        let last = rows.saturating_sub(1);
        self.bytes.extend_from_slice(b"\x1b[");
        if top > 0 {
            self.write(format_args!("{}", top + 1));
        }
        if bottom < last {
            self.write(format_args!(";{}", bottom + 1));
        }
        self.bytes.push(b'r');
        self.at = None;
        let (edge, step): (_, &[u8]) = if by > 0 { (bottom, b"\n") } else { (top, b"\x1bM") };
        self.go((0, edge), &[]);
        self.bytes.extend_from_slice(&step.repeat(by.unsigned_abs()));
        self.bytes.extend_from_slice(b"\x1b[r");
        self.at = Some((0, 0));
    }

    /// Ends a frame: letters are letters for whoever writes next.
    pub(super) fn end_lines(&mut self) {
        if self.is_drawing_lines {
            self.draw_lines(false);
        }
    }

    fn draw_lines(&mut self, is_line: bool) {
        self.bytes.extend_from_slice(if is_line { b"\x1b(0" } else { b"\x1b(B" });
        self.is_drawing_lines = is_line;
    }

    fn be_plain(&mut self) {
        if !self.face.erases_plainly() {
            self.turn(Face::default());
        }
    }

    fn turn(&mut self, face: Face) {
        self.face.turn_into(face, self.dialect, &mut self.bytes);
        self.face = face;
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        let _ = self.bytes.write_fmt(arguments);
    }
}

/// Appends what is written for a sign.
pub(super) fn append(bytes: &mut impl Extend<u8>, square: &Square) {
    match &square.sign {
        Sign::Unknown | Sign::Second => {}
        Sign::One(character) | Sign::Line(character) => {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
        }
        Sign::Cluster(cluster) | Sign::Doubtful(cluster) => {
            bytes.extend(cluster.bytes());
        }
    }
}
