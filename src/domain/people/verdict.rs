//! What a check of a typed number comes to: it holds, it is doubtful, or it cannot be.

use serde::{Deserialize, Serialize};

/// What became of a check. A sentence says what is wrong and never repeats the number, for it may be logged or shown to
/// somebody who may not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing speaks against it.
    Valid,
    /// It is kept, and whoever typed it is told this.
    Warn(String),
    /// It cannot be right, for this reason: it is refused.
    Invalid(String),
}

impl Verdict {
    /// What is wrong or doubtful, if anything is.
    #[must_use]
    pub fn sentence(&self) -> Option<&str> {
        match self {
            Self::Valid => None,
            Self::Warn(sentence) | Self::Invalid(sentence) => Some(sentence),
        }
    }
}
