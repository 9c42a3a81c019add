//! A promise to a citizen: what, to whom, by when, and whether it was kept (R56). It cannot be deleted, only ended.

use serde::{Deserialize, Serialize};

use crate::domain::event::{EventRecord, PromiseEvent};
use crate::domain::ids::{CaseId, CaseworkerId, ContactId, PersonId, PromiseId, UnitId};
use crate::domain::limits::{LINE_BYTES_MAX, PROMISE_ATTEMPTS_MAX};
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;

use super::decide::check_text;
use super::kinds::Channel;

/// For how many minutes before its time a promise rings.
pub const RING_MINUTES: i64 = 10;
/// The part of its time after which a promise is urgent, in hundredths (R56).
const URGENT_PERCENT: i64 = 80;

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

/// What can be done with a promise that is open. There is no other end than these, and no deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromiseAct {
    /// It was tried to keep it, and nobody answered: it stays open.
    Attempt,
    /// It was kept.
    Keep,
    /// It was not kept, or cannot be.
    Break {
        /// Why.
        why: String,
        /// What is done to make up for it.
        recovery: Recovery,
    },
    /// The citizen let the office off.
    Release {
        /// In the citizen's words.
        words: String,
    },
    /// Somebody else is to keep it.
    Give {
        /// Who.
        to: CaseworkerId,
    },
}

/// What is done to make up for a broken promise (R63).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recovery {
    /// Nothing.
    Nothing,
    /// An apology is written.
    Apology,
    /// Something is promised anew, in the same act.
    Anew {
        /// What; empty means to ring back.
        what: String,
        /// By which way.
        channel: Channel,
        /// By when.
        due_at: Instant,
    },
}

/// How near the time of an open promise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    /// There is time.
    Open,
    /// Four fifths of its time have passed.
    Soon,
    /// Its time has passed.
    Late,
}

impl Urgency {
    /// How urgent something is at a moment that was promised at one and is due at another.
    #[must_use]
    pub fn of(made_at: Instant, due_at: Instant, now: Instant) -> Self {
        let (all, gone) = (due_at.minutes_since(made_at), now.minutes_since(made_at));
        if now > due_at {
            Self::Late
        } else if gone.saturating_mul(100) >= all.saturating_mul(URGENT_PERCENT) {
            Self::Soon
        } else {
            Self::Open
        }
    }
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
    /// When a rule found that its time had passed.
    pub breached_at: Option<Instant>,
}

impl Promise {
    /// Whether it is still to be kept.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == PromiseState::Made && !self.is_annulled
    }

    /// From when on it rings.
    #[must_use]
    pub fn rings_from(&self) -> Instant {
        self.promised.due_at.plus_minutes(-RING_MINUTES)
    }

    /// When it ended, if it has.
    #[must_use]
    pub fn ended_at(&self) -> Option<Instant> {
        self.state.ended_at()
    }

    /// Whether it was kept by its time.
    #[must_use]
    pub fn is_kept_in_time(&self) -> bool {
        matches!(self.state, PromiseState::Kept { at, .. } if at <= self.promised.due_at)
    }

    /// What is promised, in words: `ring`, where nothing else was said.
    #[must_use]
    pub fn words(&self) -> &str {
        promised_words(&self.promised.what, self.promised.channel)
    }
}

/// What is promised, in words; without any it is to ring back, to write, or to see the citizen.
#[must_use]
pub fn promised_words(what: &str, channel: Channel) -> &str {
    match channel {
        _ if !what.is_empty() => what,
        Channel::Telephone => "ring",
        Channel::WalkIn | Channel::Audience | Channel::Kiosk => "see",
        Channel::Letter | Channel::Email | Channel::Sms | Channel::Fax | Channel::Online => "write",
    }
}

/// The event of an act on a promise; `kept_in` is the contact that goes on with whom it was promised, and `recovery` what
/// the law's record says of how it is made up for.
///
/// # Errors
/// The promise has ended, or words are missing, too long or none that may be kept.
pub fn decide_promise(
    promise: &Promise,
    act: &PromiseAct,
    kept_in: Option<ContactId>,
    recovery: &str,
    unit: UnitId,
) -> Result<PromiseEvent, Refusal> {
    let id = promise.id;
    if !promise.is_open() {
        return Err(Refusal::new(
            "promise.over",
            format!("{id} is {} already.", promise.state.label()),
            "Make a new promise, or undo what was said by mistake (u).",
        ));
    }
    Ok(match act {
        PromiseAct::Attempt if promise.attempts.len() >= PROMISE_ATTEMPTS_MAX => {
            return Err(Refusal::new(
                "promise.attempts",
                format!("{id} was tried {PROMISE_ATTEMPTS_MAX} times."),
                "Say that it is broken and how that is made up for: a letter, a new time.",
            ));
        }
        PromiseAct::Attempt => PromiseEvent::Attempted,
        PromiseAct::Keep => PromiseEvent::Kept { contact: kept_in },
        PromiseAct::Break { why, .. } => {
            check_text("why it is broken", why, LINE_BYTES_MAX, false)?;
            required(
                "promise.why",
                why,
                "A promise is broken for a reason.",
                "Say why, in a line.",
            )?;
            PromiseEvent::Broken { why: why.clone(), recovery: recovery.to_owned() }
        }
        PromiseAct::Release { words } => {
            check_text("the citizen's words", words, LINE_BYTES_MAX, false)?;
            let what = "Only the citizen lets the office off, in their own words.";
            required("promise.words", words, what, "Type what they said.")?;
            PromiseEvent::Released { words: words.clone() }
        }
        PromiseAct::Give { to } => PromiseEvent::Given { owner: *to, unit },
    })
}

fn required(code: &str, text: &str, what: &str, hint: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::new(code, what, hint)) } else { Ok(()) }
}

impl PromiseState {
    /// When that was said; nothing while it is still to be kept.
    #[must_use]
    pub fn ended_at(&self) -> Option<Instant> {
        match self {
            Self::Made => None,
            Self::Kept { at, .. } | Self::Broken { at, .. } | Self::Released { at, .. } => {
                Some(*at)
            }
        }
    }

    /// The word on the screen.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Made => "open",
            Self::Kept { .. } => "kept",
            Self::Broken { .. } => "broken",
            Self::Released { .. } => "released",
        }
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
            breached_at: None,
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
        PromiseEvent::Breached { .. } => next.breached_at = Some(at),
    }
    next.version = version;
    Some(next)
}
