//! Rights that are narrower than a role, groups of the operating system that bring them, and who a caseworker is as a citizen.

use serde::{Deserialize, Serialize};

use crate::domain::event::{Event, EventRecord};
use crate::domain::ids::{CaseworkerId, PersonId, UnitId};
use crate::domain::money::Money;
use crate::domain::time::Day;

use super::permit::Action;
use super::staff::{Confidentiality, Purpose, Role};

/// A right as the domain description has it: verb by unit by case type by confidentiality by purpose, until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopedGrant {
    /// The role whose acts it includes.
    pub role: Role,
    /// Which of them; all where none is named.
    pub verbs: Vec<Action>,
    /// In this unit only, or everywhere.
    pub unit: Option<UnitId>,
    /// Whether the units below it are included.
    pub with_units_below: bool,
    /// On cases of these types, by their codes; of all where none is named.
    pub case_types: Vec<String>,
    /// Up to this confidentiality.
    pub confidentiality_max: Confidentiality,
    /// For these purposes; for all where none is named.
    pub purposes: Vec<Purpose>,
    /// From this day on.
    pub from: Option<Day>,
    /// Until the end of this day.
    pub expires: Option<Day>,
}

/// What is known of a caseworker beside their record: who they are as a citizen, their groups and narrower rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Whose.
    pub id: CaseworkerId,
    /// Counts the events applied.
    pub version: u64,
    /// The person that they are as a citizen, so that their own file and their family's are kept from them.
    pub person: Option<PersonId>,
    /// Their groups of the operating system, as it told when they last signed in.
    pub groups: Vec<String>,
    /// Rights beside those of their record.
    pub grants: Vec<ScopedGrant>,
    /// Above this amount a second person signs what they decide; without one nothing bounds it.
    pub signing_limit: Option<Money>,
}

impl Rights {
    /// Those of somebody of whom nothing is known beside their record.
    #[must_use]
    pub fn none(id: CaseworkerId) -> Self {
        Self {
            id,
            version: 0,
            person: None,
            groups: Vec::new(),
            grants: Vec::new(),
            signing_limit: None,
        }
    }
}

/// What a group of the operating system brings to whoever is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRights {
    /// The group's name.
    pub name: String,
    /// Counts the events applied.
    pub version: u64,
    /// The unit in which somebody of the group is enrolled who signs in for the first time; nobody is where there is none.
    pub unit: Option<UnitId>,
    /// The rights.
    pub grants: Vec<ScopedGrant>,
}

/// What happened to the rights of a caseworker or a group. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RightsEvent {
    /// It was said who a caseworker is as a citizen, or that nobody knows any more.
    PersonLinked(Option<PersonId>),
    /// The operating system told other groups than before.
    GroupsSeen(Vec<String>),
    /// A caseworker's or a group's rights were set.
    GrantsSet(Vec<ScopedGrant>),
    /// A signing limit was set.
    SigningLimitSet(Option<Money>),
    /// The unit was set in which a group's newcomers are enrolled.
    GroupUnitSet(Option<UnitId>),
}

/// Applies an event to a caseworker's rights; what does not fit changes nothing but the version.
#[must_use]
pub fn apply_rights(before: Option<Rights>, id: CaseworkerId, record: &EventRecord) -> Rights {
    let mut rights = before.unwrap_or_else(|| Rights::none(id));
    rights.version += 1;
    if let Event::Rights(event) = &record.event {
        match event {
            RightsEvent::PersonLinked(person) => rights.person = *person,
            RightsEvent::GroupsSeen(groups) => rights.groups.clone_from(groups),
            RightsEvent::GrantsSet(grants) => rights.grants.clone_from(grants),
            RightsEvent::SigningLimitSet(limit) => rights.signing_limit.clone_from(limit),
            RightsEvent::GroupUnitSet(_) => {}
        }
    }
    rights
}

/// Applies an event to what a group brings; what does not fit changes nothing but the version.
#[must_use]
pub fn apply_group(before: Option<GroupRights>, name: &str, record: &EventRecord) -> GroupRights {
    let none = || GroupRights { name: name.to_owned(), version: 0, unit: None, grants: Vec::new() };
    let mut group = before.unwrap_or_else(none);
    group.version += 1;
    if let Event::Rights(event) = &record.event {
        match event {
            RightsEvent::GrantsSet(grants) => group.grants.clone_from(grants),
            RightsEvent::GroupUnitSet(unit) => group.unit = *unit,
            RightsEvent::PersonLinked(_)
            | RightsEvent::GroupsSeen(_)
            | RightsEvent::SigningLimitSet(_) => {}
        }
    }
    group
}
