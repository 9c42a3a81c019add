//! Text that is being typed: of one line, or of several.

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::keymap::{Key, KeyCode};
use crate::text;

use super::super::Handled;
use super::super::paint::Canvas;

/// A text and the place in it where typing goes on; the cursor stands between grapheme clusters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Typed {
    before: String,
    after: String,
    bytes_max: usize,
}

impl Typed {
    fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// Takes in a character if there is room and it may be kept at all.
    fn insert(&mut self, character: char) -> bool {
        let bytes = self.before.len() + self.after.len() + character.len_utf8();
        let mut buffer = [0; 4];
        let is_sound =
            text::accept_block(character.encode_utf8(&mut buffer), character.len_utf8()).is_ok();
        if bytes <= self.bytes_max && is_sound {
            self.before.push(character);
        }
        bytes <= self.bytes_max && is_sound
    }

    fn left(&mut self) {
        if let Some((at, _)) = self.before.grapheme_indices(true).next_back() {
            let tail = self.before.split_off(at);
            self.after.insert_str(0, &tail);
        }
    }

    fn right(&mut self) {
        let first = self.after.graphemes(true).next().map_or(0, str::len);
        let rest = self.after.split_off(first);
        self.before.push_str(&self.after);
        self.after = rest;
    }

    fn backspace(&mut self) {
        // One character, not one cluster: a wrong mark is taken back without its letter.
        self.before.pop();
    }

    fn delete(&mut self) {
        let first = self.after.graphemes(true).next().map_or(0, str::len);
        self.after = self.after.split_off(first);
    }

    fn edit(&mut self, key: Key) -> Handled {
        if let Some(character) = key.typed() {
            self.insert(character);
            return Handled::Yes;
        }
        if key.modifiers().control || key.modifiers().alt {
            return Handled::No;
        }
        match key.code() {
            KeyCode::Backspace => self.backspace(),
            KeyCode::Delete => self.delete(),
            KeyCode::Left => self.left(),
            KeyCode::Right => self.right(),
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

/// A text of one line that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineField(Typed);

impl LineField {
    /// An empty line that holds so many bytes.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self(Typed { before: String::new(), after: String::new(), bytes_max })
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Whether there is nothing but spaces.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.before.trim().is_empty() && self.0.after.trim().is_empty()
    }

    /// Puts a text in the place of what was there, the cursor at its end; what may not be kept is left out.
    pub fn set(&mut self, words: &str) {
        self.0.before.clear();
        self.0.after.clear();
        self.paste(words);
    }

    /// Takes a key that types or moves inside the line.
    pub fn key(&mut self, key: Key) -> Handled {
        match key.code() {
            KeyCode::Home => self.home(),
            KeyCode::End => self.end(),
            _ => return self.0.edit(key),
        }
        Handled::Yes
    }

    /// Takes pasted text: line breaks become spaces, and what may not be kept is left out.
    pub fn paste(&mut self, words: &str) {
        for character in words.trim_end_matches(['\n', '\r']).chars() {
            let character = if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character };
            self.0.insert(character);
        }
    }

    /// Draws the line at a row from a column on, in so many cells, scrolled so that the cursor is in view; returns the
    /// cursor's column.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        row: usize,
        column: usize,
        cells: usize,
        style: Style,
    ) -> usize {
        let before = text::safe_line(&self.0.before).into_owned();
        let shown = format!("{before}{}", text::safe_line(&self.0.after));
        let at = text::width(&before);
        let skipped = (at + 1).saturating_sub(cells);
        let seen = drop_cells(&shown, skipped);
        canvas.put_within(row, column, cells, &seen, style);
        column + at.saturating_sub(skipped)
    }

    fn home(&mut self) {
        let before = std::mem::take(&mut self.0.before);
        self.0.after.insert_str(0, &before);
    }

    fn end(&mut self) {
        let after = std::mem::take(&mut self.0.after);
        self.0.before.push_str(&after);
    }
}

/// The text without the clusters that fill its first cells.
fn drop_cells(words: &str, cells: usize) -> String {
    let mut dropped = 0;
    words
        .graphemes(true)
        .skip_while(|grapheme| {
            let is_dropped = dropped < cells;
            dropped += text::width(grapheme);
            is_dropped
        })
        .collect()
}

/// A text of several lines that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockField(Typed);

