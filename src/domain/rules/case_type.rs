//! A case type at one version: how the office handles a matter, as its text says it.
//!
//! The semantics are a subset of CMMN 1.1: stages that are entered one after another, human tasks, milestones, and criteria
//! that are an event and a guard.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{
    Channel, EscalationLevel, HoldReason, Nature, OutcomeCode, TypeVersion,
};
use crate::domain::ids::SubjectCode;
use crate::domain::office::{Confidentiality, Purpose, Role};
use crate::domain::time::{ClockKind, Term};

use super::{Condition, FieldKind};

/// A text in several languages: BCP 47 tag and words; English is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels(pub Vec<(String, String)>);

impl Labels {
    /// The words in this language, else in English, else in any.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> &str {
        let of = |tag: &str| self.0.iter().find(|(held, _)| held == tag);
        of(tag).or_else(|| of("en")).or_else(|| self.0.first()).map_or("", |(_, words)| words)
    }

    /// The words in English.
    #[must_use]
    pub fn english(&self) -> &str {
        self.in_language("en")
    }
}

/// Which matters a type handles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// Of these natures; any where none is named.
    pub natures: Vec<Nature>,
    /// Of these subjects, or of one under them; any where none is named.
    pub subjects: Vec<SubjectCode>,
    /// By these channels; any where none is named.
    pub channels: Vec<Channel>,
}

/// Whether an expert looks at a matter after its screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Review {
    /// None does.
    #[default]
    None,
    /// One does.
    Expert {
        /// Whether that has to be somebody else than whoever screened it.
        is_other_person: bool,
    },
}

/// Which steps a matter takes before it is routed, beside its screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Steps {
    /// Expert review.
    pub review: Review,
    /// A step of its own in which nature and subject are settled.
    pub is_classified: bool,
    /// A step of its own in which index terms, place and object are settled.
    pub is_indexed: bool,
}

/// What makes a criterion look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// `task CODE`: a task was done.
    Task(String),
    /// `tasks`: every required task of the stage was done.
    RequiredTasks,
    /// `milestone CODE`: it was reached.
    Milestone(String),
    /// `stage CODE`: it was completed.
    Stage(String),
    /// `field CODE`: it was filled in.
    Field(String),
    /// `claimed`: somebody took the case.
    Claimed,
    /// `decided`: there is a decision.
    Decided,
    /// `notified`: the citizen was told.
    Notified,
}

/// A sentry of CMMN: it holds once all that it waits for has happened and the guard holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criterion {
    /// What has to have happened, all of it; nothing where it holds at once.
    pub on: Vec<Trigger>,
    /// What has to be so, all of it.
    pub when: Vec<Condition>,
}

/// A way out of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The stage that follows; none where the process ends.
    pub to: Option<String>,
    /// When. Where several hold, the first in the text is taken.
    pub criterion: Criterion,
}

/// A stage of the process. Exactly one is active while a case is worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRule {
    /// Its code.
    pub code: String,
    /// Its name.
    pub labels: Labels,
    /// The text that a citizen reads of a case in this stage (R52).
    pub public: Labels,
    /// Ways out. The last stage has one that ends the process.
    pub exits: Vec<Exit>,
    /// The line of the text, from 1.
    pub line: u32,
}

/// A milestone: something that was reached, and stays reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneRule {
    /// Its code.
    pub code: String,
    /// Its name.
    pub labels: Labels,
    /// When it is reached.
    pub criterion: Criterion,
}

/// A human task of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRule {
    /// Its code.
    pub code: String,
    /// Its name, as the checklist shows it.
    pub labels: Labels,
    /// The stage in which it is done.
    pub stage: String,
    /// Whether the stage cannot be left without it.
    pub is_required: bool,
    /// Whether it may be done more than once.
    pub is_repeated: bool,
    /// Whether it is there only once somebody adds it.
    pub is_discretionary: bool,
    /// When it comes up within its stage; at once where this holds at once.
    pub criterion: Criterion,
    /// A field that satisfies it by being filled in (R60: what is already there is shown as done).
    pub satisfied_by: Option<String>,
    /// Who does it, where the type says so.
    pub role: Option<String>,
}

/// A role of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// Its code, as `handler` or `adviser`.
    pub code: String,
    /// Its name.
    pub labels: Labels,
    /// The role in the office that may take it.
    pub held_by: Role,
}

