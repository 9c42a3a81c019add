//! The store as it was after one of its commits: made from the journal in a directory of its own, and only read.
//!
//! It takes neither the lock of the data directory nor anything of its database, so that it is made beside an open desk
//! too, and where the database is gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{create_private_directory, failed_to};
use super::group::Table as _;
use super::limits::OpenOptions;
use super::lock::DataLock;
use super::reader::JournalReader;
use super::recovery::Replay;
use super::segment::journal_directory;
use super::sled_engine::{OwnRows, SledEngine};
use super::{
    Commit, CommitError, Committed, Direction, Health, KeyRange, OpenProgress, Page, Sequence,
    Store, StoreError, Versioned, Write,
};

/// What the names of directories for replicas begin with; they lie in the data directory, where whatever protects the
/// data protects them too.
pub const REPLICA_PREFIX: &str = "replica-";

/// The store as it was after one of its commits. Nothing can be written to it.
///
/// Its rows lie in an engine of their own, so that it may be larger than the memory. Its directory belongs to whoever made
/// it, who removes it after the replica.
pub struct Replica {
    // The order of the fields is the order in which they are dropped: the lock goes last.
    engine: SledEngine,
    until: Sequence,
    why: String,
    scratch: PathBuf,
    _lock: DataLock,
}

impl Replica {
    /// Makes the store of the data directory `data` as it was after the commit `until`, in the empty directory `scratch`.
    /// `why` is the sentence with which it refuses to be written to.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the journal cannot be read up to that commit, and [`StoreError::Copy`] where the disk
    /// would have less room left than `options` keep for commits: the office that is open comes first.
    pub fn build(
        data: &Path,
        scratch: &Path,
        until: Sequence,
        why: &str,
        options: &OpenOptions,
        progress: &dyn Fn(OpenProgress),
    ) -> Result<Self, StoreError> {
        create_private_directory(&*options.disk, scratch)?;
        let lock = DataLock::take(scratch)?;
        progress(OpenProgress::Opening);
        let disk = Arc::clone(&options.disk);
        let engine = SledEngine::open(disk, &scratch.join("sled"), options.cache_bytes)?;
        if engine.applied()? != Sequence(0) {
            let place = scratch.display();
            return Err(StoreError::Copy(format!("{place} holds a copy already; name another")));
        }
        let (why, scratch) = (why.to_owned(), scratch.to_owned());
        let replica = Self { engine, until, why, scratch, _lock: lock };
        replica.fill(data, options, progress)?;
        Ok(replica)
    }

    fn fill(
        &self,
        data: &Path,
        options: &OpenOptions,
        progress: &dyn Fn(OpenProgress),
    ) -> Result<(), StoreError> {
        self.check_room(options)?;
        let mut journal = JournalReader::open(data, Sequence(1))?;
        let total_bytes = journal.bytes_ahead();
        let mut replay = Replay::new(&self.engine, Sequence(0), Sequence(0));
        let mut last = Sequence(0);
        while last < self.until {
            let Some(frame) = journal.next().transpose()? else { break };
            last = frame.sequence;
            if replay.add(frame)? {
                self.check_room(options)?;
                let done_bytes = total_bytes.saturating_sub(journal.bytes_ahead());
                progress(OpenProgress::Replaying { done_bytes, total_bytes });
            }
        }
        replay.finish()?;
        if last < self.until {
            return Err(StoreError::Damaged {
                file: journal_directory(data).display().to_string(),
                byte: 0,
                what: format!(
                    "the journal ends with commit {}, and commit {} was asked for",
                    last.0, self.until.0
                ),
            });
        }
        Ok(())
    }

    fn check_room(&self, options: &OpenOptions) -> Result<(), StoreError> {
        let free = options.disk.free_bytes(&self.scratch);
        let free_bytes = free.map_err(failed_to("look at the disk of", &self.scratch))?;
        if free_bytes >= options.free_bytes_min {
            return Ok(());
        }
        Err(StoreError::Copy(format!(
            "there is no room for the office as it was: {free_bytes} bytes are free on the disk, and {} are kept for \
             the office of today",
            options.free_bytes_min
        )))
    }

    /// Makes rows of it anew that an older program wrote, before anybody looks at it. The journal stays as it is.
    ///
    /// # Errors
    /// The engine cannot write.
    pub fn amend(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let amended = |value: Vec<u8>| Versioned { value: value.into(), version: self.until };
        let changes = writes.into_iter().map(|write| match write {
            Write::Put(key, value) => (key, Some(amended(value))),
            Write::Delete(key) => (key, None),
        });
        let own = OwnRows { applied: self.until, ids: Vec::new() };
        self.engine.apply(&changes.collect(), &own)
    }

    fn refusal(&self) -> StoreError {
        StoreError::Copy(self.why.clone())
    }
}

impl Store for Replica {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.engine.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.engine.scan(range, limit, direction)
    }

    fn commit(&self, _commit: Commit) -> Result<Committed, CommitError> {
        Err(CommitError::Fatal(self.refusal()))
    }

    fn sequence(&self) -> Sequence {
        self.until
    }

    fn health(&self) -> Health {
        Health::ReadOnly { why: self.why.clone() }
    }
}

impl std::fmt::Debug for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replica").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Removes the directories of replicas in the data directory `data` whose process was killed before it could. One that is
/// in use is left alone: its lock says so.
///
/// # Errors
/// The data directory cannot be listed, or a directory cannot be removed.
pub fn remove_replicas_left_behind(data: &Path) -> Result<(), StoreError> {
    let failed = || failed_to("list", data);
    for entry in std::fs::read_dir(data).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let path = entry.path();
        let is_replica =
            entry.file_name().to_str().is_some_and(|name| name.starts_with(REPLICA_PREFIX));
        // One that has no lock yet is just being made.
        if is_replica && path.join("lock").is_file() && DataLock::take(&path).is_ok() {
            std::fs::remove_dir_all(&path).map_err(failed_to("remove", &path))?;
        }
    }
    Ok(())
}
