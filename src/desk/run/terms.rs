//! Terms that a decision table sets instead of those of a case's type.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{Case, CaseEvent, HoldReason, PlanEvent, TermSet};
use crate::domain::rules::{Fired, TableUse, terms_of};
use crate::domain::time::{Clock, ClockKind, ClockSource};
use crate::domain::{CaseId, EntityId, Event};

use super::Run;

impl Run<'_> {
    /// The terms that the table in force sets for a case, by clock, with the row; nothing where it sets none.
    pub(super) fn terms_by_table(
        &mut self,
        case: &Case,
    ) -> Result<Option<(Vec<TermSet>, Fired)>, DeskError> {
        let Some(fired) = self.by_table(TableUse::Clocks, case)? else { return Ok(None) };
        let set = terms_of(&fired).into_iter();
        let terms: Vec<TermSet> =
            set.map(|(kind, term)| TermSet { kind, term, rule: fired.rule() }).collect();
        Ok(Some((terms, fired)).filter(|(terms, _)| !terms.is_empty()))
    }

    /// Lets the running clocks of a case count by the terms that its table sets, from where they began and with what has
    /// happened to them. Clocks that begin later take theirs when they begin.
    pub(super) fn settle_terms(&mut self, id: CaseId) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        let Some((terms, fired)) = self.terms_by_table(&case)? else { return Ok(()) };
        let calendar = self.calendar_of(case.unit)?;
        let (mut clocks, mut begun) = (case.clocks.clone(), Vec::new());
        for clock in clocks.iter_mut().filter(|clock| clock.ended.is_none()) {
            let set = terms.iter().find(|set| set.kind == clock.kind);
            let Some(set) = set.filter(|set| !counts_by(clock, set)) else { continue };
            let zone = calendar.zone();
            let from = match &clock.source {
                ClockSource::Rule { from, .. } => *from,
                // A case that was taken up again counts from that day.
                ClockSource::WorkingDays { .. }
                | ClockSource::CalendarDays { .. }
                | ClockSource::Imported { .. } => {
                    let is_first = clock.from == zone.day(case.received_at);
                    if is_first { case.received_at } else { zone.instant(clock.from, 0, 0) }
                }
            };
            let term = (set.term, from);
            let mut new = Clock::of_rule(clock.kind, &set.rule, term, &pauses(clock), &calendar);
            new.take_over(clock, &calendar);
            begun.push(new.kind);
            *clock = new;
        }
        let why = Why::rule(&fired.rule());
        let last = self.plan(&case)?.fired;
        let last = last.iter().rev().find(|held| held.decides == TableUse::Clocks);
        if last.is_none_or(|last| last.rule() != fired.rule()) {
            self.happen_to_plan(id, PlanEvent::Fired(Box::new(fired)), &why)?;
        }
        if begun.is_empty() {
            return Ok(());
        }
        let set = CaseEvent::ClocksSet { clocks, begun, met: Vec::new() };
        self.work.happen(&self.doer.clone(), EntityId::Case(id), Event::Case(set), why)
    }
}

/// Whether a clock counts by this term already, or by a date that another system set, which stands.
fn counts_by(clock: &Clock, set: &TermSet) -> bool {
    match &clock.source {
        ClockSource::Rule { rule, term, .. } => *rule == set.rule && *term == set.term,
        ClockSource::Imported { .. } => true,
        ClockSource::WorkingDays { .. } | ClockSource::CalendarDays { .. } => false,
    }
}

/// Which holds let a clock stand still: those of its rule, or any where the built-in type set it, but for the law's own.
fn pauses(clock: &Clock) -> Vec<HoldReason> {
    match &clock.source {
        ClockSource::Rule { pauses, .. } => pauses.clone(),
        ClockSource::WorkingDays { .. }
        | ClockSource::CalendarDays { .. }
        | ClockSource::Imported { .. }
            if clock.kind == ClockKind::Legal =>
        {
            Vec::new()
        }
        ClockSource::WorkingDays { .. }
        | ClockSource::CalendarDays { .. }
        | ClockSource::Imported { .. } => HoldReason::ALL.to_vec(),
    }
}
