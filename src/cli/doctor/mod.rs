//! `casedesk doctor`.

mod advice;
mod premises;
mod words;

use std::path::Path;

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use super::clock::SystemClock;
use super::error::CliError;
use super::log::{BACKUP_MADE, LogFile};
use super::open::Opened;
use super::output::Output;
use super::{Context, MIB};
use crate::desk::{
    AskCensus, AskHealth, CensusLine, Clock as _, Condition, DeskError, HealthAnswer, KeyGroup,
};
use crate::domain::time::Instant;
use crate::text::grouped;
use premises::{Premises, age_seconds, holder, memory_bytes};

/// Says how the data directory is: how much there is of everything, what it takes in memory and on disk, how much room is
/// left, and what wants attention.
///
/// It shows numbers and no content, so that every caseworker may run it, and it works beside an open desk. It ends with 1
/// where changes are not accepted or the database does not open; advice alone ends with 0.
///
///   casedesk doctor
///   casedesk doctor --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Doctor {}

/// What there is to say.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether changes are accepted.
    ok: bool,
    /// The data directory.
    data: String,
    /// Who has it open and was asked; nobody where it was free.
    beside: Option<String>,
    /// Whether changes are accepted, in words.
    state: String,
    /// Commits so far, where the database opens.
    commits: Option<u64>,
    /// Events in the audit chain, where the database opens.
    events: Option<u64>,
    /// Keys by kind, where the database opens.
    kinds: Vec<KindAnswer>,
    #[serde(flatten)]
    premises: Premises,
    /// Seconds since the database was made durable last.
    checkpoint_age_seconds: Option<i64>,
    /// Free bytes below which no change is accepted.
    floor_bytes: u64,
    /// The last backup that the log knows of.
    backup: Option<Backup>,
    /// Bytes of memory of the process that has the database open.
    memory_bytes: Option<u64>,
    /// Bytes of them that the page cache may take.
    cache_bytes: u64,
    /// What somebody should see to, in sentences.
    attention: Vec<String>,
}

/// Keys of one kind.
#[derive(Debug, Serialize)]
struct KindAnswer {
    group: &'static str,
    kind: String,
    keys: u64,
    key_bytes: u64,
    value_bytes: u64,
}

/// The last backup.
#[derive(Debug, Serialize)]
struct Backup {
    age_seconds: i64,
    what: String,
}

/// What the desk says of itself, or why it cannot.
enum Told {
    Desk(HealthAnswer, Census),
    Nothing(String),
}

/// All keys, counted.
#[derive(Default)]
struct Census {
    lines: Vec<CensusLine>,
    /// Events of the chain; nothing where the keys were not counted.
    events: Option<u64>,
}

