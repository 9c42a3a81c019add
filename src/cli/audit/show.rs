//! `casedesk audit show`.

use std::collections::VecDeque;

use clap::Args;
use serde::Serialize;

use super::super::answer::instant;
use super::{CliError, Context, Staff, Why};
use crate::desk::{TrailEvent, TrailLine};
use crate::domain::{AuditReading, CaseId, EntityId, PersonId};

/// Entries that are shown unless asked otherwise.
const ENTRIES: u32 = 50;
/// The most entries that can be asked for: they are held in memory.
const ENTRIES_MAX: u32 = 100_000;

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
    /// The newest event of the chain that the reading reaches: the one that recorded it.
    events: u64,
}

#[derive(Serialize)]
struct Entry {
    sequence: u64,
    at: String,
    by: String,
    on_behalf_of: Option<String>,
    what: String,
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
        let mut pages = self.why.read(&opened, reading, context.output)?;
        let last = usize::try_from(self.last).unwrap_or(usize::MAX);
        let mut newest: VecDeque<TrailEvent> = VecDeque::new();
        let mut matching = 0;
        while let Some(page) = pages.next()? {
            for line in page {
                let TrailLine::Event(event) = line else { continue };
                matching += 1;
                newest.push_back(*event);
                if newest.len() > last {
                    newest.pop_front();
                }
            }
        }
        let events = pages.until;
        let entries = newest.into_iter().map(|event| Entry::new(event, &staff)).collect();
        context.output.show(&Shown { entries, matching, events }, Shown::lines)
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
    fn new(event: TrailEvent, staff: &Staff) -> Self {
        Self {
            sequence: event.sequence,
            at: instant(event.at),
            by: staff.account(event.actor),
            on_behalf_of: event.on_behalf_of,
            what: event.what,
            record: event.entity.to_string(),
            reason: event.reason,
            purpose: event.purpose.map(|purpose| purpose.0),
            rule: event.rule,
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
