//! How an office comes to be: what is opened, and the events of it.

use serde::{Deserialize, Serialize};

use crate::domain::event::EntityId;
use crate::domain::ids::{CaseworkerId, SubjectCode, UnitId};
use crate::domain::time::OfficeHours;

use super::staff::{CaseworkerState, Grant, OrderingId, QueueKind};

/// A unit that is being opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUnit {
    /// A short code without spaces, unique in the office.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The unit above.
    pub parent: Option<UnitId>,
}

/// A queue that is being opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewQueue {
    /// A short code, unique in the office.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The unit that works it.
    pub unit: UnitId,
    /// What it is for.
    pub kind: QueueKind,
    /// How it is ordered.
    pub ordering: OrderingId,
}

/// A caseworker who is being enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCaseworker {
    /// The account of the operating system, unique in the office.
    pub account: String,
    /// The name shown.
    pub name: String,
    /// The unit they work in.
    pub unit: UnitId,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// What happened to the office, its units, queues, subjects and caseworkers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfficeEvent {
    /// The office was opened, or renamed and given another calendar.
    OfficeSet {
        /// The name.
        name: String,
        /// When it works.
        calendar: OfficeHours,
        /// ISO 4217 code.
        currency: String,
        /// Whether it is made by `demo`.
        is_made: bool,
    },
    /// A unit was opened.
    UnitOpened(NewUnit),
    /// A unit got a manager and a substitute.
    UnitLed {
        /// The manager.
        manager: Option<CaseworkerId>,
        /// The substitute.
        substitute: Option<CaseworkerId>,
    },
    /// A queue was opened.
    QueueOpened(NewQueue),
    /// A caseworker was enrolled.
    CaseworkerEnrolled(NewCaseworker),
    /// A caseworker's grants were set.
    GrantsSet(Vec<Grant>),
    /// A caseworker is here, away, or gone.
    CaseworkerStateSet(CaseworkerState),
    /// A subject was defined or changed.
    SubjectDefined {
        /// Its code.
        code: SubjectCode,
        /// The label shown.
        label: String,
        /// Words that mean it.
        synonyms: Vec<String>,
        /// The subject above.
        parent: Option<SubjectCode>,
    },
    /// A unit got another name.
    UnitRenamed(String),
    /// A unit was put below another one, or at the top.
    UnitMoved(Option<UnitId>),
    /// Nobody covers a unit's queues in its hours. It changes no record.
    CoverLost {
        /// Who was told: whoever leads the unit and the one above.
        told: Vec<CaseworkerId>,
    },
    /// Somebody covers them again. It changes no record.
    CoverFound,
    /// Cases whose owner has left, or is not on the unit's roster, went back into their queues. It changes no record.
    WorkReturned {
        /// Who had them.
        from: CaseworkerId,
        /// How many.
        cases: u32,
        /// Who was told.
        told: Vec<CaseworkerId>,
    },
    /// Whoever leads a unit took over what a colleague had begun to write. It changes no record.
    DraftTaken {
        /// What the form is called.
        form: String,
        /// What it is about.
        about: Option<EntityId>,
        /// Who took it.
        by: CaseworkerId,
    },
}
