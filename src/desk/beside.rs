//! The people who are found by the name of somebody else as well: kept for those whose files are closed to a colleague, so
//! that a search does without their names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::{EntityId, PersonId};
use crate::search::{FoundWithout, KinName};
use crate::store::Store;

use super::derive::is_found;
use super::error::DeskError;
use super::kin::{Kindred as _, StoredKin, dependants, relatives};
use super::work::broken;

/// People of whom it is known at once who is beside them; beyond that, all are read again.
const KNOWN_MAX: usize = 10_000;

/// Somebody who is found by the names of relatives, each under the number of whose name it is.
#[derive(Debug)]
struct Beside {
    person: PersonId,
    kin: Vec<(PersonId, KinName)>,
}

/// For people whose files are closed to somebody, those who are found by their names.
#[derive(Debug, Default)]
pub(super) struct BesideClosed {
    of: BTreeMap<PersonId, Arc<[Beside]>>,
}

impl BesideClosed {
    /// Whether a commit that changed these records may have changed who is found by whose name.
    pub(super) fn hangs_on(changed: &[EntityId]) -> bool {
        changed.iter().any(|id| matches!(id, EntityId::Person(_) | EntityId::Household(_)))
    }

    /// What those who are beside `closed` (in order), and are not closed themselves, may be found by; nothing where it is not
    /// known of one of `closed` who is beside them.
    pub(super) fn without(&self, closed: &[PersonId]) -> Option<Vec<FoundWithout>> {
        let is_closed = |person: &PersonId| closed.binary_search(person).is_ok();
        let mut seen = BTreeSet::new();
        let mut without = Vec::new();
        for person in closed {
            for beside in self.of.get(person)?.iter() {
                if !is_closed(&beside.person) && seen.insert(beside.person) {
                    let kin = beside.kin.iter().filter(|(of, _)| !is_closed(of));
                    let kin = kin.map(|(_, name)| name.clone()).collect();
                    without.push(FoundWithout { person: beside.person.0, kin });
                }
            }
        }
        Some(without)
    }

    /// Reads who is beside each of these.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn read(store: &dyn Store, people: &[PersonId]) -> Result<Self, DeskError> {
        let kindred = StoredKin(store);
        let one =
            |person: &PersonId| Ok((*person, beside(&kindred, *person).map_err(broken)?.into()));
        Ok(Self { of: people.iter().map(one).collect::<Result<_, DeskError>>()? })
    }

    /// Takes over what another one knows. Beyond [`KNOWN_MAX`] people, what was known before goes.
    pub(super) fn learn(&mut self, other: Self) {
        if self.of.len() + other.of.len() > KNOWN_MAX {
            self.of.clear();
        }
        self.of.extend(other.of);
    }
}

/// Those who are found by the name of a person.
fn beside(kindred: &StoredKin<'_>, of: PersonId) -> Result<Vec<Beside>, String> {
    let Some(of) = kindred.person(of)? else { return Ok(Vec::new()) };
    let mut beside = Vec::new();
    for id in dependants(kindred, &of)? {
        let Some(person) = kindred.person(id)?.filter(is_found) else { continue };
        let kin = relatives(kindred, &person)?;
        let kin = kin.iter().map(|(of, relative)| (*of, KinName::of(relative))).collect();
        beside.push(Beside { person: id, kin });
    }
    Ok(beside)
}
