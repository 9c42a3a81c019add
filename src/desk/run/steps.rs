//! Where a case goes from one step to the next, and the one reminder of a citizen who was asked for something.

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::{
    Case, CaseAct, CaseContext, CaseEvent, PlanEvent, Stage, Step, classified, next_step,
};
use crate::domain::limits::TASKS_MAX;
use crate::domain::office::QueueKind;
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, Event, QueueId, UnitId};
use crate::store::{Direction, KeyRange};

use super::{Done, Run};

/// Cases whose citizen one command has reminded; the rest waits for the next one.
pub(in crate::desk) const REMINDED_MAX: usize = 200;

impl Run<'_> {
    /// Looks up what ends a step: where the case goes on to.
    pub(super) fn look_ahead(
        &mut self,
        case: &Case,
        act: &CaseAct,
        context: &mut CaseContext<'_>,
    ) -> Result<(), DeskError> {
        let has_subject = !case.subjects.is_empty()
            || matches!(act, CaseAct::Classify(class) if class.subject.is_some());
        let Some(step) = Step::of(case.stage) else { return Ok(()) };
        context.next = self.next_of(case, step, has_subject, context)?;
        context.destination = Some(self.routed(case)?);
        context.screening =
            self.work.directory.queue_of(case.unit, QueueKind::Screening).map(|queue| queue.id);
        Ok(())
    }

    /// Has a case go on whose class was settled in the step for it, now that its type is known.
    pub(super) fn go_on_classified(
        &mut self,
        id: CaseId,
        act: &CaseAct,
        why: &Why,
    ) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        let calendar = self.calendar_of(case.unit)?;
        let mut context = self.context_on(&calendar, &case)?;
        self.look_ahead(&case, act, &mut context)?;
        let happened = classified(&case, &context)?;
        if happened.is_empty() { Ok(()) } else { self.happen_on(id, happened, why) }
    }

    /// The step that follows on one, with its queue. A step that the type demands and that the unit has no queue for is
    /// refused, and not left out.
    fn next_of(
        &self,
        case: &Case,
        after: Step,
        has_subject: bool,
        context: &CaseContext<'_>,
    ) -> Result<Option<(Step, QueueId)>, DeskError> {
        let has_queue =
            |step: Step| self.work.directory.queue_of(case.unit, step.queue()).is_some();
        let next = next_step(after, context.case_type.steps, has_subject, has_queue);
        next.map(|step| Ok((step, self.queue(case.unit, step.queue())?))).transpose()
    }

    /// Unit and queue of a case whose steps are done.
    fn routed(&mut self, case: &Case) -> Result<(UnitId, QueueId), DeskError> {
        Ok((case.unit, self.queue(case.unit, QueueKind::Inbox)?))
    }

    /// A case that was accepted while it was registered takes the steps of its type before anybody works it.
    pub(super) fn enter_steps(&mut self, id: CaseId) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        if case.stage != Stage::Queued {
            return Ok(());
        }
        let calendar = self.calendar_of(case.unit)?;
        let context = self.context_on(&calendar, &case)?;
        let after = Step::Screening;
        let next = self.next_of(&case, after, !case.subjects.is_empty(), &context)?;
        let Some((step, queue)) = next else { return Ok(()) };
        let rule = format!("{}@{}/steps", case.case_type.code, case.case_type.version);
        let event = CaseEvent::StepEntered { stage: step.stage(), queue };
        let why = Why::rule(&rule);
        self.happen_to_plan(id, PlanEvent::Screened, &Why::default())?;
        self.work.happen(&self.doer.clone(), EntityId::Case(id), Event::Case(event), why)
    }

    /// Puts a reminder on the steps of the cases whose citizen was asked and has not answered half way (a rule's own
    /// command). It closes none of them: that is a person's act.
    pub(super) fn remind_asked(&mut self, until: Instant) -> Result<Done, DeskError> {
        let range = KeyRange {
            from: keys::asked().done(),
            to: Some(keys::asked().signed(until.milliseconds()).done()),
        };
        let page = self.work.scan(&range, REMINDED_MAX, Direction::Forward)?;
        let mut reminded = Vec::new();
        for (key, _) in page.rows {
            let id = CaseId(keys::last_number(&key));
            let case = self.work.case(id)?;
            let why = Why::rule("needs-info/remind");
            // What went another way than by its screening is waited for no more.
            if case.stage == Stage::NeedsInfo {
                if case.tasks.len() < TASKS_MAX {
                    let title = "remind the citizen of what was asked".to_owned();
                    let event = CaseEvent::TaskAdded { title, is_required: false };
                    let (doer, entity) = (self.doer.clone(), EntityId::Case(id));
                    self.work.happen(&doer, entity, Event::Case(event), why.clone())?;
                }
                self.happen_to_plan(id, PlanEvent::InfoReminded, &why)?;
            } else {
                self.happen_to_plan(id, PlanEvent::InfoEnded, &why)?;
            }
            reminded.push(RowResult::Updated(EntityId::Case(id)));
        }
        let label = format!("{} reminders are due.", reminded.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = reminded;
        Ok(done)
    }
}
