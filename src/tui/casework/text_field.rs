//! A text that is being typed: one line or several, with the usual keys.

use tui_textarea::{CursorMove, DataCursor, TextArea};

use crate::keymap::{Key, KeyCode};
use crate::text::{accept_block, accept_line};

use super::layout::{Layout, lay_out, window};

/// Steps that can be undone in one text.
const UNDO_STEPS_MAX: usize = 100;

/// A change of the edit model; whether it changed anything.
type Edit = fn(&mut TextArea<'static>) -> bool;

/// What came of a key or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// The text is another one now.
    Changed,
    /// The key was taken, and the text is the same.
    Same,
    /// The key means nothing in a text.
    NotTaken,
    /// It was not put in: why, and what to do.
    Refused(String),
}

/// The text, its cursor and its limits.
#[derive(Debug, Clone)]
pub(super) struct TextField {
    area: TextArea<'static>,
    is_block: bool,
    bytes_max: usize,
}

impl TextField {
    /// An empty field of one line.
    pub(super) fn line(bytes_max: usize) -> Self {
        Self::new(false, bytes_max)
    }

    /// An empty field of several lines.
    pub(super) fn block(bytes_max: usize) -> Self {
        Self::new(true, bytes_max)
    }

    fn new(is_block: bool, bytes_max: usize) -> Self {
        let mut area = TextArea::default();
        area.set_max_histories(UNDO_STEPS_MAX);
        Self { area, is_block, bytes_max }
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether there is nothing but space in it.
    pub(super) fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Puts a text in the place of what is there, with the cursor at `cursor` characters from its beginning, or at its
    /// end.
    pub(super) fn set(&mut self, text: &str, cursor: Option<usize>) {
        let text = if self.is_block { text.to_owned() } else { text.replace('\n', " ") };
        self.area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        self.area.set_max_histories(UNDO_STEPS_MAX);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
        if let Some(characters) = cursor {
            let before: String = text.chars().take(characters).collect();
            let line = before.matches('\n').count();
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
            let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            self.area.move_cursor(CursorMove::Jump(place(line), place(column)));
        }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Written {
        if let Some(letter) = key.typed() {
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
    pub(super) fn paste(&mut self, text: &str) -> Written {
        if self.is_block {
            return self.put(&text.replace("\r\n", "\n"));
        }
        let line = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ");
        self.put(&line.replace(['\r', '\n', '\t'], " "))
    }

    /// The rows of the text in so many cells, at most `rows_max` around the cursor.
    pub(super) fn layout(&self, cells: usize, rows_max: usize) -> Layout {
        let DataCursor(line, column) = self.area.cursor();
        window(lay_out(self.area.lines(), (line, column), cells), rows_max)
    }

    fn put(&mut self, text: &str) -> Written {
        let bytes: usize = self.area.lines().iter().map(|line| line.len() + 1).sum();
        let room = self.bytes_max.saturating_sub(bytes.saturating_sub(1));
        let accepted =
            if self.is_block { accept_block(text, room) } else { accept_line(text, room) };
        match accepted {
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
            KeyCode::Backspace => return changed(self.area.delete_char()),
            KeyCode::Delete => return changed(self.area.delete_next_char()),
            KeyCode::Left => self.area.move_cursor(CursorMove::Back),
            KeyCode::Right => self.area.move_cursor(CursorMove::Forward),
            KeyCode::Up if self.is_block => self.area.move_cursor(CursorMove::Up),
            KeyCode::Down if self.is_block => self.area.move_cursor(CursorMove::Down),
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

    /// The keys of a shell's line; Ctrl-U undoes.
    fn control(&mut self, key: Key) -> Written {
        let moves = [
            (KeyCode::Char('a'), CursorMove::Head),
            (KeyCode::Char('e'), CursorMove::End),
            (KeyCode::Left, CursorMove::WordBack),
            (KeyCode::Right, CursorMove::WordForward),
        ];
        let code = key.code();
        if let Some((_, to)) = moves.into_iter().find(|(moving, _)| *moving == code) {
            self.area.move_cursor(to);
            return Written::Same;
        }
        let edits: [(KeyCode, Edit); 5] = [
            (KeyCode::Char('w'), TextArea::delete_word),
            (KeyCode::Backspace, TextArea::delete_word),
            (KeyCode::Char('k'), TextArea::delete_line_by_end),
            (KeyCode::Char('u'), TextArea::undo),
            (KeyCode::Char('r'), TextArea::redo),
        ];
        let edit = edits.into_iter().find(|(editing, _)| *editing == code);
        edit.map_or(Written::NotTaken, |(_, edit)| changed(edit(&mut self.area)))
    }

    /// An undo of the edit model can leave the cursor behind the end of its line.
    fn clamp_cursor(&mut self) {
        let DataCursor(line, column) = self.area.cursor();
        let last = self.area.lines().len().saturating_sub(1);
        let letters =
            |line: usize| self.area.lines().get(line).map_or(0, |text| text.chars().count());
        let (safe_line, safe_column) = (line.min(last), column.min(letters(line.min(last))));
        if (line, column) != (safe_line, safe_column) {
            let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            self.area.move_cursor(CursorMove::Jump(place(safe_line), place(safe_column)));
        }
    }
}

fn changed(is_changed: bool) -> Written {
    if is_changed { Written::Changed } else { Written::Same }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_no_control_and_no_more_than_it_holds() {
        let mut field = TextField::line(4);
        assert_eq!(field.paste("a\nb"), Written::Changed);
        assert_eq!(field.text(), "a b");
        assert!(matches!(field.paste("\u{1b}"), Written::Refused(_)));
        assert!(matches!(field.paste("cd"), Written::Refused(_)));
        assert_eq!(field.key(Key::char('c')), Written::Changed);
        assert_eq!(field.text(), "a bc");
    }

    #[test]
    fn an_undo_leaves_the_cursor_in_the_text() {
        let mut field = TextField::block(100);
        field.set("one\ntwo", Some(2));
        for letter in "xyz".chars() {
            field.key(Key::char(letter));
        }
        for _ in 0..9 {
            field.key(Key::control('u'));
        }
        field.key(Key::char('!'));
        assert_eq!(field.text(), "on!e\ntwo");
    }
}
