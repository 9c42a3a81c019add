//! Events: what happened, to what, by whom, when and why. The law's record; states are folded from them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answers::{AnswerEvent, RecallTime, Template, TextModule};
use super::cases::{
    Case, CaseEvent, CasePlan, Contact, ContactOutcome, Message, MessageState, NewContact,
    NewPromise, PlanEvent, Promise, SameCheck, Signing, SigningEvent, StartedContact, Verification,
};
use super::ids::{
    AccessId, CaseId, CaseworkerId, ContactId, HouseholdId, MergeId, MessageId, PersonId,
    PromiseId, QueueId, ServiceId, SubjectCode, UnitId,
};
use super::knowledge::Subject;
use super::merge::{Merge, MergeEvent};
use super::money::{DeliveredService, Service};
use super::office::{
    Caseworker, EmergencyAccess, EmergencyEvent, GroupRights, Office, OfficeEvent, Purpose,
    PurposeEvent, Queue, RegisteredPurpose, Rights, RightsEvent, Unit, UnitProfile,
    UnitProfileEvent,
};
use super::people::{Distinction, DistinctionEvent, Household, NewHousehold, Person, PersonEvent};
use super::rules::{Publication, PublicationEvent, PublicationName};
use super::time::Instant;

/// The name of one record. The order of the variants is the order of their keys in the store: append only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntityId {
    /// The office itself.
    Office,
    /// A unit.
    Unit(UnitId),
    /// A queue.
    Queue(QueueId),
    /// A caseworker.
    Caseworker(CaseworkerId),
    /// A subject.
    Subject(SubjectCode),
    /// A person.
    Person(PersonId),
    /// A household.
    Household(HouseholdId),
    /// A case.
    Case(CaseId),
    /// A contact.
    Contact(ContactId),
    /// A message.
    Message(MessageId),
    /// A delivered service.
    Service(ServiceId),
    /// That two people are not one; the lower number first.
    Distinction(PersonId, PersonId),
    /// A promise.
    Promise(PromiseId),
    /// A template of the office, by its key: `done/fa/sms`.
    Template(String),
    /// A text module of the office, by its code.
    TextModule(String),
    /// How long replies wait in this office.
    RecallTime,
    /// A merge.
    Merge(MergeId),
    /// A text of rules.
    Publication(PublicationName),
    /// The plan of a case.
    Plan(CaseId),
    /// The rights of a caseworker, beside their record.
    Rights(CaseworkerId),
    /// What a group of the operating system brings, by its name.
    Group(String),
    /// An emergency access.
    Access(AccessId),
    /// The profile of a unit.
    UnitProfile(UnitId),
    /// What was signed on a case for a second person to sign.
    Signing(CaseId),
    /// A purpose for which citizens' data is read, by its code.
    Purpose(String),
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Office => f.write_str("office"),
            Self::Unit(id) => id.fmt(f),
            Self::Queue(id) => id.fmt(f),
            Self::Caseworker(id) => id.fmt(f),
            Self::Subject(code) => code.fmt(f),
            Self::Person(id) => id.fmt(f),
            Self::Household(id) => id.fmt(f),
            Self::Case(id) => id.fmt(f),
            Self::Contact(id) => id.fmt(f),
            Self::Message(id) => id.fmt(f),
            Self::Service(id) => id.fmt(f),
            Self::Distinction(one, other) => write!(f, "{one}/{other}"),
            Self::Promise(id) => id.fmt(f),
            Self::Template(key) => write!(f, "template {key}"),
            Self::TextModule(code) => write!(f, "text module {code}"),
            Self::RecallTime => f.write_str("waiting time of replies"),
            Self::Merge(id) => id.fmt(f),
            Self::Publication(name) => name.fmt(f),
            Self::Plan(case) => write!(f, "plan of {case}"),
            Self::Rights(id) => write!(f, "rights of {id}"),
            Self::Group(name) => write!(f, "group {name}"),
            Self::Access(id) => id.fmt(f),
            Self::UnitProfile(id) => write!(f, "profile of {id}"),
            Self::Signing(case) => write!(f, "signature on {case}"),
            Self::Purpose(code) => write!(f, "purpose {code}"),
        }
    }
}

