//! What is told of the office as a whole, and of its database.

use serde::{Deserialize, Serialize};

use crate::domain::knowledge::Subject;
use crate::domain::office::{Caseworker, Office, Queue, Unit};

/// The office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAnswer {
    /// The office.
    pub office: Office,
    /// Units by number.
    pub units: Vec<Unit>,
    /// Queues by number.
    pub queues: Vec<Queue>,
    /// Caseworkers by number.
    pub caseworkers: Vec<Caseworker>,
    /// Subjects by code.
    pub subjects: Vec<Subject>,
    /// People registered, cases registered, messages.
    pub people: u64,
    /// Cases ever numbered.
    pub cases: u64,
    /// Open ones.
    pub cases_open: u64,
    /// Contacts ever numbered.
    pub contacts: u64,
    /// Events in the audit chain.
    pub events: u64,
}

/// What a family of keys is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyGroup {
    /// Records.
    Record,
    /// Their timelines: the events of the audit chain.
    Timeline,
    /// Lists that follow from records.
    Index,
    /// The search for people.
    Search,
    /// What the desk keeps for itself.
    Own,
    /// Nobody knows: a newer program may have written it.
    Unknown,
}

/// Keys of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusLine {
    /// What they are there for.
    pub group: KeyGroup,
    /// What they are called: `people`, `cases by queue`.
    pub kind: String,
    /// How many.
    pub keys: u64,
    /// Bytes of the keys themselves.
    pub key_bytes: u64,
    /// Bytes of their values.
    pub value_bytes: u64,
}

/// A part of the keys, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusAnswer {
    /// The kinds in this part; a kind may go on in the next one.
    pub lines: Vec<CensusLine>,
    /// Where the next part begins; none where this was the last.
    pub next: Option<u64>,
    /// Events in the audit chain.
    pub events: u64,
    /// The newest commit.
    pub sequence: u64,
}
