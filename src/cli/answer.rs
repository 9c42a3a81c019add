//! The shapes that answers have for scripts: plain names and figures, times in UTC, nothing that depends on when it is asked.
//! Lines for people tell the same times by the office's clock.

use serde::Serialize;

use super::error::CliError;
use super::open::Opened;
use crate::desk::{AskWho, CaseRow, RowPerson};
use crate::domain::cases::Stage;
use crate::domain::time::{ClockKind, Instant, Zone};

/// An instant as scripts read it: ISO 8601 in UTC.
pub(super) fn instant(at: Instant) -> String {
    at.timestamp().to_string()
}

/// The clock by which people are told times: the office's, with its zone.
pub(super) struct OfficeClock(Zone);

impl OfficeClock {
    /// That of the office which is open.
    pub(super) fn of(opened: &Opened) -> Result<Self, CliError> {
        Ok(Self(opened.ask(AskWho {})?.office.calendar.zone()))
    }

    /// An instant in words, as `2026-11-23 16:00 CET`.
    pub(super) fn words(&self, at: Instant) -> String {
        let (hour, minute) = self.0.hour_minute(at);
        format!("{} {hour:02}:{minute:02} {}", self.0.day(at), self.0.abbreviation(at))
    }

    /// The same of an instant as [`instant`] writes it.
    pub(super) fn told(&self, written: &str) -> String {
        let at = written.parse().map(Instant::from_timestamp);
        at.map_or_else(|_no_instant| written.to_owned(), |at| self.words(at))
    }
}

/// A row of a list of cases.
#[derive(Serialize)]
pub(super) struct RowAnswer {
    pub(super) case: String,
    pub(super) stage: &'static str,
    pub(super) nature: &'static str,
    pub(super) subject: String,
    pub(super) person: Option<String>,
    pub(super) name: Option<String>,
    pub(super) source: Option<String>,
    /// Whether the name is not told: it is free, and its unit lists free cases without names.
    pub(super) name_hidden: bool,
    pub(super) channel: &'static str,
    pub(super) unit: String,
    pub(super) owner: Option<String>,
    pub(super) due: Option<String>,
    pub(super) due_kind: Option<&'static str>,
    pub(super) held: bool,
    pub(super) escalated: bool,
    pub(super) closed: Option<String>,
}

impl From<CaseRow> for RowAnswer {
    fn from(row: CaseRow) -> Self {
        let name_hidden = row.person == RowPerson::Hidden;
        let (person, name, source) = match row.person {
            RowPerson::Person(id, name) => (Some(id.to_string()), Some(name), None),
            RowPerson::Anonymous | RowPerson::Hidden => (None, None, None),
            RowPerson::From(source) => (None, None, Some(source)),
        };
        Self {
            case: row.id.to_string(),
            stage: Stage::code(row.stage),
            nature: row.nature.label(),
            subject: row.subject.into(),
            person,
            name: name.map(Into::into),
            source: source.map(Into::into),
            name_hidden,
            channel: row.channel.code(),
            unit: row.unit.into(),
            owner: row.owner.map(|(id, _)| id.to_string()),
            due: row.due_at.map(instant),
            due_kind: row.due_kind.map(ClockKind::label),
            held: row.is_held,
            escalated: row.is_escalated,
            closed: row.closed_at.map(instant),
        }
    }
}

impl RowAnswer {
    /// The row for people.
    pub(super) fn line(&self, clock: &OfficeClock) -> String {
        let who = match (&self.person, &self.name, &self.source) {
            (Some(person), Some(name), _) => format!("{name} ({person})"),
            (_, _, Some(source)) => format!("from {source}"),
            _ if self.name_hidden => RowPerson::HIDDEN.to_owned(),
            _ => "anonymous".to_owned(),
        };
        let due = self.due.as_deref().map_or_else(|| "-".to_owned(), |due| clock.told(due));
        format!("{:<10}  {:<11}  {due:<20}  {}  {who}", self.case, self.stage, self.subject)
    }
}
