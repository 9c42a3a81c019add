//! Whether queues were fair, and how equal waiting was.

use serde::{Deserialize, Serialize};

use crate::domain::CaseId;
use crate::domain::fairness::Equality;
use crate::domain::time::Instant;

/// A claim that is not as it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferingClaim {
    /// The case; none where the actor may not see it.
    pub case: Option<CaseId>,
    /// The claim's place in the audit chain.
    pub sequence: u64,
    /// When.
    pub at: Instant,
    /// Who claimed it, by account.
    pub by: String,
    /// What differs, in a sentence.
    pub what: String,
}

/// Claims of one caseworker in one queue that passed over cases before them, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipLine {
    /// The queue's code.
    pub queue: String,
    /// Who, by account.
    pub by: String,
    /// Why: `rights`, `level`, `conflict`, or of a case that was not taken as the next one `named`, or `opened` where the
    /// claimer had opened it before.
    pub reason: String,
    /// How many claims.
    pub claims: u64,
    /// How many cases they passed over in all.
    pub passed: u64,
}

/// Waiting of one kind, by the groups of citizens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingAnswer {
    /// How many cases have waited so.
    pub cases: u64,
    /// By the area of the case's place.
    pub by_area: Equality,
    /// By the channel through which the case came.
    pub by_channel: Equality,
    /// By the first language of whoever asked.
    pub by_language: Equality,
}

/// Whether queues were fair, and how equal waiting was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairnessAnswer {
    /// Claims that were checked.
    pub claims: u64,
    /// Of these, the first of their queue's order.
    pub first: u64,
    /// Claims without a proof: of an older program, or of cases that waited for somebody outside.
    pub unproved: u64,
    /// Claims that are not as they say, oldest first.
    pub differing: Vec<DifferingClaim>,
    /// Further ones.
    pub differing_more: u64,
    /// Who passed over what, by queue; the most passed first.
    pub skips: Vec<SkipLine>,
    /// Further lines of that.
    pub skips_more: u64,
    /// From registration to the first claim.
    pub to_claim: WaitingAnswer,
    /// From registration to the first answer.
    pub to_answer: WaitingAnswer,
}
