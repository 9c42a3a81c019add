//! What is told of a case under its type: where its process stands, what is to do, to fill in and to decide.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{CaseDecision, OutcomeCode, PastActivity};
use crate::domain::rules::{FieldRule, Labels};
use crate::domain::time::Instant;

/// Steps, fields and outcomes of a case, as its type has them. Nothing is in it where the type has none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanView {
    /// The type and its version, as `objection@2`.
    pub case_type: String,
    /// The type's names.
    pub type_labels: Labels,
    /// The stage that is being worked, by its names; none where there is none.
    pub stage: Labels,
    /// Which steps of the case come of the type: their places among the case's steps.
    pub tasks: Vec<PlanTaskLine>,
    /// Tasks that can be added now: code and names.
    pub addable: Vec<(String, Labels)>,
    /// Fields, in the order of the form.
    pub fields: Vec<TypeFieldLine>,
    /// Steps, by their places, that keep the stage from being left.
    pub blocking_tasks: Vec<u32>,
    /// Outcomes, in the order of their digits.
    pub outcomes: Vec<OutcomeLine>,
    /// The decision in force.
    pub decision: Option<CaseDecision>,
    /// The legal basis of the type, for the decision.
    pub ground: String,
}

/// A step that comes of a task of the type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTaskLine {
    /// Its place among the case's steps.
    pub index: u32,
    /// Its names.
    pub labels: Labels,
    /// Whether it belongs to the stage that is being worked.
    pub is_of_stage: bool,
    /// The field that satisfies it, by its names; none where none does.
    pub satisfied_by: Option<Labels>,
}

/// A field of the type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeFieldLine {
    /// What it takes.
    pub rule: FieldRule,
    /// What it holds, as it would be typed; masked where it says who somebody is, and empty where nothing is there.
    pub value: String,
    /// Whether the stage that is being worked cannot be left while it is empty.
    pub is_required_now: bool,
    /// Who filled it in last, by their short name, and when.
    pub filled: Option<(String, Instant)>,
}

/// An outcome that a case of the type can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeLine {
    /// Its code in the type.
    pub code: String,
    /// Its names.
    pub labels: Labels,
    /// What it is in kind.
    pub kind: OutcomeCode,
    /// The way to appeal; empty where there is none.
    pub appeal: Labels,
    /// Whether it can be given in the stage that the case has reached.
    pub is_given_now: bool,
}

/// What was done on a case in the system that it came from, as it was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryAnswer {
    /// What was done, oldest first; nothing of a case that came without its past.
    pub activities: Vec<PastActivity>,
    /// Whether its type would have ended where it ended, if it did.
    pub is_end_legal: bool,
}
