//! How fast the database is written to, and whether it has stopped.
//!
//! sled 0.34.7 can stop for good: whoever needs a new segment of its log waits, under a lock, for a truncation of the file
//! that is queued behind seven writes which wait for that lock. There are no more threads than those: its pool counts each
//! that works twice, below nought, and takes that for many idle ones. (Its pull request 1269 tells of the lock, and is in no
//! release.) A flush comes back once its own write is done, and the queue is first in, first out: what was queued before that
//! write has begun by then. A truncation is needed no earlier than about three quarters of a segment of 512 KiB after it was
//! queued, so that none is still queued where two flushes come within that. Making an office of 3,000 people wrote 115 KB of
//! the log a flush. That is measured, and no bound: pages are written anew as they fill, and sled's own collection of garbage
//! writes as well. So a write that does not come back can be told of, too.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::limits::{BATCH_BYTES_MAX, BATCH_OPERATIONS_MAX};

/// What was written since the last flush, and the write that goes on. One thread writes at a time.
#[derive(Debug, Default)]
pub(super) struct Pace {
    written: Mutex<Size>,
    calls: Mutex<Calls>,
}

/// The writes so far, and whether the last of them goes on.
#[derive(Debug, Default)]
struct Calls {
    begun: u64,
    is_under_way: bool,
}

/// How much is in a batch, or was written.
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

    /// Whether a batch has as much as it may, but for the one row that is always left.
    pub(super) fn is_full(self) -> bool {
        self.operations + 1 >= BATCH_OPERATIONS_MAX || self.bytes >= BATCH_BYTES_MAX
    }

    /// Whether so much was written that the database is to be flushed: as much as a batch may have.
    fn is_due(self) -> bool {
        self.operations >= BATCH_OPERATIONS_MAX || self.bytes >= BATCH_BYTES_MAX
    }
}

impl Pace {
    /// Notes that so much was written; whether the database is to be flushed before it is given more.
    pub(super) fn has_written(&self, size: Size) -> bool {
        let mut written = lock(&self.written);
        written.operations += size.operations;
        written.bytes = written.bytes.saturating_add(size.bytes);
        written.is_due()
    }

    /// Notes that the database was flushed.
    pub(super) fn has_flushed(&self) {
        *lock(&self.written) = Size::default();
    }

    /// Makes a call that writes, under the eyes of whoever asks whether it comes back.
    pub(super) fn watched<T>(&self, call: impl FnOnce() -> T) -> T {
        let mut calls = lock(&self.calls);
        *calls = Calls { begun: calls.begun + 1, is_under_way: true };
        drop(calls);
        let outcome = call();
        lock(&self.calls).is_under_way = false;
        outcome
    }

    /// The number of the write that goes on; none where none does.
    pub(super) fn under_way(&self) -> Option<u64> {
        let calls = lock(&self.calls);
        calls.is_under_way.then_some(calls.begun)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(operations: usize, bytes: usize) -> Size {
        Size { operations, bytes }
    }

    #[test]
    fn a_flush_is_due_by_rows_or_by_bytes_of_several_batches_and_not_again_at_once() {
        let pace = Pace::default();
        assert!(!pace.has_written(size(150, 10)));
        assert!(!pace.has_written(size(49, 10)));
        assert!(pace.has_written(size(1, 10)));
        pace.has_flushed();
        assert!(!pace.has_written(size(1, BATCH_BYTES_MAX - 1)));
        assert!(pace.has_written(size(1, 1)));
        pace.has_flushed();
        assert!(pace.has_written(size(1, BATCH_BYTES_MAX)), "one row may be as much");
    }

    #[test]
    fn a_batch_leaves_room_for_the_row_that_ends_it() {
        let mut batch = Size::default();
        for _ in 0..BATCH_OPERATIONS_MAX - 1 {
            assert!(!batch.is_full());
            batch.add(b"key", b"value");
        }
        assert!(batch.is_full());
        assert_eq!(batch, size(BATCH_OPERATIONS_MAX - 1, 8 * (BATCH_OPERATIONS_MAX - 1)));
    }

    #[test]
    fn a_write_is_under_way_until_it_comes_back() {
        let pace = Pace::default();
        assert_eq!(pace.under_way(), None);
        assert_eq!(pace.watched(|| pace.under_way()), Some(1));
        assert_eq!(pace.watched(|| pace.under_way()), Some(2));
        assert_eq!(pace.under_way(), None);
    }
}
