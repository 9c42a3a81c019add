//! `casedesk bench kills`.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::Builder;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use super::latency::{Latencies, Quantiles};
use super::machine::rest;
use super::mix::Chance;
use super::room::{Room, at_desk, first_id, found, staff};
use super::seats::{Daemon, answer_of};
use super::writers::{Judged, Writer, Written, judge, sit_down, wait_for_more};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::{progress_bar, rounded};
use crate::cli::open::Means;

/// Of so many kills the last comes while the daemon is still opening its database.
const OPENING: u32 = 4;
/// Such a kill comes within so long after the start.
const OPENING_MILLIS: u64 = 150;
/// Any other comes within so long after the first command that was acknowledged.
const WORKING_MILLIS: u64 = 250;
/// How long the first command after a start may take to be acknowledged.
const FIRST_MAX: Duration = Duration::from_secs(60);
/// How often a daemon that does not come up is started again, and the rest before that.
const STARTS_MAX: u32 = 10;
const START_REST: Duration = Duration::from_millis(200);
/// How far the keys of two writers are apart.
const KEYS_APART: u32 = 40;

/// Kills a daemon under load again and again, and counts what was lost: starts it on a scratch office, has caseworkers take
/// in cases, claim them and write notes, and ends it with SIGKILL at random moments, one in four of them while it is still
/// opening its database.
///
/// Whoever had a command under way sends it again with its own key to the next daemon, as the terminal program does. In the
/// end everything that was acknowledged has to be there once, no case may be there that nobody was told of, and `casedesk
/// verify --deep` has to find nothing; otherwise it ends with 1.
///
///   casedesk bench kills --kills 500
///   casedesk bench kills --kills 5 --clients 3 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct BenchKills {
    /// How often the daemon is killed
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    kills: u32,
    /// Caseworkers who write
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=500))]
    clients: u16,
}

#[derive(Debug, Serialize)]
struct Figures {
    ok: bool,
    /// Daemons that were killed, and those of them that had not said yet that they listen.
    kills: u32,
    kills_while_opening: u32,
    /// Starts that came to nothing, since the database was still held.
    started_again: u32,
    clients: u16,
    /// Commands that were acknowledged, and those of them that were sent more than once.
    acknowledged: usize,
    resent: usize,
    /// Commands that were refused or given up.
    refused: usize,
    cases: usize,
    found_twice: usize,
    lost: usize,
    /// What `verify --deep` found.
    findings: Vec<String>,
    panics: usize,
    /// From the start of a daemon until it listens.
    restarts: Quantiles,
    seconds: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_errors: Vec<String>,
}

/// What the killing came to.
#[derive(Default)]
struct Killed {
    while_opening: u32,
    started_again: u32,
    panics: usize,
    restarts: Latencies,
}

