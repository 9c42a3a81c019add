//! Puts text on the screen: always made safe first, always cut to its room.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text;

use super::look::Look;
pub use super::look::Meaning;
use super::plain::{Said, Speech, Typing};

/// What screens draw on: the cells of a frame, and how meanings look in them.
#[derive(Debug)]
pub struct Paper<'a> {
    buffer: &'a mut Buffer,
    look: Look,
    /// What is heard of the rows, where somebody hears them.
    speech: Option<&'a mut Speech>,
}

impl<'a> Paper<'a> {
    /// Paper over a frame's cells.
    #[must_use]
    pub fn new(buffer: &'a mut Buffer, look: Look) -> Self {
        Self { buffer, look, speech: None }
    }

    /// Paper of which is noted what its rows say to whoever hears them.
    pub(super) fn heard(buffer: &'a mut Buffer, look: Look, speech: &'a mut Speech) -> Self {
        Self { buffer, look, speech: Some(speech) }
    }

    /// The cells that there are.
    pub(super) fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Empties an area, for what is drawn over something else.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        if let Some(speech) = &mut self.speech {
            speech.clear(area);
        }
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }
}

/// An area to draw in by row and column counted from its upper left corner; what lies outside is not drawn.
#[derive(Debug)]
pub struct Canvas<'a> {
    area: Rect,
    buffer: &'a mut Buffer,
    look: Look,
    speech: Option<&'a mut Speech>,
}

impl<'a> Canvas<'a> {
    /// A canvas on the part of the area that the paper has.
    #[must_use]
    pub fn new(area: Rect, paper: &'a mut Paper<'_>) -> Self {
        let area = area.intersection(paper.buffer.area);
        let speech = paper.speech.as_deref_mut();
        Self { area, buffer: &mut *paper.buffer, look: paper.look, speech }
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
    pub fn put(&mut self, row: usize, column: usize, words: &str, meaning: Meaning) -> usize {
        let room = self.width().saturating_sub(column);
        self.put_within(row, column, room, words, meaning)
    }

    /// As [`Canvas::put`], in at most so many cells.
    pub fn put_within(
        &mut self,
        row: usize,
        column: usize,
        cells: usize,
        words: &str,
        meaning: Meaning,
    ) -> usize {
        let ruled = (meaning == Meaning::Rule).then(|| self.look.ruled(words)).flatten();
        let words = ruled.as_deref().unwrap_or(words);
        let cells = cells.min(self.width().saturating_sub(column));
        let safe = text::safe_line(words);
        let cut = text::clip(&safe, cells);
        let Some((x, y)) = self.place(row, column) else { return column };
        if cells > 0 {
            self.buffer.set_stringn(x, y, &cut, cells, self.look.style(meaning));
        }
        column + text::width(&cut)
    }

    /// Writes the rule that begins a section, from its first column: words that begin with `-- `.
    pub fn rule(&mut self, row: usize, words: &str) {
        self.put(row, 0, words, Meaning::Rule);
    }

    /// Writes a line from its first column, plain.
    pub fn line(&mut self, row: usize, words: &str) {
        self.put(row, 0, words, Meaning::Plain);
    }

    /// Gives one cell a meaning, as for a letter that matched.
    pub fn mean(&mut self, row: usize, column: usize, meaning: Meaning) {
        if column < self.width()
            && let Some((x, y)) = self.place(row, column)
            && let Some(cell) = self.buffer.cell_mut(Position::new(x, y))
        {
            cell.set_style(self.look.style(meaning));
        }
    }

    /// Gives the cells from one column to before another a meaning, as where a word in a row is loud.
    pub(in crate::tui) fn mean_cells(&mut self, row: usize, cells: Range<usize>, meaning: Meaning) {
        for column in cells {
            self.mean(row, column, meaning);
        }
    }

    /// Says what a row is to whoever hears it; a row of no words is passed over. Where nobody hears, the words are not made.
    pub(super) fn say(&mut self, row: usize, words: impl FnOnce() -> String) {
        if let Some(said) = self.said(row) {
            said.words = Some(words());
        }
    }

    /// Says which place a row has in its list, from 0, and how long that is: whoever hears it goes there by its number.
    pub(super) fn list(&mut self, row: usize, place: usize, of: usize) {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        if let Some(said) = self.said(row) {
            said.place = Some((number(place).saturating_add(1), number(of)));
        }
    }

    /// Says what is asked on a row.
    pub(super) fn ask(&mut self, row: usize, label: &str) {
        if let Some(said) = self.said(row) {
            said.label = Some(label.trim().to_owned());
        }
    }

    /// Says that a text is typed in so many rows of cells, from a row and column on.
    pub(super) fn type_at(
        &mut self,
        (row, column): (usize, usize),
        (cells, rows): (usize, usize),
        is_block: bool,
    ) {
        let small = |size: usize| u16::try_from(size).unwrap_or(u16::MAX);
        if let Some((x, y)) = self.place(row, column)
            && let Some(speech) = &mut self.speech
        {
            let typing = if is_block { Typing::Block } else { Typing::Line };
            // The cursor stands behind the last letter.
            speech.text(Rect::new(x, y, small(cells).saturating_add(1), small(rows)), typing);
        }
    }

    /// Says all that is known of what a row says.
    pub(super) fn hear(&mut self, row: usize, heard: &Said) {
        if let Some(said) = self.said(row) {
            said.clone_from(heard);
        }
    }

    fn said(&mut self, row: usize) -> Option<&mut Said> {
        let (_, y) = self.place(row, 0)?;
        self.speech.as_deref_mut().map(|speech| speech.row(y))
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
