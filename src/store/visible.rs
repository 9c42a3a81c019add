//! What readers see: the rows of the database, over them what is durable and has not been given to it yet, and some
//! families of keys that lie in memory whole.

use std::sync::Arc;

use super::group::{Changes, Overlay, Table};
use super::memory::Rows;
use super::sled_engine::{OwnRows, SledEngine};
use super::{CommitId, Direction, KeyRange, Page, Sequence, StoreError, Versioned, Visit};

/// What the database is to be given at once.
#[derive(Default)]
pub(super) struct Batch {
    /// The newest values.
    pub(super) changes: Changes,
    /// What goes along with them.
    pub(super) own: OwnRows,
}

/// What lies over the database.
///
/// The journal has all of it; the database is given it later, many commits at once, because a value that every commit
/// writes is then written once.
#[derive(Default)]
pub(super) struct Visible {
    /// What is newer than all that the database was given or is being given.
    pending: Batch,
    /// Bytes of what was written there; values that were overwritten count as well.
    pending_bytes: usize,
    /// What the database is being given.
    leaving: Option<Arc<Batch>>,
    /// The families that lie in memory, once they have been read.
    kept: Option<Kept>,
}

/// Families that lie in memory, those first that are to stay there longest.
pub(super) struct Kept {
    families: Vec<Family>,
    bytes_max: usize,
}

struct Family {
    first_byte: u8,
    rows: Rows,
    bytes: usize,
}

impl Visible {
    /// Lays what a durable group wrote over everything before it.
    pub(super) fn show(&mut self, changes: Changes, own: OwnRows) {
        for (key, change) in changes {
            let bytes = change.as_ref().map_or(0, |versioned| versioned.value.len());
            self.pending_bytes = self.pending_bytes.saturating_add(key.len() + bytes);
            if let Some(kept) = &mut self.kept {
                kept.change(&key, change.as_ref());
            }
            self.pending.changes.insert(key, change);
        }
        self.pending.own.applied = own.applied;
        self.pending.own.ids.extend(own.ids);
    }

    /// Rows that wait to be given to the database, and bytes that were written of them.
    pub(super) fn pending_size(&self) -> (usize, usize) {
        (self.pending.changes.len(), self.pending_bytes)
    }

    /// Takes what waits, for the database to be given it; it is seen until that [is so](Self::has_left).
    pub(super) fn leave(&mut self) -> Arc<Batch> {
        let leaving = Arc::new(std::mem::take(&mut self.pending));
        self.pending_bytes = 0;
        self.leaving = Some(Arc::clone(&leaving));
        leaving
    }

    /// The database has been given what was leaving.
    pub(super) fn has_left(&mut self) {
        self.leaving = None;
    }

    /// The ids of the commits that the database may not have.
    pub(super) fn ids(&self) -> Vec<(CommitId, Sequence)> {
        let leaving = self.leaving.iter().flat_map(|batch| &batch.own.ids);
        leaving.chain(&self.pending.own.ids).copied().collect()
    }

    /// Keeps families in memory from now on. Only whoever writes may ask for it, while nothing is being written.
    pub(super) fn keep(&mut self, kept: Kept) {
        self.kept = Some(kept);
    }
}

impl Kept {
    /// Reads families into memory, those left out that find no more room.
    pub(super) fn read(
        table: &dyn Table,
        families: &[u8],
        bytes_max: usize,
    ) -> Result<Self, StoreError> {
        let mut kept = Self { families: Vec::new(), bytes_max };
        for first_byte in families {
            let mut family = Family { first_byte: *first_byte, rows: Rows::default(), bytes: 0 };
            let room = bytes_max.saturating_sub(kept.bytes());
            table.visit(&Visit::all(&KeyRange::prefix(&[*first_byte])), &mut |key, row| {
                family.bytes += weight(key, row);
                family.rows.change(key, Some(row));
                family.bytes <= room
            })?;
            if family.bytes <= room {
                kept.families.push(family);
            }
        }
        Ok(kept)
    }

    fn bytes(&self) -> usize {
        self.families.iter().map(|family| family.bytes).sum()
    }

    fn change(&mut self, key: &[u8], change: Option<&Versioned>) {
        let of_key = |family: &&mut Family| key.first() == Some(&family.first_byte);
        let Some(family) = self.families.iter_mut().find(of_key) else { return };
        let was = family.rows.value(key).map_or(0, |row| weight(key, row));
        let is = change.map_or(0, |row| weight(key, row));
        family.rows.change(key, change);
        family.bytes = (family.bytes + is).saturating_sub(was);
        // What has grown too large is read from the database again, from the last families on.
        while is > was && self.bytes() > self.bytes_max && self.families.pop().is_some() {}
    }

    /// The rows among which a key lies, where they are kept.
    fn rows(&self, key: &[u8]) -> Option<&Rows> {
        let first_byte = key.first()?;
        let family = self.families.iter().find(|family| family.first_byte == *first_byte);
        family.map(|family| &family.rows)
    }

    /// The rows among which a range lies whole.
    fn rows_of(&self, range: &KeyRange) -> Option<&Rows> {
        let next = range.from.first()?.checked_add(1)?;
        let to = range.to.as_ref()?;
        if to.as_slice() <= [next].as_slice() { self.rows(&range.from) } else { None }
    }
}

/// Bytes that a row takes, with what a tree and two allocations take beside it.
fn weight(key: &[u8], row: &Versioned) -> usize {
    const BESIDE: usize = 100;
    key.len() + row.value.len() + BESIDE
}

/// The database with what lies over it.
pub(super) struct View<'a> {
    pub(super) engine: &'a SledEngine,
    pub(super) visible: &'a Visible,
}

impl View<'_> {
    /// Looks at the database with what it has not been given over it.
    fn over<T>(&self, look: impl FnOnce(&dyn Table) -> T) -> T {
        let changes = &self.visible.pending.changes;
        match &self.visible.leaving {
            Some(leaving) => {
                let below = Overlay { table: self.engine, changes: &leaving.changes };
                look(&Overlay { table: &below, changes })
            }
            None => look(&Overlay { table: self.engine, changes }),
        }
    }

    fn kept(&self, key: &[u8]) -> Option<&Rows> {
        self.visible.kept.as_ref()?.rows(key)
    }

    fn kept_range(&self, range: &KeyRange) -> Option<&Rows> {
        self.visible.kept.as_ref()?.rows_of(range)
    }
}

impl Table for View<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        match self.kept(key) {
            Some(rows) => rows.get(key),
            None => self.over(|table| table.get(key)),
        }
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        match self.kept_range(range) {
            Some(rows) => rows.scan(range, limit, direction),
            None => self.over(|table| table.scan(range, limit, direction)),
        }
    }

    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        match self.kept_range(visit.range) {
            Some(rows) => rows.visit(visit, each),
            None => self.over(|table| table.visit(visit, each)),
        }
    }
}