/// A typed field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    /// Its code.
    pub code: String,
    /// Its name.
    pub labels: Labels,
    /// What it takes.
    pub kind: FieldKind,
    /// The stage that cannot be left while it is empty; none where it may stay empty.
    pub required_in: Option<String>,
    /// Whether it says who somebody is: it is masked, and no table ever sees it.
    pub is_personal: bool,
    /// Help for whoever fills it in.
    pub help: String,
}

/// A way in which a case of the type can end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRule {
    /// Its code within the type, as `upheld`.
    pub code: String,
    /// Its name.
    pub labels: Labels,
    /// What it is in kind; reasons are obligatory where that is a refusal (hard rule 1).
    pub kind: OutcomeCode,
    /// The stage from which on it can be given; any where none is named.
    pub from_stage: Option<String>,
    /// The way to appeal, where there is one (R49, R107).
    pub appeal: Labels,
}

/// When a clock begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockStart {
    /// When the office received the matter.
    Received,
    /// When it was accepted.
    Accepted,
    /// When a stage is entered.
    Stage(String),
}

/// When a clock is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockStop {
    /// When its screening ends.
    Screened,
    /// When the citizen has been written to or rung.
    Answered,
    /// When it is decided.
    Decided,
    /// When it is closed.
    Closed,
    /// When a milestone is reached.
    Milestone(String),
}

/// By how much a law lets a term be extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// By so much.
    pub term: Term,
    /// So often at most.
    pub times_max: u8,
    /// The law that says so.
    pub legal_ground: String,
}

/// A clock of the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRule {
    /// What it measures.
    pub kind: ClockKind,
    /// How long.
    pub term: Term,
    /// From when.
    pub start: ClockStart,
    /// Until when.
    pub stop: ClockStop,
    /// Which holds let it stand still; none for a clock that never does.
    pub pauses: Vec<HoldReason>,
    /// How it can be extended, if it can.
    pub extension: Option<Extension>,
    /// The law or the promise behind it.
    pub legal_ground: String,
}

/// A hold that the type allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRule {
    /// Why.
    pub reason: HoldReason,
    /// For how many days at most.
    pub days_max: u16,
}

/// How far before or after a due date a rung lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// Once this share of the term has been counted, in per cent.
    Share(u8),
    /// So long before it is due.
    Before(Term),
    /// When it is due.
    AtDue,
    /// So long after.
    After(Term),
}

/// Whom a rung asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RungTo {
    /// Whoever has the case is reminded, and nobody is asked.
    Owner,
    /// Somebody at this level.
    Level(EscalationLevel),
    /// Whoever leads this unit, by its code.
    Unit(String),
    /// Somebody of the case's unit with this role.
    Role(Role),
}

/// A rung of the ladder on which a case that nears or passes a due date escalates by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Its id within the type, unique.
    pub id: String,
    /// Which clock.
    pub clock: ClockKind,
    /// When.
    pub lead: Lead,
    /// To whom.
    pub to: RungTo,
    /// What is asked, in words of the office.
    pub ask: String,
}

/// How long a case is kept after it ended, and what becomes of it then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retention {
    /// The class of the office's schedule, as `B-20`.
    pub class: String,
    /// Years after the end; kept for good where none is said.
    pub years: Option<u16>,
}

/// A case type at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseType {
    /// Code and version.
    pub id: TypeVersion,
    /// Its name.
    pub labels: Labels,
    /// Which matters it handles.
    pub guard: Guard,
    /// What comes before it is routed.
    pub steps: Steps,
    /// Stages, the first one first.
    pub stages: Vec<StageRule>,
    /// Milestones.
    pub milestones: Vec<MilestoneRule>,
    /// Tasks, in the order of the checklist.
    pub tasks: Vec<TaskRule>,
    /// Roles.
    pub roles: Vec<RoleRule>,
    /// Fields, in the order of the form.
    pub fields: Vec<FieldRule>,
    /// Outcomes, by their digits from 1.
    pub outcomes: Vec<OutcomeRule>,
    /// Clocks.
    pub clocks: Vec<ClockRule>,
    /// Holds that it allows.
    pub holds: Vec<HoldRule>,
    /// When it escalates by itself.
    pub ladder: Vec<Rung>,
    /// How widely a case of it may be seen, to begin with.
    pub confidentiality: Confidentiality,
    /// For which purpose personal data is used in it.
    pub purpose: Purpose,
    /// The law that lets the office do it.
    pub legal_basis: String,
    /// How long it is kept.
    pub retention: Retention,
}
