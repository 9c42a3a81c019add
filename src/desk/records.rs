//! How each record is kept: its type tag and schema version in the envelope.

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Record, decode_record, encode_record};
use crate::domain::cases::{Case, Contact, Message};
use crate::domain::knowledge::Subject;
use crate::domain::money::Service;
use crate::domain::office::{Caseworker, Office, Queue, Unit};
use crate::domain::people::{Distinction, Household, Person};
use crate::domain::{Entity, EntityId, EventRecord, Merge};

use super::command::Draft;

macro_rules! record {
    ($($type:ty = $tag:literal;)+) => {
        $(impl Record for $type {
            const TYPE: u8 = $tag;
            const VERSION: u8 = 1;
        })+
    };
}

record! {
    Office = b'O';
    Unit = b'U';
    Queue = b'Q';
    Caseworker = b'W';
    Subject = b'B';
    Person = b'P';
    Household = b'H';
    Case = b'C';
    Contact = b'K';
    Message = b'M';
    Service = b'S';
    Distinction = b'D';
    Likely = b'n';
    Merge = b'G';
    TimelinePage = b't';
    ChainHead = b'c';
    Draft = b'f';
    UndoEntry = b'u';
}

/// Some events of one record, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub(super) struct TimelinePage {
    /// The events.
    pub(super) records: Vec<EventRecord>,
}

/// The newest link of the audit chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub(super) struct ChainHead {
    /// How many events there are.
    pub(super) sequence: u64,
    /// The newest one's hash.
    pub(super) hash: [u8; 32],
}

/// That two people were found likely the same when one of them was registered. It is no event: whoever registered them
/// may not see the other, and must not learn of it from the length of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Likely {
    /// When.
    pub(super) at: crate::domain::time::Instant,
}

/// An act that its actor can undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndoEntry {
    /// The commit that did it.
    pub(super) sequence: u64,
    /// When.
    pub(super) at: crate::domain::time::Instant,
    /// What it was, in words.
    pub(super) label: String,
    /// Each record with the version that the act wrote, and what it was before; nothing for one that the act made.
    pub(super) touched: Vec<(EntityId, u64, Option<Entity>)>,
    /// Whether it has been undone.
    pub(super) is_undone: bool,
}

/// The bytes of a record.
pub(super) fn encode_entity(entity: &Entity) -> Result<Vec<u8>, CodecError> {
    match entity {
        Entity::Office(record) => encode_record(record),
        Entity::Unit(record) => encode_record(record),
        Entity::Queue(record) => encode_record(record),
        Entity::Caseworker(record) => encode_record(record),
        Entity::Subject(record) => encode_record(record),
        Entity::Person(record) => encode_record(&**record),
        Entity::Household(record) => encode_record(record),
        Entity::Case(record) => encode_record(&**record),
        Entity::Contact(record) => encode_record(record),
        Entity::Message(record) => encode_record(record),
        Entity::Service(record) => encode_record(record),
        Entity::Distinction(record) => encode_record(record),
        Entity::Merge(record) => encode_record(&**record),
    }
}

/// The record of these bytes, of the kind that its name says.
pub(super) fn decode_entity(id: &EntityId, bytes: &[u8]) -> Result<Entity, CodecError> {
    Ok(match id {
        EntityId::Office => Entity::Office(decode_record(bytes)?),
        EntityId::Unit(_) => Entity::Unit(decode_record(bytes)?),
        EntityId::Queue(_) => Entity::Queue(decode_record(bytes)?),
        EntityId::Caseworker(_) => Entity::Caseworker(decode_record(bytes)?),
        EntityId::Subject(_) => Entity::Subject(decode_record(bytes)?),
        EntityId::Person(_) => Entity::Person(Box::new(decode_record(bytes)?)),
        EntityId::Household(_) => Entity::Household(decode_record(bytes)?),
        EntityId::Case(_) => Entity::Case(Box::new(decode_record(bytes)?)),
        EntityId::Contact(_) => Entity::Contact(decode_record(bytes)?),
        EntityId::Message(_) => Entity::Message(decode_record(bytes)?),
        EntityId::Service(_) => Entity::Service(decode_record(bytes)?),
        EntityId::Distinction(..) => Entity::Distinction(decode_record(bytes)?),
        EntityId::Merge(_) => Entity::Merge(Box::new(decode_record(bytes)?)),
    })
}
