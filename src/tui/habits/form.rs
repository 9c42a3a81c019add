//! The form in which a macro gets its name, and its keys can be read and changed.
use ratatui::layout::{Position, Rect};

use crate::desk::{MACRO_BYTES_MAX, Macro};
use crate::keymap::{Action, Key};
use crate::tui::text::{safe_line, wrap};

use super::super::field::Form;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::screen::Handled;
use super::keystrokes::keys_of;

const NAME: &str = "name";
const KEYS: &str = "keys";

/// Rows in which all keys are shown at once.
const KEYS_ROWS_MAX: usize = 10;

/// The form.
#[derive(Debug)]
pub(in crate::tui) struct MacroForm {
    form: Form,
}

impl MacroForm {
    /// The form of a macro with this name and these keys.
    pub(in crate::tui) fn new(name: &str, keys: &str) -> Self {
        let labels = [(NAME, "what it is called"), (KEYS, "as tka<Enter>")];
        let mut form = Form::new(&labels, MACRO_BYTES_MAX);
        form.set(NAME, name);
        form.set(KEYS, keys);
        Self { form }
    }

    /// Takes a key in the line that has the focus.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Handled {
        self.form.key(key)
    }

    /// Takes pasted text there.
    pub(in crate::tui) fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    /// Moves between the lines; whether the action is one that does.
    pub(in crate::tui) fn act(&mut self, action: Action) -> Handled {
        match action {
            Action::NextField => drop(self.form.go_next()),
            Action::PreviousField => drop(self.form.go_previous()),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// The macro, once it has a name and its keys are keys.
    ///
    /// # Errors
    /// What is the matter, in a sentence; the focus goes there.
    pub(in crate::tui) fn filled(&mut self) -> Result<Macro, String> {
        let name = self.form.text(NAME);
        if name.is_empty() {
            self.form.focus_on(NAME);
            return Err("A macro has a name: type one.".to_owned());
        }
        // Spaces at the ends are keys, too.
        let words = self.form.words();
        let keys = words.into_iter().find(|(label, _)| label == KEYS).map(|(_, keys)| keys);
        let keys = keys.unwrap_or_default();
        if let Err(why) = keys_of(&keys) {
            self.form.focus_on(KEYS);
            return Err(why);
        }
        Ok(Macro { name, keys })
    }

    /// Draws the form over the area, with all keys below, and says where the cursor is to stand.
    pub(in crate::tui) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        canvas.put(0, 0, "MACRO  keys that are played again", Meaning::Strong);
        let cursor = self.form.draw(&mut canvas, 2, 2);
        canvas.rule(
            5,
            "-- all keys, with every text that was typed: they are kept as they stand here",
        );
        let words = self.form.words();
        let keys =
            words.iter().find(|(label, _)| label == KEYS).map_or("", |(_, keys)| keys.as_str());
        let cells = canvas.width();
        for (row, line) in (6..).zip(wrap(&safe_line(keys), cells, KEYS_ROWS_MAX)) {
            canvas.line(row, &line);
        }
        canvas.position(cursor.0, cursor.1)
    }
}
