//! What a commit touches beside the records that it changes: the records that those are about, and the units whose lists
//! and counts may not be as they were.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::cases::Case;
use crate::domain::people::PersonEvent;
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, Event, PersonId, UnitId};
use crate::store::Latest;

use super::behind::case_in;
use super::directory::Directory;
use super::work::Work;

/// What a commit touches beside the records that it changes.
#[derive(Debug, Default)]
pub(super) struct Touches {
    /// Cases and people that changed records are about, and which records those are: whoever may see none of these is not
    /// told of those.
    pub(super) about: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// Units of the cases, and of everybody whose own lists they are in.
    pub(super) units: BTreeSet<UnitId>,
}

impl Touches {
    /// What these records touch, as they were and as they are.
    pub(super) fn of(work: &Work, latest: &dyn Latest) -> Self {
        let (mut touches, directory) = (Self::default(), &work.directory);
        for record in &work.events {
            // A registration may have brought a likely duplicate, which the unit that made it is told of.
            let is_new = matches!(record.event, Event::Person(PersonEvent::Registered(_)));
            if is_new || matches!(record.entity, EntityId::Distinction(..)) {
                touches.units.insert(record.unit);
            }
        }
        for (id, slot) in work.slots.iter().filter(|(_, slot)| slot.was != slot.is) {
            for entity in slot.was.iter().chain(&slot.is) {
                touches.add(id, entity, directory);
            }
            let (was, is) =
                (slot.was.as_ref().and_then(counted), slot.is.as_ref().and_then(counted));
            if was != is {
                for person in was.iter().chain(&is).flat_map(|(people, _)| people) {
                    touches.about(id, None, Some(*person));
                }
            }
        }
        // A message that fails changes no case, and yet the lists that its case is in.
        let cases: Vec<CaseId> = touches.about.keys().filter_map(case_of).collect();
        for case in cases.into_iter().filter_map(|case| case_in(work, latest, case)) {
            touches.lists_of(&case, directory);
        }
        touches
    }

    fn add(&mut self, by: &EntityId, entity: &Entity, directory: &Directory) {
        match entity {
            Entity::Case(case) => self.lists_of(case, directory),
            Entity::Promise(promise) => {
                self.unit_of(promise.promised.owner, directory);
                self.units.insert(promise.promised.unit);
                self.about(by, promise.promised.case, Some(promise.promised.to));
            }
            Entity::Message(message) => {
                self.unit_of(message.by, directory);
                self.about(by, Some(message.case), None);
            }
            Entity::Contact(contact) => {
                self.unit_of(contact.handler, directory);
                self.about(by, contact.held.case, contact.held.person);
                for case in &contact.cases {
                    self.about(by, Some(*case), None);
                }
            }
            Entity::Service(service) => {
                self.about(by, None, Some(service.delivered.recipient));
            }
            Entity::Plan(plan) => self.about(by, Some(plan.case), None),
            Entity::Signing(signing) => self.about(by, Some(signing.case), None),
            Entity::Queue(queue) => self.units.extend([queue.unit]),
            Entity::Caseworker(caseworker) => self.units.extend([caseworker.unit]),
            Entity::Unit(unit) => self.units.extend([unit.id]),
            // Units below work by it as well, where they have none of their own.
            Entity::UnitProfile(profile) => self.units.extend(directory.below(profile.id)),
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
            | Entity::Purpose(_) => {}
        }
    }

    /// The units whose lists, or somebody's there, a case is in.
    fn lists_of(&mut self, case: &Case, directory: &Directory) {
        self.units.insert(case.unit);
        let asked = case.escalations.iter().filter(|escalation| escalation.is_open());
        let asked = asked.flat_map(|escalation| [escalation.from, escalation.to]);
        for caseworker in case.owner.into_iter().chain(asked) {
            self.unit_of(caseworker, directory);
        }
    }

    fn unit_of(&mut self, caseworker: CaseworkerId, directory: &Directory) {
        self.units.extend(directory.caseworkers.get(&caseworker).map(|known| known.unit));
    }

    fn about(&mut self, by: &EntityId, case: Option<CaseId>, person: Option<PersonId>) {
        for id in case.map(EntityId::Case).into_iter().chain(person.map(EntityId::Person)) {
            self.about.entry(id).or_default().insert(by.clone());
        }
    }
}

/// Whose a case is, and whether it counts among their open ones: what else it says, it says where it is shown itself.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other record is counted for people")]
fn counted(entity: &Entity) -> Option<(Vec<PersonId>, bool)> {
    match entity {
        Entity::Case(case) => Some((case.people(), case.is_open())),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other record is in a list of cases")]
fn case_of(id: &EntityId) -> Option<CaseId> {
    match id {
        EntityId::Case(case) => Some(*case),
        _ => None,
    }
}
