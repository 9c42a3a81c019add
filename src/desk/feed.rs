//! What changed: names and versions pushed to whoever watches, with room for so many and one `Resync` beyond.

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
}

/// A watcher's end.
#[derive(Debug)]
pub struct Feed(Receiver<Change>);

/// The desk's end.
#[derive(Debug, Clone)]
pub struct FeedSender(SyncSender<Change>);

impl Feed {
    /// Both ends of a feed.
    #[must_use]
    pub fn channel() -> (FeedSender, Self) {
        let (sender, receiver) = sync_channel(FEED_CHANGES_MAX);
        (FeedSender(sender), Self(receiver))
    }

    /// The next change, if there is one now.
    ///
    /// A feed whose desk is gone has no more changes.
    #[must_use]
    pub fn next(&self) -> Option<Change> {
        self.0.try_recv().ok()
    }

    /// Waits for the next change; nothing once the desk is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Change> {
        self.0.recv().ok()
    }
}

impl FeedSender {
    /// Sends a change; whether the watcher is still there. A full feed loses nothing that matters, as a watcher who sees
    /// [`FEED_CHANGES_MAX`] changes waiting reads everything again anyway.
    pub(crate) fn send(&self, change: Change) -> bool {
        !matches!(self.0.try_send(change), Err(TrySendError::Disconnected(_)))
    }
}
