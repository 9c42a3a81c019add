//! The people who have a term, in packed blocks that stay small where they change.
//!
//! The blocks of a term are ordered by the highest person in each. The last one, the tail, has the highest number there
//! is in its key, so new people (whose numbers ascend) go there without a search; it also names the last sealed block. A
//! full tail is poured into that one, or becomes a sealed block itself.

use super::keys::{self, SCAN_ROWS_MAX, SEALED_PEOPLE_MAX, TAIL_PEOPLE_MAX, Term};
use super::overlay::Overlay;
use super::packing::{Packed, put_number};
use super::{IndexRead, IndexRow, SearchError};

const RECORD: &str = "posting block";
/// The number in the key of a tail.
pub(super) const TAIL: u64 = u64::MAX;

/// Notes that `person` has `term`.
pub(super) fn add(overlay: &mut Overlay<'_>, term: Term, person: u64) -> Result<(), SearchError> {
    let prefix = term.prefix();
    let tail_key = keys::posting(&prefix, TAIL);
    let mut tail = Block::decode(overlay.get(&tail_key)?.unwrap_or_default(), true)?;
    if tail.has_sealed(person) {
        return add_sealed(overlay, &prefix, person, tail.sealed_upper);
    }
    tail.insert(person);
    if tail.people.len() > TAIL_PEOPLE_MAX {
        let newest = tail.people.split_off(TAIL_PEOPLE_MAX);
        let poured = std::mem::replace(&mut tail.people, newest);
        tail.sealed_upper = pour(overlay, &prefix, tail.sealed_upper, poured)?;
    }
    overlay.set(&tail_key, Some(tail.encode(true)))
}

/// Notes that `person` no longer has `term`.
pub(super) fn remove(
    overlay: &mut Overlay<'_>,
    term: Term,
    person: u64,
) -> Result<(), SearchError> {
    let prefix = term.prefix();
    let tail_key = keys::posting(&prefix, TAIL);
    let Some(bytes) = overlay.get(&tail_key)? else { return Ok(()) };
    let mut tail = Block::decode(bytes, true)?;
    if !tail.has_sealed(person) {
        tail.people.retain(|&other| other != person);
        return overlay.set(&tail_key, tail.worth_keeping());
    }
    let Some((key, mut block)) = sealed_with(overlay, &prefix, person)? else { return Ok(()) };
    block.people.retain(|&other| other != person);
    let gone = block.people.is_empty();
    overlay.set(&key, (!gone).then(|| block.encode(false)))?;
    // The tail may go on naming a block that is no longer there: finding the one before it would need a scan backwards, and
    // the next full tail simply becomes a block of its own. Once there is none at all, it names none.
    if gone && overlay.first(&prefix, &tail_key)?.is_none() {
        tail.sealed_upper = 0;
        return overlay.set(&tail_key, tail.worth_keeping());
    }
    Ok(())
}

/// Calls `visit` with every person who has the term, those of the tail first; once it said of `people_max` that they count,
/// it stops at the end of a block.
pub(super) fn each(
    read: &dyn IndexRead,
    term: Term,
    people_max: usize,
    visit: &mut impl FnMut(u64) -> bool,
) -> Result<usize, SearchError> {
    let prefix = term.prefix();
    let tail_key = keys::posting(&prefix, TAIL);
    // Most words are rare and have a tail only, which one look finds.
    let Some(bytes) = read.get(&tail_key)? else { return Ok(0) };
    let (sealed_upper, seen) = visit_block(&bytes, true, visit)?;
    if sealed_upper == 0 || seen >= people_max {
        return Ok(seen);
    }
    Ok(seen + each_block(read, prefix, &tail_key, people_max - seen, visit)?)
}

/// Calls `visit` with every person who has one of the terms whose keys begin with `prefix`; once it said of `people_max`
/// that they count, it stops at the end of a block.
pub(super) fn each_with_prefix(
    read: &dyn IndexRead,
    prefix: Vec<u8>,
    people_max: usize,
    visit: &mut impl FnMut(u64) -> bool,
) -> Result<usize, SearchError> {
    let end = keys::after_prefix(&prefix);
    each_block(read, prefix, &end, people_max, visit)
}

fn each_block(
    read: &dyn IndexRead,
    mut from: Vec<u8>,
    to: &[u8],
    people_max: usize,
    visit: &mut impl FnMut(u64) -> bool,
) -> Result<usize, SearchError> {
    let mut seen = 0;
    while seen < people_max {
        let rows = read.scan(&from, Some(to), SCAN_ROWS_MAX)?;
        for (key, bytes) in &rows {
            let is_tail = keys::posting_upper(key) == Some(TAIL);
            seen += visit_block(bytes, is_tail, visit)?.1;
            if seen >= people_max {
                break;
            }
        }
        match rows.last() {
            Some((last, _)) if rows.len() == SCAN_ROWS_MAX => {
                from.clone_from(last);
                from.push(0);
            }
            _ => break,
        }
    }
    Ok(seen)
}

