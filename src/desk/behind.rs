//! What stands behind the records that a commit changed, so that whoever watches hears of nothing that they may not see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::cases::Case;
use crate::domain::office::Confidentiality;
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, PersonId};
use crate::store::{Latest, Store};

use super::class::Class;
use super::directory::Directory;
use super::keys;
use super::records::decode_entity;
use super::sight::Sight;
use super::work::Work;

/// A case behind a record, as it was or as it is: whoever may see one of the two hears of the change between them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stand {
    class: Class,
    people: Vec<PersonId>,
}

impl Stand {
    fn of(case: &Case) -> Self {
        Self { class: Class::of(case), people: case.people() }
    }

    fn is_seen(&self, sight: Sight<'_>) -> bool {
        let conflicts = sight.conflicts();
        sight.class(&self.class) && !self.people.iter().any(|person| conflicts.contains(person))
    }
}

/// What stands behind the records that a commit changed.
#[derive(Debug, Default)]
pub(super) struct Behind {
    /// By the records that are cases or belong to one.
    cases: BTreeMap<EntityId, Vec<Stand>>,
    /// The levels of people, as they were and as they are.
    people: BTreeMap<EntityId, Vec<Confidentiality>>,
    /// By the records that did not change themselves: the changed ones that are about them.
    through: BTreeMap<EntityId, BTreeSet<EntityId>>,
}

impl Behind {
    /// What stands behind the records that a work changes. A case that cannot be read hides nothing.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`cases_of` names the others")]
    pub(super) fn of(
        work: &Work,
        about: &BTreeMap<EntityId, BTreeSet<EntityId>>,
        latest: &dyn Latest,
    ) -> Self {
        let mut behind = Self::default();
        for (id, slot) in work.slots.iter().filter(|(_, slot)| slot.was != slot.is) {
            for entity in slot.was.iter().chain(&slot.is) {
                match entity {
                    Entity::Case(case) => behind.stand(id, Stand::of(case)),
                    Entity::Person(person) => {
                        behind.people.entry(id.clone()).or_default().push(person.confidentiality);
                    }
                    other => {
                        for case in cases_of(other) {
                            if let Some(case) = case_in(work, latest, case) {
                                behind.stand(id, Stand::of(&case));
                            }
                        }
                    }
                }
            }
        }
        for (id, through) in about {
            if work.slots.get(id).is_none_or(|slot| slot.was == slot.is) {
                behind.through.insert(id.clone(), through.clone());
            }
            let is_known = behind.cases.contains_key(id) || behind.people.contains_key(id);
            let kept = || decode_entity(id, &latest.latest(&keys::entity(id)).ok()??).ok();
            let held = work.slots.get(id).and_then(|slot| slot.is.clone());
            if let Some(entity) = held.or_else(kept).filter(|_| !is_known) {
                behind.record(id, &entity);
            }
        }
        behind
    }

    /// What stands behind these cases and people as they are kept.
    pub(super) fn of_kept(store: &dyn Store, ids: &[EntityId]) -> Self {
        let mut behind = Self::default();
        for id in ids {
            let kept = || decode_entity(id, &store.get(&keys::entity(id)).ok()??.value).ok();
            if let Some(entity) = kept() {
                behind.record(id, &entity);
            }
        }
        behind
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only these two are hidden themselves")]
    fn record(&mut self, id: &EntityId, entity: &Entity) {
        match entity {
            Entity::Case(case) => self.stand(id, Stand::of(case)),
            Entity::Person(person) => {
                self.people.entry(id.clone()).or_default().push(person.confidentiality);
            }
            _ => {}
        }
    }

    fn stand(&mut self, id: &EntityId, stand: Stand) {
        let known = self.cases.entry(id.clone()).or_default();
        if !known.contains(&stand) {
            known.push(stand);
        }
    }

    /// Of these records, the ones that somebody may know of.
    pub(super) fn seen_by(
        &self,
        directory: &Directory,
        caseworker: CaseworkerId,
        (today, at): (Day, Instant),
        ids: &[EntityId],
    ) -> Vec<EntityId> {
        let Ok(actor) = directory.actor(caseworker) else { return Vec::new() };
        let sight = Sight::new(directory, actor, today, at);
        let is_case_seen = |id: &EntityId| {
            self.cases.get(id).is_none_or(|stands| stands.iter().any(|stand| stand.is_seen(sight)))
        };
        let is_closed =
            |id: &EntityId| matches!(id, EntityId::Person(person) if sight.is_closed(*person));
        let is_person_seen = |id: &EntityId| {
            let levels = self.people.get(id);
            levels.is_none_or(|levels| levels.iter().any(|it| sight.level(*it))) && !is_closed(id)
        };
        // Of somebody on a case, only whoever may see the case hears that something became of it.
        let is_told = |id: &EntityId| {
            self.through.get(id).is_none_or(|through| through.iter().any(is_case_seen))
        };
        let is_seen = |id: &&EntityId| is_case_seen(id) && is_person_seen(id) && is_told(id);
        ids.iter().filter(is_seen).cloned().collect()
    }
}

/// The people that a record which is neither a person nor a case names.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other record names people")]
pub(super) fn people_of(entity: &Entity) -> Vec<PersonId> {
    match entity {
        Entity::Promise(promise) => vec![promise.promised.to],
        Entity::Service(service) => vec![service.delivered.recipient],
        Entity::Contact(contact) => contact.held.person.into_iter().collect(),
        Entity::Household(household) => {
            household.members.iter().map(|member| member.person).collect()
        }
        Entity::Merge(merge) => {
            merge.people().map_or_else(Vec::new, |people| vec![people.survivor, people.merged])
        }
        _ => Vec::new(),
    }
}

/// The cases that a record belongs to.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other record belongs to a case")]
pub(super) fn cases_of(entity: &Entity) -> Vec<CaseId> {
    match entity {
        Entity::Message(message) => vec![message.case],
        Entity::Plan(plan) => vec![plan.case],
        Entity::Signing(signing) => vec![signing.case],
        Entity::Promise(promise) => promise.promised.case.into_iter().collect(),
        Entity::Service(service) => service.delivered.case.into_iter().collect(),
        Entity::Contact(contact) => {
            contact.held.case.into_iter().chain(contact.cases.iter().copied()).collect()
        }
        Entity::Merge(merge) => {
            merge.cases().map_or_else(Vec::new, |cases| vec![cases.survivor, cases.merged])
        }
        _ => Vec::new(),
    }
}

/// A case as the work leaves it, or as it is.
#[expect(clippy::wildcard_enum_match_arm, reason = "the number is a case's")]
pub(super) fn case_in(work: &Work, latest: &dyn Latest, id: CaseId) -> Option<Arc<Case>> {
    let id = EntityId::Case(id);
    let held = work.slots.get(&id).and_then(|slot| slot.is.clone());
    let read = || decode_entity(&id, &latest.latest(&keys::entity(&id)).ok()??).ok();
    match held.or_else(read)? {
        Entity::Case(case) => Some(case),
        _ => None,
    }
}
