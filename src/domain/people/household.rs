//! Households and relationships: whom a person lives with and belongs to.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{HouseholdId, PersonId, Ulid};
use crate::domain::time::Day;

/// What somebody is in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FamilyRole {
    /// The person that the household is registered under.
    Head,
    /// Husband, wife or partner of the head.
    Partner,
    /// Child of the head or partner.
    Child,
    /// Mother or father of the head or partner.
    Parent,
    /// Anybody else.
    Other,
}

/// A member of a household, present or past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdMember {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: FamilyRole,
    /// Since.
    pub from: Day,
    /// Until, if they have left.
    pub to: Option<Day>,
}

/// People who live together. A person is in at most one primary household at a time; history is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// The number.
    pub id: HouseholdId,
    /// The identifier across offices.
    pub ulid: Ulid,
    /// Counts the events applied.
    pub version: u64,
    /// Members, present and past.
    pub members: Vec<HouseholdMember>,
}

/// The members of a household that is being formed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHousehold {
    /// Who, as what, the head first.
    pub members: Vec<(PersonId, FamilyRole)>,
}

/// What one person is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RelationshipKind {
    /// Married or partners.
    Spouse,
    /// The other person is a parent of this one.
    Parent,
    /// The other person is a child of this one.
    Child,
    /// Brother or sister.
    Sibling,
    /// The other person is the guardian of this one.
    Guardian,
    /// The other person is a ward of this one.
    Ward,
    /// Other family.
    Kin,
    /// The other person may ask and act for this one, by the document that is the source and until a day.
    Proxy,
    /// The other person has given this one a proxy.
    Principal,
}

impl RelationshipKind {
    /// The same relation seen from the other person.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
            Self::Guardian => Self::Ward,
            Self::Ward => Self::Guardian,
            Self::Proxy => Self::Principal,
            Self::Principal => Self::Proxy,
            Self::Spouse | Self::Sibling | Self::Kin => self,
        }
    }

    /// The word on the screen for the other person.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::Parent => "parent",
            Self::Child => "child",
            Self::Sibling => "sibling",
            Self::Guardian => "guardian",
            Self::Ward => "ward",
            Self::Kin => "kin",
            Self::Proxy => "proxy",
            Self::Principal => "acts for",
        }
    }
}

/// A relationship, stored on one of the two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// The other person.
    pub to: PersonId,
    /// What the other person is to this one.
    pub kind: RelationshipKind,
    /// Since, if it is known.
    pub from: Option<Day>,
    /// Until, if it has ended.
    pub until: Option<Day>,
    /// Who said so.
    pub source: String,
}
