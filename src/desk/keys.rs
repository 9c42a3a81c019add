//! Where every record and index lives: one byte of tag, then big-endian parts, so that the order of keys is the order of lists.
//!
//! Keys are dear (about 41 bytes of memory each in sled), so an index exists only where a query reads it: a person
//! takes at most three keys outside search, a case about six, and nine at the most.

use std::borrow::Cow;

use crate::domain::cases::Lane;
use crate::domain::rules::PublicationKind;
use crate::domain::time::{Day, Instant};
use crate::domain::{
    CaseId, CaseworkerId, ContactId, EntityId, MergeId, MessageId, PersonId, QueueId, ServiceId,
    SubjectCode, UnitId,
};
use crate::store::KeyRange;

use super::answer::KeyGroup;
use super::class::Class;

/// Tags that stand first in a key. 0x00 belongs to the store itself.
pub(super) mod tag {
    /// The version of this layout.
    pub(in crate::desk) const LAYOUT: u8 = 0x01;
    /// Since which commit the directory is as it is.
    pub(in crate::desk) const DIRECTORY: u8 = b'L';
    pub(in crate::desk) const OFFICE: u8 = b'O';
    pub(in crate::desk) const UNIT: u8 = b'U';
    pub(in crate::desk) const QUEUE: u8 = b'Q';
    pub(in crate::desk) const CASEWORKER: u8 = b'W';
    pub(in crate::desk) const SUBJECT: u8 = b'B';
    pub(in crate::desk) const PERSON: u8 = b'P';
    pub(in crate::desk) const HOUSEHOLD: u8 = b'H';
    pub(in crate::desk) const CASE: u8 = b'C';
    pub(in crate::desk) const CONTACT: u8 = b'K';
    pub(in crate::desk) const MESSAGE: u8 = b'M';
    pub(in crate::desk) const SERVICE: u8 = b'S';
    /// Pairs of people who were told apart.
    pub(in crate::desk) const DISTINCTION: u8 = b'D';
    pub(in crate::desk) const MERGE: u8 = b'G';
    /// Merges in force, by the record that was merged and by the survivor.
    pub(in crate::desk) const MERGED: u8 = b'g';
    /// Pairs of people who are likely the same, for whoever may see both.
    pub(in crate::desk) const LIKELY: u8 = b'n';
    /// Events of a record, in pages.
    pub(in crate::desk) const TIMELINE: u8 = b't';
    /// That a record was opened, in pages of the same form.
    pub(in crate::desk) const READING: u8 = b'7';
    /// Counters and the head of the chain.
    pub(in crate::desk) const COUNTER: u8 = b'c';
    /// Cases of a queue, in its order.
    pub(in crate::desk) const IN_QUEUE: u8 = b'q';
    /// Cases of an owner, in the order of their due dates.
    pub(in crate::desk) const OF_OWNER: u8 = b'o';
    /// Open escalations to and from a caseworker.
    pub(in crate::desk) const ESCALATED: u8 = b'e';
    /// Messages that wait or failed, by unit.
    pub(in crate::desk) const MAIL: u8 = b'm';
    /// Cases of a person.
    pub(in crate::desk) const OF_PERSON: u8 = b'p';
    /// Holds by the day on which they end.
    pub(in crate::desk) const HELD_UNTIL: u8 = b'd';
    /// People whom not everybody may see.
    pub(in crate::desk) const RESTRICTED: u8 = b'y';
    /// Relationships by the other person.
    pub(in crate::desk) const RELATED: u8 = b'r';
    /// Services of a person, newest first.
    pub(in crate::desk) const SERVICE_OF: u8 = b'v';
    /// Contacts of a person, newest first.
    pub(in crate::desk) const CONTACT_OF: u8 = b'l';
    /// Open cases of a subject.
    pub(in crate::desk) const OF_SUBJECT: u8 = b'j';
    /// Records by their source and reference.
    pub(in crate::desk) const ORIGIN: u8 = b'x';
    /// The index of people's names and numbers.
    pub(in crate::desk) const SEARCH: u8 = b'i';
    /// Templates, text modules and the waiting time of an office.
    pub(in crate::desk) const ANSWERS: u8 = b'T';
    /// Messages that can still be recalled, by the time at which they are handed over.
    pub(in crate::desk) const OUTBOX: u8 = b'z';
    /// PINs of references, and how often text modules were used.
    pub(in crate::desk) const REFERENCE: u8 = b'N';
    /// Drafts.
    pub(in crate::desk) const DRAFT: u8 = b'f';
    /// What a caseworker keeps for themselves: saved views and macros.
    pub(in crate::desk) const OWN: u8 = b's';
    /// Acts that can be undone.
    pub(in crate::desk) const UNDO: u8 = b'u';
    /// When a caseworker was last here, what came for them meanwhile, and what they did today.
    pub(in crate::desk) const HERE: u8 = b'h';
    /// Where caseworkers are on their screens.
    pub(in crate::desk) const PLACE: u8 = b'w';
    /// Contacts that run, by whoever has them.
    pub(in crate::desk) const RUNNING: u8 = b'k';
    /// Promises.
    pub(in crate::desk) const PROMISE: u8 = b'R';
    /// Promises of a unit and of a caseworker, by time.
    pub(in crate::desk) const PROMISED: u8 = b'a';
    /// Promises to a person and on a case, open ones first.
    pub(in crate::desk) const PROMISE_TO: u8 = b'b';
    /// Published texts: case types, tables, calendars.
    pub(in crate::desk) const PUBLICATION: u8 = b'Y';
    /// What the type of a case makes of it.
    pub(in crate::desk) const PLAN: u8 = b'A';
    /// Cases by the moment at which they may escalate by themselves.
    pub(in crate::desk) const WATCHED: u8 = b'E';
    /// Cases by when their citizen, who was asked for something, is to be reminded.
    pub(in crate::desk) const ASKED: u8 = b'I';
    /// Rights of caseworkers and of groups.
    pub(in crate::desk) const RIGHTS: u8 = b'V';
    /// Emergency accesses.
    pub(in crate::desk) const ACCESS: u8 = b'X';
    /// Profiles of units.
    pub(in crate::desk) const UNIT_PROFILE: u8 = b'F';
    /// Who was turned away from closed files, newest first.
    pub(in crate::desk) const ATTEMPT: u8 = b'J';
    /// Leases on composing.
    pub(in crate::desk) const LEASE: u8 = b'3';
    /// Since when nobody covers a unit's queues, as it was told last.
    pub(in crate::desk) const GAP: u8 = b'Z';
    /// What was signed on cases for a second person to sign.
    pub(in crate::desk) const SIGNING: u8 = b'4';
    /// Of these, what waits for its second signature, and what was sent back to somebody.
    pub(in crate::desk) const TO_SIGN: u8 = b'5';
    /// The office's own register of purposes.
    pub(in crate::desk) const PURPOSE: u8 = b'6';
}

