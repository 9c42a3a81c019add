//! People: who the office serves, how they are reached, and whom they live with.

mod asking;
mod change;
mod distinction;
mod household;
mod merge;
mod person;

pub use asking::{MayAsk, OF_AGE_YEARS, may_ask};
pub use change::{NewPerson, PersonChange, PersonEvent, apply, decide, register};
pub(in crate::domain) use distinction::apply_distinction;
pub use distinction::{Distinction, DistinctionEvent, in_order};
pub use household::{
    FamilyRole, Household, HouseholdMember, NewHousehold, Relationship, RelationshipKind,
};
pub use merge::{PersonField, Side, default_side, merge, part, refuse_unless_living};
pub use person::{
    Address, BirthDate, ContactPoint, ContactPointKind, ContactPointState, Fact, Identity, Name,
    NameKind, Person, PersonNote, PersonState, Provenance,
};
