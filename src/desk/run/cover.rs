//! Cover: who may have a case of a unit, queues that nobody covers, and work whose owner is not there any more (R57, hard
//! rule 5).

use std::collections::BTreeMap;

use crate::desk::command::RowResult;
use crate::desk::counters::open_cases_of;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::CaseEvent;
use crate::domain::office::{CaseworkerState, OfficeEvent};
use crate::domain::{CaseId, CaseworkerId, EntityId, Event, QueueId, Refusal, UnitId};
use crate::store::Direction;

use super::{Done, HANDED_OVER_MAX, Run};

/// Cases of one owner that are looked at for whether they can still be theirs.
pub(in crate::desk) const WORK_LOOKED_AT_MAX: usize = 400;
/// The rules that the events of this page name.
const COVER_RULE: &str = "cover";
const ROSTER_RULE: &str = "roster";

impl Run<'_> {
    /// Refuses a queue that nobody covers now: whoever leads its unit has to have it covered first (R57).
    pub(super) fn check_is_covered(&self, queue: QueueId) -> Result<(), DeskError> {
        let directory = &self.work.directory;
        let queue = directory.queues.get(&queue);
        let Some(unit) = queue.and_then(|queue| directory.units.get(&queue.unit)) else {
            return Ok(());
        };
        if directory.is_offered(self.doer.actor, unit.id, self.doer.at)? {
            return Ok(());
        }
        let is_rostered = directory.rostered(unit.id).is_some();
        let hint = if is_rostered {
            "Whoever leads it names somebody for this hour (casedesk office roster) or who stands in (g c)."
        } else {
            "Whoever leads it has to name somebody who stands in (g c)."
        };
        let when = if is_rostered { "now" } else { "today" };
        let what = format!("Nobody of {} is here {when}, so its queue is not offered.", unit.name);
        Err(Refusal::new("claim.uncovered", what, hint).into())
    }

    /// Refuses to make a case of a unit somebody's who is not on its roster (hard rule 5).
    pub(super) fn check_roster(&self, id: CaseworkerId, unit: UnitId) -> Result<(), DeskError> {
        let directory = &self.work.directory;
        if directory.is_on_roster(id, unit, self.today) {
            return Ok(());
        }
        let (name, unit) = (&directory.caseworker(id)?.name, &directory.unit(unit)?.name);
        Err(Refusal::new(
            "roster.other",
            format!("{name} is not on the roster of {unit}, so its cases cannot be theirs."),
            "Give it to somebody who is, or to the unit; its roster is under casedesk office roster.",
        )
        .into())
    }

    /// Notes which units nobody covers in their hours, and which are covered again; whoever leads them is told once.
    pub(super) fn watch_cover(&mut self) -> Result<Done, DeskError> {
        let directory = std::sync::Arc::clone(&self.work.directory);
        let mut noted = Vec::new();
        for unit in directory.units.keys().copied() {
            let key = keys::gap_of(unit);
            let has_gap = self.work.get(&key)?.is_some();
            let open = open_cases_of(self.work, &directory, unit)?;
            let Some(is_lost) = directory.gap_moves(unit, self.doer.at, has_gap, open)? else {
                continue;
            };
            let (event, state) = if is_lost {
                let told = directory.told_of(unit, self.today);
                let since = self.doer.at.milliseconds().to_be_bytes().to_vec();
                (OfficeEvent::CoverLost { told }, Some(since))
            } else {
                (OfficeEvent::CoverFound, None)
            };
            let id = EntityId::Unit(unit);
            let doer = self.doer.clone();
            self.work.happen(&doer, id.clone(), Event::Office(event), Why::rule(COVER_RULE))?;
            self.work.put_state(key, state);
            noted.push(RowResult::Updated(id));
        }
        let label = format!("The cover of {} units has changed.", noted.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = noted;
        Ok(done)
    }

    /// Returns cases to their queues whose owner has left, or is not on the roster of the case's unit; whoever leads the
    /// unit is told how many.
    pub(super) fn return_work(&mut self, from: CaseworkerId) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(from)?.clone();
        let has_left = held.state == CaseworkerState::Left;
        let why = if has_left { "has left" } else { "is not on the roster" };
        let reason = format!("{} {why}", held.short_name());
        let owned = keys::of_owner(from).range();
        let page = self.work.scan(&owned, WORK_LOOKED_AT_MAX, Direction::Forward)?;
        let (mut returned, mut by_unit) = (Vec::new(), BTreeMap::<UnitId, u32>::new());
        for (key, _) in page.rows {
            if returned.len() >= HANDED_OVER_MAX {
                break;
            }
            let case = self.work.case(CaseId(keys::last_number(&key)))?;
            let Some(queue) = case.queue.filter(|_| case.owner == Some(from)) else { continue };
            // Whoever the rule acts as may work by another clock.
            let today = self.work.directory.zone_of(case.unit)?.day(self.doer.at);
            if !has_left && self.work.directory.is_on_roster(from, case.unit, today) {
                continue;
            }
            let (unit, words) = (case.unit, reason.clone());
            let event = Event::Case(CaseEvent::Given { unit, queue, owner: None, words });
            let id = EntityId::Case(case.id);
            let why = Why { rule: Some(ROSTER_RULE.to_owned()), ..Why::reason(&reason) };
            self.work.happen(&self.doer.clone(), id.clone(), event, why)?;
            *by_unit.entry(unit).or_default() += 1;
            returned.push(RowResult::Updated(id));
        }
        for (unit, cases) in by_unit {
            let told = self.work.directory.told_of(unit, self.today);
            let event = Event::Office(OfficeEvent::WorkReturned { from, cases, told });
            let why = Why { rule: Some(ROSTER_RULE.to_owned()), ..Why::reason(&reason) };
            self.work.happen(&self.doer.clone(), EntityId::Unit(unit), event, why)?;
        }
        let label = format!("{} cases of {} are back in their queues.", returned.len(), held.name);
        let mut done = Done::new(label).leaves_nothing();
        done.rows = returned;
        Ok(done)
    }
}
