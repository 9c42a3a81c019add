//! What the type of a case makes of it, as its screens show it.

use std::sync::Arc;

use crate::desk::answer::{OutcomeLine, PlanTaskLine, PlanView, TypeFieldLine};
use crate::desk::error::DeskError;
use crate::desk::kept::KeptRecord;
use crate::domain::cases::{
    Block, Case, CasePlan, OutcomeCode, addable, blocks, is_given_now, is_published, masked,
    typed_again,
};
use crate::domain::rules::{CaseType, Labels};
use crate::domain::{CaseId, EntityId};

use super::Reader;

impl Reader<'_> {
    /// The type of a case, at the version that it keeps.
    pub(super) fn type_of(&self, case: &Case) -> Arc<CaseType> {
        self.directory.rules.case_type(&case.case_type, case.nature)
    }

    /// The plan of a case; an empty one where there is none.
    pub(super) fn plan_of(&self, case: &Case) -> Result<Arc<CasePlan>, DeskError> {
        let kept = self.kept_plan(case.id)?;
        Ok(kept.unwrap_or_else(|| Arc::new(CasePlan::none_yet(case.id, case.case_type.clone()))))
    }

    /// The plan of a case, where it has one.
    pub(super) fn kept_plan(&self, case: CaseId) -> Result<Option<Arc<CasePlan>>, DeskError> {
        Ok(match self.kept(&EntityId::Plan(case))? {
            Some(KeptRecord::Plan(plan)) => Some(plan),
            _ => None,
        })
    }

    /// The kinds of outcomes that a case can have, each once.
    pub(super) fn outcomes_of(&self, case: &Case) -> Vec<OutcomeCode> {
        let mut kinds: Vec<OutcomeCode> = Vec::new();
        for outcome in &self.type_of(case).outcomes {
            if !kinds.contains(&outcome.kind) {
                kinds.push(outcome.kind);
            }
        }
        kinds
    }

    /// The stage of the type in which a case is, by its names.
    pub(super) fn worked_stage(&self, case: &Case) -> Result<Labels, DeskError> {
        let case_type = self.type_of(case);
        if !is_published(&case_type) || !case.stage.is_worked() {
            return Ok(Labels::default());
        }
        Ok(stage_labels(self.plan_of(case)?.as_ref(), &case_type))
    }

    pub(super) fn plan_view(&self, case: &Case) -> Result<PlanView, DeskError> {
        let case_type = self.type_of(case);
        let plan = self.plan_of(case)?;
        let blocking = blocks(case, &plan, &case_type);
        let stage = plan.stage().map(|stage| stage.code.clone());
        let label_of = |code: &str| {
            let field = case_type.fields.iter().find(|field| field.code == code);
            field.map(|field| field.labels.clone())
        };
        let tasks = plan.tasks.iter().filter_map(|task| {
            let rule = case_type.tasks.iter().find(|rule| rule.code == task.code)?;
            Some(PlanTaskLine {
                index: task.index,
                labels: rule.labels.clone(),
                is_of_stage: stage.as_ref() == Some(&rule.stage),
                satisfied_by: rule.satisfied_by.as_deref().and_then(label_of),
            })
        });
        let fields = case_type.fields.iter().map(|rule| {
            let fact = plan.field(&rule.code);
            let held = fact.map(|fact| &fact.value);
            TypeFieldLine {
                value: held.map_or_else(String::new, |value| {
                    if rule.is_personal { masked(value) } else { typed_again(value) }
                }),
                is_required_now: rule.required_in.is_some() && rule.required_in == stage,
                rule: rule.clone(),
                filled: fact.map(|fact| (self.directory.short_name(fact.by), fact.at)),
            }
        });
        let outcomes = case_type.outcomes.iter().map(|rule| OutcomeLine {
            code: rule.code.clone(),
            labels: rule.labels.clone(),
            kind: rule.kind,
            appeal: rule.appeal.clone(),
            is_given_now: is_given_now(rule, &plan, &case_type),
        });
        Ok(PlanView {
            case_type: format!("{}@{}", case.case_type.code, case.case_type.version),
            type_labels: case_type.labels.clone(),
            stage: stage_labels(&plan, &case_type),
            tasks: tasks.collect(),
            addable: addable(case, &plan, &case_type)
                .into_iter()
                .map(|rule| (rule.code.clone(), rule.labels.clone()))
                .collect(),
            fields: fields.collect(),
            blocking_tasks: blocking
                .iter()
                .filter_map(|block| match block {
                    Block::Task(at) => u32::try_from(*at).ok(),
                    Block::Field(_) => None,
                })
                .collect(),
            outcomes: outcomes.collect(),
            decision: plan.decision.clone(),
            ground: case_type.legal_basis.clone(),
        })
    }
}

fn stage_labels(plan: &CasePlan, case_type: &CaseType) -> Labels {
    let stage = plan
        .stage()
        .and_then(|active| case_type.stages.iter().find(|rule| rule.code == active.code));
    stage.map(|rule| rule.labels.clone()).unwrap_or_default()
}
