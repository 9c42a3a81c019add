//! The order of queues: a function over a view of the case in which there is no person (hard rule 6).

use serde::{Deserialize, Serialize};

use crate::domain::ids::CaseId;
use crate::domain::time::{Clock, ClockKind, ClockState, Instant};

use super::case::Case;
use super::kinds::{Nature, Stage};

/// What ordering and routing may know of a case. It names no person, so that no function over it can treat one
/// differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseOrderingView {
    /// The number.
    pub id: CaseId,
    /// The nature.
    pub nature: Nature,
    /// When it was received.
    pub received_at: Instant,
    /// When its next clock runs out, or the far end of time where none runs.
    pub due_at: Instant,
}

/// Where a case comes in its queue: by the clock that runs out next, then by number. What this order needs to know of a
/// case is in it, so that whoever has the keys can put a queue in order again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// When its next clock runs out.
    pub due_at: Instant,
    /// The number.
    pub case: CaseId,
}

/// The order of every queue, `queue.due-first`. It takes the view, in which there is no person; a case, who asks in it, or
/// who has it, cannot be handed to it:
///
/// ```
/// use casedesk::domain::cases::{CaseOrderingView, OrderKey, order_key};
/// let order: fn(&CaseOrderingView) -> OrderKey = order_key;
/// ```
/// ```compile_fail,E0308
/// use casedesk::domain::cases::{Case, OrderKey, order_key};
/// let order: fn(&Case) -> OrderKey = order_key;
/// ```
/// ```compile_fail,E0609
/// # use casedesk::domain::cases::CaseOrderingView;
/// fn by_person(view: &CaseOrderingView) -> u64 { view.initiator.0 }
/// ```
/// ```compile_fail,E0609
/// # use casedesk::domain::cases::CaseOrderingView;
/// fn by_party(view: &CaseOrderingView) -> usize { view.roles.len() }
/// ```
#[must_use]
pub fn order_key(view: &CaseOrderingView) -> OrderKey {
    OrderKey { due_at: view.due_at, case: view.id }
}

/// In which part of its queue a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lane {
    /// Nobody has it.
    Free,
    /// Somebody works it.
    Claimed,
    /// It waits for somebody outside: on hold, or for the citizen's information.
    Waiting,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Free, Self::Claimed, Self::Waiting];
}

/// The view of a case that ordering functions take.
#[must_use]
pub fn ordering_view(case: &Case) -> CaseOrderingView {
    CaseOrderingView {
        id: case.id,
        nature: case.nature,
        received_at: case.received_at,
        due_at: case.due_at(),
    }
}

impl Case {
    /// When the next clock that still counts runs out. The law's limit counts only where nothing nearer does; a case
    /// whose clocks have all ended, or stand still, has nothing due.
    #[must_use]
    pub fn due_at(&self) -> Instant {
        let running = self.clocks.iter().filter(|clock| clock.state() == ClockState::Running);
        running.map(|clock| clock.due_at).min().unwrap_or(Instant::from_milliseconds(i64::MAX))
    }

    /// When the case is due in a list: [`Case::due_at`], or of one that has ended, what it was when its last clocks ended,
    /// so that whoever ended it there finds the place again.
    #[must_use]
    pub fn stood_due_at(&self) -> Instant {
        let ended = |clock: &Clock| clock.ended.as_ref().map(|(at, _)| *at);
        let last = self.clocks.iter().filter_map(ended).max();
        let ended_last = self.clocks.iter().filter(|clock| last.is_some() && ended(clock) == last);
        match ended_last.map(|clock| clock.due_at).min() {
            Some(due_at) if !self.is_open() => due_at,
            _ => self.due_at(),
        }
    }

    /// The kind of the clock that [`Case::due_at`] is about.
    #[must_use]
    pub fn due_kind(&self) -> Option<ClockKind> {
        let running = self.clocks.iter().filter(|clock| clock.state() == ClockState::Running);
        running.min_by_key(|clock| clock.due_at).map(|clock| clock.kind)
    }

    /// Where the case stands in its queue.
    #[must_use]
    pub fn lane(&self) -> Lane {
        if self.hold.is_some() || self.stage == Stage::NeedsInfo {
            Lane::Waiting
        } else if self.owner.is_some() {
            Lane::Claimed
        } else {
            Lane::Free
        }
    }
}
