//! An expected "no", as it is said to the caseworker: what is the matter, and what to do.

use serde::{Deserialize, Serialize};

/// Why a command was not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}{}{hint}", if hint.is_empty() { "" } else { " " })]
pub struct Refusal {
    /// A stable code for scripts and tests, as `closing.outcome`.
    pub code: String,
    /// One sentence: what is the matter.
    pub what: String,
    /// One sentence: what to do about it; empty where nothing helps.
    pub hint: String,
}

impl Refusal {
    /// A refusal with what to do about it.
    pub fn new(code: &str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: code.to_owned(), what: what.into(), hint: hint.into() }
    }
}
