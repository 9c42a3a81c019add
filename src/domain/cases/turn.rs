//! Whose turn it was: what a claim says of the queue that it was taken from, so that anybody can count again whether the
//! first of its order was taken.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseworkerId, QueueId};
use crate::domain::time::Instant;

use super::act::CaseEvent;
use super::case::Case;
use super::ordering::{Lane, OrderKey, order_key, ordering_view};

/// Why the next case was not offered to whoever asked for it. The codes name nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PassedOver {
    /// They have no right to work it.
    Rights,
    /// Its confidentiality is above what they may see.
    Level,
    /// It is their own, their family's or a colleague's matter.
    Conflict,
}

impl PassedOver {
    /// The code, as reports name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rights => "rights",
            Self::Level => "level",
            Self::Conflict => "conflict",
        }
    }
}

/// What a claim says of the free cases of its queue as they stood when it was made. The commit fills it in, where its place
/// in the order of all commits is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The queue that it was taken from.
    pub queue: QueueId,
    /// The part of its ordering key beside its number: when it was due.
    pub due_at: Instant,
    /// How many free cases there were, itself included.
    pub size: u64,
    /// The sum over the ordering keys of all of them.
    pub sum: [u8; 16],
    /// Its place among them, from 1; none where it lay beyond those that a claim counts.
    pub rank: Option<u64>,
    /// How many before it were not offered, by reason, where it was claimed as the next one; none where it was named.
    pub passed: Option<Vec<(PassedOver, u64)>>,
}

impl Turn {
    /// What a claim says before its commit has a place in the order.
    #[must_use]
    pub fn open(queue: QueueId, due_at: Instant, passed: Option<Vec<(PassedOver, u64)>>) -> Self {
        Self { queue, due_at, size: 0, sum: [0; 16], rank: None, passed }
    }
}

/// Where a case stands among those that anybody may be offered: its queue, and its key in the order of that.
#[must_use]
pub fn standing(case: &Case) -> Option<(QueueId, OrderKey)> {
    let queue = case.queue.filter(|_| case.is_open() && case.lane() == Lane::Free)?;
    Some((queue, order_key(&ordering_view(case))))
}

/// Who took a case as the next one of its queue, where an event says so; nothing of one that was named.
#[must_use]
pub fn claimed_as_next(event: &CaseEvent) -> Option<CaseworkerId> {
    let is_next = if let CaseEvent::Claimed { place, .. } = event {
        place.is_some()
    } else if let CaseEvent::ClaimedInTurn { turn, .. } = event {
        turn.rank.is_some() && turn.passed.is_some()
    } else {
        false
    };
    claimed_by(event).filter(|_| is_next)
}

/// Who took a case, where an event says so.
#[must_use]
pub fn claimed_by(event: &CaseEvent) -> Option<CaseworkerId> {
    if let CaseEvent::Claimed { by, .. } | CaseEvent::ClaimedInTurn { by, .. } = event {
        return Some(*by);
    }
    None
}
