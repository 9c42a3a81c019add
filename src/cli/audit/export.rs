//! `casedesk audit export`.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::answer::instant;
use super::super::long::progress_bar;
use super::output::{json_line, stream};
use super::{CliError, Context, EVENTS_AT_ONCE, Staff, Unseen, Why};
use crate::desk::{Trail, sealed};
use crate::domain::{AuditReading, Event, EventRecord};
use crate::text::hexadecimal;

/// Events after which progress is drawn.
const PROGRESS_EVENTS: u64 = 1_000;

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
struct Line<'r> {
    sequence: u64,
    hash: String,
    previous: String,
    at: String,
    at_ms: i64,
    actor: u64,
    account: String,
    on_behalf_of: Option<&'r str>,
    unit: u64,
    record: String,
    record_key: String,
    reason: Option<&'r str>,
    purpose: Option<&'r str>,
    rule: Option<&'r str>,
    salt: Option<String>,
    commitment: String,
    payload: Option<String>,
    what: &'static str,
    event: Option<&'r Event>,
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
        let trail = self.why.read(&opened, reading)?;
        let mut unseen = Unseen::of_all(&opened);
        let Some(path) = &self.to else {
            return self.write(context, trail, (&staff, &mut unseen), &mut stream()).map(drop);
        };
        let failed = || CliError::failed_to(format!("write {}", path.display()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path).map_err(failed())?;
        let mut lines = BufWriter::new(file);
        let (events, last) = self.write(context, trail, (&staff, &mut unseen), &mut lines)?;
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
        context: &Context,
        mut trail: Trail,
        (staff, unseen): (&Staff, &mut Unseen<'_>),
        to: &mut impl Write,
    ) -> Result<(u64, Option<u64>), CliError> {
        let bar = progress_bar(context.output);
        let (mut events, mut last, mut previous) = (0, None, [0; 32]);
        let mut wanted: Vec<(EventRecord, [u8; 32])> = Vec::new();
        let mut put = |wanted: &mut Vec<(EventRecord, [u8; 32])>| {
            let records: Vec<EventRecord> =
                wanted.iter().map(|(record, _)| record.clone()).collect();
            unseen.learn(&records)?;
            for (record, previous) in wanted.drain(..) {
                let line = if unseen.shows(&record) {
                    let is_whole = unseen.shows_all(&record);
                    json_line(&Line::new(&record, &previous, is_whole, staff)?)?
                } else {
                    json_line(&HiddenLine::new(&record, &previous)?)?
                };
                to.write_all(line.as_bytes()).map_err(CliError::Output)?;
            }
            Ok::<(), CliError>(())
        };
        while let Some(record) = trail.next() {
            let record = record?;
            if self.until.is_some_and(|until| record.sequence > until) {
                break;
            }
            if record.sequence.is_multiple_of(PROGRESS_EVENTS) {
                let (done, total) = trail.progress();
                bar.set_length(total);
                bar.set_position(done);
            }
            if record.sequence >= self.from {
                events += 1;
                last = Some(record.sequence);
                let before = std::mem::replace(&mut previous, record.hash);
                wanted.push((record, before));
            } else {
                previous = record.hash;
            }
            if wanted.len() >= EVENTS_AT_ONCE {
                put(&mut wanted)?;
            }
        }
        put(&mut wanted)?;
        bar.finish_and_clear();
        to.flush().map_err(CliError::Output)?;
        Ok((events, last))
    }
}

impl HiddenLine {
    fn new(record: &EventRecord, previous: &[u8]) -> Result<Self, CliError> {
        Ok(Self {
            sequence: record.sequence,
            hash: hexadecimal(&record.hash),
            previous: hexadecimal(previous),
            at: instant(record.at),
            at_ms: record.at.milliseconds(),
            commitment: hexadecimal(&sealed(record)?.commitment),
            what: "hidden",
        })
    }
}

impl<'r> Line<'r> {
    /// An event; where it names somebody whom the reader may not know of, without what it says.
    fn new(
        record: &'r EventRecord,
        previous: &[u8],
        is_whole: bool,
        staff: &Staff,
    ) -> Result<Self, CliError> {
        let parts = sealed(record)?;
        Ok(Self {
            sequence: record.sequence,
            hash: hexadecimal(&record.hash),
            previous: hexadecimal(previous),
            at: instant(record.at),
            at_ms: record.at.milliseconds(),
            actor: record.actor.0,
            account: staff.account(record.actor),
            on_behalf_of: record.on_behalf_of.as_deref(),
            unit: record.unit.0,
            record: record.entity.to_string(),
            record_key: hexadecimal(&parts.record_key),
            reason: record.reason.as_deref(),
            purpose: record.purpose.as_ref().map(|purpose| purpose.0.as_str()),
            rule: record.rule.as_deref(),
            salt: is_whole.then(|| hexadecimal(&record.salt)),
            commitment: hexadecimal(&parts.commitment),
            payload: is_whole.then(|| hexadecimal(&parts.payload)),
            what: record.event.label(),
            event: is_whole.then_some(&record.event),
        })
    }
}
