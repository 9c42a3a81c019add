//! A text that is being typed: one line or several, with the usual keys.

use tui_textarea::{CursorMove, DataCursor, TextArea};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::keymap::{Key, KeyCode};
use crate::text::{TextRefusal, accept_block, accept_line, clip, safe_line, width};
use crate::tui::Handled;
use crate::tui::paint::{Canvas, Meaning};

use super::layout::{Layout, as_field, lay_out, window};

/// Steps that can be undone in one text.
const UNDO_STEPS_MAX: usize = 100;

/// Takes the line that has the cursor out.
fn clear(area: &mut TextArea<'static>) -> bool {
    area.move_cursor(CursorMove::End);
    area.delete_line_by_head()
}

/// A change of the edit model; whether it changed anything.
type Edit = fn(&mut TextArea<'static>) -> bool;

/// What came of a key or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The text is another one now.
    Changed,
    /// The key was taken, and the text is the same.
    Same,
    /// The key means nothing in a text.
    NotTaken,
    /// It was not put in: why, and what to do.
    Refused(String),
}

impl From<Written> for Handled {
    fn from(written: Written) -> Self {
        match written {
            Written::Changed | Written::Same | Written::Refused(_) => Self::Yes,
            Written::NotTaken => Self::No,
        }
    }
}

/// A text of one line or of several: what was typed, its cursor and its limits.
#[derive(Debug, Clone)]
pub struct TextField {
    area: TextArea<'static>,
    is_block: bool,
    bytes_max: usize,
}

impl TextField {
    /// An empty field of one line.
    #[must_use]
    pub fn line(bytes_max: usize) -> Self {
        Self::new(false, bytes_max)
    }

    /// An empty field of several lines.
    #[must_use]
    pub fn block(bytes_max: usize) -> Self {
        Self::new(true, bytes_max)
    }

