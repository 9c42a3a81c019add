//! What waits before it is routed, and what is said of it.

use crate::desk::error::DeskError;
use crate::desk::query::{View, ViewKind};
use crate::domain::cases::{Case, Stage, Step};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::{QueueId, UnitId};

use super::Reader;

impl Reader<'_> {
    /// The steps before routing that a unit has queues for and the actor may do, with their queues.
    pub(super) fn steps_of(&self, unit: UnitId) -> Vec<(Step, QueueId)> {
        let steps = Step::ALL.into_iter();
        steps.filter_map(|step| Some((step, self.queue_of_step(unit, step)?))).collect()
    }

    /// The queue of a step, for whoever may do the step; what is to be screened is seen by whoever sees the board.
    pub(super) fn queue_of_step(&self, unit: UnitId, step: Step) -> Option<QueueId> {
        let resource = Resource::of_unit(unit);
        let right = if step == Step::Screening { Action::ReadCase } else { step.right() };
        let may = self.authorise(right, &resource).is_ok();
        let kind: QueueKind = step.queue();
        self.directory.queue_of(unit, kind).map(|queue| queue.id).filter(|_| may)
    }

    pub(super) fn steps_waiting(&self, unit: UnitId) -> Result<Vec<(Step, u64)>, DeskError> {
        let steps = self.steps_of(unit).into_iter();
        steps
            .map(|(step, _)| Ok((step, self.total(View { kind: ViewKind::Step(step), unit })?)))
            .collect()
    }

    /// What comes next on a case that is not routed yet.
    pub(super) fn next_step_of(&self, case: &Case, step: Step) -> String {
        let wait = || self.plan_of(case).ok().and_then(|plan| plan.info.clone());
        if case.stage == Stage::NeedsInfo
            && let Some(wait) = wait()
        {
            if wait.is_over(self.at) {
                return "no answer came in time: close it or accept it (s)".to_owned();
            }
            let reminded = if wait.reminded_at.is_some() { ", reminded" } else { "" };
            let day = self.zone.day(wait.due_at);
            return format!("the citizen answers by {day}{reminded}, then s");
        }
        step.invitation().to_owned()
    }
}
