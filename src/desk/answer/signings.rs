//! What waits for a second signature.

use serde::{Deserialize, Serialize};

use crate::domain::CaseId;
use crate::domain::cases::SigningState;
use crate::domain::time::Instant;

/// What waits for a second signature, and what came back without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningsAnswer {
    /// What the actor may sign second, oldest first; then what they signed first and is waiting, or came back.
    pub lines: Vec<SigningLine>,
}

/// What one person signed on a case, in words: the record itself holds what stands masked here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningLine {
    /// The case.
    pub case: CaseId,
    /// The label of its subject.
    pub subject: String,
    /// What was signed, in a few words: an outcome, or what is changed.
    pub what: String,
    /// The amount that it is about; empty where it is about none.
    pub amount: String,
    /// The reasons, and the legal ground, as they were written.
    pub reasons: String,
    /// Who signed first, by their short name.
    pub by: String,
    /// Who ended it, by their short name: signed second, or sent it back.
    pub ended_by: String,
    /// When it was signed first.
    pub at: Instant,
    /// Counts the events applied to it.
    pub version: u64,
    /// Where it stands.
    pub state: SigningState,
    /// The reasons of a decision alone, for whoever decides again; empty where no decision was signed.
    pub decision_reasons: String,
    /// Whether the actor may sign it second.
    pub may_sign: bool,
    /// Whether the first signature is the actor's.
    pub is_own: bool,
}