    fn new(is_block: bool, bytes_max: usize) -> Self {
        let mut area = TextArea::default();
        area.set_max_histories(UNDO_STEPS_MAX);
        Self { area, is_block, bytes_max }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether it is a text of several lines.
    #[must_use]
    pub fn is_block(&self) -> bool {
        self.is_block
    }

    /// Whether there is nothing but space in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Puts a text in the place of what is there, with the cursor at its end; what may not be kept is left out.
    pub fn set(&mut self, text: &str) {
        let kept = self.keepable(text, self.bytes_max);
        self.area = TextArea::new(kept.split('\n').map(str::to_owned).collect());
        self.area.set_max_histories(UNDO_STEPS_MAX);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// How many characters stand before the cursor on its line.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.area.cursor().1
    }

    /// Moves the cursor to so many characters from the beginning.
    pub fn set_cursor(&mut self, characters: usize) {
        let before: String = self.text().chars().take(characters).collect();
        let line = before.matches('\n').count();
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
        self.jump(line, column);
    }

    /// The text before the cursor.
    #[must_use]
    pub fn before_cursor(&self) -> String {
        self.text().chars().take(self.characters_before()).collect()
    }

    /// The text from the cursor on.
    #[must_use]
    pub fn after_cursor(&self) -> String {
        self.text().chars().skip(self.characters_before()).collect()
    }

    fn characters_before(&self) -> usize {
        let DataCursor(line, column) = self.area.cursor();
        let above = self.area.lines().iter().take(line);
        above.map(|line| line.chars().count() + 1).sum::<usize>() + column
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Written {
        // What is told in a text stays as it was written; a line is read by casedesk, whose times and numbers are Latin.
        let written = key.written().filter(|_| self.is_block);
        if let Some(letter) = written.or(key.typed()) {
            return self.put(&letter.to_string());
        }
        if key.modifiers().alt {
            return Written::NotTaken;
        }
        let written = if key.modifiers().control { self.control(key) } else { self.plain(key) };
        self.clamp_cursor();
        written
    }

    /// Puts pasted text in at the cursor. What a terminal would obey is refused, and the line breaks of a text that goes
    /// into one line become spaces.
    pub fn paste(&mut self, text: &str) -> Written {
        let text = self.in_lines(text);
        self.put(&text)
    }

    /// Puts pasted text in at the cursor, as much of it as there is room for; what may not be kept is left out. Returns
    /// how many characters that is.
    pub fn paste_keepable(&mut self, text: &str) -> usize {
        let kept = self.keepable(text, self.room());
        self.area.insert_str(&kept);
        self.in_lines(text).chars().count().saturating_sub(kept.chars().count())
    }

    /// The rows of the text in so many cells, at most `rows_max` around the cursor.
    pub(in crate::tui) fn layout(&self, cells: usize, rows_max: usize) -> Layout {
        let DataCursor(line, column) = self.area.cursor();
        window(lay_out(self.area.lines(), (line, column), cells), rows_max)
    }

    /// Draws the text from a row and column on, in at most so many rows around the cursor; returns the cursor's row and
    /// column.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        row: usize,
        column: usize,
        rows: usize,
    ) -> (usize, usize) {
        let cells = canvas.width().saturating_sub(column);
        let layout = self.layout(cells, rows);
        canvas.type_at((row, column), (cells, layout.rows.len()), self.is_block);
        for (place, line) in layout.rows.iter().enumerate() {
            canvas.put(row + place, column, line, Meaning::Plain);
        }
        (row + layout.cursor.0, column + layout.cursor.1)
    }

    /// Draws the line with the cursor in one row from a column on, in so many cells, scrolled so that the cursor is in
    /// view; returns the cursor's column.
    pub fn draw_in_row(
        &self,
        canvas: &mut Canvas<'_>,
        row: usize,
        column: usize,
        cells: usize,
    ) -> usize {
        let (before, after) = self.around_cursor();
        let before = safe_line(&before).into_owned();
        let at = width(&before);
        let skipped = (at + 1).saturating_sub(cells);
        let line = format!("{before}{}", safe_line(&after));
        let seen = clip(&drop_cells(&line, skipped), cells).into_owned();
        canvas.type_at((row, column), (cells, 1), self.is_block);
        canvas.put_within(row, column, cells, &as_field(&seen, &line, cells), Meaning::Plain);
        column + at.saturating_sub(skipped)
    }

    fn accept(&self, text: &str, bytes_max: usize) -> Result<String, TextRefusal> {
        if self.is_block { accept_block(text, bytes_max) } else { accept_line(text, bytes_max) }
    }

    /// Bytes that still go in.
    fn room(&self) -> usize {
        let bytes: usize = self.area.lines().iter().map(|line| line.len() + 1).sum();
        self.bytes_max.saturating_sub(bytes.saturating_sub(1))
    }

    /// A pasted text with its line breaks as this field has them.
    fn in_lines(&self, text: &str) -> String {
        if self.is_block {
            return text.replace("\r\n", "\n");
        }
        let line = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ");
        line.replace(['\r', '\n', '\t'], " ")
    }

    /// As much of the text as may be kept in so many bytes.
    fn keepable(&self, text: &str, bytes_max: usize) -> String {
        let mut kept = String::new();
        let mut letter_bytes = [0; 4];
        for letter in self.in_lines(text).replace('\r', "\n").chars() {
            let is_sound = self.accept(letter.encode_utf8(&mut letter_bytes), usize::MAX).is_ok();
            if is_sound && kept.len() + letter.len_utf8() <= bytes_max {
                kept.push(letter);
            }
        }
        kept
    }

    fn put(&mut self, text: &str) -> Written {
        let room = self.room();
        match self.accept(text, room) {
            Ok(text) if self.area.insert_str(&text) => Written::Changed,
            Ok(_) => Written::Same,
            Err(_) if text.len() > room => {
                Written::Refused(format!("This field holds {} bytes: shorten it.", self.bytes_max))
            }
            Err(refusal) => Written::Refused(format!("Not put in: {refusal}.")),
        }
    }

    fn plain(&mut self, key: Key) -> Written {
        match key.code() {
            KeyCode::Enter if self.is_block => return self.put("\n"),
            KeyCode::Backspace => return changed(self.delete_before()),
            KeyCode::Delete => return changed(self.area.delete_str(self.letters_after())),
            KeyCode::Left => self.repeat(CursorMove::Back, self.letters_before()),
            KeyCode::Right => self.repeat(CursorMove::Forward, self.letters_after()),
            KeyCode::Up if self.has_line_above() => self.area.move_cursor(CursorMove::Up),
            KeyCode::Down if self.has_line_below() => self.area.move_cursor(CursorMove::Down),
            KeyCode::Home => self.area.move_cursor(CursorMove::Head),
            KeyCode::End => self.area.move_cursor(CursorMove::End),
            KeyCode::Char(_)
            | KeyCode::AnyDigit
            | KeyCode::Space
            | KeyCode::Enter
            | KeyCode::Tab
            | KeyCode::BackTab
            | KeyCode::Esc
            | KeyCode::Insert
            | KeyCode::Up
            | KeyCode::Down
            | KeyCode::PageUp
            | KeyCode::PageDown
            | KeyCode::F(_) => return Written::NotTaken,
        }
        Written::Same
    }

    /// The keys of a shell's line. Ctrl-U clears one line; in a text of several, where that is no small loss, it undoes.
    fn control(&mut self, key: Key) -> Written {
        let moves = [
            (KeyCode::Char('a'), CursorMove::Head),
            (KeyCode::Char('e'), CursorMove::End),
            (KeyCode::Char('n'), CursorMove::Down),
            (KeyCode::Char('p'), CursorMove::Up),
            (KeyCode::Left, CursorMove::WordBack),
            (KeyCode::Right, CursorMove::WordForward),
        ];
        let code = key.code();
        match code {
            KeyCode::Char('f') => return self.plain(Key::plain(KeyCode::Right)),
            KeyCode::Char('b') => return self.plain(Key::plain(KeyCode::Left)),
            KeyCode::Char('d') => return self.plain(Key::plain(KeyCode::Delete)),
            _ => {}
        }
        if let Some((_, to)) = moves.into_iter().find(|(moving, _)| *moving == code) {
            self.area.move_cursor(to);
            return Written::Same;
        }
        let edits: [(KeyCode, Edit); 5] = [
            (KeyCode::Char('w'), TextArea::delete_word),
            (KeyCode::Backspace, TextArea::delete_word),
            (KeyCode::Char('k'), TextArea::delete_line_by_end),
            (KeyCode::Char('u'), if self.is_block { TextArea::undo } else { clear }),
            (KeyCode::Char('r'), TextArea::redo),
        ];
        let edit = edits.into_iter().find(|(editing, _)| *editing == code);
        edit.map_or(Written::NotTaken, |(_, edit)| changed(edit(&mut self.area)))
    }

    /// Takes the cluster before the cursor away: a letter goes with its marks. A line break is none, and is left to the model.
    fn delete_before(&mut self) -> bool {
        match self.letters_before() {
            1 => self.area.delete_char(),
            letters => {
                self.repeat(CursorMove::Back, letters);
                self.area.delete_str(letters)
            }
        }
    }

    /// An undo of the edit model can leave the cursor behind the end of its line, and a move by words or lines inside a
    /// cluster.
    fn clamp_cursor(&mut self) {
        let DataCursor(line, column) = self.area.cursor();
        let last = self.area.lines().len().saturating_sub(1);
        let letters =
            |line: usize| self.area.lines().get(line).map_or(0, |text| text.chars().count());
        let safe_line = line.min(last);
        let safe_column = self.cluster_at(safe_line, column.min(letters(safe_line)));
        if (line, column) != (safe_line, safe_column) {
            self.jump(safe_line, safe_column);
        }
    }

    /// The beginning of the cluster in which a place lies.
    fn cluster_at(&self, line: usize, column: usize) -> usize {
        let text = self.area.lines().get(line).map_or("", String::as_str);
        let mut begins = 0;
        for cluster in text.graphemes(true) {
            let ends = begins + cluster.chars().count();
            if ends > column {
                break;
            }
            begins = ends;
        }
        begins
    }

    fn jump(&mut self, line: usize, column: usize) {
        let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(place(line), place(column)));
    }

