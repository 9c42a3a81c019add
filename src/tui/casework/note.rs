//! The note: several lines.

use crate::desk::DraftForm;
use crate::domain::cases::{CaseAct, EachAct};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{self, Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Rows of a note that are shown at once, at least and at most.
const ROWS: std::ops::RangeInclusive<usize> = 3..=10;

/// A note that is being written.
#[derive(Debug)]
pub(super) struct NoteEditor {
    text: TextField,
}

impl NoteEditor {
    pub(super) fn new() -> Self {
        Self { text: TextField::block(TEXT_BYTES_MAX) }
    }
}

impl Editor for NoteEditor {
    fn title(&self) -> &'static str {
        "NOTE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Note)
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Editor
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::Leave]
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.text.key(key).into()
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.text.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {}

    fn compose(&mut self, _scene: &Scene) -> Composed {
        if self.text.is_blank() {
            return Composed::Missing("There is nothing in the note: type it first.".to_owned());
        }
        Composed::Acts(vec![CaseAct::Note { text: self.text.text() }])
    }

    fn for_each(&self, _scene: &Scene) -> Option<EachAct> {
        let note = || CaseAct::Note { text: self.text.text() };
        (!self.text.is_blank()).then(|| EachAct::Acts(vec![note()]))
    }

    fn fields(&self) -> Vec<(String, String)> {
        kept("text", self.text.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        "text"
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "text" {
            self.text.set(text);
        }
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, _scene: &Scene, cells: usize, picture: &mut Picture) {
        picture.text(&self.text, true, cells, ROWS);
    }
}
