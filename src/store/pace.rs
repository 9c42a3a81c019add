//! How fast the database is written to, and whether it has stopped.
//!
//! sled 0.34.7 can stop for good: whoever needs a new segment of its log waits, under a lock, for a truncation of the file
//! that is queued behind seven writes which wait for that lock, and seven is all the threads it has (its pull request 1269
//! tells of it, and is in no release). A flush waits until what was queued before it has begun. So where the log never grows
//! by most of a segment, 512 KiB, while two flushes come, no truncation that somebody needs is still queued. Making an office of
//! 3,000 people wrote 115 KB of it a flush. What else makes it grow, sled's own collection of garbage, is out of
//! reach, so that a call that lasts is told of as well.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::limits::{BATCH_BYTES_MAX, BATCH_OPERATIONS_MAX};

/// What was written since the last flush, and the call that goes on. One thread writes at a time.
#[derive(Debug, Default)]
pub(super) struct Pace {
    written: Mutex<Size>,
    begun: Mutex<Option<Instant>>,
}

/// How much a batch has in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    operations: usize,
    bytes: usize,
}

impl Size {
    /// Counts a row; nothing of a value that goes.
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.operations += 1;
        self.bytes = self.bytes.saturating_add(key.len() + value.len());
    }

    /// Whether it is as much as one batch may have, but for the one row that is always left.
    pub(super) fn is_full(self) -> bool {
        self.operations + 1 >= BATCH_OPERATIONS_MAX || self.bytes >= BATCH_BYTES_MAX
    }
}

impl Pace {
    /// Notes that so much was written; whether the database is to be flushed before it is given more.
    pub(super) fn has_written(&self, size: Size) -> bool {
        let mut written = lock(&self.written);
        written.operations += size.operations;
        written.bytes = written.bytes.saturating_add(size.bytes);
        written.is_full()
    }

    /// Notes that the database was flushed.
    pub(super) fn has_flushed(&self) {
        *lock(&self.written) = Size::default();
    }

    /// Makes a call that writes, under the eyes of whoever asks how long it lasts.
    pub(super) fn watched<T>(&self, call: impl FnOnce() -> T) -> T {
        *lock(&self.begun) = Some(Instant::now());
        let outcome = call();
        *lock(&self.begun) = None;
        outcome
    }

    /// For how long the database has been at one call.
    pub(super) fn at_it_for(&self) -> Duration {
        lock(&self.begun).map_or(Duration::ZERO, |begun| begun.elapsed())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
