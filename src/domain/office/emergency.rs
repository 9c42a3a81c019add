//! Emergency access ("break-glass"): a file opened against the rules, with a reason, for an hour, and looked at afterwards.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::event::{Event, EventRecord};
use crate::domain::ids::{AccessId, CaseId, CaseworkerId, PersonId};
use crate::domain::time::Instant;

/// What emergency access opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Behind {
    /// A person's file, with their cases.
    Person(PersonId),
    /// One case.
    Case(CaseId),
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Case(case) => case.fmt(f),
        }
    }
}

/// What somebody else found who looked at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReview {
    /// Who looked.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// Whether it was right.
    pub is_justified: bool,
    /// In words.
    pub words: String,
}

/// One emergency access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyAccess {
    /// The number.
    pub id: AccessId,
    /// Counts the events applied.
    pub version: u64,
    /// Whose.
    pub by: CaseworkerId,
    /// To what.
    pub behind: Behind,
    /// Why, in their words.
    pub reason: String,
    /// When it was opened.
    pub at: Instant,
    /// When it ends by itself.
    pub until: Instant,
    /// When they gave it back before.
    pub ended_at: Option<Instant>,
    /// What a second person found.
    pub review: Option<AccessReview>,
}

impl EmergencyAccess {
    /// Whether it opens anything at a moment.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        self.ended_at.is_none() && at < self.until
    }
}

/// What happened to an emergency access. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmergencyEvent {
    /// It was opened.
    Opened {
        /// To what.
        behind: Behind,
        /// Why.
        reason: String,
        /// When it ends by itself.
        until: Instant,
        /// Who was told at once: whoever leads the unit, and those who review accesses.
        told: Vec<CaseworkerId>,
    },
    /// It was given back before its time.
    Ended,
    /// A second person looked at it.
    Reviewed {
        /// Whether it was right.
        is_justified: bool,
        /// In words.
        words: String,
    },
}

/// Applies an event to an emergency access.
#[must_use]
pub fn apply_emergency(
    before: Option<EmergencyAccess>,
    id: AccessId,
    record: &EventRecord,
) -> Option<EmergencyAccess> {
    let Event::Emergency(event) = &record.event else { return before };
    match (before, event) {
        (_, EmergencyEvent::Opened { behind, reason, until, told: _ }) => Some(EmergencyAccess {
            id,
            version: 1,
            by: record.actor,
            behind: *behind,
            reason: reason.clone(),
            at: record.at,
            until: *until,
            ended_at: None,
            review: None,
        }),
        (Some(access), EmergencyEvent::Ended) => Some(EmergencyAccess {
            version: access.version + 1,
            ended_at: Some(record.at),
            ..access
        }),
        (Some(access), EmergencyEvent::Reviewed { is_justified, words }) => Some(EmergencyAccess {
            version: access.version + 1,
            review: Some(AccessReview {
                by: record.actor,
                at: record.at,
                is_justified: *is_justified,
                words: words.clone(),
            }),
            ..access
        }),
        (None, EmergencyEvent::Ended | EmergencyEvent::Reviewed { .. }) => None,
    }
}
