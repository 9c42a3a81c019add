//! What comes of a command: the receipt, what became of each of many, and whether it can be undone.

use serde::{Deserialize, Serialize};

use crate::desk::answer::Disclosure;
use crate::desk::run::HANDED_OVER_MAX;
use crate::domain::{EntityId, Refusal};

/// Whether an act can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undoable {
    /// `u` undoes it.
    Yes,
    /// It cannot be, for this reason.
    No(String),
    /// There is nothing to undo: it left no change that anybody sees.
    Nothing,
}

/// What became of one row of an import, or of one case of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowResult {
    /// A record was made.
    Created(EntityId),
    /// The record was changed.
    Updated(EntityId),
    /// The row says what the record says.
    Unchanged(EntityId),
    /// The row differs, but somebody here has changed the record since.
    Conflict(EntityId),
    /// The row cannot be taken.
    Rejected(Refusal),
    /// Nothing was done with this record, and why.
    Refused(EntityId, Refusal),
}

/// The receipt for a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The commit's place in the one order.
    pub sequence: u64,
    /// What the status line says: `Claimed C-21090 from Free, 1st of 18 in its order.`
    pub label: String,
    /// Records made by it, the main one first.
    pub created: Vec<EntityId>,
    /// The record it was about, where it was about one: the case claimed, the person changed.
    pub subject: Option<EntityId>,
    /// Whether it can be undone.
    pub undo: Undoable,
    /// What it disclosed, recorded durably before.
    pub disclosed: Option<Disclosure>,
    /// What became of each row of an import, or of each case of many.
    pub rows: Vec<RowResult>,
    /// A text that was made for the citizen: a slip, or how the case stands.
    pub text: Option<String>,
}

impl Receipt {
    /// Whether an act handed over as much as fits into one, so that there may be more: the same once more goes on.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.rows.len() >= HANDED_OVER_MAX
    }
}
