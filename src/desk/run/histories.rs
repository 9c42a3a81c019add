//! Cases of another system that come with their past: each judged alone by the type that they come in under.

use std::sync::Arc;

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::work::Why;
use crate::domain::cases::{CaseContext, CaseHistory, CaseOrigin, TypeVersion, take_over};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::{CaseId, EntityId, QueueId, Refusal, Ulid};

use super::{Done, Run};

/// Cases of one command: their events and records have to fit one frame.
pub const HISTORIES_MAX: usize = 50;

impl Run<'_> {
    pub(super) fn import_histories(
        &mut self,
        case_type: &TypeVersion,
        rows: &[CaseHistory],
    ) -> Result<Done, DeskError> {
        self.authorise(Action::Import, &Resource::office())?;
        if rows.len() > HISTORIES_MAX {
            return Err(Refusal::new(
                "import.rows",
                format!(
                    "One command takes {HISTORIES_MAX} cases with their past, and this one has {}.",
                    rows.len()
                ),
                "Send them in several.",
            )
            .into());
        }
        let inbox = self.work.directory.queue_of(self.doer.unit, QueueKind::Inbox);
        let inbox = inbox.map(|queue| queue.id).ok_or_else(|| {
            Refusal::new(
                "queue.none",
                "Your unit has no inbox.",
                "Open one: casedesk office open-queue.",
            )
        })?;
        let calendar = self.calendar()?;
        let mut context = self.case_context(&calendar, self.doer.unit);
        let mut results = Vec::with_capacity(rows.len());
        for row in rows {
            let held = self.work.directory.rules.case_type(case_type, row.case.nature);
            if held.id != *case_type {
                return Err(Refusal::new(
                    "history.type",
                    format!("No type {}@{} is published.", case_type.code, case_type.version),
                    "Publish it first: casedesk types publish.",
                )
                .into());
            }
            context.case_type = Arc::clone(&held);
            results.push(self.import_history(row, inbox, &context)?);
        }
        let mut done = Done::new(format!("{} cases are in.", results.len()))
            .not_undoable("correct them at their source");
        done.rows = results;
        Ok(done)
    }

    fn import_history(
        &mut self,
        row: &CaseHistory,
        inbox: QueueId,
        context: &CaseContext<'_>,
    ) -> Result<RowResult, DeskError> {
        let key = keys::origin(tag::CASE, &row.case.source, &row.case.reference);
        if let Some(id) = self.work.origin(&key)?.map(CaseId) {
            let case = self.work.case(id)?;
            // A past that says something else is not laid over what was done here since.
            let is_same = matches!(&case.origin, CaseOrigin::Imported { digest, .. } if *digest == row.case.digest());
            let id = EntityId::Case(id);
            return Ok(if is_same { RowResult::Unchanged(id) } else { RowResult::Conflict(id) });
        }
        let numbers = self.work.numbers;
        let number = self.work.next::<CaseId>();
        let ulid = Ulid::new(self.doer.at, u128::from_be_bytes(self.work.draw()));
        let happened = match take_over(row, number, ulid, inbox, context) {
            Ok(happened) => happened,
            Err(refusal) => {
                self.work.numbers = numbers;
                return Ok(RowResult::Rejected(refusal));
            }
        };
        let id = EntityId::Case(number);
        self.work.expect_new(&id);
        self.work.has_origin(key, id.clone());
        let why = Why::rule("import");
        for one in happened {
            self.record(number, one, &why)?;
        }
        Ok(RowResult::Created(id))
    }
}
