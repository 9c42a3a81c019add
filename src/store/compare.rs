//! Compares a database with the journal: the newest after-image of every key is its row, and there are no other rows.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::limits::FINDINGS_MAX;
use super::reader::JournalReader;
use super::verify::{Meter, VerifyProgress};
use super::{Direction, Frame, KeyRange, Page, Sequence, StoreError, Versioned, Write};
use crate::text::hexadecimal;

/// Rows of the database that are compared at a time, so that writers wait for a short page only.
const COMPARED_ROWS: usize = 512;

/// Reads at most so many rows of a range, in ascending order of keys.
pub(super) type Scan<'a> = &'a dyn Fn(&KeyRange, usize, Direction) -> Result<Page, StoreError>;

/// A digest of the newest row of every key, by the digest of the key: 16 bytes a key, where keys with their values would not
/// fit into memory. Two keys of a million have the same digest with a chance of one in 30 million, which shows as a
/// difference and never hides one.
#[derive(Debug, Default)]
pub(super) struct Newest {
    digests: HashMap<u64, u64>,
    left_out: HashSet<u64>,
}

impl Newest {
    /// Takes the rows as the commits up to `last` leave them.
    pub(super) fn read(
        journal: JournalReader,
        last: Sequence,
        progress: &dyn Fn(VerifyProgress),
    ) -> Result<Self, StoreError> {
        let mut newest = Self::default();
        let mut meter = Meter::new(journal.bytes_ahead());
        for frame in journal {
            let frame = frame?;
            if frame.sequence > last {
                break;
            }
            meter.pass(frame.bytes(), progress);
            newest.take(&frame);
        }
        Ok(newest)
    }

    fn take(&mut self, frame: &Frame) {
        for write in &frame.writes {
            match write {
                Write::Put(key, value) => {
                    self.digests.insert(digest(key), value_digest(frame.sequence, value));
                }
                Write::Delete(key) => {
                    self.digests.remove(&digest(key));
                }
            }
        }
    }

    /// Leaves out every key that the commits of `journal` wrote, for its row may rightly be an older or a newer one; gives
    /// the last of these commits.
    pub(super) fn leave_out(
        &mut self,
        journal: JournalReader,
    ) -> Result<Option<Sequence>, StoreError> {
        let mut last = None;
        for frame in journal {
            let frame = frame?;
            last = Some(frame.sequence);
            for write in &frame.writes {
                let place = digest(key_of(write));
                self.digests.remove(&place);
                self.left_out.insert(place);
            }
        }
        Ok(last)
    }

    /// Takes off every row that is as the journal has it; gives the keys of rows that it does not know. Rows that are newer
    /// than `judged` are left out.
    pub(super) fn compare(
        &mut self,
        scan: Scan<'_>,
        judged: Sequence,
        progress: &dyn Fn(VerifyProgress),
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut strangers = Vec::new();
        let total_rows = self.digests.len() as u64;
        let mut done_rows = 0;
        let mut range = KeyRange { from: Vec::new(), to: None };
        loop {
            let page = scan(&range, COMPARED_ROWS, Direction::Forward)?;
            let Some((last, _)) = page.rows.last() else { break };
            range.from.clone_from(last);
            range.from.push(0);
            done_rows += page.rows.len() as u64;
            progress(VerifyProgress::Database { done_rows, total_rows });
            for (key, row) in page.rows {
                if self.is_stranger(&key, &row, judged) && strangers.len() < FINDINGS_MAX {
                    strangers.push(key);
                }
            }
            if !page.has_more {
                break;
            }
        }
        Ok(strangers)
    }

    fn is_stranger(&mut self, key: &[u8], row: &Versioned, judged: Sequence) -> bool {
        let place = digest(key);
        match self.digests.get(&place) {
            Some(digest) if *digest == value_digest(row.version, &row.value) => {
                self.digests.remove(&place);
                false
            }
            Some(_other) if row.version > judged => {
                self.digests.remove(&place);
                false
            }
            Some(_other) => false,
            None => row.version <= judged && !self.left_out.contains(&place),
        }
    }

    /// Whether some row is missing from the database, or another one there.
    pub(super) fn has_left(&self) -> bool {
        !self.digests.is_empty()
    }

    /// The differences: `strangers`, and what is left here, which is missing from the database or is another row there.
    pub(super) fn explain(
        &self,
        strangers: Vec<Vec<u8>>,
        journal: JournalReader,
    ) -> Result<Vec<Difference>, StoreError> {
        let mut found: Vec<_> =
            strangers.into_iter().map(|key| Difference { key, commit: None }).collect();
        if !self.has_left() {
            return Ok(found);
        }
        for frame in journal {
            let frame = frame?;
            for write in &frame.writes {
                if found.len() < FINDINGS_MAX && self.wrote(frame.sequence, write) {
                    let (key, commit) = (key_of(write).to_vec(), Some(frame.sequence));
                    found.push(Difference { key, commit });
                }
            }
        }
        Ok(found)
    }

    /// Whether this write is the one that is left over.
    fn wrote(&self, sequence: Sequence, write: &Write) -> bool {
        match write {
            Write::Put(key, value) => {
                self.digests.get(&digest(key)) == Some(&value_digest(sequence, value))
            }
            Write::Delete(_) => false,
        }
    }
}

/// A row on which journal and database differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    key: Vec<u8>,
    /// The commit that wrote the row; none where no commit did.
    commit: Option<Sequence>,
}

impl Difference {
    /// What is wrong with which key, for whoever may read the data.
    pub(super) fn with_key(&self) -> String {
        format!("key {} {}", hexadecimal(&self.key), self.what())
    }

    /// What is wrong, for a log: a key may hold words of names.
    pub(super) fn without_key(&self) -> String {
        format!("a row {}", self.what())
    }

    fn what(&self) -> String {
        match self.commit {
            Some(commit) => format!("is not as commit {} of the journal wrote it", commit.0),
            None => "is in the database, and no commit of the journal explains it".to_owned(),
        }
    }
}

fn key_of(write: &Write) -> &[u8] {
    match write {
        Write::Put(key, _) | Write::Delete(key) => key,
    }
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

fn value_digest(version: Sequence, value: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.0.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}
