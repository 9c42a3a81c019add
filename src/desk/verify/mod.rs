//! Checking a database against itself: records, indexes both ways, counters, numbers without gaps, and the audit chain.
//!
//! The journal and the store below it are checked by the store. Memory stays bounded: keys are compared page by page, and
//! of each event only its place and hash are held.

use std::collections::BTreeMap;

use crate::codec::decode_record;
use crate::domain::time::Zone;
use crate::domain::{
    CaseId, CaseworkerId, ContactId, HouseholdId, MessageId, PersonId, QueueId, ServiceId, UnitId,
};
use crate::domain::{Entity, EntityId, SubjectCode, fold};
use crate::search::{IndexWrite, Indexer};
use crate::store::{Direction, KeyRange};

use super::chain;
use super::commit::search_key;
use super::derive::{derive, document};
use super::error::DeskError;
use super::keys::{self, Counter, tag};
use super::local::LocalDesk;
use super::read::StoreIndex;
use super::records::{ChainHead, TimelinePage, decode_entity};
use super::work::{NUMBERED, broken, counted};

/// Rows read at once.
const PAGE_ROWS: usize = 1_000;
/// Findings told one by one; when there are more, their number is told.
const FINDINGS_MAX: usize = 200;
/// People whose index entries are compared at once.
const PEOPLE_AT_ONCE: usize = 200;

/// Records by their tag.
const RECORDS: [u8; 11] = [
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
];

/// Indexes that follow from records.
const INDEXES: [u8; 11] = [
    tag::IN_QUEUE,
    tag::OF_OWNER,
    tag::ESCALATED,
    tag::MAIL,
    tag::OF_PERSON,
    tag::HELD_UNTIL,
    tag::RELATED,
    tag::SERVICE_OF,
    tag::CONTACT_OF,
    tag::OF_SUBJECT,
    tag::ORIGIN,
];

/// What a check of the desk's records found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// What is wrong, in sentences; empty where nothing is.
    pub findings: Vec<String>,
    /// Findings beyond those told.
    pub findings_more: u64,
    /// Records read.
    pub records: u64,
    /// Index keys compared.
    pub index_keys: u64,
    /// Events in the chain.
    pub events: u64,
}

