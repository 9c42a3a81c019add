//! How each record is kept: its type tag and schema version in the envelope.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Record, decode_payload, decode_record, encode_record};
use crate::domain::answers::{RecallTime, Template, TextModule};
use crate::domain::cases::{Case, CasePlan, Contact, ContactV1, Message, Promise, Signing};
use crate::domain::knowledge::Subject;
use crate::domain::money::Service;
use crate::domain::office::{
    Caseworker, EmergencyAccess, GroupRights, Office, Queue, RegisteredPurpose, Rights, Unit,
    UnitProfile,
};
use crate::domain::people::{Distinction, Household, Person};
use crate::domain::rules::Publication;
use crate::domain::{Entity, EntityId, EventRecord, Merge};

use super::attendance::Lease;
use super::command::{Draft, Macro, SavedViews};
use super::here::{LastHere, News, Tally};
use super::place::KeptPlace;

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
    Message = b'M';
    Service = b'S';
    Distinction = b'D';
    Template = b'T';
    TextModule = b'Y';
    RecallTime = b'Z';
    ReferencePin = b'N';
    Likely = b'n';
    Attempt = b'a';
    Merge = b'G';
    Publication = b'E';
    CasePlan = b'A';
    TimelinePage = b't';
    ChainHead = b'c';
    Draft = b'f';
    UndoPart = b'v';
    Macro = b'm';
    LastHere = b'h';
    News = b'I';
    Tally = b'J';
    Promise = b'R';
    KeptPlace = b'w';
    Lease = b'3';
    SavedViews = b's';
    Rights = b'V';
    GroupRights = b'L';
    EmergencyAccess = b'X';
    Signing = b'4';
    UnitProfile = b'F';
    RegisteredPurpose = b'6';
}

impl Record for UndoEntry {
    const TYPE: u8 = b'u';
    /// Since 2 an act on many cases lies in parts beside its entry.
    const VERSION: u8 = 2;

    fn upgrade(version: u8, payload: &[u8]) -> Result<Self, CodecError> {
        if version != 1 {
            return Err(CodecError::UnknownVersion { type_tag: Self::TYPE, version });
        }
        let UndoEntryV1 { sequence, at, label, touched, is_undone } = decode_payload(payload)?;
        Ok(Self { sequence, at, label, touched, is_undone, many: None })
    }
}

impl Record for Contact {
    const TYPE: u8 = b'K';
    /// Since 2 a contact can run, and has cases, an outcome and a verification.
    const VERSION: u8 = 2;

    fn upgrade(version: u8, payload: &[u8]) -> Result<Self, CodecError> {
        match version {
            1 => decode_payload::<ContactV1>(payload).map(Self::from),
            version => Err(CodecError::UnknownVersion { type_tag: Self::TYPE, version }),
        }
    }
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

/// That somebody was turned away from a file that is closed to them. The event on the record tells the same: this lies beside
/// it so that the newest are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempt {
    /// When.
    pub(super) at: crate::domain::time::Instant,
    /// Who.
    pub(super) by: crate::domain::CaseworkerId,
    /// From which record.
    pub(super) on: EntityId,
}

/// What is kept of a case's PIN. It is no event and lies outside the chain: nobody can tell the PIN from it but by trying
/// all, and printing a slip again makes another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReferencePin {
    /// Random bytes, of this PIN alone.
    pub(super) salt: [u8; 16],
    /// What the PIN comes to with them.
    pub(super) hash: [u8; 32],
    /// Wrong PINs since the last right one.
    pub(super) wrong: u32,
    /// Until when none is looked at.
    pub(super) closed_until: Option<crate::domain::time::Instant>,
}
/// Each record that an act changed, with the version that it wrote, and what it was before; nothing for one that it made.
pub(super) type Touched = Vec<(EntityId, u64, Option<Entity>)>;

/// An act that its actor can undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndoEntry {
    /// The commit that did it.
    pub(super) sequence: u64,
    /// When.
    pub(super) at: crate::domain::time::Instant,
    /// What it was, in words.
    pub(super) label: String,
    /// What it changed, unless it was an act on many cases.
    pub(super) touched: Touched,
    /// Whether it has been undone.
    pub(super) is_undone: bool,
    /// Where it was an act on many cases: what it changed lies in parts beside the entry.
    pub(super) many: Option<UndoMany>,
}