    fn repeat(&mut self, to: CursorMove, times: usize) {
        for _ in 0..times {
            self.area.move_cursor(to);
        }
    }

    fn has_line_above(&self) -> bool {
        let DataCursor(line, _) = self.area.cursor();
        line > 0
    }

    fn has_line_below(&self) -> bool {
        let DataCursor(line, _) = self.area.cursor();
        line + 1 < self.area.lines().len()
    }

    /// The cursor's line, up to the cursor and from there on.
    fn around_cursor(&self) -> (String, String) {
        let DataCursor(line, column) = self.area.cursor();
        let line = self.area.lines().get(line).map_or("", String::as_str);
        (line.chars().take(column).collect(), line.chars().skip(column).collect())
    }

    /// Characters of the cluster before the cursor: the cursor moves over whole clusters. A line break is one.
    fn letters_before(&self) -> usize {
        let (before, _) = self.around_cursor();
        before.graphemes(true).next_back().map_or(1, |cluster| cluster.chars().count())
    }

    /// Characters of the cluster after the cursor.
    fn letters_after(&self) -> usize {
        let (_, after) = self.around_cursor();
        after.graphemes(true).next().map_or(1, |cluster| cluster.chars().count())
    }
}

fn changed(is_changed: bool) -> Written {
    if is_changed { Written::Changed } else { Written::Same }
}

/// The text without the clusters that fill its first cells.
fn drop_cells(words: &str, cells: usize) -> String {
    let mut dropped = 0;
    words
        .graphemes(true)
        .skip_while(|grapheme| {
            let is_dropped = dropped < cells;
            dropped += width(grapheme);
            is_dropped
        })
        .collect()
}

#[cfg(test)]
mod tests;
