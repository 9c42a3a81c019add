//! What changed: names and versions pushed to whoever watches, with room for so many and one `Resync` beyond.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{EntityId, UnitId};

/// Changes that wait for a watcher, and names that one change may tell; when there are more, it is told to read everything
/// again.
pub const FEED_CHANGES_MAX: usize = 1_024;

/// How long whoever hands changes on rests after each, so that what a busy office does meanwhile comes as one: no watcher
/// asks again more often than this, and none learns anything later than a second.
pub const FEED_PAUSE: Duration = Duration::from_millis(750);

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// These records have changed.
    Changed(Vec<EntityId>),
    /// More has changed than the feed could hold.
    Resync,
    /// Whether the desk can change anything is not as it was: [`AskHealth`](super::AskHealth) says how it is.
    Health,
    /// The lists and counts of these units, or of somebody who works there, may not be as they were.
    Lists(Vec<UnitId>),
    /// Who has these cases and people open, or composes on them, is not as it was: [`AskAttendance`](super::AskAttendance)
    /// says how it is. A caseworker stands for what they keep for themselves, their drafts: only they are told of it.
    Attended(Vec<EntityId>),
    /// What the watcher may see is not as it was: everything is to be read again, and nothing that was shown stays for its own sake.
    Sight,
}

/// A watcher's end.
#[derive(Debug)]
pub struct Feed {
    changes: Receiver<Change>,
    /// Set when a change found no room.
    has_lost: Arc<AtomicBool>,
    /// What was taken together, and not handed on yet.
    taken: RefCell<VecDeque<Change>>,
    /// Whether anything was waited for.
    has_taken: Cell<bool>,
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
        let feed = Self {
            changes: receiver,
            has_lost,
            taken: RefCell::default(),
            has_taken: Cell::default(),
        };
        (FeedSender { changes: sender, has_lost: lost }, feed)
    }

    /// The next change, if there is one now; all that waits comes as few changes as it can.
    ///
    /// A feed whose desk is gone has no more changes.
    #[must_use]
    pub fn next(&self) -> Option<Change> {
        if self.taken.borrow().is_empty() {
            let change = self.changes.try_recv().ok()?;
            self.take_with(change);
        }
        self.taken.borrow_mut().pop_front()
    }

    /// Waits for the next change; nothing once the desk is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Change> {
        if self.taken.borrow().is_empty() {
            let change = self.changes.recv().ok()?;
            self.take_with(change);
        }
        self.taken.borrow_mut().pop_front()
    }

    /// As [`Feed::wait`], but rests for [`FEED_PAUSE`] after what was taken together before, so that what a busy office does
    /// meanwhile comes as one.
    #[must_use]
    pub fn wait_rested(&self) -> Option<Change> {
        if self.taken.borrow().is_empty() && self.has_taken.replace(true) {
            // Waking early only makes one more of what could be one.
            std::thread::park_timeout(FEED_PAUSE);
        }
        self.wait()
    }

    /// Takes all that waits together. Once a change was lost, one `Resync` stands for everything: the watcher reads all of
    /// it anyway. A feed that lost something was full, so there is always a change left to learn it by.
    fn take_with(&self, first: Change) {
        let mut together = Together::default();
        together.add(first);
        while let Ok(change) = self.changes.try_recv() {
            together.add(change);
        }
        together.is_all |= self.has_lost.swap(false, Ordering::AcqRel);
        *self.taken.borrow_mut() = together.changes();
    }
}

/// Changes that come as one.
#[derive(Default)]
struct Together {
    is_all: bool,
    is_sight: bool,
    is_health: bool,
    records: BTreeSet<EntityId>,
    units: BTreeSet<UnitId>,
    attended: BTreeSet<EntityId>,
}

impl Together {
    fn add(&mut self, change: Change) {
        match change {
            Change::Changed(records) => self.records.extend(records),
            Change::Resync => self.is_all = true,
            Change::Sight => self.is_sight = true,
            Change::Health => self.is_health = true,
            Change::Lists(units) => self.units.extend(units),
            Change::Attended(attended) => self.attended.extend(attended),
        }
    }

    fn changes(self) -> VecDeque<Change> {
        let named = [self.records.len(), self.units.len(), self.attended.len()];
        let health = self.is_health.then_some(Change::Health);
        // Whoever sees something else reads everything again.
        if self.is_sight {
            return std::iter::once(Change::Sight).chain(health).collect();
        }
        if self.is_all || named.into_iter().any(|names| names > FEED_CHANGES_MAX) {
            return std::iter::once(Change::Resync).chain(health).collect();
        }
        let mut changes = VecDeque::new();
        if !self.records.is_empty() {
            changes.push_back(Change::Changed(self.records.into_iter().collect()));
        }
        if !self.units.is_empty() {
            changes.push_back(Change::Lists(self.units.into_iter().collect()));
        }
        if !self.attended.is_empty() {
            changes.push_back(Change::Attended(self.attended.into_iter().collect()));
        }
        changes.extend(health);
        changes
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
    use crate::domain::CaseId;

    #[test]
    fn a_full_feed_says_once_that_everything_is_to_be_read_again() {
        let (sender, feed) = Feed::channel();
        for _ in 0..FEED_CHANGES_MAX + 3 {
            assert!(sender.send(Change::Changed(vec![EntityId::Office])));
        }
        assert_eq!(feed.next(), Some(Change::Resync));
        assert_eq!(feed.next(), None);
        sender.send(Change::Health);
        assert_eq!(feed.next(), Some(Change::Health));
        drop(feed);
        assert!(!sender.send(Change::Resync));
    }

    #[test]
    fn what_a_busy_office_does_comes_as_one_change_that_names_each_record_once() {
        let (sender, feed) = Feed::channel();
        let case = |number| EntityId::Case(CaseId(number));
        for number in [2, 1, 2, 2] {
            sender.send(Change::Changed(vec![case(number)]));
            sender.send(Change::Lists(vec![UnitId(7)]));
        }
        assert_eq!(feed.next(), Some(Change::Changed(vec![case(1), case(2)])));
        assert_eq!(feed.next(), Some(Change::Lists(vec![UnitId(7)])));
        assert_eq!(feed.next(), None);
    }
}
