//! `casedesk status`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::Opened;
use crate::desk::{AskHealth, Command, Condition, LAYOUT};
use crate::domain::CaseId;
use crate::link::{Load, PROTOCOL, ServerStatus, SessionLine};

/// Says how the desk is: who is signed in, how much is asked of it and how long that takes, and which versions run.
///
/// Whoever leads a unit, runs the system or looks after what was done sees every session; others see their own. root and
/// the daemon's own user may ask this without being enrolled, and nothing else.
///
/// With a reference and a PIN it says how a case stands, in plain words without any personal data. That is made for a
/// counter, a kiosk or a gateway of text messages. A wrong PIN is refused with 1; after three in a row each next one has
/// to wait, a minute at first and an hour at last.
///
///   casedesk status
///   casedesk status --json | jq .server.load
///   casedesk status C-12 493021
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Status {
    /// The reference on the slip
    #[arg(requires = "pin")]
    case: Option<CaseId>,
    /// The PIN on the slip
    pin: Option<String>,
}

#[derive(Serialize)]
struct Told {
    case: String,
    status: String,
}

/// How the desk is.
#[derive(Serialize)]
struct Desk {
    /// The version of this program.
    build: &'static str,
    /// The protocol that this program speaks.
    protocol: u16,
    /// The layout of the database that this program writes.
    layout: u64,
    /// The newest commit.
    commit: u64,
    /// Whether changes are accepted.
    accepts_changes: bool,
    /// The server, where the desk is in another process.
    server: Option<ServerStatus>,
}

impl Status {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        match (self.case, &self.pin) {
            (Some(case), Some(pin)) => tell_case(context, &opened, case, pin),
            _ => context.output.show(&Desk::of(&opened)?, Desk::lines),
        }
    }
}

fn tell_case(context: &Context, opened: &Opened, case: CaseId, pin: &str) -> Result<(), CliError> {
    let receipt = opened.execute(Command::AskStatus { case, pin: pin.to_owned() })?;
    let status = receipt.text.ok_or_else(|| {
        CliError::refused("status.wrong", receipt.label, "Look at the receipt slip again.")
    })?;
    let told = Told { case: case.to_string(), status };
    context.output.show(&told, |told| vec![told.status.clone()])
}

impl Desk {
    fn of(opened: &Opened) -> Result<Self, CliError> {
        let health = opened.ask(AskHealth {})?;
        Ok(Self {
            build: env!("CARGO_PKG_VERSION"),
            protocol: PROTOCOL,
            layout: LAYOUT,
            commit: health.sequence,
            accepts_changes: health.condition == Condition::Sound,
            server: opened.remote.as_ref().map(|remote| remote.status()).transpose()?,
        })
    }

    fn lines(&self) -> Vec<String> {
        let changes =
            if self.accepts_changes { "changes are accepted" } else { "NOTHING IS SAVED" };
        let mut lines = vec![
            format!("casedesk {}, protocol {}, layout {}", self.build, self.protocol, self.layout),
            format!("commit {}; {changes}", self.commit),
        ];
        let Some(server) = &self.server else {
            lines.push(
                "Nobody else has the office open: this command opened it by itself.".to_owned(),
            );
            return lines;
        };
        lines.push(format!(
            "server: casedesk {}, protocol {}, process {}, up {}",
            server.build,
            server.protocol,
            server.process,
            time(server.up_seconds)
        ));
        lines.push(format!(
            "sessions: {} of {}, at most {} a user",
            server.sessions_open, server.sessions_max, server.sessions_a_user_max
        ));
        lines.push(load(&server.load));
        lines.push(format!(
            "lag: {} of {} watching sessions behind, {} commands wait for their commit",
            server.watchers_behind, server.watchers, server.load.commands_in_flight
        ));
        lines.extend(server.sessions.iter().map(session));
        lines
    }
}

fn load(load: &Load) -> String {
    format!(
        "load: {} requests in {} s, {} under way; half within {}, 99 of 100 within {}",
        load.requests,
        load.seconds,
        load.in_flight,
        milliseconds(load.p50_us),
        milliseconds(load.p99_us)
    )
}

fn session(line: &SessionLine) -> String {
    let watches = if line.is_watching { "" } else { "  no screen" };
    format!(
        "  {:<16}  open {:<9} idle {:<9} {:>8} requests  process {}  casedesk {}{watches}",
        line.account,
        time(line.open_seconds),
        time(line.idle_seconds),
        line.requests,
        line.process,
        line.build
    )
}

/// Milliseconds to the tenth.
fn milliseconds(us: u64) -> String {
    format!("{}.{} ms", us / 1_000, us % 1_000 / 100)
}

/// A time in its two largest units.
fn time(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}
