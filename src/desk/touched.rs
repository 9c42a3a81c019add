//! What a commit touches beside the records that it changes: the records that those are about, and the units whose lists
//! and counts may not be as they were.

use std::collections::BTreeSet;

use crate::domain::cases::{Case, Party};
use crate::domain::people::PersonEvent;
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, Event, PersonId, UnitId};

use super::directory::Directory;
use super::work::Work;

/// What a commit touches beside the records that it changes.
#[derive(Debug, Default)]
pub(super) struct Touches {
    /// Cases and people that a changed promise, contact, message or service is about.
    pub(super) about: BTreeSet<EntityId>,
    /// Units of the cases, and of everybody whose own lists they are in.
    pub(super) units: BTreeSet<UnitId>,
}

impl Touches {
    /// What these records touch, as they were and as they are.
    pub(super) fn of(work: &Work) -> Self {
        let (mut touches, directory) = (Self::default(), &work.directory);
        for record in &work.events {
            // A registration may have brought a likely duplicate, which the unit that made it is told of.
            let is_new = matches!(record.event, Event::Person(PersonEvent::Registered(_)));
            if is_new || matches!(record.entity, EntityId::Distinction(..)) {
                touches.units.insert(record.unit);
            }
        }
        for slot in work.slots.values().filter(|slot| slot.was != slot.is) {
            for entity in slot.was.iter().chain(&slot.is) {
                touches.add(entity, directory);
            }
        }
        touches
    }

    fn add(&mut self, entity: &Entity, directory: &Directory) {
        match entity {
            Entity::Case(case) => self.case(case, directory),
            Entity::Promise(promise) => {
                self.unit_of(promise.promised.owner, directory);
                self.units.insert(promise.promised.unit);
                self.about(promise.promised.case, Some(promise.promised.to));
            }
            Entity::Message(message) => {
                self.unit_of(message.by, directory);
                self.about(Some(message.case), None);
            }
            Entity::Contact(contact) => {
                self.unit_of(contact.handler, directory);
                self.about(contact.held.case, contact.held.person);
                self.about.extend(contact.cases.iter().map(|case| EntityId::Case(*case)));
            }
            Entity::Service(service) => {
                self.about(None, Some(service.delivered.recipient));
            }
            Entity::Plan(plan) => self.about(Some(plan.case), None),
            Entity::Queue(queue) => self.units.extend([queue.unit]),
            Entity::Caseworker(caseworker) => self.units.extend([caseworker.unit]),
            Entity::Unit(unit) => self.units.extend([unit.id]),
            // These belong to no list of a unit.
            Entity::Office(_)
            | Entity::Subject(_)
            | Entity::Person(_)
            | Entity::Household(_)
            | Entity::Distinction(_)
            | Entity::Template(_)
            | Entity::TextModule(_)
            | Entity::RecallTime(_)
            | Entity::Merge(_)
            | Entity::Publication(_)
            | Entity::Rights(_)
            | Entity::Group(_)
            | Entity::Access(_)
            | Entity::UnitProfile(_) => {}
        }
    }

    fn case(&mut self, case: &Case, directory: &Directory) {
        self.units.insert(case.unit);
        for role in &case.roles {
            if let Party::Person(person) = &role.party {
                self.about(None, Some(*person));
            }
        }
        let asked = case.escalations.iter().filter(|escalation| escalation.is_open());
        let asked = asked.flat_map(|escalation| [escalation.from, escalation.to]);
        for caseworker in case.owner.into_iter().chain(asked) {
            self.unit_of(caseworker, directory);
        }
    }

    fn unit_of(&mut self, caseworker: CaseworkerId, directory: &Directory) {
        self.units.extend(directory.caseworkers.get(&caseworker).map(|known| known.unit));
    }

    fn about(&mut self, case: Option<CaseId>, person: Option<PersonId>) {
        self.about.extend(case.map(EntityId::Case));
        self.about.extend(person.map(EntityId::Person));
    }
}
