//! Makes a snapshot whenever the journal has grown enough, in a thread of its own that no commit waits for.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::StoreError;
use super::committer::Shared;
use super::files::failed_to;
use super::limits::OpenOptions;
use super::snapshot::{SnapshotInfo, Source, newest_journal_bytes};
use crate::text::with_sources;

/// Tells the thread when a snapshot is due. The committer calls it after every group; it never waits.
#[derive(Debug)]
pub(super) struct SnapshotDue {
    due_at_bytes: AtomicU64,
    wake: SyncSender<()>,
}

impl SnapshotDue {
    /// Whoever makes the next snapshot hears of it through what comes with this.
    pub(super) fn new(data: &Path, journal_bytes: u64, every_bytes: u64) -> (Self, Receiver<()>) {
        let (wake, woken) = sync_channel(1);
        // A snapshot of a longer journal is none of this journal's.
        let before = newest_journal_bytes(data).filter(|before| *before <= journal_bytes);
        let due_at_bytes = AtomicU64::new(before.unwrap_or(0).saturating_add(every_bytes));
        (Self { due_at_bytes, wake }, woken)
    }

    /// Wakes the thread where the journal, which has so many bytes now, has grown enough.
    pub(super) fn grown_to(&self, journal_bytes: u64) {
        if journal_bytes >= self.due_at_bytes.load(Ordering::Acquire) {
            // Until the snapshot is made, no other is due.
            self.due_at_bytes.store(u64::MAX, Ordering::Release);
            self.wake();
        }
    }

    fn wake(&self) {
        // Where the place is taken, the thread wakes anyway.
        let _woken = self.wake.try_send(());
    }
}

/// The thread, and what it shares with whoever wants a snapshot now.
pub(super) struct Snapshotter {
    work: Arc<Work>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Work {
    data: PathBuf,
    options: OpenOptions,
    shared: Arc<Shared>,
    is_cancelled: AtomicBool,
    one_at_a_time: Mutex<()>,
    failed: Mutex<Option<String>>,
}

impl Snapshotter {
    /// Starts the thread, which ends when it is cancelled.
    pub(super) fn start(
        data: &Path,
        options: OpenOptions,
        shared: Arc<Shared>,
        woken: Receiver<()>,
    ) -> Result<Self, StoreError> {
        let work = Arc::new(Work {
            data: data.to_owned(),
            options,
            shared,
            is_cancelled: AtomicBool::new(false),
            one_at_a_time: Mutex::new(()),
            failed: Mutex::new(None),
        });
        let own = Arc::clone(&work);
        let thread = std::thread::Builder::new()
            .name("snapshotter".to_owned())
            .spawn(move || own.serve(&woken))
            .map_err(failed_to("start the snapshots of", data))?;
        Ok(Self { work, thread: Mutex::new(Some(thread)) })
    }

    /// Makes a snapshot now, after the one that is being made.
    pub(super) fn take(&self, progress: &dyn Fn(u64)) -> Result<SnapshotInfo, StoreError> {
        self.work.take(progress)
    }

    /// Why the last snapshot failed, where it did.
    pub(super) fn failed(&self) -> Option<String> {
        self.work.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Breaks off the snapshot that is being made, and ends the thread.
    pub(super) fn cancel(&self) {
        self.work.is_cancelled.store(true, Ordering::Release);
        self.work.shared.snapshot_due.wake();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A snapshot that panicked has hurt nothing, and the store is being closed.
            let _ended = thread.join();
        }
    }
}

impl Work {
    fn serve(&self, woken: &Receiver<()>) {
        while woken.recv().is_ok() {
            if self.is_cancelled.load(Ordering::Acquire) {
                return;
            }
            // What failed is noted, and is tried again when the journal has grown as much once more.
            let _taken = self.take(&|_| {});
        }
    }

    fn take(&self, progress: &dyn Fn(u64)) -> Result<SnapshotInfo, StoreError> {
        let _only = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let begun_at_bytes = self.shared.end().bytes;
        let source = Source {
            data: &self.data,
            disk: &*self.options.disk,
            shared: &self.shared,
            free_bytes_min: self.options.free_bytes_min,
            is_cancelled: &self.is_cancelled,
        };
        let taken = source.take(progress);
        let next = begun_at_bytes.saturating_add(self.options.snapshot_bytes);
        self.shared.snapshot_due.due_at_bytes.store(next, Ordering::Release);
        let failed = taken.as_ref().err().filter(|error| !matches!(error, StoreError::Closed));
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) =
            failed.map(|error| with_sources(error));
        taken
    }
}
