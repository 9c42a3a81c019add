//! Four eyes: what one person has signed takes effect only once a second person has signed it, too (hard rules 3 and 13).
//!
//! What waits is a record beside the case, under the case's own number: the case itself stays as it is until then.

use serde::{Deserialize, Serialize};

use crate::domain::event::{Event, EventRecord};
use crate::domain::ids::{CaseId, CaseworkerId, SubjectCode};
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::rules::FieldValue;
use crate::domain::time::Instant;

use super::fields::typed_again;
use super::plan::{CaseDecision, CasePlan, FieldFact};

/// Whose signature, and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
}

/// What is changed of a closed case. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClosedEdit {
    /// Its subject.
    Subject(SubjectCode),
    /// A field of its type.
    Field {
        /// The field's code.
        code: String,
        /// What was typed; nothing empties it.
        value: String,
    },
}

/// What was signed. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignedAct {
    /// A decision above what its maker signs alone.
    Decision {
        /// The decision, as its maker wrote it.
        decision: Box<CaseDecision>,
        /// What it is about.
        amount: Money,
    },
    /// A change of a closed case.
    Edit {
        /// What is changed.
        edit: ClosedEdit,
        /// Why.
        reason: String,
    },
}

/// Where a signature stands. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningState {
    /// The second signature is missing.
    Waiting,
    /// The second one was given: what was signed is in force.
    InForce(Signature),
    /// A second person did not sign.
    SentBack {
        /// Who, and when.
        by: Signature,
        /// Why.
        reason: String,
    },
    /// Whoever signed first took it back.
    Withdrawn,
    /// The case was decided otherwise, ended, or was taken up again meanwhile.
    Lapsed,
}

/// What was signed last on a case by one person for a second one to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// The case.
    pub case: CaseId,
    /// Counts the events applied.
    pub version: u64,
    /// What was signed.
    pub what: SignedAct,
    /// The first signature.
    pub first: Signature,
    /// What became of it.
    pub state: SigningState,
}

impl Signing {
    /// Whether the second signature is missing.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.state == SigningState::Waiting
    }
}

/// What happened to a signature. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningEvent {
    /// The first signature was given.
    Signed(SignedAct),
    /// The second one was given.
    Countersigned,
    /// It was sent back.
    SentBack {
        /// Why.
        reason: String,
    },
    /// It was taken back.
    Withdrawn,
    /// The case went on without it.
    Lapsed,
    /// An act was undone: the state before it.
    Reverted(Box<Signing>),
}

/// Applies an event to what was signed on a case.
#[must_use]
pub fn apply_signing(
    before: Option<Signing>,
    case: CaseId,
    record: &EventRecord,
) -> Option<Signing> {
    let Event::Signing(event) = &record.event else { return before };
    let version = before.as_ref().map_or(0, |before| before.version) + 1;
    let signature = Signature { by: record.actor, at: record.at };
    let state = match event {
        SigningEvent::Signed(what) => {
            let (what, state) = (what.clone(), SigningState::Waiting);
            return Some(Signing { case, version, what, first: signature, state });
        }
        SigningEvent::Reverted(to) => return Some(Signing { version, ..(**to).clone() }),
        SigningEvent::Countersigned => SigningState::InForce(signature),
        SigningEvent::SentBack { reason } => {
            SigningState::SentBack { by: signature, reason: reason.clone() }
        }
        SigningEvent::Withdrawn => SigningState::Withdrawn,
        SigningEvent::Lapsed => SigningState::Lapsed,
    };
    before.map(|before| Signing { version, state, ..before })
}

/// The largest amount of a case's fields, in minor units: what a decision on it is about.
#[must_use]
pub fn amount_at_stake(plan: &CasePlan) -> Option<i64> {
    let amounts = plan.fields.iter().filter_map(|field| {
        if let FieldValue::Money(minor) = field.value { Some(minor) } else { None }
    });
    amounts.max()
}

/// The largest amount that was entered after a decision, in minor units: the decision says nothing of it. What the asker
/// entered in the very moment of the decision may have come after it, too.
#[must_use]
pub fn amount_since(plan: &CasePlan, decision: &CaseDecision, asker: CaseworkerId) -> Option<i64> {
    let is_since =
        |field: &&FieldFact| field.at > decision.at || field.at == decision.at && field.by == asker;
    let amounts = plan.fields.iter().filter(is_since).filter_map(|field| {
        if let FieldValue::Money(minor) = field.value { Some(minor) } else { None }
    });
    amounts.max()
}

/// An amount, as it is said.
#[must_use]
pub fn amount_words(amount: &Money) -> String {
    format!("{} {}", typed_again(&FieldValue::Money(amount.minor)), amount.currency)
}

/// Refuses a second signature of whoever signed first, be it under another account, and of whoever signs no such amount
/// themselves.
///
/// # Errors
/// Nothing waits, the first signature is the same person's, or the amount is above the limit.
pub fn check_second(
    signing: &Signing,
    second: CaseworkerId,
    is_same_person: bool,
    limit: Option<&Money>,
) -> Result<(), Refusal> {
    if !signing.waits() {
        return Err(nothing_waits(signing.case));
    }
    if signing.first.by == second || is_same_person {
        return Err(Refusal::new(
            "signature.own",
            format!("The first signature on {} is yours.", signing.case),
            "Somebody else signs second; you can take yours back.",
        ));
    }
    if let (SignedAct::Decision { amount, .. }, Some(limit)) = (&signing.what, limit)
        && amount.minor > limit.minor
    {
        return Err(Refusal::new(
            "signature.limit",
            format!(
                "{} is about {}; you sign up to {}.",
                signing.case,
                amount_words(amount),
                amount_words(limit)
            ),
            "Somebody signs second who decides such an amount.",
        ));
    }
    Ok(())
}

/// The refusal of what needs a signature that waits.
#[must_use]
pub fn nothing_waits(case: CaseId) -> Refusal {
    Refusal::new(
        "signature.none",
        format!("Nothing on {case} waits for a second signature."),
        "Read the list again (F5).",
    )
}