/// Families that the store of an office with many sessions does well to keep in memory, as far as there is room: those first
/// that nearly every list reads, which grow with what is open, waits or runs; then what files and searches read; last the
/// timelines, of which there are most. Cases and people are not among them: the desk keeps those that it has decoded.
pub const FAMILIES_IN_MEMORY: &[u8] = &[
    tag::COUNTER,
    tag::IN_QUEUE,
    tag::OF_OWNER,
    tag::ESCALATED,
    tag::MAIL,
    tag::MERGED,
    tag::OF_SUBJECT,
    tag::RESTRICTED,
    tag::PROMISED,
    tag::PROMISE_TO,
    tag::HELD_UNTIL,
    tag::WATCHED,
    tag::ASKED,
    tag::OUTBOX,
    tag::RUNNING,
    tag::DRAFT,
    tag::LEASE,
    tag::GAP,
    tag::TO_SIGN,
    tag::UNDO,
    tag::HERE,
    tag::RELATED,
    tag::OF_PERSON,
    tag::CONTACT_OF,
    tag::SERVICE_OF,
    tag::HOUSEHOLD,
    tag::PLAN,
    tag::SEARCH,
    tag::CONTACT,
    tag::MESSAGE,
    tag::READING,
    tag::TIMELINE,
];

/// What the keys of a tag are there for, and what they are called.
pub(super) fn family(tag: u8) -> (KeyGroup, Cow<'static, str>) {
    use KeyGroup as G;
    let (group, name) = match tag {
        tag::OFFICE | tag::UNIT | tag::QUEUE | tag::CASEWORKER | tag::SUBJECT => {
            (G::Record, "office")
        }
        tag::PERSON => (G::Record, "people"),
        tag::HOUSEHOLD => (G::Record, "households"),
        tag::CASE => (G::Record, "cases"),
        tag::CONTACT => (G::Record, "contacts"),
        tag::MESSAGE => (G::Record, "messages"),
        tag::SERVICE => (G::Record, "services"),
        tag::RIGHTS => (G::Record, "rights"),
        tag::ACCESS => (G::Record, "emergency accesses"),
        tag::UNIT_PROFILE => (G::Record, "profiles of units"),
        tag::SIGNING => (G::Record, "signatures"),
        tag::PURPOSE => (G::Record, "purposes"),
        tag::TO_SIGN => (G::Index, "signatures that wait"),
        tag::DISTINCTION => (G::Record, "people told apart"),
        tag::PROMISE => (G::Record, "promises"),
        tag::RUNNING => (G::Index, "running contacts"),
        tag::ANSWERS => (G::Record, "answers"),
        tag::PROMISED => (G::Index, "promises by time"),
        tag::PROMISE_TO => (G::Index, "promises by person and case"),
        tag::MERGE => (G::Record, "merges"),
        tag::MERGED => (G::Index, "what was merged"),
        tag::TIMELINE => (G::Timeline, "timelines"),
        tag::READING => (G::Timeline, "readings"),
        tag::IN_QUEUE => (G::Index, "cases by queue"),
        tag::OF_OWNER => (G::Index, "cases by owner"),
        tag::ESCALATED => (G::Index, "escalations"),
        tag::MAIL => (G::Index, "mail that waits"),
        tag::OF_PERSON => (G::Index, "cases by person"),
        tag::HELD_UNTIL => (G::Index, "holds by day"),
        tag::RESTRICTED => (G::Index, "restricted people"),
        tag::RELATED => (G::Index, "relatives"),
        tag::SERVICE_OF => (G::Index, "services by person"),
        tag::CONTACT_OF => (G::Index, "contacts by person"),
        tag::OF_SUBJECT => (G::Index, "open cases by subject"),
        tag::ORIGIN => (G::Index, "sources"),
        tag::OUTBOX => (G::Index, "outbox by time"),
        tag::PUBLICATION => (G::Record, "rules"),
        tag::PLAN => (G::Record, "plans of cases"),
        tag::WATCHED => (G::Index, "cases by next escalation"),
        tag::ASKED => (G::Index, "cases by next reminder"),
        tag::SEARCH => (G::Search, "search"),
        tag::LAYOUT | tag::DIRECTORY | tag::COUNTER => (G::Own, "counters"),
        tag::DRAFT => (G::Own, "drafts"),
        tag::UNDO => (G::Own, "undo"),
        tag::HERE => (G::Own, "since you left"),
        tag::PLACE => (G::Own, "places on the screen"),
        tag::LEASE => (G::Own, "leases on composing"),
        tag::OWN => (G::Own, "saved views and macros"),
        tag::LIKELY => (G::Own, "likely duplicates"),
        tag::ATTEMPT => (G::Own, "attempts on closed files"),
        tag::REFERENCE => (G::Own, "PINs and uses"),
        tag::GAP => (G::Own, "gaps of cover"),
        _ => return (G::Unknown, format!("unknown, tag {tag:#04x}").into()),
    };
    (group, name.into())
}

