//! The tree of units: sites, clocks, rosters, who covers what now, and who else knows a person.

use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{View, ViewKind};
use crate::desk::units::{UnitLine, UnitsAnswer};
use crate::domain::office::{Action, Confidentiality, Cover, Resource, Shift, Unit};
use crate::domain::time::Instant;
use crate::domain::{CaseId, PersonId, UnitId};
use crate::store::Direction;

use super::Reader;

/// Cases of a person that are looked at for which units know them.
const KNOWN_LOOKED_AT_MAX: usize = 200;

impl Reader<'_> {
    pub(super) fn units(&self) -> Result<UnitsAnswer, DeskError> {
        // Whoever runs the office reads no case, and sets its units up all the same.
        self.authorise(Action::RunOffice, &Resource::office())
            .or_else(|_| self.authorise(Action::ReadCase, &Resource::office()))?;
        let mut units: Vec<(Vec<String>, &Unit)> = Vec::new();
        for unit in self.directory.units.values() {
            let name = |id: UnitId| self.directory.units.get(&id).map(|unit| unit.name.clone());
            let mut path: Vec<String> = self.directory.above(unit.id).filter_map(name).collect();
            path.reverse();
            units.push((path, unit));
        }
        units.sort_by(|(one, unit), (other, next)| one.cmp(other).then(unit.id.cmp(&next.id)));
        let lines = units.iter().map(|(path, unit)| self.unit_line(unit, path.len()));
        Ok(UnitsAnswer { at: self.at, units: lines.collect::<Result<_, _>>()? })
    }

    fn unit_line(&self, unit: &Unit, levels: usize) -> Result<UnitLine, DeskError> {
        let directory = &self.directory;
        let calendar = directory.calendar_of(unit.id)?;
        let (cover, today) = (directory.cover_of(unit.id, self.at)?, calendar.zone().day(self.at));
        let profile = directory.profiles.get(&unit.id);
        let (open, free) = self.open_of(unit.id)?;
        let name = |id| directory.caseworkers.get(&id).map(|held| held.name.clone());
        let mut queues = Vec::new();
        for queue in directory.queues.values().filter(|queue| queue.unit == unit.id) {
            let view = View { kind: ViewKind::Queue(queue.id), unit: unit.id };
            queues.push((queue.code.clone(), self.total(view)?));
        }
        let shift = |shift: &Shift| {
            let held = directory.caseworkers.get(&shift.caseworker)?;
            Some((held.account.clone(), held.name.clone(), *shift))
        };
        let roster = profile.map_or(&[][..], |profile| profile.roster.as_slice());
        Ok(UnitLine {
            unit: unit.clone(),
            depth: u32::try_from(levels.saturating_sub(1)).unwrap_or(u32::MAX),
            zone: calendar.zone_name().to_owned(),
            own_zone: profile.and_then(|profile| profile.zone.clone()),
            sites: directory.sites_of(unit.id).to_vec(),
            has_own_sites: profile.is_some_and(|profile| !profile.sites.is_empty()),
            leader: directory.leader(unit.id, today).and_then(name),
            cover,
            covered_by: if let Cover::By(id) = cover { name(id) } else { None },
            uncovered_since: self.uncovered_since(unit.id)?,
            is_open: calendar.is_open_at(self.at),
            queues,
            open,
            free,
            roster: roster.iter().filter_map(shift).collect(),
            known_contact: profile.and_then(|profile| profile.known_contact.clone()),
            hides_names: profile.is_some_and(|profile| profile.hides_names),
        })
    }

    /// Since when nobody covers a unit's queues, where that was told.
    pub(super) fn uncovered_since(&self, unit: UnitId) -> Result<Option<Instant>, DeskError> {
        let kept = self.get(&keys::gap_of(unit))?;
        let since = kept.as_deref().and_then(<[u8]>::first_chunk::<8>);
        Ok(since.map(|bytes| Instant::from_milliseconds(i64::from_be_bytes(*bytes))))
    }

    /// The clock on a unit's wall, where it says something else than the actor's: the zone's name, and day and time there.
    pub(super) fn other_clock(&self, unit: UnitId) -> Result<Option<(String, String)>, DeskError> {
        let calendar = self.directory.calendar_of(unit)?;
        let zone = calendar.zone();
        let (there, here) = (zone.hour_minute(self.at), self.zone.hour_minute(self.at));
        if there == here {
            return Ok(None);
        }
        let day = zone.day(self.at).date().strftime("%a").to_string();
        let (hour, minute) = there;
        Ok(Some((calendar.zone_name().to_owned(), format!("{day} {hour:02}:{minute:02}"))))
    }

    /// The name of the zone by whose clocks a unit works, where it is another than this one.
    pub(super) fn zone_beside(
        &self,
        unit: UnitId,
        other: &str,
    ) -> Result<Option<String>, DeskError> {
        let calendar = self.directory.calendar_of(unit)?;
        let name = calendar.zone_name();
        Ok((name != other).then(|| name.to_owned()))
    }

    /// The name of a unit's zone, where it is another than the office's or the actor's own.
    pub(super) fn zone_of_board(&self, unit: UnitId) -> Result<Option<String>, DeskError> {
        let own = self.directory.calendar_of(self.actor.unit)?;
        match self.zone_beside(unit, &self.directory.office()?.calendar.zone)? {
            Some(zone) => Ok(Some(zone)),
            None => self.zone_beside(unit, own.zone_name()),
        }
    }

    /// The other units that know somebody and let that be told, each with its contact; of cases that are not confidential,
    /// and of nobody whose file the actor may not see.
    pub(super) fn also_known_to(
        &self,
        person: PersonId,
    ) -> Result<Vec<(String, String)>, DeskError> {
        let tells = |unit: &UnitId| {
            let profile = self.directory.profiles.get(unit);
            profile.and_then(|profile| profile.known_contact.as_ref())
        };
        if self.directory.profiles.keys().all(|unit| tells(unit).is_none()) {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for &number in self.numbers_of(person)?.iter() {
            let range = keys::of_person(number).range();
            rows.extend(self.scan(&range, KNOWN_LOOKED_AT_MAX, Direction::Forward)?.rows);
        }
        let mut known: Vec<(String, String)> = Vec::new();
        for (key, _) in rows {
            let case = self.case(CaseId(keys::last_number(&key)))?;
            if case.unit == self.actor.unit || case.confidentiality >= Confidentiality::Confidential
            {
                continue;
            }
            let Some(contact) = tells(&case.unit) else { continue };
            let line = (self.directory.unit(case.unit)?.name.clone(), contact.clone());
            if !known.contains(&line) {
                known.push(line);
            }
        }
        Ok(known)
    }
}
