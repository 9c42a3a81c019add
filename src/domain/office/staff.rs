//! Who works here, in which unit, and which queues they work.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseworkerId, QueueId, UnitId};
use crate::domain::time::{Day, OfficeHours};

/// How widely something may be seen: the eight levels of ZGW, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidentiality {
    /// Openbaar.
    Public,
    /// Beperkt openbaar.
    Restricted,
    /// Intern.
    Internal,
    /// Zaakvertrouwelijk: those who work on the case.
    CaseConfidential,
    /// Vertrouwelijk.
    Confidential,
    /// Confidentieel.
    HighlyConfidential,
    /// Geheim.
    Secret,
    /// Zeer geheim.
    TopSecret,
}

impl Confidentiality {
    /// Every level, lowest first.
    pub const ALL: [Self; 8] = [
        Self::Public,
        Self::Restricted,
        Self::Internal,
        Self::CaseConfidential,
        Self::Confidential,
        Self::HighlyConfidential,
        Self::Secret,
        Self::TopSecret,
    ];

    /// The word on the screen and in files.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Restricted => "restricted",
            Self::Internal => "internal",
            Self::CaseConfidential => "case",
            Self::Confidential => "confidential",
            Self::HighlyConfidential => "high",
            Self::Secret => "secret",
            Self::TopSecret => "top-secret",
        }
    }
}

/// What a caseworker is, after the table "who may do what" in the domain description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Registers contacts and people at the counter and the telephone.
    Clerk,
    /// Screens what was registered.
    Screener,
    /// Gives expert opinion.
    Reviewer,
    /// Works cases.
    Caseworker,
    /// Leads a unit.
    Manager,
    /// Reads the audit trail.
    Auditor,
    /// Looks after the citizens' data.
    PrivacyOfficer,
    /// Runs the system, and reads no case.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Clerk,
        Self::Screener,
        Self::Reviewer,
        Self::Caseworker,
        Self::Manager,
        Self::Auditor,
        Self::PrivacyOfficer,
        Self::Administrator,
    ];

    /// The word in commands and on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Screener => "screener",
            Self::Reviewer => "reviewer",
            Self::Caseworker => "caseworker",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.label() == name)
    }
}

/// A role that a caseworker holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// In this unit only, or everywhere.
    pub unit: Option<UnitId>,
    /// Up to this confidentiality.
    pub confidentiality_max: Confidentiality,
    /// Until the end of this day.
    pub expires: Option<Day>,
}

/// Why personal data is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Purpose(pub String);

impl Purpose {
    /// The purpose of reading the audit trail where it is for none of the others: the audit itself.
    pub const AUDIT: &'static str = "audit";

    /// The purposes of contacts and of one's own cases, which are recorded without anybody being asked: they are always in
    /// force.
    pub const ALWAYS: [&'static str; 2] = ["casework", "contact"];

    /// Codes that mean something of their own in the trail, and are none of the register.
    pub const RESERVED: [&'static str; 3] = [Self::AUDIT, "emergency", "unasked"];

    /// The purposes that an office begins with: code and meaning. Its own register says more.
    pub const KNOWN: [(&'static str, &'static str); 5] = [
        ("casework", "handling a case of this person"),
        ("contact", "a contact with this person that is going on"),
        ("verification", "checking who somebody is"),
        ("correction", "correcting a record"),
        ("complaint", "looking into a complaint about the office"),
    ];

    /// That nobody was asked for a purpose: what is opened is opened under the contact that runs, and for casework where
    /// none does. It is never recorded.
    #[must_use]
    pub fn unasked() -> Self {
        Self("unasked".to_owned())
    }

    /// Whether nobody was asked for it.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        *self == Self::unasked()
    }

    /// The purpose of everything that is done while a contact runs.
    #[must_use]
    pub fn contact() -> Self {
        Self("contact".to_owned())
    }

    /// The purpose of everything that is read under an emergency access.
    #[must_use]
    pub fn emergency() -> Self {
        Self("emergency".to_owned())
    }

    /// Whether somebody said it for the file itself: what a contact or an emergency brings ends with that.
    #[must_use]
    pub fn is_said(&self) -> bool {
        *self != Self::contact() && *self != Self::emergency() && !self.is_unasked()
    }

    /// The purpose, or casework where nobody was asked for one.
    #[must_use]
    pub fn or_casework(&self) -> Self {
        if self.is_unasked() { Self("casework".to_owned()) } else { self.clone() }
    }

    /// The purpose of this code, if an office begins with it.
    #[must_use]
    pub fn known(code: &str) -> Option<Self> {
        Self::KNOWN
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(known, _)| Self((*known).to_owned()))
    }
}

/// Whether somebody works here now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseworkerState {
    /// At work.
    Active,
    /// Away until the end of this day, with somebody in their place.
    Absent {
        /// The last day away.
        until: Day,
        /// Who takes their place.
        substitute: Option<CaseworkerId>,
    },
    /// No longer here.
    Left,
}

/// Somebody who works with casedesk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caseworker {
    /// The number.
    pub id: CaseworkerId,
    /// Counts the events applied.
    pub version: u64,
    /// The account of the operating system.
    pub account: String,
    /// The name shown.
    pub name: String,
    /// The unit they work in.
    pub unit: UnitId,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// Whether they are here.
    pub state: CaseworkerState,
}

impl Caseworker {
    /// The family name, as the screens show colleagues: the last word of the name.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.name.split_whitespace().next_back().unwrap_or(&self.name)
    }
}

/// A unit of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The number.
    pub id: UnitId,
    /// Counts the events applied.
    pub version: u64,
    /// A short code, as `housing`, without spaces: used in commands.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// Who leads it.
    pub manager: Option<CaseworkerId>,
    /// Who leads it while the manager is away.
    pub substitute: Option<CaseworkerId>,
}

/// What a queue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum QueueKind {
    /// Registered, not yet screened.
    Screening,
    /// The unit's own work.
    Inbox,
    /// What no rule could place.
    Unrouted,
    /// Accepted, with an expert.
    Review,
    /// Accepted, nature or subject not settled.
    Classification,
    /// Its subject settled, index terms not.
    Indexing,
}

/// How a queue is ordered: the name of a function over a view that knows no person (hard rule 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderingId {
    /// By the next clock that runs out, then by number.
    DueFirst,
}

/// A queue, which owns cases: every open case is in exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// The number.
    pub id: QueueId,
    /// Counts the events applied.
    pub version: u64,
    /// A short code, as `housing/inbox`: used in commands.
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

/// The organisation as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Counts the events applied.
    pub version: u64,
    /// The name shown.
    pub name: String,
    /// When it works, and in which zone.
    pub calendar: OfficeHours,
    /// ISO 4217 code of the money it counts in.
    pub currency: String,
    /// Whether the office was made by `demo`, and nothing in it is real.
    pub is_made: bool,
}