/// A key under construction.
pub(super) struct Key(Vec<u8>);

impl Key {
    pub(super) fn new(tag: u8) -> Self {
        Self(vec![tag])
    }

    pub(super) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub(super) fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    fn class(mut self, class: &Class) -> Self {
        self.0.extend(class.bytes());
        self
    }

    fn record(mut self, id: &EntityId) -> Self {
        self.0.extend(entity(id));
        self
    }

    /// A signed number, so that negative ones come first.
    pub(super) fn signed(mut self, number: i64) -> Self {
        self.0.extend_from_slice(&(number.cast_unsigned() ^ (1 << 63)).to_be_bytes());
        self
    }

    /// A text that is followed by more parts: no text holds the byte that ends it.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|byte| *byte != 0));
        self.0.push(0);
        self
    }

    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn range(self) -> KeyRange {
        KeyRange::prefix(&self.0)
    }
}

/// Where the texts of rules live, of one kind or of all.
pub(super) fn rules_of(kind: Option<PublicationKind>) -> Key {
    let key = Key::new(tag::PUBLICATION);
    match kind.and_then(|kind| PublicationKind::ALL.iter().position(|known| *known == kind)) {
        Some(kind) => key.byte(u8::try_from(kind).unwrap_or(u8::MAX)),
        None => key,
    }
}

