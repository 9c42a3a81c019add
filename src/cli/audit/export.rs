//! `casedesk audit export`.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::answer::instant;
use super::output::{json_line, stream};
use super::{CliError, Context, Pages, Staff, Why};
use crate::desk::{HiddenEvent, TrailEvent, TrailLine, payload, record_key};
use crate::domain::{AuditReading, Event};
use crate::text::hexadecimal;

/// Writes the audit trail as JSON lines, one event a line, with all that the events say; the reading is recorded.
///
/// Whoever has the lines can check the chain without casedesk. All hashes are SHA-256, all numbers are eight bytes,
/// big-endian, signed for `at_ms`. `commitment` is the hash of `salt` followed by `payload`. `hash` is the hash of these
/// fields in this order, each with its length in bytes as a number before it: `previous`, `sequence`, `at_ms`, `actor`,
/// `on_behalf_of`, `unit`, `record_key`, `reason`, `purpose`, `rule`, `commitment`. Texts are UTF-8, and nothing where they
/// are null; `hash`, `previous`, `salt`, `commitment`, `payload` and `record_key` are hexadecimal. `previous` of an event is
/// `hash` of the one before it, and 32 zero bytes for the first. `event` says in JSON what `payload` encodes.
///
/// Of an event of a record that you may not see, a line has no more than `sequence`, `hash`, `previous`, `at`, `at_ms` and
/// `commitment`, with `what` saying `hidden`: the chain can be followed past it, and its own hash cannot be made. Of an
/// event that names a case or somebody that you may not see, `salt`, `payload` and `event` are null: its hash can be made,
/// and its commitment cannot.
///
///   casedesk audit export > trail.jsonl
///   casedesk audit export --from 1001 --until 2000 --to trail.jsonl --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Export {
    /// From this event on, by its place in the chain
    #[arg(long, value_name = "SEQ", default_value_t = 1)]
    from: u64,
    /// Up to this event; to the newest without
    #[arg(long, value_name = "SEQ")]
    until: Option<u64>,
    /// Into this file, which must not exist, rather than to stdout
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    why: Why,
}

#[derive(Serialize)]
struct Exported {
    events: u64,
    /// The last event that was written.
    last: Option<u64>,
    file: String,
}

/// An event as a line has it.
#[derive(Serialize)]
struct Line<'e> {
    sequence: u64,
    hash: String,
    previous: String,
    at: String,
    at_ms: i64,
    actor: u64,
    account: String,
    on_behalf_of: Option<&'e str>,
    unit: u64,
    record: String,
    record_key: String,
    reason: Option<&'e str>,
    purpose: Option<&'e str>,
    rule: Option<&'e str>,
    salt: Option<String>,
    commitment: String,
    payload: Option<String>,
    what: &'e str,
    event: Option<&'e Event>,
}

/// An event of a record that whoever exports may not see.
#[derive(Serialize)]
struct HiddenLine {
    sequence: u64,
    hash: String,
    previous: String,
    at: String,
    at_ms: i64,
    commitment: String,
    what: &'static str,
}

impl Export {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        if context.output.is_json() && self.to.is_none() {
            return Err(CliError::refused(
                "audit.json",
                "With --json an answer is one line, and an export has a line for each event.",
                "Leave --json out, or name a file: --to FILE.",
            ));
        }
        let opened = context.open()?;
        let staff = Staff::of(&opened)?;
        let reading = AuditReading { about: None, by: None, is_export: true };
        let mut pages = self.why.read(&opened, reading, context.output)?;
        // The event before the first, whose hash that one names. What comes earlier is passed over where the journal lies.
        pages.place.event = self.from.saturating_sub(2);
        let Some(path) = &self.to else {
            return self.write(pages, &staff, &mut stream()).map(drop);
        };
        let failed = || CliError::failed_to(format!("write {}", path.display()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path).map_err(failed())?;
        let mut lines = BufWriter::new(file);
        let (events, last) = self.write(pages, &staff, &mut lines)?;
        let file = lines.into_inner().map_err(io::IntoInnerError::into_error).map_err(failed())?;
        file.sync_all().map_err(failed())?;
        let exported = Exported { events, last, file: path.display().to_string() };
        context.output.show(&exported, |exported| {
            vec![format!("{} events are in {}.", exported.events, exported.file)]
        })
    }

    /// Writes the events that are meant; gives how many there were, and the last of them.
    fn write(
        &self,
        mut pages: Pages<'_>,
        staff: &Staff,
        to: &mut impl Write,
    ) -> Result<(u64, Option<u64>), CliError> {
        let (mut events, mut last, mut previous) = (0, None, [0; 32]);
        while let Some(page) = pages.next()? {
            for line in page {
                let (sequence, hash) = match &line {
                    TrailLine::Event(event) => (event.sequence, event.hash),
                    TrailLine::Hidden(event) => (event.sequence, event.hash),
                };
                if self.until.is_some_and(|until| sequence > until) {
                    pages.end();
                    break;
                }
                let before = std::mem::replace(&mut previous, hash);
                if sequence < self.from {
                    continue;
                }
                let line = match &line {
                    TrailLine::Event(event) => json_line(&Line::new(event, &before, staff)?)?,
                    TrailLine::Hidden(event) => json_line(&HiddenLine::new(event, &before))?,
                };
                to.write_all(line.as_bytes()).map_err(CliError::Output)?;
                events += 1;
                last = Some(sequence);
            }
        }
        to.flush().map_err(CliError::Output)?;
        Ok((events, last))
    }
}

impl HiddenLine {
    fn new(event: &HiddenEvent, previous: &[u8]) -> Self {
        Self {
            sequence: event.sequence,
            hash: hexadecimal(&event.hash),
            previous: hexadecimal(previous),
            at: instant(event.at),
            at_ms: event.at.milliseconds(),
            commitment: hexadecimal(&event.commitment),
            what: "hidden",
        }
    }
}

impl<'e> Line<'e> {
    fn new(event: &'e TrailEvent, previous: &[u8], staff: &Staff) -> Result<Self, CliError> {
        let said = event.said.as_ref();
        Ok(Self {
            sequence: event.sequence,
            hash: hexadecimal(&event.hash),
            previous: hexadecimal(previous),
            at: instant(event.at),
            at_ms: event.at.milliseconds(),
            actor: event.actor.0,
            account: staff.account(event.actor),
            on_behalf_of: event.on_behalf_of.as_deref(),
            unit: event.unit.0,
            record: event.entity.to_string(),
            record_key: hexadecimal(&record_key(&event.entity)),
            reason: event.reason.as_deref(),
            purpose: event.purpose.as_ref().map(|purpose| purpose.0.as_str()),
            rule: event.rule.as_deref(),
            salt: said.map(|said| hexadecimal(&said.salt)),
            commitment: hexadecimal(&event.commitment),
            payload: said
                .map(|said| payload(&said.event).map(|bytes| hexadecimal(&bytes)))
                .transpose()?,
            what: &event.what,
            event: said.map(|said| &said.event),
        })
    }
}
