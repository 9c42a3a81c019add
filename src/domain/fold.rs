//! The fold over all kinds of records: how an event changes the record that it names.

use std::sync::Arc;

use super::answers::{AnswerEvent, RecallTime};
use super::cases::{self, Message};
use super::event::{
    Entity, EntityId, Event, EventRecord, HouseholdEvent, MessageEvent, ServiceEvent,
};
use super::ids::Ulid;
use super::knowledge::Subject;
use super::merge::apply_merge;
use super::money::Service;
use super::office::{
    Caseworker, CaseworkerState, Office, OfficeEvent, Queue, Unit, apply_emergency, apply_group,
    apply_purpose, apply_rights, apply_unit_profile,
};
use super::people::{self, Household, HouseholdMember, apply_distinction};
use super::rules::apply_publication;

impl Entity {
    /// How many events the record has had; the version that acts are checked against.
    #[must_use]
    pub fn version(&self) -> u64 {
        match self {
            Self::Office(record) => record.version,
            Self::Unit(record) => record.version,
            Self::Queue(record) => record.version,
            Self::Caseworker(record) => record.version,
            Self::Subject(record) => record.version,
            Self::Person(record) => record.version,
            Self::Household(record) => record.version,
            Self::Case(record) => record.version,
            Self::Contact(record) => record.version,
            Self::Message(record) => record.version,
            Self::Service(record) => record.version,
            Self::Distinction(record) => record.version,
            Self::Promise(record) => record.version,
            Self::Template(record) => record.version,
            Self::TextModule(record) => record.version,
            Self::RecallTime(record) => record.version,
            Self::Merge(record) => record.version,
            Self::Publication(record) => record.version,
            Self::Plan(record) => record.version,
            Self::Rights(record) => record.version,
            Self::Group(record) => record.version,
            Self::Access(record) => record.version,
            Self::UnitProfile(record) => record.version,
            Self::Signing(record) => record.version,
            Self::Purpose(record) => record.version,
        }
    }
}

