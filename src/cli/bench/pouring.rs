//! Hostile conversations over the socket of a daemon, a frame in each, while somebody honest asks on.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::thread::{Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use serde::Serialize;

use super::decoding::{Memory, answers};
use super::hostile::Hostile;
use super::latency::{Latencies, Quantiles};
use super::machine::rest;
use super::seats::Daemon;
use crate::cli::error::CliError;
use crate::cli::long::rounded;
use crate::desk::{AskWho, Desk};
use crate::link::{Place, RemoteDesk, Stranger};

/// Callers at a time.
const CALLERS: u64 = 4;
/// The part of all frames that comes before memory is looked at: what the daemon keeps from its first calls is not growth.
const FIRST_PART: u64 = 10;
/// How long a conversation may take to end once nothing more is said in it.
const END_MAX: Duration = Duration::from_secs(20);
/// How long somebody honest rests between two questions.
const HONEST_REST: Duration = Duration::from_millis(20);

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Poured {
    /// Frames that were sent, each in a conversation of its own.
    frames: u64,
    /// Frames of each kind.
    kinds: BTreeMap<&'static str, u64>,
    /// Conversations in which the daemon answered something behind its welcome.
    answered: u64,
    /// Calls that were not taken, and conversations that did not end.
    errors: u64,
    /// Threads of the daemon that panicked.
    panics: usize,
    /// Questions of somebody honest meanwhile, and afterwards.
    honest: Quantiles,
    /// Those of them that were not answered.
    honest_failed: u64,
    /// How long it took.
    seconds: f64,
    /// Memory of the daemon after the first tenth, and after all.
    memory: Memory,
}

/// Pours so many hostile frames into a daemon, as one account, and asks as another.
pub(super) fn pour(
    daemon: &Daemon,
    (hostile, honest): (&str, &str),
    frames: u64,
    bar: &ProgressBar,
) -> Result<Poured, CliError> {
    bar.reset();
    bar.set_length(frames);
    let (welcome, _) = answers(&daemon.place(), hostile)?;
    let mut asking = Honest::sit_down(&daemon.place(), honest)?;
    let begun = Instant::now();
    let place = daemon.place();
    let pouring = Pouring { place, account: hostile, welcome: welcome.len(), bar };
    let mut heard = Heard::default();
    let first = frames / FIRST_PART;
    pouring.run(first, 100, &mut heard, &mut asking)?;
    let memory = Memory::before(daemon.process())?;
    pouring.run(frames - first, 200, &mut heard, &mut asking)?;
    asking.ask();
    let memory = memory.after(daemon.process())?;
    Ok(Poured {
        frames: heard.frames,
        kinds: heard.kinds,
        answered: heard.answered,
        errors: heard.errors,
        panics: daemon.panics(),
        honest: asking.times.quantiles(),
        honest_failed: asking.failed,
        seconds: rounded(begun.elapsed().as_secs_f64()),
        memory,
    })
}

/// Somebody who keeps to the protocol.
struct Honest {
    desk: RemoteDesk,
    times: Latencies,
    failed: u64,
}

impl Honest {
    fn sit_down(place: &Place, account: &str) -> Result<Self, CliError> {
        let desk = RemoteDesk::connect_to(place.clone(), Some(account), Duration::ZERO)?;
        Ok(Self { desk, times: Latencies::default(), failed: 0 })
    }

    fn ask(&mut self) {
        let begun = Instant::now();
        let door: &dyn Desk = &self.desk;
        self.failed += u64::from(door.ask(AskWho {}).is_err());
        self.times.note(begun.elapsed());
    }
}

/// What came back.
#[derive(Default)]
struct Heard {
    frames: u64,
    kinds: BTreeMap<&'static str, u64>,
    answered: u64,
    errors: u64,
}

impl Heard {
    fn add(&mut self, other: Self) {
        self.frames += other.frames;
        self.answered += other.answered;
        self.errors += other.errors;
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
    }
}

struct Pouring<'a> {
    place: Place,
    account: &'a str,
    /// Bytes that the daemon says to whoever only opens a conversation.
    welcome: usize,
    bar: &'a ProgressBar,
}

impl Pouring<'_> {
    /// Sends so many frames, with seeds from this one on.
    fn run(
        &self,
        frames: u64,
        seed: u64,
        heard: &mut Heard,
        honest: &mut Honest,
    ) -> Result<(), CliError> {
        std::thread::scope(|scope| {
            let mut callers = Vec::new();
            for caller in 0..CALLERS {
                let share = (frames + CALLERS - 1 - caller) / CALLERS;
                let call = move || self.call(share, seed + caller);
                let started = Builder::new().name("caller".to_owned()).spawn_scoped(scope, call);
                callers.push(started.map_err(CliError::failed_to("start a caller"))?);
            }
            while !callers.iter().all(ScopedJoinHandle::is_finished) {
                honest.ask();
                rest(HONEST_REST);
            }
            for caller in callers {
                let came = caller.join().map_err(|_panic| {
                    CliError::refused("bench.caller", "A caller of the measurement failed.", "")
                })?;
                heard.add(came?);
            }
            Ok(())
        })
    }

    fn call(&self, frames: u64, seed: u64) -> Result<Heard, CliError> {
        let mut hostile = Hostile::to_desk(Some(self.account), seed)?;
        let mut heard = Heard::default();
        let mut answer = Vec::new();
        for _ in 0..frames {
            let (kind, said) = hostile.next();
            heard.frames += 1;
            *heard.kinds.entry(kind.word()).or_default() += 1;
            answer.clear();
            self.bar.inc(1);
            if self.converse(&said, &mut answer) {
                heard.answered += u64::from(answer.len() > self.welcome);
            } else {
                heard.errors += 1;
            }
        }
        Ok(heard)
    }

    /// Says something, and listens until the daemon hangs up; whether it did.
    fn converse(&self, said: &[u8], answer: &mut Vec<u8>) -> bool {
        let Ok(stranger) = Stranger::call(&self.place) else { return false };
        let mut socket = stranger.socket();
        if socket.set_read_timeout(Some(END_MAX)).is_err() {
            return false;
        }
        // A daemon that has hung up takes no more: what it said until then is still to be read.
        let _taken = socket.write_all(said).and_then(|()| socket.shutdown(Shutdown::Write));
        match socket.read_to_end(answer) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

impl Poured {
    /// Whether the daemon held out.
    pub(super) fn holds(&self) -> bool {
        let is_calm = self.panics == 0 && self.errors == 0 && self.memory.holds();
        is_calm && self.honest_failed == 0
    }

    /// In words.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self {
            frames, answered, errors, panics, honest, honest_failed, seconds, memory, ..
        } = self;
        vec![
            format!(
                "{frames} hostile frames over the socket in {seconds} s: {answered} answered, {errors} errors, {panics} \
                 panics; {}",
                memory.line()
            ),
            format!(
                "  meanwhile {} honest questions, {honest_failed} without an answer: p50 {} ms, p99 {} ms, longest {} ms",
                honest.requests, honest.p50_ms, honest.p99_ms, honest.max_ms
            ),
        ]
    }
}
