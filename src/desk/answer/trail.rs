//! What may be shown of the audit trail, and of the office as it was.

use serde::{Deserialize, Serialize};

use crate::domain::office::Purpose;
use crate::domain::time::Instant;
use crate::domain::{CaseworkerId, EntityId, Event, PersonId, UnitId};

/// A place in the audit trail, between two of its events: where a page ends and the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrailPlace {
    /// The commit of the journal that was read last; 0 for none. It says only where reading on begins.
    pub commit: u64,
    /// The last event before the place; 0 for the beginning.
    pub event: u64,
}

/// A page of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailAnswer {
    /// Its events, as far as they were meant and may be known, oldest first.
    pub lines: Vec<TrailLine>,
    /// Where it ends.
    pub place: TrailPlace,
    /// The event that recorded the reading: there the trail ends for it.
    pub until: u64,
    /// Whether this page reaches it.
    pub is_done: bool,
}

/// An event of the trail, as far as the reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrailLine {
    /// One of a record that may be known to be there.
    Event(Box<TrailEvent>),
    /// In an export, one of a record that may not: its place in the chain, and nothing more.
    Hidden(HiddenEvent),
}

/// Who did what, to which record, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEvent {
    /// Its place in the chain.
    pub sequence: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: CaseworkerId,
    /// Who was signed in at the operating system, where they acted as somebody else.
    pub on_behalf_of: Option<String>,
    /// The unit that the actor worked for.
    pub unit: UnitId,
    /// To what.
    pub entity: EntityId,
    /// What was done, in a word.
    pub what: String,
    /// Why, where a reason was asked.
    pub reason: Option<String>,
    /// For which purpose, where personal data was read.
    pub purpose: Option<Purpose>,
    /// The rule that did it, where nobody did.
    pub rule: Option<String>,
    /// What stands in the chain for what it says.
    pub commitment: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
    /// What it says: in an export alone, and not where it names somebody or a case that the reader may not know of.
    pub said: Option<SaidEvent>,
}

/// What an event says, and what its commitment was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidEvent {
    /// Random bytes.
    pub salt: [u8; 16],
    /// What happened.
    pub event: Event,
}

/// The place of an event whose record the reader may not know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenEvent {
    /// Its place in the chain.
    pub sequence: u64,
    /// When.
    pub at: Instant,
    /// What stands in the chain for what it says.
    pub commitment: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
}

/// What following the audit chain over some events has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailCheckAnswer {
    /// What is not as it was chained, in sentences.
    pub findings: Vec<String>,
    /// The places and hashes of the events, in order, to compare anchors with.
    pub hashes: Vec<(u64, [u8; 32])>,
    /// Where it ends.
    pub place: TrailPlace,
    /// The last event of the chain, as the database has it.
    pub head: u64,
    /// Whether this was all.
    pub is_done: bool,
}

/// People whose files are closed to the actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedFilesAnswer {
    /// Their numbers, in order.
    pub people: Vec<PersonId>,
}
