//! The watch over cover: has noted what nobody covers, and returned what belongs to somebody who is not there any more.

use crate::domain::CaseworkerId;
use crate::domain::office::CaseworkerState;
use crate::domain::time::Day;
use crate::store::Direction;

use super::command::Command;
use super::counters::open_cases_of;
use super::directory::Directory;
use super::error::DeskError;
use super::keys;
use super::local::{Act, LocalDesk, lock};
use super::run::HANDED_OVER_MAX;
use super::work::broken;

/// Commands of [`HANDED_OVER_MAX`] cases each that return one colleague's work: more than a colleague has.
const RETURNS_MAX: usize = 100;

/// What the owners of cases were last looked through with: nothing changes for them until one of these does. Versions only
/// grow, so that their sum tells a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    /// The office's day, and that of each unit with a roster, by its own clock.
    days: Vec<Day>,
    profiles: u64,
    caseworkers: u64,
    /// Whoever leads a unit is on its roster.
    units: u64,
}

impl LocalDesk {
    /// Notes the units whose queues nobody covers in their hours, each gap once, and those that are covered again; then
    /// returns the work of those who have left, or are on the roster no more.
    ///
    /// # Errors
    /// The store cannot read or write.
    pub fn watch_cover(&self) -> Result<(), DeskError> {
        let directory = self.directory();
        let Some(first) = directory.caseworkers.keys().next().copied() else { return Ok(()) };
        if self.has_cover_moved(&directory)? {
            self.rule_act(first, Command::WatchCover)?;
        }
        self.return_work(&directory, first)
    }

    fn rule_act(&self, actor: CaseworkerId, command: Command) -> Result<usize, DeskError> {
        let act = Act { actor, at: self.clock.now(), command };
        let mut rows = 0;
        for result in self.execute_all(vec![act])? {
            rows += result?.rows.len();
        }
        Ok(rows)
    }

    /// Where nothing has moved, nothing is committed either.
    fn has_cover_moved(&self, directory: &Directory) -> Result<bool, DeskError> {
        let at = self.clock.now();
        for unit in directory.units.keys().copied() {
            let has_gap = self.store.get(&keys::gap_of(unit)).map_err(broken)?.is_some();
            let open = open_cases_of(&mut self.store.as_ref(), directory, unit)?;
            if directory.gap_moves(unit, at, has_gap, open)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns work whose owner is not there any more. Owners are looked through once a day, and when a roster or somebody's
    /// presence has changed.
    fn return_work(&self, directory: &Directory, first: CaseworkerId) -> Result<(), DeskError> {
        let at = self.clock.now();
        let mut days = vec![directory.office()?.calendar.zone().day(at)];
        for unit in directory.profiles.values().filter(|held| !held.roster.is_empty()) {
            days.push(directory.zone_of(unit.id)?.day(at));
        }
        let looked = Looked {
            days,
            profiles: directory.profiles.values().map(|profile| profile.version).sum(),
            caseworkers: directory.caseworkers.values().map(|held| held.version).sum(),
            units: directory.units.values().map(|unit| unit.version).sum(),
        };
        if lock(&self.looked_over).as_ref() == Some(&looked) {
            return Ok(());
        }
        let has_roster = directory.profiles.values().any(|profile| !profile.roster.is_empty());
        for held in directory.caseworkers.values() {
            let has_left = held.state == CaseworkerState::Left;
            if !(has_left || has_roster && self.has_work_elsewhere(directory, held.id)?) {
                continue;
            }
            let owned = keys::of_owner(held.id).range();
            let page = self.store.scan(&owned, 1, Direction::Forward).map_err(broken)?;
            if page.rows.is_empty() {
                continue;
            }
            for _ in 0..RETURNS_MAX {
                let returned = self.rule_act(first, Command::ReturnWork { from: held.id })?;
                if returned < HANDED_OVER_MAX {
                    break;
                }
            }
        }
        *lock(&self.looked_over) = Some(looked);
        Ok(())
    }

    /// Whether somebody has a case of a unit on whose roster they are not.
    fn has_work_elsewhere(
        &self,
        directory: &Directory,
        id: CaseworkerId,
    ) -> Result<bool, DeskError> {
        let owned = keys::of_owner(id).range();
        let page = self.store.scan(&owned, super::run::WORK_LOOKED_AT_MAX, Direction::Forward);
        let at = self.clock.now();
        for (key, _) in page.map_err(broken)?.rows {
            let case =
                crate::domain::EntityId::Case(crate::domain::CaseId(keys::last_number(&key)));
            let Some(found) = self.store.get(&keys::entity(&case)).map_err(broken)? else {
                continue;
            };
            let found = super::records::decode_entity(&case, &found.value).map_err(broken)?;
            if let crate::domain::Entity::Case(case) = found
                && !directory.is_on_roster(id, case.unit, directory.zone_of(case.unit)?.day(at))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
