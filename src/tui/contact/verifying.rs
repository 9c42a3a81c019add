//! Asking a caller who they are: a question and its right answer at a time, and one key for what they said.

use crate::desk::{Command, VerificationAnswer};
use crate::domain::cases::TRIES_MAX;
use crate::keymap::{Key, KeyCode};

use super::prompt::Step;

/// The questions, and which of them were answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Verifying {
    asked: VerificationAnswer,
    answers: Vec<bool>,
}

impl Verifying {
    /// Nothing answered yet.
    pub(super) fn new(asked: VerificationAnswer) -> Self {
        Self { asked, answers: Vec::new() }
    }

    /// Takes `y` for a right answer and `n` for a wrong one; Backspace takes the last one back.
    pub(super) fn key(&mut self, key: Key) -> Step {
        match (key.typed(), key.code()) {
            (Some('y'), _) => self.answers.push(true),
            (Some('n'), _) => self.answers.push(false),
            (_, KeyCode::Backspace) => drop(self.answers.pop()),
            _ => return Step::Refuse("y where the answer is right, n where it is not.".to_owned()),
        }
        if self.answers.len() < self.asked.questions.len() {
            return Step::Stay;
        }
        let facts = self.asked.questions.iter().map(|question| question.fact.clone());
        let questions = facts.zip(self.answers.iter().copied()).collect();
        Step::act(Command::VerifyCaller { contact: self.asked.contact, questions })
    }

    /// What is on the screen: the heading, the question, and what the file says.
    pub(super) fn rows(&self) -> Vec<String> {
        let (number, count) = (self.answers.len() + 1, self.asked.questions.len());
        let mut rows = vec![format!(
            "-- VERIFY {}   question {number} of {count}   try {} of {TRIES_MAX}",
            self.asked.person.1, self.asked.attempt
        )];
        if let Some(question) = self.asked.questions.get(self.answers.len()) {
            rows.push(format!("ask   {}", question.question));
            rows.push(format!("file  {}", question.answer));
        }
        rows
    }
}
