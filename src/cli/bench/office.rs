//! `casedesk bench office`.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::latency::Quantiles;
use super::machine::{as_mb, processor_time, raise_open_files, status_kb};
use super::memory::{self, PerSession};
use super::mix::Kind;
use super::paced::{Pace, Paced, drive};
use super::race;
use super::room::{Room, first_id};
use super::saturate::{Asks, saturate};
use super::seats::{Daemon, sit_down};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::progress_bar;

/// Sessions that ask in turn before the sessions come, so that what the desk keeps of its data is not counted as theirs.
const WARMING: usize = 8;
/// Requests a second of each of them, and for how many seconds, if the measurement itself is not shorter.
const WARMING_PACE: (f64, u64) = (200.0, 15);

/// Measures how many caseworkers this machine serves: starts a daemon of its own on a made office, has many sessions work
/// at it from one thread, and prints how long their requests took.
///
/// Of a hundred requests 60 are pages of queues (20 rows), 25 open a case, which is recorded before anything is shown, and
/// read its file, 10 look for people, and 5 write a note that is durable once it is answered. Each is authorised as one of
/// the office's caseworkers, whom only this daemon gives to its calls in turn. A request counts from the moment when it was
/// due, whether or not the one before it was answered by then. `daemon_mb` is what the daemon takes with all sessions open
/// and worked, less what it takes before they come and after the same requests of a few.
///
/// With --watching the sessions are told of changes meanwhile, as the terminal program is; what it then reads again is a part
/// of the requests.
///
/// With --saturate it prints, instead, how many headers of single cases and how many pages of queues it answers a second to
/// sessions that never rest, each with up to 64 questions under way.
///
/// With --race a caseworker of its own in each session claims the same case as all others at once, a thousand times, and
/// then whatever is next in the same queues. Each case has to have one winner, whom the desk then names; whoever comes too
/// late for a named case has to be told who has it. Otherwise it ends with 1.
///
/// With --memory it starts a real casedesk for each session, on a terminal of its own, opens the board and a file in each,
/// and prints what one of them takes: its own memory and its part of what they share, and what the daemon takes more for it.
///
///   casedesk bench office --sessions 1000 --rate 5 --seconds 60
///   casedesk bench office --sessions 100 --rate 5 --seconds 10 --only searches
///   casedesk bench office --sessions 200 --seconds 10 --saturate --json
///   casedesk bench office --sessions 200 --race
///   casedesk bench office --sessions 100 --memory
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct BenchOffice {
    /// Sessions at once
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    sessions: u16,
    /// Requests a second of each session
    #[arg(long, default_value_t = 5.0, value_parser = rate)]
    rate: f64,
    /// For how many seconds
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// People of the made office
    #[arg(long, default_value_t = 20_000)]
    people: u32,
    /// Cases of the made office
    #[arg(long, default_value_t = 30_000)]
    cases: u32,
    /// Requests of one kind alone, instead of their mix
    #[arg(long, value_name = "KIND", conflicts_with_all = ["saturate", "race"])]
    only: Option<Kind>,
    /// Sessions that are told of what changes meanwhile
    #[arg(long, conflicts_with_all = ["saturate", "race", "memory"])]
    watching: bool,
    /// Sessions that never rest, and one kind of question at a time
    #[arg(long)]
    saturate: bool,
    /// Sessions that all want the same cases at the same moment: 1,000 that they name, and 1,000 of their queues
    #[arg(long, conflicts_with = "saturate")]
    race: bool,
    /// What a session takes of the memory, counted at real clients
    #[arg(long, conflicts_with_all = ["saturate", "race"])]
    memory: bool,
}

#[derive(Debug, Serialize)]
struct Figures {
    sessions: usize,
    requests: usize,
    errors: usize,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    daemon_mb: f64,
    /// Time of processors that the daemon took for a request, in microseconds.
    daemon_us_a_request: u64,
    seconds: u64,
    rate: f64,
    sent_late: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes_told: Option<usize>,
    mix: BTreeMap<&'static str, Part>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_errors: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Part {
    percent: u64,
    #[serde(flatten)]
    times: Quantiles,
}

#[derive(Debug, Serialize)]
struct Saturated {
    sessions: usize,
    headers_a_second: u64,
    pages_a_second: u64,
    errors: usize,
    in_flight_a_session: usize,
}

