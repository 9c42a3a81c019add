//! What the type of a case brings about by itself: which type it is, and what follows from every act.

use std::sync::Arc;

use crate::desk::case_facts::case_facts;
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{
    Case, CaseContext, CaseEvent, Happened, PlanEvent, Surroundings, follow, is_published,
    type_change,
};
use crate::domain::rules::{CaseFacts, Fired, choose_type};
use crate::domain::{CaseId, EntityId, Event};

use super::Run;

impl Run<'_> {
    /// The view of a case that tables and guards take.
    pub(super) fn facts(&self, case: &Case, context: &CaseContext<'_>) -> CaseFacts {
        let zone = context.calendar.zone();
        case_facts(&self.work.directory, &zone, case, &context.plan)
    }

    /// Chooses the type of a case whose nature and subject are known. A case keeps the version under which it began, and a
    /// case that was decided keeps its type: the decision rests on it.
    pub(super) fn settle_type(&mut self, id: CaseId, why: &Why) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        if !case.is_open() || case.subjects.is_empty() {
            return Ok(());
        }
        let calendar = self.calendar_of(case.unit)?;
        let context = self.context_on(&calendar, &case)?;
        let facts = self.facts(&case, &context);
        let directory = Arc::clone(&self.work.directory);
        let (to, fired) = match self.type_by_table(&case)? {
            Some((to, fired)) => (to, Some(fired)),
            None => choose_type(&directory.rules, &facts, self.today, self.doer.at),
        };
        if to.code == case.case_type.code || context.plan.decision.is_some() {
            return Ok(());
        }
        let to = directory.rules.case_type(&to, case.nature);
        // The table of terms sees the case as it is to be.
        let under = Case { case_type: to.id.clone(), ..Case::clone(&case) };
        let terms = self.terms_by_table(&under)?.map(|(terms, _)| terms).unwrap_or_default();
        let rule = fired.as_ref().map_or_else(|| "general@1".to_owned(), rule_of);
        let why = Why { rule: Some(rule), ..why.clone() };
        for happened in type_change(&case, &context.plan, &to, &calendar, &terms) {
            self.record(id, happened, &why)?;
        }
        if let Some(fired) = fired {
            self.happen_to_plan(id, PlanEvent::Fired(Box::new(fired)), &why)?;
        }
        Ok(())
    }

    /// Records what follows by itself from what a case and its plan are now.
    pub(super) fn follow(&mut self, id: CaseId) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        let calendar = self.calendar_of(case.unit)?;
        let context = self.context_on(&calendar, &case)?;
        if !is_published(&context.case_type) && context.plan.version == 0 {
            return Ok(());
        }
        let facts = self.facts(&case, &context);
        let around = Surroundings {
            case_type: &context.case_type,
            facts: &facts,
            calendar: &calendar,
            terms: &context.terms_set,
            at: self.doer.at,
            told_at: self.told_at(&case)?,
        };
        for followed in follow(&case, &context.plan, &around) {
            self.record(id, followed.happened, &Why::rule(&followed.rule))?;
        }
        Ok(())
    }

    /// Records one thing that happened to a case or to its plan.
    pub(super) fn record(
        &mut self,
        id: CaseId,
        happened: Happened,
        why: &Why,
    ) -> Result<(), DeskError> {
        match happened {
            Happened::Case(event) => {
                let (doer, entity) = (self.doer.clone(), EntityId::Case(id));
                self.work.happen(&doer, entity, Event::Case(event), why.clone())
            }
            Happened::Plan(event) => self.happen_to_plan(id, event, why),
        }
    }
}

/// Whether something settled nature or subject, so that a type can be chosen.
pub(super) fn settles_type(happened: &Happened) -> bool {
    matches!(
        happened,
        Happened::Case(
            CaseEvent::Accepted { .. } | CaseEvent::NatureSet { .. } | CaseEvent::SubjectSet { .. }
        )
    )
}

/// The rule that an event names for what fired: `objection@2/guard`, or `classify@1/r4`.
fn rule_of(fired: &Fired) -> String {
    if fired.table == "type" {
        format!("{}@{}/guard", fired.row, fired.version)
    } else {
        fired.rule()
    }
}
