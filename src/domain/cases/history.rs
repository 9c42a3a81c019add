//! The past of a case that was worked in another system: its activities, judged by the type that it comes in under.
//!
//! The past of another system is not our audit trail: what is recorded here is that it was taken over, now and by whom; the
//! times in it are the source's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, QueueId, Ulid};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::refusal::Refusal;
use crate::domain::rules::{CaseType, Criterion, Exit, FieldValue, StageRule, TaskRule, Trigger};
use crate::domain::time::Instant;

use super::act::CaseEvent;
use super::decide::{CaseContext, Happened, check_text};
use super::import::{CaseImport, imported};
use super::plan::PlanEvent;

/// Activities of one case that are taken over.
pub const ACTIVITIES_MAX: usize = 200;
/// Fields of one case that are taken over.
const FIELDS_MAX: usize = 32;

/// Something that was done in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastActivity {
    /// What it is called there.
    pub activity: String,
    /// The task of the type that it is.
    pub task: String,
    /// When it was done there.
    pub at: Instant,
    /// Who or what did it, in that system's own words.
    pub resource: String,
    /// Whether the type would have had it done then.
    pub is_legal: bool,
}

/// A case of another system with its past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHistory {
    /// The case.
    pub case: CaseImport,
    /// What was done, oldest first.
    pub activities: Vec<PastActivity>,
    /// Fields of the type that the source knows.
    pub fields: Vec<(String, FieldValue)>,
}

/// What a type says of a past.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// For each activity, why the type would not have had it done then; nothing where it would.
    pub deviations: Vec<Option<String>>,
    /// Why the type would not have ended there, where the case ended.
    pub end: Option<String>,
    /// The stage that it came to.
    pub stage: String,
}

/// Judges a past by a type: the tasks in their order, and whether the case ended after the last of them.
///
/// A task is legal if it belongs to the active stage or to one that an exit leads to, has come up, and was not done before
/// unless it may be repeated. What a log does not tell (fields, decisions, who took it) speaks against nothing. After a
/// deviation the judgement goes on from the stage of what was done, so that one deviation is not counted twice.
#[must_use]
pub fn judge<'a>(
    case_type: &CaseType,
    tasks: impl IntoIterator<Item = &'a str>,
    has_ended: bool,
) -> Judgement {
    let first = case_type.stages.first().map_or("", |stage| stage.code.as_str());
    let mut replay =
        Replay { case_type, stage: first, left: BTreeSet::new(), done: BTreeSet::new() };
    let deviations = tasks.into_iter().map(|task| replay.take(task)).collect();
    let end = has_ended.then(|| replay.end()).flatten();
    Judgement { deviations, end, stage: replay.stage.to_owned() }
}

/// Where a replay stands.
struct Replay<'a> {
    case_type: &'a CaseType,
    stage: &'a str,
    left: BTreeSet<&'a str>,
    done: BTreeSet<&'a str>,
}

impl<'a> Replay<'a> {
    /// Takes an activity: why it is not legal, if it is not.
    fn take(&mut self, code: &str) -> Option<String> {
        let Some(task) = self.case_type.tasks.iter().find(|task| task.code == code) else {
            return Some(format!("the type has no task {code}"));
        };
        let deviation = self.deviation(task);
        if task.stage != self.stage {
            self.left.insert(self.stage);
            self.stage = &task.stage;
        }
        self.done.insert(&task.code);
        deviation
    }

    fn deviation(&self, task: &TaskRule) -> Option<String> {
        if self.done.contains(task.code.as_str()) && !task.is_repeated {
            return Some(format!("{} is done once, and was done before", task.code));
        }
        if task.stage != self.stage
            && let Some(why) = self.no_way(&task.stage)
        {
            return Some(why);
        }
        let waits = self.waits_for(&task.criterion, 0)?;
        Some(format!("{} comes up after {waits}", task.code))
    }

    /// Why no exit leads from the active stage to another one.
    fn no_way(&self, to: &str) -> Option<String> {
        let exits: Vec<&Exit> =
            self.exits().filter(|exit| exit.to.as_deref() == Some(to)).collect();
        self.closed(&exits, &format!("to {to}"))
    }

    /// Why the process does not end in the active stage.
    fn end(&self) -> Option<String> {
        let exits: Vec<&Exit> = self.exits().filter(|exit| exit.to.is_none()).collect();
        self.closed(&exits, "to the end")
    }

