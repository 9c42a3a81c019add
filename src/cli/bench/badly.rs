//! Somebody honest beside peers that keep a daemon waiting: each of those has to be hung up on within its limit, while the
//! honest one is answered as before.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use serde::Serialize;

use super::crowd::{PATIENCE, Speech, misbehave};
use super::latency::{Latencies, Quantiles};
use super::machine::{rest, status_mb};
use super::mix::Chance;
use super::seats::{Daemon, Session, sit_down};
use crate::cli::error::CliError;
use crate::cli::long::rounded;
use crate::link::{Framed, opening};

/// Questions of the honest one before the others come.
const ALONE: usize = 200;
/// How long the honest one rests between two questions.
const HONEST_REST: Duration = Duration::from_millis(10);
/// How much later than its limit somebody may be hung up on: what those who never read had asked for until their line was
/// full is answered first, by all of them at once.
const WORK_MAX: Duration = Duration::from_secs(20);

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
    bar: &ProgressBar,
) -> Result<Endured, CliError> {
    bar.reset();
    bar.set_length(u64::try_from(peers).unwrap_or(u64::MAX));
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
            let ended = misbehave(daemon, &speech, peers, bar);
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
