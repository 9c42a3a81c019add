//! What a desk answers about who may do what.

use serde::{Deserialize, Serialize};

use crate::domain::money::Money;
use crate::domain::office::{RegisteredPurpose, ScopedGrant};
use crate::domain::time::Day;

use crate::desk::command::Holder;

/// Where a right comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RightSource {
    /// A role in the caseworker's record.
    Record,
    /// A narrower right of the holder's own.
    Own,
    /// The group of the operating system with this name.
    Group(String),
}

/// One right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightLine {
    /// Where it comes from.
    pub source: RightSource,
    /// What it is.
    pub right: ScopedGrant,
    /// The name of the unit that it is held to.
    pub unit: Option<String>,
    /// Whether it holds today.
    pub is_in_force: bool,
}

/// The office's register of purposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposesAnswer {
    /// All of them, by their digits, retired ones included.
    pub purposes: Vec<RegisteredPurpose>,
    /// The day on which those in force are told from the others.
    pub today: Day,
}

/// What somebody or a group may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantsAnswer {
    /// Whose.
    pub whose: Holder,
    /// Their name.
    pub name: String,
    /// The unit that they work in, or in which a group's newcomers are enrolled.
    pub unit: Option<String>,
    /// The groups of the operating system, as it told them last.
    pub groups: Vec<String>,
    /// The rights: of the record, their own, of their groups.
    pub rights: Vec<RightLine>,
    /// Above this amount whoever leads the unit decides.
    pub signing_limit: Option<Money>,
}
