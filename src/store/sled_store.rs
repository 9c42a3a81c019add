//! The store that lasts: sled behind our own journal, opened by one process at a time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::thread::JoinHandle;

use super::checkpoint::Checkpoint;
use super::committer::{Committer, JournalEnd, Message, Shared};
use super::files::{create_private_directory, failed_to, sync_directory};
use super::group::Table as _;
use super::journal::Journal;
use super::limits::{OpenOptions, QUEUE_REQUESTS_MAX};
use super::lock::DataLock;
use super::manifest::Manifest;
use super::reader::JournalReader;
use super::rebuild::open_database;
use super::recovery::OpenProgress;
use super::segment::journal_directory;
use super::settle::Settler;
use super::snapshotter::{SnapshotDue, Snapshotter};
use super::space::Space;
use super::visible::{Kept, View, Visible};
use super::{
    Commit, CommitError, CommitId, Committed, Direction, Health, KeyRange, Page, Sequence,
    SnapshotInfo, Store, StoreError, Versioned, Visit,
};

/// A durable store: an acknowledged commit is in the journal and synced, whatever happens to the process or the power.
///
/// One thread writes; readers wait only while a group is applied. Dropping the store closes it.
pub struct SledStore {
    // The order of the fields is the order in which they are dropped: the lock goes last.
    requests: SyncSender<Message>,
    committer: Mutex<Option<JoinHandle<Result<(), StoreError>>>>,
    snapshotter: Snapshotter,
    shared: Arc<Shared>,
    settler: Settler,
    settle_at_bytes: u64,
    data: PathBuf,
    _lock: DataLock,
}

/// Sizes of an opened store, cheap to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreStatistics {
    /// The newest acknowledged commit.
    pub sequence: Sequence,
    /// The newest commit that the database below has.
    pub applied: Sequence,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Files of the journal.
    pub segments: u64,
    /// Bytes of the database below.
    pub sled_bytes: u64,
}

impl SledStore {
    /// Opens the store in `data`, or makes an empty one, and brings the database up to the journal.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another process has it, [`StoreError::Damaged`] where the journal is not what was written,
    /// [`StoreError::Engine`] where the database below does not open. Nothing is repaired silently but the end of the
    /// journal that nobody was told of.
    pub fn open(
        data: &Path,
        options: OpenOptions,
        progress: &dyn Fn(OpenProgress),
    ) -> Result<Self, StoreError> {
        let disk = Arc::clone(&options.disk);
        let is_new = !data.exists();
        create_private_directory(&*disk, data)?;
        if is_new && let Some(above) = data.parent() {
            // Whoever may not read the directory above cannot sync it; the system does so by itself within seconds.
            let _synced = sync_directory(&*disk, above);
        }
        let lock = DataLock::take(data)?;
        let space = Space::new(data, &options);
        space.throw_off_ballast().map(OpenProgress::Noted).into_iter().for_each(progress);
        let directory = journal_directory(data);
        if !directory.exists() {
            create_private_directory(&*disk, &directory)?;
            sync_directory(&*disk, data)?;
        }
        Journal::settle(&*disk, data)?;
        let manifest = Manifest::heal(&*disk, &directory, progress)?;
        progress(OpenProgress::Opening);
        let (engine, recovered) = open_database(data, &options, progress)?;
        let journal = Journal::open(&options, &directory, recovered.end, manifest)?;
        let position = recovered.end.unwrap_or_default();
        if recovered.replayed_bytes > 0 {
            engine.make_durable()?;
        }
        Checkpoint { sequence: recovered.sequence, position, is_clean: false }
            .write(&*disk, data)?;
        let (snapshot_due, woken) =
            SnapshotDue::new(data, recovered.journal_bytes, options.snapshot_bytes);
        let shared = Arc::new(Shared {
            engine,
            gate: RwLock::default(),
            sequence: AtomicU64::new(recovered.sequence.0),
            end: Mutex::new(JournalEnd {
                position,
                sequence: recovered.sequence,
                bytes: recovered.journal_bytes,
                segments: recovered.segments,
            }),
            read_only: OnceLock::new(),
            space,
            snapshot_due,
        });
        shared.space.take_ballast().map(OpenProgress::Noted).into_iter().for_each(progress);
        let snapshotter = Snapshotter::start(data, options.clone(), Arc::clone(&shared), woken)?;
        let settle_at_bytes = recovered.journal_bytes.saturating_add(options.settle_bytes);
        let settler = Settler::new(disk, data.join("sled"), options.cache_bytes);
        let (requests, queue) = sync_channel(QUEUE_REQUESTS_MAX);
        let committer = Committer::new(data.to_owned(), options, Arc::clone(&shared), journal)?;
        let thread = std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || committer.run(&queue))
            .map_err(failed_to("start the committer of", data))?;
        Ok(Self {
            requests,
            committer: Mutex::new(Some(thread)),
            snapshotter,
            shared,
            settler,
            settle_at_bytes,
            data: data.to_owned(),
            _lock: lock,
        })
    }

    /// Writes what is queued, makes a last checkpoint and ends the committer; reads go on, commits are refused.
    ///
    /// # Errors
    /// The error that made the store read-only, if there was one. A second call does nothing.
    pub fn close(&self) -> Result<(), StoreError> {
        let thread = self.committer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(()) };
        self.snapshotter.cancel();
        // Where the committer has ended already, its result says why.
        let _ended = self.requests.send(Message::Close);
        thread.join().unwrap_or_else(|_panic| {
            let message = "the committer stopped without a message".to_owned();
            Err(StoreError::Engine { action: "close", message })
        })?;
        if self.end().bytes >= self.settle_at_bytes && !self.shared.engine.has_failed() {
            self.settler.make_due();
        }
        Ok(())
    }

    /// The number of the write that the database is at, if it is at one. Commits go on meanwhile as far as there is room, and
    /// all are in the journal; but whoever reads waits. None takes minutes: one that does has stopped for good, and only
    /// another process gets further then.
    #[must_use]
    pub fn write_under_way(&self) -> Option<u64> {
        self.shared.engine.write_under_way()
    }

    /// Whether dropping the closed store takes seconds, because so much was written that the database is put in order for
    /// the next opening.
    #[must_use]
    pub fn has_to_settle(&self) -> bool {
        self.settler.is_due()
    }

    /// Makes everything acknowledged durable in the database too, so that the next opening has nothing to replay.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let (answer, outcome) = sync_channel(1);
        self.requests.send(Message::Checkpoint(answer)).map_err(|_ended| StoreError::Closed)?;
        outcome.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// Makes a snapshot now, while commits go on, and tells how many rows are written; the newest two sound ones are kept.
    ///
    /// # Errors
    /// [`StoreError::Closed`] where the store is closed meanwhile, [`StoreError::Io`] where there is too little room for it.
    /// The store goes on whatever becomes of it.
    pub fn snapshot(&self, progress: &dyn Fn(u64)) -> Result<SnapshotInfo, StoreError> {
        self.snapshotter.take(progress)
    }

    /// Why the last snapshot was not made, where it failed.
    pub fn snapshot_failure(&self) -> Option<String> {
        self.snapshotter.failed()
    }

    /// The sizes of the store.
    pub fn statistics(&self) -> Result<StoreStatistics, StoreError> {
        let end = self.end();
        Ok(StoreStatistics {
            sequence: end.sequence,
            applied: self.shared.engine.applied()?,
            journal_bytes: end.bytes,
            segments: end.segments,
            sled_bytes: self.shared.engine.size_on_disk()?,
        })
    }

    /// The data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.data
    }

    pub(super) fn end(&self) -> JournalEnd {
        self.shared.end()
    }
}

