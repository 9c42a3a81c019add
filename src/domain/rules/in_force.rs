//! The rules that were published, read: what is in force on a day, and every version that a case may have begun under.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::cases::{GENERAL, Nature, TypeVersion, general_type};
use crate::domain::time::{Calendar, Day};

use super::{
    CaseType, DecisionTable, Publication, PublicationKind, PublicationName, RulesText, TableUse,
};

/// The rules of an office. A publication that cannot be read any more is left out, and told by `verify`.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Every published type, by code and version, with the day from which it is in force.
    pub(super) types: BTreeMap<String, BTreeMap<u32, (Day, Arc<CaseType>)>>,
    /// Every published table.
    pub(super) tables: BTreeMap<String, BTreeMap<u32, (Day, Arc<DecisionTable>)>>,
    /// Every published calendar, by code and version, each with what was in force before its day.
    pub(super) calendars: BTreeMap<String, BTreeMap<u32, (Day, Arc<Calendar>)>>,
}

impl Rules {
    /// Takes a publication in, where it is published; what is proposed is in no force.
    pub fn take(&mut self, publication: &Publication) {
        if !publication.is_published() {
            return;
        }
        let PublicationName { kind, code, version } = &publication.name;
        let from = publication.from;
        match RulesText::read(*kind, &publication.text) {
            Ok(RulesText::Type(held)) => {
                self.types.entry(code.clone()).or_default().insert(*version, (from, held));
            }
            Ok(RulesText::Table(held)) => {
                self.tables.entry(code.clone()).or_default().insert(*version, (from, held));
            }
            Ok(RulesText::Calendar(held)) => {
                self.take_calendar(held.called(code), from);
            }
            Err(_) => {}
        }
    }

    /// The newest published version of a code, and the day from which it is in force.
    #[must_use]
    pub fn newest(&self, kind: PublicationKind, code: &str) -> Option<(u32, Day)> {
        fn last<T>(versions: &BTreeMap<u32, (Day, T)>) -> Option<(u32, Day)> {
            versions.last_key_value().map(|(version, (from, _))| (*version, *from))
        }
        match kind {
            PublicationKind::Type => self.types.get(code).and_then(last),
            PublicationKind::Table => self.tables.get(code).and_then(last),
            PublicationKind::Calendar => self.calendars.get(code).and_then(last),
        }
    }

    /// Whether a published version is what counts on a day.
    #[must_use]
    pub fn is_in_force(&self, name: &PublicationName, day: Day) -> bool {
        fn newest<T>(versions: &BTreeMap<u32, (Day, T)>, day: Day) -> Option<u32> {
            let begun = versions.iter().filter(|(_, (from, _))| *from <= day);
            begun.max_by_key(|(version, (from, _))| (*from, **version)).map(|(held, _)| *held)
        }
        let code = &name.code;
        let counts = match name.kind {
            PublicationKind::Type => self.types.get(code).and_then(|held| newest(held, day)),
            PublicationKind::Calendar => {
                self.calendars.get(code).and_then(|held| newest(held, day))
            }
            PublicationKind::Table => {
                let held = self.tables.get(code).and_then(|held| held.get(&name.version));
                // Of all tables of a use, one counts.
                let counts = held.and_then(|(_, table)| self.table_on(table.decides, day));
                counts.filter(|table| table.code == *code).map(|table| table.version)
            }
        };
        counts == Some(name.version)
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

    /// A published table at one version: the one that stands on a case where its row fired.
    #[must_use]
    pub fn table(&self, code: &str, version: u32) -> Option<&Arc<DecisionTable>> {
        self.tables.get(code)?.get(&version).map(|(_, table)| table)
    }

    /// The code of a published table of this use, in force already or later.
    #[must_use]
    pub fn table_code(&self, decides: TableUse) -> Option<&str> {
        let mut all = self.tables.iter();
        let is_of = |versions: &BTreeMap<u32, (Day, Arc<DecisionTable>)>| {
            versions.values().any(|(_, table)| table.decides == decides)
        };
        all.find(|(_, versions)| is_of(versions)).map(|(code, _)| code.as_str())
    }

    /// The table in force on a day that decides this. An office has one of each use.
    #[must_use]
    pub fn table_on(&self, decides: TableUse, day: Day) -> Option<&Arc<DecisionTable>> {
        let all = self.tables.values().flat_map(BTreeMap::values);
        let in_force = all.filter(|(from, table)| *from <= day && table.decides == decides);
        in_force.max_by_key(|(from, table)| (*from, table.version)).map(|(_, table)| table)
    }
}
