//! What a store promises: reads with versions, pages of a range, and commits that check what they read.

use std::fmt;
use std::sync::Arc;

use super::group::{VISITED_ROWS, visit_pages};
use super::reader::JournalReader;

/// The place of a commit in the one order of all commits; the first is 1, and 0 means "before every commit".
///
/// It is also the version of every value that the commit wrote, so that an absent key has version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sequence(pub u64);

/// Names one commit for ever, chosen by whoever asks for it, so that a retry after a lost answer is the same commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(pub u128);

/// The bytes of a value, shared by whoever reads them.
pub type Value = Arc<[u8]>;

/// A value and the commit that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The bytes as they were written.
    pub value: Value,
    /// The commit that wrote them.
    pub version: Sequence,
}

/// A half-open range of keys: `from` is in it, `to` is not; without `to` it runs to the last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// The first key that may be in the range.
    pub from: Vec<u8>,
    /// The first key after the range.
    pub to: Option<Vec<u8>>,
}

impl KeyRange {
    /// Every key that begins with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        let mut to = prefix.to_vec();
        while let Some(last) = to.pop() {
            if last < u8::MAX {
                to.push(last + 1);
                return Self { from: prefix.to_vec(), to: Some(to) };
            }
        }
        Self { from: prefix.to_vec(), to: None }
    }

    /// What is left of the range behind a key of it, in this direction.
    #[must_use]
    pub fn beyond(&self, mut last: Vec<u8>, direction: Direction) -> Self {
        match direction {
            Direction::Forward => {
                last.push(0);
                Self { from: last, to: self.to.clone() }
            }
            Direction::Backward => Self { from: self.from.clone(), to: Some(last) },
        }
    }
}

/// Which end of a range a scan begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Ascending keys.
    Forward,
    /// Descending keys.
    Backward,
}

/// Some rows of a range, in the order asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Keys with their values.
    pub rows: Vec<(Vec<u8>, Versioned)>,
    /// Whether the range holds more rows after the last one here.
    pub has_more: bool,
}

impl Page {
    /// A digest of the keys and versions in the page, and of whether there is more: equal digests mean that nothing in
    /// the scanned part of the range was added, changed or removed.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        let mut sum = crc32c::crc32c(&[u8::from(self.has_more)]);
        for (key, versioned) in &self.rows {
            sum = crc32c::crc32c_append(sum, &(key.len() as u64).to_be_bytes());
            sum = crc32c::crc32c_append(sum, key);
            sum = crc32c::crc32c_append(sum, &versioned.version.0.to_be_bytes());
        }
        sum
    }
}

/// Something that a commit's decision rests on, checked again when the commit's turn comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// A key and the version seen; version 0 says that it was absent.
    Key {
        /// The key read.
        key: Vec<u8>,
        /// The version seen.
        version: Sequence,
    },
    /// A scan and the fingerprint of the page seen, so that no phantom slips through.
    Range {
        /// The range scanned.
        range: KeyRange,
        /// The limit of the scan.
        limit: usize,
        /// The direction of the scan.
        direction: Direction,
        /// [`Page::fingerprint`] of what was seen.
        fingerprint: u32,
    },
}

/// One change of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// The key has this value from now on.
    Put(Vec<u8>, Vec<u8>),
    /// The key is gone from now on.
    Delete(Vec<u8>),
}

/// The newest value of any key, earlier commits of the same group included: what a [`Stamp`] counts on.
pub trait Latest {
    /// The newest value of `key`.
    fn latest(&self, key: &[u8]) -> Result<Option<Value>, StoreError>;

    /// The newest rows of a range.
    fn latest_scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError>;

    /// The sequence that the commit being stamped gets.
    fn sequence(&self) -> Sequence;
}

/// Makes what a commit writes, once its place in the order is certain.
///
/// The committer calls it once for each accepted request, in order, after the reads were checked and before the frame is
/// written. Numbers without gaps, the audit chain, counters and document frequencies are made here from [`Latest`]:
/// they are touched by every commit, and in a read set they would make every two commits conflict. It may refuse with
/// a sentence; then nothing of the request is written.
pub type Stamp = Box<dyn FnOnce(&dyn Latest) -> Result<Vec<Write>, String> + Send>;

/// A change to the store, whole or not at all.
pub struct Commit {
    /// The idempotency key.
    pub id: CommitId,
    /// What the decision rests on.
    pub reads: Vec<Read>,
    /// What it writes.
    pub stamp: Stamp,
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commit")
            .field("id", &self.id)
            .field("reads", &self.reads.len())
            .finish_non_exhaustive()
    }
}

