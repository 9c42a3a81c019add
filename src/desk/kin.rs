//! Whom a person belongs to, as far as people are found by it: relationships from both sides, and the household.
//!
//! A person's document in the search index holds names of others, so a change of one person changes the documents of
//! those whom [`dependants`] names, in the same commit. No clock is asked: a relationship with an end, past or
//! not, counts as family without a role.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::limits::{HOUSEHOLD_MEMBERS_MAX, MERGES_MAX};
use crate::domain::people::{
    FamilyRole, Household, HouseholdMember, Person, Relationship, RelationshipKind,
};
use crate::domain::{Entity, EntityId, HouseholdId, PersonId};
use crate::search::{Gender, Kinship, Relative, Role};
use crate::store::{Direction, Store};

use super::derive::{is_found, is_restricted};
use super::keys;
use super::records::decode_entity;

/// People who state a relationship to one person and are followed for the search; of more, the first.
pub(super) const STATING_MAX: usize = 256;
/// Relatives by whom one person is found.
const RELATIVES_MAX: usize = 12;

/// Where kin is read, as the records are at one time.
pub(super) trait Kindred {
    /// A person's record, if there is one.
    fn person(&self, id: PersonId) -> Result<Option<Person>, String>;

    /// A household, if there is one.
    fn household(&self, id: HouseholdId) -> Result<Option<Household>, String>;

    /// At most [`STATING_MAX`] people who state a relationship to somebody, by number.
    fn stating(&self, to: PersonId) -> Result<Vec<PersonId>, String>;

    /// The records that were merged into somebody's, each by itself.
    fn absorbed(&self, person: PersonId) -> Result<Vec<PersonId>, String>;
}

/// The record that stands for a person now: their own, or the one that it was merged into.
pub(super) fn current(kindred: &dyn Kindred, mut id: PersonId) -> Result<PersonId, String> {
    for _ in 0..MERGES_MAX {
        let Some(into) = kindred.person(id)?.and_then(|person| person.state.merged_into()) else {
            break;
        };
        id = into;
    }
    Ok(id)
}

/// Every number under which somebody is known: their own, and those of the records that were merged into it, through
/// others too.
pub(super) fn numbers(kindred: &dyn Kindred, id: PersonId) -> Result<Vec<PersonId>, String> {
    let mut numbers = vec![id];
    let mut at = 0;
    while let Some(&number) = numbers.get(at).filter(|_| numbers.len() <= MERGES_MAX) {
        for merged in kindred.absorbed(number)? {
            if !numbers.contains(&merged) {
                numbers.push(merged);
            }
        }
        at += 1;
    }
    Ok(numbers)
}

/// What of a person decides about the kin in documents, the own one and those of others: where it stays, they do.
pub(super) fn face(person: Option<&Person>) -> Option<Face<'_>> {
    person.map(|person| Face {
        name: is_named(person).then(|| person.name().spoken()),
        gender: person.gender.as_ref().and_then(|fact| Gender::parse(&fact.value)),
        household: person.household,
        relationships: &person.relationships,
    })
}

/// See [`face`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Face<'a> {
    /// The name, if it may stand in documents of others.
    name: Option<String>,
    gender: Option<Gender>,
    household: Option<HouseholdId>,
    relationships: &'a [Relationship],
}

/// Whether a person's name may stand in the documents of others: everybody who may find people at all may see it.
fn is_named(person: &Person) -> bool {
    is_found(person) && !is_restricted(person)
}

/// Kin as it is in the store now. Whose record cannot be read is nobody's kin: verifying tells of it, and a rebuild of the
/// search index does not stop at it.
pub(super) struct StoredKin<'s>(pub(super) &'s dyn Store);

impl StoredKin<'_> {
    fn entity(&self, id: &EntityId) -> Result<Option<Entity>, String> {
        let found = self.0.get(&keys::entity(id)).map_err(|error| error.to_string())?;
        Ok(found.and_then(|found| decode_entity(id, &found.value).ok()))
    }
}

impl Kindred for StoredKin<'_> {
    fn person(&self, id: PersonId) -> Result<Option<Person>, String> {
        Ok(match self.entity(&EntityId::Person(id))? {
            Some(Entity::Person(person)) => Some(Arc::unwrap_or_clone(person)),
            _ => None,
        })
    }

    fn household(&self, id: HouseholdId) -> Result<Option<Household>, String> {
        Ok(match self.entity(&EntityId::Household(id))? {
            Some(Entity::Household(household)) => Some(household),
            _ => None,
        })
    }

    fn stating(&self, to: PersonId) -> Result<Vec<PersonId>, String> {
        let range = keys::related(to).range();
        let page = self.0.scan(&range, STATING_MAX, Direction::Forward);
        let rows = page.map_err(|error| error.to_string())?.rows.into_iter();
        Ok(rows.map(|(key, _)| PersonId(keys::last_number(&key))).collect())
    }

    fn absorbed(&self, person: PersonId) -> Result<Vec<PersonId>, String> {
        let range = keys::absorbed(&EntityId::Person(person)).range();
        let page = self.0.scan(&range, MERGES_MAX, Direction::Forward);
        let rows = page.map_err(|error| error.to_string())?.rows.into_iter();
        Ok(rows.map(|(_, value)| PersonId(keys::last_number(&value.value))).collect())
    }
}

