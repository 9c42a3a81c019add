//! What follows from a record: its index keys, what it counts for, and what people find it by.

use crate::domain::cases::{
    Case, CaseOrigin, EscalationState, HoldReason, Lane, Message, MessageState, Promise,
    SigningState,
};
use crate::domain::office::Confidentiality;
use crate::domain::people::{ContactPointKind, NameKind, Person, PersonState};
use crate::domain::time::{Day, Zone};
use crate::domain::{Entity, Merge};
use crate::search::{BirthDate, Document};

use super::class::Class;
use super::keys::{self, Counter, tag};
use super::kin::{Kindred, relatives};

/// Index rows, and counters with what they are raised by. The value of a row that lists cases is their class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Derived {
    pub(super) keys: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) counts: Vec<(Counter, i64)>,
}

/// What follows from a record.
pub(super) fn derive(entity: &Entity, zone: &Zone) -> Derived {
    let mut derived = Derived::default();
    match entity {
        Entity::Case(case) => of_case(&mut derived, case, zone),
        Entity::Person(person) => of_person(&mut derived, person),
        Entity::Message(message) => of_message(&mut derived, message),
        Entity::Contact(contact) if !contact.is_annulled => {
            if let Some(person) = contact.held.person {
                derived.key(keys::contact_of(person, contact.held.started_at, contact.id));
            }
            if contact.is_running() {
                derived.key(keys::running_of(contact.handler).number(contact.id.0).done());
            }
        }
        Entity::Service(service) if !service.is_reversed => {
            let delivered = &service.delivered;
            derived.key(keys::service_of(delivered.recipient, delivered.on, service.id));
        }
        Entity::Promise(promise) if !promise.is_annulled => {
            of_promise(&mut derived, promise);
        }
        Entity::Plan(plan) => {
            if let Some(watch) = &plan.watch {
                let at = watch.at.milliseconds();
                derived.key(keys::watched().signed(at).number(plan.case.0).done());
            }
            if let Some(wait) = plan.info.as_ref().filter(|wait| wait.reminded_at.is_none()) {
                let at = wait.remind_at.milliseconds();
                derived.key(keys::asked().signed(at).number(plan.case.0).done());
            }
        }
        Entity::Merge(merge) if merge.is_in_force() => of_merge(&mut derived, merge),
        Entity::Signing(signing) => {
            let case = signing.case.0;
            match &signing.state {
                SigningState::Waiting => {
                    let at = signing.first.at.milliseconds();
                    derived.key(keys::to_sign().signed(at).number(case).done());
                }
                SigningState::SentBack { .. } => {
                    derived.key(keys::sent_back_to(signing.first.by).number(case).done());
                }
                SigningState::InForce(_) | SigningState::Withdrawn | SigningState::Lapsed => {}
            }
        }
        Entity::Promise(_)
        | Entity::Merge(_)
        | Entity::Publication(_)
        | Entity::Contact(_)
        | Entity::Service(_)
        | Entity::Office(_)
        | Entity::Unit(_)
        | Entity::Queue(_)
        | Entity::Caseworker(_)
        | Entity::Subject(_)
        | Entity::Household(_)
        | Entity::Distinction(_)
        | Entity::Template(_)
        | Entity::TextModule(_)
        | Entity::RecallTime(_)
        | Entity::Rights(_)
        | Entity::Group(_)
        | Entity::Access(_)
        | Entity::UnitProfile(_)
        | Entity::Purpose(_) => {}
    }
    derived
}

/// What a case counts for.
pub(super) fn counters_of_case(case: &Case, zone: &Zone) -> Vec<(Counter, i64)> {
    let mut derived = Derived::default();
    of_case(&mut derived, case, zone);
    derived.counts
}

impl Derived {
    fn key(&mut self, key: Vec<u8>) {
        self.keys.push((key, Vec::new()));
    }

    fn row(&mut self, key: Vec<u8>, class: &Class) {
        self.keys.push((key, class.bytes()));
    }

