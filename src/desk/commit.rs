//! From a finished work to the writes of its commit: records, timelines, chain, indexes, counters and search, all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::codec::{decode_record, encode_record};
use crate::domain::limits::MERGES_MAX;
use crate::domain::people::{Household, Person};
use crate::domain::time::Zone;
use crate::domain::{Entity, EntityId, EventRecord, HouseholdId, MergeId, PersonId};
use crate::search::{
    BEHIND, IndexFound, IndexRead, IndexReadError, IndexValue, IndexWrite, Indexer, format_of,
};
use crate::store::{Direction, KeyRange, Latest, Write};

use super::anchors::EVENTS_PER_ANCHOR;
use super::chain::link;
use super::derive::{Derived, derive, document, own_document};
use super::flow;
use super::here::Told;
use super::keys::{self, Counter, tag};
use super::kin::{Kindred, STATING_MAX, current, dependants, face, members};
use super::records::{ChainHead, decode_entity, encode_entity};
use super::timeline;
use super::turns;
use super::work::{Slot, Slots, Work, counted};

/// What a commit writes, and what follows once it is durable.
pub(super) struct Written {
    /// Everything that is written, at once.
    pub(super) writes: Vec<Write>,
    /// The places of the chain that are to be anchored.
    pub(super) anchored: Vec<ChainHead>,
}

/// Everything that a work writes, given the newest counters.
pub(super) fn writes(work: &mut Work, latest: &dyn Latest) -> Result<Written, String> {
    let mut writes = Vec::new();
    let zone =
        work.directory.office.as_ref().map_or_else(Zone::utc, |office| office.calendar.zone());
    let mut counts: BTreeMap<Counter, i64> = BTreeMap::new();
    for (id, slot) in &work.slots {
        if slot.was != slot.is {
            record_writes(id, slot, &zone, &mut counts, &mut writes)?;
        }
    }
    search_writes(&work.slots, latest, &mut writes)?;
    flow::counts(&work.flows, &zone, latest, &mut counts)?;
    for (kind, number) in work.numbers.changes(&work.numbers_before) {
        writes.push(Write::Put(Counter::Number(kind).key(), number.to_be_bytes().to_vec()));
    }
    for (counter, change) in counts.into_iter().filter(|(_, change)| *change != 0) {
        let key = counter.key();
        let now = latest.latest(&key).map_err(text)?.map_or(0, |bytes| counted(&bytes)) + change;
        writes.push(if now == 0 {
            Write::Delete(key)
        } else {
            Write::Put(key, now.to_be_bytes().to_vec())
        });
    }
    writes.extend(turns::settle(&work.moves, &mut work.events, latest)?);
    let anchored = event_writes(work, &zone, latest, &mut writes)?;
    for (key, value) in std::mem::take(&mut work.state) {
        writes.push(match value {
            Some(value) => Write::Put(key, value.to_vec()),
            None => Write::Delete(key),
        });
    }
    if let Some(act) = work.undo.take() {
        act.write(latest, &mut writes)?;
    }
    Ok(Written { writes, anchored })
}

fn record_writes(
    id: &EntityId,
    slot: &Slot,
    zone: &Zone,
    counts: &mut BTreeMap<Counter, i64>,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    match &slot.is {
        Some(entity) => {
            writes.push(Write::Put(keys::entity(id), encode_entity(entity).map_err(text)?));
        }
        None => writes.push(Write::Delete(keys::entity(id))),
    }
    let side = |entity: &Option<Entity>| {
        entity.as_ref().map_or_else(Derived::default, |entity| derive(entity, zone))
    };
    let (was, is) = (side(&slot.was), side(&slot.is));
    for (key, _) in was.keys.iter().filter(|row| !is.keys.contains(row)) {
        if is.keys.iter().all(|(kept, _)| kept != key) {
            writes.push(Write::Delete(key.clone()));
        }
    }
    for (key, value) in is.keys.iter().filter(|row| !was.keys.contains(row)) {
        writes.push(Write::Put(key.clone(), value.clone()));
    }
    for (counter, by) in was.counts {
        *counts.entry(counter).or_default() -= by;
    }
    for (counter, by) in is.counts {
        *counts.entry(counter).or_default() += by;
    }
    Ok(())
}

