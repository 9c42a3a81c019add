//! What commands say in more than a word: forms that were filled in, promises that somebody wants to make, whose rights.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, Intake, Suggested};
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, PersonId};

/// Who holds rights: a caseworker, or whoever is in a group of the operating system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Holder {
    /// A caseworker.
    Caseworker(CaseworkerId),
    /// The group of this name.
    Group(String),
}

/// A field of a form that was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledField {
    /// Its code in the type.
    pub code: String,
    /// What it held when it was shown, as it was shown.
    pub original: String,
    /// What was typed; empty empties it.
    pub value: String,
}

/// What the intake form holds, with what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeIn {
    /// The matter; its SAME? choice says whether a case is made.
    pub intake: Intake,
    /// What was promised to whoever asks.
    pub promise: Option<IntakePromise>,
    /// The subject that closed cases suggested while it was taken in, if one was, and whether it was taken.
    pub suggested: Option<Suggested>,
}

/// A promise that is made while a matter is taken in, to whoever asks and about its case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakePromise {
    /// What; empty means to ring back.
    pub what: String,
    /// By which way.
    pub channel: Channel,
    /// By when.
    pub due_at: Instant,
}

/// A promise that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseWish {
    /// To whom.
    pub to: PersonId,
    /// About which case, if about one.
    pub case: Option<CaseId>,
    /// What; empty means to ring back.
    pub what: String,
    /// By which way.
    pub channel: Channel,
    /// By when.
    pub due_at: Instant,
    /// Who is to keep it; the actor without.
    pub owner: Option<CaseworkerId>,
}
