//! What the type of a case makes of an act: the plan beside the case, and what follows from both by itself.

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{Case, CaseContext, CaseEvent, CasePlan, Happened, PlanEvent};
use crate::domain::time::Calendar;
use crate::domain::{CaseId, Entity, EntityId, Event};

use super::Run;
use super::escalations::why_by_rule;
use super::follow::settles_type;

impl Run<'_> {
    /// The plan of a case; an empty one where there is none yet.
    pub(super) fn plan(&mut self, case: &Case) -> Result<CasePlan, DeskError> {
        match self.work.entity(&EntityId::Plan(case.id))? {
            Some(Entity::Plan(plan)) => Ok(Arc::unwrap_or_clone(plan)),
            _ => Ok(CasePlan::none_yet(case.id, case.case_type.clone())),
        }
    }

    /// What a decision on this case needs to know, its type and plan included.
    pub(super) fn context_on<'c>(
        &mut self,
        calendar: &'c Calendar,
        case: &Case,
    ) -> Result<CaseContext<'c>, DeskError> {
        let mut context = self.case_context(calendar, case.unit);
        context.case_type = self.work.directory.rules.case_type(&case.case_type, case.nature);
        context.plan = Box::new(self.plan(case)?);
        context.terms_set = self.terms_by_table(case)?.map(|(terms, _)| terms).unwrap_or_default();
        Ok(context)
    }

    /// Records what an act brought about, to the case and to its plan, and what follows from it by itself.
    pub(super) fn happen_on(
        &mut self,
        case: CaseId,
        happened: Vec<Happened>,
        why: &Why,
    ) -> Result<(), DeskError> {
        let is_settled = happened.iter().any(settles_type);
        let is_again = matches!(happened.first(), Some(Happened::Case(CaseEvent::Reopened { .. })));
        for one in happened {
            let by_rule = why_by_rule(&one);
            self.record(case, one, by_rule.as_ref().unwrap_or(why))?;
        }
        if is_settled {
            self.settle_type(case, why)?;
            self.settle_confidentiality(case)?;
        }
        if is_settled || is_again {
            self.settle_terms(case)?;
        }
        self.follow(case)
    }

    /// Records what happened to a plan, which begins with the first of it.
    pub(super) fn happen_to_plan(
        &mut self,
        case: CaseId,
        event: PlanEvent,
        why: &Why,
    ) -> Result<(), DeskError> {
        let id = EntityId::Plan(case);
        let is_begun = self.work.entity(&id)?.is_some();
        if !is_begun && !matches!(event, PlanEvent::Begun { .. }) {
            let case_type = self.work.case(case)?.case_type.clone();
            let begun = Event::Plan(PlanEvent::Begun { case_type });
            self.work.happen(&self.doer.clone(), id.clone(), begun, why.clone())?;
        }
        self.work.happen(&self.doer.clone(), id, Event::Plan(event), why.clone())
    }
}
