//! Why a desk did not do or answer something.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, PersonId, Refusal};
use crate::search::SearchError;

use super::run::PURPOSE_NEEDED;
use super::work::broken;

/// A field that somebody else has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedField {
    /// Which, in words; of a form its code in the type.
    pub field: String,
    /// By whom, by their short name.
    pub by: String,
    /// When.
    pub at: Instant,
}

impl fmt::Display for ChangedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.field, self.by)
    }
}

/// Why not. It crosses the socket, so sources are told as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DeskError {
    /// The rules or the rights do not allow it.
    #[error("{0}")]
    Refused(Refusal),
    /// What the act rests on was changed by somebody since it was shown.
    #[error("{entity} was changed by {by} meanwhile{}", in_fields(fields))]
    Changed {
        /// The record.
        entity: EntityId,
        /// Who changed it last.
        by: String,
        /// When.
        at: Instant,
        /// Which fields, the newest change of each; none where it is not known.
        fields: Vec<ChangedField>,
    },
    /// There is no such thing, or it may not be seen: the two look alike on purpose.
    #[error("there is no {0}")]
    NotFound(String),
    /// The file is closed to whoever asks: it is theirs, their family's or a colleague's. The attempt is noted on the record.
    #[error(
        "{0} is closed to you: it is your own file, your family's or a colleague's. The attempt is noted for the privacy officer"
    )]
    Closed(EntityId),
    /// The store acknowledges nothing any more; reads go on.
    #[error("nothing can be saved: {0}")]
    ReadOnly(String),
    /// The store or a record in it cannot be read.
    #[error("the database cannot be read: {0}")]
    Broken(String),
    /// The desk is gone or did not answer.
    #[error("the desk does not answer: {0}")]
    Lost(String),
    /// Whoever asked did not want the answer any more.
    #[error("the question was given up")]
    GivenUp,
}

impl DeskError {
    /// The file that was not opened since nobody has named a purpose for it. The refusal names it by its number.
    #[must_use]
    pub fn needs_purpose_for(&self) -> Option<EntityId> {
        let Self::Refused(refusal) = self else { return None };
        let mut words = refusal.what.split_whitespace().filter(|_| refusal.code == PURPOSE_NEEDED);
        words.find_map(|word| match (word.parse::<CaseId>(), word.parse::<PersonId>()) {
            (Ok(case), _) => Some(EntityId::Case(case)),
            (_, Ok(person)) => Some(EntityId::Person(person)),
            _ => None,
        })
    }

    /// Whether whoever asked has no right to it, or it is not there: what was shown of it before is not to be shown any more.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.code.starts_with("permit."),
            Self::NotFound(_) | Self::Closed(_) => true,
            Self::Changed { .. }
            | Self::ReadOnly(_)
            | Self::Broken(_)
            | Self::Lost(_)
            | Self::GivenUp => false,
        }
    }
}

/// A search that fails because the index is being built is refused; what else fails is broken.
impl From<SearchError> for DeskError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Unfinished => Refusal::new(
                "search.unfinished",
                "People cannot be searched or changed just now: the search index is being built.",
                "Wait for it, or for the import that it waits for; if neither is going on, open casedesk again.",
            )
            .into(),
            other @ (SearchError::Read(_)
            | SearchError::Format { .. }
            | SearchError::Scratch(_)
            | SearchError::Damaged { .. }
            | SearchError::Full) => broken(other),
            SearchError::Cancelled => Self::GivenUp,
        }
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Which fields were changed, for a sentence; nothing where it is not known.
fn in_fields(fields: &[ChangedField]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!(": {}", fields.join(", "))
}
