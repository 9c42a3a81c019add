//! The plan of a case: what its type makes of it, beside the case itself. A case of a type without stages has none.
//!
//! The case's record lies in events whose bytes are hashed, so that it cannot grow; what types, tables and ladders bring
//! is kept here, under the case's own number.

use serde::{Deserialize, Serialize};

use crate::domain::event::EventRecord;
use crate::domain::ids::{CaseId, CaseworkerId, SubjectCode};
use crate::domain::rules::{FieldValue, Fired};
use crate::domain::time::{ClockKind, Instant};

use super::case::TypeVersion;
use super::history::PastActivity;
use super::kinds::OutcomeCode;

/// Rows of tables kept on one case; the oldest of a use gives way.
pub const FIRED_MAX: usize = 16;
/// Stages kept on one case; the oldest that was left gives way.
pub const STAGES_KEPT_MAX: usize = 64;
/// Decisions kept that are in force no more; the oldest gives way.
pub const EARLIER_MAX: usize = 4;

/// Where a stage stands, after CMMN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanItemState {
    /// It is being worked.
    Active,
    /// It was left by one of its exits.
    Completed,
    /// It was left because the case ended or took another way.
    Terminated,
}

/// A stage that was entered. A stage that is entered again is another one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStage {
    /// Its code in the type.
    pub code: String,
    /// Where it stands.
    pub state: PlanItemState,
    /// When it was entered.
    pub entered_at: Instant,
    /// When it was left.
    pub left_at: Option<Instant>,
}

/// A step of the case that comes of a task of its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// The task's code in the type.
    pub code: String,
    /// The step: its place in the case's steps, from 0.
    pub index: u32,
}

/// A field that was filled in, with its source and date (hard rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFact {
    /// Its code in the type.
    pub code: String,
    /// What it holds.
    pub value: FieldValue,
    /// Who filled it in.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// Whether it was checked against a document.
    pub is_verified: bool,
}

/// A decision: what was decided, why, and on which ground. It is replaced by another one, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDecision {
    /// The outcome's code in the type.
    pub outcome: String,
    /// What that is in kind.
    pub kind: OutcomeCode,
    /// Why, in words that the citizen can read.
    pub reasons: String,
    /// The legal ground.
    pub ground: String,
    /// Who decided.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
}

/// A class that was suggested, and the words that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// The subject.
    pub subject: SubjectCode,
    /// How sure, in per cent of all subjects together.
    pub percent: u8,
    /// The deciding words, the weightiest first. They are the citizen's: hostile to a terminal until they are made safe.
    pub words: Vec<String>,
    /// Whether it was accepted as it was.
    pub is_accepted: bool,
}

/// The next moment at which the case may escalate by itself. It may lie too early (a hold moves due dates), never too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// When to look.
    pub at: Instant,
    /// At which clock; none where an escalation's own answer is what is waited for.
    pub clock: Option<ClockKind>,
    /// At which rung of the type; empty where there is none.
    pub rung: String,
}

/// How long the citizen, who was asked for something, is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InfoWait {
    /// When they were asked.
    pub asked_at: Instant,
    /// When they are to be reminded.
    pub remind_at: Instant,
    /// Until when their answer is waited for.
    pub due_at: Instant,
    /// When they were reminded.
    pub reminded_at: Option<Instant>,
}

/// The plan of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePlan {
    /// The case.
    pub case: CaseId,
    /// Counts the events applied.
    pub version: u64,
    /// The type under which it is handled.
    pub case_type: TypeVersion,
    /// Stages that were entered, oldest first.
    pub stages: Vec<PlannedStage>,
    /// Milestones that were reached.
    pub milestones: Vec<(String, Instant)>,
    /// Which steps of the case come of which tasks.
    pub tasks: Vec<PlannedTask>,
    /// Fields that were filled in.
    pub fields: Vec<FieldFact>,
    /// Index terms beside the subject.
    pub terms: Vec<SubjectCode>,
    /// The object that it is about: a building, a lamp post.
    pub object: String,
    /// Rows of tables that fired, oldest first.
    pub fired: Vec<Fired>,
    /// Who screened it, and when.
    pub screened: Option<(CaseworkerId, Instant)>,
    /// Which expert reviewed it, and when.
    pub reviewed: Option<(CaseworkerId, Instant)>,
    /// The class that was suggested when it was settled.
    pub suggested: Option<Suggested>,
    /// The decision in force.
    pub decision: Option<CaseDecision>,
    /// Decisions that were replaced, or were made before the case was taken up again, oldest first.
    pub earlier: Vec<CaseDecision>,
    /// How often the case had been taken up again when that was last followed.
    pub reopened: u32,
    /// How often it was passed on from unit to unit.
    pub transfers: u32,
    /// Rungs that it has climbed: id and when.
    pub rungs: Vec<(String, Instant)>,
    /// When to look whether it escalates.
    pub watch: Option<Watch>,
    /// How long its citizen is waited for, who was asked for something last.
    pub info: Option<InfoWait>,
}