/// An [`UndoEntry`] as it was kept before acts on many cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct UndoEntryV1 {
    sequence: u64,
    at: crate::domain::time::Instant,
    label: String,
    touched: Touched,
    is_undone: bool,
}

/// How far an act on many cases is kept and undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndoMany {
    /// Parts that lie beside the entry, numbered from 0.
    pub(super) parts: u32,
    /// Parts that are still to be undone: those with the lower numbers.
    pub(super) left: u32,
    /// Cases that the parts hold.
    pub(super) cases: u32,
    /// Cases that were put back.
    pub(super) undone: u32,
}

/// A part of an act on many cases that its actor can undo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndoPart {
    /// What was changed of each case.
    pub(super) cases: Vec<Touched>,
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
        Entity::Promise(record) => encode_record(record),
        Entity::Template(record) => encode_record(record),
        Entity::TextModule(record) => encode_record(record),
        Entity::RecallTime(record) => encode_record(record),
        Entity::Merge(record) => encode_record(&**record),
        Entity::Publication(record) => encode_record(&**record),
        Entity::Plan(record) => encode_record(&**record),
        Entity::Rights(record) => encode_record(record),
        Entity::Group(record) => encode_record(record),
        Entity::Access(record) => encode_record(record),
        Entity::UnitProfile(record) => encode_record(record),
        Entity::Signing(record) => encode_record(&**record),
        Entity::Purpose(record) => encode_record(record),
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
        EntityId::Person(_) => Entity::Person(Arc::new(decode_record(bytes)?)),
        EntityId::Household(_) => Entity::Household(decode_record(bytes)?),
        EntityId::Case(_) => Entity::Case(Arc::new(decode_record(bytes)?)),
        EntityId::Contact(_) => Entity::Contact(decode_record(bytes)?),
        EntityId::Message(_) => Entity::Message(decode_record(bytes)?),
        EntityId::Service(_) => Entity::Service(decode_record(bytes)?),
        EntityId::Distinction(..) => Entity::Distinction(decode_record(bytes)?),
        EntityId::Promise(_) => Entity::Promise(decode_record(bytes)?),
        EntityId::Template(_) => Entity::Template(decode_record(bytes)?),
        EntityId::TextModule(_) => Entity::TextModule(decode_record(bytes)?),
        EntityId::RecallTime => Entity::RecallTime(decode_record(bytes)?),
        EntityId::Merge(_) => Entity::Merge(Box::new(decode_record(bytes)?)),
        EntityId::Publication(_) => Entity::Publication(Box::new(decode_record(bytes)?)),
        EntityId::Plan(_) => Entity::Plan(Arc::new(decode_record(bytes)?)),
        EntityId::Rights(_) => Entity::Rights(decode_record(bytes)?),
        EntityId::Group(_) => Entity::Group(decode_record(bytes)?),
        EntityId::Access(_) => Entity::Access(decode_record(bytes)?),
        EntityId::UnitProfile(_) => Entity::UnitProfile(decode_record(bytes)?),
        EntityId::Signing(_) => Entity::Signing(Box::new(decode_record(bytes)?)),
        EntityId::Purpose(_) => Entity::Purpose(decode_record(bytes)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::encode;
    use crate::domain::PersonId;
    use crate::domain::time::Instant;

    #[test]
    fn what_could_be_undone_before_acts_on_many_can_still_be() {
        let touched = vec![(EntityId::Person(PersonId(7)), 3, None)];
        let (at, label) = (Instant::from_milliseconds(1_000), "Noted.".to_owned());
        let old = UndoEntryV1 { sequence: 9, at, label: label.clone(), touched, is_undone: false };
        let bytes = encode(b'u', 1, &old).unwrap();
        // Sequence, when, label, one record with its version and no state before, and that it is not undone.
        let payload =
            [9, 0xfb, 0xd0, 0x07, 6, b'N', b'o', b't', b'e', b'd', b'.', 1, 5, 7, 3, 0, 0];
        assert_eq!(bytes[7..], payload);
        let entry: UndoEntry = decode_record(&bytes).unwrap();
        assert_eq!((entry.label, entry.touched, entry.many), (label, old.touched, None));
    }
}
