//! What there is to read at a moment: the screen, or what lies over it, in lines and in reading order.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::help::Pages;
use crate::tui::history::ScreenId;
use crate::tui::look::Look;
use crate::tui::model::{Model, Overlay};
use crate::tui::paint::Paper;
use crate::tui::sheet::Sheet;
use crate::tui::view::ROWS_BELOW;

use super::speech::{Speech, Typing};
use super::words;

/// Columns of the picture that is read: all that a screen has to say, and one section under the other.
const COLUMNS: u16 = 108;
/// Rows of the picture that is read; a list shows about half of them.
const ROWS: u16 = 48;
/// Rows of pages that are read as a whole.
const ROWS_OF_PAGES: u16 = 1_000;
/// Cells for the letters of the contact's prompt.
const PROMPT_CELLS: usize = 1_000;

/// Columns and rows of the terminal that the model has to fill.
pub(super) const SIZE: (u16, u16) = (COLUMNS + 1, ROWS + ROWS_BELOW);

/// What there is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// Which screen it is, and what lies over it.
    pub(super) place: (ScreenId, &'static str),
    pub(super) lines: Vec<Line>,
    /// The line on which the cursor stands.
    pub(super) focus: Option<usize>,
    /// What can be typed there.
    pub(super) typing: Typing,
    /// Whether the cursor stands at the end of words, so that what is entered next begins a line of its own.
    pub(super) follows_words: bool,
}

/// A line that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) words: String,
    /// What is asked there.
    pub(super) label: Option<String>,
    /// Its place in a list, from 1, and how long that is.
    pub(super) place: Option<(u64, u64)>,
    /// Whether it is the chosen row of a list beside a text.
    pub(super) is_chosen: bool,
    is_heading: bool,
}

impl Line {
    /// As it is read among others: a row with its number.
    pub(super) fn read(&self) -> String {
        let chosen = if self.is_chosen { ", chosen" } else { "" };
        match self.place {
            Some((place, _)) => format!("{place}: {}{chosen}", self.words),
            None => self.words.clone(),
        }
    }

    /// As it is read alone: a row with where it is in its list.
    pub(super) fn read_alone(&self) -> String {
        match self.place {
            Some((place, of)) => format!("{place} of {of}: {}", self.words),
            None => self.words.clone(),
        }
    }

    /// What it is about, whatever time has made of it: a row without its first part, which says when it is due.
    pub(super) fn about(&self) -> &str {
        match (self.place, self.words.split_once("; ")) {
            (Some(_), Some((first, rest))) if is_due(first) => rest,
            _ => &self.words,
        }
    }
}

fn is_due(words: &str) -> bool {
    words.starts_with("due in ") || words.starts_with("late by ")
}

impl Page {
    /// What there is to read of the model as it is.
    pub(super) fn of(model: &Model) -> Self {
        let screen = model.history.current();
        let id = screen.id;
        if let Overlay::Contact(prompt) = &model.overlay {
            return Self::of_prompt(prompt, id);
        }
        let is_long = matches!(model.overlay, Overlay::Pages(_) | Overlay::Lesson(_));
        let rows = if is_long { ROWS_OF_PAGES } else { ROWS };
        let area = Rect::new(0, 0, COLUMNS, rows);
        let mut sheet = Sheet::new(area);
        let mut speech = Speech::default();
        let mut heard = Paper::heard(&mut sheet, Look::default(), &mut speech);
        let paper = &mut heard;
        let draw_pages = |pages: &Pages, paper: &mut Paper<'_>| pages.draw(area, paper);
        let (over, cursor) = match &model.overlay {
            Overlay::Nothing | Overlay::Contact(_) => {
                ("", screen.screen.draw(&model.shared, area, paper))
            }
            Overlay::Palette(palette) => ("all", palette.draw(area, paper)),
            Overlay::Picker(picker) => ("pick", picker.draw(area, paper)),
            Overlay::Macro(form) => ("macro", form.draw(area, paper)),
            Overlay::Pages(pages) => ("pages", draw_pages(pages, paper)),
            Overlay::Lesson(pages) => ("lesson", draw_pages(pages, paper)),
        };
        drop(heard);
        Self::read((id, over), sheet.buffer(), &speech, cursor)
    }