/// What the people of a commit change in the search index; nothing while it is left behind, for then it is going to be
/// built of their records.
fn search_writes(
    slots: &Slots,
    latest: &dyn Latest,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    let none = BTreeMap::new();
    let (before, after) = (NewestKin::new(&none, latest), NewestKin::new(slots, latest));
    let people = people_found_otherwise(slots, &before, &after)?;
    if people.is_empty() {
        return Ok(());
    }
    let read = NewestIndex(latest);
    if format_of(&read).map_err(text)? == Some(BEHIND) {
        return Ok(());
    }
    let mut indexer = Indexer::new(&read).map_err(text)?;
    for id in people {
        // The indexer compares with what the index says of a person, so nothing is written for one who stays the same.
        match after.person(id)?.map(|person| document(&person, &after)).transpose()?.flatten() {
            Some(document) => indexer.put(&document).map_err(text)?,
            None => indexer.remove(id.0).map_err(text)?,
        }
    }
    writes.extend(indexer.finish().map_err(text)?.into_iter().map(search_write));
    Ok(())
}

/// The people who are found by something else after the commit: those who changed, and those of whose kin somebody did.
fn people_found_otherwise(
    slots: &Slots,
    before: &NewestKin<'_>,
    after: &NewestKin<'_>,
) -> Result<BTreeSet<PersonId>, String> {
    let mut people = BTreeSet::new();
    for (id, slot) in slots.iter().filter(|(_, slot)| slot.was != slot.is) {
        if let EntityId::Person(id) = id {
            let (was, is) = (person_in(slot.was.as_ref()), person_in(slot.is.as_ref()));
            let has_other_face = face(was) != face(is);
            if has_other_face || was.and_then(own_document) != is.and_then(own_document) {
                people.insert(*id);
            }
            // Whoever stands for a merged record has its kin, too.
            for person in [was, is].into_iter().flatten() {
                if let Some(into) = person.state.merged_into() {
                    people.extend([into, current(after, into)?]);
                }
            }
            for (person, kindred) in [(was, before), (is, after)] {
                if let Some(person) = person.filter(|_| has_other_face) {
                    people.extend(dependants(kindred, person)?);
                }
            }
        }
        for entity in [&slot.was, &slot.is].into_iter().flatten() {
            if let Entity::Household(household) = entity {
                for member in members(household) {
                    people.extend([member.person, current(after, member.person)?]);
                }
            }
        }
    }
    Ok(people)
}

fn person_in(entity: Option<&Entity>) -> Option<&Person> {
    match entity {
        Some(Entity::Person(person)) => Some(person),
        _ => None,
    }
}

fn event_writes(
    work: &mut Work,
    zone: &Zone,
    latest: &dyn Latest,
    writes: &mut Vec<Write>,
) -> Result<Vec<ChainHead>, String> {
    if work.events.is_empty() {
        return Ok(Vec::new());
    }
    let mut anchored = Vec::new();
    let mut head: ChainHead = match latest.latest(&keys::chain_head()).map_err(text)? {
        Some(bytes) => decode_record(&bytes).map_err(text)?,
        None => ChainHead::default(),
    };
    let mut by_entity: BTreeMap<(EntityId, bool), Vec<EventRecord>> = BTreeMap::new();
    let directory = Arc::clone(&work.directory);
    let mut told = Told::new(latest, &directory, zone);
    for mut record in std::mem::take(&mut work.events) {
        link(&mut head, &mut record)?;
        if head.sequence.is_multiple_of(EVENTS_PER_ANCHOR) {
            anchored.push(head);
        }
        told.hear(&record, &work.slots)?;
        let is_reading = timeline::is_reading(&record.event);
        // Nearly always this one alone.
        let of_entity = by_entity.entry((record.entity.clone(), is_reading));
        of_entity.or_insert_with(|| Vec::with_capacity(1)).push(record);
    }
    writes.extend(told.writes()?);
    for ((id, are_readings), records) in by_entity {
        let is_new = work.slots.get(&id).is_some_and(|slot| slot.is_new);
        let of = if are_readings { keys::readings(&id) } else { keys::timeline(&id) };
        let sizes = timeline::PageSizes::of(are_readings);
        timeline::append(latest, (&of.done(), sizes), is_new, records, writes)?;
    }
    writes.push(Write::Put(keys::chain_head(), encode_record(&head).map_err(text)?));
    Ok(anchored)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Where the search index lies in the store.
pub(super) fn search_key(key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(key.len() + 1);
    whole.push(tag::SEARCH);
    whole.extend_from_slice(key);
    whole
}

/// A change of the search index as one of the store.
pub(super) fn search_write(write: IndexWrite) -> Write {
    match write {
        IndexWrite::Put(key, value) => Write::Put(search_key(&key), value),
        IndexWrite::Delete(key) => Write::Delete(search_key(&key)),
    }
}

/// A range of the search index in the store.
pub(super) fn search_range(from: &[u8], to: Option<&[u8]>) -> KeyRange {
    let end = || KeyRange::prefix(&[tag::SEARCH]).to;
    KeyRange { from: search_key(from), to: to.map_or_else(end, |to| Some(search_key(to))) }
}

/// Rows of the store as rows of the search index.
pub(super) fn search_rows(page: crate::store::Page) -> Vec<IndexFound> {
    let rows = page.rows.into_iter();
    rows.map(|(key, value)| (key.get(1..).unwrap_or_default().to_vec(), value.value)).collect()
}

/// Kin as it is once the records of `slots` are written over the newest ones.
struct NewestKin<'a> {
    slots: &'a Slots,
    latest: &'a dyn Latest,
    /// Who states a relationship in `slots`, by the person it is stated to.
    stating: BTreeSet<(PersonId, PersonId)>,
}

