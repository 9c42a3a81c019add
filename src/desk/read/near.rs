//! Whom somebody belongs to: the household and relatives whom the actor may see, and what each of them is.

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::domain::PersonId;
use crate::domain::people::{FamilyRole, Person, RelationshipKind};
use crate::store::Direction;

use super::Reader;

/// People of kin that are looked at.
pub(super) const KIN_MAX: usize = 24;
/// People whom the line of a hit names.
const NAMED_MAX: usize = 5;
/// From this age on, somebody's age tells less than what they are to the person.
const GROWN_UP_YEARS: i32 = 18;

/// Somebody of the household or the family.
pub(super) struct Near {
    pub(super) person: Arc<Person>,
    /// What they are to the person of the file: `child`, `spouse`; `household` where nobody said.
    pub(super) relation: &'static str,
    pub(super) is_household: bool,
}

impl Near {
    /// As a line names them: `Nika 6`, `Reza (partner)`.
    fn named(&self, age: Option<i32>) -> String {
        let name = self.person.name();
        let given = name.given.split_whitespace().next().unwrap_or(&name.family);
        match (age, self.relation) {
            (Some(age), "child" | "sibling" | "grandchild" | "ward" | "household")
                if (0..GROWN_UP_YEARS).contains(&age) =>
            {
                format!("{given} {age}")
            }
            (_, "household") => given.to_owned(),
            (Some(age), "child") => format!("{given} {age} (child)"),
            (_, relation) => format!("{given} ({relation})"),
        }
    }
}

impl Reader<'_> {
    /// Whoever lives with somebody first, then relations stated on either side.
    pub(super) fn near(&self, person: &Person) -> Result<Vec<Near>, DeskError> {
        let mut near: Vec<Near> = Vec::new();
        let stated = self.relations(person)?;
        if let Some(household) = person.household {
            let household = self.household(household)?;
            let numbers = self.numbers_of(person.id)?;
            let is_here = |id| {
                let numbers = &numbers;
                move |member: &&crate::domain::people::HouseholdMember| {
                    member.to.is_none() && numbers.contains(&member.person) == id
                }
            };
            let own = household.members.iter().find(is_here(true)).map(|member| member.role);
            for member in household.members.iter().filter(is_here(false)) {
                let Some(other) = self.visible_person(member.person)? else { continue };
                // Whoever lives elsewhere since a merge says so in their record; the household keeps the member.
                let is_moved = other.id != member.person && other.household != person.household;
                if is_moved || near.iter().any(|known| known.person.id == other.id) {
                    continue;
                }
                let relation = stated
                    .iter()
                    .find(|(id, _)| *id == other.id)
                    .map_or_else(|| role_word(own, member.role), |(_, kind)| kind.label());
                near.push(Near { person: other, relation, is_household: true });
            }
        }
        for (id, kind) in stated {
            if near.iter().any(|known| known.person.id == id) || near.len() >= KIN_MAX {
                continue;
            }
            if let Some(other) = self.visible_person(id)?
                && other.id != person.id
                && near.iter().all(|known| known.person.id != other.id)
            {
                near.push(Near { person: other, relation: kind.label(), is_household: false });
            }
        }
        Ok(near)
    }

    /// Whom somebody lives with, in one line, children with their ages; and relatives who live elsewhere.
    pub(super) fn household_line(&self, person: &Person, near: &[Near]) -> String {
        let words = |near: &Near| {
            let born = near.person.birth_date.as_ref();
            near.named(born.map(|fact| fact.value.age(self.today)))
        };
        let line = |people: &[&Near], room: usize| {
            let names: Vec<String> = people.iter().take(room).map(|near| words(near)).collect();
            let more = people.len().saturating_sub(room);
            let names = names.join(", ");
            if more > 0 { format!("{names} and {more} more") } else { names }
        };
        let (here, away): (Vec<&Near>, Vec<&Near>) =
            near.iter().partition(|near| near.is_household);
        let home = match (person.household, here.is_empty()) {
            (Some(_), true) => "lives alone".to_owned(),
            _ => line(&here, NAMED_MAX),
        };
        let room = NAMED_MAX.saturating_sub(here.len());
        if away.is_empty() || room == 0 {
            return home;
        }
        let away = format!("elsewhere {}", line(&away, room));
        if home.is_empty() { away } else { format!("{home}; {away}") }
    }

    /// Relations that last, stated on this person or, seen the other way round, on the other.
    fn relations(&self, person: &Person) -> Result<Vec<(PersonId, RelationshipKind)>, DeskError> {
        let lasts =
            |until: Option<crate::domain::time::Day>| until.is_none_or(|until| until >= self.today);
        let own = person.relationships.iter().filter(|relation| lasts(relation.until));
        let mut relations: Vec<(PersonId, RelationshipKind)> =
            own.map(|relation| (relation.to, relation.kind)).collect();
        for &number in self.numbers_of(person.id)?.iter() {
            let page = self.scan(&keys::related(number).range(), KIN_MAX, Direction::Forward)?;
            for (key, _) in page.rows {
                let other = self.person(PersonId(keys::last_number(&key)))?;
                for relation in other
                    .relationships
                    .iter()
                    .filter(|relation| relation.to == number && lasts(relation.until))
                {
                    if relations.iter().all(|(known, _)| *known != other.id) {
                        relations.push((other.id, relation.kind.inverse()));
                    }
                }
            }
        }
        Ok(relations)
    }
}

/// What a member is to somebody, from the roles that the two have in one household.
fn role_word(own: Option<FamilyRole>, other: FamilyRole) -> &'static str {
    use FamilyRole::{Child, Head, Other, Parent, Partner};
    match (own, other) {
        (Some(Head | Partner), Head | Partner) | (Some(Parent), Parent) => "partner",
        (Some(Head | Partner), Child) | (Some(Parent), Head | Partner) => "child",
        (Some(Head | Partner) | None, Parent) | (Some(Child), Head | Partner) => "parent",
        (Some(Child), Child) => "sibling",
        (Some(Child), Parent) => "grandparent",
        (Some(Parent), Child) => "grandchild",
        (None, Head | Partner | Child | Other) | (Some(Other), _) | (Some(_), Other) => "household",
    }
}