/// Where a record lives.
pub(super) fn entity(id: &EntityId) -> Vec<u8> {
    entity_part(id).done()
}

fn entity_part(id: &EntityId) -> Key {
    match id {
        EntityId::Office => Key::new(tag::OFFICE),
        EntityId::Unit(id) => Key::new(tag::UNIT).number(id.0),
        EntityId::Queue(id) => Key::new(tag::QUEUE).number(id.0),
        EntityId::Caseworker(id) => Key::new(tag::CASEWORKER).number(id.0),
        EntityId::Subject(code) => Key::new(tag::SUBJECT).text(&code.0),
        EntityId::Person(id) => Key::new(tag::PERSON).number(id.0),
        EntityId::Household(id) => Key::new(tag::HOUSEHOLD).number(id.0),
        EntityId::Case(id) => Key::new(tag::CASE).number(id.0),
        EntityId::Contact(id) => Key::new(tag::CONTACT).number(id.0),
        EntityId::Message(id) => Key::new(tag::MESSAGE).number(id.0),
        EntityId::Service(id) => Key::new(tag::SERVICE).number(id.0),
        EntityId::Distinction(one, other) => {
            Key::new(tag::DISTINCTION).number(one.0).number(other.0)
        }
        EntityId::Promise(id) => Key::new(tag::PROMISE).number(id.0),
        EntityId::Template(key) => Key::new(tag::ANSWERS).byte(0).text(key),
        EntityId::TextModule(code) => Key::new(tag::ANSWERS).byte(1).text(code),
        EntityId::RecallTime => Key::new(tag::ANSWERS).byte(2),
        EntityId::Merge(id) => Key::new(tag::MERGE).number(id.0),
        EntityId::Publication(name) => {
            rules_of(Some(name.kind)).text(&name.code).number(u64::from(name.version))
        }
        EntityId::Plan(case) => Key::new(tag::PLAN).number(case.0),
        EntityId::Rights(id) => Key::new(tag::RIGHTS).byte(0).number(id.0),
        EntityId::Group(name) => Key::new(tag::RIGHTS).byte(1).text(name),
        EntityId::Access(id) => Key::new(tag::ACCESS).number(id.0),
        EntityId::UnitProfile(id) => Key::new(tag::UNIT_PROFILE).number(id.0),
        EntityId::Signing(case) => Key::new(tag::SIGNING).number(case.0),
        EntityId::Purpose(code) => Key::new(tag::PURPOSE).text(code),
    }
}

/// The pages of a record's timeline.
pub(super) fn timeline(id: &EntityId) -> Key {
    events_of(tag::TIMELINE, id)
}

/// The pages of a record's readings.
pub(super) fn readings(id: &EntityId) -> Key {
    events_of(tag::READING, id)
}

fn events_of(tag: u8, id: &EntityId) -> Key {
    let mut key = Key::new(tag);
    key.0.extend(entity_part(id).done());
    key
}

