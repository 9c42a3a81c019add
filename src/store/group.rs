//! The rules of the committer, the same for every engine: reads hold, the stamp makes the writes, later requests of a
//! group see the earlier ones.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::limits::{KEY_BYTES_MAX, VALUE_BYTES_MAX};
use super::recent::Recent;
use super::{
    CommitError, Direction, KeyRange, Latest, Page, Read, Sequence, Stamp, StoreError, Value,
    Versioned, Visit, Write,
};

/// The first byte of the store's own keys, which no commit may write and no read shows.
pub(super) const OWN_TAG: u8 = 0;

/// Rows that are read at once where they are only shown.
pub(super) const VISITED_ROWS: usize = 1_000;

/// What lies below a group: rows that are visible to everybody.
pub(super) trait Table {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;

    /// At most `limit` rows of a range.
    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError>;

    /// Shows rows of a range one after the other, until `each` has seen enough.
    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        visit_pages(visit, each, |range, rows| self.scan(range, rows, visit.direction))
    }
}

/// Shows the rows of a range that is read page by page, until `each` has seen enough.
pub(super) fn visit_pages(
    visit: &Visit<'_>,
    each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    read: impl Fn(&KeyRange, usize) -> Result<Page, StoreError>,
) -> Result<(), StoreError> {
    let (mut range, mut rows) = (visit.range.clone(), visit.likely.clamp(1, VISITED_ROWS));
    loop {
        let page = read(&range, rows)?;
        if !page.rows.iter().all(|(key, row)| each(key, row)) {
            return Ok(());
        }
        let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { return Ok(()) };
        range = range.beyond(last.clone(), visit.direction);
        rows = VISITED_ROWS;
    }
}

/// What changed: the new value of a key, or none where it is gone.
pub(super) type Changes = BTreeMap<Vec<u8>, Option<Versioned>>;

/// A table with changes that are to be seen over it.
pub(super) struct Overlay<'a> {
    pub(super) table: &'a dyn Table,
    pub(super) changes: &'a Changes,
}

impl Table for Overlay<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.changes.get(key).map_or_else(|| self.table.get(key), |change| Ok(change.clone()))
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        if is_empty(range) {
            return Ok(Page::default());
        }
        let changed = self.changes.range::<[u8], _>(bounds(range)).count();
        if changed == 0 {
            return self.table.scan(range, limit, direction);
        }
        // Each change may take at most one row away, so these rows are enough for a full page.
        let below = self.table.scan(range, limit.saturating_add(changed), direction)?;
        Ok(self.lay_over(below, range, limit, direction))
    }
}

impl Overlay<'_> {
    fn lay_over(&self, below: Page, range: &KeyRange, limit: usize, direction: Direction) -> Page {
        let horizon = below.rows.last().map(|(key, _)| key.clone()).filter(|_| below.has_more);
        let mut rows: BTreeMap<Vec<u8>, Versioned> = below.rows.into_iter().collect();
        for (key, change) in self.changes.range::<[u8], _>(bounds(range)) {
            let is_within = horizon.as_ref().is_none_or(|last| match direction {
                Direction::Forward => key <= last,
                Direction::Backward => key >= last,
            });
            match change {
                Some(versioned) if is_within => {
                    rows.insert(key.clone(), versioned.clone());
                }
                Some(_beyond) => {}
                None => {
                    rows.remove(key);
                }
            }
        }
        let has_more = below.has_more || rows.len() > limit;
        let rows = match direction {
            Direction::Forward => rows.into_iter().take(limit).collect(),
            Direction::Backward => rows.into_iter().rev().take(limit).collect(),
        };
        Page { rows, has_more }
    }
}

/// Requests that become durable together: what the accepted ones wrote lies over the table.
pub(super) struct Group<'a> {
    table: &'a dyn Table,
    recent: &'a RefCell<Recent>,
    changes: Changes,
}

impl<'a> Group<'a> {
    /// A group in which nothing is written yet.
    pub(super) fn new(table: &'a dyn Table, recent: &'a RefCell<Recent>) -> Self {
        Self { table, recent, changes: Changes::new() }
    }

    /// Checks the reads, calls the stamp, and gives what it made; nothing is written yet.
    pub(super) fn prepare(
        &self,
        reads: &[Read],
        stamp: Stamp,
        sequence: Sequence,
    ) -> Result<Vec<Write>, CommitError> {
        for read in reads {
            if !self.holds(read).map_err(CommitError::Fatal)? {
                return Err(CommitError::Conflict);
            }
        }
        let latest = GroupLatest { group: self, sequence };
        // A stamp that panics must not take the committer, and with it every other caseworker's work, along.
        let writes = catch_unwind(AssertUnwindSafe(|| stamp(&latest)))
            .unwrap_or_else(|_panic| Err("it could not be prepared".to_owned()))
            .map_err(CommitError::Refused)?;
        writes.iter().try_for_each(check)?;
        Ok(writes)
    }

    /// Lays what a request wrote over the table.
    pub(super) fn accept(&mut self, writes: Vec<Write>, sequence: Sequence) {
        for write in writes {
            match write {
                Write::Put(key, value) => {
                    let value = value.into();
                    self.changes.insert(key, Some(Versioned { value, version: sequence }));
                }
                Write::Delete(key) => {
                    self.changes.insert(key, None);
                }
            }
        }
    }

    /// Everything that the accepted requests wrote.
    pub(super) fn into_changes(self) -> Changes {
        self.changes
    }