/// A record of any kind, as the store keeps it and as undo brings it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entity {
    /// The office itself.
    Office(Office),
    /// A unit.
    Unit(Unit),
    /// A queue.
    Queue(Queue),
    /// A caseworker.
    Caseworker(Caseworker),
    /// A subject.
    Subject(Subject),
    /// A person.
    Person(Arc<Person>),
    /// A household.
    Household(Household),
    /// A case.
    Case(Arc<Case>),
    /// A contact.
    Contact(Contact),
    /// A message.
    Message(Message),
    /// A delivered service.
    Service(Service),
    /// That two people are not one.
    Distinction(Distinction),
    /// A promise.
    Promise(Promise),
    /// A template of the office.
    Template(Template),
    /// A text module of the office.
    TextModule(TextModule),
    /// How long replies wait in this office.
    RecallTime(RecallTime),
    /// A merge.
    Merge(Box<Merge>),
    /// A text of rules.
    Publication(Box<Publication>),
    /// The plan of a case.
    Plan(Arc<CasePlan>),
    /// The rights of a caseworker, beside their record.
    Rights(Rights),
    /// What a group of the operating system brings.
    Group(GroupRights),
    /// An emergency access.
    Access(EmergencyAccess),
    /// The profile of a unit.
    UnitProfile(UnitProfile),
    /// What was signed on a case for a second person to sign.
    Signing(Box<Signing>),
    /// A purpose of the office's register.
    Purpose(RegisteredPurpose),
}

/// What happened. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// To the office.
    Office(OfficeEvent),
    /// To a person.
    Person(PersonEvent),
    /// To a household.
    Household(HouseholdEvent),
    /// To a case.
    Case(CaseEvent),
    /// To a contact.
    Contact(ContactEvent),
    /// To a message.
    Message(MessageEvent),
    /// To a delivered service.
    Service(ServiceEvent),
    /// Somebody opened a file: reading leaves a trace too.
    Opened,
    /// Somebody was shown fields that are masked otherwise.
    Revealed {
        /// Which fields.
        fields: Vec<String>,
    },
    /// Somebody looked at the whole office as it was, as far as their rights reach.
    LookedBack(Past),
    /// Somebody read the audit trail, which is about people too.
    AuditRead(AuditReading),
    /// Two people were told apart, or may be the same again.
    Distinction(DistinctionEvent),
    /// Somebody listed the people who are likely the same as this person, or as anybody in the office.
    DuplicatesListed,
    /// To a promise.
    Promise(PromiseEvent),
    /// To the office's answers.
    Answer(AnswerEvent),
    /// A receipt slip with a new PIN was printed for whoever asked.
    SlipPrinted,
    /// Somebody asked with a reference and PIN how a case stands.
    StatusAsked {
        /// Whether the PIN was right.
        is_right: bool,
    },
    /// To a merge.
    Merge(MergeEvent),
    /// To a text of rules.
    Publication(PublicationEvent),
    /// To the plan of a case.
    Plan(PlanEvent),
    /// To the rights of a caseworker or a group.
    Rights(RightsEvent),
    /// To an emergency access.
    Emergency(EmergencyEvent),
    /// To the profile of a unit.
    UnitProfile(UnitProfileEvent),
    /// Somebody tried to open or to act on a file that is closed to them, and was turned away.
    TurnedAway,
    /// To what was signed on a case.
    Signing(SigningEvent),
    /// To a purpose of the office's register.
    Purpose(PurposeEvent),
}

/// Which part of the audit trail somebody read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReading {
    /// The record whose events were read; all records without.
    pub about: Option<EntityId>,
    /// Whose acts were read; everybody's without.
    pub by: Option<CaseworkerId>,
    /// Whether the events left the office with all that they say, rather than being listed.
    pub is_export: bool,
}

