//! One session at a server: its socket, what waits to be sent over it, and what it is to be told of.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;

use super::LinkError;
use super::frame::{append, send_all, send_some};
use super::limits::{ANSWERS_BYTES_MAX, FRAME, FROM_DESK_BYTES_MAX, SIGN_OF_LIFE};
use super::peer::Peer;
use super::status::SessionLine;
use super::wire::FromDesk;
use crate::desk::{Change, Feed};

/// What stands for the time where no request is being worked on.
const IDLE: u64 = u64::MAX;

/// One session.
pub(super) struct Guest {
    pub(super) stream: UnixStream,
    pub(super) peer: Peer,
    /// As whom, and with which program; nothing until the greeting is over.
    who: OnceLock<(String, String)>,
    since: Instant,
    /// When the last request came, in milliseconds since the beginning.
    last_ms: AtomicU64,
    requests: AtomicU64,
    /// Since when a request is being worked on, or when the last sign of life of it was given, in milliseconds since the
    /// beginning; `IDLE` where none is.
    working_ms: AtomicU64,
    outgoing: Mutex<Outgoing>,
    feed: Mutex<Option<Feed>>,
}

/// What waits to be sent: answers, and changes between them.
#[derive(Default)]
struct Outgoing {
    bytes: Vec<u8>,
    sent: usize,
    /// Since when changes wait that the other side does not take.
    waiting_since: Option<Instant>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whoever panicked left bytes that are whole frames, or a conversation that ends.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guest {
    pub(super) fn new(stream: UnixStream, peer: Peer) -> Self {
        Self {
            stream,
            peer,
            who: OnceLock::new(),
            since: Instant::now(),
            last_ms: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            working_ms: AtomicU64::new(IDLE),
            outgoing: Mutex::default(),
            feed: Mutex::new(None),
        }
    }

    /// Notes who it is; the first word counts.
    pub(super) fn is(&self, account: String, build: String) {
        let _ = self.who.set((account, build));
    }

    /// Notes that something was asked, which waits for its turn at first.
    pub(super) fn asks(&self) {
        let at = self.now_ms();
        self.last_ms.store(at, Ordering::Relaxed);
        self.working_ms.store(at, Ordering::Release);
    }

    /// Notes a request whose turn has come.
    pub(super) fn is_served(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that all that was asked is answered.
    pub(super) fn is_answered(&self) {
        self.working_ms.store(IDLE, Ordering::Release);
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(IDLE - 1)
    }

    /// Says that a request is being worked on, where that takes long and nothing was said for a while. It waits for nobody.
    pub(super) fn give_sign(&self) {
        let since = self.working_ms.load(Ordering::Acquire);
        if since == IDLE
            || u128::from(self.now_ms().saturating_sub(since)) < SIGN_OF_LIFE.as_millis()
        {
            return;
        }
        // Whoever holds this is answering.
        let Ok(mut outgoing) = self.outgoing.try_lock() else { return };
        let now = self.now_ms();
        let noted =
            self.working_ms.compare_exchange(since, now, Ordering::AcqRel, Ordering::Acquire);
        if noted.is_err() {
            return;
        }
        if outgoing.waiting_since.is_none() {
            // A sign that has no room stands behind an answer that says more.
            let _whole = append(&mut outgoing.bytes, &FromDesk::Working, FROM_DESK_BYTES_MAX);
        }
        if outgoing.send_now(&self.stream).is_err() {
            self.cut();
        }
    }

    /// Whether the other end of the conversation is gone.
    pub(super) fn has_left(&self) -> bool {
        let mut ends = [PollFd::new(&self.stream, PollFlags::empty())];
        let left = poll(&mut ends, Some(&Timespec::default()));
        left.is_ok_and(|ready| ready > 0)
            && ends.iter().any(|end| end.revents().intersects(PollFlags::HUP | PollFlags::ERR))
    }

    /// The session as it is listed, once it is known whose it is.
    pub(super) fn line(&self) -> Option<SessionLine> {
        let (account, build) = self.who.get()?.clone();
        let open = self.since.elapsed();
        let idle = open.saturating_sub(Duration::from_millis(self.last_ms.load(Ordering::Relaxed)));
        Some(SessionLine {
            account,
            uid: self.peer.uid,
            process: self.peer.process,
            build,
            open_seconds: open.as_secs(),
            idle_seconds: idle.as_secs(),
            requests: self.requests.load(Ordering::Relaxed),
            is_watching: self.is_watching(),
        })
    }

    pub(super) fn is_watching(&self) -> bool {
        lock(&self.feed).is_some()
    }

    /// Whether something waits that the other side has not taken.
    pub(super) fn is_behind(&self) -> bool {
        self.outgoing.try_lock().is_ok_and(|outgoing| outgoing.waiting_since.is_some())
    }

    /// Has the session told of what a feed says. It has one: the one before it ends first, so that the desk lets go of it.
    pub(super) fn watch(&self, begin: impl FnOnce() -> Feed) {
        let mut feed = lock(&self.feed);
        *feed = None;
        *feed = Some(begin());
    }

    /// Ends the conversation at once.
    pub(super) fn cut(&self) {
        // A socket that is closed already needs no end.
        let _ended = self.stream.shutdown(Shutdown::Both);
    }

    /// Lets no more requests in; those that have come are answered.
    pub(super) fn hear_no_more(&self) {
        let _ended = self.stream.shutdown(Shutdown::Read);
    }

    /// Puts a frame behind what is to be sent.
    pub(super) fn answer<T: Serialize>(&self, frame: &T) -> Result<(), LinkError> {
        append(&mut lock(&self.outgoing).bytes, frame, FROM_DESK_BYTES_MAX)
    }

    /// Whether so much waits that it has to be sent before anything else is done.
    pub(super) fn has_much_to_send(&self) -> bool {
        let outgoing = lock(&self.outgoing);
        outgoing.bytes.len() - outgoing.sent >= ANSWERS_BYTES_MAX
    }

    /// Sends what the other side takes at once; whether that was all.
    pub(super) fn send_now(&self) -> Result<bool, LinkError> {
        lock(&self.outgoing).send_now(&self.stream)
    }

    /// Sends all that waits, before more is carried out.
    pub(super) fn flush(&self) -> Result<(), LinkError> {
        lock(&self.outgoing).flush(&self.stream)
    }

    /// Tells of what has changed since, without waiting for anybody: for whoever does not take it, it stays where it is,
    /// and after a while the conversation ends.
    pub(super) fn tell(&self) {
        let feed = lock(&self.feed);
        let Some(feed) = feed.as_ref() else { return };
        let mut outgoing = match self.outgoing.try_lock() {
            Ok(outgoing) => outgoing,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Whoever holds this sends just now, and has a limit of time for that.
            Err(TryLockError::WouldBlock) => return,
        };
        if outgoing.waiting_since.is_none() {
            for change in gathered(feed) {
                let told =
                    append(&mut outgoing.bytes, &FromDesk::Changed(change), FROM_DESK_BYTES_MAX);
                // Names that do not fit into a frame are too many to be told.
                if told.is_err() {
                    let _whole = append(
                        &mut outgoing.bytes,
                        &FromDesk::Changed(Change::Resync),
                        FROM_DESK_BYTES_MAX,
                    );
                }
            }
        }
        if outgoing.send_now(&self.stream).is_err() {
            self.cut();
        }
    }
}

impl Outgoing {
    fn flush(&mut self, stream: &UnixStream) -> Result<(), LinkError> {
        let rest = self.bytes.get(self.sent..).unwrap_or_default();
        if !rest.is_empty() {
            send_all(stream, rest, Instant::now() + FRAME)?;
        }
        self.clear();
        Ok(())
    }

    /// Sends what the other side takes at once; whether that was all.
    fn send_now(&mut self, stream: &UnixStream) -> Result<bool, LinkError> {
        let failed = LinkError::failed_to("tell of changes");
        while let Some(rest) = self.bytes.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match send_some(stream, rest).map_err(&failed)? {
                0 => {
                    let since = *self.waiting_since.get_or_insert_with(Instant::now);
                    let is_patient = since.elapsed() < FRAME;
                    return if is_patient { Ok(false) } else { Err(LinkError::Ended) };
                }
                more => self.sent += more,
            }
        }
        self.clear();
        Ok(true)
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(ANSWERS_BYTES_MAX / 8);
        self.sent = 0;
        self.waiting_since = None;
    }
}

/// All that a feed holds, as few tellings.
fn gathered(feed: &Feed) -> Vec<Change> {
    std::iter::from_fn(|| feed.next()).collect()
}
