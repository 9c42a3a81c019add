//! Rows of text with a place for the cursor.
use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

use crate::keymap::Key;
use crate::tui::text::{clip, fit, safe_block, safe_line, width, wrap};

use crate::tui::paint::{Canvas, Meaning, Paper};
use crate::tui::plain::Said;

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
    /// What the rows say to whoever hears them.
    heard: BTreeMap<usize, Said>,
    /// Whether the cursor is in a text, and in one of several lines.
    typing: Option<bool>,
}

impl Picture {
    /// A picture of its title, to be added to.
    pub(in crate::tui) fn titled(title: String) -> Self {
        Self { rows: vec![title], ..Self::default() }
    }

    /// Says what the rows from this one on say together to whoever hears them, and what is asked there.
    pub(in crate::tui) fn hear(&mut self, first: usize, label: &str, words: String) {
        for row in first..self.rows.len() {
            self.heard.insert(row, Said { words: Some(String::new()), ..Said::default() });
        }
        let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
        let words = match &label {
            Some(label) => format!("{label}: {words}"),
            None => words,
        };
        if first < self.rows.len() {
            self.heard.insert(first, Said { words: Some(words), label, ..Said::default() });
        }
    }

    /// Says that the last row is one of a list, and whether it is the chosen one.
    pub(in crate::tui) fn list(&mut self, words: &str, place: usize, of: usize, is_chosen: bool) {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let last = self.rows.len().saturating_sub(1);
        let place = Some((number(place).saturating_add(1), number(of)));
        let words = Some(words.trim().to_owned());
        self.heard.insert(last, Said { words, label: None, place, is_chosen });
    }

    /// Adds a row with a word at its left, the text wrapped into at most `rows_max` rows of `cells` in all.
    pub(in crate::tui) fn words(&mut self, label: &str, text: &str, cells: usize, rows_max: usize) {
        let room = cells.saturating_sub(LABEL_CELLS).max(1);
        let wrapped = wrap(&safe_line(text), room, rows_max);
        let first = self.rows.len();
        if wrapped.is_empty() {
            self.rows.push(label.to_owned());
        }
        for (at, row) in wrapped.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.rows.push(format!("{}{row}", fit(label, LABEL_CELLS)));
        }
        self.hear(first, label, safe_line(text).into_owned());
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
        if !rows.is_empty() {
            let first = self.rows.len().saturating_sub(rows.len());
            self.hear(first, label, safe_line(&things.join("; ")).into_owned());
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
        let first = self.rows.len();
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
        let said = choices.iter().map(|(words, is_chosen)| {
            format!("{}{}", safe_line(words), if *is_chosen { ", chosen" } else { "" })
        });
        self.hear(first, label, said.collect::<Vec<_>>().join("; "));
        if has_focus {
            self.cursor = focus;
            self.offered = choices.iter().filter_map(offered).collect();
            self.typing = None;
        }
    }

    /// The key of the choice beside the chosen one, so many steps on; the first or last one where none is chosen.
    pub(in crate::tui) fn beside(&self, step: isize) -> Option<Key> {
        let chosen = self.offered.iter().position(|(_, is_chosen)| *is_chosen);
        let place = place_beside(self.offered.len(), chosen, step)?;
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
            self.typing = Some(field.is_block());
        }
        let first = self.rows.len();
        for (at, row) in rows.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.rows.push(format!("{}{row}", fit(label, LABEL_CELLS)));
        }
        self.hear(first, label, heard_of(field));
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
            self.typing = Some(field.is_block());
        }
        let first = self.rows.len();
        let missing = rows.start().saturating_sub(layout.rows.len());
        self.rows.extend(layout.rows);
        self.rows.extend(std::iter::repeat_n(String::new(), missing));
        self.hear(first, "text", heard_of(field));
    }

    /// Puts the rows of another picture below the title.
    pub(in crate::tui) fn insert_below_title(&mut self, other: Self) {
        let rows = other.rows.len();
        self.cursor.0 += rows;
        let below = self.heard.split_off(&1);
        self.heard.extend(other.heard.into_iter().map(|(row, heard)| (row + 1, heard)));
        self.heard.extend(below.into_iter().map(|(row, heard)| (row + rows, heard)));
        self.rows.splice(1..1, other.rows);
    }

    /// Says on a canvas what the first rows say, where they were put on it from its top.
    pub(in crate::tui) fn hear_on(&self, canvas: &mut Canvas<'_>, rows: usize) {
        for (row, heard) in self.heard.range(..rows) {
            canvas.hear(*row, heard);
        }
    }

    /// Puts the rows into the area, those around the cursor where there is no room for all, and says where the cursor is.
    pub(in crate::tui) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let room = canvas.height();
        // The first row is the title, and stays: one row less scrolls.
        let hidden = (self.cursor.0 + 1).saturating_sub(room);
        let rows = || self.rows.iter().enumerate();
        let shown = rows().take(1).chain(rows().skip(1 + hidden)).take(room);
        for (row, (at, text)) in shown.enumerate() {
            canvas.put(row, 0, text, if row == 0 { Meaning::Rule } else { Meaning::Plain });
            if let Some(heard) = self.heard.get(&at) {
                canvas.hear(row, heard);
            }
        }
        if let Some(is_block) = self.typing {
            let row = self.cursor.0.saturating_sub(hidden);
            canvas.type_at((row, 0), (canvas.width(), 1), is_block);
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

/// What is heard of a text that is typed: every line of it, or that there is none.
fn heard_of(field: &TextField) -> String {
    if field.is_blank() { "empty".to_owned() } else { safe_block(&field.text()).join("\n") }
}

/// The place so many steps beside the chosen one, the ends staying; the first or last one where none is chosen, and none
/// where there is nothing.
pub(in crate::tui) fn place_beside(
    count: usize,
    chosen: Option<usize>,
    step: isize,
) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match chosen {
        Some(place) => place.saturating_add_signed(step).min(last),
        None if step > 0 => 0,
        None => last,
    })
}
