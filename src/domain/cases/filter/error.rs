//! Why a text is no filter: where, what is the matter, and what is possible there.

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {what}")]
pub struct FilterError {
    /// The character at which it goes wrong, counted from 1.
    pub column: usize,
    /// What is the matter, and what is possible.
    pub what: String,
}