impl CasePlan {
    /// The plan of a case that has none yet.
    #[must_use]
    pub fn none_yet(case: CaseId, case_type: TypeVersion) -> Self {
        Self {
            case,
            version: 0,
            case_type,
            stages: Vec::new(),
            milestones: Vec::new(),
            tasks: Vec::new(),
            fields: Vec::new(),
            terms: Vec::new(),
            object: String::new(),
            fired: Vec::new(),
            screened: None,
            reviewed: None,
            suggested: None,
            decision: None,
            earlier: Vec::new(),
            reopened: 0,
            transfers: 0,
            rungs: Vec::new(),
            watch: None,
            info: None,
        }
    }

    /// The stage that is being worked.
    #[must_use]
    pub fn stage(&self) -> Option<&PlannedStage> {
        self.stages.iter().rev().find(|stage| stage.state == PlanItemState::Active)
    }

    /// What a field holds.
    #[must_use]
    pub fn field(&self, code: &str) -> Option<&FieldFact> {
        self.fields.iter().find(|held| held.code == code)
    }
}

/// What happened to a plan. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanEvent {
    /// It began under this type, or goes on under another one.
    Begun {
        /// The type.
        case_type: TypeVersion,
    },
    /// A stage was entered.
    StageEntered {
        /// Which.
        stage: String,
    },
    /// The active stage was left.
    StageLeft {
        /// Which.
        stage: String,
        /// How.
        state: PlanItemState,
    },
    /// A milestone was reached.
    MilestoneReached {
        /// Which.
        milestone: String,
    },
    /// A step of the case comes of a task.
    TaskPlanned(PlannedTask),
    /// A field was filled in, or emptied.
    FieldSet {
        /// Which.
        field: String,
        /// With what.
        value: Option<FieldValue>,
        /// Whether it was checked against a document.
        is_verified: bool,
    },
    /// Index terms and object were settled.
    Indexed {
        /// The terms.
        terms: Vec<SubjectCode>,
        /// The object.
        object: String,
    },
    /// A row of a table, or the type itself, decided something.
    Fired(Box<Fired>),
    /// Somebody screened it.
    Screened,
    /// An expert reviewed it.
    Reviewed {
        /// What they wrote.
        note: String,
    },
    /// Its class was suggested, and settled.
    Suggested(Suggested),
    /// It was decided.
    Decided(Box<CaseDecision>),
    /// It was passed on to another unit.
    Transferred,
    /// It climbed a rung.
    RungClimbed {
        /// Which.
        rung: String,
    },
    /// When to look next is known.
    Watched(Option<Watch>),
    /// An act was undone: the state before it.
    Reverted(Box<CasePlan>),
    /// The act that began it was undone.
    Annulled,
    /// The case was taken up again: what was decided before is in force no more.
    Reopened {
        /// How often it was by then.
        times: u32,
    },
    /// Its citizen was asked for something, and is waited for.
    InfoAwaited(InfoWait),
    /// The rule had its citizen reminded.
    InfoReminded,
    /// Its citizen is waited for no more.
    InfoEnded,
    /// It was taken over with its past from another system; the plan itself stays as it is.
    HistoryTaken {
        /// What was done there, oldest first.
        activities: Vec<PastActivity>,
        /// Whether the type would have ended where it ended, if it did.
        is_end_legal: bool,
    },
}

