//! `casedesk audit show`.

use std::collections::VecDeque;

use clap::Args;
use serde::Serialize;

use super::super::answer::instant;
use super::super::long::progress_bar;
use super::{CliError, Context, EVENTS_AT_ONCE, Staff, Unseen, Why};
use crate::domain::{AuditReading, CaseId, EntityId, EventRecord, PersonId};

/// Entries that are shown unless asked otherwise.
const ENTRIES: u32 = 50;
/// The most entries that can be asked for: they are held in memory.
const ENTRIES_MAX: u32 = 100_000;
/// Events after which progress is drawn.
const PROGRESS_EVENTS: u64 = 1_000;

/// Shows the audit trail, the newest last; the reading is recorded.
///
/// A line has the instant in UTC, who (and in brackets, who was signed in at the system), the place in the chain, what was
/// done, to which record, and why. It has nothing of what was said or typed but the reason. Events of records that you may
/// not see are left out and not counted.
///
///   casedesk audit show --case C-20931
///   casedesk audit show --by moe --last 500 --purpose complaint
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// Of one case, as C-20931
    #[arg(long, value_name = "CASE", conflicts_with = "person")]
    case: Option<CaseId>,
    /// Of one person, as P-4711
    #[arg(long, value_name = "PERSON")]
    person: Option<PersonId>,
    /// What one caseworker did, by account
    #[arg(long, value_name = "ACCOUNT")]
    by: Option<String>,
    /// How many, counted from the newest
    #[arg(long, default_value_t = ENTRIES, value_parser = clap::value_parser!(u32).range(0..=i64::from(ENTRIES_MAX)))]
    last: u32,
    #[command(flatten)]
    why: Why,
}

#[derive(Serialize)]
struct Shown {
    entries: Vec<Entry>,
    /// Entries that match and may be seen, shown or not.
    matching: u64,
    /// The newest event of the chain.
    events: u64,
}

#[derive(Serialize)]
struct Entry {
    sequence: u64,
    at: String,
    by: String,
    on_behalf_of: Option<String>,
    what: &'static str,
    record: String,
    reason: Option<String>,
    purpose: Option<String>,
    rule: Option<String>,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let staff = Staff::of(&opened)?;
        let by = self.by.as_deref().map(|account| staff.with_account(account)).transpose()?;
        let about = self.case.map(EntityId::Case).or(self.person.map(EntityId::Person));
        let reading = AuditReading { about: about.clone(), by, is_export: false };
        let mut trail = self.why.read(&opened, reading)?;
        let bar = progress_bar(context.output);
        let last = usize::try_from(self.last).unwrap_or(usize::MAX);
        let mut newest: VecDeque<EventRecord> = VecDeque::new();
        let (mut matching, mut events) = (0, 0);
        let (mut unseen, mut meant) = (Unseen::of_records(&opened), Vec::new());
        let mut take = |meant: &mut Vec<EventRecord>| {
            unseen.learn(meant)?;
            for record in meant.drain(..).filter(|record| unseen.shows(record)) {
                matching += 1;
                newest.push_back(record);
                if newest.len() > last {
                    newest.pop_front();
                }
            }
            Ok::<(), CliError>(())
        };
        while let Some(record) = trail.next() {
            let record = record?;
            events = record.sequence;
            if record.sequence.is_multiple_of(PROGRESS_EVENTS) {
                let (done, total) = trail.progress();
                bar.set_length(total);
                bar.set_position(done);
            }
            let is_meant = by.is_none_or(|by| record.actor == by)
                && about.as_ref().is_none_or(|about| is_about(&record, about));
            if is_meant {
                meant.push(record);
            }
            if meant.len() >= EVENTS_AT_ONCE {
                take(&mut meant)?;
            }
        }
        take(&mut meant)?;
        bar.finish_and_clear();
        let entries = newest.into_iter().map(|record| Entry::new(record, &staff)).collect();
        context.output.show(&Shown { entries, matching, events }, Shown::lines)
    }
}

/// Whether an event is about a record; one that tells two people apart is about both.
fn is_about(record: &EventRecord, about: &EntityId) -> bool {
    match (&record.entity, about) {
        (EntityId::Distinction(one, other), EntityId::Person(person)) => {
            one == person || other == person
        }
        (entity, about) => entity == about,
    }
}

impl Shown {
    fn lines(&self) -> Vec<String> {
        let mut shown: Vec<String> = self.entries.iter().map(Entry::line).collect();
        let entries = self.entries.len();
        shown.push(format!(
            "{entries} of {} entries; the chain has {}.",
            self.matching, self.events
        ));
        shown
    }
}

impl Entry {
    fn new(record: EventRecord, staff: &Staff) -> Self {
        Self {
            sequence: record.sequence,
            at: instant(record.at),
            by: staff.account(record.actor),
            on_behalf_of: record.on_behalf_of,
            what: record.event.label(),
            record: record.entity.to_string(),
            reason: record.reason,
            purpose: record.purpose.map(|purpose| purpose.0),
            rule: record.rule,
        }
    }

    fn line(&self) -> String {
        let by = match &self.on_behalf_of {
            Some(account) => format!("{} ({account})", self.by),
            None => self.by.clone(),
        };
        let why = [
            self.purpose.as_ref().map(|purpose| format!("for {purpose}")),
            self.rule.as_ref().map(|rule| format!("by rule {rule}")),
            self.reason.clone(),
        ];
        let why: Vec<String> = why.into_iter().flatten().collect();
        let line = format!(
            "{}  {:>8}  {by:<12}  {:<20}  {:<10}  {}",
            self.at,
            self.sequence,
            self.what,
            self.record,
            why.join("; ")
        );
        line.trim_end().to_owned()
    }
}
