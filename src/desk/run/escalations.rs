//! What cases do by themselves when their moment comes: climb a rung, lapse to the next level, return from parking. An
//! index says which ones are due, so that looking costs what is due and nothing else.

use std::sync::Arc;

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::{Mark, Why};
use crate::domain::cases::{
    self, Case, CaseEvent, Climb, EscalateTo, EscalationLevel, GENERAL, Happened, PlanEvent,
    TRANSFER_RULE, Watch, general_type, is_watchable, ladder_view, next_watch,
};
use crate::domain::rules::{CaseType, RungTo};
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, EntityId, UnitId};
use crate::store::{Direction, KeyRange};

use super::{Done, Run};

/// Cases that one sweep looks at; the rest waits for the next one. What becomes of them fits into one frame of the store.
pub(in crate::desk) const SWEPT_MAX: usize = 40;
/// The rule by which it is said when to look again.
const WATCH_RULE: &str = "watch";

/// The entries of the index whose moment has come.
pub(in crate::desk) fn watched_until(until: Instant) -> KeyRange {
    let end = keys::watched().signed(until.milliseconds().saturating_add(1)).done();
    KeyRange { from: keys::watched().done(), to: Some(end) }
}

impl Run<'_> {
    /// Lets happen what is due by the index, at most [`SWEPT_MAX`] cases of it. It refuses, closes and pays nothing, and
    /// every case stays with whoever has it.
    pub(super) fn sweep(&mut self, until: Instant) -> Result<Done, DeskError> {
        // What is to come is not swept, whatever was asked.
        let until = until.min(self.doer.at);
        let page = self.work.scan(&watched_until(until), SWEPT_MAX, Direction::Forward)?;
        let mut swept = Vec::new();
        for (key, _) in page.rows {
            let id = CaseId(keys::last_number(&key));
            let begun = self.work.begin_part();
            let result = self.sweep_one(id).and_then(|()| self.work.check_sizes(&begun, true));
            match result {
                Ok(()) => {}
                Err(DeskError::Refused(_) | DeskError::NotFound(_)) => {
                    // What has no room for it is not looked at again until somebody changes it, and keeps nobody behind it.
                    self.work.roll_back(&begun);
                    self.watch(id, None)?;
                }
                Err(error) => return Err(error),
            }
            swept.push(RowResult::Updated(EntityId::Case(id)));
        }
        let label = format!("{} cases whose moment had come were looked at.", swept.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = swept;
        Ok(done)
    }

    fn sweep_one(&mut self, id: CaseId) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        let plan = self.plan(&case)?;
        let (case_type, calendar) = (self.type_of(&case), self.calendar_of(case.unit)?);
        let directory = Arc::clone(&self.work.directory);
        // A free case is asked about in nobody's name, and nobody has the number 0.
        let (owner, today) = (case.owner.unwrap_or(CaseworkerId(0)), self.today);
        let asks = |to: &RungTo| directory.asked_by_rung(&case, to, owner, today);
        let climb =
            Climb { at: self.doer.at, calendar: &calendar, case_type: &case_type, asks: &asks };
        for step in cases::climb(&ladder_view(&case, &plan), &climb) {
            let why = Why { rule: Some(step.rule), reason: step.reason, purpose: None };
            self.happen_on(id, vec![step.happened], &why)?;
        }
        let (case, plan) = (self.work.case(id)?, self.plan(&case)?);
        let next = next_watch(&ladder_view(&case, &plan), &case_type, &calendar);
        if next == plan.watch { Ok(()) } else { self.watch(id, next) }
    }

    /// Sets anew when to look at the cases that an act has touched, where it would be too late or for nothing. It may be
    /// too early: whoever looks then sets it right.
    pub(super) fn watch_since(&mut self, mark: &Mark) -> Result<(), DeskError> {
        for (id, was_watchable) in self.work.cases_since(mark) {
            let case = self.work.case(id)?;
            if !was_watchable && !is_watchable(&case) {
                continue;
            }
            let plan = self.plan(&case)?;
            let next = next_watch(
                &ladder_view(&case, &plan),
                &self.type_of(&case),
                &*self.calendar_of(case.unit)?,
            );
            let is_kept = match (&next, &plan.watch) {
                (Some(next), Some(held)) => held.at <= next.at,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            if !is_kept {
                self.watch(id, next)?;
            }
        }
        Ok(())
    }

    fn watch(&mut self, id: CaseId, watch: Option<Watch>) -> Result<(), DeskError> {
        self.happen_to_plan(id, PlanEvent::Watched(watch), &Why::rule(WATCH_RULE))
    }

    fn type_of(&self, case: &Case) -> Arc<CaseType> {
        if case.case_type.code == GENERAL {
            return general_type(case.nature);
        }
        self.work.directory.rules.case_type(&case.case_type, case.nature)
    }

    /// Who is asked where a case is passed on to a unit again and again: whoever leads that unit, or the one above it.
    pub(super) fn asked_after_transfer(&self, unit: UnitId) -> Option<CaseworkerId> {
        let ask = |level| {
            let to = EscalateTo::Level(level);
            self.work.directory.asked(unit, to, self.doer.actor, self.today)
        };
        let is_other = |asked: &CaseworkerId| *asked != self.doer.actor;
        let levels = [EscalationLevel::Supervisor, EscalationLevel::Head];
        levels.into_iter().find_map(|level| ask(level).filter(is_other))
    }
}

/// The reason of an event that follows from an act by a rule; nothing where it is the act's own.
pub(super) fn why_by_rule(happened: &Happened) -> Option<Why> {
    match happened {
        Happened::Case(CaseEvent::Escalated(raised)) if raised.reason.is_of_rule() => {
            Some(Why::rule(TRANSFER_RULE))
        }
        Happened::Plan(PlanEvent::Transferred) => Some(Why::rule(TRANSFER_RULE)),
        Happened::Case(_) | Happened::Plan(_) => None,
    }
}
