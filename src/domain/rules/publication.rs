//! A text of rules and its version: proposed by one person, published by a second one, and never changed afterwards.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::event::EventRecord;
use crate::domain::ids::CaseworkerId;
use crate::domain::time::{Day, Instant};

/// Bytes of one text. Its event and its record have to fit a page of the store.
pub const PUBLICATION_BYTES_MAX: usize = 12_000;

/// What a text is. The order of the variants is the order of keys: append only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PublicationKind {
    /// A case type.
    Type,
    /// A decision table.
    Table,
    /// A business calendar.
    Calendar,
}

impl PublicationKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Type, Self::Table, Self::Calendar];

    /// The word on screens and in commands.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Table => "table",
            Self::Calendar => "calendar",
        }
    }
}

/// The name of a text: what it is, its code, and its version from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicationName {
    /// What it is.
    pub kind: PublicationKind,
    /// Its code, as `objection`: lower-case letters, digits and `-`.
    pub code: String,
    /// Its version.
    pub version: u32,
}

impl fmt::Display for PublicationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}@{}", self.kind.label(), self.code, self.version)
    }
}

/// How far a text has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicationState {
    /// Somebody proposes it; it is not in force.
    Proposed,
    /// A second person published it: it is in force from its day on, until a newer version is.
    Published {
        /// Who published it.
        by: CaseworkerId,
        /// When.
        at: Instant,
    },
    /// The proposal was taken back.
    Withdrawn,
}

/// A text of rules with its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Its name.
    pub name: PublicationName,
    /// Counts the events applied.
    pub version: u64,
    /// The text, byte for byte as it was proposed.
    pub text: String,
    /// The day from which it is in force.
    pub from: Day,
    /// Who proposed it.
    pub proposed_by: CaseworkerId,
    /// When.
    pub proposed_at: Instant,
    /// How far it has come.
    pub state: PublicationState,
}

impl Publication {
    /// Whether it has been published: cases may have begun under it, and it is kept for good.
    #[must_use]
    pub fn is_published(&self) -> bool {
        matches!(self.state, PublicationState::Published { .. })
    }
}

/// What happened to a text of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicationEvent {
    /// It was proposed, or proposed again with another text before anybody published it.
    Proposed {
        /// The text.
        text: String,
        /// The day from which it is to be in force.
        from: Day,
    },
    /// It was published.
    Published,
    /// The proposal was taken back.
    Withdrawn,
}

/// The text after an event. What is published changes no more.
#[must_use]
pub fn apply_publication(
    before: Option<Publication>,
    name: &PublicationName,
    record: &EventRecord,
    event: &PublicationEvent,
) -> Option<Publication> {
    if before.as_ref().is_some_and(Publication::is_published) {
        return before;
    }
    let version = before.as_ref().map_or(0, |before| before.version) + 1;
    match event {
        PublicationEvent::Proposed { text, from } => Some(Publication {
            name: name.clone(),
            version,
            text: text.clone(),
            from: *from,
            proposed_by: record.actor,
            proposed_at: record.at,
            state: PublicationState::Proposed,
        }),
        PublicationEvent::Published => before.map(|before| Publication {
            version,
            state: PublicationState::Published { by: record.actor, at: record.at },
            ..before
        }),
        PublicationEvent::Withdrawn => before.map(|before| Publication {
            version,
            state: PublicationState::Withdrawn,
            ..before
        }),
    }
}
