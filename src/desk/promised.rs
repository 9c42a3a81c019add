//! What is asked and answered about promises.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, PromiseState, Urgency, promised_words};
use crate::domain::office::Unit;
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, PersonId, PromiseId, UnitId};

/// Whose promises are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    /// Those that the actor is to keep: their own, and those of whomever they stand in for.
    Mine,
    /// Those that a unit answers for.
    Unit(UnitId),
    /// Everybody's.
    All,
    /// Those to a person.
    To(PersonId),
    /// Those about a case.
    On(CaseId),
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromiseFilter {
    /// Still to be kept, late ones included.
    Open,
    /// Still to be kept although the time has passed.
    Late,
    /// Kept in the last 30 days.
    Kept,
    /// Broken in the last 30 days.
    Broken,
    /// Released by the citizen in the last 30 days.
    Released,
}

impl PromiseFilter {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 5] = [Self::Open, Self::Late, Self::Kept, Self::Broken, Self::Released];

    /// The word on the screen and on the command line.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Late => "late",
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Released => "released",
        }
    }
}

/// A promise, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// The number.
    pub id: PromiseId,
    /// Its version, for acts on it.
    pub version: u64,
    /// What is promised; empty means to ring back.
    pub what: String,
    /// By which way.
    pub channel: Channel,
    /// When it was made.
    pub made_at: Instant,
    /// By when.
    pub due_at: Instant,
    /// To whom: number and name as listed.
    pub person: (PersonId, String),
    /// About which case.
    pub case: Option<CaseId>,
    /// The case's subject.
    pub subject: String,
    /// Who keeps it today: number and short name.
    pub keeper: (CaseworkerId, String),
    /// Whose it is, where that is somebody else who is away.
    pub stands_in_for: Option<String>,
    /// The unit that answers for it, by name.
    pub unit: String,
    /// Whether the office is closed when it is due.
    pub is_closed_then: bool,
    /// How often it was tried, and when last.
    pub attempts: (u32, Option<Instant>),
    /// What became of it.
    pub state: PromiseState,
}

impl PromiseRow {
    /// Whether it is still to be kept.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == PromiseState::Made
    }

    /// How near its time is, where it is open.
    #[must_use]
    pub fn urgency(&self, now: Instant) -> Option<Urgency> {
        self.is_open().then(|| Urgency::of(self.made_at, self.due_at, now))
    }

    /// What is promised, in words: `ring`.
    #[must_use]
    pub fn words(&self) -> &str {
        promised_words(&self.what, self.channel)
    }
}

/// Promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromisesAnswer {
    /// Open ones in the order of their times, ended ones with the newest first.
    pub promises: Vec<PromiseRow>,
    /// Whether there are more than are shown.
    pub has_more: bool,
}

/// How somebody likes to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachAnswer {
    /// The name as listed.
    pub name: String,
    /// The way that they prefer.
    pub preferred: Option<Channel>,
}

/// How many of a unit's promises were kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRate {
    /// The unit.
    pub unit: Unit,
    /// For each of [`RATE_DAYS`]: those kept in time, and all that ended or are late.
    pub spans: [(u64, u64); 3],
}

/// The days up to today that rates are of.
pub const RATE_DAYS: [u16; 3] = [7, 30, 365];

/// How many of each unit's promises were kept. Nothing here is of a caseworker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRatesAnswer {
    /// In the order of units.
    pub units: Vec<PromiseRate>,
}