/// Calls `visit` with everybody in a block; returns the highest sealed person that it names, and of how many in it `visit`
/// said that they count.
pub(super) fn visit_block(
    bytes: &[u8],
    is_tail: bool,
    visit: &mut impl FnMut(u64) -> bool,
) -> Result<(u64, usize), SearchError> {
    let mut packed = Packed::new(bytes, RECORD);
    let sealed_upper = if is_tail && !packed.is_empty() { packed.number()? } else { 0 };
    let mut person = sealed_upper;
    let mut count = 0;
    while !packed.is_empty() {
        person =
            person.checked_add(packed.number()?).ok_or(SearchError::Damaged { record: RECORD })?;
        count += usize::from(visit(person));
    }
    Ok((sealed_upper, count))
}

fn add_sealed(
    overlay: &mut Overlay<'_>,
    prefix: &[u8],
    person: u64,
    last_upper: u64,
) -> Result<(), SearchError> {
    let Some((key, mut block)) = sealed_with(overlay, prefix, person)? else {
        // The last sealed block was emptied and removed: the person belongs to a new one.
        let block = Block { sealed_upper: 0, people: vec![person] };
        return overlay.set(&keys::posting(prefix, last_upper), Some(block.encode(false)));
    };
    block.insert(person);
    if block.people.len() > SEALED_PEOPLE_MAX {
        let upper = block.people.split_off(SEALED_PEOPLE_MAX / 2);
        let middle = block.people.last().copied().unwrap_or_default();
        overlay.set(&keys::posting(prefix, middle), Some(block.encode(false)))?;
        block.people = upper;
    }
    overlay.set(&key, Some(block.encode(false)))
}

/// The sealed block whose range `person` falls into, with its key.
fn sealed_with(
    overlay: &mut Overlay<'_>,
    prefix: &[u8],
    person: u64,
) -> Result<Option<(Vec<u8>, Block)>, SearchError> {
    let found = overlay.first(&keys::posting(prefix, person), &keys::posting(prefix, TAIL))?;
    found.map(|(key, bytes)| Ok((key, Block::decode(&bytes, false)?))).transpose()
}

/// Puts the people of a full tail into the last sealed block, or into a new one; says what its key ends with.
fn pour(
    overlay: &mut Overlay<'_>,
    prefix: &[u8],
    sealed_upper: u64,
    poured: Vec<u64>,
) -> Result<u64, SearchError> {
    let upper = poured.last().copied().unwrap_or_default();
    let old_key = keys::posting(prefix, sealed_upper);
    let old = match overlay.get(&old_key)? {
        Some(bytes) if sealed_upper > 0 => Block::decode(bytes, false)?.people,
        _ => Vec::new(),
    };
    let people = if old.is_empty() || old.len() + poured.len() > SEALED_PEOPLE_MAX {
        poured
    } else {
        overlay.set(&old_key, None)?;
        old.into_iter().chain(poured).collect()
    };
    let block = Block { sealed_upper: 0, people };
    overlay.set(&keys::posting(prefix, upper), Some(block.encode(false)))?;
    Ok(upper)
}

/// Lays the people of one term, who come in ascending order, out in the blocks that [`add`] would have made of them.
#[derive(Debug)]
pub(super) struct Layout {
    prefix: Vec<u8>,
    sealed_upper: u64,
    people: Vec<u64>,
}

impl Layout {
    /// The blocks of the term whose keys begin with `prefix`, with nobody in them yet.
    pub(super) fn new(prefix: Vec<u8>) -> Self {
        Self { prefix, sealed_upper: 0, people: Vec::new() }
    }

    /// What the keys of the term's blocks begin with.
    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Takes one person more; gives a sealed block once it is full and does not hold the tail any more.
    pub(super) fn push(&mut self, person: u64) -> Option<IndexRow> {
        self.people.push(person);
        let is_full = self.people.len() > SEALED_PEOPLE_MAX + TAIL_PEOPLE_MAX;
        is_full.then(|| self.seal(SEALED_PEOPLE_MAX))
    }

    /// The last sealed block, if there is one more, and the tail.
    pub(super) fn finish(mut self) -> (Option<IndexRow>, IndexRow) {
        // A tail is poured when it is full and one more comes, so it is never empty.
        let poured = self.people.len().saturating_sub(1) / TAIL_PEOPLE_MAX * TAIL_PEOPLE_MAX;
        let sealed = (poured > 0).then(|| self.seal(poured));
        let key = keys::posting(&self.prefix, TAIL);
        let tail = Block { sealed_upper: self.sealed_upper, people: self.people };
        (sealed, (key, tail.encode(true)))
    }

