//! A form of labelled lines, one under the other.

use crate::keymap::Key;
use crate::tui::text;

use super::super::Handled;
use super::super::paint::{Canvas, Meaning};
use super::TextField;

/// A labelled line.
#[derive(Debug, Clone)]
pub struct FormField {
    /// What it is called: on the screen, and in the draft.
    pub label: &'static str,
    /// What can be typed, shown while it is empty.
    pub hint: &'static str,
    /// What was typed.
    pub line: TextField,
}

impl FormField {
    /// What is heard of it: what was typed, or what can be.
    fn heard(&self) -> String {
        match (self.line.is_blank(), self.hint) {
            (true, "") => format!("{}: empty", self.label),
            (true, hint) => format!("{}: empty; {hint}", self.label),
            (false, _) => format!("{}: {}", self.label, text::safe_line(&self.line.text())),
        }
    }
}

/// Labelled lines with one that has the focus.
#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: Vec<FormField>,
    focus: usize,
}

impl Form {
    /// A form of these labels and hints, each line of so many bytes.
    #[must_use]
    pub fn new(labels: &[(&'static str, &'static str)], bytes_max: usize) -> Self {
        let fields = labels
            .iter()
            .map(|(label, hint)| FormField { label, hint, line: TextField::line(bytes_max) })
            .collect();
        Self { fields, focus: 0 }
    }

    /// What was typed under a label, without the spaces around it.
    #[must_use]
    pub fn text(&self, label: &str) -> String {
        let field = self.fields.iter().find(|field| field.label == label);
        field.map(|field| field.line.text().trim().to_owned()).unwrap_or_default()
    }

    /// What was typed under a label, if anything was.
    #[must_use]
    pub fn filled(&self, label: &str) -> Option<String> {
        Some(self.text(label)).filter(|words| !words.is_empty())
    }

    /// Puts words under a label.
    pub fn set(&mut self, label: &str, words: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.label == label) {
            field.line.set(words);
        }
    }

    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The label that has the focus.
    #[must_use]
    pub fn focus(&self) -> &'static str {
        self.fields.get(self.focus).map_or("", |field| field.label)
    }

    /// Gives a label the focus.
    pub fn focus_on(&mut self, label: &str) {
        if let Some(place) = self.fields.iter().position(|field| field.label == label) {
            self.focus = place;
        }
    }

    /// Moves to the next line; whether there was one.
    pub fn go_next(&mut self) -> bool {
        let is_last = self.focus + 1 >= self.fields.len();
        if !is_last {
            self.focus += 1;
        }
        !is_last
    }

    /// Moves to the line before; whether there was one.
    pub fn go_previous(&mut self) -> bool {
        let is_first = self.focus == 0;
        self.focus = self.focus.saturating_sub(1);
        !is_first
    }

    /// Takes a key in the line that has the focus.
    pub fn key(&mut self, key: Key) -> Handled {
        self.fields.get_mut(self.focus).map_or(Handled::No, |field| field.line.key(key).into())
    }

    /// Takes pasted text there.
    pub fn paste(&mut self, words: &str) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.line.paste_keepable(words);
        }
    }

    /// Labels and words, for a draft.
    #[must_use]
    pub fn words(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|field| (field.label.to_owned(), field.line.text())).collect()
    }

    /// Draws the lines from a row on, in at most so many rows, the focused one among them; returns the cursor's row and
    /// column.
    pub fn draw(&self, canvas: &mut Canvas<'_>, row: usize, rows: usize) -> (usize, usize) {
        let labels = self.fields.iter().map(|field| text::width(field.label)).max().unwrap_or(0);
        let column = labels + 3;
        let top = (self.focus + 1).saturating_sub(rows);
        let mut cursor = (row, column);
        for (place, field) in self.fields.iter().enumerate().skip(top).take(rows) {
            let is_focused = place == self.focus;
            let marker = if is_focused { ">" } else { " " };
            let at = row + place - top;
            canvas.put(at, 0, &format!("{marker}{}", field.label), Meaning::Plain);
            if field.line.is_blank() {
                canvas.put(at, column + 1, field.hint, Meaning::Faint);
            }
            canvas.ask(at, field.label);
            canvas.say(at, || field.heard());
            let cells = canvas.width().saturating_sub(column);
            let shown = field.line.draw_in_row(canvas, at, column, cells);
            if is_focused {
                cursor = (at, shown);
            }
        }
        cursor
    }
}
