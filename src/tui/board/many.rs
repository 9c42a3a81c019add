//! Marks on the board's list, and what is done with what is marked.

use crate::desk::{Answer, Ask as _, AskCaseIds, DeskError};
use crate::domain::CaseId;
use crate::domain::cases::EachAct;
use crate::keymap::Action;

use super::super::screen::{Context, Handled, Status, Ticket};
use super::screen::Board;

impl Board {
    /// Carries out what is about marks: marking, and acts on what is marked. Nothing where it is about one row.
    pub(super) fn act_on_marks(
        &mut self,
        action: Action,
        room: usize,
        context: &mut Context<'_>,
    ) -> Option<Handled> {
        let current = self.list.current().map(|row| row.id);
        let said = match (action, current) {
            (Action::Mark, Some(case)) => {
                let marked = self.marks.toggle(case).map(|()| String::new());
                if marked.is_ok() {
                    self.list.step(1, room, context);
                }
                marked
            }
            (Action::MarkRange, Some(case)) => self.marks.range(case, self.list.rows()),
            (Action::MarkAll, Some(_)) => {
                if self.list.is_whole() {
                    let total = self.list.total();
                    Ok(self.marks.all(self.list.rows().iter().map(|row| row.id), total))
                } else {
                    self.all_asked = Some(self.list.ask_all(context));
                    Ok(String::new())
                }
            }
            (Action::UnmarkAll, _) => match self.marks.clear() {
                0 => Ok("Nothing is marked.".to_owned()),
                count => Ok(format!("Unmarked {count}.")),
            },
            (Action::Mark | Action::MarkRange | Action::MarkAll, None) => {
                Err("There is no row to mark.".to_owned())
            }
            _ if self.marks.is_empty() => return None,
            _ => {
                let row = self.list.current()?;
                return self.casework.act_on_many(action, row, self.marks.cases(), context);
            }
        };
        match said {
            Ok(said) if said.is_empty() => {}
            Ok(said) => context.say(Status::Done(said)),
            Err(why) => context.say(Status::Refused(why)),
        }
        Some(Handled::Yes)
    }

    /// Takes the answer with all rows of the list; whether it was that.
    pub(super) fn all_answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.all_asked != Some(ticket) {
            return false;
        }
        self.all_asked = None;
        if let Ok(answer) = answer.clone().and_then(AskCaseIds::expect) {
            let said = self.marks.all(answer.ids.iter().copied(), answer.total);
            context.say(Status::Done(said));
        }
        true
    }

    /// Does the last act again: with what is marked, or with the row under the cursor.
    pub(super) fn do_again(&mut self, act: &EachAct, context: &mut Context<'_>) -> Handled {
        if !self.marks.is_empty() {
            return self.casework.repeat_on(act, self.marks.cases(), context);
        }
        match self.list.current() {
            Some(row) => self.casework.repeat(act, row, context),
            None => Handled::No,
        }
    }

    /// Another list begins without marks: what cannot be seen is not to be acted on.
    pub(super) fn forget_marks(&mut self, context: &mut Context<'_>) {
        let count = self.marks.clear();
        if count > 0 {
            let marks = if count == 1 { "mark" } else { "marks" };
            context
                .say(Status::Done(format!("{count} {marks} stayed behind with the other list.")));
        }
    }

    /// Puts the cursor on a case; whether it is here.
    pub(super) fn point(&mut self, case: CaseId, room: usize, context: &mut Context<'_>) -> bool {
        let rows = self.list.rows();
        let place = |id: CaseId| rows.iter().position(|row| row.id == id);
        let here = self.list.current().and_then(|row| place(row.id));
        let (Some(from), Some(to)) = (here, place(case)) else { return false };
        let signed = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        self.list.step(signed(to) - signed(from), room, context);
        true
    }
}
