//! Which rights may be given at all, and who may give which: nobody more than their own unit, roles and level.

use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;

use super::permit::{Action, Resource, may};
use super::purpose_register::PurposeRegister;
use super::rights::ScopedGrant;
use super::staff::Role;
use super::standing::{Held, LASTING_LEVEL_MAX, Standing, UNNAMED_LEVEL_MAX};

/// Rights that a caseworker has beside their record, and that a group brings.
pub const RIGHTS_MAX: usize = 24;
/// Case types that one right names.
pub const RIGHT_TYPES_MAX: usize = 8;

/// The roles that a right to run some units includes the giving of; an administrator's adds its own. Those who look after
/// the others, auditors and privacy officers, are named by whoever runs the whole office.
const GIVEN_IN_UNITS: [Role; 5] =
    [Role::Clerk, Role::Screener, Role::Reviewer, Role::Caseworker, Role::Manager];

impl Action {
    /// The name in commands: `reveal-person`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::RunOffice => "run-office",
            Self::ReadPerson => "read-person",
            Self::RevealPerson => "reveal-person",
            Self::RegisterPerson => "register-person",
            Self::ReadCase => "read-case",
            Self::RegisterCase => "register-case",
            Self::Import => "import",
            Self::Screen => "screen",
            Self::Classify => "classify",
            Self::WorkCase => "work-case",
            Self::Decide => "decide",
            Self::Reopen => "reopen",
            Self::NoteCase => "note-case",
            Self::RecordService => "record-service",
            Self::ReadAudit => "read-audit",
            Self::ComparePeople => "compare-people",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::ProposeRules => "propose-rules",
            Self::PublishRules => "publish-rules",
            Self::Review => "review",
            Self::ReviewAccess => "review-access",
            Self::ForceEdit => "force-edit",
        }
    }

    /// The action of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.label() == name)
    }

    /// Whether a role includes it.
    #[must_use]
    pub fn is_of(self, role: Role) -> bool {
        may(role, self).is_some()
    }
}

impl Held<'_> {
    /// Refuses a right that nobody may have from this day on: one that names what its role does not include or a purpose that is
    /// not in force, that is over, or that reaches secrets without an end or without saying which.
    ///
    /// # Errors
    /// A refusal that says what is missing.
    pub fn check(&self, register: &PurposeRegister, today: Day) -> Result<(), Refusal> {
        if let Some(verb) = self.verbs.iter().find(|verb| !verb.is_of(self.role)) {
            return Err(Refusal::new(
                "right.verb",
                format!("`{}` is no act of a {}.", verb.label(), self.role.label()),
                "Name a role that includes it.",
            ));
        }
        if self.verbs.len() > Action::ALL.len() || self.case_types.len() > RIGHT_TYPES_MAX {
            let what =
                format!("A right names at most {RIGHT_TYPES_MAX} case types, and no act twice.");
            return Err(Refusal::new("right.many", what, "Give a second one."));
        }
        if let Some(code) = self.case_types.iter().find(|code| !is_code(code)) {
            let what = format!("`{code}` is no code of a case type.");
            return Err(Refusal::new("right.type", what, "`casedesk types list` tells them."));
        }
        if let Some(purpose) = self.purposes.iter().find(|purpose| !register.has(purpose, today)) {
            let what = format!("`{}` is no purpose in force.", purpose.0);
            let advice = format!("There are {}.", register.codes(today));
            return Err(Refusal::new("right.purpose", what, advice));
        }
        if self.with_units_below && self.unit.is_none() {
            let what = "Units below which one? The right names none.";
            return Err(Refusal::new("right.below", what, "Name the unit: --unit."));
        }
        self.check_time(today)?;
        self.check_level()
    }

    fn check_time(&self, today: Day) -> Result<(), Refusal> {
        if self.expires.is_some_and(|last| last < today) {
            let what = "The right would be over before it begins.";
            return Err(Refusal::new("right.over", what, "Name a later day: --until."));
        }
        if self.from.zip(self.expires).is_some_and(|(from, last)| last < from) {
            let what = "The right would end before it begins.";
            return Err(Refusal::new(
                "right.over",
                what,
                "Name an earlier --from or a later --until.",
            ));
        }
        Ok(())
    }

    fn check_level(&self) -> Result<(), Refusal> {
        let level = self.confidentiality_max;
        if level > LASTING_LEVEL_MAX && self.expires.is_none() {
            let what = format!("A right up to `{}` has an end.", level.label());
            return Err(Refusal::new("right.lasting", what, "Name its last day: --until."));
        }
        if level > UNNAMED_LEVEL_MAX && self.unit.is_none() && self.case_types.is_empty() {
            let what =
                format!("A right up to `{}` names its unit or its case types.", level.label());
            return Err(Refusal::new("right.unnamed", what, "Name them: --unit or --type."));
        }
        Ok(())
    }
}

impl ScopedGrant {
    /// Refuses a right that nobody may have from this day on.
    ///
    /// # Errors
    /// A refusal that says what is missing.
    pub fn check(&self, register: &PurposeRegister, today: Day) -> Result<(), Refusal> {
        Held::from(self).check(register, today)
    }
}

impl Standing<'_> {
    /// Whether they may give a right and take it: whoever runs the whole office may any, whoever runs some units may the
    /// roles that work there, in these units and up to the level of their own.
    #[must_use]
    pub fn may_give(&self, right: &Held<'_>, today: Day) -> bool {
        self.in_force(today).any(|(_, own)| {
            let runs = |resource: &Resource<'_>| self.reaches(&own, Action::RunOffice, resource);
            let Some(unit) = right.unit else { return runs(&Resource::whole_office()) };
            let is_of_units = GIVEN_IN_UNITS.contains(&right.role) || right.role == own.role;
            let is_within = right.confidentiality_max <= own.confidentiality_max && is_of_units;
            let goes_down = own.with_units_below || !right.with_units_below;
            runs(&Resource::whole_office())
                || runs(&Resource::of_unit(unit)) && is_within && goes_down
        })
    }
}

fn is_code(code: &str) -> bool {
    (1..=CODE_BYTES_MAX).contains(&code.len())
        && !code.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}