impl Verification {
    fn find(&mut self, what: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(what);
        } else {
            self.findings_more += 1;
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What records say that indexes and counters should be.
#[derive(Default)]
struct Expected {
    keys: BTreeMap<u8, u64>,
    counts: BTreeMap<Counter, i64>,
    open: u64,
    ended: u64,
}

impl LocalDesk {
    /// Checks everything that the desk keeps, and tells how many records it has read.
    ///
    /// # Errors
    /// The store cannot be read at all; what can be read and is wrong is a finding.
    pub fn verify(&self, progress: &dyn Fn(u64)) -> Result<Verification, DeskError> {
        let mut found = Verification::default();
        let mut expected = Expected::default();
        let zone = self
            .directory()
            .office
            .as_ref()
            .map_or_else(Zone::utc, |office| office.calendar.zone());
        for kind in RECORDS {
            self.verify_records(kind, &zone, &mut expected, &mut found, progress)?;
        }
        self.verify_indexes(&expected, &mut found)?;
        self.verify_counters(&expected, &mut found)?;
        self.verify_chain(&mut found)?;
        Ok(found)
    }

    fn rows(
        &self,
        range: KeyRange,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let mut range = range;
        loop {
            let page = self.store.scan(&range, PAGE_ROWS, Direction::Forward).map_err(broken)?;
            for (key, value) in &page.rows {
                each(key, &value.value)?;
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { return Ok(()) };
            range.from.clone_from(last);
            range.from.push(0);
        }
    }

    fn verify_records(
        &self,
        kind: u8,
        zone: &Zone,
        expected: &mut Expected,
        found: &mut Verification,
        progress: &dyn Fn(u64),
    ) -> Result<(), DeskError> {
        let (mut rows, mut last) = (0_u64, 0_u64);
        let mut people: Vec<Entity> = Vec::new();
        self.rows(KeyRange::prefix(&[kind]), |key, value| {
            rows += 1;
            found.records += 1;
            if found.records.is_multiple_of(10_000) {
                progress(found.records);
            }
            let Some(id) = entity_id(kind, key) else {
                found.find(format!("a record of kind {} has no sound key", char::from(kind)));
                return Ok(());
            };
            last = keys::last_number(key);
            let entity = match decode_entity(&id, value) {
                Ok(entity) => entity,
                Err(error) => {
                    found.find(format!("{id} cannot be read: {error}"));
                    return Ok(());
                }
            };
            if let Entity::Case(case) = &entity {
                expected.open += u64::from(case.is_open());
                expected.ended += u64::from(case.outcome.is_some());
            }
            let derived = derive(&entity, zone);
            for (key, value) in derived.keys {
                *expected.keys.entry(key.first().copied().unwrap_or_default()).or_default() += 1;
                let there = self.store.get(&key).map_err(broken)?;
                if there.map(|there| there.value).as_ref() != Some(&value) {
                    found.find(format!(
                        "{id} is missing from index {}",
                        key.first().copied().map_or('?', char::from)
                    ));
                }
            }
            for (counter, by) in derived.counts {
                *expected.counts.entry(counter).or_default() += by;
            }
            if matches!(entity, Entity::Person(_)) {
                people.push(entity);
                if people.len() == PEOPLE_AT_ONCE {
                    self.verify_search(&people, found)?;
                    people.clear();
                }
            }
            Ok(())
        })?;
        self.verify_search(&people, found)?;
        if NUMBERED.contains(&kind) {
            let counter = self.counter(Counter::Number(kind))?;
            if counter != rows || last != rows {
                let kind = char::from(kind);
                found.find(format!("numbers of {kind} have gaps: {rows} records, the last is {last}, the counter says {counter}"));
            }
        }
        Ok(())
    }

    /// Whether the search index says of people what their records say: indexing them again has to change nothing.
    fn verify_search(&self, people: &[Entity], found: &mut Verification) -> Result<(), DeskError> {
        let index = StoreIndex(self.store.as_ref());
        let mut indexer = Indexer::new(&index).map_err(broken)?;
        for entity in people {
            let Entity::Person(person) = entity else { continue };
            let result = match document(person) {
                Some(document) => indexer.put(&document),
                None => indexer.remove(person.id.0),
            };
            if let Err(error) = result {
                found.find(format!("{} in the search index: {error}", person.id));
            }
        }
        for write in indexer.finish().map_err(broken)? {
            let (key, value) = match write {
                IndexWrite::Put(key, value) => (key, Some(value)),
                IndexWrite::Delete(key) => (key, None),
            };
            if people.is_empty() {
                continue;
            }
            if self.store.get(&search_key(&key)).map_err(broken)?.map(|there| there.value) != value
            {
                let first = people.iter().find_map(|entity| {
                    if let Entity::Person(person) = entity {
                        Some(person.id.to_string())
                    } else {
                        None
                    }
                });
                found.find(format!(
                    "the search index differs from the records of {PEOPLE_AT_ONCE} people from {}",
                    first.unwrap_or_default()
                ));
                break;
            }
        }
        Ok(())
    }

    /// The other way round: every index has just as many keys as records have entries, and all of those are there.
    fn verify_indexes(
        &self,
        expected: &Expected,
        found: &mut Verification,
    ) -> Result<(), DeskError> {
        for kind in INDEXES {
            let mut rows = 0_u64;
            self.rows(KeyRange::prefix(&[kind]), |_, _| {
                rows += 1;
                Ok(())
            })?;
            found.index_keys += rows;
            let wanted = expected.keys.get(&kind).copied().unwrap_or_default();
            if rows != wanted {
                found.find(format!(
                    "index {} has {rows} keys, and records have {wanted} entries in it",
                    char::from(kind)
                ));
            }
        }
        Ok(())
    }

    fn counter(&self, counter: Counter) -> Result<u64, DeskError> {
        let there = self.store.get(&counter.key()).map_err(broken)?;
        Ok(there.map_or(0, |there| counted(&there.value)).unsigned_abs())
    }

    fn verify_counters(
        &self,
        expected: &Expected,
        found: &mut Verification,
    ) -> Result<(), DeskError> {
        for (counter, wanted) in &expected.counts {
            let there = self.counter(*counter)?;
            if there != wanted.unsigned_abs() {
                found.find(format!(
                    "the counter {counter:?} says {there}, and records say {wanted}"
                ));
            }
        }
        let mut rows = 0_u64;
        let numbers = Counter::Number(0).key();
        self.rows(KeyRange::prefix(&[tag::COUNTER]), |key, _| {
            let is_number = key.get(..2) == numbers.get(..2);
            rows += u64::from(!is_number && key != keys::chain_head());
            Ok(())
        })?;
        let wanted = u64::try_from(expected.counts.len()).unwrap_or(u64::MAX);
        if rows != wanted {
            found.find(format!("there are {rows} counters, and records need {wanted}"));
        }
        let received = self.counter(Counter::Number(tag::CASE))?;
        if received != expected.open + expected.ended {
            found.find(format!(
                "{received} cases were received, and {} are open and {} have an outcome",
                expected.open, expected.ended
            ));
        }
        Ok(())
    }

    fn verify_chain(&self, found: &mut Verification) -> Result<(), DeskError> {
        let mut hashes: Vec<(u64, [u8; 32])> = Vec::new();
        let unreadable = self.pages(|page| {
            hashes.extend(page.records.iter().map(|record| (record.sequence, record.hash)));
            Ok(())
        })?;
        for what in unreadable {
            found.find(what);
        }
        hashes.sort_unstable_by_key(|(sequence, _)| *sequence);
        found.events = u64::try_from(hashes.len()).unwrap_or(u64::MAX);
        for (place, (sequence, _)) in (1_u64..).zip(&hashes) {
            if place != *sequence {
                found.find(format!("the audit chain has {sequence} where {place} belongs"));
                break;
            }
        }
        let head = match self.store.get(&keys::chain_head()).map_err(broken)? {
            Some(there) => decode_record::<ChainHead>(&there.value).map_err(broken)?,
            None => ChainHead::default(),
        };
        let last = hashes.last().copied().unwrap_or_default();
        if (head.sequence, head.hash) != last {
            found.find(format!(
                "the audit chain ends at {}, and its head says {}",
                last.0, head.sequence
            ));
        }
        let mut wrong = Vec::new();
        // The pages of one record follow each other, so its events fold as they are read.
        let mut folded: Option<(EntityId, Option<Entity>)> = None;
        self.pages(|page| {
            for record in &page.records {
                let before = match folded.take() {
                    Some((id, entity)) if id == record.entity => entity,
                    Some((id, entity)) => {
                        wrong.extend(self.fold_difference(&id, entity.as_ref())?);
                        None
                    }
                    None => None,
                };
                folded = Some((record.entity.clone(), fold(before, record)));
                let before = usize::try_from(record.sequence).ok().and_then(|at| at.checked_sub(2));
                let previous =
                    before.and_then(|at| hashes.get(at)).map_or([0; 32], |(_, hash)| *hash);
                match chain::hash(&previous, record) {
                    Ok(hash) if hash == record.hash => {}
                    Ok(_) | Err(_) => wrong.push(format!(
                        "event {} of {} is not what was chained",
                        record.sequence, record.entity
                    )),
                }
            }
            Ok(())
        })?;
        if let Some((id, entity)) = folded {
            wrong.extend(self.fold_difference(&id, entity.as_ref())?);
        }
        for what in wrong {
            found.find(what);
        }
        Ok(())
    }

    /// What is wrong where a record is not what its events fold to.
    fn fold_difference(
        &self,
        id: &EntityId,
        folded: Option<&Entity>,
    ) -> Result<Option<String>, DeskError> {
        let there = self.store.get(&keys::entity(id)).map_err(broken)?;
        // A record that cannot be read was found as such already.
        let there = match there.map(|there| decode_entity(id, &there.value)).transpose() {
            Ok(there) => there,
            Err(_unreadable) => return Ok(None),
        };
        Ok((there.as_ref() != folded).then(|| format!("{id} is not what its events make of it")))
    }

    /// Reads all timelines, in the order of records and pages; gives what could not be read.
    fn pages(
        &self,
        mut each: impl FnMut(&TimelinePage) -> Result<(), DeskError>,
    ) -> Result<Vec<String>, DeskError> {
        let mut unreadable = Vec::new();
        self.rows(KeyRange::prefix(&[tag::TIMELINE]), |key, value| {
            match decode_record::<TimelinePage>(value) {
                Ok(page) => each(&page)?,
                Err(error) => unreadable.push(format!(
                    "page {} of a timeline cannot be read: {error}",
                    keys::last_number(key)
                )),
            }
            Ok(())
        })?;
        Ok(unreadable)
    }
}

/// The record that a key names.
fn entity_id(kind: u8, key: &[u8]) -> Option<EntityId> {
    let number = keys::last_number(key);
    Some(match kind {
        tag::OFFICE => EntityId::Office,
        tag::UNIT => EntityId::Unit(UnitId(number)),
        tag::QUEUE => EntityId::Queue(QueueId(number)),
        tag::CASEWORKER => EntityId::Caseworker(CaseworkerId(number)),
        tag::SUBJECT => {
            let code = key.get(1..key.len().checked_sub(1)?)?;
            EntityId::Subject(SubjectCode(String::from_utf8(code.to_vec()).ok()?))
        }
        tag::PERSON => EntityId::Person(PersonId(number)),
        tag::HOUSEHOLD => EntityId::Household(HouseholdId(number)),
        tag::CASE => EntityId::Case(CaseId(number)),
        tag::CONTACT => EntityId::Contact(ContactId(number)),
        tag::MESSAGE => EntityId::Message(MessageId(number)),
        tag::SERVICE => EntityId::Service(ServiceId(number)),
        _ => return None,
    })
}
