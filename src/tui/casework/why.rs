//! Why the case is due when it is due, and why it is where it is.

use crate::desk::{Answer, AskWhy, DraftForm};
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::field::Picture;
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed};

/// Sentences shown, and rows of each.
const LINES_MAX: usize = 12;
const ROWS_MAX: usize = 3;

/// The explanation, in place.
#[derive(Debug)]
pub(super) struct WhyPanel {
    ticket: Option<Ticket>,
    lines: Option<Vec<String>>,
}

impl WhyPanel {
    pub(super) fn new() -> Self {
        Self { ticket: None, lines: None }
    }
}

impl Editor for WhyPanel {
    fn title(&self) -> &'static str {
        "WHY"
    }

    fn form(&self) -> Option<DraftForm> {
        None
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Leave]
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.ticket = Some(context.ask(AskWhy { case: scene.row.id }));
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        let code = key.code();
        if matches!(code, KeyCode::Char('w' | 'q') | KeyCode::Space | KeyCode::Enter) {
            Typed::Close
        } else {
            Typed::Nothing
        }
    }

    fn paste(&mut self, _text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        Typed::Nothing
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {}

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.lines = Some(match answer {
            Some(Answer::Why(why)) => why.lines.clone(),
            _ => vec!["The desk did not say.".to_owned()],
        });
        true
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        Composed::Nothing
    }

    fn fields(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn focus(&self) -> &'static str {
        "why"
    }

    fn restore(&mut self, _field: &str, _text: &str) {}

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, _scene: &Scene, cells: usize, picture: &mut Picture) {
        for line in self.lines.iter().flatten().take(LINES_MAX) {
            picture.words("", line, cells, ROWS_MAX);
        }
        if self.lines.is_none() {
            picture.words("", "reading", cells, 1);
        }
    }
}
