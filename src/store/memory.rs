//! A store in memory, for tests and for whatever need not last.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use smallvec::SmallVec;

use super::frame::frame_bytes;
use super::group::{Group, OWN_TAG, Table, bounds, is_empty, without_own_keys};
use super::limits::FRAME_BYTES_MAX;
use super::recent::Recent;
use super::remembered::Remembered;
use super::{
    Commit, CommitError, Committed, Direction, KeyRange, Page, Sequence, Store, StoreError,
    Versioned, Visit,
};

/// A store that obeys every law of the others but is gone with its process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    rows: Rows,
    remembered: Remembered,
    sequence: Sequence,
}

/// Bytes of a key that lie in the tree itself: of what indexes and counters have, nearly all. A look goes by keys that lie
/// side by side then, and not from one place of the memory to the next.
const KEY_BYTES: usize = 32;

type RowKey = SmallVec<[u8; KEY_BYTES]>;

/// Rows in the order of their keys.
#[derive(Debug, Default)]
pub(super) struct Rows(BTreeMap<RowKey, Versioned>);

impl Rows {
    /// Gives a key its new value, or takes its row away.
    pub(super) fn change(&mut self, key: &[u8], change: Option<&Versioned>) {
        match (change, self.0.get_mut(key)) {
            (Some(versioned), Some(row)) => row.clone_from(versioned),
            (Some(versioned), None) => {
                self.0.insert(RowKey::from_slice(key), versioned.clone());
            }
            (None, Some(_)) => {
                self.0.remove(key);
            }
            (None, None) => {}
        }
    }

    /// The row of a key.
    pub(super) fn value(&self, key: &[u8]) -> Option<&Versioned> {
        self.0.get(key)
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table for Rows {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let range = without_own_keys(range);
        if is_empty(&range) {
            return Ok(Page::default());
        }
        let found = self.0.range::<[u8], _>(bounds(&range));
        let own = |(key, row): (&RowKey, &Versioned)| (key.to_vec(), row.clone());
        let wanted = limit.saturating_add(1);
        let mut rows: Vec<_> = match direction {
            Direction::Forward => found.take(wanted).map(own).collect(),
            Direction::Backward => found.rev().take(wanted).map(own).collect(),
        };
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Ok(Page { rows, has_more })
    }

    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        let range = without_own_keys(visit.range);
        if !is_empty(&range) {
            let mut rows = self.0.range::<[u8], _>(bounds(&range));
            // Where `all` ends early, that is what was asked for.
            let _is_whole = match visit.direction {
                Direction::Forward => rows.all(|(key, row)| each(key, row)),
                Direction::Backward => rows.rev().all(|(key, row)| each(key, row)),
            };
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        if key.first() == Some(&OWN_TAG) { Ok(None) } else { self.state().rows.get(key) }
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.state().rows.scan(range, limit, direction)
    }

    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        self.state().rows.visit(visit, each)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(sequence) = state.remembered.find(commit.id) {
            return Ok(Committed::Repeated(sequence));
        }
        let sequence = Sequence(state.sequence.0 + 1);
        let recent = RefCell::new(Recent::default());
        let mut group = Group::new(&state.rows, &recent);
        let writes = group.prepare(&commit.reads, commit.stamp, sequence)?;
        let bytes = frame_bytes(&writes);
        if bytes > FRAME_BYTES_MAX {
            return Err(CommitError::TooLarge { bytes, max: FRAME_BYTES_MAX });
        }
        group.accept(writes, sequence);
        for (key, change) in group.into_changes() {
            state.rows.change(&key, change.as_ref());
        }
        state.sequence = sequence;
        state.remembered.remember(commit.id, sequence);
        Ok(Committed::New(sequence))
    }

    fn sequence(&self) -> Sequence {
        self.state().sequence
    }
}
