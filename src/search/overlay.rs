//! The index as it will be when the changes made so far are written.

use std::collections::BTreeMap;

use super::{IndexFound, IndexRead, IndexValue, IndexWrite, SearchError};

/// Rows read at once to find the first that is not changed here.
const LOOK_ROWS: usize = 4;

/// One key as it was read and as it is to be.
struct Entry {
    was: Option<IndexValue>,
    is: Option<IndexValue>,
}

/// Reads through to the store, remembers what it read, and keeps what is changed, so that many changes of one block in
/// one commit are one write.
pub(super) struct Overlay<'a> {
    read: &'a dyn IndexRead,
    entries: BTreeMap<Vec<u8>, Entry>,
}

impl<'a> Overlay<'a> {
    /// The index as `read` has it.
    pub(super) fn new(read: &'a dyn IndexRead) -> Self {
        Self { read, entries: BTreeMap::new() }
    }

    /// The value of a key, with the changes made so far.
    pub(super) fn get(&mut self, key: &[u8]) -> Result<Option<&[u8]>, SearchError> {
        if !self.entries.contains_key(key) {
            let was = self.read.get(key)?;
            self.entries.insert(key.to_vec(), Entry { is: was.clone(), was });
        }
        Ok(self.entries.get(key).and_then(|entry| entry.is.as_deref()))
    }

    /// Changes a key; no value means that it is gone.
    pub(super) fn set(&mut self, key: &[u8], value: Option<Vec<u8>>) -> Result<(), SearchError> {
        self.get(key)?;
        if let Some(entry) = self.entries.get_mut(key) {
            entry.is = value.map(IndexValue::from);
        }
        Ok(())
    }

    /// The first key from `from` on and before `to` that has a value.
    pub(super) fn first(
        &mut self,
        from: &[u8],
        to: &[u8],
    ) -> Result<Option<IndexFound>, SearchError> {
        let changed = self
            .entries
            .range(from.to_vec()..to.to_vec())
            .find_map(|(key, entry)| Some((key.clone(), entry.is.clone()?)));
        let mut after = from.to_vec();
        let stored = loop {
            let rows = self.read.scan(&after, Some(to), LOOK_ROWS)?;
            let Some((last, _)) = rows.last() else { break None };
            after.clone_from(last);
            after.push(0);
            // A key that was read or changed here is answered by the entries alone.
            if let Some(row) = rows.into_iter().find(|(key, _)| !self.entries.contains_key(key)) {
                break Some(row);
            }
        };
        Ok([changed, stored].into_iter().flatten().min_by(|one, other| one.0.cmp(&other.0)))
    }

    /// What has to be written, in ascending order of keys.
    pub(super) fn finish(self) -> Vec<IndexWrite> {
        self.entries
            .into_iter()
            .filter(|(_, entry)| entry.was != entry.is)
            .map(|(key, entry)| match entry.is {
                Some(value) => IndexWrite::Put(key, value.to_vec()),
                None => IndexWrite::Delete(key),
            })
            .collect()
    }
}