/// A case in its queue's order.
pub(super) fn in_queue(queue: QueueId, lane: Lane, due_at: Instant, case: CaseId) -> Vec<u8> {
    lane_of(queue, lane).signed(due_at.milliseconds()).number(case.0).done()
}

/// A lane of a queue.
pub(super) fn lane_of(queue: QueueId, lane: Lane) -> Key {
    Key::new(tag::IN_QUEUE).number(queue.0).byte(lane_byte(lane))
}

pub(super) fn lane_byte(lane: Lane) -> u8 {
    match lane {
        Lane::Free => 0,
        Lane::Claimed => 1,
        Lane::Waiting => 2,
    }
}

/// Since when nobody covers a unit's queues, in milliseconds, as long as that has been told and is so.
pub(super) fn gap_of(unit: UnitId) -> Vec<u8> {
    Key::new(tag::GAP).number(unit.0).done()
}

/// A person whom not everybody who reads people may see; the value says who may.
pub(super) fn restricted(person: PersonId) -> Vec<u8> {
    Key::new(tag::RESTRICTED).number(person.0).done()
}

/// The cases of an owner.
pub(super) fn of_owner(owner: CaseworkerId) -> Key {
    Key::new(tag::OF_OWNER).number(owner.0)
}

/// The escalations to or from a caseworker.
pub(super) fn escalated(caseworker: CaseworkerId) -> Key {
    Key::new(tag::ESCALATED).number(caseworker.0)
}

/// Messages that can be recalled, in the order in which they are handed over.
pub(super) fn outbox() -> Key {
    Key::new(tag::OUTBOX)
}

/// What waits for a second signature, oldest first.
pub(super) fn to_sign() -> Key {
    Key::new(tag::TO_SIGN).byte(0)
}

/// What was sent back to whoever had signed first.
pub(super) fn sent_back_to(first: CaseworkerId) -> Key {
    Key::new(tag::TO_SIGN).byte(1).number(first.0)
}

/// The PIN of a case's reference.
pub(super) fn pin_of(case: CaseId) -> Vec<u8> {
    Key::new(tag::REFERENCE).byte(0).number(case.0).done()
}

/// How often a text module was used.
pub(super) fn uses_of(module: &str) -> Vec<u8> {
    Key::new(tag::REFERENCE).byte(1).text(module).done()
}

/// Cases by the moment at which their citizen, who was asked for something, is to be reminded.
pub(super) fn asked() -> Key {
    Key::new(tag::ASKED)
}

/// Cases by the moment at which they may escalate by themselves.
pub(super) fn watched() -> Key {
    Key::new(tag::WATCHED)
}

/// The messages of a unit that are queued (0), failed (1), can still be recalled (2) or came back (3).
pub(super) fn mail(unit: UnitId) -> Key {
    Key::new(tag::MAIL).number(unit.0)
}

/// Two people who are likely the same and were found so without anybody being shown it, the lower number first.
pub(super) fn likely(one: PersonId, other: PersonId) -> Vec<u8> {
    Key::new(tag::LIKELY).number(one.0).number(other.0).done()
}

/// That somebody was turned away from a closed file.
pub(super) fn attempt(at: Instant, by: CaseworkerId, on: &EntityId) -> Vec<u8> {
    Key::new(tag::ATTEMPT).signed(-at.milliseconds()).number(by.0).record(on).done()
}

/// The merge that a record went into another one by; the value is its number.
pub(super) fn merged(id: &EntityId) -> Vec<u8> {
    Key(vec![tag::MERGED, 0]).record(id).done()
}

/// The merges by which others went into a record; the values are the numbers of those.
pub(super) fn absorbed(id: &EntityId) -> Key {
    Key(vec![tag::MERGED, 1]).record(id)
}

/// One of them.
pub(super) fn absorbed_by(id: &EntityId, merge: MergeId) -> Vec<u8> {
    absorbed(id).number(merge.0).done()
}

/// The cases of a person, open ones first.
pub(super) fn of_person(person: PersonId) -> Key {
    Key::new(tag::OF_PERSON).number(person.0)
}

