//! Peers that keep a daemon waiting: some say nothing, some say a byte a second, some ask and never read. Each has to be
//! hung up on within its limit, while somebody honest is answered as before.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;

use super::latency::{Latencies, Quantiles};
use super::machine::{rest, status_mb};
use super::mix::Chance;
use super::seats::{Daemon, Session, sit_down};
use crate::cli::error::CliError;
use crate::cli::long::rounded;
use crate::link::{FRAME_TIME_MAX, Framed, HELLO_TIME_MAX, Stranger, opening};

/// Questions of the honest one before the others come.
const ALONE: usize = 300;
/// How long the honest one rests between two questions.
const HONEST_REST: Duration = Duration::from_millis(10);
/// How often the peers are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How often one that dribbles says a byte.
const DRIBBLE: Duration = Duration::from_secs(1);
/// How much later than its limit somebody may be hung up on: what those who never read had asked for until their line was
/// full is answered first, by all of them at once.
const WORK_MAX: Duration = Duration::from_secs(20);
/// How long all of this may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(90);

/// How a peer behaves badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Manner {
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

    fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SilentAfterGreeting => "silent_after_greeting",
            Self::DribblesGreeting => "dribbles_greeting",
            Self::DribblesQuestion => "dribbles_question",
            Self::NeverReads => "never_reads",
        }
    }

    /// How long the daemon waits for such a one.
    fn limit(self) -> Duration {
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

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Endured {
    /// Peers that behaved badly.
    peers: usize,
    /// Of each manner.
    manners: BTreeMap<&'static str, OfManner>,
    /// Peers that are still there.
    left_open: usize,
    /// When the last one was hung up on, in seconds.
    last_closed_s: f64,
    /// The honest one alone.
    honest_alone: Quantiles,
    /// The honest one beside them.
    honest_beside: Quantiles,
    /// Its questions that were not answered.
    honest_failed: usize,
    /// Threads of the daemon that panicked.
    panics: usize,
    /// What the daemon takes before they come, at most while they are there, and after they have gone.
    before_mb: f64,
    most_mb: f64,
    after_mb: f64,
}

/// Peers of a manner.
#[derive(Debug, Default, Serialize)]
struct OfManner {
    /// How many.
    peers: usize,
    /// Within how many seconds they have to be hung up on.
    limit_s: f64,
    /// When the last of them was.
    last_closed_s: f64,
    /// Those that were hung up on later than their limit and the work that they had made.
    late: usize,
}

/// Has so many peers behave badly at once, as one account, while somebody honest asks as another.
pub(super) fn endure(
    daemon: &Daemon,
    (bad, honest): (&str, &str),
    peers: usize,
) -> Result<Endured, CliError> {
    let mut honest = sit_down(daemon, 1, &[honest.to_owned()])?;
    let Some(honest) = honest.first_mut() else {
        return Err(CliError::refused("bench.nobody", "Nobody honest could sit down.", ""));
    };
    let mut chance = Chance::of(1);
    let mut failed = 0;
    let mut ask = |times: &mut Latencies| -> Result<(), CliError> {
        let (took, is_answered) = ask_once(honest, &mut chance)?;
        times.note(took);
        failed += usize::from(!is_answered);
        rest(HONEST_REST);
        Ok(())
    };
    let (mut alone, mut beside) = (Latencies::default(), Latencies::default());
    for _ in 0..ALONE {
        ask(&mut alone)?;
    }
    let before_mb = status_mb(daemon.process(), "VmRSS")?;
    let speech = Speech { opening: opening(Some(bad))?, question: question(daemon, bad)? };
    let is_over = AtomicBool::new(false);
    let crowd = std::thread::scope(|scope| {
        let crowd = scope.spawn(|| {
            let ended = misbehave(daemon, &speech, peers);
            is_over.store(true, Ordering::SeqCst);
            ended
        });
        while !is_over.load(Ordering::SeqCst) {
            ask(&mut beside)?;
        }
        crowd.join().map_err(|_panic| {
            CliError::refused("bench.crowd", "The peers of the measurement failed.", "")
        })?
    })?;
    // What their threads leave is given back by now, or not at all.
    for _ in 0..ALONE {
        ask(&mut Latencies::default())?;
    }
    let mut manners: BTreeMap<&'static str, OfManner> = BTreeMap::new();
    for (manner, closed) in &crowd.closed {
        let of_manner = manners.entry(manner.word()).or_default();
        let closed_s = rounded(closed.unwrap_or(PATIENCE).as_secs_f64());
        of_manner.peers += 1;
        of_manner.limit_s = manner.limit().as_secs_f64();
        of_manner.last_closed_s = of_manner.last_closed_s.max(closed_s);
        let is_late = closed.is_none_or(|closed| closed > manner.limit() + WORK_MAX);
        of_manner.late += usize::from(is_late);
    }
    Ok(Endured {
        peers: crowd.closed.len(),
        left_open: crowd.closed.iter().filter(|(_, closed)| closed.is_none()).count(),
        last_closed_s: manners.values().map(|one| one.last_closed_s).fold(0.0, f64::max),
        manners,
        honest_alone: alone.quantiles(),
        honest_beside: beside.quantiles(),
        honest_failed: failed,
        panics: daemon.panics(),
        before_mb,
        most_mb: crowd.most_mb,
        after_mb: status_mb(daemon.process(), "VmRSS")?,
    })
}

/// A page of a queue: how long it took, and whether it was answered.
fn ask_once(session: &mut Session, chance: &mut Chance) -> Result<(Duration, bool), CliError> {
    let around = session.matter.cases.first().copied().unwrap_or(crate::domain::CaseId(1));
    let page = session.matter.page(chance, around);
    let begun = Instant::now();
    let answer = session.driven.ask(page)?;
    Ok((begun.elapsed(), answer.is_ok()))
}

/// A question that has a long answer, as it goes over the wire.
fn question(daemon: &Daemon, account: &str) -> Result<Vec<u8>, CliError> {
    let seated = sit_down(daemon, 1, &[account.to_owned()])?;
    let page = seated.first().map(|session| {
        let around = session.matter.cases.first().copied().unwrap_or(crate::domain::CaseId(1));
        Framed::query(session.matter.page(&mut Chance::of(2), around))
    });
    Ok(page.transpose()?.map_or_else(Vec::new, |page| page.bytes().to_vec()))
}

/// What is said, in pieces or not at all.
struct Speech {
    opening: Vec<u8>,
    question: Vec<u8>,
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
struct Crowd {
    closed: Vec<(Manner, Option<Duration>)>,
    most_mb: f64,
}

fn misbehave(daemon: &Daemon, speech: &Speech, peers: usize) -> Result<Crowd, CliError> {
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
        open.iter_mut().for_each(|bad| bad.say());
        find_closed(&mut open)?;
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

impl Endured {
    /// Whether all were hung up on in time, and the honest one was always answered.
    pub(super) fn holds(&self) -> bool {
        let is_closed = self.left_open == 0 && self.manners.values().all(|one| one.late == 0);
        is_closed && self.honest_failed == 0 && self.panics == 0
    }

    /// In words.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { peers, left_open, last_closed_s, honest_alone, honest_beside, .. } = self;
        let mut lines = vec![
            format!(
                "{peers} bad peers: {left_open} left open, the last was hung up on after {last_closed_s} s; the daemon took \
                 {} MB before, {} MB at most, {} MB after",
                self.before_mb, self.most_mb, self.after_mb
            ),
            format!(
                "  an honest one: p50 {} ms and p99 {} ms alone, p50 {} ms and p99 {} ms beside them; {} without an answer",
                honest_alone.p50_ms,
                honest_alone.p99_ms,
                honest_beside.p50_ms,
                honest_beside.p99_ms,
                self.honest_failed
            ),
        ];
        lines.extend(self.manners.iter().map(|(word, one)| {
            let OfManner { peers, limit_s, last_closed_s, late } = one;
            format!(
                "  {word:<22} {peers:>5}: limit {limit_s} s, last hung up on after {last_closed_s} s, {late} late"
            )
        }));
        lines
    }
}