/// Applies an event to the record that it names, and says what the record is then. Total: an event that does not fit
/// its record changes nothing.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one arm for each kind of record")]
#[expect(
    clippy::match_same_arms,
    reason = "readings, which change nothing, and events that fit no record are told apart"
)]
pub fn fold(entity: Option<Entity>, record: &EventRecord) -> Option<Entity> {
    match (&record.entity, &record.event) {
        (
            _,
            Event::Opened
            | Event::Revealed { .. }
            | Event::LookedBack(_)
            | Event::AuditRead(_)
            | Event::DuplicatesListed
            | Event::SlipPrinted
            | Event::StatusAsked { .. }
            | Event::TurnedAway,
        ) => entity,
        (EntityId::Case(_), Event::Case(event)) => {
            let case = match entity {
                Some(Entity::Case(case)) => Some(Arc::unwrap_or_clone(case)),
                _ => None,
            };
            cases::apply(case, record, event).map(|case| Entity::Case(Arc::new(case)))
        }
        (EntityId::Person(_), Event::Person(event)) => {
            let person = match entity {
                Some(Entity::Person(person)) => Some(Arc::unwrap_or_clone(person)),
                _ => None,
            };
            people::apply(person, record, event).map(|person| Entity::Person(Arc::new(person)))
        }
        (EntityId::Household(id), Event::Household(event)) => household(entity, *id, record, event),
        (EntityId::Contact(id), Event::Contact(event)) => {
            let contact = match entity {
                Some(Entity::Contact(contact)) => Some(contact),
                _ => None,
            };
            cases::apply_contact(contact, *id, record, event).map(Entity::Contact)
        }
        (EntityId::Promise(id), Event::Promise(event)) => {
            let promise = match entity {
                Some(Entity::Promise(promise)) => Some(promise),
                _ => None,
            };
            cases::apply_promise(promise, *id, record, event).map(Entity::Promise)
        }
        (EntityId::Message(_), Event::Message(event)) => match (entity, event) {
            (_, MessageEvent::Queued(message)) => Some(Entity::Message((**message).clone())),
            (Some(Entity::Message(message)), MessageEvent::StateSet(state)) => {
                Some(Entity::Message(Message {
                    version: message.version + 1,
                    state: state.clone(),
                    ..message
                }))
            }
            (other, MessageEvent::StateSet(_)) => other,
        },
        (EntityId::Service(id), Event::Service(event)) => match (entity, event) {
            (_, ServiceEvent::Delivered(delivered)) => Some(Entity::Service(Service {
                id: *id,
                version: 1,
                delivered: delivered.clone(),
                is_reversed: false,
            })),
            (Some(Entity::Service(service)), ServiceEvent::Reversed) => {
                Some(Entity::Service(Service {
                    version: service.version + 1,
                    is_reversed: true,
                    ..service
                }))
            }
            (other, ServiceEvent::Reversed) => other,
        },
        (EntityId::Distinction(one, other), Event::Distinction(event)) => {
            let before = match &entity {
                Some(Entity::Distinction(distinction)) => Some(distinction),
                _ => None,
            };
            apply_distinction(before, (*one, *other), record, *event).map(Entity::Distinction)
        }
        (EntityId::Template(_), Event::Answer(AnswerEvent::TemplateSet(set))) => {
            Some(Entity::Template((**set).clone()))
        }
        (EntityId::TextModule(_), Event::Answer(AnswerEvent::ModuleSet(set))) => {
            Some(Entity::TextModule((**set).clone()))
        }
        (EntityId::RecallTime, Event::Answer(AnswerEvent::RecallSet(minutes))) => {
            let version = entity.as_ref().map_or(0, Entity::version) + 1;
            Some(Entity::RecallTime(RecallTime { version, minutes: *minutes }))
        }
        (EntityId::Merge(id), Event::Merge(event)) => {
            let before = match entity {
                Some(Entity::Merge(merge)) => Some(*merge),
                _ => None,
            };
            apply_merge(before, *id, record, event).map(|merge| Entity::Merge(Box::new(merge)))
        }
        (EntityId::Publication(name), Event::Publication(event)) => {
            let before = match entity {
                Some(Entity::Publication(publication)) => Some(*publication),
                _ => None,
            };
            apply_publication(before, name, record, event)
                .map(|publication| Entity::Publication(Box::new(publication)))
        }
        (EntityId::Plan(case), Event::Plan(event)) => {
            let before = match entity {
                Some(Entity::Plan(plan)) => Some(Arc::unwrap_or_clone(plan)),
                _ => None,
            };
            cases::apply_plan(before, *case, record, event).map(|plan| Entity::Plan(Arc::new(plan)))
        }
        (EntityId::Rights(id), Event::Rights(_)) => {
            let before = match entity {
                Some(Entity::Rights(rights)) => Some(rights),
                _ => None,
            };
            Some(Entity::Rights(apply_rights(before, *id, record)))
        }
        (EntityId::Group(name), Event::Rights(_)) => {
            let before = match entity {
                Some(Entity::Group(group)) => Some(group),
                _ => None,
            };
            Some(Entity::Group(apply_group(before, name, record)))
        }
        (EntityId::Access(id), Event::Emergency(_)) => {
            let before = match entity {
                Some(Entity::Access(access)) => Some(access),
                _ => None,
            };
            apply_emergency(before, *id, record).map(Entity::Access)
        }
        (EntityId::UnitProfile(id), Event::UnitProfile(_)) => {
            let before = match entity {
                Some(Entity::UnitProfile(profile)) => Some(profile),
                _ => None,
            };
            Some(Entity::UnitProfile(apply_unit_profile(before, *id, record)))
        }
        (EntityId::Signing(case), Event::Signing(_)) => {
            let before = match entity {
                Some(Entity::Signing(signing)) => Some(*signing),
                _ => None,
            };
            cases::apply_signing(before, *case, record)
                .map(|signing| Entity::Signing(Box::new(signing)))
        }
        (EntityId::Purpose(code), Event::Purpose(event)) => {
            let before = match entity {
                Some(Entity::Purpose(purpose)) => Some(purpose),
                _ => None,
            };
            apply_purpose(before, code, event).map(Entity::Purpose)
        }
        (id, Event::Office(event)) => office(entity, id, event),
        _ => entity,
    }
}

