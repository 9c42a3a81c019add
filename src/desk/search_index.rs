//! The search index of a store that holds no office: what the search is judged by on files of people.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::search::{
    Built, Bulk, BulkSteps, Document, IndexFound, IndexRead, IndexReadError, IndexValue, Indexer,
    SearchError,
};
use crate::store::{Commit, CommitId, Latest, Stamp, Store, Write};
use crate::text::with_sources;

use super::commit::{NewestIndex, search_key, search_write};
use super::error::DeskError;
use super::read::StoreIndex;
use super::reindex::Batch;

/// Rows of the index that are read at a time to count them.
const PAGE_ROWS: usize = 512;

/// The search index of a store, under the keys and with the commits that a desk has for it, and without the records that
/// a desk keeps beside it.
pub struct SearchIndex<'s>(pub &'s dyn Store);

impl SearchIndex<'_> {
    /// Writes an index that was built into a store that has none.
    ///
    /// # Errors
    /// If `stop` is set, the store does not take a commit, or what the build fails with.
    pub fn write(
        &self,
        built: Bulk<'_>,
        stop: &AtomicBool,
        progress: &dyn Fn(BulkSteps),
    ) -> Result<Built, DeskError> {
        let (mut batch, mut commits) = (Batch::default(), 0);
        let mut commit = |writes: Vec<Write>| {
            commits += 1;
            // Inserts are named by their people, from the other end.
            self.commit(u128::MAX - commits, Box::new(move |_| Ok(writes)))
        };
        let built = built.finish(|(key, value), steps| {
            if stop.load(Ordering::Relaxed) {
                return Err(SearchError::Cancelled.into());
            }
            if let Some(full) = batch.push(Write::Put(search_key(&key), value)) {
                commit(full)?;
                progress(steps);
            }
            Ok::<(), DeskError>(())
        })?;
        commit(batch.writes)?;
        Ok(built)
    }

    /// Puts one person, who is not in it yet, into the index, in a commit of their own.
    ///
    /// # Errors
    /// If the store does not take the commit, or the index in it cannot be read.
    pub fn insert(&self, person: Document) -> Result<(), DeskError> {
        let id = u128::from(person.person);
        self.commit(id, Box::new(move |latest| changes(latest, &person)))
    }

    /// The bytes of all keys and values of the index, before the store adds anything of its own; all of it is read.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn bytes(&self) -> Result<u64, DeskError> {
        let mut bytes = 0;
        let mut from = Vec::new();
        loop {
            let rows = self.scan(&from, None, PAGE_ROWS).map_err(SearchError::Read)?;
            bytes += rows.iter().map(|(key, value)| (key.len() + value.len()) as u64).sum::<u64>();
            let Some((last, _)) = rows.last() else { return Ok(bytes) };
            from.clone_from(last);
            from.push(0);
        }
    }

    fn commit(&self, id: u128, stamp: Stamp) -> Result<(), DeskError> {
        match self.0.commit(Commit { id: CommitId(id), reads: Vec::new(), stamp }) {
            Ok(_committed) => Ok(()),
            Err(error) => Err(DeskError::ReadOnly(with_sources(&error))),
        }
    }
}

impl std::fmt::Debug for SearchIndex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").finish_non_exhaustive()
    }
}

impl IndexRead for SearchIndex<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        StoreIndex(self.0).get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        StoreIndex(self.0).scan(from, to, limit)
    }
}

fn changes(latest: &dyn Latest, person: &Document) -> Result<Vec<Write>, String> {
    let read = NewestIndex(latest);
    let indexed = Indexer::new(&read).and_then(|mut indexer| {
        indexer.put(person)?;
        indexer.finish()
    });
    Ok(indexed.map_err(|error| with_sources(&error))?.into_iter().map(search_write).collect())
}