/// Holds that end on a day.
pub(super) fn held_until(day: Day) -> Key {
    Key::new(tag::HELD_UNTIL).signed(i64::from(day.number()))
}

/// People who state a relationship to somebody.
pub(super) fn related(to: PersonId) -> Key {
    Key::new(tag::RELATED).number(to.0)
}

/// The services of a person.
pub(super) fn services_of(person: PersonId) -> Key {
    Key::new(tag::SERVICE_OF).number(person.0)
}

/// A service of a person, newest first.
pub(super) fn service_of(person: PersonId, on: Day, service: ServiceId) -> Vec<u8> {
    services_of(person).signed(-i64::from(on.number())).number(service.0).done()
}

/// The contacts of a person.
pub(super) fn contacts_of(person: PersonId) -> Key {
    Key::new(tag::CONTACT_OF).number(person.0)
}

/// A contact of a person, newest first.
pub(super) fn contact_of(person: PersonId, at: Instant, contact: ContactId) -> Vec<u8> {
    contacts_of(person).signed(-at.milliseconds()).number(contact.0).done()
}

/// The contacts of somebody that run.
pub(super) fn running_of(handler: CaseworkerId) -> Key {
    Key::new(tag::RUNNING).number(handler.0)
}

/// The open promises of a unit, in the order in which they are due.
pub(super) fn promised_by(unit: UnitId) -> Key {
    Key::new(tag::PROMISED).byte(0).number(unit.0)
}

/// The open promises that somebody is to keep, in the order in which they are due.
pub(super) fn promises_of(owner: CaseworkerId) -> Key {
    Key::new(tag::PROMISED).byte(1).number(owner.0)
}

/// The promises of a unit that have ended, the newest first.
pub(super) fn promises_over(unit: UnitId) -> Key {
    Key::new(tag::PROMISED).byte(2).number(unit.0)
}

/// The open promises of the office that no rule has found late yet, in the order in which they are due.
pub(super) fn promises_in_time() -> Key {
    Key::new(tag::PROMISED).byte(3)
}

/// The promises to a person, open ones first.
pub(super) fn promises_to(person: PersonId) -> Key {
    Key::new(tag::PROMISE_TO).byte(0).number(person.0)
}

/// The promises about a case, open ones first.
pub(super) fn promises_on(case: CaseId) -> Key {
    Key::new(tag::PROMISE_TO).byte(1).number(case.0)
}

/// The open cases of a subject.
pub(super) fn of_subject(subject: &SubjectCode) -> Key {
    Key::new(tag::OF_SUBJECT).text(&subject.0)
}

/// What was imported from a source under a reference; `kind` keeps cases and people apart.
pub(super) fn origin(kind: u8, source: &str, reference: &str) -> Vec<u8> {
    Key::new(tag::ORIGIN).byte(kind).text(source).text(reference).done()
}

/// Where the case stands in the key of a message in its lane.
pub(super) const MAIL_CASE_AT: usize = 10;

/// A message in its lane of the unit's mail.
pub(super) fn mail_of(unit: UnitId, lane: u8, case: CaseId, message: MessageId) -> Vec<u8> {
    mail(unit).byte(lane).number(case.0).number(message.0).done()
}

