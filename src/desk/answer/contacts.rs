//! What is told of contacts, and of what goes on wherever one is.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, ContactOutcome, Direction};
use crate::domain::office::RegisteredPurpose;
use crate::domain::time::Instant;
use crate::domain::{CaseId, ContactId, PersonId, PromiseId};

use super::OpenAccess;

/// A contact that runs, as every screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningContact {
    /// Which.
    pub contact: ContactId,
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// With whom, where that is known: number and name as listed.
    pub person: Option<(PersonId, String)>,
    /// When it began.
    pub started_at: Instant,
    /// The cases that it has touched.
    pub cases: Vec<CaseId>,
    /// Whether the caller has proved who they are.
    pub is_verified: bool,
    /// Whether they failed to, and no try is left.
    pub is_failed: bool,
    /// The number as the telephone showed it, masked.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered.
    pub ivr_path: Option<String>,
    /// What it is about, as far as that was written down.
    pub summary: String,
    /// Whether something was promised in it.
    pub is_promised: bool,
}

/// A question that a caller is asked, and what the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyQuestion {
    /// The name of the fact, as it is recorded.
    pub fact: String,
    /// What is asked.
    pub question: String,
    /// The right answer; of a number no more than its end.
    pub answer: String,
}

/// The questions of one try to prove who a caller is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationAnswer {
    /// In which contact.
    pub contact: ContactId,
    /// Who they say they are: number and name as listed.
    pub person: (PersonId, String),
    /// Which try it is, from 1.
    pub attempt: u32,
    /// What to ask, in this order.
    pub questions: Vec<VerifyQuestion>,
}

/// A contact, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    /// The number.
    pub id: ContactId,
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; nothing while it runs.
    pub ended_at: Option<Instant>,
    /// Who had it.
    pub handler: String,
    /// With whom, as far as the actor may see them.
    pub person: Option<(PersonId, String)>,
    /// The number as the telephone showed it, masked.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered.
    pub ivr_path: Option<String>,
    /// What it was about.
    pub summary: String,
    /// The cases that it touched, and whether each was done at its first contact.
    pub cases: Vec<(CaseId, bool)>,
    /// The facts that the caller was asked for, and whether the answers were right.
    pub questions: Vec<(String, bool)>,
    /// Whether that was enough.
    pub is_verified: bool,
    /// How it ended; nothing while it runs, and for what was recorded afterwards.
    pub outcome: Option<ContactOutcome>,
    /// The text of the office's knowledge that was the answer.
    pub article: Option<String>,
    /// Whether it was taken back.
    pub is_annulled: bool,
}

/// Contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsAnswer {
    /// They, newest first.
    pub contacts: Vec<ContactRecord>,
}

/// A promise that rings: its time is near, or has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Which.
    pub promise: PromiseId,
    /// By when.
    pub due_at: Instant,
    /// By which way.
    pub channel: Channel,
    /// To whom: number and name as listed.
    pub person: (PersonId, String),
    /// About which case.
    pub case: Option<CaseId>,
}

/// What goes on wherever the actor is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceAnswer {
    /// Their contact that runs.
    pub contact: Option<RunningContact>,
    /// Their promises that ring, the most urgent first.
    pub rings: Vec<Ring>,
    /// Their emergency accesses that are open.
    pub emergencies: Vec<OpenAccess>,
    /// Emergency accesses of others that have waited too long for their review.
    pub reviews_due: u64,
    /// First signatures of others that wait for the actor's, as far as they were counted.
    pub signings_due: u64,
    /// For what the actor may be asked to read, today: the purposes in force, by their digits.
    pub purposes: Vec<RegisteredPurpose>,
    /// Emergency accesses of others that are over and wait for the actor's review, however long.
    pub reviews_waiting: u64,
}
