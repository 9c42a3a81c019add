//! Picks a subject by some letters of its code, its label or a synonym.

use crate::desk::{Answer, AskSubjects};
use crate::domain::knowledge::Subject;
use crate::domain::limits::CODE_BYTES_MAX;
use crate::keymap::{Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Turn, Typed};

/// Subjects that are offered at once.
const SHOWN: u32 = 4;

/// The letters, and what fits them.
#[derive(Debug)]
pub(super) struct SubjectPicker {
    letters: TextField,
    subjects: Vec<Subject>,
    chosen: usize,
    ticket: Option<Ticket>,
}

impl SubjectPicker {
    pub(super) fn new() -> Self {
        let letters = TextField::line(CODE_BYTES_MAX);
        Self { letters, subjects: Vec::new(), chosen: 0, ticket: None }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.letters.is_blank()
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.ticket.is_some()
    }

    pub(super) fn chosen(&self) -> Option<&Subject> {
        self.subjects.get(self.chosen)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Typed {
        let typed = self.letters.key(key).into();
        self.typed(typed, context)
    }

    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) -> Typed {
        let typed = self.letters.paste(text).into();
        self.typed(typed, context)
    }

    fn typed(&mut self, typed: Typed, context: &mut Context<'_>) -> Typed {
        if typed == Typed::Changed {
            self.chosen = 0;
            self.subjects.clear();
            self.ticket = (!self.letters.is_blank())
                .then(|| context.ask(AskSubjects { text: self.letters.text(), limit: SHOWN }));
        }
        typed
    }

    /// Moves among the subjects that are offered; whether there was anything to move among.
    pub(super) fn turn(&mut self, turn: Turn, key: Key) -> bool {
        if self.subjects.len() < 2 || !matches!(key.code(), KeyCode::Up | KeyCode::Down) {
            return false;
        }
        self.chosen = match turn {
            Turn::Next => (self.chosen + 1).min(self.subjects.len() - 1),
            Turn::Previous => self.chosen.saturating_sub(1),
        };
        true
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        if let Some(Answer::Subjects(subjects)) = answer {
            self.subjects.clone_from(&subjects.subjects);
        }
        true
    }

    pub(super) fn show(&self, label: &str, has_focus: bool, cells: usize, picture: &mut Picture) {
        picture.field(label, &self.letters, has_focus, cells, 1);
        for (at, subject) in self.subjects.iter().enumerate() {
            let marker = if at == self.chosen { '>' } else { ' ' };
            let words = format!("{marker}{} {}", subject.code, safe_line(&subject.label));
            picture.words("", &words, cells, 1);
        }
    }
}