    fn count(&mut self, counter: Counter) {
        self.counts.push((counter, 1));
    }
}

fn of_case(derived: &mut Derived, case: &Case, zone: &Zone) {
    let class = Class::of(case);
    for person in case.people() {
        let key = keys::of_person(person).byte(u8::from(!case.is_open())).number(case.id.0).done();
        derived.row(key, &class);
    }
    if let CaseOrigin::Imported { source, reference, .. } = &case.origin {
        derived
            .keys
            .push((keys::origin(tag::CASE, source, reference), case.id.0.to_be_bytes().to_vec()));
    }
    if !case.is_open() {
        return;
    }
    derived.count(Counter::Open(class.clone()));
    let due_at = case.due_at();
    if let Some(queue) = case.queue {
        let lane = case.lane();
        derived.row(keys::in_queue(queue, lane, due_at, case.id), &class);
        derived.count(Counter::Lane(queue, keys::lane_byte(lane), class.clone()));
        if lane != Lane::Waiting && case.due_kind().is_some() {
            derived.count(Counter::Due(queue, zone.day(due_at).number(), class.clone()));
        }
    }
    if let Some(owner) = case.owner {
        let key = keys::of_owner(owner).signed(due_at.milliseconds()).number(case.id.0).done();
        derived.row(key, &class);
        derived.count(Counter::Owner(owner, class.clone()));
    }
    // What is parked returns at an hour, not on a day: its plan is watched for that.
    if let Some(hold) = case.hold.as_ref().filter(|hold| hold.reason != HoldReason::NextOpening) {
        derived.key(keys::held_until(hold.until).number(case.id.0).done());
    }
    if let Some(subject) = case.subjects.first()
        && case.initiator().is_some()
    {
        derived.row(keys::of_subject(subject).number(case.id.0).done(), &class);
    }
    if let Some(open) = case.open_escalation() {
        let is_seen = open.state != EscalationState::Raised;
        let key = keys::escalated(open.to).byte(u8::from(is_seen)).number(case.id.0).done();
        derived.row(key, &class);
        derived.count(Counter::Escalated(open.to, class.clone()));
        if open.from != open.to {
            derived.row(keys::escalated(open.from).byte(2).number(case.id.0).done(), &class);
            derived.count(Counter::Escalated(open.from, class));
        }
    }
}

/// Where a merged record leads, and what a survivor has been merged with.
fn of_merge(derived: &mut Derived, merge: &Merge) {
    let (merged, survivor) = (merge.merged(), merge.survivor());
    derived.keys.push((keys::merged(&merged), merge.id.0.to_be_bytes().to_vec()));
    let number = keys::last_number(&keys::entity(&merged)).to_be_bytes().to_vec();
    derived.keys.push((keys::absorbed_by(&survivor, merge.id), number));
}

/// Whether a person is found by what the record says: it was not taken back, and is no part of another one.
pub(super) fn is_found(person: &Person) -> bool {
    !matches!(person.state, PersonState::Annulled | PersonState::Merged(_))
}

/// Whether not everybody who may read people at all may see a person.
pub(super) fn is_restricted(person: &Person) -> bool {
    person.confidentiality > Confidentiality::Internal
}

fn of_message(derived: &mut Derived, message: &Message) {
    let (lane, counter) = match message.state {
        MessageState::Queued => (0, Counter::Mail(message.unit, false)),
        MessageState::Failed { .. } => (1, Counter::Mail(message.unit, true)),
        MessageState::Waiting { until } => {
            derived.key(keys::outbox().signed(until.milliseconds()).number(message.id.0).done());
            (2, Counter::Mail(message.unit, false))
        }
        MessageState::Undelivered { .. } => (3, Counter::Returned(message.unit)),
        MessageState::Sent(_) | MessageState::Recalled(_) | MessageState::Superseded { .. } => {
            return;
        }
    };
    derived.key(keys::mail_of(message.unit, lane, message.case, message.id));
    derived.count(counter);
}