/// The plan after an event.
#[must_use]
pub fn apply_plan(
    before: Option<CasePlan>,
    case: CaseId,
    record: &EventRecord,
    event: &PlanEvent,
) -> Option<CasePlan> {
    let version = before.as_ref().map_or(0, |before| before.version) + 1;
    let mut plan = match (event, before) {
        (PlanEvent::Reverted(to), _) => (**to).clone(),
        (PlanEvent::Annulled, Some(plan)) => CasePlan::none_yet(case, plan.case_type),
        (PlanEvent::Begun { case_type }, None) => CasePlan::none_yet(case, case_type.clone()),
        (_, before) => before?,
    };
    plan.version = version;
    change(&mut plan, record, event);
    Some(plan)
}

fn change(plan: &mut CasePlan, record: &EventRecord, event: &PlanEvent) {
    let at = record.at;
    match event {
        PlanEvent::Begun { case_type } => begin(plan, case_type),
        PlanEvent::StageEntered { stage } => {
            if plan.stages.len() >= STAGES_KEPT_MAX {
                plan.stages.remove(0);
            }
            plan.stages.push(PlannedStage {
                code: stage.clone(),
                state: PlanItemState::Active,
                entered_at: at,
                left_at: None,
            });
        }
        PlanEvent::StageLeft { stage, state } => {
            let mut active = plan.stages.iter_mut().rev();
            if let Some(left) =
                active.find(|held| held.code == *stage && held.state == PlanItemState::Active)
            {
                (left.state, left.left_at) = (*state, Some(at));
            }
        }
        PlanEvent::MilestoneReached { milestone } => plan.milestones.push((milestone.clone(), at)),
        PlanEvent::TaskPlanned(task) => plan.tasks.push(task.clone()),
        PlanEvent::FieldSet { field, value, is_verified } => {
            plan.fields.retain(|held| held.code != *field);
            plan.fields.extend(value.as_ref().map(|value| FieldFact {
                code: field.clone(),
                value: value.clone(),
                by: record.actor,
                at,
                is_verified: *is_verified,
            }));
        }
        PlanEvent::Indexed { terms, object } => {
            plan.terms.clone_from(terms);
            plan.object.clone_from(object);
        }
        PlanEvent::Fired(fired) => {
            if plan.fired.len() >= FIRED_MAX {
                plan.fired.remove(0);
            }
            plan.fired.push((**fired).clone());
        }
        PlanEvent::Screened => plan.screened = Some((record.actor, at)),
        PlanEvent::Reviewed { .. } => plan.reviewed = Some((record.actor, at)),
        PlanEvent::Suggested(suggested) => plan.suggested = Some(suggested.clone()),
        PlanEvent::Decided(decision) => {
            replace_decision(plan);
            plan.decision = Some((**decision).clone());
        }
        PlanEvent::Reopened { times } => {
            replace_decision(plan);
            plan.reopened = *times;
        }
        PlanEvent::Transferred => plan.transfers += 1,
        PlanEvent::RungClimbed { rung } => plan.rungs.push((rung.clone(), at)),
        PlanEvent::Watched(watch) => plan.watch.clone_from(watch),
        PlanEvent::InfoAwaited(wait) => plan.info = Some(wait.clone()),
        PlanEvent::InfoReminded => {
            if let Some(wait) = &mut plan.info {
                wait.reminded_at = Some(at);
            }
        }
        PlanEvent::InfoEnded => plan.info = None,
        PlanEvent::Reverted(_) | PlanEvent::Annulled | PlanEvent::HistoryTaken { .. } => {}
    }
}

/// A plan that goes on under another type begins anew, for stages, tasks and milestones are those of a type. What was filled
/// in stays.
fn begin(plan: &mut CasePlan, case_type: &TypeVersion) {
    if plan.case_type != *case_type {
        plan.stages.clear();
        plan.milestones.clear();
        plan.tasks.clear();
        plan.case_type = case_type.clone();
    }
}

fn replace_decision(plan: &mut CasePlan) {
    if let Some(decision) = plan.decision.take() {
        if plan.earlier.len() >= EARLIER_MAX {
            plan.earlier.remove(0);
        }
        plan.earlier.push(decision);
    }
}
