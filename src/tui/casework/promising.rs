//! Promises among the inline editors: one line, opened on a case or on a person's file, sent as the others are.

use crate::desk::{CaseRow, DeskError, Receipt, RowPerson, Whose};
use crate::domain::CaseId;
use crate::keymap::{Action, Key};
use crate::tui::promises::{About, After, Line};
use crate::tui::screen::{Context, Handled, Status, Ticket};

use super::editing::Casework;

/// The line of a promise that is open, and the one that was sent and is not answered yet.
#[derive(Debug, Default)]
pub(super) struct Promising {
    pub(super) open: Option<Line>,
    sent: Option<Sent>,
    /// The row that the line was opened on, where it was one.
    row: Option<CaseRow>,
}

#[derive(Debug)]
struct Sent {
    ticket: Ticket,
    line: Line,
    row: Option<CaseRow>,
    is_apology: bool,
}

impl Promising {
    /// Whether a receipt with this ticket is for what was sent.
    pub(super) fn is_act(&self, ticket: Ticket) -> bool {
        self.sent.as_ref().is_some_and(|sent| sent.ticket == ticket)
    }

    /// The case of the row that the line was opened on.
    pub(super) fn case(&self) -> Option<CaseId> {
        self.row.as_ref().map(|row| row.id)
    }

    /// Whether what was sent is not answered yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.sent.is_some()
    }
}

impl Casework {
    /// Opens the line that promises something to a person, or that says what became of what was promised.
    pub(in crate::tui) fn open_promise(
        &mut self,
        line: Line,
        row: Option<&CaseRow>,
        context: &mut Context<'_>,
    ) {
        self.leave(context);
        self.leave_promise(context);
        self.promising.open = Some(line);
        self.promising.row = row.cloned();
    }

    /// Opens the line of a promise on a case; nothing where the action means something else.
    pub(super) fn act_on_promise(
        &mut self,
        action: Action,
        row: &CaseRow,
        context: &mut Context<'_>,
    ) -> Option<Handled> {
        let line = match (action, &row.person) {
            (Action::EndPromise, _) => Line::end(Whose::On(row.id), context),
            (Action::Promise, RowPerson::Person(person, name)) => {
                let about = About { person: *person, name: name.to_string(), case: Some(row.id) };
                Line::make(about, context)
            }
            (Action::Promise, RowPerson::Anonymous | RowPerson::From(_)) => {
                let words = "Nobody known asked for this case, so nobody can be promised anything.";
                context.say(Status::Refused(words.to_owned()));
                return Some(Handled::Yes);
            }
            (Action::Promise, RowPerson::Hidden) => {
                let words = "Names are hidden among free cases: open it, or claim it (.), and promise then.";
                context.say(Status::Refused(words.to_owned()));
                return Some(Handled::Yes);
            }
            _ => return None,
        };
        self.open_promise(line, Some(row), context);
        Some(Handled::Yes)
    }

    /// Carries out an action while the line is open.
    pub(super) fn promise_action(
        &mut self,
        action: Action,
        key: Key,
        context: &mut Context<'_>,
    ) -> Handled {
        let Some(line) = &mut self.promising.open else { return Handled::No };
        if action == Action::Send {
            let after = line.send(key, context);
            self.after_promise(&after, context);
        } else if action == Action::Leave {
            self.leave_promise(context);
        } else if action == Action::NextField {
            line.turn(1, key);
        } else if action == Action::PreviousField {
            line.turn(-1, key);
        } else {
            return Handled::No;
        }
        Handled::Yes
    }

    /// Closes the line; what was typed is kept as a draft.
    fn leave_promise(&mut self, context: &mut Context<'_>) {
        if let Some(mut line) = self.promising.open.take() {
            self.keeping.extend(line.keep(context));
        }
    }

    /// Does what a key or an answer has led to. What was sent leaves the screen at once, and comes back if it is refused.
    pub(super) fn after_promise(&mut self, after: &After, context: &mut Context<'_>) {
        match after {
            After::Stay => {}
            After::Close => self.leave_promise(context),
            After::Sent(ticket, is_apology) => {
                let row = self.promising.row.take();
                if let Some(line) = self.promising.open.take() {
                    let (ticket, is_apology) = (*ticket, *is_apology);
                    self.promising.sent = Some(Sent { ticket, line, row, is_apology });
                }
            }
        }
    }

    /// Takes a receipt; whether it was for a promise or its draft.
    pub(super) fn promise_executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        let lines = self.promising.open.iter_mut();
        let sent = self.promising.sent.iter_mut().map(|sent| &mut sent.line);
        if lines.chain(sent).any(|line| line.draft_executed(ticket, receipt)) {
            return true;
        }
        let Some(Sent { mut line, row, is_apology, .. }) =
            self.promising.sent.take_if(|sent| sent.ticket == ticket)
        else {
            return false;
        };
        match receipt {
            Ok(_) => {
                self.keeping.extend(line.drop_draft(context));
                // What is owed now is written at once, while it is known why.
                if let Some(row) = row.filter(|_| is_apology) {
                    self.act(Action::Reply, &row, context);
                }
            }
            Err(error) => {
                line.refused(error);
                if self.promising.open.is_none() {
                    self.promising.open = Some(line);
                    self.promising.row = row;
                }
            }
        }
        true
    }
}
