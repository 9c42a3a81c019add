//! Puts text on the screen: always made safe first, always cut to its room.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use crate::text::{self, is_bidirectional};

pub use super::look::Meaning;
use super::look::{Bidi, Look};
use super::plain::{Said, Speech, Typing};
use super::sheet::{self, Place, Sheet};

/// What screens draw on: the cells of a screen, and how meanings look in them. What is drawn is painted when the paper is
/// dropped; what another paper put on the same sheet is gone then.
#[derive(Debug)]
pub struct Paper<'a> {
    sheet: &'a mut Sheet,
    look: Look,
    /// What is heard of the rows, where somebody hears them.
    speech: Option<&'a mut Speech>,
}

impl<'a> Paper<'a> {
    /// Paper over the cells of a screen, of which nothing stays that is not drawn again.
    #[must_use]
    pub fn new(sheet: &'a mut Sheet, look: Look) -> Self {
        Self { sheet, look, speech: None }
    }

    /// Paper over the cells of a screen, of which all stays but the rows that scroll or are renewed; none where the sheet
    /// shows nothing yet, or shows it otherwise.
    pub(super) fn kept(sheet: &'a mut Sheet, look: Look) -> Option<Self> {
        sheet.keep(look).then_some(Self { sheet, look, speech: None })
    }

    /// Has the rows of an area be drawn anew, where they would stay.
    pub(super) fn renew(&mut self, area: Rect) {
        self.sheet.renew(area);
    }

    /// Has the rows of an area move up, or down where that is negative; gives what is to be drawn: the rows that come in, or
    /// the whole area where none would stay.
    pub(super) fn scroll(&mut self, area: Rect, by: isize) -> Rect {
        self.sheet.scroll(area, by)
    }

    /// Paper of which is noted what its rows say to whoever hears them.
    pub(super) fn heard(sheet: &'a mut Sheet, look: Look, speech: &'a mut Speech) -> Self {
        Self { sheet, look, speech: Some(speech) }
    }

    /// The cells that there are.
    pub(super) fn area(&self) -> Rect {
        self.sheet.area()
    }

    /// Empties an area, for what is drawn over something else.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.area());
        if let Some(speech) = &mut self.speech {
            speech.clear(area);
        }
        self.sheet.nothing(area);
    }
}

impl Drop for Paper<'_> {
    fn drop(&mut self) {
        self.sheet.paint(self.look);
    }
}

/// An area to draw in by row and column counted from its upper left corner; what lies outside is not drawn.
///
/// Columns are those of the text as it was typed. Where a field of right-to-left text was put into another order, the
/// canvas knows it: a letter is found where it is shown, and so is the cursor on it.
#[derive(Debug)]
pub struct Canvas<'a> {
    area: Rect,
    sheet: &'a mut Sheet,
    look: Look,
    speech: Option<&'a mut Speech>,
    ordered: Vec<Ordered>,
}

/// A field that was put into another order: where it begins, and where each of its cells went.
#[derive(Debug)]
struct Ordered {
    row: usize,
    column: usize,
    shown_at: Vec<usize>,
}

impl<'a> Canvas<'a> {
    /// A canvas on the part of the area that the paper has.
    #[must_use]
    pub fn new(area: Rect, paper: &'a mut Paper<'_>) -> Self {
        let area = area.intersection(paper.area());
        let speech = paper.speech.as_deref_mut();
        Self { area, sheet: &mut *paper.sheet, look: paper.look, speech, ordered: Vec::new() }
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
        let cut = text::row::clip(words, cells);
        let end = column + text::width(&cut);
        let (Some((x, y)), true) = (self.place(row, column), cells > 0) else { return end };
        let bidi = self.look.bidi;
        if is_bidirectional(&cut) {
            self.ordered.retain(|one| one.row != row || one.column < column || one.column >= end);
            if bidi == Bidi::App {
                let moved = sheet::shown_at(&cut, column).into_iter();
                let ordered = moved.map(|(column, shown_at)| Ordered { row, column, shown_at });
                self.ordered.extend(ordered);
            }
        }
        let at = Place { x, left: self.area.left(), right: self.area.right() };
        self.sheet.words(y, at, (&cut, cells), (meaning, bidi));
        end
    }

    /// The column at which a letter of the text is shown.
    fn shown_at(&self, row: usize, column: usize) -> usize {
        let shown = |one: &Ordered| {
            let typed_at = column.checked_sub(one.column).filter(|_| one.row == row)?;
            one.shown_at.get(typed_at).copied()
        };
        self.ordered.iter().rev().find_map(shown).unwrap_or(column)
    }

    /// Says whether a list's marker is at a row, in its first column. It moves also on rows that are not renewed.
    pub(super) fn marker(&mut self, row: usize, is_here: bool) {
        if let Some((x, y)) = self.place(row, 0) {
            self.sheet.marker(x, y, is_here);
        }
    }

    /// Writes the rule that begins a section, from its first column: words that begin with `-- `.
    pub fn rule(&mut self, row: usize, words: &str) {
        self.put(row, 0, words, Meaning::Rule);
    }

    /// Writes a line from its first column, plain.
    pub fn line(&mut self, row: usize, words: &str) {
        self.put(row, 0, words, Meaning::Plain);
    }

    /// As [`Canvas::line`], with right-to-left text put in order by whoever is named, whatever the look says.
    pub(super) fn line_ordered_by(&mut self, row: usize, words: &str, bidi: Bidi) {
        let used = std::mem::replace(&mut self.look.bidi, bidi);
        self.line(row, words);
        self.look.bidi = used;
    }

    /// Gives one cell a meaning, as for a letter that matched.
    pub fn mean(&mut self, row: usize, column: usize, meaning: Meaning) {
        let column = self.shown_at(row, column);
        if column < self.width()
            && let Some((x, y)) = self.place(row, column)
        {
            self.sheet.meaning(x, y, meaning);
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
        let column = self.shown_at(row, column);
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
