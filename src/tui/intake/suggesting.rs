//! The subject that closed cases suggest while a matter is taken in: asked for when the words rest, taken with one key.

use crate::desk::AskSuggestion;
use crate::domain::cases::Suggested;
use crate::tui::screen::{Context, Status};

use super::screen::IntakeScreen;

impl IntakeScreen {
    /// Asks what closed cases suggest for what is said, where no subject is settled and the words are others than before.
    pub(super) fn ask_suggestion(&mut self, context: &mut Context<'_>) {
        let words = self.fields.says.text();
        let is_open = self.fields.subject.is_none() && self.asked_suggestion.is_none();
        if is_open && words != self.suggested_for && !words.trim().is_empty() {
            self.suggested_for.clone_from(&words);
            self.asked_suggestion = Some(context.ask(AskSuggestion { case: None, text: words }));
        }
    }

    /// Whether a subject is suggested that can still be taken: none is settled, and none is being looked for.
    pub(super) fn is_suggested(&self) -> bool {
        let is_open = self.fields.subject.is_none() && self.fields.subject_text.is_blank();
        is_open && self.suggested.is_some()
    }

    /// Takes the suggestion from whichever field has the focus, which keeps it.
    pub(super) fn take_suggested(&mut self, context: &mut Context<'_>) {
        if self.is_suggested() {
            self.settle_suggested(context);
        } else {
            let nothing = if self.fields.subject.is_some() {
                "The subject is settled; other letters in its field pick another one."
            } else {
                "Nothing is suggested for these words: pick the subject in its field."
            };
            context.say(Status::Refused(nothing.to_owned()));
        }
    }

    pub(super) fn settle_suggested(&mut self, context: &mut Context<'_>) {
        let Some(suggested) = &self.suggested else { return };
        self.fields.subject = Some((suggested.code.clone(), suggested.label.clone()));
        self.fields.subject_text.set(&suggested.code.0);
        // Other cases than before may be the same.
        self.fields.same = None;
        self.ask_similar(context);
    }

    /// What the case keeps of it, where a subject was settled beside it.
    pub(super) fn suggestion_kept(&self) -> Option<Suggested> {
        let (settled, _) = self.fields.subject.as_ref()?;
        self.suggested.as_ref().map(|suggested| suggested.kept(suggested.code == *settled))
    }
}