/// The last eight bytes of a key: the number that ends most index keys.
pub(super) fn last_number(key: &[u8]) -> u64 {
    key.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Eight bytes of a key from a place on, as a number.
pub(super) fn number_at(key: &[u8], at: usize) -> u64 {
    key.get(at..)
        .and_then(|rest| rest.first_chunk::<8>())
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Eight bytes of a key from a place on, as [`Key::signed`] wrote them.
pub(super) fn signed_at(key: &[u8], at: usize) -> i64 {
    (number_at(key, at) ^ (1 << 63)).cast_signed()
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counter {
    /// The last number given to a kind of record; the kind is its tag.
    Number(u8),
    /// Records of a kind that count as there.
    Live(u8),
    /// Cases of a class in a lane of a queue.
    Lane(QueueId, u8, Class),
    /// Cases of a class and an owner.
    Owner(CaseworkerId, Class),
    /// Cases of a class in the free and claimed lanes of a queue that are due on a day.
    Due(QueueId, i32, Class),
    /// Open escalations of cases of a class to or from a caseworker.
    Escalated(CaseworkerId, Class),
    /// Messages of a unit that wait or failed.
    Mail(UnitId, bool),
    /// Messages of a unit that came back.
    Returned(UnitId),
    /// Open cases of a class.
    Open(Class),
    /// Open cases that came into a unit on a day, by the class that they had then: registered, reopened, or given by
    /// another unit.
    Came(UnitId, i32, Class),
    /// Open cases that left a unit on a day, by the class that they had then: ended, or given to another unit.
    Went(UnitId, i32, Class),
    /// The first event of the chain from which on comings and goings are counted.
    FlowSince,
}

impl Counter {
    pub(super) fn key(&self) -> Vec<u8> {
        let key = Key::new(tag::COUNTER);
        match *self {
            Self::Number(kind) => key.byte(0).byte(kind).done(),
            Self::Live(kind) => key.byte(1).byte(kind).done(),
            Self::Lane(queue, lane, ref class) => lane_counters(queue, lane).class(class).done(),
            Self::Owner(owner, ref class) => owner_counters(owner).class(class).done(),
            Self::Due(queue, day, ref class) => {
                due_counters(queue).signed(i64::from(day)).class(class).done()
            }
            Self::Escalated(caseworker, ref class) => {
                escalated_counters(caseworker).class(class).done()
            }
            Self::Mail(unit, has_failed) => {
                key.byte(6).number(unit.0).byte(u8::from(has_failed)).done()
            }
            Self::Returned(unit) => key.byte(6).number(unit.0).byte(2).done(),
            Self::Open(ref class) => open_counters().class(class).done(),
            Self::Came(unit, day, ref class) => {
                flow_counters(unit, true).signed(i64::from(day)).class(class).done()
            }
            Self::Went(unit, day, ref class) => {
                flow_counters(unit, false).signed(i64::from(day)).class(class).done()
            }
            Self::FlowSince => key.byte(FLOW_SINCE).done(),
        }
    }
}

const LANE: u8 = 2;
const OWNER: u8 = 3;
const DUE: u8 = 4;
const ESCALATED: u8 = 5;
const OPEN: u8 = 7;

/// The counters of a lane of a queue, one for each class.
pub(super) fn lane_counters(queue: QueueId, lane: u8) -> Key {
    Key::new(tag::COUNTER).byte(LANE).number(queue.0).byte(lane)
}

/// The counters of an owner, one for each class.
pub(super) fn owner_counters(owner: CaseworkerId) -> Key {
    Key::new(tag::COUNTER).byte(OWNER).number(owner.0)
}

/// The counters of escalations to or from a caseworker, one for each class.
pub(super) fn escalated_counters(caseworker: CaseworkerId) -> Key {
    Key::new(tag::COUNTER).byte(ESCALATED).number(caseworker.0)
}

/// The counters of all open cases, one for each class.
pub(super) fn open_counters() -> Key {
    Key::new(tag::COUNTER).byte(OPEN)
}

/// The day counters of a queue, in the order of days, and of one day one for each class.
pub(super) fn due_counters(queue: QueueId) -> Key {
    Key::new(tag::COUNTER).byte(DUE).number(queue.0)
}

/// Where the day stands in the key of a day counter, and the class behind it.
pub(super) const COUNTER_DAY_AT: usize = 10;
/// Where the class stands in the key of a day counter.
pub(super) const COUNTER_DAY_CLASS_AT: usize = COUNTER_DAY_AT + 8;

/// Whether a counter's key counts cases by their class.
pub(super) fn is_of_class(key: &[u8]) -> bool {
    matches!(key, [tag::COUNTER, LANE | OWNER | DUE | ESCALATED | OPEN | CAME | WENT, ..])
}

const CAME: u8 = 10;
const WENT: u8 = 11;
const FLOW_SINCE: u8 = 12;

/// The day counters of what came into a unit or left it, in the order of days.
pub(super) fn flow_counters(unit: UnitId, is_in: bool) -> Key {
    Key::new(tag::COUNTER).byte(if is_in { CAME } else { WENT }).number(unit.0)
}

/// Whether a counter's key counts comings and goings, which follow from events and not from records.
pub(super) fn is_of_flow(key: &[u8]) -> bool {
    matches!(key, [tag::COUNTER, CAME | WENT | FLOW_SINCE, ..])
}

/// Whether a counter's key is of a kind that nothing reads any more: promises kept and broken by unit and day, which are
/// counted from the promises that one may see. An older program's database still has them, and they mean nothing; the byte
/// is not given to another kind.
pub(super) fn is_of_no_use(key: &[u8]) -> bool {
    const PROMISED: u8 = 13;
    matches!(key, [tag::COUNTER, PROMISED, ..])
}

/// The head of the audit chain.
pub(super) fn chain_head() -> Vec<u8> {
    Key::new(tag::COUNTER).byte(9).done()
}

/// A caseworker's drafts.
pub(super) fn drafts_of(caseworker: CaseworkerId) -> Key {
    Key::new(tag::DRAFT).number(caseworker.0)
}

/// A caseworker's macros, by their names.
pub(super) fn macros_of(caseworker: CaseworkerId) -> Key {
    Key::new(tag::OWN).number(caseworker.0).byte(2)
}

/// A caseworker's acts that can be undone: a counter under 0, entries in a ring under 1, the parts of acts on many cases
/// under 2.
pub(super) fn undo_of(caseworker: CaseworkerId) -> Key {
    Key::new(tag::UNDO).number(caseworker.0)
}

/// A caseworker's saved views.
pub(super) fn views_of(caseworker: CaseworkerId) -> Vec<u8> {
    Key::new(tag::OWN).number(caseworker.0).byte(0).done()
}

/// When a caseworker was last here.
pub(super) fn last_here_of(caseworker: CaseworkerId) -> Vec<u8> {
    Key::new(tag::HERE).number(caseworker.0).byte(0).done()
}

/// What came for a caseworker, oldest first.
pub(super) fn news_of(caseworker: CaseworkerId) -> Key {
    Key::new(tag::HERE).number(caseworker.0).byte(1)
}

/// What a caseworker did today.
pub(super) fn tally_of(caseworker: CaseworkerId) -> Vec<u8> {
    Key::new(tag::HERE).number(caseworker.0).byte(2).done()
}

/// How often a caseworker was interrupted today.
pub(super) fn interruptions_of(caseworker: CaseworkerId) -> Vec<u8> {
    Key::new(tag::HERE).number(caseworker.0).byte(3).done()
}

/// Where the sessions of a caseworker are on the screen.
pub(super) fn places_of(caseworker: CaseworkerId) -> Key {
    Key::new(tag::PLACE).number(caseworker.0)
}

/// Where one session is on the screen.
pub(super) fn place_of(caseworker: CaseworkerId, session: u64) -> Vec<u8> {
    places_of(caseworker).number(session).done()
}

/// Who composes on a case or person.
pub(super) fn leases_of(about: &EntityId) -> Key {
    Key::new(tag::LEASE).record(about)
}

/// Who composes a form on a case or person.
pub(super) fn lease_of(about: &EntityId, form: u8) -> Vec<u8> {
    leases_of(about).byte(form).done()
}

/// The size and sum of the free cases of a queue, which the stamp keeps.
pub(super) fn turn_sum(queue: QueueId) -> Vec<u8> {
    turn_sums().number(queue.0).done()
}

/// Those of every queue.
pub(super) fn turn_sums() -> Key {
    Key::new(tag::COUNTER).byte(TURN_SUMS)
}

/// Whether a counter's key is that of a queue's free cases, which is compared by itself.
pub(super) fn is_of_turns(key: &[u8]) -> bool {
    matches!(key, [tag::COUNTER, TURN_SUMS, ..])
}

const TURN_SUMS: u8 = 40;
