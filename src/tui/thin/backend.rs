//! The backend itself: what is drawn is remembered, and written once a frame.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::abilities::Abilities;
use super::charset::sign;
use super::compare::{Changes, draw, draw_on_blank};
use super::face::Face;
use super::grid::{Grid, Sign, Square};
use super::pen::Pen;
use super::shift::Shift;

/// A terminal on a slow line: one write a frame, of as few bytes as can be, and none where nothing changed.
///
/// The cursor is never hidden; it stands where the last frame put it. The last column may be drawn in, though the screens
/// leave it empty.
#[derive(Debug)]
pub struct Thin<W> {
    out: W,
    abilities: Abilities,
    wanted: Grid,
    /// What was drawn since the last frame.
    changes: Changes,
    /// What the terminal shows; nothing while nobody knows.
    shown: Option<(Grid, Pen)>,
    cursor: Position,
}

impl<W: Write> Thin<W> {
    /// A terminal of so many columns and rows of which nothing is known; the first frame empties it.
    pub fn new(out: W, abilities: Abilities, columns: u16, rows: u16) -> Self {
        let wanted = Grid::blank(usize::from(columns), usize::from(rows));
        let changes = Changes::default();
        Self { out, abilities, wanted, changes, shown: None, cursor: Position::ORIGIN }
    }

    /// Moves rows, which whoever calls it draws no more in this frame but for those that come in; before anything is drawn.
    pub(in crate::tui) fn scroll(&mut self, shift: Shift) {
        self.wanted.shift(shift);
        if self.changes.is_empty() {
            self.changes.shift = Some(shift);
        } else {
            // What was drawn has moved with it.
            self.changes.rows.extend(0..self.wanted.rows());
        }
    }

    /// Where the bytes go, for what is no part of a frame and moves nothing: the bell.
    pub fn output(&mut self) -> &mut W {
        &mut self.out
    }

    fn write(&mut self) -> io::Result<()> {
        let cursor = (usize::from(self.cursor.x), usize::from(self.cursor.y));
        let pen = match &self.shown {
            Some((shown, pen)) => draw(pen, (shown, &self.wanted), &self.changes, cursor),
            None => draw_on_blank(Pen::on_new_paper(self.abilities), &self.wanted, cursor),
        };
        // Should the write fail half way, nobody knows what is shown.
        let (before, changes) = (self.shown.take(), std::mem::take(&mut self.changes));
        if !pen.bytes.is_empty() {
            self.out.write_all(&pen.bytes)?;
            self.out.flush()?;
        }
        let shown = match before {
            Some((mut shown, _)) => {
                changes.shift.into_iter().for_each(|shift| shown.shift(shift));
                shown.follow(&self.wanted, &changes.rows);
                shown
            }
            None => self.wanted.clone(),
        };
        self.shown = Some((shown, pen.lifted()));
        Ok(())
    }
}

impl<W: Write> Backend for Thin<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            let (x, y) = (usize::from(x), usize::from(y));
            let (sign, cells) = sign(cell.symbol(), self.abilities);
            let face = Face::of(cell, self.abilities);
            let square = if x + cells > self.wanted.columns() {
                Square::new(Sign::One(' '), 1, face.on_blank())
            } else if sign == Sign::One(' ') {
                Square::new(sign, cells, face.on_blank())
            } else {
                Square::new(sign, cells, face)
            };
            self.wanted.put(x, y, square);
            self.changes.rows.insert(y);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        let Size { width, height } = self.size()?;
        let inside = |at: u16, size: u16| at.min(size.saturating_sub(1));
        self.cursor = Position::new(inside(x, width), inside(y, height));
        Ok(())
    }

    /// Forgets what the terminal shows; the next frame empties it and draws everything.
    fn clear(&mut self) -> io::Result<()> {
        self.wanted = Grid::blank(self.wanted.columns(), self.wanted.rows());
        self.changes = Changes::default();
        self.shown = None;
        Ok(())
    }

    /// As [`Backend::clear`], whatever is named: casedesk clears nothing but everything.
    fn clear_region(&mut self, _clear_type: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let cells = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Ok(Size::new(cells(self.wanted.columns()), cells(self.wanted.rows())))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write()
    }
}
