//! Units as they work: by which calendar and clock, at which sites, and who covers their queues.
//!
//! A unit's zone is that of the calendar that it works by, and of nothing else: its own published calendar; or the
//! office's, by the clocks of the zone that the unit's profile or the nearest one above names.

use std::sync::Arc;

use crate::domain::office::{
    Action, Caseworker, Cover, Decision, Resource, Site, UnitProfile, WallTime,
};
use crate::domain::time::{Calendar, Day, Instant, OFFICE_CALENDAR, Zone};
use crate::domain::{CaseworkerId, UnitId};

use super::directory::Directory;
use super::error::DeskError;

impl Directory {
    /// Makes the calendars of other zones anew, where one is missing or the office's has changed.
    pub(super) fn refresh_zones(&mut self) {
        let Some(own) = self.rules.calendar(OFFICE_CALENDAR).or(self.hours.as_ref()).cloned()
        else {
            return;
        };
        let mut zoned = std::mem::take(&mut self.zoned);
        for name in self.profiles.values().filter_map(|profile| profile.zone.as_ref()) {
            let Ok(zone) = Zone::named(name) else { continue };
            let made = own.in_zone(name, zone);
            let is_same = zoned.get(name).is_some_and(|held| **held == made);
            if !is_same {
                zoned.insert(name.clone(), Arc::new(made));
            }
        }
        self.zoned = zoned;
    }

    /// The calendar that a unit works by.
    pub(super) fn calendar_of(&self, unit: UnitId) -> Result<Arc<Calendar>, DeskError> {
        let office = self.office()?;
        let code = self.units.get(&unit).map_or(OFFICE_CALENDAR, |unit| unit.code.as_str());
        if let Some(own) = self.rules.calendar(code) {
            // A unit without a calendar of its own is given the office's.
            if code == OFFICE_CALENDAR || own.code != OFFICE_CALENDAR {
                return Ok(Arc::clone(own));
            }
        }
        let named = || self.zone_named(unit).and_then(|zone| self.zoned.get(zone));
        let zoned = if self.zoned.is_empty() { None } else { named() };
        let shared = zoned.or_else(|| self.rules.calendar(OFFICE_CALENDAR)).or(self.hours.as_ref());
        Ok(shared.map_or_else(|| Arc::new(Calendar::from(&office.calendar)), Arc::clone))
    }

    /// The zone that the profile of a unit names, or that of the nearest one above.
    fn zone_named(&self, unit: UnitId) -> Option<&String> {
        self.above(unit).find_map(|unit| self.profiles.get(&unit)?.zone.as_ref())
    }

    /// By which clock a unit works.
    pub(super) fn zone_of(&self, unit: UnitId) -> Result<Zone, DeskError> {
        Ok(self.calendar_of(unit)?.zone())
    }

    /// Where a unit works: its own sites, or those of the nearest one above that has any.
    pub(super) fn sites_of(&self, unit: UnitId) -> &[Site] {
        let sites = |unit: UnitId| {
            let sites = self.profiles.get(&unit)?.sites.as_slice();
            (!sites.is_empty()).then_some(sites)
        };
        self.above(unit).find_map(sites).unwrap_or_default()
    }

    /// The profile of a unit that has a roster.
    pub(super) fn rostered(&self, unit: UnitId) -> Option<&UnitProfile> {
        self.profiles.get(&unit).filter(|profile| !profile.roster.is_empty())
    }

    /// Whether somebody is of a unit, or has a right that names it.
    fn belongs_to(&self, caseworker: &Caseworker, unit: UnitId, today: Day) -> bool {
        let mut held = self.standing(caseworker).in_force(today);
        caseworker.unit == unit || held.any(|(_, held)| held.unit == Some(unit))
    }

    fn works_in(&self, caseworker: &Caseworker, unit: UnitId, today: Day) -> bool {
        let answer = self.permit(caseworker, Action::WorkCase, &Resource::of_unit(unit), today);
        !matches!(answer, Decision::Deny(_))
    }

