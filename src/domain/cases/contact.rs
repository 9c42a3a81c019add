//! A contact: one call, visit or letter, with its channel, people and outcome.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, CaseworkerId, ContactId, PersonId};
use crate::domain::time::Instant;

use super::kinds::Channel;

/// Who turned to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The citizen to the office.
    In,
    /// The office to the citizen.
    Out,
}

impl Direction {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// A contact as it is recorded. An inbound contact always ends in something: a case, or an answer in the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// With whom; nobody for an anonymous contact.
    pub person: Option<PersonId>,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
    /// What it was about.
    pub summary: String,
    /// The case that it opened or touched.
    pub case: Option<CaseId>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The number.
    pub id: ContactId,
    /// Counts the events applied.
    pub version: u64,
    /// Who had it.
    pub handler: CaseworkerId,
    /// What it was.
    pub held: NewContact,
    /// Whether it was recorded by mistake and taken back.
    pub is_annulled: bool,
}
