//! Peers that keep a daemon waiting: some say nothing, some say a byte a second, some ask and never read.

use std::io::{ErrorKind, Write as _};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::machine::{rest, status_mb};
use super::seats::Daemon;
use crate::cli::error::CliError;
use crate::link::{FRAME_TIME_MAX, HELLO_TIME_MAX, Stranger};

/// How often the peers are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How often one that dribbles says a byte.
const DRIBBLE: Duration = Duration::from_secs(1);
/// How long all of this may take before it is given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// How a peer behaves badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// Calls and says nothing.
    Silent,
    /// Greets, and then says nothing.
    SilentAfterGreeting,
    /// Greets at a byte a second.
    DribblesGreeting,
    /// Sits down as it should, and asks at a byte a second.
    DribblesQuestion,
    /// Asks for pages as fast as they are taken, and reads none.
    NeverReads,
}

impl Manner {
    /// In turn: a third is silent, a third dribbles, a third never reads.
    const IN_TURN: [Self; 6] = [
        Self::Silent,
        Self::DribblesGreeting,
        Self::NeverReads,
        Self::SilentAfterGreeting,
        Self::DribblesQuestion,
        Self::NeverReads,
    ];

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SilentAfterGreeting => "silent_after_greeting",
            Self::DribblesGreeting => "dribbles_greeting",
            Self::DribblesQuestion => "dribbles_question",
            Self::NeverReads => "never_reads",
        }
    }

    /// How long the daemon waits for such a one.
    pub(super) fn limit(self) -> Duration {
        match self {
            Self::Silent | Self::DribblesGreeting => HELLO_TIME_MAX,
            // The greeting and what follows it have a limit each.
            Self::SilentAfterGreeting => HELLO_TIME_MAX * 2,
            // Its first byte comes late, too.
            Self::DribblesQuestion => DRIBBLE + FRAME_TIME_MAX,
            Self::NeverReads => FRAME_TIME_MAX,
        }
    }

    fn is_slow(self) -> bool {
        matches!(self, Self::DribblesGreeting | Self::DribblesQuestion)
    }
}

/// What is said, in pieces or not at all.
pub(super) struct Speech {
    /// What a caller says first.
    pub(super) opening: Vec<u8>,
    /// A question that has a long answer.
    pub(super) question: Vec<u8>,
}

impl Speech {
    /// What one of this manner says at once, and what it says byte by byte or again and again.
    fn of(&self, manner: Manner) -> (Vec<u8>, Vec<u8>) {
        let greeting = self.opening.iter().take(10).copied().collect();
        match manner {
            Manner::Silent => (Vec::new(), Vec::new()),
            Manner::SilentAfterGreeting => (greeting, Vec::new()),
            Manner::DribblesGreeting => (Vec::new(), self.opening.clone()),
            Manner::DribblesQuestion => (self.opening.clone(), self.question.clone()),
            Manner::NeverReads => (self.opening.clone(), self.question.repeat(64)),
        }
    }
}

/// A peer that behaves badly.
struct Bad {
    manner: Manner,
    stranger: Stranger,
    since: Instant,
    closed: Option<Duration>,
    to_say: Vec<u8>,
    said: usize,
    next: Instant,
}

/// When each of them was hung up on, and what the daemon took at most.
pub(super) struct Crowd {
    /// By peer, if it was.
    pub(super) closed: Vec<(Manner, Option<Duration>)>,
    /// In megabytes.
    pub(super) most_mb: f64,
}

/// Has so many peers behave badly at once, until the daemon has hung up on all of them.
pub(super) fn misbehave(
    daemon: &Daemon,
    speech: &Speech,
    peers: usize,
    bar: &ProgressBar,
) -> Result<Crowd, CliError> {
    let failed = || CliError::failed_to("behave badly");
    let mut crowd = Vec::with_capacity(peers);
    for manner in Manner::IN_TURN.into_iter().cycle().take(peers) {
        let stranger = Stranger::call(&daemon.place())?;
        let (at_once, to_say) = speech.of(manner);
        let mut socket = stranger.socket();
        socket.write_all(&at_once).map_err(failed())?;
        socket.set_nonblocking(true).map_err(failed())?;
        let since = Instant::now();
        let next = since + if manner.is_slow() { DRIBBLE } else { Duration::ZERO };
        crowd.push(Bad { manner, stranger, since, closed: None, to_say, said: 0, next });
    }
    let begun = Instant::now();
    let mut most_mb: f64 = 0.0;
    while crowd.iter().any(|bad| bad.closed.is_none()) && begun.elapsed() < PATIENCE {
        let mut open: Vec<&mut Bad> = crowd.iter_mut().filter(|bad| bad.closed.is_none()).collect();
        for bad in &mut open {
            bad.say();
        }
        find_closed(&mut open)?;
        let closed = open.iter().filter(|bad| bad.closed.is_some()).count();
        bar.inc(u64::try_from(closed).unwrap_or(u64::MAX));
        most_mb = most_mb.max(status_mb(daemon.process(), "VmRSS")?);
        rest(LOOK);
    }
    let closed = crowd.iter().map(|bad| (bad.manner, bad.closed)).collect();
    Ok(Crowd { closed, most_mb })
}

/// Notes on which of them the daemon has hung up.
fn find_closed(open: &mut [&mut Bad]) -> Result<(), CliError> {
    // That the other side has gone is said without being asked for.
    let mut watched: Vec<PollFd<'_>> =
        open.iter().map(|bad| PollFd::new(bad.stranger.socket(), PollFlags::empty())).collect();
    poll(&mut watched, Some(&Timespec::default()))
        .map_err(|errno| CliError::failed_to("watch the peers")(errno.into()))?;
    let gone: Vec<bool> =
        watched.iter().map(|one| one.revents().intersects(PollFlags::HUP)).collect();
    drop(watched);
    for (bad, is_gone) in open.iter_mut().zip(gone) {
        if is_gone {
            bad.closed = Some(bad.since.elapsed());
        }
    }
    Ok(())
}

impl Bad {
    /// Says what is due.
    fn say(&mut self) {
        if Instant::now() < self.next {
            return;
        }
        let left = self.to_say.get(self.said..).unwrap_or_default();
        let part = if self.manner.is_slow() { left.get(..1).unwrap_or_default() } else { left };
        if part.is_empty() {
            return;
        }
        match self.stranger.socket().write(part) {
            Ok(taken) => self.said += taken,
            // A line that is full is full; one that is closed is found out apart.
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(_closed) => return,
        }
        if self.manner.is_slow() {
            self.next += DRIBBLE;
        } else if self.said == self.to_say.len() {
            self.said = 0;
        }
    }
}
