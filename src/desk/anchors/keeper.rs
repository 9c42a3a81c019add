//! The thread that makes anchors beside the desk: every so many events, every so many minutes, and at the end.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::codec::decode_record;
use crate::desk::health::{Level, Notice};
use crate::desk::keys;
use crate::desk::local::{LocalDesk, lock};
use crate::desk::records::ChainHead;

use super::AnchorSink;
use super::anchor::ChainAnchor;

/// An anchor is made of every event whose sequence this divides.
pub(in crate::desk) const EVENTS_PER_ANCHOR: u64 = 1_000;
/// Places of the chain that wait for their anchors; beyond so many, places are passed over rather than a commit held up.
const WAITING_MAX: usize = 1_024;
/// How often an anchor is made of what was added since the last one.
const ANCHOR_EVERY: Duration = Duration::from_secs(600);

/// The thread that makes anchors, until its desk is gone.
#[derive(Debug)]
pub struct Anchors {
    sender: Option<SyncSender<ChainHead>>,
    thread: Option<JoinHandle<()>>,
}

impl Anchors {
    /// Starts making anchors for these sinks. What was added since the newest anchor that a sink knows is anchored at once:
    /// the program may have been killed before it could be.
    #[must_use]
    pub fn start(desk: &Arc<LocalDesk>, sinks: Vec<Box<dyn AnchorSink>>) -> Self {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        *lock(&desk.anchors) = Some(sender.clone());
        let newest = sinks.iter().filter_map(|sink| sink.newest()).max().unwrap_or(0);
        let keeper = Keeper { desk: Arc::downgrade(desk), sinks, newest };
        if let Some(head) = keeper.head().filter(|head| head.sequence < newest) {
            tell_of_cut(desk, head.sequence, newest);
        }
        // What is there when somebody starts is theirs to anchor, and not what is added while the thread comes up.
        let found = keeper.newer_head();
        let thread = std::thread::spawn(move || keeper.run(found, &receiver));
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// Makes a last anchor of what was added, and stops.
    pub fn stop(mut self, desk: &LocalDesk) {
        *lock(&desk.anchors) = None;
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // What a thread that panicked did not anchor, the next start does.
            let _ = thread.join();
        }
    }
}

/// Acknowledged events are gone: the anchors know newer ones than the database and the journal. Every screen says so.
fn tell_of_cut(desk: &LocalDesk, last: u64, newest: u64) {
    let what =
        format!("the audit trail ends with event {last}, and its anchors know event {newest}");
    desk.note(Level::Error, &format!("events are missing: {what}"));
    desk.stand(Notice {
        heading: "EVENTS MISSING".to_owned(),
        short: format!("the trail ends at {last}, anchored was {newest}"),
        story: vec![
            format!("Work that was acknowledged is missing: {what}."),
            "Somebody cut the journal, or put older files in its place.".to_owned(),
            "What to do: close casedesk and keep the directory as it is. Restore the newest backup into a new directory: \
             casedesk --data NEW restore BACKUP. `casedesk audit verify` says more."
                .to_owned(),
        ],
        is_trouble: true,
    });
}

struct Keeper {
    desk: Weak<LocalDesk>,
    sinks: Vec<Box<dyn AnchorSink>>,
    /// The newest event that an anchor was made of.
    newest: u64,
}

impl Keeper {
    fn run(mut self, found: Option<ChainHead>, receiver: &Receiver<ChainHead>) {
        let mut place = found;
        loop {
            if let Some(place) = place {
                self.anchor(place);
            }
            place = match receiver.recv_timeout(ANCHOR_EVERY) {
                Ok(place) => Some(place),
                Err(RecvTimeoutError::Timeout) => self.newer_head(),
                Err(RecvTimeoutError::Disconnected) => break,
            };
        }
        if let Some(last) = self.newer_head() {
            self.anchor(last);
        }
    }

    /// The newest event, where it is newer than the last one that was anchored. A head that cannot be read is told by
    /// whoever works, and by verify.
    fn newer_head(&self) -> Option<ChainHead> {
        self.head().filter(|head| head.sequence > self.newest)
    }

    fn head(&self) -> Option<ChainHead> {
        match self.desk.upgrade()?.store.get(&keys::chain_head()).ok()? {
            Some(found) => decode_record::<ChainHead>(&found.value).ok(),
            None => Some(ChainHead::default()),
        }
    }

    fn anchor(&mut self, place: ChainHead) {
        let Some(desk) = self.desk.upgrade() else { return };
        let at = desk.clock.now();
        drop(desk);
        let anchor = ChainAnchor { sequence: place.sequence, hash: place.hash, at };
        self.newest = self.newest.max(place.sequence);
        for sink in &mut self.sinks {
            // A sink that fails is asked again with the next anchor; the desk goes on.
            let _ = sink.keep(&anchor);
        }
    }
}
