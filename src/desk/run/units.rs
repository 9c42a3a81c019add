//! Changing a unit: its name and place in the tree, its zone, sites and roster, and what other units are told.

use std::collections::BTreeSet;

use crate::desk::counters::open_cases_of;
use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::units::UnitChange;
use crate::desk::work::Why;
use crate::domain::cases::check_text;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::office::{
    Action, CaseworkerState, DAY_MINUTES, OfficeEvent, Resource, SHIFTS_MAX, SITES_MAX, Shift,
    Site, UNIT_LEVELS_MAX, Unit, UnitProfile, UnitProfileEvent,
};
use crate::domain::time::Zone;
use crate::domain::{Entity, EntityId, Event, Refusal, UnitId};

use super::{Done, Run};

impl Run<'_> {
    pub(super) fn change_unit(
        &mut self,
        id: UnitId,
        change: &UnitChange,
    ) -> Result<Done, DeskError> {
        let resource = Resource::of_unit(id);
        self.authorise(Action::RunOffice, &resource)?;
        let unit = self.work.directory.unit(id)?.clone();
        let (event, label) = match change {
            UnitChange::Name(name) => {
                check_text("the name", name, LINE_BYTES_MAX, false)?;
                let label = format!("{} is called {name} now.", unit.name);
                (Event::Office(OfficeEvent::UnitRenamed(name.clone())), label)
            }
            UnitChange::Parent(parent) => self.move_unit(&unit, *parent)?,
            UnitChange::Zone(zone) => self.set_zone(&unit, zone.as_deref())?,
            UnitChange::Sites(sites) => {
                check_sites(sites)?;
                let label = match sites.len() {
                    0 => format!("{} has the sites of the unit above.", unit.name),
                    1 => format!("{} works at 1 site.", unit.name),
                    count => format!("{} works at {count} sites.", unit.name),
                };
                (Event::UnitProfile(UnitProfileEvent::SitesSet(sites.clone())), label)
            }
            UnitChange::Roster(roster) => self.set_roster(&unit, roster)?,
            UnitChange::KnownContact(contact) => {
                if let Some(contact) = contact {
                    check_text("the contact", contact, LINE_BYTES_MAX, false)?;
                }
                let label = match contact {
                    Some(contact) => {
                        format!("Who meets somebody whom {} knows is told: {contact}.", unit.name)
                    }
                    None => format!("Nobody is told any more whom {} knows.", unit.name),
                };
                let event = UnitProfileEvent::KnownContactSet(contact.clone());
                (Event::UnitProfile(event), label)
            }
        };
        let is_of_profile = matches!(event, Event::UnitProfile(_));
        let entity = if is_of_profile { EntityId::UnitProfile(id) } else { EntityId::Unit(id) };
        self.work.happen(&self.doer.clone(), entity.clone(), event, Why::default())?;
        Ok(Done::new(label).about(entity))
    }

    fn move_unit(
        &mut self,
        unit: &Unit,
        parent: Option<UnitId>,
    ) -> Result<(Event, String), DeskError> {
        let directory = &self.work.directory;
        let label = match parent {
            None => {
                self.authorise(Action::RunOffice, &Resource::office())?;
                format!("{} stands at the top.", unit.name)
            }
            Some(above) => {
                self.authorise(Action::RunOffice, &Resource::of_unit(above))?;
                let name = &directory.unit(above)?.name;
                if directory.above(above).any(|held| held == unit.id) {
                    let what = format!("{name} stands below {}.", unit.name);
                    let hint = "Move that one first: no unit stands below itself.";
                    return Err(Refusal::new("unit.circle", what, hint).into());
                }
                let deepest = directory.below(unit.id).map(|held| directory.above(held).count());
                let own = directory.above(unit.id).count();
                let levels = deepest.max().unwrap_or(own) - own + 1;
                if directory.above(above).count() + levels > UNIT_LEVELS_MAX {
                    let what = format!("Units stand at most {UNIT_LEVELS_MAX} levels deep.");
                    let hint = "Put it higher up.";
                    return Err(Refusal::new("unit.levels", what, hint).into());
                }
                format!("{} stands below {name} now.", unit.name)
            }
        };
        let moved = Entity::Unit(Unit { parent, ..unit.clone() });
        self.check_clocks_stay(unit, moved)?;
        Ok((Event::Office(OfficeEvent::UnitMoved(parent)), label))
    }

    fn set_zone(&mut self, unit: &Unit, zone: Option<&str>) -> Result<(Event, String), DeskError> {
        if let Some(name) = zone
            && Zone::named(name).is_err()
        {
            let what = format!("There is no time zone `{name}`.");
            return Err(Refusal::new("office.zone", what, "Name one as Atlantic/Azores.").into());
        }
        let directory = &self.work.directory;
        let own = directory.rules.calendar(&unit.code).filter(|held| held.code == unit.code);
        if let (Some(name), Some(own)) = (zone, own)
            && own.zone_name() != name
        {
            let what = format!(
                "{} works by a calendar of its own, which is in {}.",
                unit.name,
                own.zone_name()
            );
            let hint = "Publish that calendar in the other zone: casedesk calendar.";
            return Err(Refusal::new("unit.calendar", what, hint).into());
        }
        let zone = zone.map(str::to_owned);
        let after = UnitProfile { zone: zone.clone(), ..self.profile(unit.id) };
        self.check_clocks_stay(unit, Entity::UnitProfile(after))?;
        let label = match &zone {
            Some(name) => format!("{} works by the clocks of {name}.", unit.name),
            None => format!("{} works by the clocks of the unit above.", unit.name),
        };
        Ok((Event::UnitProfile(UnitProfileEvent::ZoneSet(zone)), label))
    }

    /// Refuses what would bring open cases under another clock: a calendar shows whom it moves before it is published, and
    /// this would not (hard rule 10).
    fn check_clocks_stay(&mut self, unit: &Unit, changed: Entity) -> Result<(), DeskError> {
        let before = std::sync::Arc::clone(&self.work.directory);
        let mut after: Directory = (*before).clone();
        after.take(changed);
        let touched: BTreeSet<UnitId> = before.below(unit.id).chain(after.below(unit.id)).collect();
        for id in touched {
            let (was, is) = (before.calendar_of(id)?, after.calendar_of(id)?);
            if was.zone_name() == is.zone_name() || open_cases_of(self.work, &before, id)? == 0 {
                continue;
            }
            let name = before.unit(id)?.name.clone();
            let what =
                format!("{name} has open cases, whose clocks were counted in {}.", was.zone_name());
            let hint = format!(
                "Publish a calendar for it in {}, which shows what moves: casedesk calendar preview.",
                is.zone_name()
            );
            return Err(Refusal::new("unit.clocks", what, hint).into());
        }
        Ok(())
    }

    fn set_roster(&mut self, unit: &Unit, roster: &[Shift]) -> Result<(Event, String), DeskError> {
        let refused = |what: String, hint: &str| Refusal::new("roster.shift", what, hint).into();
        if roster.len() > SHIFTS_MAX {
            let what = format!("A roster has at most {SHIFTS_MAX} shifts.");
            return Err(refused(what, "Write one shift for a day."));
        }
        let mut roster = roster.to_vec();
        roster.sort_unstable();
        roster.dedup();
        for shift in &roster {
            let held = self.work.directory.caseworker(shift.caseworker)?;
            let (name, words) = (held.name.clone(), shift.words());
            if held.state == CaseworkerState::Left {
                return Err(refused(format!("{name} has left."), "Leave their shifts out."));
            }
            let is_day = (1..=7).contains(&shift.weekday);
            if !is_day || shift.from_minute >= shift.to_minute || shift.to_minute > DAY_MINUTES {
                let what = format!("{words} is no shift.");
                return Err(refused(what, "A shift begins before it ends, on one day."));
            }
            let resource = Resource::of_unit(unit.id);
            let rights = [Action::WorkCase, Action::Screen, Action::Review, Action::Classify];
            let sight = self.sight_of(held);
            if !rights.into_iter().any(|right| sight.may(right, &resource)) {
                let what = format!("{name} has no right to work the queues of {}.", unit.name);
                return Err(refused(what, "Grant it first: casedesk office grant."));
            }
        }
        for (one, next) in roster.iter().zip(roster.iter().skip(1)) {
            let is_same = one.caseworker == next.caseworker && one.weekday == next.weekday;
            if is_same && next.from_minute < one.to_minute {
                let name = self.work.directory.short_name(one.caseworker);
                let what = format!("{name} has two shifts at once, {}.", next.words());
                return Err(refused(what, "Let the first end before the second begins."));
            }
        }
        let people: BTreeSet<_> = roster.iter().map(|shift| shift.caseworker).collect();
        let label = if roster.is_empty() {
            format!("{} has no roster: everybody of it covers its queues.", unit.name)
        } else {
            format!("{}: {} shifts of {} people.", unit.name, roster.len(), people.len())
        };
        Ok((Event::UnitProfile(UnitProfileEvent::RosterSet(roster)), label))
    }

    fn profile(&self, unit: UnitId) -> UnitProfile {
        let held = self.work.directory.profiles.get(&unit).cloned();
        held.unwrap_or_else(|| UnitProfile::empty(unit))
    }
}

