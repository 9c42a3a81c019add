//! Two people who were told apart: somebody looked at both records and said that they are not one person.

use serde::{Deserialize, Serialize};

use crate::domain::event::EventRecord;
use crate::domain::ids::{CaseworkerId, PersonId};
use crate::domain::time::Instant;

/// That two people are not one, as long as nobody takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinction {
    /// Whom, the lower number first.
    pub people: (PersonId, PersonId),
    /// Counts the events applied.
    pub version: u64,
    /// Whether it holds: it was not taken back.
    pub is_in_force: bool,
    /// Who said so last, or took it back.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// Why, where a reason was given.
    pub reason: String,
}

/// What happened to a distinction. Variants are only ever appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DistinctionEvent {
    /// The two were told apart; the event's reason says why.
    Told,
    /// That was taken back: they may be the same again.
    Withdrawn,
}

/// Two people in the order in which a distinction names them.
#[must_use]
pub fn in_order(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    (one.min(other), one.max(other))
}

/// What a distinction is after an event.
#[must_use]
pub(in crate::domain) fn apply_distinction(
    before: Option<&Distinction>,
    people: (PersonId, PersonId),
    record: &EventRecord,
    event: DistinctionEvent,
) -> Option<Distinction> {
    let version = before.map_or(0, |before| before.version) + 1;
    if before.is_none() && event == DistinctionEvent::Withdrawn {
        return None;
    }
    Some(Distinction {
        people,
        version,
        is_in_force: event == DistinctionEvent::Told,
        by: record.actor,
        at: record.at,
        reason: record.reason.clone().unwrap_or_default(),
    })
}
