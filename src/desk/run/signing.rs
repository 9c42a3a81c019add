//! Decisions above what somebody signs alone: what they would decide is put before whoever leads the unit, who decides it.
//!
//! So two people have seen it, and the one who approves is not the one who asks (hard rule 13).

use crate::desk::error::DeskError;
use crate::domain::Refusal;
use crate::domain::cases::{
    Case, CaseAct, CasePlan, EscalationLevel, EscalationReason, Happened, PlanEvent, typed_again,
};
use crate::domain::rules::{CaseType, FieldValue};

use super::{Done, Run};

impl Run<'_> {
    /// The refusal of a decision above what the actor signs alone. What is decided is about the largest amount of the case's
    /// fields; a refusal is about none.
    pub(super) fn above_limit(
        &self,
        case: &Case,
        plan: &CasePlan,
        happened: &[Happened],
    ) -> Option<Refusal> {
        let rights = self.work.directory.rights.get(&self.doer.actor)?;
        let limit = rights.signing_limit.as_ref()?;
        let binds = |happened: &Happened| match happened {
            Happened::Plan(PlanEvent::Decided(decision)) => !decision.kind.is_refusal(),
            Happened::Plan(_) | Happened::Case(_) => false,
        };
        let amounts = plan.fields.iter().filter_map(|field| {
            if let FieldValue::Money(minor) = field.value { Some(minor) } else { None }
        });
        let amount = amounts.max().filter(|amount| *amount > limit.minor)?;
        let said = |minor| format!("{} {}", typed_again(&FieldValue::Money(minor)), limit.currency);
        let (amount, limit) = (said(amount), said(limit.minor));
        happened.iter().any(binds).then(|| {
            Refusal::new(
                "decision.limit",
                format!("{} is about {amount}; you sign alone up to {limit}.", case.id),
                "Whoever leads the unit decides it: show it to them (e).",
            )
        })
    }

    /// Puts a decision above the actor's limit before whoever leads the unit, with all its words. A closing, and what cannot
    /// be put before anybody, is refused.
    pub(super) fn ask_to_sign(
        &mut self,
        case: &Case,
        act: &CaseAct,
        case_type: &CaseType,
        above: Refusal,
    ) -> Result<Done, DeskError> {
        let CaseAct::Decide { outcome, reasons, ground } = act else { return Err(above.into()) };
        let rule = case_type.outcomes.iter().find(|rule| rule.code == *outcome);
        let label = rule.map_or(outcome.as_str(), |rule| rule.labels.english());
        let words = [label, reasons, ground].map(str::trim);
        let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        let ask = format!("To be decided by you: {}", words.join("; "));
        let (level, reason) = (EscalationLevel::Supervisor, EscalationReason::OverLimit);
        let asked = self.case_act(case.id, None, &CaseAct::Escalate { level, reason, ask });
        let Ok(mut done) = asked else { return Err(above.into()) };
        done.label = format!("{} {}", above.what, done.label);
        Ok(done)
    }
}