    fn exits(&self) -> impl Iterator<Item = &'a Exit> {
        let stage = self.case_type.stages.iter().find(|stage| stage.code == self.stage);
        stage.into_iter().flat_map(|stage: &StageRule| &stage.exits)
    }

    fn closed(&self, exits: &[&Exit], whither: &str) -> Option<String> {
        let mut waits = Vec::new();
        for exit in exits {
            waits.push(self.waits_for(&exit.criterion, 0)?);
        }
        Some(match waits.first() {
            None => format!("no way leads from {} {whither}", self.stage),
            Some(waits) => format!("the way from {} {whither} opens after {waits}", self.stage),
        })
    }

    /// What a criterion waits for still; nothing where it holds.
    fn waits_for(&self, criterion: &Criterion, depth: usize) -> Option<String> {
        criterion.on.iter().find_map(|trigger| match trigger {
            Trigger::Task(code) => {
                (!self.done.contains(code.as_str())).then(|| format!("task {code}"))
            }
            Trigger::RequiredTasks => self.required().map(|code| format!("task {code}")),
            Trigger::Stage(code) => {
                (!self.left.contains(code.as_str())).then(|| format!("stage {code}"))
            }
            Trigger::Milestone(code) => {
                let mut known = self.case_type.milestones.iter();
                let milestone = known.find(|milestone| milestone.code == *code)?;
                // Milestones that wait for each other are never reached; a type that was proved has none.
                if depth > self.case_type.milestones.len() {
                    return Some(format!("milestone {code}"));
                }
                self.waits_for(&milestone.criterion, depth + 1)
            }
            Trigger::Field(_) | Trigger::Claimed | Trigger::Decided | Trigger::Notified => None,
        })
    }

    /// A required task of the active stage that has not been done.
    fn required(&self) -> Option<&'a str> {
        let of_stage = |task: &&TaskRule| {
            task.stage == self.stage && task.is_required && !task.is_discretionary
        };
        let mut open = self.case_type.tasks.iter().filter(of_stage);
        open.find(|task| !self.done.contains(task.code.as_str())).map(|task| task.code.as_str())
    }
}

/// What taking over a case with its past brings about. An open case stands in the stage that its past came to; one that
/// ended has its outcome from the source.
///
/// # Errors
/// A text is too long or holds what it may not, a field is none of the type, or there are too many activities.
pub fn take_over(
    row: &CaseHistory,
    id: CaseId,
    ulid: Ulid,
    inbox: QueueId,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    check(row, &context.case_type)?;
    let mut event = imported(&row.case, id, ulid, inbox, context)?;
    let case_type = &context.case_type;
    if let CaseEvent::Imported(case) = &mut event {
        case.case_type = case_type.id.clone();
        case.purpose = case_type.purpose.clone();
        case.confidentiality = case_type.confidentiality;
    }
    let has_ended = row.case.ended.is_some();
    let tasks = row.activities.iter().map(|activity| activity.task.as_str());
    let judged = judge(case_type, tasks, has_ended);
    let is_legal = judged.deviations.iter().map(Option::is_none);
    let activities = row.activities.iter().zip(is_legal);
    let activities =
        activities.map(|(activity, is_legal)| PastActivity { is_legal, ..activity.clone() });
    let mut happened = vec![Happened::Case(event)];
    happened.push(Happened::Plan(PlanEvent::Begun { case_type: case_type.id.clone() }));
    happened.extend(row.fields.iter().map(|(field, value)| {
        let (field, value) = (field.clone(), Some(value.clone()));
        Happened::Plan(PlanEvent::FieldSet { field, value, is_verified: false })
    }));
    let is_end_legal = judged.end.is_none();
    let activities = activities.collect();
    happened.push(Happened::Plan(PlanEvent::HistoryTaken { activities, is_end_legal }));
    if !has_ended && !judged.stage.is_empty() {
        happened.push(Happened::Plan(PlanEvent::StageEntered { stage: judged.stage }));
    }
    Ok(happened)
}

fn check(row: &CaseHistory, case_type: &CaseType) -> Result<(), Refusal> {
    if row.activities.len() > ACTIVITIES_MAX || row.fields.len() > FIELDS_MAX {
        return Err(Refusal::new(
            "history.many",
            format!(
                "A case is taken over with at most {ACTIVITIES_MAX} activities and {FIELDS_MAX} fields."
            ),
            "Leave out what is not worth keeping.",
        ));
    }
    for activity in &row.activities {
        check_text("the activity", &activity.activity, LINE_BYTES_MAX, false)?;
        check_text("the task", &activity.task, CODE_BYTES_MAX, false)?;
        check_text("the resource", &activity.resource, LINE_BYTES_MAX, false)?;
    }
    for (field, value) in &row.fields {
        if !case_type.fields.iter().any(|rule| rule.code == *field) {
            return Err(Refusal::new(
                "history.field",
                format!("The type {} has no field {field}.", case_type.id.code),
                "Correct the mapping.",
            ));
        }
        check_text("the field", &super::fields::typed_again(value), LINE_BYTES_MAX, false)?;
    }
    Ok(())
}
