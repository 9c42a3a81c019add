//! The cells of the screen. What is written on its rows is noted first, and painted once all of it is known: a row on which the
//! same is written as the time before keeps its cells, for most keys change few rows.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::Backend as _;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::{
    self, Direction, Field, Glyph, held_in_place, in_reading_order, is_bidirectional,
    last_direction,
};

use super::look::{Bidi, Look, Meaning};
use super::thin::{Shift, Thin};

/// The cells of a screen, and what is written on them.
#[derive(Debug)]
pub struct Sheet {
    buffer: Buffer,
    look: Option<Look>,
    /// What the rows show.
    painted: Vec<Noted>,
    /// What they are to show.
    noted: Vec<Noted>,
    /// Which of them stay as they are, whatever is noted.
    staying: Vec<bool>,
    /// The rows that move before the others are painted.
    shifting: Option<Shift>,
    /// The rows that moved the last time, before the others were painted.
    shifted: Option<Shift>,
    /// The rows that were painted anew the last time, each with the columns in which.
    changed: Vec<(u16, Range<u16>)>,
}

/// What is written on one row, in its order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Noted {
    words: String,
    strokes: Vec<Stroke>,
    /// The column of a list's marker, and whether it is here.
    marker: Option<(u16, bool)>,
}

/// What stands before the row of a list that has the cursor.
const MARKER: char = '>';

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stroke {
    /// Words, up to a byte of all words of the row.
    Words { at: Place, cells: usize, until: usize, meaning: Meaning, bidi: Bidi },
    /// Another meaning for one cell.
    Meaning { x: u16, meaning: Meaning },
    /// Cells that become empty.
    Nothing { from: u16, to: u16 },
}

/// A column of an area, both counted from the left edge of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: u16,
    pub(super) left: u16,
    pub(super) right: u16,
}

impl Sheet {
    /// Empty cells, of which none is known to be shown anywhere.
    #[must_use]
    pub fn new(area: Rect) -> Self {
        let noted = vec![Noted::default(); usize::from(area.bottom())];
        let (painted, staying) = (noted.clone(), vec![false; noted.len()]);
        let (buffer, changed) = (Buffer::empty(area), Vec::new());
        let (shifting, shifted) = (None, None);
        Self { buffer, look: None, painted, noted, staying, shifting, shifted, changed }
    }

    /// The cells, as they were painted last.
    #[must_use]
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Where they are.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Shows on a terminal what was painted the last time.
    ///
    /// # Errors
    /// Where the terminal cannot be written to: nobody knows then what it shows.
    pub fn show(&self, terminal: &mut Thin<impl Write>, cursor: Position) -> io::Result<()> {
        if let Some(shift) = self.shifted {
            terminal.scroll(shift);
        }
        terminal.draw(self.changed())?;
        terminal.set_cursor_position(cursor)?;
        terminal.flush()
    }

    /// The signs that were painted anew the last time, after rows had moved, with their columns and rows.
    pub fn changed(&self) -> impl Iterator<Item = (u16, u16, &Cell)> {
        self.changed.iter().flat_map(move |(y, columns)| {
            let mut next = columns.start;
            columns.clone().filter_map(move |x| {
                let cell = self.buffer.cell(Position::new(x, *y)).filter(|_| x >= next)?;
                // The second half of a sign is drawn with its first.
                let cells = u16::try_from(text::width(cell.symbol())).unwrap_or(1).max(1);
                next = x.saturating_add(cells);
                Some((x, *y, cell))
            })
        })
    }

    /// Notes words that are safe and fit into so many cells.
    pub(super) fn words(
        &mut self,
        y: u16,
        at: Place,
        (words, cells): (&str, usize),
        (meaning, bidi): (Meaning, Bidi),
    ) {
        if let Some(row) = self.noted.get_mut(usize::from(y)) {
            let after = usize::from(at.x) + cells;
            row.cover(at.x..u16::try_from(after).unwrap_or(u16::MAX));
            row.words.push_str(words);
            let until = row.words.len();
            row.strokes.push(Stroke::Words { at, cells, until, meaning, bidi });
        }
    }

    /// Notes that a cell means something else.
    pub(super) fn meaning(&mut self, x: u16, y: u16, meaning: Meaning) {
        if let Some(row) = self.noted.get_mut(usize::from(y)) {
            row.strokes.push(Stroke::Meaning { x, meaning });
        }
    }

