//! What there is to do and to do it to, and which role includes what, after the table in the domain description.

use serde::{Deserialize, Serialize};

use crate::domain::cases::Case;
use crate::domain::ids::UnitId;
use crate::domain::people::Person;

use super::staff::{Confidentiality, Purpose, Role};
use super::standing::LASTING_LEVEL_MAX;

/// Something that somebody may or may not do. Variants are only ever appended: grants hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Set up units, queues, caseworkers, grants and subjects.
    RunOffice,
    /// Find people and see their masked files.
    ReadPerson,
    /// See fields that are masked otherwise.
    RevealPerson,
    /// Register people and contacts, and correct records.
    RegisterPerson,
    /// See cases.
    ReadCase,
    /// Take matters in.
    RegisterCase,
    /// Bring records from another system.
    Import,
    /// End a screening.
    Screen,
    /// Settle nature and subject.
    Classify,
    /// Claim, reply, hold, escalate, work steps.
    WorkCase,
    /// Close with an outcome.
    Decide,
    /// Take a closed case up again.
    Reopen,
    /// Note on a case.
    NoteCase,
    /// Record a delivered service.
    RecordService,
    /// Read everybody's audit trail.
    ReadAudit,
    /// Compare records of people: list who is likely the same, and tell people apart.
    ComparePeople,
    /// Make one of two cases, or of two records of one person.
    Merge,
    /// Take such a merge apart.
    Unmerge,
    /// Propose a case type, a decision table or a calendar.
    ProposeRules,
    /// Publish what somebody else proposed.
    PublishRules,
    /// End an expert review.
    Review,
    /// Say whether an emergency access was justified.
    ReviewAccess,
    /// Change a closed case, with a second person.
    ForceEdit,
}

impl Action {
    /// What it is to do it, after `may not`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::RunOffice => "run the office",
            Self::ReadPerson => "read people's files",
            Self::RevealPerson => "see what is masked",
            Self::RegisterPerson => "register or correct people",
            Self::ReadCase => "read cases",
            Self::RegisterCase => "take matters in",
            Self::Import => "bring records in",
            Self::Screen => "screen cases",
            Self::Classify => "classify cases",
            Self::WorkCase => "work cases",
            Self::Decide => "decide or close cases",
            Self::Reopen => "reopen cases",
            Self::NoteCase => "note on cases",
            Self::RecordService => "record services",
            Self::ReadAudit => "read everybody's audit trail",
            Self::ComparePeople => "compare people",
            Self::Merge => "merge",
            Self::Unmerge => "take merges apart",
            Self::ProposeRules => "propose rules",
            Self::PublishRules => "publish rules",
            Self::Review => "review cases",
            Self::ReviewAccess => "review emergency accesses",
            Self::ForceEdit => "change closed cases",
        }
    }

    /// Every action: the rows of the golden matrix.
    pub const ALL: [Self; 23] = [
        Self::RunOffice,
        Self::ReadPerson,
        Self::RevealPerson,
        Self::RegisterPerson,
        Self::ReadCase,
        Self::RegisterCase,
        Self::Import,
        Self::Screen,
        Self::Classify,
        Self::WorkCase,
        Self::Decide,
        Self::Reopen,
        Self::NoteCase,
        Self::RecordService,
        Self::ReadAudit,
        Self::ComparePeople,
        Self::Merge,
        Self::Unmerge,
        Self::ProposeRules,
        Self::PublishRules,
        Self::Review,
        Self::ReviewAccess,
        Self::ForceEdit,
    ];
}

/// What is acted on, as far as permission depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The unit whose work it is, if it is a unit's.
    pub unit: Option<UnitId>,
    /// How widely it may be seen.
    pub confidentiality: Confidentiality,
    /// The code of the case's type, where it is a case.
    pub case_type: Option<&'a str>,
    /// Whether it is the office as a whole, which a right in some units does not reach.
    pub is_whole: bool,
    /// What it is done for, where that is known.
    pub purpose: Option<&'a Purpose>,
}

