//! Rows of text with a place for the cursor.
use ratatui::layout::{Position, Rect};

use crate::keymap::Key;
use crate::tui::text::{clip, fit, safe_line, width, wrap};

use crate::tui::paint::{Canvas, Meaning, Paper};

use super::layout::Layout;
use super::text_field::TextField;

/// The cells of the word at the left of a row.
const LABEL_CELLS: usize = 9;

/// What stands between several things in one row.
const THINGS_GAP: &str = "   ";

/// What an editor shows: rows that are safe, and where the cursor stands in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::tui) struct Picture {
    /// The rows, from the top.
    pub(in crate::tui) rows: Vec<String>,
    /// Row and cell of the cursor.
    pub(in crate::tui) cursor: (usize, usize),
    /// The keys of the choices that have the focus, and which of them is chosen.
    pub(in crate::tui) offered: Vec<(char, bool)>,
}

impl Picture {
    /// Adds a row with a word at its left, the text wrapped into at most `rows_max` rows of `cells` in all.
    pub(in crate::tui) fn words(&mut self, label: &str, text: &str, cells: usize, rows_max: usize) {
        let room = cells.saturating_sub(LABEL_CELLS).max(1);
        let wrapped = wrap(&safe_line(text), room, rows_max);
        if wrapped.is_empty() {
            self.rows.push(label.to_owned());
        }
        for (at, row) in wrapped.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.rows.push(format!("{}{row}", fit(label, LABEL_CELLS)));
        }
    }

    /// Adds several things with a word at their left, each of them whole on one row where it fits into one.
    pub(in crate::tui) fn things(
        &mut self,
        label: &str,
        things: &[String],
        cells: usize,
        rows_max: usize,
    ) {
        let room = cells.saturating_sub(LABEL_CELLS).max(1);
        let mut rows: Vec<String> = Vec::new();
        for thing in things {
            let thing = safe_line(thing);
            let count = rows.len();
            let joined = rows.last().map(|row| format!("{row}{THINGS_GAP}{thing}"));
            match (joined, rows.last_mut()) {
                (Some(joined), Some(row)) if width(&joined) <= room => *row = joined,
                (Some(joined), Some(row)) if count >= rows_max => {
                    *row = clip(&joined, room).into_owned();
                    break;
                }
                _ => rows.push(clip(&thing, room).into_owned()),
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.rows.push(format!("{}{row}", fit(label, LABEL_CELLS)));
        }
    }

    /// Adds choices, each with its key, the chosen one with the marker; the cursor goes there if the focus is on them.
    pub(in crate::tui) fn choices(
        &mut self,
        label: &str,
        choices: &[(String, bool)],
        has_focus: bool,
        cells: usize,
    ) {
        let mut row = fit(label, LABEL_CELLS);
        let mut focus = (self.rows.len(), LABEL_CELLS);
        for (words, is_chosen) in choices {
            let words = safe_line(words);
            let is_begun = width(&row) > LABEL_CELLS;
            if is_begun && width(&row) + width(&words) + 2 > cells {
                self.rows.push(std::mem::replace(&mut row, fit("", LABEL_CELLS)));
            } else if is_begun {
                row.push(' ');
            }
            if *is_chosen {
                focus = (self.rows.len(), width(&row));
            }
            row.push(if *is_chosen { '>' } else { ' ' });
            row.push_str(&words);
        }
        self.rows.push(row);
        if has_focus {
            self.cursor = focus;
            self.offered = choices.iter().filter_map(offered).collect();
        }
    }

    /// The key of the choice beside the chosen one, so many steps on; the first or last one where none is chosen.
    pub(in crate::tui) fn beside(&self, step: isize) -> Option<Key> {
        let last = self.offered.len().checked_sub(1)?;
        let place = match self.offered.iter().position(|(_, is_chosen)| *is_chosen) {
            Some(place) => place.saturating_add_signed(step).min(last),
            None if step > 0 => 0,
            None => last,
        };
        self.offered.get(place).map(|(key, _)| Key::char(*key))
    }

    /// Adds a text field with a word at its left, in at most `rows_max` rows.
    pub(in crate::tui) fn field(
        &mut self,
        label: &str,
        field: &TextField,
        has_focus: bool,
        cells: usize,
        rows_max: usize,
    ) {
        let Layout { rows, cursor } =
            field.layout(cells.saturating_sub(LABEL_CELLS).max(2), rows_max);
        if has_focus {
            self.cursor = (self.rows.len() + cursor.0, LABEL_CELLS + cursor.1);
        }
        for (at, row) in rows.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.rows.push(format!("{}{row}", fit(label, LABEL_CELLS)));
        }
    }

    /// Adds a text field over the whole width.
    pub(in crate::tui) fn text(
        &mut self,
        field: &TextField,
        has_focus: bool,
        cells: usize,
        rows: std::ops::RangeInclusive<usize>,
    ) {
        let layout = field.layout(cells.max(2), *rows.end());
        if has_focus {
            self.cursor = (self.rows.len() + layout.cursor.0, layout.cursor.1);
        }
        let missing = rows.start().saturating_sub(layout.rows.len());
        self.rows.extend(layout.rows);
        self.rows.extend(std::iter::repeat_n(String::new(), missing));
    }

    /// Puts the rows into the area, those around the cursor where there is no room for all, and says where the cursor is.
    pub(in crate::tui) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let room = canvas.height();
        // The first row is the title, and stays: one row less scrolls.
        let hidden = (self.cursor.0 + 1).saturating_sub(room);
        let shown = self.rows.iter().take(1).chain(self.rows.iter().skip(1 + hidden)).take(room);
        for (row, text) in shown.enumerate() {
            canvas.put(row, 0, text, if row == 0 { Meaning::Rule } else { Meaning::Plain });
        }
        canvas.position(self.cursor.0.saturating_sub(hidden), self.cursor.1)
    }
}

/// The key of a choice, which stands before its words.
fn offered((words, is_chosen): &(String, bool)) -> Option<(char, bool)> {
    let (key, _) = words.split_once(' ')?;
    let mut letters = key.chars();
    letters.next().filter(|_| letters.next().is_none()).map(|key| (key, *is_chosen))
}
