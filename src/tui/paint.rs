//! Puts text on the screen: always made safe first, always cut to its room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use crate::text;

/// What is chosen or a heading: brighter, and always marked by something else, too.
pub(super) const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);

/// What is late or refused: always said in words or by a sign, too.
pub(super) const ALARM: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);

/// An area to draw in by row and column counted from its upper left corner; what lies outside is not drawn.
#[derive(Debug)]
pub struct Canvas<'a> {
    area: Rect,
    buffer: &'a mut Buffer,
}

impl<'a> Canvas<'a> {
    /// A canvas on the part of the area that the buffer has.
    #[must_use]
    pub fn new(area: Rect, buffer: &'a mut Buffer) -> Self {
        Self { area: area.intersection(buffer.area), buffer }
    }

    /// Columns. That the terminal's last column stays empty is the shell's part.
    #[must_use]
    pub fn width(&self) -> usize {
        usize::from(self.area.width)
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        usize::from(self.area.height)
    }

    /// Writes one line at a row from a column on, made safe and cut with an ellipsis at the edge; returns the column
    /// after it.
    pub fn put(&mut self, row: usize, column: usize, words: &str, style: Style) -> usize {
        let room = self.width().saturating_sub(column);
        self.put_within(row, column, room, words, style)
    }

    /// As [`Canvas::put`], in at most so many cells.
    pub fn put_within(
        &mut self,
        row: usize,
        column: usize,
        cells: usize,
        words: &str,
        style: Style,
    ) -> usize {
        let cells = cells.min(self.width().saturating_sub(column));
        let safe = text::safe_line(words);
        let cut = text::clip(&safe, cells);
        let Some((x, y)) = self.place(row, column) else { return column };
        if cells > 0 {
            self.buffer.set_stringn(x, y, &cut, cells, style);
        }
        column + text::width(&cut)
    }

    /// Writes a line from its first column, in no style.
    pub fn line(&mut self, row: usize, words: &str) {
        self.put(row, 0, words, Style::new());
    }

    /// Sets the style of one cell, as for a letter that matched.
    pub fn style_cell(&mut self, row: usize, column: usize, style: Style) {
        if column < self.width()
            && let Some((x, y)) = self.place(row, column)
            && let Some(cell) = self.buffer.cell_mut(Position::new(x, y))
        {
            cell.set_style(style);
        }
    }

    /// Where on the terminal a row and column are, held inside the area.
    #[must_use]
    pub fn position(&self, row: usize, column: usize) -> Position {
        let inside = |at: usize, from: u16, size: u16| {
            from + u16::try_from(at).unwrap_or(u16::MAX).min(size.saturating_sub(1))
        };
        Position::new(
            inside(column, self.area.x, self.area.width),
            inside(row, self.area.y, self.area.height),
        )
    }

    fn place(&self, row: usize, column: usize) -> Option<(u16, u16)> {
        let (row, column) = (u16::try_from(row).ok()?, u16::try_from(column).ok()?);
        let is_inside = row < self.area.height && column < self.area.width;
        is_inside.then(|| (self.area.x + column, self.area.y + row))
    }
}
