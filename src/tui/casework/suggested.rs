//! What closed cases suggest for the case of an editor: asked for when it is opened, shown with the words that decided.

use crate::desk::{Answer, AskSuggestion, SuggestedSubject, SuggestionAnswer};
use crate::domain::SubjectCode;
use crate::domain::cases::{Nature, Suggested};
use crate::tui::field::Picture;
use crate::tui::screen::{Context, Ticket};

use super::editor::Scene;

/// What is suggested, once it is known.
#[derive(Debug, Default)]
pub(super) struct Suggestion {
    ticket: Option<Ticket>,
    answer: Option<SuggestionAnswer>,
}

impl Suggestion {
    pub(super) fn ask(&mut self, scene: &Scene, context: &mut Context<'_>) {
        let question = AskSuggestion { case: Some(scene.row.id), text: String::new() };
        self.ticket = Some(context.ask(question));
    }

    /// Takes the answer; whether it was for this.
    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        if let Some(Answer::Suggestion(suggestion)) = answer {
            self.answer = Some((**suggestion).clone());
        }
        true
    }

    /// Whether it is not known yet whether anything is suggested.
    pub(super) fn is_waiting(&self) -> bool {
        self.ticket.is_some()
    }

    pub(super) fn subject(&self) -> Option<&SuggestedSubject> {
        self.answer.as_ref()?.subject.as_ref()
    }

    /// A nature other than the one that the case has.
    pub(super) fn nature(&self, scene: &Scene) -> Option<(Nature, u8)> {
        self.answer.as_ref()?.nature.filter(|(nature, _)| *nature != scene.row.nature)
    }

    /// What is kept of it, once a subject was settled.
    pub(super) fn kept(&self, settled: &SubjectCode) -> Option<Suggested> {
        self.subject().map(|subject| subject.kept(subject.code == *settled))
    }

    /// Adds what is suggested, and what takes it.
    pub(super) fn show(&self, takes: &str, cells: usize, picture: &mut Picture) {
        let is_learning = self.answer.as_ref().is_some_and(|answer| answer.is_learning);
        match self.subject() {
            Some(subject) => {
                let words = format!("{}{takes}", subject.in_words());
                picture.words("suggests", &words, cells, 2);
            }
            None if is_learning => {
                let words = "closed cases are being read: there is nothing to suggest yet";
                picture.words("suggests", words, cells, 1);
            }
            None => {}
        }
    }
}
