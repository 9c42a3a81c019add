//! Who is here, who is away and until when, who stands in, and how much each has.

use std::collections::BTreeMap;

use crate::desk::daily::{Colleague, ColleaguesAnswer, UnitCover};
use crate::desk::error::DeskError;
use crate::desk::here::interruptions_on;
use crate::desk::keys;
use crate::desk::run::is_of_undo;
use crate::desk::timeline;
use crate::domain::office::{
    Action, Caseworker, CaseworkerState, Decision, OfficeEvent, Resource, Unit,
};
use crate::domain::{CaseworkerId, EntityId, Event, EventRecord, UnitId};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Colleagues that one answer tells of.
const COLLEAGUES_MAX: usize = 400;
/// Late cases that are counted of one colleague.
const LATE_COUNTED_MAX: usize = 1_000;
/// Open promises of one colleague that are counted.
const PROMISES_COUNTED_MAX: usize = 1_000;
/// Events of somebody that are looked through for why they are away.
const EVENTS_LOOKED_AT_MAX: usize = 6;

impl Reader<'_> {
    pub(super) fn colleagues(&self) -> Result<ColleaguesAnswer, DeskError> {
        // Whoever runs the office reads no case, and says who is away all the same.
        self.authorise(Action::RunOffice, &Resource::office())
            .or_else(|_| self.authorise(Action::ReadCase, &Resource::office()))?;
        let mut by_unit: BTreeMap<UnitId, Vec<&Caseworker>> = BTreeMap::new();
        for caseworker in self.directory.caseworkers.values() {
            if caseworker.state != CaseworkerState::Left {
                by_unit.entry(caseworker.unit).or_default().push(caseworker);
            }
        }
        let mut units: Vec<&Unit> = self.directory.units.values().collect();
        units.sort_by_key(|unit| (unit.id != self.actor.unit, unit.name.clone()));
        let (mut covers, mut told, mut more) = (Vec::new(), 0, 0);
        for unit in units {
            let mut members = by_unit.remove(&unit.id).unwrap_or_default();
            members.sort_by(|one, other| one.name.cmp(&other.name));
            let room = COLLEAGUES_MAX - told;
            more += u64::try_from(members.len().saturating_sub(room)).unwrap_or(0);
            members.truncate(room);
            told += members.len();
            covers.push(self.cover(unit, &members)?);
        }
        Ok(ColleaguesAnswer { units: covers, more })
    }

    fn cover(&self, unit: &Unit, members: &[&Caseworker]) -> Result<UnitCover, DeskError> {
        let (open, free) = self.open_of(unit.id)?;
        let resource = Resource::of_unit(unit.id);
        let runs = self.directory.permit(&self.actor, Action::RunOffice, &resource, self.today);
        let may_set = !matches!(runs, Decision::Deny(_))
            || self.directory.leads(self.actor.id, unit.id, self.today);
        // How much somebody has is told to them and to whoever leads them: nobody is compared with anybody here.
        let colleagues =
            members.iter().map(|held| self.colleague(held, may_set || held.id == self.actor.id));
        Ok(UnitCover {
            unit: unit.id,
            name: unit.name.clone(),
            open,
            free,
            cover: self.directory.cover_of(unit.id, self.at)?,
            uncovered_since: self.uncovered_since(unit.id)?,
            other_clock: self.other_clock(unit.id)?,
            may_set,
            colleagues: colleagues.collect::<Result<_, _>>()?,
        })
    }

    fn colleague(&self, held: &Caseworker, has_load: bool) -> Result<Colleague, DeskError> {
        let is_here = self.directory.is_here(held.id, self.today);
        let stand_in = self.directory.stand_in(held.id, self.today).filter(|_| !is_here);
        let owned = keys::of_owner(held.id);
        let from = owned.range().from;
        let to = Some(keys::of_owner(held.id).signed(self.at.milliseconds()).done());
        let late = self.seen_length(&KeyRange { from, to }, LATE_COUNTED_MAX)?;
        let promises = self.promises_kept_by(held.id, PROMISES_COUNTED_MAX)?;
        let told = |figure: u64| if has_load { figure } else { 0 };
        let drafts = self.scan(&keys::drafts_of(held.id).range(), 1, Direction::Forward)?;
        Ok(Colleague {
            id: held.id,
            name: held.name.clone(),
            account: held.account.clone(),
            state: held.state,
            is_here,
            why: if is_here { String::new() } else { self.why_away(held.id)? },
            stand_in: stand_in.map(|id| (id, self.directory.short_name(id))),
            open: told(self.seen_count(keys::owner_counters(held.id))?),
            late: told(u64::try_from(late).unwrap_or(u64::MAX)),
            promises: told(promises),
            interruptions: told(self.interruptions_of(held.id)?),
            has_load,
            has_drafts: !drafts.rows.is_empty(),
        })
    }

    /// How often somebody was interrupted today.
    fn interruptions_of(&self, id: CaseworkerId) -> Result<u64, DeskError> {
        let kept = self.get(&keys::interruptions_of(id))?;
        Ok(kept.map_or(0, |bytes| interruptions_on(self.today, &bytes)))
    }

    /// Why somebody is away, as it was said when they were marked so.
    fn why_away(&self, id: CaseworkerId) -> Result<String, DeskError> {
        let (newest, _) =
            timeline::newest(self.store, &EntityId::Caseworker(id), EVENTS_LOOKED_AT_MAX)?;
        let is_away = |event: &Event| {
            let Event::Office(OfficeEvent::CaseworkerStateSet(state)) = event else { return false };
            *state != CaseworkerState::Active
        };
        // An undo says again that they are away, and not why.
        let is_said = |record: &EventRecord| {
            is_away(&record.event) && !record.reason.as_ref().is_some_and(|it| is_of_undo(it))
        };
        let said = newest.into_iter().find(is_said);
        Ok(said.and_then(|record| record.reason).unwrap_or_default())
    }
}
