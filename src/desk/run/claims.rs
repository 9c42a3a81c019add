//! Whose turn it is: claiming the next case in a queue's order, and returning held ones by date.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::codec::decode_record;
use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{View, ViewKind};
use crate::desk::records::TimelinePage;
use crate::desk::work::{Why, broken};
use crate::domain::cases::{self, Case, CaseAct, CaseEvent, Lane, PassedOver};
use crate::domain::office::{Action, Decision, QueueKind, Resource};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, CaseworkerId, EntityId, Event, QueueId, Refusal};
use crate::store::Direction;

use super::{Done, Run};

/// Held cases that one command returns; the rest waits for the next one.
pub(in crate::desk) const RETURNED_MAX: usize = 200;
/// Held cases that are looked at in one command: those of units whose day has not come yet lie among them, at most a day of
/// them.
const HELD_LOOKED_AT_MAX: usize = 1_000;
/// Free cases that the actor may see which claiming looks through for one that they may claim: no more, for others wait for
/// their turn meanwhile.
const CLAIM_LOOKED_AT_MAX: usize = 500;
/// Rows of a queue that claiming reads at once.
const CLAIM_PAGE: usize = 50;

/// How many free cases were not offered, by reason.
type Passed = BTreeMap<PassedOver, u64>;

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
        self.check_roster(self.doer.actor, unit)?;
        self.check_is_covered(queue)?;
        let Some((case, passed)) = self.first_offered(queue)? else {
            return Err(Refusal::new(
                "claim.none",
                "There is no free case here.",
                "Look into another queue (2 to 4), or take a matter in (n).",
            )
            .into());
        };
        let id = case.id;
        // Whoever claims is told its place among the cases that they may see. Those of files that are closed to them are in the
        // count, and are told of by no number.
        let which = if self.work.directory.conflicts.of(self.doer.actor).is_empty() {
            let free = self.seen_count(keys::lane_counters(queue, keys::lane_byte(Lane::Free)))?;
            let before = passed.get(&PassedOver::Rights).copied().unwrap_or_default();
            format!("{} of {free}", before.saturating_add(1))
        } else {
            "the next".to_owned()
        };
        let calendar = self.calendar_of(case.unit)?;
        let mut context = self.context_on(&calendar, &case)?;
        context.passed = Some(passed.into_iter().collect());
        let happened = cases::decide(&case, &CaseAct::Claim, &context)?;
        self.happen_on(id, happened, &Why::rule("queue.due-first"))?;
        let name = self.work.directory.queues.get(&queue).map(|queue| queue.name.clone());
        let name = name.unwrap_or_default();
        let label = format!("Claimed {id} from {name}, {which} in its order.");
        Ok(Done::new(label).about(EntityId::Case(id)))
    }

    /// The first free case of a queue that is offered to the actor, with how many before it were not, and why.
    fn first_offered(&mut self, queue: QueueId) -> Result<Option<(Arc<Case>, Passed)>, DeskError> {
        let (mut passed, mut looked_at) = (Passed::new(), 0);
        let mut range = keys::lane_of(queue, Lane::Free).range();
        loop {
            let page = self.work.scan(&range, CLAIM_PAGE, Direction::Forward)?;
            for (key, class) in &page.rows {
                if !self.sees_class(&class.value) {
                    *passed.entry(PassedOver::Level).or_default() += 1;
                    continue;
                }
                looked_at += 1;
                if looked_at > CLAIM_LOOKED_AT_MAX {
                    return Err(nothing_near().into());
                }
                let case = self.work.case(CaseId(keys::last_number(key)))?;
                match self.is_passed_over(&case)? {
                    Some(why) => *passed.entry(why).or_default() += 1,
                    // Before its turn has come, the index may be older than the case.
                    None if case.owner.is_some() => {}
                    None => return Ok(Some((case, passed))),
                }
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else {
                return Ok(None);
            };
            range = range.beyond(last.clone(), Direction::Forward);
        }
    }

    /// Why a free case is not offered to the actor, if it is not.
    fn is_passed_over(&self, case: &Case) -> Result<Option<PassedOver>, DeskError> {
        let actor = self.actor()?;
        let (resource, today) = (Resource::of_case(case), self.today);
        let may = self.work.directory.permit(&actor, Action::WorkCase, &resource, today);
        Ok(match may {
            Decision::Deny("confidential") => Some(PassedOver::Level),
            Decision::Deny(_) => Some(PassedOver::Rights),
            Decision::Allow | Decision::AllowWithReason => {
                (!self.sight_of(&actor).case(case)).then_some(PassedOver::Conflict)
            }
        })
    }

    /// Tells whoever claims a case that somebody else has who that is, and since when.
    pub(super) fn check_is_not_taken(&mut self, case: &Case) -> Result<(), DeskError> {
        let Some(owner) = case.owner.filter(|owner| *owner != self.doer.actor) else {
            return Ok(());
        };
        let (id, name) = (case.id, self.work.directory.short_name(owner));
        let since = match self.taken_at(id, owner)? {
            Some(at) => format!(" since {}", self.moment_words(at)),
            None => String::new(),
        };
        Err(Refusal::new(
            "claim.taken",
            format!("{name} has {id}{since}."),
            "Ask them to give it to you (t), or claim another one (.).",
        )
        .into())
    }

    /// When somebody got the case that they have, if it is among its newest events.
    fn taken_at(&mut self, id: CaseId, owner: CaseworkerId) -> Result<Option<Instant>, DeskError> {
        let pages = keys::timeline(&EntityId::Case(id)).range();
        let page = self.work.scan(&pages, 1, Direction::Backward)?;
        let Some((_, found)) = page.rows.first() else { return Ok(None) };
        let page: TimelinePage = decode_record(&found.value).map_err(broken)?;
        let took = |event: &CaseEvent| {
            let given = matches!(event,
                CaseEvent::Given { owner: Some(to), .. } | CaseEvent::Reopened { owner: Some(to), .. }
                    if *to == owner);
            given || cases::claimed_by(event) == Some(owner)
        };
        let mut newest = page.records.iter().rev();
        let found =
            newest.find(|record| matches!(&record.event, Event::Case(event) if took(event)));
        Ok(found.map(|record| record.at))
    }

    /// A moment as the clock of the actor's unit says it: of today without its day.
    fn moment_words(&self, at: Instant) -> String {
        let (hour, minute) = self.zone.hour_minute(at);
        match self.zone.day(at) {
            day if day == self.today => format!("{hour:02}:{minute:02}"),
            day => format!("{} {hour:02}:{minute:02}", day.date().strftime("%a %-d %b")),
        }
    }

    /// Returns cases whose hold ends on a day that has come by the clock of their own unit; `today` is the day that has
    /// come anywhere.
    pub(super) fn return_held(&mut self, today: Day) -> Result<Done, DeskError> {
        let mut range = crate::store::KeyRange::prefix(&[keys::tag::HELD_UNTIL]);
        range.to = Some(keys::held_until(today.plus_days(1)).done());
        let page = self.work.scan(&range, HELD_LOOKED_AT_MAX, Direction::Forward)?;
        let mut returned = Vec::new();
        for (key, _) in page.rows {
            if returned.len() >= RETURNED_MAX {
                break;
            }
            let id = CaseId(keys::last_number(&key));
            let case = self.work.case(id)?;
            let calendar = self.calendar_of(case.unit)?;
            let there = calendar.zone().day(self.doer.at);
            if case.hold.as_ref().is_none_or(|hold| hold.until > there) {
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

/// The refusal where a queue begins with more cases that are not the actor's to take than one claim looks through.
fn nothing_near() -> Refusal {
    Refusal::new(
        "claim.far",
        "None of the cases that come first here is one that you may take; one may lie behind them.",
        "Take one from the list of free cases, or have somebody give you one (t).",
    )
}
