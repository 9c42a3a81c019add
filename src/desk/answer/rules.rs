//! What is told of the office's rules: which texts there are, and how far each has come.

use serde::{Deserialize, Serialize};

use crate::domain::rules::{PublicationName, PublicationState};
use crate::domain::time::{Day, Instant};

/// Texts of rules, by kind, code and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesAnswer {
    /// One for each version.
    pub lines: Vec<RulesLine>,
}

/// A version of a text of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesLine {
    /// Its name.
    pub name: PublicationName,
    /// What it is called in English, where its kind is called anything.
    pub title: String,
    /// How far it has come.
    pub state: PublicationState,
    /// Whether it is what counts today; of a type or table, what new cases begin under.
    pub is_in_force: bool,
    /// Whether this program reads it; one that it cannot read counts for nothing.
    pub is_readable: bool,
    /// The day from which it is, or is to be, in force.
    pub from: Day,
    /// The name of whoever proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Instant,
    /// The name of whoever published it.
    pub published_by: Option<String>,
}
