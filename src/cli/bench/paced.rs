//! Sessions that ask at a pace, as an office does: how long each request takes from when it was due.
//!
//! A request that is due is sent whether or not the one before it has been answered, so that a daemon that stands still
//! does not stop the clock that measures it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::latency::Latencies;
use super::mix::{Chance, Kind};
use super::seats::{Session, Watch};
use crate::cli::error::CliError;
use crate::desk::DeskError;
use crate::link::Outcome;

/// How long the last answers are waited for.
const LAST_MAX: Duration = Duration::from_secs(30);
/// Errors that are kept to be shown.
const SHOWN_MAX: usize = 5;

/// What is to be driven.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Requests a second of each session.
    pub(super) rate: f64,
    /// For how long.
    pub(super) seconds: u64,
    /// The first key of a command.
    pub(super) first_id: u128,
    /// Of which kind alone; of all in their mix where nothing is said.
    pub(super) only: Option<Kind>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Paced {
    /// Times of all requests.
    pub(super) all: Latencies,
    /// Times by kind.
    pub(super) by_kind: BTreeMap<&'static str, Latencies>,
    /// Requests that were refused, failed or never answered.
    pub(super) errors: usize,
    /// Some of them, in words.
    pub(super) shown: Vec<String>,
    /// Changes that the sessions were told of, by themselves.
    pub(super) told: usize,
    /// Requests that were sent more than a millisecond after they were due, for want of time of this process.
    pub(super) sent_late: usize,
}

/// A request that is under way.
struct Open {
    due: Instant,
    kind: Kind,
    frames_left: usize,
    has_failed: bool,
}

/// Drives the sessions, and waits for what is under way at the end.
pub(super) fn drive(
    sessions: &mut [Session],
    pace: Pace,
    bar: &ProgressBar,
) -> Result<Paced, CliError> {
    bar.reset();
    bar.set_length(pace.seconds);
    let mut watch = Watch::over(sessions)?;
    let mut drive = Drive {
        open: sessions.iter().map(|_| VecDeque::new()).collect(),
        under_way: 0,
        paced: Paced::default(),
        chance: Chance::of(1),
        next_id: pace.first_id,
        only: pace.only,
    };
    let window = Duration::from_secs_f64(1.0 / pace.rate.max(0.001));
    let begun = Instant::now();
    let end = begun + Duration::from_secs(pace.seconds);
    let mut from = begun;
    while from < end {
        bar.set_position(begun.elapsed().as_secs());
        // Each session asks once in a window, at a moment of its own.
        let mut due: Vec<(Instant, usize)> = (0..sessions.len())
            .map(|place| {
                let within =
                    drive.chance.below(u64::try_from(window.as_nanos()).unwrap_or(u64::MAX));
                (from + Duration::from_nanos(within), place)
            })
            .collect();
        due.sort_unstable();
        for (due, place) in due {
            drive.until(due, sessions, &mut watch)?;
            drive.send(due, place, sessions)?;
        }
        from += window;
    }
    let last = Instant::now() + LAST_MAX;
    while drive.under_way > 0 && Instant::now() < last {
        drive.hear(Duration::from_millis(100), sessions, &mut watch)?;
    }
    bar.finish_and_clear();
    drive.paced.errors += drive.under_way;
    Ok(drive.paced)
}

struct Drive {
    open: Vec<VecDeque<Open>>,
    under_way: usize,
    paced: Paced,
    chance: Chance,
    next_id: u128,
    only: Option<Kind>,
}

impl Drive {
    /// Hears what comes until it is time.
    fn until(
        &mut self,
        due: Instant,
        sessions: &mut [Session],
        watch: &mut Watch,
    ) -> Result<(), CliError> {
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.hear(left, sessions, watch)?;
        }
    }

    fn send(
        &mut self,
        due: Instant,
        place: usize,
        sessions: &mut [Session],
    ) -> Result<(), CliError> {
        let (Some(session), Some(open)) = (sessions.get_mut(place), self.open.get_mut(place))
        else {
            return Ok(());
        };
        if due.elapsed() > Duration::from_millis(1) {
            self.paced.sent_late += 1;
        }
        let asked = session.matter.next(&mut self.chance, self.only, self.next_id)?;
        self.next_id += 1;
        asked.frames.iter().for_each(|frame| session.driven.put(frame));
        let frames_left = asked.frames.len();
        open.push_back(Open { due, kind: asked.kind, frames_left, has_failed: false });
        self.under_way += 1;
        // What the socket does not take now is sent when something has come back.
        session.driven.send()?;
        Ok(())
    }

    /// Takes what comes within so long.
    fn hear(
        &mut self,
        at_most: Duration,
        sessions: &mut [Session],
        watch: &mut Watch,
    ) -> Result<(), CliError> {
        for place in watch.wait(at_most)? {
            let (Some(session), Some(open)) = (sessions.get_mut(place), self.open.get_mut(place))
            else {
                continue;
            };
            session.driven.hear()?;
            session.driven.send()?;
            while let Some(outcome) = session.driven.outcome()? {
                if let Outcome::Told = outcome {
                    self.paced.told += 1;
                    continue;
                }
                let Some(first) = open.front_mut() else { continue };
                first.frames_left -= 1;
                if let Outcome::Not(error) = outcome {
                    first.has_failed = true;
                    self.paced.show(first.kind, &error);
                }
                if first.frames_left == 0 {
                    self.under_way -= 1;
                    self.paced.note(first);
                    open.pop_front();
                }
            }
        }
        Ok(())
    }
}

impl Paced {
    fn note(&mut self, open: &Open) {
        let took = open.due.elapsed();
        self.all.note(took);
        self.by_kind.entry(open.kind.word()).or_default().note(took);
        self.errors += usize::from(open.has_failed);
    }

    fn show(&mut self, kind: Kind, error: &DeskError) {
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(format!("{}: {error}", kind.word()));
        }
    }
}
