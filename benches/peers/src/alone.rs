//! sled without a journal: each writer applies its commit and flushes, as sled's own users do.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use casedesk::store::{
    Commit, CommitError, Committed, Direction, KeyRange, Latest, Page, Read, Sequence, Store,
    StoreError, Versioned, Write,
};

use super::fault::{broken, fatal};

/// A sled database whose `flush` is taken for durable. (It is not: it calls `sync_file_range`.)
pub(crate) struct SledAlone {
    database: sled::Db,
    /// The newest commit; who holds it checks, stamps and applies. The flush comes after, so that flushes can be shared.
    newest: Mutex<Sequence>,
}

impl SledAlone {
    pub(crate) fn open(data: &Path, cache_bytes: u64) -> Result<Self, sled::Error> {
        let config = sled::Config::new().path(data.join("sled")).cache_capacity(cache_bytes);
        Ok(Self { database: config.open()?, newest: Mutex::default() })
    }

    fn holds(&self, read: &Read) -> Result<bool, StoreError> {
        match read {
            Read::Key { key, version } => {
                Ok(self.get(key)?.map_or(Sequence(0), |found| found.version) == *version)
            }
            Read::Range { range, limit, direction, fingerprint } => {
                Ok(self.scan(range, *limit, *direction)?.fingerprint() == *fingerprint)
            }
        }
    }

    fn apply(&self, commit: Commit) -> Result<Sequence, CommitError> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        for read in &commit.reads {
            if !self.holds(read).map_err(CommitError::Fatal)? {
                return Err(CommitError::Conflict);
            }
        }
        let sequence = Sequence(newest.0 + 1);
        let writes =
            (commit.stamp)(&Now { store: self, sequence }).map_err(CommitError::Refused)?;
        let mut batch = sled::Batch::default();
        for write in writes {
            match write {
                Write::Put(key, value) => {
                    let mut row = sequence.0.to_be_bytes().to_vec();
                    row.extend_from_slice(&value);
                    batch.insert(key, row);
                }
                Write::Delete(key) => batch.remove(key),
            }
        }
        self.database.apply_batch(batch).map_err(|error| fatal("write", error))?;
        *newest = sequence;
        Ok(sequence)
    }
}

impl Store for SledAlone {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        let row = self.database.get(key).map_err(|error| broken("read", error))?;
        row.map(|row| versioned(&row)).transpose()
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let found = match &range.to {
            Some(to) => self.database.range(range.from.clone()..to.clone()),
            None => self.database.range(range.from.clone()..),
        };
        let mut rows = Vec::new();
        let mut take = |row: Result<(sled::IVec, sled::IVec), sled::Error>| {
            let (key, row) = row.map_err(|error| broken("read", error))?;
            rows.push((key.to_vec(), versioned(&row)?));
            Ok::<(), StoreError>(())
        };
        match direction {
            Direction::Forward => found.take(limit + 1).try_for_each(&mut take)?,
            Direction::Backward => found.rev().take(limit + 1).try_for_each(&mut take)?,
        }
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Ok(Page { rows, has_more })
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let sequence = self.apply(commit)?;
        self.database.flush().map_err(|error| fatal("flush", error))?;
        Ok(Committed::New(sequence))
    }

    fn sequence(&self) -> Sequence {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a stamp sees.
struct Now<'a> {
    store: &'a SledAlone,
    sequence: Sequence,
}

impl Latest for Now<'_> {
    fn latest(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.store.get(key)?.map(|found| found.value))
    }

    fn latest_scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.store.scan(range, limit, direction)
    }

    fn sequence(&self) -> Sequence {
        self.sequence
    }
}

fn versioned(row: &[u8]) -> Result<Versioned, StoreError> {
    let (version, value) = row
        .split_first_chunk()
        .ok_or_else(|| broken("read", "a row is shorter than its version"))?;
    Ok(Versioned { value: value.to_vec(), version: Sequence(u64::from_be_bytes(*version)) })
}
