//! The reason to take a closed case up again.

use crate::desk::DraftForm;
use crate::domain::cases::CaseAct;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// A case that is being reopened.
#[derive(Debug)]
pub(super) struct ReopenEditor {
    reason: TextField,
}

impl ReopenEditor {
    pub(super) fn new() -> Self {
        Self { reason: TextField::line(LINE_BYTES_MAX) }
    }
}

impl Editor for ReopenEditor {
    fn title(&self) -> &'static str {
        "REOPEN"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Reopen)
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::Leave]
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.reason.key(key).into()
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.reason.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {}

    fn compose(&mut self, _scene: &Scene) -> Composed {
        if self.reason.is_blank() {
            return Composed::Missing("A case is reopened with a reason: type it.".to_owned());
        }
        Composed::Acts(vec![CaseAct::Reopen { reason: self.reason.text() }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        kept("reason", self.reason.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        "reason"
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "reason" {
            self.reason.set(text);
        }
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, _scene: &Scene, cells: usize, picture: &mut Picture) {
        picture.field("reason", &self.reason, true, cells, 3);
        picture.words("then", "the case is yours, and its clocks start again today", cells, 1);
    }
}
