//! What the office knows: for now its tree of subjects.

use serde::{Deserialize, Serialize};

use super::ids::SubjectCode;

/// A subject (index term) of the office's tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The code, as `RENT-2`.
    pub code: SubjectCode,
    /// Counts the events applied.
    pub version: u64,
    /// The label shown.
    pub label: String,
    /// Words that mean it.
    pub synonyms: Vec<String>,
    /// The subject above.
    pub parent: Option<SubjectCode>,
    /// Whether new cases may still get it.
    pub is_retired: bool,
}
