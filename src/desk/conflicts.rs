//! Whose files are closed to whom: a caseworker's own, their family's, and those of colleagues of their unit.
//!
//! Who a caseworker is as a citizen is a record of the office; from it, the people are read once and kept in memory, and
//! read again when rights, people, households or merges change that one of them hangs on.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::cases::Case;
use crate::domain::limits::MERGES_MAX;
use crate::domain::office::{Caseworker, CaseworkerState, Rights};
use crate::domain::people::Person;
use crate::domain::{CaseworkerId, EntityId, PersonId};
use crate::store::Store;

use super::error::DeskError;
use super::kin::{Kindred, StoredKin, current, dependants, numbers};
use super::work::broken;

/// The people whose files are closed to each caseworker, by every number under which they are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Conflicts {
    of: BTreeMap<CaseworkerId, Vec<PersonId>>,
    /// Every number of each caseworker who is known as a citizen, also of those who have left.
    own: BTreeMap<CaseworkerId, BTreeSet<PersonId>>,
    /// Everybody on whom the lists hang: whoever changes one of them changes the lists.
    watched: BTreeSet<PersonId>,
}

impl Conflicts {
    /// Reads who is closed to whom, as the store has it.
    pub(super) fn load(
        store: &dyn Store,
        rights: &BTreeMap<CaseworkerId, Rights>,
        caseworkers: &BTreeMap<CaseworkerId, Caseworker>,
    ) -> Result<Self, DeskError> {
        let kindred = StoredKin(store);
        let mut conflicts = Self::default();
        let mut all: BTreeMap<CaseworkerId, BTreeSet<PersonId>> = BTreeMap::new();
        let is_here = |id: &CaseworkerId| {
            caseworkers.get(id).is_some_and(|held| held.state != CaseworkerState::Left)
        };
        for (id, rights) in rights {
            let Some(person) = rights.person else { continue };
            let named = every_number(&kindred, person).map_err(broken)?;
            conflicts.watched.extend(&named);
            if is_here(id) {
                let people = family(&kindred, &named).map_err(broken)?;
                conflicts.watched.extend(&people);
                all.insert(*id, people);
            }
            conflicts.own.insert(*id, named);
        }
        for caseworker in caseworkers.values() {
            let mut people = all.get(&caseworker.id).cloned().unwrap_or_default();
            for (colleague, numbers) in conflicts.own.iter().filter(|(id, _)| is_here(id)) {
                let unit = caseworkers.get(colleague).map(|colleague| colleague.unit);
                if *colleague != caseworker.id && unit == Some(caseworker.unit) {
                    people.extend(numbers);
                }
            }
            if !people.is_empty() {
                conflicts.of.insert(caseworker.id, people.into_iter().collect());
            }
        }
        Ok(conflicts)
    }

    /// Closes these files to somebody, beside those that are.
    pub(super) fn close(&mut self, caseworker: CaseworkerId, people: &[PersonId]) {
        if !people.is_empty() {
            let closed = self.of.entry(caseworker).or_default();
            closed.extend(people);
            closed.sort_unstable();
            closed.dedup();
        }
    }

    /// Whether two accounts are known to be one and the same citizen, under whichever of that citizen's numbers.
    pub(super) fn is_same_citizen(&self, one: CaseworkerId, other: CaseworkerId) -> bool {
        let numbers = self.own.get(&one).zip(self.own.get(&other));
        numbers.is_some_and(|(one, other)| !one.is_disjoint(other))
    }

    /// The people whose files are closed to somebody, by number.
    pub(super) fn of(&self, caseworker: CaseworkerId) -> &[PersonId] {
        self.of.get(&caseworker).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether somebody's file is closed to a caseworker.
    pub(super) fn closes(&self, caseworker: CaseworkerId, person: PersonId) -> bool {
        self.of(caseworker).binary_search(&person).is_ok()
    }

    /// Whether a case is about somebody whose file is closed to a caseworker.
    pub(super) fn closes_case(&self, caseworker: CaseworkerId, case: &Case) -> bool {
        let closed = self.of(caseworker);
        !closed.is_empty() && case.has_person(|person| closed.binary_search(&person).is_ok())
    }

    /// Whether a commit that changed these records may have changed who is closed to whom. A few reads for each person,
    /// and none where nobody is linked.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only people and households say who belongs to whom"
    )]
    pub(super) fn hang_on(&self, store: &dyn Store, changed: &[EntityId]) -> bool {
        let is_watched = |person: &PersonId| self.watched.contains(person);
        let kindred = StoredKin(store);
        let touches = |person: &Person| {
            is_watched(&person.id)
                || person.relationships.iter().any(|stated| is_watched(&stated.to))
                || person.state.merged_into().as_ref().is_some_and(is_watched)
        };
        !self.watched.is_empty()
            && changed.iter().any(|id| match id {
                // What cannot be read is taken for a change: the lists are read again then.
                EntityId::Person(person) => kindred
                    .person(*person)
                    .map_or(true, |person| person.as_ref().is_none_or(touches)),
                EntityId::Household(household) => {
                    kindred.household(*household).map_or(true, |household| {
                        let household = household.iter().flat_map(|held| &held.members);
                        household.map(|member| member.person).any(|person| is_watched(&person))
                    })
                }
                _ => false,
            })
    }
}

/// Every number of whoever has one of these: that of the record which stands for them, and of all that went into it.
fn every_number(kindred: &dyn Kindred, person: PersonId) -> Result<BTreeSet<PersonId>, String> {
    let mut all: BTreeSet<PersonId> =
        numbers(kindred, current(kindred, person)?)?.into_iter().collect();
    all.insert(person);
    Ok(all.into_iter().take(MERGES_MAX).collect())
}

/// Somebody with their family: relatives in either direction and whoever lives with them, by every number.
fn family(kindred: &dyn Kindred, named: &BTreeSet<PersonId>) -> Result<BTreeSet<PersonId>, String> {
    let mut family = named.clone();
    for number in named {
        let Some(person) = kindred.person(*number)? else { continue };
        for relative in dependants(kindred, &person)? {
            family.extend(every_number(kindred, relative)?);
        }
    }
    Ok(family)
}
