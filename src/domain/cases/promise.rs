//! A promise to a citizen: what, to whom, by when, and whether it was kept (R56). It cannot be deleted, only ended.

use serde::{Deserialize, Serialize};

use crate::domain::event::{EventRecord, PromiseEvent};
use crate::domain::ids::{CaseId, CaseworkerId, ContactId, PersonId, PromiseId, UnitId};
use crate::domain::time::Instant;

use super::kinds::Channel;

/// A promise as it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPromise {
    /// What is promised, in words; empty means to ring back.
    pub what: String,
    /// To whom.
    pub to: PersonId,
    /// About which case, if about one.
    pub case: Option<CaseId>,
    /// The contact in which it was made.
    pub made_in: Option<ContactId>,
    /// By which way it is to be kept.
    pub channel: Channel,
    /// By when.
    pub due_at: Instant,
    /// Who is to keep it.
    pub owner: CaseworkerId,
    /// The unit that answers for it.
    pub unit: UnitId,
}

/// What became of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromiseState {
    /// It is still to be kept.
    Made,
    /// It was kept.
    Kept {
        /// When.
        at: Instant,
        /// In which contact, where it was kept by one.
        contact: Option<ContactId>,
    },
    /// It was not kept in time, or cannot be.
    Broken {
        /// When that was said.
        at: Instant,
        /// Why.
        why: String,
        /// What is done to make up for it.
        recovery: String,
    },
    /// The citizen let the office off.
    Released {
        /// When.
        at: Instant,
        /// In the citizen's words.
        words: String,
    },
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The number.
    pub id: PromiseId,
    /// Counts the events applied.
    pub version: u64,
    /// Who made it.
    pub made_by: CaseworkerId,
    /// When.
    pub made_at: Instant,
    /// What was promised.
    pub promised: NewPromise,
    /// When it was tried to keep it and nobody answered; such an attempt does not keep it.
    pub attempts: Vec<Instant>,
    /// What became of it.
    pub state: PromiseState,
    /// Whether its making was undone.
    pub is_annulled: bool,
}

impl Promise {
    /// Whether it is still to be kept.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == PromiseState::Made && !self.is_annulled
    }
}

/// Applies an event to a promise, and says what it is then. Total: an event that does not fit changes nothing.
#[must_use]
pub fn apply_promise(
    promise: Option<Promise>,
    id: PromiseId,
    record: &EventRecord,
    event: &PromiseEvent,
) -> Option<Promise> {
    if let PromiseEvent::Made(promised) = event {
        return Some(Promise {
            id,
            version: 1,
            made_by: record.actor,
            made_at: record.at,
            promised: promised.clone(),
            attempts: Vec::new(),
            state: PromiseState::Made,
            is_annulled: false,
        });
    }
    let mut next = promise?;
    let version = next.version + 1;
    let at = record.at;
    match event {
        PromiseEvent::Made(_) => {}
        PromiseEvent::Attempted => next.attempts.push(at),
        PromiseEvent::Kept { contact } => next.state = PromiseState::Kept { at, contact: *contact },
        PromiseEvent::Broken { why, recovery } => {
            next.state = PromiseState::Broken { at, why: why.clone(), recovery: recovery.clone() };
        }
        PromiseEvent::Released { words } => {
            next.state = PromiseState::Released { at, words: words.clone() };
        }
        PromiseEvent::Given { owner, unit } => {
            next.promised.owner = *owner;
            next.promised.unit = *unit;
        }
        PromiseEvent::Reverted(before) => next = (**before).clone(),
        PromiseEvent::Annulled => next.is_annulled = true,
    }
    next.version = version;
    Some(next)
}
