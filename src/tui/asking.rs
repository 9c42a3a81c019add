//! A question that a screen asks, and asks again when something changed: one way for all lists.

use crate::desk::{Answer, Ask, DeskError};

use super::screen::{Context, Ticket};

/// A question with its newest answer. While one is under way, what changes meanwhile has it asked once more, so that no list
/// is asked for faster than it is answered.
#[derive(Debug)]
pub(super) struct Asking<Q: Ask> {
    question: Q,
    answer: Option<Q::Answer>,
    asked: Option<Ticket>,
    /// Why the last one could not be answered.
    failed: Option<String>,
    /// Whether something changed since it was asked.
    is_stale: bool,
}

impl<Q: Ask + Clone> Asking<Q> {
    /// A question that was not asked yet.
    pub(super) fn new(question: Q) -> Self {
        Self { question, answer: None, asked: None, failed: None, is_stale: false }
    }

    /// What was answered last.
    pub(super) fn answer(&self) -> Option<&Q::Answer> {
        self.answer.as_ref()
    }

    /// The same, to move what is kept with its rows.
    pub(super) fn answer_mut(&mut self) -> Option<&mut Q::Answer> {
        self.answer.as_mut()
    }

    /// The question, to be changed before it is asked again.
    pub(super) fn question_mut(&mut self) -> &mut Q {
        &mut self.question
    }

    /// Whether an answer to this question comes with the ticket.
    pub(super) fn expects(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// Whether an answer is under way.
    pub(super) fn is_under_way(&self) -> bool {
        self.asked.is_some()
    }

    /// What stands where rows would, as there is no answer; nothing where there is one.
    pub(super) fn instead(&self) -> Option<&str> {
        match (&self.failed, &self.answer) {
            (Some(failed), _) => Some(failed),
            (None, None) => Some("Reading..."),
            (None, Some(_)) => None,
        }
    }

    /// Asks now; an answer to an earlier asking is dropped when it comes.
    pub(super) fn ask(&mut self, context: &mut Context<'_>) {
        self.is_stale = false;
        self.asked = Some(context.ask(self.question.clone()));
    }

    /// Takes an answer, and asks again where something changed meanwhile. `take` makes of what was shown and what has come
    /// what is shown now. Whether the ticket was this question's.
    ///
    /// What may no longer be seen leaves the screen; what could not be read just now stays.
    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
        take: impl FnOnce(Option<Q::Answer>, Q::Answer) -> Q::Answer,
    ) -> bool {
        if self.asked.take_if(|asked| *asked == ticket).is_none() {
            return false;
        }
        match answer.and_then(Q::expect) {
            Ok(answer) => {
                self.answer = Some(take(self.answer.take(), answer));
                self.failed = None;
            }
            Err(error) => {
                self.failed = Some(error.to_string());
                if error.is_denied() {
                    self.answer = None;
                }
            }
        }
        if self.is_stale {
            self.ask(context);
        }
        true
    }

    /// Something changed: asks again if that touches what is shown, at once or when the answer under way has come.
    pub(super) fn changed(&mut self, is_touched: bool, context: &mut Context<'_>) {
        self.is_stale |= is_touched;
        if self.is_stale && self.asked.is_none() {
            self.ask(context);
        }
    }
}