    fn holds(&self, read: &Read) -> Result<bool, StoreError> {
        match read {
            Read::Key { key, version } => {
                let seen = self.get(key)?.map_or(Sequence(0), |found| found.version);
                Ok(seen == *version)
            }
            Read::Range { range, limit, direction, fingerprint } => {
                Ok(self.scan(range, *limit, *direction)?.fingerprint() == *fingerprint)
            }
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        if let Some(change) = self.changes.get(key) {
            return Ok(change.clone());
        }
        if let Some(known) = self.recent.borrow().get(key) {
            return Ok(known.clone());
        }
        self.table.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        Overlay { table: self.table, changes: &self.changes }.scan(range, limit, direction)
    }
}

/// What a stamp sees of its group.
struct GroupLatest<'a> {
    group: &'a Group<'a>,
    sequence: Sequence,
}

impl Latest for GroupLatest<'_> {
    fn latest(&self, key: &[u8]) -> Result<Option<Value>, StoreError> {
        if key.first() == Some(&OWN_TAG) {
            return Ok(None);
        }
        let found = self.group.get(key)?;
        if !self.group.changes.contains_key(key) {
            self.group.recent.borrow_mut().keep(key, found.as_ref());
        }
        Ok(found.map(|versioned| versioned.value))
    }

    fn latest_scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.group.scan(range, limit, direction)
    }

    fn sequence(&self) -> Sequence {
        self.sequence
    }
}

/// Whether no key at all can be in the range; such ranges never reach an engine, some of which panic on them.
pub(super) fn is_empty(range: &KeyRange) -> bool {
    range.to.as_ref().is_some_and(|to| *to <= range.from)
}

/// The range as the collections want it.
pub(super) fn bounds(range: &KeyRange) -> (Bound<&[u8]>, Bound<&[u8]>) {
    let to = range.to.as_ref().map_or(Bound::Unbounded, |to| Bound::Excluded(to.as_slice()));
    (Bound::Included(range.from.as_slice()), to)
}

/// The part of a range that is not the store's own.
pub(super) fn without_own_keys(range: &KeyRange) -> Cow<'_, KeyRange> {
    let first = [OWN_TAG + 1];
    if range.from.as_slice() >= first.as_slice() {
        return Cow::Borrowed(range);
    }
    Cow::Owned(KeyRange { from: first.to_vec(), to: range.to.clone() })
}

fn check(write: &Write) -> Result<(), CommitError> {
    let (key, value_bytes) = match write {
        Write::Put(key, value) => (key, value.len()),
        Write::Delete(key) => (key, 0),
    };
    if key.first().is_none_or(|tag| *tag == OWN_TAG) {
        return Err(CommitError::Refused("it writes a key that belongs to the store".to_owned()));
    }
    if key.len() > KEY_BYTES_MAX {
        return Err(CommitError::TooLarge { bytes: key.len(), max: KEY_BYTES_MAX });
    }
    if value_bytes > VALUE_BYTES_MAX {
        return Err(CommitError::TooLarge { bytes: value_bytes, max: VALUE_BYTES_MAX });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Commit, CommitId, MemoryStore, Store};
    use super::*;

    fn row(key: u8, version: u64) -> (Vec<u8>, Versioned) {
        (vec![b'a' + key], Versioned { value: Value::default(), version: Sequence(version) })
    }

    struct Below(MemoryStore);

    impl Table for Below {
        fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
            self.0.get(key)
        }

        fn scan(
            &self,
            range: &KeyRange,
            limit: usize,
            direction: Direction,
        ) -> Result<Page, StoreError> {
            self.0.scan(range, limit, direction)
        }
    }

    /// Rows a to e below, and changes over them: bit 0 to 4 of `deleted` and of `written` are rows a to e.
    fn scans_agree(below: u16, deleted: u16, written: u16) {
        let keys = |bits: u16| (0..5_u8).filter(move |key| bits & (1 << key) != 0);
        let store = MemoryStore::new();
        let rows: Vec<_> = keys(below).map(|key| Write::Put(row(key, 1).0, Vec::new())).collect();
        let stamp: Stamp = Box::new(move |_| Ok(rows));
        store.commit(Commit { id: CommitId(1), reads: Vec::new(), stamp }).unwrap();
        let table = Below(store);
        let recent = RefCell::new(Recent::default());
        let mut group = Group::new(&table, &recent);
        let gone = keys(deleted).map(|key| Write::Delete(row(key, 2).0));
        let come = keys(written).map(|key| Write::Put(row(key, 2).0, Vec::new()));
        group.accept(gone.chain(come).collect(), Sequence(2));

        let mut expected: Vec<_> =
            keys(below & !deleted & !written).map(|key| row(key, 1)).collect();
        expected.extend(keys(written).map(|key| row(key, 2)));
        expected.sort_by(|one, other| one.0.cmp(&other.0));
        let all = KeyRange { from: Vec::new(), to: None };
        for direction in [Direction::Forward, Direction::Backward] {
            for limit in 0..=6 {
                let rows: Vec<_> = expected.iter().take(limit).cloned().collect();
                let has_more = expected.len() > limit;
                let found = group.scan(&all, limit, direction).unwrap();
                assert_eq!(found, Page { rows, has_more }, "{below:b} {deleted:b} {written:b}");
            }
            expected.reverse();
        }
    }

    #[test]
    fn a_scan_of_a_group_is_a_scan_of_the_table_with_its_changes_made() {
        for bits in 0..1_u16 << 15 {
            // Fifteen bits are three rows of five; a step over some of them keeps the test quick.
            if bits % 7 == 0 {
                let [below, deleted, written] = [bits, bits >> 5, bits >> 10].map(|five| five & 31);
                scans_agree(below, deleted, written);
            }
        }
    }
}
