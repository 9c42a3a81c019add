//! What is told of a calendar before it is published: whom it moves (hard rule 10).

use serde::{Deserialize, Serialize};

use crate::domain::CaseId;
use crate::domain::time::{ClockKind, Instant};

/// Clocks that a calendar moves, of one stretch of the office's cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMovesAnswer {
    /// Open cases that were looked at.
    pub cases: u64,
    /// The clocks that move, by case.
    pub moves: Vec<ClockMove>,
    /// The last case of the stretch; none where there are no more.
    pub next: Option<CaseId>,
}

/// A clock that a calendar moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMove {
    /// The case.
    pub case: CaseId,
    /// The code of its unit.
    pub unit: String,
    /// Which clock.
    pub kind: ClockKind,
    /// When it is due now.
    pub old: Instant,
    /// When it would be due.
    pub new: Instant,
}
