//! Every record: whether it can be read and is the one that its key names, whether its index entries are there, and
//! whether numbers have no gaps.

use crate::desk::derive::derive;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::records::decode_entity;
use crate::desk::turns;
use crate::desk::work::NUMBERED;
use crate::domain::{Entity, EntityId};
use crate::store::KeyRange;
use crate::text::hexadecimal;

use super::indexes::index_name;
use super::{Check, CheckedPart, Expected, PROGRESS_ROWS, REBUILD, entity_id};

/// Records by their tag.
pub(super) const RECORDS: [u8; 22] = [
    tag::OFFICE,
    tag::UNIT,
    tag::QUEUE,
    tag::CASEWORKER,
    tag::SUBJECT,
    tag::PERSON,
    tag::HOUSEHOLD,
    tag::CASE,
    tag::CONTACT,
    tag::MESSAGE,
    tag::SERVICE,
    tag::DISTINCTION,
    tag::PROMISE,
    tag::ANSWERS,
    tag::MERGE,
    tag::PUBLICATION,
    tag::PLAN,
    tag::RIGHTS,
    tag::ACCESS,
    tag::UNIT_PROFILE,
    tag::SIGNING,
    tag::PURPOSE,
];

impl Check<'_> {
    /// Reads all records, and collects what indexes and counters should be.
    pub(super) fn records(&mut self, expected: &mut Expected) -> Result<(), DeskError> {
        for kind in RECORDS {
            let (mut rows, mut last, mut gap) = (0_u64, 0_u64, None);
            self.rows(KeyRange::prefix(&[kind]), |check, key, value| {
                rows += 1;
                let number = keys::last_number(key);
                if number != last + 1 {
                    gap = gap.or(Some(last + 1));
                }
                last = number;
                check.record(key, value, expected)
            })?;
            if NUMBERED.contains(&kind) {
                self.numbers(kind, (rows, last, gap))?;
            }
        }
        Ok(())
    }

    fn record(
        &mut self,
        key: &[u8],
        value: &[u8],
        expected: &mut Expected,
    ) -> Result<(), DeskError> {
        self.found.records += 1;
        if self.found.records.is_multiple_of(PROGRESS_ROWS) {
            (self.progress)(CheckedPart::Records(self.found.records));
        }
        let Some(id) = entity_id(key) else {
            self.find(format!("key {} names no record", hexadecimal(key)), REBUILD);
            return Ok(());
        };
        let entity = match decode_entity(&id, value) {
            Ok(entity) => entity,
            Err(error) => {
                self.find(format!("{id} cannot be read: {error}"), REBUILD);
                return Ok(());
            }
        };
        let inside = name_of(&entity);
        if inside != id {
            self.find(format!("{inside} lies where {id} belongs"), REBUILD);
        }
        if let Entity::Case(case) = &entity {
            expected.open += u64::from(case.is_open());
            expected.ended += u64::from(case.outcome.is_some());
            if case.is_open() == case.outcome.is_some() {
                let state =
                    if case.is_open() { "open and has an outcome" } else { "closed without one" };
                self.find(format!("{id} is {state}"), REBUILD);
            }
        }
        if let Some((queue, key)) = turns::standing_of(Some(&entity)) {
            expected.turns.entry(queue).or_default().add(&key);
        }
        let derived = derive(&entity, &self.zone);
        for (key, value) in derived.keys {
            let index = key.first().copied().unwrap_or_default();
            *expected.keys.entry(index).or_default() += 1;
            if self.get(&key)?.as_deref() != Some(value.as_slice()) {
                let (letter, name) = (char::from(index), index_name(index));
                self.find(format!("{id} is missing from index {letter} ({name})"), REBUILD);
            }
        }
        for (counter, by) in derived.counts {
            *expected.counts.entry(counter).or_default() += by;
        }
        Ok(())
    }

    fn numbers(
        &mut self,
        kind: u8,
        (rows, last, gap): (u64, u64, Option<u64>),
    ) -> Result<(), DeskError> {
        let counter = self.counter(Counter::Number(kind))?;
        if counter == rows && last == rows && gap.is_none() {
            return Ok(());
        }
        let kind = char::from(kind);
        let first = gap.map_or_else(String::new, |gap| format!(", and {kind}-{gap} is not there"));
        let what = format!(
            "numbers of {kind} have gaps: {rows} records, the last is {last}, the counter says {counter}{first}"
        );
        self.find(what, REBUILD);
        Ok(())
    }
}

/// The name that a record has in itself.
fn name_of(entity: &Entity) -> EntityId {
    match entity {
        Entity::Office(_) => EntityId::Office,
        Entity::Unit(record) => EntityId::Unit(record.id),
        Entity::Queue(record) => EntityId::Queue(record.id),
        Entity::Caseworker(record) => EntityId::Caseworker(record.id),
        Entity::Subject(record) => EntityId::Subject(record.code.clone()),
        Entity::Person(record) => EntityId::Person(record.id),
        Entity::Household(record) => EntityId::Household(record.id),
        Entity::Case(record) => EntityId::Case(record.id),
        Entity::Contact(record) => EntityId::Contact(record.id),
        Entity::Message(record) => EntityId::Message(record.id),
        Entity::Service(record) => EntityId::Service(record.id),
        Entity::Distinction(record) => EntityId::Distinction(record.people.0, record.people.1),
        Entity::Promise(record) => EntityId::Promise(record.id),
        Entity::Template(record) => EntityId::Template(record.key()),
        Entity::TextModule(record) => EntityId::TextModule(record.code.clone()),
        Entity::RecallTime(_) => EntityId::RecallTime,
        Entity::Merge(record) => EntityId::Merge(record.id),
        Entity::Publication(record) => EntityId::Publication(record.name.clone()),
        Entity::Plan(record) => EntityId::Plan(record.case),
        Entity::Rights(record) => EntityId::Rights(record.id),
        Entity::Group(record) => EntityId::Group(record.name.clone()),
        Entity::Access(record) => EntityId::Access(record.id),
        Entity::UnitProfile(record) => EntityId::UnitProfile(record.id),
        Entity::Signing(record) => EntityId::Signing(record.case),
        Entity::Purpose(record) => EntityId::Purpose(record.code.clone()),
    }
}
