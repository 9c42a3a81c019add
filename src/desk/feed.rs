//! What changed: names and versions pushed to whoever watches, with room for so many and one `Resync` beyond.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use serde::{Deserialize, Serialize};

use crate::domain::EntityId;

/// Changes that wait for a watcher; when there are more, it is told to read everything again.
pub const FEED_CHANGES_MAX: usize = 256;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// These records have changed.
    Changed(Vec<EntityId>),
    /// More has changed than the feed could hold.
    Resync,
    /// Whether the desk can change anything is not as it was: [`AskHealth`](super::AskHealth) says how it is.
    Health,
}

/// A watcher's end.
#[derive(Debug)]
pub struct Feed {
    changes: Receiver<Change>,
    /// Set when a change found no room.
    has_lost: Arc<AtomicBool>,
}

/// The desk's end.
#[derive(Debug, Clone)]
pub struct FeedSender {
    changes: SyncSender<Change>,
    has_lost: Arc<AtomicBool>,
}

impl Feed {
    /// Both ends of a feed.
    #[must_use]
    pub fn channel() -> (FeedSender, Self) {
        let (sender, receiver) = sync_channel(FEED_CHANGES_MAX);
        let has_lost = Arc::new(AtomicBool::new(false));
        let lost = Arc::clone(&has_lost);
        (FeedSender { changes: sender, has_lost: lost }, Self { changes: receiver, has_lost })
    }

    /// The next change, if there is one now.
    ///
    /// A feed whose desk is gone has no more changes.
    #[must_use]
    pub fn next(&self) -> Option<Change> {
        let change = self.changes.try_recv().ok()?;
        Some(self.or_resync(change))
    }

    /// Waits for the next change; nothing once the desk is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Change> {
        let change = self.changes.recv().ok()?;
        Some(self.or_resync(change))
    }

    /// Once a change was lost, one `Resync` stands for everything that waits: the watcher reads all of it anyway. A feed
    /// that lost something was full, so there is always a change left to learn it by.
    fn or_resync(&self, change: Change) -> Change {
        if !self.has_lost.swap(false, Ordering::AcqRel) {
            return change;
        }
        while self.changes.try_recv().is_ok() {}
        Change::Resync
    }
}

impl FeedSender {
    /// Whether the watcher is still there.
    pub(crate) fn is_heard(&self) -> bool {
        Arc::strong_count(&self.has_lost) > 1
    }

    /// Sends a change; whether the watcher is still there. What a full feed cannot take, its watcher learns as a `Resync`.
    pub(crate) fn send(&self, change: Change) -> bool {
        match self.changes.try_send(change) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                self.has_lost.store(true, Ordering::Release);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_feed_says_once_that_everything_is_to_be_read_again() {
        let (sender, feed) = Feed::channel();
        for _ in 0..FEED_CHANGES_MAX + 3 {
            assert!(sender.send(Change::Changed(vec![EntityId::Office])));
        }
        assert_eq!(feed.next(), Some(Change::Resync));
        assert_eq!(feed.next(), None);
        sender.send(Change::Changed(Vec::new()));
        assert_eq!(feed.next(), Some(Change::Changed(Vec::new())));
        drop(feed);
        assert!(!sender.send(Change::Resync));
    }
}