/// A point in the past of an office: just after one of its commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The last commit that belongs to it, counted from 1.
    pub commit: u64,
    /// The last event of the chain up to there; 0 where there was none yet.
    pub event: u64,
    /// The moment that it is in it: the one asked for, or that of its last event.
    pub at: Instant,
}

/// What happened to a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HouseholdEvent {
    /// It was formed.
    Formed(NewHousehold),
    /// An act was undone.
    Reverted(Household),
    /// Its forming was undone: all members have left.
    Annulled,
}

/// What happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactEvent {
    /// It was held.
    Held(NewContact),
    /// It was recorded by mistake.
    Annulled,
    /// It began, and runs.
    Started(StartedContact),
    /// It is known with whom it is, or that it is not whoever was thought.
    PersonSet(Option<PersonId>),
    /// It touched a case.
    CaseAdded(CaseId),
    /// The caller was asked who they are.
    Verified(Verification),
    /// It was added to a case that exists, and this was shown when that was chosen.
    SameChosen(SameCheck),
    /// It ended.
    Ended {
        /// How.
        outcome: ContactOutcome,
        /// What it was about.
        summary: String,
        /// The text of the office's knowledge that was the answer.
        article: Option<String>,
    },
    /// An act was undone: the state before it.
    Reverted(Box<Contact>),
    /// What it is about was written down while it went on.
    SummarySet(String),
}

/// What happened to a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromiseEvent {
    /// It was made.
    Made(NewPromise),
    /// It was tried to keep it, and nobody answered.
    Attempted,
    /// It was kept.
    Kept {
        /// In which contact, where it was kept by one.
        contact: Option<ContactId>,
    },
    /// It was not kept in time, or cannot be.
    Broken {
        /// Why.
        why: String,
        /// What is done to make up for it.
        recovery: String,
    },
    /// The citizen let the office off.
    Released {
        /// In the citizen's words.
        words: String,
    },
    /// Somebody else is to keep it.
    Given {
        /// Who.
        owner: CaseworkerId,
        /// The unit that answers for it now.
        unit: UnitId,
    },
    /// An act was undone: the state before it.
    Reverted(Box<Promise>),
    /// Its making was undone.
    Annulled,
    /// Its time passed while it was open: a rule's own act, once.
    Breached {
        /// Who leads the unit that answers for it, and was told.
        told: Option<CaseworkerId>,
    },
}

/// What happened to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageEvent {
    /// It was queued: the whole first state.
    Queued(Box<Message>),
    /// Its state changed.
    StateSet(MessageState),
}

/// What happened to a delivered service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceEvent {
    /// It was delivered.
    Delivered(DeliveredService),
    /// It was recorded by mistake.
    Reversed,
}

/// An event with its place in the one chain of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Its place in the chain, from 1, without gaps.
    pub sequence: u64,
    /// When it was done, after the clock of whoever carried it out.
    pub at: Instant,
    /// Who did it.
    pub actor: CaseworkerId,
    /// Who was signed in at the operating system, where they acted as somebody else.
    pub on_behalf_of: Option<String>,
    /// The unit that the actor worked for.
    pub unit: UnitId,
    /// To what.
    pub entity: EntityId,
    /// What.
    pub event: Event,
    /// Why, where a reason was asked.
    pub reason: Option<String>,
    /// For which purpose, where personal data was read.
    pub purpose: Option<Purpose>,
    /// The rule that did it, where nobody did.
    pub rule: Option<String>,
    /// Random bytes that keep the commitment from being guessed after the payload is erased.
    pub salt: [u8; 16],
    /// SHA-256 over the previous record's hash and this record.
    pub hash: [u8; 32],
}

impl EventRecord {
    /// A record in no chain, of nobody: for folds, which take from it when something happened and who did it, and for whoever
    /// says the rest.
    #[must_use]
    pub fn alone(entity: EntityId, at: Instant, event: Event) -> Self {
        Self {
            sequence: 0,
            at,
            actor: CaseworkerId(0),
            on_behalf_of: None,
            unit: UnitId(0),
            entity,
            event,
            reason: None,
            purpose: None,
            rule: None,
            salt: [0; 16],
            hash: [0; 32],
        }
    }
}