    /// Notes whether a list's marker is in a column. It moves also on rows that stay.
    pub(super) fn marker(&mut self, x: u16, y: u16, is_here: bool) {
        if let Some(row) = self.noted.get_mut(usize::from(y)) {
            row.marker = Some((x, is_here));
        }
    }

    /// Notes that an area becomes empty.
    pub(super) fn nothing(&mut self, area: Rect) {
        let rows = usize::from(area.top())..usize::from(area.bottom());
        for row in self.noted.get_mut(rows).unwrap_or_default() {
            row.cover(area.left()..area.right());
            row.strokes.push(Stroke::Nothing { from: area.left(), to: area.right() });
        }
    }

    /// Has every row stay until the next painting but those that are renewed; whether that can be: the rows have to show
    /// something already, and in this look.
    pub(super) fn keep(&mut self, look: Look) -> bool {
        let can_be = self.look == Some(look);
        self.staying.fill(can_be);
        can_be
    }

    /// Has the rows of an area be painted anew.
    pub(super) fn renew(&mut self, area: Rect) {
        let rows = usize::from(area.top())..usize::from(area.bottom());
        self.staying.get_mut(rows).unwrap_or_default().fill(false);
    }

    /// Has the whole rows of an area move up, or down where that is negative, with all that they show; once a painting. Gives
    /// what is to be drawn anew: the rows that come in, or the whole area where none would stay.
    pub(super) fn scroll(&mut self, area: Rect, by: isize) -> Rect {
        let columns = self.buffer.area;
        let area = Rect { x: columns.x, width: columns.width, ..area }.intersection(columns);
        let rows = usize::from(area.top())..usize::from(area.bottom());
        let shift = Shift::within(rows, by).filter(|_| self.shifting.is_none());
        let fresh = shift.map_or(area, |shift| {
            let row = |y: usize| u16::try_from(y).unwrap_or(area.bottom());
            let (top, bottom) = (row(shift.fresh().start), row(shift.fresh().end));
            Rect { y: top, height: bottom - top, ..area }
        });
        self.shifting = shift.or(self.shifting);
        self.renew(fresh);
        fresh
    }

    /// Paints what is noted, and nothing else.
    pub(super) fn paint(&mut self, look: Look) {
        let is_afresh = self.look.replace(look) != Some(look);
        self.changed.clear();
        self.shifted = self.shifting.take();
        if let Some(shift) = self.shifted {
            let Rect { y, width, .. } = self.buffer.area;
            shift.move_in(&mut self.painted, 1).iter_mut().for_each(Noted::clear);
            let cells = shift.above(y.into()).move_in(&mut self.buffer.content, width.into());
            cells.iter_mut().for_each(Cell::reset);
        }
        let rows = self.painted.iter_mut().zip(&mut self.noted).zip(&mut self.staying);
        let from = usize::from(self.buffer.area.top());
        for (y, ((painted, noted), stays)) in (0..).zip(rows).skip(from) {
            let mut brush = Brush { buffer: &mut self.buffer, look, y };
            let columns = brush.buffer.area.left()..brush.buffer.area.right();
            if std::mem::take(stays) {
                let moved = noted.marker.filter(|_| painted.marker != noted.marker);
                if let Some((x, is_here)) = moved {
                    brush.mark(x, is_here);
                    painted.marker = moved;
                    self.changed.push((y, x..x.saturating_add(1).min(columns.end)));
                }
            } else if is_afresh || painted != noted {
                brush.empty(columns.clone());
                brush.paint(noted);
                std::mem::swap(painted, noted);
                self.changed.push((y, columns));
            }
            noted.clear();
        }
    }
}

impl Noted {
    /// Notes that something is drawn over these columns.
    fn cover(&mut self, columns: Range<u16>) {
        self.marker = self.marker.filter(|(x, _)| !columns.contains(x));
    }

    fn clear(&mut self) {
        self.words.clear();
        self.strokes.clear();
        self.marker = None;
    }
}

