//! All rows of a store, as they are and as the journal says that they were after a commit.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use casedesk::store::{
    Direction, Frame, JournalReader, KeyRange, Sequence, Store, StoreError, Write,
};

/// Rows by their keys, with their versions.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Rows(BTreeMap<Vec<u8>, (Sequence, Vec<u8>)>);

impl Rows {
    /// Every row of a store.
    pub(super) fn read(store: &dyn Store) -> Result<Self, StoreError> {
        let everything = KeyRange { from: Vec::new(), to: None };
        let page = store.scan(&everything, usize::MAX / 2, Direction::Forward)?;
        Ok(Self(
            page.rows
                .into_iter()
                .map(|(key, row)| (key, (row.version, row.value.to_vec())))
                .collect(),
        ))
    }

    /// What a store has after the commit `last` of these, which are all from the first on.
    pub(super) fn after(frames: &[Frame], last: u64) -> Self {
        let mut rows = BTreeMap::new();
        for frame in frames.iter().take_while(|frame| frame.sequence.0 <= last) {
            for write in frame.writes.clone() {
                match write {
                    Write::Put(key, value) => rows.insert(key, (frame.sequence, value)),
                    Write::Delete(key) => rows.remove(&key),
                };
            }
        }
        Self(rows)
    }

    /// A digest that is the same in every process.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// Every commit of a journal.
pub(super) fn frames(data: &Path) -> Vec<Frame> {
    JournalReader::open(data, Sequence(1)).unwrap().map(Result::unwrap).collect()
}
