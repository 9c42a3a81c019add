//! What may be shown of the audit trail, and of the office as it was.

use serde::{Deserialize, Serialize};

use crate::domain::{EntityId, PersonId};

/// Records of which the actor may not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnseenAnswer {
    /// They, and those that are not there, of what was asked about.
    pub records: Vec<EntityId>,
}

/// People whose files are closed to the actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedFilesAnswer {
    /// Their numbers, in order.
    pub people: Vec<PersonId>,
}