fn of_promise(derived: &mut Derived, promise: &Promise) {
    let (promised, number) = (&promise.promised, promise.id.0);
    let is_over = u8::from(!promise.is_open());
    derived.key(keys::promises_to(promised.to).byte(is_over).number(number).done());
    if let Some(case) = promised.case {
        derived.key(keys::promises_on(case).byte(is_over).number(number).done());
    }
    let due = promised.due_at.milliseconds();
    let Some(ended_at) = promise.ended_at() else {
        derived.key(keys::promised_by(promised.unit).signed(due).number(number).done());
        derived.key(keys::promises_of(promised.owner).signed(due).number(number).done());
        if promise.breached_at.is_none() {
            derived.key(keys::promises_in_time().signed(due).number(number).done());
        }
        return;
    };
    let over = keys::promises_over(promised.unit);
    derived.key(over.signed(-ended_at.milliseconds()).number(number).done());
}

fn of_person(derived: &mut Derived, person: &Person) {
    if is_found(person) {
        derived.count(Counter::Live(tag::PERSON));
        if is_restricted(person) {
            let level = person.confidentiality.label().as_bytes().to_vec();
            derived.keys.push((keys::restricted(person.id), level));
        }
    }
    if let Some((source, reference)) = &person.origin {
        derived.keys.push((
            keys::origin(tag::PERSON, source, reference),
            person.id.0.to_be_bytes().to_vec(),
        ));
    }
    // What a merged record says of others, the survivor says, as far as it was taken over.
    let is_merged = matches!(person.state, PersonState::Merged(_));
    for relationship in person.relationships.iter().filter(|_| !is_merged) {
        derived.key(keys::related(relationship.to).number(person.id.0).done());
    }
}

/// What a person is found by; nothing for one whose registration was undone.
///
/// # Errors
/// If a relative or the household cannot be read.
pub(super) fn document(person: &Person, kindred: &dyn Kindred) -> Result<Option<Document>, String> {
    let Some(own) = own_document(person) else { return Ok(None) };
    let related = relatives(kindred, person)?.into_iter();
    Ok(Some(Document { related_names: related.map(|(_, relative)| relative).collect(), ..own }))
}

/// What a person is found by but for the names of others.
pub(super) fn own_document(person: &Person) -> Option<Document> {
    if !is_found(person) {
        return None;
    }
    let names = |is_other: bool| {
        let fits = move |kind: NameKind| (kind == NameKind::Other) == is_other;
        person
            .names
            .iter()
            .filter(move |fact| fits(fact.value.kind))
            .map(|fact| fact.value.spoken())
            .collect()
    };
    Some(Document {
        person: person.id.0,
        names: names(false),
        other_names: names(true),
        birth_date: person.birth_date.as_ref().map(|fact| match fact.value {
            crate::domain::people::BirthDate::Year(year) => {
                BirthDate { year, month: None, day: None }
            }
            crate::domain::people::BirthDate::Month(year, month) => {
                BirthDate { year, month: u8::try_from(month).ok(), day: None }
            }
            crate::domain::people::BirthDate::Day(day) => of_day(day),
        }),
        ids: person.identities.iter().map(|fact| fact.value.value.clone()).collect(),
        telephones: person
            .contact_points
            .iter()
            .filter(|fact| fact.value.kind == ContactPointKind::Telephone)
            .map(|fact| fact.value.normalised.clone())
            .collect(),
        addresses: person.address.iter().map(|fact| fact.value.line()).collect(),
        related_names: Vec::new(),
        is_restricted: is_restricted(person),
    })
}

fn of_day(day: Day) -> BirthDate {
    let date = day.date();
    BirthDate {
        year: date.year(),
        month: u8::try_from(date.month()).ok(),
        day: u8::try_from(date.day()).ok(),
    }
}
