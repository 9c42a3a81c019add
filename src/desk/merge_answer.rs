//! What is answered about merges: what a record was merged with, what it may be merged with, and two people side by side.

use serde::{Deserialize, Serialize};

use crate::domain::people::{PersonField, Side};
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, MergeId, PersonId};

use super::answer::CaseRow;

/// A merge in force, as a file tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeLine {
    /// Which.
    pub merge: MergeId,
    /// What went into the record of the file, or into one that did.
    pub merged: EntityId,
    /// Whether it went into the record itself, so that it can be taken out of it.
    pub is_direct: bool,
    /// When.
    pub at: Instant,
    /// Who merged them.
    pub by: String,
    /// Why, where a reason was given.
    pub reason: String,
}

/// A case that another one may be merged with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeCandidate {
    /// The row that lists show.
    pub row: CaseRow,
    /// Why it is here: `same person, same subject`.
    pub why: String,
    /// Whom both cases have to do with, as far as the actor may see them.
    pub common: InCommon,
    /// What is compared.
    pub facts: ComparedCase,
}

/// Whom two cases have to do with, both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InCommon {
    /// Nobody.
    Nobody,
    /// People of one household, and nobody himself.
    Household,
    /// A person.
    Person,
}

/// What is compared of two cases, beside what their rows say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedCase {
    /// What is asked.
    pub asks: String,
    /// Where.
    pub place: String,
    /// When it was received.
    pub received_at: Instant,
}

/// Cases that one may be merged with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeCandidatesAnswer {
    /// The case that was asked about.
    pub case: CaseId,
    /// What is compared of it.
    pub facts: ComparedCase,
    /// The others: those with somebody in common first.
    pub candidates: Vec<MergeCandidate>,
}

/// A side of a merge of two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeSide {
    /// Who.
    pub person: PersonId,
    /// The version that was compared.
    pub version: u64,
    /// The name, as lists show it.
    pub name: String,
    /// Open cases, all cases, contacts and services, as far as the actor may see them.
    pub counts: [u64; 4],
}

/// A field of two people side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeFieldLine {
    /// Which.
    pub field: PersonField,
    /// The survivor's and the merged record's value, masked where it is to be; empty where there is none.
    pub values: (String, String),
    /// Source and day of each, where a field has one.
    pub notes: (String, String),
    /// The side that is taken where nobody chooses.
    pub side: Side,
    /// Whether both say the same, so that there is nothing to choose.
    pub is_same: bool,
}

/// Two people side by side, before they are merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonMergeAnswer {
    /// The record that would go on.
    pub survivor: MergeSide,
    /// The record that would go into it.
    pub merged: MergeSide,
    /// Every field that either of them has.
    pub fields: Vec<MergeFieldLine>,
    /// Why the two are likely one, in words; empty where nothing says so.
    pub evidence: String,
}
