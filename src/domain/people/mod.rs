//! People: who the office serves, how they are reached, and whom they live with.

mod asking;
mod change;
mod compare;
mod distinction;
mod doubts;
mod household;
pub mod identity;
mod merge;
mod person;
mod telephone;
mod verdict;

pub use asking::{MayAsk, OF_AGE_YEARS, may_ask};
pub use change::{NewPerson, PersonChange, PersonEvent, apply, decide, register};
pub use compare::{changed_field, is_changed_by};
pub(in crate::domain) use distinction::apply_distinction;
pub use distinction::{Distinction, DistinctionEvent, in_order};
pub use doubts::{at_home, doubt, doubts, identity_doubt};
pub use household::{
    FamilyRole, Household, HouseholdMember, NewHousehold, Relationship, RelationshipKind,
};
pub use merge::{PersonField, Side, default_side, merge, part, refuse_unless_living};
pub use person::{
    Address, BirthDate, ContactPoint, ContactPointKind, ContactPointState, Fact, Identity, Name,
    NameKind, Person, PersonNote, PersonState, Provenance,
};
pub use telephone::{Country, Telephone, check_telephone, grouped, is_same_telephone};
pub use verdict::Verdict;