impl Shared {
    /// The acknowledged end of the journal.
    pub(super) fn end(&self) -> JournalEnd {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a state in which no commit is there in part.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        read(&View { engine: &self.engine, visible: &self.visible() })
    }

    /// What lies over the database just now.
    pub(super) fn visible(&self) -> RwLockReadGuard<'_, Visible> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The commit ids that are remembered, in no order; one may be there twice, and some may be older than those that count.
    pub(super) fn remembered(&self) -> Result<Vec<(CommitId, Sequence)>, StoreError> {
        // First those that the database does not have yet: it may be given them meanwhile.
        let mut remembered = self.visible().ids();
        remembered.extend(self.engine.remembered()?);
        Ok(remembered)
    }

    /// Reads families into memory and keeps them there. The committer alone may ask for it, before it writes.
    pub(super) fn keep_families(&self, options: &OpenOptions) -> Result<(), StoreError> {
        let families = options.families_in_memory;
        if families.is_empty() {
            return Ok(());
        }
        let kept = self.read(|view| Kept::read(view, families, options.families_bytes_max))?;
        self.gate.write().unwrap_or_else(PoisonError::into_inner).keep(kept);
        Ok(())
    }
}

impl Store for SledStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.shared.read(|table| table.get(key))
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.shared.read(|table| table.scan(range, limit, direction))
    }

    fn visit(
        &self,
        visit: &Visit<'_>,
        each: &mut dyn FnMut(&[u8], &Versioned) -> bool,
    ) -> Result<(), StoreError> {
        self.shared.read(|table| table.visit(visit, each))
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let (answer, outcome) = sync_channel(1);
        self.requests
            .send(Message::Commit(commit, answer))
            .map_err(|_ended| CommitError::Fatal(StoreError::Closed))?;
        outcome.recv().unwrap_or(Err(CommitError::Unknown))
    }

    fn sequence(&self) -> Sequence {
        Sequence(self.shared.sequence.load(Ordering::Acquire))
    }

    fn commits_from(&self, from: Sequence) -> Result<Option<JournalReader>, StoreError> {
        self.journal(from).map(Some)
    }

    fn health(&self) -> Health {
        let read_only = self.shared.read_only.get().cloned();
        read_only.map_or_else(|| self.shared.space.health(), |why| Health::ReadOnly { why })
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        // Nobody is left to tell; the next opening replays whatever the last checkpoint does not cover.
        let _outcome = self.close();
    }
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SledStore").field("data", &self.data).finish_non_exhaustive()
    }
}