impl BenchOffice {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let sessions = usize::from(self.sessions);
        let places = sessions + WARMING;
        raise_open_files(places)?;
        let room = Room::of(context, self.people, self.cases)?;
        if self.race {
            return race::run(context, room.path(), sessions);
        }
        let daemon = Daemon::start(room.path(), places)?;
        if self.saturate {
            return self.show_saturated(context, &daemon, sessions);
        }
        let first_id = first_id()?;
        let mut few = sit_down(&daemon, WARMING, &[])?;
        let (rate, seconds) = WARMING_PACE;
        let bar = progress_bar(context.output).with_message("seconds of warming up");
        let seconds = seconds.min(self.seconds);
        drive(&mut few, Pace { rate, seconds, first_id, only: None }, &bar)?;
        if self.memory {
            return context.output.show(&memory::measure(&daemon, sessions)?, PerSession::lines);
        }
        let before = status_kb(daemon.process(), "VmRSS")?;
        let mut seated = sit_down(&daemon, sessions, &[])?;
        if self.watching {
            for session in &seated {
                session.driven.watch()?;
            }
        }
        let pace = Pace {
            rate: self.rate,
            seconds: self.seconds,
            first_id: first_id.wrapping_add(1 << 32),
            only: self.only,
        };
        let began = processor_time(daemon.process())?;
        let bar = progress_bar(context.output).with_message("seconds of work");
        let paced = drive(&mut seated, pace, &bar)?;
        let worked = processor_time(daemon.process())?.saturating_sub(began);
        let after = status_kb(daemon.process(), "VmRSS")?;
        let daemon_mb = as_mb(after.saturating_sub(before));
        context.output.show(&self.figures(&paced, daemon_mb, worked), Figures::lines)
    }

    fn figures(&self, paced: &Paced, daemon_mb: f64, worked: Duration) -> Figures {
        let all = paced.all.quantiles();
        let each = worked.as_micros() / (all.requests.max(1) as u128);
        let part = |(kind, percent): (Kind, u64)| {
            let times = paced.by_kind.get(kind.word()).cloned().unwrap_or_default().quantiles();
            (kind.word(), Part { percent, times })
        };
        let kinds =
            Kind::MIX.into_iter().filter(|(kind, _)| self.only.is_none_or(|only| only == *kind));
        Figures {
            sessions: usize::from(self.sessions),
            requests: all.requests,
            errors: paced.errors,
            p50_ms: all.p50_ms,
            p99_ms: all.p99_ms,
            max_ms: all.max_ms,
            daemon_mb,
            daemon_us_a_request: u64::try_from(each).unwrap_or(u64::MAX),
            seconds: self.seconds,
            rate: self.rate,
            sent_late: paced.sent_late,
            changes_told: self.watching.then_some(paced.told),
            mix: kinds.map(part).collect(),
            first_errors: paced.shown.clone(),
        }
    }

    fn show_saturated(
        &self,
        context: &Context,
        daemon: &Daemon,
        sessions: usize,
    ) -> Result<(), CliError> {
        let mut seated = sit_down(daemon, sessions, &[])?;
        let mut figures = Saturated {
            sessions,
            headers_a_second: 0,
            pages_a_second: 0,
            errors: 0,
            in_flight_a_session: crate::link::PIPELINED_MAX,
        };
        for (asks, figure) in [
            (Asks::Headers, &mut figures.headers_a_second),
            (Asks::Pages, &mut figures.pages_a_second),
        ] {
            let (a_second, errors) = saturate(&mut seated, asks, self.seconds)?;
            *figure = Duration::from_secs_f64(a_second).as_secs();
            figures.errors += errors;
        }
        context.output.show(&figures, |figures| {
            vec![
                format!(
                    "{} sessions, {} questions under way in each",
                    figures.sessions, figures.in_flight_a_session
                ),
                format!("{} headers of single cases a second", figures.headers_a_second),
                format!("{} pages of queues a second", figures.pages_a_second),
                format!("{} errors", figures.errors),
            ]
        })
    }
}

impl Figures {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "{} sessions, {} requests a second each, {} s: {} requests, {} errors",
                self.sessions, self.rate, self.seconds, self.requests, self.errors
            ),
            format!(
                "p50 {} ms, p99 {} ms, longest {} ms; the daemon took {} MB more for them, and {} us of \
                 processor time each",
                self.p50_ms, self.p99_ms, self.max_ms, self.daemon_mb, self.daemon_us_a_request
            ),
        ];
        lines.extend(self.mix.iter().map(|(word, Part { percent, times })| {
            let Quantiles { requests, p50_ms, p99_ms, max_ms } = times;
            format!("{percent:>3} % {word:<9} {requests:>8}  p50 {p50_ms} ms, p99 {p99_ms} ms, longest {max_ms} ms")
        }));
        if let Some(told) = self.changes_told {
            lines.push(format!("{told} changes were told to the sessions meanwhile"));
        }
        if self.sent_late > 0 {
            let late = self.sent_late;
            lines.push(format!(
                "{late} requests were sent over a millisecond late, by this process itself"
            ));
        }
        lines.extend(self.first_errors.iter().cloned());
        lines
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 10_000.0 => Ok(rate),
        Ok(_) | Err(_) => Err("give a number above 0, as 5 or 0.5".to_owned()),
    }
}
