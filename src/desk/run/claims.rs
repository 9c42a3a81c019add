//! Whose turn it is: claiming the next case in a queue's order, and returning held ones by date.

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{View, ViewKind};
use crate::desk::work::Why;
use crate::domain::cases::{self, CaseAct, CaseEvent, Lane};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::time::Day;
use crate::domain::{CaseId, EntityId, Event, QueueId, Refusal};
use crate::store::Direction;

use super::{Done, Run};

/// Held cases that one command returns; the rest waits for the next one.
pub(in crate::desk) const RETURNED_MAX: usize = 200;
/// Free cases that the actor may see which claiming looks through for one that they may claim.
const CLAIM_LOOKED_AT_MAX: usize = 50;

impl Run<'_> {
    pub(super) fn claim_next(&mut self, view: View) -> Result<Done, DeskError> {
        let unit = view.unit;
        self.authorise(Action::WorkCase, &Resource::of_unit(unit))?;
        let queue = match view.kind {
            ViewKind::Screening => self.queue(unit, QueueKind::Screening)?,
            ViewKind::Queue(queue) => queue,
            ViewKind::Step(step) => self.queue(unit, step.queue())?,
            ViewKind::Mine
            | ViewKind::Inbox
            | ViewKind::Free
            | ViewKind::Today
            | ViewKind::Late
            | ViewKind::Aged(_)
            | ViewKind::Escalated
            | ViewKind::Waiting
            | ViewKind::Mail
            | ViewKind::Calls
            | ViewKind::Unrouted => self.queue(unit, QueueKind::Inbox)?,
        };
        self.on_roster(self.doer.actor)?;
        self.check_is_covered(queue)?;
        let lane = keys::lane_of(queue, Lane::Free).range();
        for (place, id) in self.first_seen(lane, CLAIM_LOOKED_AT_MAX)?.into_iter().enumerate() {
            let case = self.work.case(id)?;
            let is_closed = self.work.directory.conflicts.closes_case(self.doer.actor, &case);
            if is_closed || !self.may(Action::WorkCase, case.unit, case.confidentiality) {
                continue;
            }
            let free = self.seen_count(keys::lane_counters(queue, keys::lane_byte(Lane::Free)))?;
            let calendar = self.calendar_of(case.unit)?;
            let mut context = self.context_on(&calendar, &case)?;
            let place = u64::try_from(place).unwrap_or(u64::MAX).saturating_add(1);
            context.place = Some((place, free));
            let happened = cases::decide(&case, &CaseAct::Claim, &context)?;
            self.happen_on(id, happened, &Why::rule("queue.due-first"))?;
            let name = self
                .work
                .directory
                .queues
                .get(&queue)
                .map(|queue| queue.name.clone())
                .unwrap_or_default();
            let label = format!("Claimed {id} from {name}, {place} of {free} in its order.");
            return Ok(Done::new(label).about(EntityId::Case(id)));
        }
        Err(Refusal::new(
            "claim.none",
            "There is no free case here.",
            "Look into another queue (2 to 4), or take a matter in (n).",
        )
        .into())
    }

    /// Refuses a queue whose unit nobody works today: whoever leads it has to have it covered first (R57).
    fn check_is_covered(&self, queue: QueueId) -> Result<(), DeskError> {
        let directory = &self.work.directory;
        let queue = directory.queues.get(&queue);
        let unit = queue.and_then(|queue| directory.units.get(&queue.unit));
        match unit {
            Some(unit) if !directory.is_covered(unit.id, self.today) => Err(Refusal::new(
                "claim.uncovered",
                format!("Nobody of {} is here today, so its queue is not offered.", unit.name),
                "Whoever leads it has to name somebody who stands in (g c).",
            )
            .into()),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn return_held(&mut self, today: Day) -> Result<Done, DeskError> {
        let calendar = self.calendar()?;
        let mut range = crate::store::KeyRange::prefix(&[keys::tag::HELD_UNTIL]);
        range.to = Some(keys::held_until(today.plus_days(1)).done());
        let page = self.work.scan(&range, RETURNED_MAX, Direction::Forward)?;
        let mut returned = Vec::new();
        for (key, _) in page.rows {
            let id = CaseId(keys::last_number(&key));
            let case = self.work.case(id)?;
            if case.hold.is_none() {
                continue;
            }
            let context = self.case_context(&calendar, case.unit);
            let event = CaseEvent::Resumed {
                clocks: cases::resumed_clocks(&case, &context),
                is_by_date: true,
            };
            self.work.happen(
                &self.doer.clone(),
                EntityId::Case(id),
                Event::Case(event),
                Why::rule("hold.until"),
            )?;
            returned.push(RowResult::Updated(EntityId::Case(id)));
        }
        let label = format!("{} held cases are back in their queues.", returned.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = returned;
        Ok(done)
    }
}