impl<'a> Resource<'a> {
    /// Something that belongs to the whole office.
    #[must_use]
    pub fn office() -> Self {
        Self::of_level(Confidentiality::Internal)
    }

    /// What a unit's work is about, as such.
    #[must_use]
    pub fn of_unit(unit: UnitId) -> Self {
        Self { unit: Some(unit), ..Self::office() }
    }

    /// Something of this confidentiality that belongs to no unit.
    #[must_use]
    pub fn of_level(confidentiality: Confidentiality) -> Self {
        Self { unit: None, confidentiality, case_type: None, is_whole: false, purpose: None }
    }

    /// The office as a whole: its name, its subjects, its texts. A right that holds in some units does not reach it.
    #[must_use]
    pub fn whole_office() -> Self {
        Self { is_whole: true, ..Self::office() }
    }

    /// The same, for this purpose: a right that is limited to purposes reaches it only where this is one of them.
    #[must_use]
    pub fn for_purpose(self, purpose: &'a Purpose) -> Self {
        Self { purpose: Some(purpose), ..self }
    }

    /// A case, where it is.
    #[must_use]
    pub fn of_case(case: &'a Case) -> Self {
        Self { unit: Some(case.unit), ..Self::of_case_anywhere(case) }
    }

    /// A case, for acts that a right in any unit includes: any unit can open any case that is permitted (R15). What is
    /// more confidential than casework stays with the units that a right names.
    #[must_use]
    pub fn of_case_anywhere(case: &'a Case) -> Self {
        let case_type = Some(case.case_type.code.as_str());
        let unit = (case.confidentiality > LASTING_LEVEL_MAX).then_some(case.unit);
        Self { unit, case_type, ..Self::of_level(case.confidentiality) }
    }

    /// A person's file.
    #[must_use]
    pub fn of_person(person: &Person) -> Self {
        Self::of_level(person.confidentiality)
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// Yes, with a purpose or reason that is kept.
    AllowWithReason,
    /// No: a stable code that says why.
    Deny(&'static str),
}

impl Role {
    /// Whether the role includes an action, somewhere and on something.
    #[must_use]
    pub fn includes(self, action: Action) -> bool {
        may(self, action).is_some()
    }
}

/// Whether a role includes an action, and whether it takes a reason. The administrator reads no person and no case.
pub(super) fn may(role: Role, action: Action) -> Option<bool> {
    use Action as A;
    use Role as R;
    let is_allowed = match action {
        A::RunOffice => matches!(role, R::Administrator | R::Manager),
        A::ReadPerson | A::ReadCase => !matches!(role, R::Administrator),
        A::RevealPerson => return (!matches!(role, R::Administrator)).then_some(true),
        A::RegisterPerson | A::RegisterCase => {
            matches!(role, R::Clerk | R::Screener | R::Reviewer | R::Caseworker | R::Manager)
        }
        A::Import | A::ProposeRules => matches!(role, R::Manager | R::Administrator),
        A::PublishRules => matches!(role, R::Administrator),
        A::Screen => matches!(role, R::Screener | R::Reviewer | R::Manager),
        A::Classify => matches!(role, R::Screener | R::Reviewer | R::Caseworker | R::Manager),
        A::WorkCase | A::Decide | A::Reopen | A::RecordService => {
            matches!(role, R::Caseworker | R::Manager)
        }
        A::NoteCase => {
            matches!(role, R::Clerk | R::Screener | R::Reviewer | R::Caseworker | R::Manager)
        }
        A::ReadAudit => matches!(role, R::Auditor | R::PrivacyOfficer),
        A::Merge => {
            matches!(role, R::Screener | R::Reviewer | R::Caseworker | R::Manager)
        }
        A::ReviewAccess => matches!(role, R::PrivacyOfficer),
        A::Review => matches!(role, R::Reviewer | R::Manager),
        A::ForceEdit => matches!(role, R::Manager),
        A::ComparePeople | A::Unmerge => matches!(
            role,
            R::Screener | R::Reviewer | R::Caseworker | R::Manager | R::PrivacyOfficer
        ),
    };
    is_allowed.then_some(false)
}