/// What became of an accepted commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// It was written now, under this sequence.
    New(Sequence),
    /// A commit of the same id had been written before, under this sequence; nothing was written again.
    Repeated(Sequence),
}

/// Why a commit did not happen, or is not known to have happened.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something in the read set has changed since it was read: read again and decide again.
    #[error("what the change rests on has changed meanwhile")]
    Conflict,
    /// The stamp refused.
    #[error("the change was not accepted: {0}")]
    Refused(String),
    /// The commit is larger than a frame may be.
    #[error("the change takes {bytes} bytes, and one change may take {max}")]
    TooLarge {
        /// Bytes of the frame.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// The answer was lost: ask again with the same id.
    #[error("it is not known whether the change was written; ask again with the same id")]
    Unknown,
    /// The disk is so full that nothing is accepted until there is room again; nothing was written.
    #[error("{free_bytes} bytes are free on the disk, and {needed_bytes} have to be")]
    NoSpace {
        /// Bytes that are free.
        free_bytes: u64,
        /// Bytes that have to be.
        needed_bytes: u64,
    },
    /// The store acknowledges nothing any more.
    #[error("the store is read-only since an error")]
    Fatal(#[source] StoreError),
}

/// Why the store could not read, open or write.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An operation on a file failed.
    #[error("cannot {action} {path}")]
    Io {
        /// What was attempted, as a verb: `open`, `write`, `sync`.
        action: &'static str,
        /// The file.
        path: String,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// Another process has the database.
    #[error("the database {path} is held by {holder}")]
    Held {
        /// The data directory.
        path: String,
        /// Process and host of the holder, as far as they are known.
        holder: String,
    },
    /// Bytes on disk are not what was written.
    #[error("{file} is damaged at byte {byte}: {what}")]
    Damaged {
        /// The file.
        file: String,
        /// Where in the file.
        byte: u64,
        /// What is wrong there.
        what: String,
    },
    /// The engine below failed.
    #[error("the database engine failed to {action}: {message}")]
    Engine {
        /// What was attempted.
        action: &'static str,
        /// The engine's message.
        message: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// It is a copy that is only looked at, for the reason given.
    #[error("{0}")]
    Copy(String),
}

/// Whether a store accepts commits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Health {
    /// It does.
    #[default]
    Sound,
    /// Not until there is room on the disk again.
    NoSpace {
        /// Bytes that are free.
        free_bytes: u64,
        /// Bytes that have to be.
        needed_bytes: u64,
    },
    /// Not any more: something could not be written or synced. What was acknowledged can be read, and is there when the
    /// store is opened again.
    ReadOnly {
        /// What happened, in words.
        why: String,
    },
}

/// What is shown of a store row by row.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Of these keys.
    pub range: &'a KeyRange,
    /// In this order.
    pub direction: Direction,
    /// How many rows will probably be enough: whoever reads pages reads so many first.
    pub likely: usize,
}

impl<'a> Visit<'a> {
    /// All rows of a range in ascending order.
    #[must_use]
    pub fn all(range: &'a KeyRange) -> Self {
        Self { range, direction: Direction::Forward, likely: VISITED_ROWS }
    }
}

/// An ordered key-value store in plain bytes. Every engine obeys the same laws, which `tests/store_laws.rs` states.
pub trait Store: Send + Sync {
    /// The value of a key, if there is one.
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;

    /// At most `limit` rows of a range.
    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError>;

    /// Shows keys and values of a range one after the other, until `each` says that it has seen enough. Nothing is written
    /// meanwhile, so `each` may not ask the store for anything.
    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        visit_pages(visit, each, |range, rows| self.scan(range, rows, visit.direction))
    }

    /// Checks the reads, calls the stamp, and writes what it made; returns once that is durable and visible to readers.
    fn commit(&self, commit: Commit) -> Result<Committed, CommitError>;

    /// The sequence of the newest visible commit.
    fn sequence(&self) -> Sequence;

    /// The commits from `from` to the last acknowledged one; nothing where the store keeps no journal.
    fn commits_from(&self, _from: Sequence) -> Result<Option<JournalReader>, StoreError> {
        Ok(None)
    }

    /// Whether the store accepts commits just now.
    fn health(&self) -> Health {
        Health::Sound
    }
}
