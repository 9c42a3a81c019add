//! The shapes that answers have for scripts: plain names and figures, times in UTC, nothing that depends on when it is asked.

use serde::Serialize;

use crate::desk::{CaseRow, RowPerson};
use crate::domain::cases::Stage;
use crate::domain::time::{ClockKind, Instant};

/// An instant as scripts read it: ISO 8601 in UTC.
pub(super) fn instant(at: Instant) -> String {
    at.timestamp().to_string()
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
            subject: row.subject,
            person,
            name,
            source,
            name_hidden,
            channel: row.channel.code(),
            unit: row.unit,
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
    pub(super) fn line(&self) -> String {
        let who = match (&self.person, &self.name, &self.source) {
            (Some(person), Some(name), _) => format!("{name} ({person})"),
            (_, _, Some(source)) => format!("from {source}"),
            _ if self.name_hidden => RowPerson::HIDDEN.to_owned(),
            _ => "anonymous".to_owned(),
        };
        let due = self.due.as_deref().unwrap_or("-");
        format!("{:<10}  {:<11}  {due:<20}  {}  {who}", self.case, self.stage, self.subject)
    }
}