impl BlockField {
    /// An empty text that holds so many bytes.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self(Typed { before: String::new(), after: String::new(), bytes_max })
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Whether there is nothing but spaces.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.text().trim().is_empty()
    }

    /// Puts a text in the place of what was there, the cursor at its end.
    pub fn set(&mut self, words: &str) {
        self.0.before.clear();
        self.0.after.clear();
        self.paste(words);
    }

    /// Takes a key that types or moves; Up on the first line is not taken, so that it can leave the field.
    pub fn key(&mut self, key: Key) -> Handled {
        match key.code() {
            KeyCode::Enter => {
                self.0.insert('\n');
                Handled::Yes
            }
            KeyCode::Up => self.up(),
            KeyCode::Down => self.down(),
            KeyCode::Home => {
                while !self.0.before.is_empty() && !self.0.before.ends_with('\n') {
                    self.0.left();
                }
                Handled::Yes
            }
            KeyCode::End => {
                while !self.0.after.is_empty() && !self.0.after.starts_with('\n') {
                    self.0.right();
                }
                Handled::Yes
            }
            _ => self.0.edit(key),
        }
    }

    /// Takes pasted text; what may not be kept is left out.
    pub fn paste(&mut self, words: &str) {
        for character in words.replace("\r\n", "\n").replace('\r', "\n").chars() {
            self.0.insert(character);
        }
    }

    /// Draws the text wrapped into so many rows, scrolled so that the cursor is in view; returns the cursor's row and
    /// column.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        row: usize,
        column: usize,
        rows: usize,
        style: Style,
    ) -> (usize, usize) {
        let cells = canvas.width().saturating_sub(column + 1).max(1);
        let before = wrapped(&self.0.before, cells);
        let cursor_line = before.len().saturating_sub(1);
        let cursor_cell = before.last().map_or(0, |line| text::width(line));
        let lines = wrapped(&self.text(), cells);
        // The words around the cursor break alike with and without what follows, for lines are broken at cells.
        let top = (cursor_line + 1).saturating_sub(rows);
        for (place, line) in lines.iter().skip(top).take(rows).enumerate() {
            canvas.put(row + place, column, line, style);
        }
        (row + cursor_line - top.min(cursor_line), column + cursor_cell)
    }

    fn line_start(&self) -> usize {
        self.0.before.rfind('\n').map_or(0, |at| at + 1)
    }

    fn up(&mut self) -> Handled {
        let column = self.0.before.get(self.line_start()..).map_or(0, |line| line.chars().count());
        if self.line_start() == 0 {
            return Handled::No;
        }
        while !self.0.before.is_empty() && !self.0.before.ends_with('\n') {
            self.0.left();
        }
        self.0.left();
        while self
            .0
            .before
            .get(self.line_start()..)
            .is_some_and(|line| line.chars().count() > column)
        {
            self.0.left();
        }
        Handled::Yes
    }

    fn down(&mut self) -> Handled {
        if !self.0.after.contains('\n') {
            return Handled::No;
        }
        let column = self.0.before.get(self.line_start()..).map_or(0, |line| line.chars().count());
        while !self.0.after.is_empty() && !self.0.after.starts_with('\n') {
            self.0.right();
        }
        self.0.right();
        while !self.0.after.is_empty()
            && !self.0.after.starts_with('\n')
            && self
                .0
                .before
                .get(self.line_start()..)
                .is_some_and(|line| line.chars().count() < column)
        {
            self.0.right();
        }
        Handled::Yes
    }
}

/// The text made safe and broken into lines of so many cells. A line is broken at its last cell and not at a word, so
/// that what follows the cursor never moves what stands before it.
fn wrapped(words: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in words.split('\n') {
        let safe = text::safe_line(line).into_owned();
        let mut part = String::new();
        let mut filled = 0;
        for grapheme in safe.graphemes(true) {
            let wide = text::width(grapheme);
            if filled + wide > cells {
                lines.push(std::mem::take(&mut part));
                filled = 0;
            }
            part.push_str(grapheme);
            filled += wide;
        }
        lines.push(part);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    #[test]
    fn a_line_is_edited_in_the_middle_and_refuses_what_a_terminal_would_obey() {
        let mut line = LineField::new(8);
        line.paste("ab\u{1b}[d\n");
        assert_eq!(line.text(), "ab[d");
        line.key(Key::plain(KeyCode::Left));
        line.key(Key::plain(KeyCode::Backspace));
        line.key(Key::char('c'));
        assert_eq!(line.text(), "abcd");
        line.paste("efghij");
        assert_eq!(line.text().len(), 8, "no more than its bytes");
    }

    #[test]
    fn a_long_line_shows_the_cursor_even_in_no_room_at_all() {
        let mut line = LineField::new(300);
        line.set("a very long line that is not in view");
        for width in 0..12 {
            let area = Rect::new(0, 0, width, 1);
            let mut buffer = Buffer::empty(area);
            let mut canvas = Canvas::new(area, &mut buffer);
            let cells = canvas.width();
            assert!(line.draw(&mut canvas, 0, 0, cells, Style::new()) <= cells);
        }
    }

    #[test]
    fn a_text_moves_between_its_lines_and_leaves_at_its_ends() {
        let mut block = BlockField::new(100);
        block.set("one\ntwo\nthree");
        assert_eq!(block.key(Key::plain(KeyCode::Down)), Handled::No);
        assert_eq!(block.key(Key::plain(KeyCode::Up)), Handled::Yes);
        block.key(Key::char('!'));
        assert_eq!(block.text(), "one\ntwo!\nthree");
        block.key(Key::plain(KeyCode::Up));
        assert_eq!(block.key(Key::plain(KeyCode::Up)), Handled::No);
    }
}