impl BenchKills {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let room = Room::scratch()?;
        found(context, room.path())?;
        let accounts = staff(context, room.path(), usize::from(self.clients))?;
        let begun = Instant::now();
        let bar = progress_bar(context.output).with_message("daemons killed");
        let (written, killed) = self.work(room.path(), &accounts, &bar)?;
        bar.finish_and_clear();
        let seconds = rounded(begun.elapsed().as_secs_f64());
        let findings = findings(room.path())?;
        let Judged { lost, twice } = at_desk(context, room.path(), &Means::of_system()?, |desk| {
            judge(&desk.sign_in("head", None)?, &written.cases)
        })?;
        let is_whole = lost == 0 && twice == 0 && findings.is_empty();
        let figures = Figures {
            ok: is_whole && written.refused == 0 && killed.panics == 0,
            kills: self.kills,
            kills_while_opening: killed.while_opening,
            started_again: killed.started_again,
            clients: self.clients,
            acknowledged: written.acknowledged,
            resent: written.resent,
            refused: written.refused,
            cases: written.cases.len(),
            found_twice: twice,
            lost,
            findings,
            panics: killed.panics,
            restarts: killed.restarts.quantiles(),
            seconds,
            first_errors: written.shown,
        };
        context.output.show(&figures, Figures::lines)?;
        if figures.ok { Ok(()) } else { Err(CliError::Found) }
    }

    /// Has all write while daemon after daemon is killed; the last one is let be until everything is acknowledged.
    fn work(
        &self,
        data: &Path,
        accounts: &[String],
        bar: &ProgressBar,
    ) -> Result<(Written, Killed), CliError> {
        let (stop, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
        let at = Means::of_system()?.clock.now();
        let first_id = first_id()?;
        let mut daemon = Daemon::start(data, accounts.len() * 2)?;
        std::thread::scope(|scope| {
            let mut writers = Vec::new();
            for (number, account) in (0_u128..).zip(accounts) {
                let first_id = first_id.wrapping_add(number << KEYS_APART);
                let writer =
                    Writer { account, first_id, stop: &stop, acknowledged: &acknowledged, at };
                // All sit before the first kill: who comes to nobody is turned away, as at a terminal.
                let desk = sit_down(data, account)?;
                let write = move || writer.write(desk);
                let started = Builder::new().name("writer".to_owned()).spawn_scoped(scope, write);
                writers.push(started.map_err(CliError::failed_to("start a writer"))?);
            }
            let killed = self.kill_on(data, &mut daemon, (&acknowledged, bar), accounts.len());
            stop.store(true, Ordering::SeqCst);
            let mut written = Written::default();
            for writer in writers {
                let own = writer.join().map_err(|_panic| {
                    CliError::refused("bench.writer", "A writer of the measurement failed.", "")
                })?;
                written.add(own);
            }
            Ok((written, killed?))
        })
    }

    fn kill_on(
        &self,
        data: &Path,
        daemon: &mut Daemon,
        (acknowledged, bar): (&AtomicUsize, &ProgressBar),
        writers: usize,
    ) -> Result<Killed, CliError> {
        bar.set_length(u64::from(self.kills));
        let mut chance = Chance::of(1);
        let mut killed = Killed::default();
        let mut is_open = true;
        for kill in 1..=self.kills {
            if is_open {
                if !wait_for_more(acknowledged, 1, FIRST_MAX) {
                    let what = "The daemon was started again, and no writer came through to it.";
                    return Err(CliError::refused("bench.silent", what, ""));
                }
                rest(Duration::from_millis(chance.below(WORKING_MILLIS)));
            } else {
                rest(Duration::from_millis(chance.below(OPENING_MILLIS)));
                killed.while_opening += 1;
            }
            daemon.kill()?;
            bar.inc(1);
            killed.panics += daemon.panics();
            let begun = Instant::now();
            *daemon = Daemon::spawn(data, writers * 2)?;
            // Whether the next kill waits for it.
            is_open = (kill + 1) % OPENING != 0;
            if is_open {
                killed.started_again += wait_for(daemon, data, writers * 2)?;
                killed.restarts.note(begun.elapsed());
            }
        }
        if !is_open {
            killed.started_again += wait_for(daemon, data, writers * 2)?;
        }
        Ok(killed)
    }
}

/// Waits until a daemon listens; how often it was started again for that, as systemd does. A process that the killed one was
/// just starting has the database's lock until it runs.
fn wait_for(daemon: &mut Daemon, data: &Path, sessions: usize) -> Result<u32, CliError> {
    for again in 0..STARTS_MAX {
        if daemon.wait().is_ok() {
            return Ok(again);
        }
        rest(START_REST);
        *daemon = Daemon::spawn(data, sessions)?;
    }
    daemon.wait().map(|()| STARTS_MAX)
}

/// What the program's own check of everything finds.
fn findings(data: &Path) -> Result<Vec<String>, CliError> {
    let verified = answer_of(data, &["verify", "--deep"])?;
    let found = verified.get("findings").and_then(serde_json::Value::as_array);
    let Some(found) = found else { return Ok(vec![verified.to_string()]) };
    Ok(found.iter().map(ToString::to_string).collect())
}

impl Figures {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "{} kills, {} of them while it opened, under {} writers in {} s",
                self.kills, self.kills_while_opening, self.clients, self.seconds
            ),
            format!(
                "{} commands acknowledged on {} cases, {} of them sent again, {} refused",
                self.acknowledged, self.cases, self.resent, self.refused
            ),
            format!(
                "{} lost, {} found twice, {} findings, {} panics",
                self.lost,
                self.found_twice,
                self.findings.len(),
                self.panics
            ),
            format!(
                "a start took p50 {} ms, p99 {} ms, at most {} ms",
                self.restarts.p50_ms, self.restarts.p99_ms, self.restarts.max_ms
            ),
        ];
        lines.extend(self.findings.iter().cloned());
        lines.extend(self.first_errors.iter().cloned());
        lines
    }
}
