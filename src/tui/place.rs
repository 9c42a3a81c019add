//! The places that a caseworker can be at.

use crate::domain::{CaseId, PersonId};

/// A screen and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The board.
    Board,
    /// The late cases by unit.
    Overdue,
    /// The intake ledger.
    Ledger,
    /// The likely duplicates.
    Duplicates,
    /// What was promised.
    Promises,
    /// The find screen, begun with this text.
    Find(String),
    /// A person's file.
    Person(PersonId),
    /// A case.
    Case(CaseId),
    /// The intake form, for this person, begun with these words.
    Intake(Option<PersonId>, String),
    /// A new person's form, begun with these words, beside these candidates.
    NewPerson(String, Vec<PersonId>),
}