    /// Who covers a unit's queues at an instant: somebody of its roster whose shift it is, or, where it has none, somebody
    /// of the unit or with a right that names it; or whoever stands in for one of them who is away.
    pub(super) fn cover_of(&self, unit: UnitId, at: Instant) -> Result<Cover, DeskError> {
        let calendar = self.calendar_of(unit)?;
        let wall = WallTime::of(at, &calendar.zone());
        let here = |id: CaseworkerId| {
            let works = |id: &CaseworkerId| {
                self.caseworkers.get(id).is_some_and(|held| self.works_in(held, unit, wall.day))
            };
            let own = Some(id).filter(works)?;
            let stands_in = || self.stand_in(own, wall.day).filter(works);
            if self.is_here(own, wall.day) { Some(own) } else { stands_in() }
        };
        let found = if let Some(profile) = self.rostered(unit) {
            profile.on_shift(wall).into_iter().find_map(here)
        } else {
            let belongs = |held: &&Caseworker| self.belongs_to(held, unit, wall.day);
            self.caseworkers.values().filter(belongs).find_map(|held| here(held.id))
        };
        Ok(match found {
            Some(by) => Cover::By(by),
            None if calendar.is_open_at(at) => Cover::Nobody,
            None => Cover::Closed,
        })
    }

    /// Whether a case of a unit can be somebody's: they are on its roster, lead it, or stand in for somebody who does one of
    /// these. Where the unit has no roster, rights alone decide.
    pub(super) fn is_on_roster(&self, id: CaseworkerId, unit: UnitId, today: Day) -> bool {
        let Some(profile) = self.rostered(unit) else { return true };
        let leads = |id: CaseworkerId| {
            let held = self.units.get(&unit);
            held.is_some_and(|held| held.manager == Some(id) || held.substitute == Some(id))
        };
        let has_place = |id: CaseworkerId| profile.is_rostered(id) || leads(id);
        let mut named = profile.roster.iter().map(|shift| shift.caseworker);
        has_place(id)
            || named
                .any(|other| !self.is_here(other, today) && self.stand_in(other, today) == Some(id))
    }

    /// Whether the next case of a unit's queue is offered to somebody: it is covered, or the unit is closed and they belong
    /// to it.
    pub(super) fn is_offered(
        &self,
        id: CaseworkerId,
        unit: UnitId,
        at: Instant,
    ) -> Result<bool, DeskError> {
        Ok(match self.cover_of(unit, at)? {
            Cover::By(_) => true,
            Cover::Nobody => false,
            Cover::Closed => {
                let today = self.zone_of(unit)?.day(at);
                let held = self.caseworkers.get(&id);
                let belongs = || held.is_some_and(|held| self.belongs_to(held, unit, today));
                match self.rostered(unit) {
                    Some(profile) => profile.is_rostered(id) || belongs(),
                    None => belongs(),
                }
            }
        })
    }

    /// Whether the cover of a unit has just been lost, or found again; nothing where it is as it was told last. `open` are the
    /// unit's open cases: where there are none, nobody is missed.
    pub(super) fn gap_moves(
        &self,
        unit: UnitId,
        at: Instant,
        has_gap: bool,
        open: u64,
    ) -> Result<Option<bool>, DeskError> {
        if !has_gap && open == 0 {
            return Ok(None);
        }
        Ok(match (has_gap, self.cover_of(unit, at)?) {
            (false, Cover::Nobody) => Some(true),
            (true, Cover::By(_)) => Some(false),
            (false, Cover::By(_) | Cover::Closed) | (true, Cover::Nobody | Cover::Closed) => None,
        })
    }

    /// Whom a trouble of a unit is told: whoever leads it, and whoever leads the one above, each once.
    pub(super) fn told_of(&self, unit: UnitId, today: Day) -> Vec<CaseworkerId> {
        let above = self.units.get(&unit).and_then(|unit| unit.parent);
        let units = std::iter::once(unit).chain(above);
        let mut told: Vec<CaseworkerId> =
            units.filter_map(|unit| self.leader(unit, today)).collect();
        told.dedup();
        told
    }

    /// The units below one, it included.
    pub(super) fn below(&self, unit: UnitId) -> impl Iterator<Item = UnitId> {
        let is_below = move |held: &UnitId| self.above(*held).any(|above| above == unit);
        self.units.keys().copied().filter(is_below)
    }
}