impl<'a> NewestKin<'a> {
    fn new(slots: &'a Slots, latest: &'a dyn Latest) -> Self {
        let people = slots.values().filter_map(|slot| person_in(slot.is.as_ref()));
        let stating = people
            .flat_map(|person| person.relationships.iter().map(|stated| (stated.to, person.id)))
            .collect();
        Self { slots, latest, stating }
    }

    fn entity(&self, id: &EntityId) -> Result<Option<Entity>, String> {
        if let Some(slot) = self.slots.get(id) {
            return Ok(slot.is.clone());
        }
        let bytes = self.latest.latest(&keys::entity(id)).map_err(text)?;
        bytes.map(|bytes| decode_entity(id, &bytes)).transpose().map_err(text)
    }
}

impl Kindred for NewestKin<'_> {
    fn person(&self, id: PersonId) -> Result<Option<Person>, String> {
        Ok(person_in(self.entity(&EntityId::Person(id))?.as_ref()).cloned())
    }

    fn household(&self, id: HouseholdId) -> Result<Option<Household>, String> {
        Ok(match self.entity(&EntityId::Household(id))? {
            Some(Entity::Household(household)) => Some(household),
            _ => None,
        })
    }

    fn stating(&self, to: PersonId) -> Result<Vec<PersonId>, String> {
        let own = self.stating.range((to, PersonId(0))..=(to, PersonId(u64::MAX)));
        let mut stating: BTreeSet<PersonId> = own.map(|&(_, from)| from).collect();
        // Nobody has stated anything to somebody who is only now registered.
        if self.slots.get(&EntityId::Person(to)).is_none_or(|slot| !slot.is_new) {
            let range = keys::related(to).range();
            let page = self.latest.latest_scan(&range, STATING_MAX, Direction::Forward);
            let rows = page.map_err(text)?.rows.into_iter();
            let stored = rows.map(|(key, _)| PersonId(keys::last_number(&key)));
            stating
                .extend(stored.filter(|from| !self.slots.contains_key(&EntityId::Person(*from))));
        }
        Ok(stating.into_iter().take(STATING_MAX).collect())
    }

    fn absorbed(&self, person: PersonId) -> Result<Vec<PersonId>, String> {
        let own = EntityId::Person(person);
        let merge_in = |slot: &Slot| match &slot.is {
            Some(Entity::Merge(merge)) if merge.is_in_force() => {
                let people = merge.people().filter(|people| people.survivor == person);
                people.map(|people| people.merged)
            }
            _ => None,
        };
        let mut absorbed: Vec<PersonId> =
            self.slots.values().map(Box::as_ref).filter_map(merge_in).collect();
        let range = keys::absorbed(&own).range();
        let page = self.latest.latest_scan(&range, MERGES_MAX, Direction::Forward).map_err(text)?;
        for (key, value) in page.rows {
            let merge = EntityId::Merge(MergeId(keys::last_number(&key)));
            if !self.slots.contains_key(&merge) {
                absorbed.push(PersonId(keys::last_number(&value.value)));
            }
        }
        Ok(absorbed)
    }
}

/// The search index as the commit being stamped sees it.
pub(super) struct NewestIndex<'a>(pub(super) &'a dyn Latest);

impl IndexRead for NewestIndex<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        self.0.latest(&search_key(key)).map_err(|error| IndexReadError(Box::new(error)))
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let page = self.0.latest_scan(&search_range(from, to), limit, Direction::Forward);
        Ok(search_rows(page.map_err(|error| IndexReadError(Box::new(error)))?))
    }
}