impl Doctor {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        let data = context.existing_data("doctor.none")?;
        // Opening writes a checkpoint of its own.
        let checkpoint = age_seconds(&data.join("checkpoint"), SystemClock.now());
        let opened = match context.open() {
            Ok(opened) => Ok(opened),
            Err(error @ (CliError::Store(_) | CliError::Held { .. })) => Err(error.in_full()),
            Err(other) => return Err(other),
        };
        let is_beside = opened.as_ref().map_or(true, |opened| opened.local.is_none());
        let told = match &opened {
            Ok(opened) => ask(opened, context.output)?,
            Err(why) => Told::Nothing(why.clone()),
        };
        let preferences = context.preferences()?;
        let now = SystemClock.now();
        let mut report = Report {
            data: data.display().to_string(),
            premises: Premises::look(&data, now),
            checkpoint_age_seconds: checkpoint,
            floor_bytes: preferences.free_space_mib * MIB,
            cache_bytes: preferences.cache_mib * MIB,
            backup: last_backup(&data, now),
            ..Report::of(told, is_beside.then(|| holder(&data)).flatten())
        };
        report.attention.extend(advice::on(&report, &LogFile::of(&data), now));
        context.output.show(&report, words::lines)?;
        if report.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl Report {
    fn of(told: Told, beside: Option<(String, u32)>) -> Self {
        let process = beside.as_ref().map_or_else(std::process::id, |(_, process)| *process);
        let beside = beside.map(|(holder, _)| holder);
        let mut report = Self {
            ok: false,
            data: String::new(),
            beside,
            state: String::new(),
            commits: None,
            events: None,
            kinds: Vec::new(),
            premises: Premises::default(),
            checkpoint_age_seconds: None,
            floor_bytes: 0,
            backup: None,
            memory_bytes: memory_bytes(process),
            cache_bytes: 0,
            attention: Vec::new(),
        };
        match told {
            Told::Nothing(why) => {
                "the database does not open".clone_into(&mut report.state);
                report.attention.push(why);
            }
            Told::Desk(health, census) => {
                report.ok = health.condition == Condition::Sound;
                report.state = match &health.condition {
                    Condition::Sound => "sound: changes are accepted".to_owned(),
                    Condition::DiskFull { .. } => "DISK FULL: no change is accepted".to_owned(),
                    Condition::ReadOnly { .. } => "READ-ONLY: no change is accepted".to_owned(),
                };
                report.attention.extend(health.notice.map(|notice| notice.story.join(" ")));
                report.commits = Some(health.sequence);
                report.events = census.events;
                report.kinds = census.lines.into_iter().map(KindAnswer::from).collect();
                report.kinds.sort_by_key(KindAnswer::rank);
            }
        }
        report
    }
}

impl From<CensusLine> for KindAnswer {
    fn from(line: CensusLine) -> Self {
        let group = match line.group {
            KeyGroup::Record => "records",
            KeyGroup::Timeline => "events",
            KeyGroup::Index => "indexes",
            KeyGroup::Search => "search",
            KeyGroup::Own => "the desk's own",
            KeyGroup::Unknown => UNKNOWN,
        };
        let CensusLine { kind, keys, key_bytes, value_bytes, .. } = line;
        Self { group, kind, keys, key_bytes, value_bytes }
    }
}

/// The group of keys that this program does not know.
const UNKNOWN: &str = "unknown";

impl KindAnswer {
    /// Groups in the order of what people ask for, and in them the most first.
    fn rank(&self) -> (usize, std::cmp::Reverse<u64>) {
        let groups = ["records", "events", "indexes", "search", "the desk's own"];
        let place = groups.iter().position(|group| *group == self.group);
        (place.unwrap_or(groups.len()), std::cmp::Reverse(self.keys))
    }
}

/// Asks the desk for its health, and for its keys part by part, so that nobody else waits long for their turn.
fn ask(opened: &Opened, output: Output) -> Result<Told, CliError> {
    let health = opened.ask(AskHealth {})?;
    let bar = if output.is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let mut census = Census::default();
    let mut place = None;
    loop {
        let part = match opened.ask(AskCensus { place }) {
            Ok(part) => part,
            // How many keys there are is for whoever runs the office; how the desk is, for everybody.
            Err(CliError::Desk(DeskError::Refused(_))) => break,
            Err(error) => return Err(error),
        };
        census.events = Some(part.events);
        for line in part.lines {
            census.add(line);
        }
        let keys: u64 = census.lines.iter().map(|line| line.keys).sum();
        bar.set_message(format!("{} keys counted", grouped(keys)));
        bar.tick();
        place = part.next;
        if place.is_none() {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(Told::Desk(health, census))
}

impl Census {
    fn add(&mut self, more: CensusLine) {
        let is_same = |line: &&mut CensusLine| line.group == more.group && line.kind == more.kind;
        match self.lines.iter_mut().find(is_same) {
            Some(line) => {
                line.keys += more.keys;
                line.key_bytes += more.key_bytes;
                line.value_bytes += more.value_bytes;
            }
            None => self.lines.push(more),
        }
    }
}

/// The last backup that the log knows of.
fn last_backup(data: &Path, now: Instant) -> Option<Backup> {
    let (at, line) = LogFile::of(data).newest(|line| line.contains(BACKUP_MADE))?;
    let what = line.split_once(BACKUP_MADE).map(|(_, what)| what.trim().to_owned())?;
    Some(Backup { age_seconds: seconds_between(at, now), what })
}

fn seconds_between(earlier: Instant, now: Instant) -> i64 {
    now.milliseconds().saturating_sub(earlier.milliseconds()).max(0) / 1_000
}