/// Where the fields of words begin that [`Brush::field`] puts into another order, and where each of their cells goes.
pub(super) fn shown_at(words: &str, column: usize) -> Vec<(usize, Vec<usize>)> {
    let mut moved = Vec::new();
    let mut at = column;
    for field in text::fields(words) {
        let cells = text::width(field.text);
        if is_bidirectional(field.text) {
            let mut shown_at = vec![0; cells];
            for (place, glyph) in glyphs(field, at) {
                for cell in 0..glyph.cells {
                    if let Some(shown) = shown_at.get_mut(glyph.typed_at + cell) {
                        *shown = place + cell;
                    }
                }
            }
            moved.push((at, shown_at));
        }
        at += cells;
    }
    moved
}

/// What is drawn of a field from a column on, each with its own.
fn glyphs(field: Field<'_>, column: usize) -> impl Iterator<Item = (usize, Glyph)> {
    let mut at = column;
    in_reading_order(field).into_iter().map(move |glyph| {
        let place = at;
        at += glyph.cells;
        (place, glyph)
    })
}

/// Paints one row.
struct Brush<'a> {
    buffer: &'a mut Buffer,
    look: Look,
    y: u16,
}

impl Brush<'_> {
    fn empty(&mut self, columns: Range<u16>) {
        for x in columns {
            if let Some(cell) = self.cell(x) {
                cell.reset();
            }
        }
    }

    fn paint(&mut self, noted: &Noted) {
        let mut from = 0;
        for stroke in &noted.strokes {
            match *stroke {
                Stroke::Words { at, cells, until, meaning, bidi } => {
                    let words = noted.words.get(from..until).unwrap_or_default();
                    from = until;
                    self.words(at, (words, cells), meaning, bidi);
                }
                Stroke::Meaning { x, meaning } => {
                    let style = self.look.style(meaning);
                    if let Some(cell) = self.cell(x) {
                        cell.set_style(style);
                    }
                }
                Stroke::Nothing { from, to } => self.empty(from..to),
            }
        }
        if let Some((x, is_here)) = noted.marker {
            self.mark(x, is_here);
        }
    }

    fn mark(&mut self, x: u16, is_here: bool) {
        let style = self.look.style(Meaning::Plain);
        if let Some(cell) = self.cell(x) {
            cell.reset();
            cell.set_char(if is_here { MARKER } else { ' ' }).set_style(style);
        }
    }

    fn cell(&mut self, x: u16) -> Option<&mut Cell> {
        self.buffer.cell_mut(Position::new(x, self.y))
    }

    fn words(&mut self, at: Place, (words, cells): (&str, usize), meaning: Meaning, bidi: Bidi) {
        let style = self.look.style(meaning);
        if text::is_plain_ascii(words) {
            return self.ascii(at.x, words, style);
        }
        if !is_bidirectional(words) {
            self.buffer.set_stringn(at.x, self.y, text::unmarked(words), cells, style);
            return;
        }
        let mut column = usize::from(at.x);
        for field in text::fields(words) {
            column = self.field(at, column, (field, style), bidi);
        }
    }

    /// Writes what takes a cell a letter, as nearly all that is shown.
    fn ascii(&mut self, x: u16, words: &str, style: Style) {
        for (x, letter) in (x..).zip(words.chars()) {
            if let Some(cell) = self.cell(x) {
                cell.set_char(letter).set_style(style);
            }
        }
    }

    /// Writes one field; returns the column after it.
    fn field(
        &mut self,
        at: Place,
        column: usize,
        (field, style): (Field<'_>, Style),
        bidi: Bidi,
    ) -> usize {
        if !is_bidirectional(field.text) {
            return self.clusters(at, column, field.text, style);
        }
        match bidi {
            Bidi::Off => self.clusters(at, column, field.text, style),
            Bidi::App => {
                let mut end = column;
                for (column, glyph) in glyphs(field, column) {
                    self.cluster(at, column, (&glyph.symbol, glyph.cells), style);
                    end = column + glyph.cells;
                }
                end
            }
            // A terminal orders whole rows; the marks part this field from those beside it.
            Bidi::Terminal => {
                let held = held_in_place(field, self.is_after_latin(at, column));
                self.clusters(at, column, &held, style)
            }
        }
    }

    /// Whether the last letter before a column is read from left to right.
    fn is_after_latin(&self, at: Place, column: usize) -> bool {
        let before = (usize::from(at.left)..column).rev().filter_map(|x| u16::try_from(x).ok());
        let mut cells = before.filter_map(|x| self.buffer.cell(Position::new(x, self.y)));
        let last = cells.find_map(|cell| last_direction(cell.symbol()));
        last == Some(Direction::LeftToRight)
    }

    /// Writes clusters one after the other; returns the column after them. One that takes no cell goes into the cell
    /// before it, or, where there is none, into that of the next.
    fn clusters(&mut self, at: Place, column: usize, words: &str, style: Style) -> usize {
        let mut column = column;
        let mut waiting = String::new();
        for cluster in words.graphemes(true) {
            let cells = text::width(cluster);
            if cells == 0 && column == usize::from(at.left) {
                waiting.push_str(cluster);
            } else if cells == 0 {
                self.append(at, column - 1, cluster);
            } else {
                let symbol = format!("{}{cluster}", std::mem::take(&mut waiting));
                self.cluster(at, column, (&symbol, cells), style);
                column += cells;
            }
        }
        column
    }

    /// The cell of a column, where it is inside the area.
    fn inside(&mut self, at: Place, column: usize) -> Option<&mut Cell> {
        let x = u16::try_from(column).ok().filter(|x| *x < at.right)?;
        self.cell(x)
    }

    fn cluster(&mut self, at: Place, column: usize, (symbol, cells): (&str, usize), style: Style) {
        for cell in 0..cells {
            if let Some(target) = self.inside(at, column + cell) {
                target.reset();
                if cell == 0 {
                    target.set_symbol(symbol).set_style(style);
                }
            }
        }
    }

    /// Adds what takes no cell to the one that is there.
    fn append(&mut self, at: Place, column: usize, cluster: &str) {
        if let Some(cell) = self.inside(at, column)
            && !cell.symbol().ends_with(cluster)
        {
            let symbol = format!("{}{cluster}", cell.symbol());
            cell.set_symbol(&symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::paint::{Canvas, Paper};
    use super::*;

    const AREA: Rect = Rect::new(0, 0, 8, 3);

    fn draw(paper: &mut Paper<'_>, words: [&str; 3], marked: usize) {
        let mut canvas = Canvas::new(AREA, paper);
        for (row, words) in words.into_iter().enumerate() {
            canvas.put(row, 1, words, Meaning::Plain);
            canvas.marker(row, row == marked);
        }
    }

    fn rows(sheet: &Sheet) -> Vec<String> {
        let row = |cells: &[Cell]| cells.iter().map(Cell::symbol).collect::<String>();
        let rows = sheet.buffer().content.chunks(usize::from(AREA.width));
        rows.map(|cells| row(cells).trim_end().to_owned()).collect()
    }

    #[test]
    fn rows_stay_until_they_are_renewed_and_the_marker_moves_over_them() {
        let look = Look::default();
        let mut sheet = Sheet::new(AREA);
        assert!(Paper::kept(&mut sheet, look).is_none(), "nothing is shown that could stay");
        draw(&mut Paper::new(&mut sheet, look), ["one", "two", "three"], 0);
        assert_eq!(rows(&sheet), [">one", " two", " three"]);
        let mut paper = Paper::kept(&mut sheet, look).unwrap();
        paper.renew(Rect { y: 2, height: 1, ..AREA });
        draw(&mut paper, ["eins", "zwei", "drei"], 1);
        drop(paper);
        assert_eq!(rows(&sheet), [" one", ">two", " drei"]);
        let changed: Vec<_> = sheet.changed().map(|(x, y, _)| (x, y)).collect();
        let markers_and_row = [(0, 0), (0, 1)].into_iter().chain((0..8).map(|x| (x, 2)));
        assert_eq!(changed, markers_and_row.collect::<Vec<_>>());
    }

    #[test]
    fn what_is_drawn_over_a_marker_hides_it() {
        let mut sheet = Sheet::new(AREA);
        let mut paper = Paper::new(&mut sheet, Look::default());
        draw(&mut paper, ["one", "two", "three"], 1);
        paper.clear(Rect { y: 1, height: 1, ..AREA });
        Canvas::new(AREA, &mut paper).put(1, 0, "over", Meaning::Plain);
        drop(paper);
        assert_eq!(rows(&sheet), [" one", "over", " three"]);
    }
}
