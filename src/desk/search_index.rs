//! The search index of a store that holds no office: what the search is judged by on files of people.

use std::sync::Arc;

use crate::search::{Document, IndexRead, IndexReadError, IndexRow, Indexer};
use crate::store::{
    Commit, CommitError, CommitId, KEY_BYTES_MAX, Latest, Store, VALUE_BYTES_MAX, Write,
};

use super::commit::{NewestIndex, search_write};
use super::read::StoreIndex;

/// Rows of the index that are read at a time: a page of the longest rows stays within 64 MiB.
const PAGE_ROWS: usize = 64 * 1024 * 1024 / (KEY_BYTES_MAX + VALUE_BYTES_MAX);

/// The search index of a store, under the keys and with the commits that a desk has for it, and without the records that
/// a desk keeps beside it.
pub struct SearchIndex<'s>(pub &'s dyn Store);

/// How much an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IndexSize {
    /// Its rows.
    pub rows: u64,
    /// The bytes of their keys and values, before the store adds anything of its own.
    pub bytes: u64,
}

impl SearchIndex<'_> {
    /// Puts these people into the index, each of whom is not in it yet, in one commit; in several where one would be
    /// larger than a commit may be.
    ///
    /// # Errors
    /// If the store does not take a commit, or the index in it cannot be read.
    pub fn put(&self, people: &[Document]) -> Result<(), CommitError> {
        let Some(first) = people.first() else { return Ok(()) };
        let documents: Arc<[Document]> = people.into();
        let commit = Commit {
            // A person comes once, so the first of them names the commit.
            id: CommitId(u128::from(first.person)),
            reads: Vec::new(),
            stamp: Box::new(move |latest| writes(latest, &documents)),
        };
        match self.0.commit(commit) {
            Err(CommitError::TooLarge { .. }) if people.len() > 1 => {
                let (one, other) = people.split_at(people.len() / 2);
                self.put(one)?;
                self.put(other)
            }
            outcome => outcome.map(|_committed| ()),
        }
    }

    /// How much the index holds; all of it is read.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn size(&self) -> Result<IndexSize, IndexReadError> {
        let mut size = IndexSize::default();
        let mut from = Vec::new();
        loop {
            let rows = self.scan(&from, None, PAGE_ROWS)?;
            for (key, value) in &rows {
                size.rows += 1;
                size.bytes += (key.len() + value.len()) as u64;
            }
            let Some((last, _)) = rows.last() else { return Ok(size) };
            from.clone_from(last);
            from.push(0);
        }
    }
}

impl std::fmt::Debug for SearchIndex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").finish_non_exhaustive()
    }
}

impl IndexRead for SearchIndex<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexReadError> {
        StoreIndex(self.0).get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexRow>, IndexReadError> {
        StoreIndex(self.0).scan(from, to, limit)
    }
}

fn writes(latest: &dyn Latest, people: &[Document]) -> Result<Vec<Write>, String> {
    let read = NewestIndex(latest);
    let indexed = Indexer::new(&read).and_then(|mut indexer| {
        people.iter().try_for_each(|person| indexer.put(person))?;
        indexer.finish()
    });
    Ok(indexed.map_err(|error| error.to_string())?.into_iter().map(search_write).collect())
}