/// The event that brings a unit, or its profile, back to what it was; nothing where it was not there before.
pub(super) fn put_back(before: Option<Entity>, now: &Entity) -> Option<Event> {
    match (before, now) {
        (Some(Entity::Unit(to)), Entity::Unit(now)) if to.name != now.name => {
            Some(Event::Office(OfficeEvent::UnitRenamed(to.name)))
        }
        (Some(Entity::Unit(to)), Entity::Unit(_)) => {
            Some(Event::Office(OfficeEvent::UnitMoved(to.parent)))
        }
        (Some(Entity::UnitProfile(to)), Entity::UnitProfile(_)) => {
            Some(Event::UnitProfile(UnitProfileEvent::Reverted(Box::new(to))))
        }
        (None, Entity::UnitProfile(_)) => Some(Event::UnitProfile(UnitProfileEvent::Annulled)),
        (_, _) => None,
    }
}

fn check_sites(sites: &[Site]) -> Result<(), DeskError> {
    let refused = |what: String, hint: &str| Refusal::new("unit.site", what, hint).into();
    if sites.len() > SITES_MAX {
        let what = format!("A unit has at most {SITES_MAX} sites.");
        return Err(refused(what, "Give the others to the units that work there."));
    }
    let mut codes = BTreeSet::new();
    for site in sites {
        check_text("the code", &site.code, CODE_BYTES_MAX, false)?;
        check_text("the name", &site.name, LINE_BYTES_MAX, false)?;
        check_text("the address", &site.address, LINE_BYTES_MAX, false)?;
        let is_letter = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        if site.code.is_empty() || !site.code.chars().all(is_letter) {
            let what = format!("`{}` is no code of a site.", site.code);
            return Err(refused(what, "Use one word of letters, digits and -."));
        }
        if !codes.insert(site.code.to_lowercase()) {
            let what = format!("The site {} is named twice.", site.code);
            return Err(refused(what, "Give each its own code."));
        }
    }
    Ok(())
}