fn household(
    entity: Option<Entity>,
    id: super::HouseholdId,
    record: &EventRecord,
    event: &HouseholdEvent,
) -> Option<Entity> {
    let version = entity.as_ref().map_or(0, Entity::version) + 1;
    let today =
        super::time::Day::from_date(record.at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
    let next = match (entity, event) {
        (_, HouseholdEvent::Formed(new)) => Household {
            id,
            ulid: Ulid::new(record.at, u128::from(id.0)),
            version,
            members: new
                .members
                .iter()
                .map(|(person, role)| HouseholdMember {
                    person: *person,
                    role: *role,
                    from: today,
                    to: None,
                })
                .collect(),
        },
        (_, HouseholdEvent::Reverted(before)) => Household { version, ..before.clone() },
        (Some(Entity::Household(mut held)), HouseholdEvent::Annulled) => {
            held.members
                .iter_mut()
                .filter(|member| member.to.is_none())
                .for_each(|member| member.to = Some(today));
            Household { version, ..held }
        }
        (other, HouseholdEvent::Annulled) => return other,
    };
    Some(Entity::Household(next))
}

fn office(entity: Option<Entity>, id: &EntityId, event: &OfficeEvent) -> Option<Entity> {
    let version = entity.as_ref().map_or(0, Entity::version) + 1;
    match (entity, id, event) {
        (_, EntityId::Office, OfficeEvent::OfficeSet { name, calendar, currency, is_made }) => {
            Some(Entity::Office(Office {
                version,
                name: name.clone(),
                calendar: calendar.clone(),
                currency: currency.clone(),
                is_made: *is_made,
            }))
        }
        (_, EntityId::Unit(id), OfficeEvent::UnitOpened(new)) => Some(Entity::Unit(Unit {
            id: *id,
            version,
            code: new.code.clone(),
            name: new.name.clone(),
            parent: new.parent,
            manager: None,
            substitute: None,
        })),
        (
            Some(Entity::Unit(unit)),
            EntityId::Unit(_),
            OfficeEvent::UnitLed { manager, substitute },
        ) => {
            Some(Entity::Unit(Unit { version, manager: *manager, substitute: *substitute, ..unit }))
        }
        (Some(Entity::Unit(unit)), EntityId::Unit(_), OfficeEvent::UnitRenamed(name)) => {
            Some(Entity::Unit(Unit { version, name: name.clone(), ..unit }))
        }
        (Some(Entity::Unit(unit)), EntityId::Unit(_), OfficeEvent::UnitMoved(parent)) => {
            Some(Entity::Unit(Unit { version, parent: *parent, ..unit }))
        }
        (_, EntityId::Queue(id), OfficeEvent::QueueOpened(new)) => Some(Entity::Queue(Queue {
            id: *id,
            version,
            code: new.code.clone(),
            name: new.name.clone(),
            unit: new.unit,
            kind: new.kind,
            ordering: new.ordering,
        })),
        (_, EntityId::Caseworker(id), OfficeEvent::CaseworkerEnrolled(new)) => {
            Some(Entity::Caseworker(Caseworker {
                id: *id,
                version,
                account: new.account.clone(),
                name: new.name.clone(),
                unit: new.unit,
                grants: new.grants.clone(),
                state: CaseworkerState::Active,
            }))
        }
        (
            Some(Entity::Caseworker(held)),
            EntityId::Caseworker(_),
            OfficeEvent::GrantsSet(grants),
        ) => Some(Entity::Caseworker(Caseworker { version, grants: grants.clone(), ..held })),
        (
            Some(Entity::Caseworker(held)),
            EntityId::Caseworker(_),
            OfficeEvent::CaseworkerStateSet(state),
        ) => Some(Entity::Caseworker(Caseworker { version, state: *state, ..held })),
        (
            _,
            EntityId::Subject(_),
            OfficeEvent::SubjectDefined { code, label, synonyms, parent },
        ) => Some(Entity::Subject(Subject {
            code: code.clone(),
            version,
            label: label.clone(),
            synonyms: synonyms.clone(),
            parent: parent.clone(),
            is_retired: false,
        })),
        (other, _, _) => other,
    }
}