/// The relatives that a person is found by, those with a stated relationship first, each with their number. Of very many the
/// last are left out, for everybody alike: where one of the first is closed to somebody, no other takes the place.
pub(super) fn relatives(
    kindred: &dyn Kindred,
    person: &Person,
) -> Result<Vec<(PersonId, Relative)>, String> {
    let mut known: Vec<Known> = Vec::new();
    let mut add = |id: PersonId, kinship, is_housemate| {
        if id != person.id && known.iter().all(|known| known.id != id) {
            known.push(Known { id, kinship, is_housemate });
        }
    };
    for relationship in &person.relationships {
        let other = current(kindred, relationship.to)?;
        add(other, stated(relationship, relationship.kind.inverse()), false);
    }
    let numbers = numbers(kindred, person.id)?;
    for number in &numbers {
        for other in kindred.stating(*number)? {
            let relationships = kindred.person(other)?.map(|other| other.relationships);
            let to_person = relationships.into_iter().flatten().find(|stated| stated.to == *number);
            if let Some(relationship) = to_person {
                add(other, stated(&relationship, relationship.kind), false);
            }
        }
    }
    for (other, kinship) in housemates(kindred, person)? {
        add(other, kinship, true);
    }
    let gender = person.gender.as_ref().and_then(|fact| Gender::parse(&fact.value));
    let mut relatives = Vec::new();
    for Known { id, kinship, is_housemate } in known {
        if relatives.len() == RELATIVES_MAX {
            break;
        }
        let Some(other) = kindred.person(id)?.filter(is_named) else { continue };
        // Whoever left says so in their own record; the household keeps the member.
        if !is_housemate || other.household == person.household {
            let role = Role { kinship, gender };
            relatives.push((id, Relative { role, name: other.name().spoken() }));
        }
    }
    Ok(relatives)
}

/// Somebody whose name may stand in a person's document.
struct Known {
    id: PersonId,
    kinship: Kinship,
    is_housemate: bool,
}

/// The people whose documents may hold the name of `person`, as the record was or is.
pub(super) fn dependants(
    kindred: &dyn Kindred,
    person: &Person,
) -> Result<BTreeSet<PersonId>, String> {
    let mut dependants: BTreeSet<PersonId> =
        person.relationships.iter().map(|relationship| relationship.to).collect();
    for number in numbers(kindred, person.id)? {
        dependants.extend(kindred.stating(number)?);
    }
    if let Some(household) = person.household
        && let Some(household) = kindred.household(household)?
    {
        dependants.extend(members(&household).map(|member| member.person));
    }
    for dependant in dependants.clone() {
        dependants.insert(current(kindred, dependant)?);
    }
    dependants.remove(&person.id);
    Ok(dependants)
}

/// The members that a household has now.
pub(super) fn members(household: &Household) -> impl Iterator<Item = &HouseholdMember> {
    household.members.iter().filter(|member| member.to.is_none()).take(HOUSEHOLD_MEMBERS_MAX)
}

fn stated(relationship: &Relationship, of_person: RelationshipKind) -> Kinship {
    if relationship.until.is_some() {
        return Kinship::Kin;
    }
    match of_person {
        RelationshipKind::Spouse => Kinship::Spouse,
        RelationshipKind::Parent => Kinship::Parent,
        RelationshipKind::Child => Kinship::Child,
        RelationshipKind::Sibling => Kinship::Sibling,
        RelationshipKind::Guardian => Kinship::Guardian,
        RelationshipKind::Ward => Kinship::Ward,
        RelationshipKind::Kin | RelationshipKind::Proxy | RelationshipKind::Principal => {
            Kinship::Kin
        }
    }
}

/// The others of the household, with what the person is to each.
fn housemates(kindred: &dyn Kindred, person: &Person) -> Result<Vec<(PersonId, Kinship)>, String> {
    let Some(id) = person.household else { return Ok(Vec::new()) };
    let Some(household) = kindred.household(id)? else { return Ok(Vec::new()) };
    let mut here = Vec::new();
    for member in members(&household) {
        here.push((current(kindred, member.person)?, member.role));
    }
    let own = here.iter().find(|(member, _)| *member == person.id);
    let own = own.map_or(FamilyRole::Other, |(_, role)| *role);
    Ok(here.into_iter().map(|(member, role)| (member, in_household(own, role))).collect())
}

/// What a member of a household is to another.
fn in_household(own: FamilyRole, other: FamilyRole) -> Kinship {
    use FamilyRole::{Child, Head, Parent, Partner};
    match (own, other) {
        (Head, Partner) | (Partner, Head) => Kinship::Spouse,
        (Head | Partner, Child) => Kinship::Parent,
        (Child, Head | Partner) => Kinship::Child,
        (Child, Child) => Kinship::Sibling,
        (Parent, Child) => Kinship::Grandparent,
        (Child, Parent) => Kinship::Grandchild,
        // A parent of the head or of the partner: nobody has said of which.
        _ => Kinship::Kin,
    }
}