    fn read(
        place: (ScreenId, &'static str),
        buffer: &Buffer,
        speech: &Speech,
        cursor: Position,
    ) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        let mut focus = None;
        for row in buffer.area.top()..buffer.area.bottom() {
            let drawn = words::drawn(buffer, row);
            let said = speech.said(row).cloned().unwrap_or_default();
            let heard = said.words.clone().unwrap_or_else(|| words::heard(&drawn));
            let is_blank = heard.is_empty() && said.words.is_none();
            let heard = match &said.label {
                Some(label) if is_blank => format!("{label}: empty"),
                _ => heard,
            };
            if !heard.is_empty() {
                lines.push(Line {
                    words: heard,
                    label: said.label,
                    place: said.place,
                    is_chosen: said.is_chosen,
                    is_heading: said.words.is_none() && words::is_heading(&drawn),
                });
            }
            if row == cursor.y {
                focus = lines.len().checked_sub(1);
            }
        }
        if is_paged(place.1) {
            lines.pop();
        }
        let typing = speech.typing(cursor);
        let follows_words = speech.cells(cursor).is_some_and(|cells| {
            let is_written = |mut columns: std::ops::Range<u16>| {
                let cell = |column| buffer.cell((column, cursor.y));
                columns.any(|column| cell(column).is_some_and(|cell| cell.symbol() != " "))
            };
            is_written(cells.left()..cursor.x) && !is_written(cursor.x..cells.right())
        });
        Self { place, lines, focus, typing, follows_words }
    }

    /// The prompt of a contact, with every letter and what it does.
    fn of_prompt(prompt: &crate::tui::contact::Prompt, id: ScreenId) -> Self {
        let plain = |words: String, label: Option<String>| Line {
            words,
            label,
            place: None,
            is_chosen: false,
            is_heading: false,
        };
        let rows = prompt.rows().into_iter().map(|row| words::heard(&row));
        let mut lines: Vec<Line> = rows.map(|row| plain(row, None)).collect();
        let typing = if let Some((label, line)) = prompt.line() {
            let label = label.trim().trim_end_matches(':').to_owned();
            let typed = line.text();
            let typed = if typed.is_empty() { "empty".to_owned() } else { typed };
            lines.push(plain(format!("{label}: {typed}"), Some(label)));
            Typing::Line
        } else {
            let letters = words::heard(&prompt.footer("", "/leave", PROMPT_CELLS));
            let letters = letters.trim_start_matches([' ', '.', ';']);
            lines.push(plain(format!("letter: {letters}"), Some("letter".to_owned())));
            Typing::Pick
        };
        let focus = lines.len().checked_sub(1);
        Self { place: (id, "contact"), lines, focus, typing, follows_words: false }
    }

    /// The line with the cursor.
    pub(super) fn focused(&self) -> Option<&Line> {
        self.focus.and_then(|at| self.lines.get(at))
    }

    /// The row that is chosen, and how many there are; nothing where there is no list with numbers.
    pub(super) fn chosen(&self) -> Option<(u64, u64)> {
        let beside = self.lines.iter().find(|line| line.is_chosen);
        let focused = self.focused().filter(|line| line.place.is_some());
        focused.or(beside).or_else(|| self.lines.iter().find(|line| line.place.is_some()))?.place
    }

    /// The row of that number, where it is in view: of the list with the cursor, for a form may list something, too.
    pub(super) fn row(&self, number: u64) -> Option<&Line> {
        let chosen = self.lines.iter().position(|line| line.is_chosen);
        let focused =
            self.focus.filter(|_| self.focused().is_some_and(|line| line.place.is_some()));
        let near = focused.or(chosen).or(self.focus).unwrap_or_default();
        let rows = self.lines.iter().enumerate();
        let rows = rows.filter(|(_, line)| line.place.is_some_and(|(place, _)| place == number));
        rows.min_by_key(|(at, _)| at.abs_diff(near)).map(|(_, line)| line)
    }

    /// What is asked where the cursor is.
    pub(super) fn asked(&self) -> Option<&str> {
        let above = self.lines.iter().take(self.focus? + 1).rev();
        above.take_while(|line| line.place.is_none()).find_map(|line| line.label.as_deref())
    }

    /// Everything, in the order in which it is read.
    pub(super) fn all(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// What was not there before: the heading is passed over, for it tells the time.
    pub(super) fn since<'a>(&'a self, before: &Self) -> Vec<&'a Line> {
        let was = |line: &&Line| before.lines.iter().any(|old| old.about() == line.about());
        self.lines.iter().skip(1).filter(|line| !was(line)).collect()
    }

    /// What is new on the page since then: a list that is another one is read as a whole, for its numbers mean other rows.
    pub(super) fn news<'a>(&'a self, before: &Self) -> Vec<&'a Line> {
        let new = self.since(before);
        let rows = self.lines.iter().filter(|line| line.place.is_some()).count();
        let new_rows = new.iter().filter(|line| line.place.is_some()).count();
        if new_rows * 2 <= rows {
            return new;
        }
        let is_read = |line: &&Line| line.place.is_some() || new.contains(line);
        self.lines.iter().filter(is_read).collect()
    }

    /// The heading of the part in which the cursor is, where it has one of its own.
    pub(super) fn part(&self) -> Option<&str> {
        let above = self.lines.iter().take(self.focus? + 1).rev();
        above.filter(|line| line.is_heading).map(|line| line.words.as_str()).next()
    }
}

/// Whether the last line of such a page says only which rows of it are in view.
fn is_paged(over: &str) -> bool {
    matches!(over, "pages" | "lesson" | "all")
}