    fn seal(&mut self, people: usize) -> IndexRow {
        let rest = self.people.split_off(people);
        let people = std::mem::replace(&mut self.people, rest);
        self.sealed_upper = people.last().copied().unwrap_or_default();
        let key = keys::posting(&self.prefix, self.sealed_upper);
        (key, Block { sealed_upper: 0, people }.encode(false))
    }
}

/// Some people in ascending order.
#[derive(Debug, Default)]
struct Block {
    /// In a tail: the highest person of the last sealed block, 0 for none.
    sealed_upper: u64,
    people: Vec<u64>,
}

impl Block {
    fn decode(bytes: &[u8], is_tail: bool) -> Result<Self, SearchError> {
        let mut people = Vec::with_capacity(bytes.len());
        let sealed_upper = visit_block(bytes, is_tail, &mut |person| {
            people.push(person);
            true
        })?
        .0;
        Ok(Self { sealed_upper, people })
    }

    fn encode(&self, is_tail: bool) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.people.len() * 2 + 8);
        if is_tail {
            put_number(&mut bytes, self.sealed_upper);
        }
        let mut before = self.sealed_upper;
        for &person in &self.people {
            put_number(&mut bytes, person - before);
            before = person;
        }
        bytes
    }

    /// In a tail: whether `person` belongs into a sealed block.
    fn has_sealed(&self, person: u64) -> bool {
        self.sealed_upper > 0 && person <= self.sealed_upper
    }

    fn insert(&mut self, person: u64) {
        if let Err(place) = self.people.binary_search(&person) {
            self.people.insert(place, person);
        }
    }

    /// The bytes of a tail, unless nobody is in it and nothing before it.
    fn worth_keeping(&self) -> Option<Vec<u8>> {
        (!self.people.is_empty() || self.sealed_upper > 0).then(|| self.encode(true))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::ops::Bound;

    use super::super::{IndexFound, IndexReadError, IndexValue, IndexWrite};
    use super::*;

    #[derive(Default)]
    struct Memory(BTreeMap<Vec<u8>, IndexValue>);

    impl IndexRead for Memory {
        fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
            Ok(self.0.get(key).cloned())
        }

        fn scan(
            &self,
            from: &[u8],
            to: Option<&[u8]>,
            limit: usize,
        ) -> Result<Vec<IndexFound>, IndexReadError> {
            let upper = to.map_or(Bound::Unbounded, Bound::Excluded);
            let rows = self.0.range::<[u8], _>((Bound::Included(from), upper));
            Ok(rows.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
        }
    }

    /// Adds or removes each person in turn, in commits of 50.
    fn change(memory: &mut Memory, changes: &[(u64, bool)]) {
        for commit in changes.chunks(50) {
            let mut overlay = Overlay::new(memory);
            for &(person, is_there) in commit {
                let change = if is_there { add } else { remove };
                change(&mut overlay, Term::Year(1986), person).unwrap();
            }
            for write in overlay.finish() {
                match write {
                    IndexWrite::Put(key, value) => memory.0.insert(key, value.into()),
                    IndexWrite::Delete(key) => memory.0.remove(&key),
                };
            }
        }
    }

    fn people(memory: &Memory) -> Vec<u64> {
        let mut people = Vec::new();
        each(memory, Term::Year(1986), usize::MAX, &mut |person| {
            people.push(person);
            true
        })
        .unwrap();
        people.sort_unstable();
        people
    }

    #[test]
    fn blocks_hold_exactly_who_was_added_and_not_removed() {
        let mut memory = Memory::default();
        change(&mut memory, &(0..3_000).map(|person| (2 * person, true)).collect::<Vec<_>>());
        assert!(memory.0.len() < 20, "ascending people fill blocks: {}", memory.0.len());
        let mut there: BTreeSet<u64> = (0..3_000).map(|person| 2 * person).collect();
        let mut state = 1_u64;
        let mut changes = Vec::new();
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (person, is_there) = ((state >> 40) % 7_000, (state >> 33) % 5 < 2);
            if is_there {
                there.insert(person)
            } else {
                there.remove(&person)
            };
            changes.push((person, is_there));
        }
        change(&mut memory, &changes);
        assert_eq!(people(&memory), there.iter().copied().collect::<Vec<_>>());
        let mut descending = Memory(memory.0.clone());
        change(&mut memory, &there.iter().map(|&person| (person, false)).collect::<Vec<_>>());
        assert!(memory.0.is_empty(), "nothing is left of a term that nobody has");
        let gone: Vec<_> = there.iter().rev().map(|&person| (person, false)).collect();
        change(&mut descending, &gone);
        assert!(descending.0.is_empty(), "nor where the last of them went first");
    }
}
