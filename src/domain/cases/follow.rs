//! What follows by itself once something has happened to a case: stages, milestones, tasks and clocks of its type.
//!
//! Nothing here decides, refuses, closes or pays (hard rule 16): the steps say where the process stands, and what there is
//! to do.

use crate::domain::event::{EntityId, Event, EventRecord};
use crate::domain::limits::TASKS_MAX;
use crate::domain::rules::{
    CaseFacts, CaseType, Criterion, FieldRule, StageRule, TaskRule, Trigger,
};
use crate::domain::time::{Calendar, Instant};

use super::act::CaseEvent;
use super::apply::apply;
use super::case::{Case, TaskState};
use super::decide::Happened;
use super::general::GENERAL;
use super::kinds::Stage;
use super::plan::{CasePlan, PlanEvent, PlanItemState, PlannedTask, apply_plan};
use super::type_clocks::{TermSet, followed_clocks};

/// Steps that one act brings about by itself; a type in which more would follow goes on with the next act.
pub const FOLLOWED_MAX: usize = 64;

/// What the rules of a type look at beside the case and its plan.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The type, at the version under which the case is handled.
    pub case_type: &'a CaseType,
    /// The facts for its guards.
    pub facts: &'a CaseFacts,
    /// The calendar of the unit.
    pub calendar: &'a Calendar,
    /// Terms that a table set.
    pub terms: &'a [TermSet],
    /// Now.
    pub at: Instant,
    /// When the citizen was last told something, if they were since the case was last taken up.
    pub told_at: Option<Instant>,
}

/// Something that followed by itself, and the rule by which it did, as `objection@2/stage.assess`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// What.
    pub happened: Happened,
    /// By which rule.
    pub rule: String,
}

/// Why the active stage cannot be left, nor the case closed with an outcome of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A required task is open: its place among the case's steps.
    Task(usize),
    /// A required field is empty.
    Field(FieldRule),
}

/// Everything that follows by itself from what the case and its plan are now, in order, until nothing more does. A stage is
/// entered once in it at most, so that a circle of stages ends.
#[must_use]
pub fn follow(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Vec<Followed> {
    let (mut case, mut plan) = (case.clone(), plan.clone());
    let mut all = Vec::new();
    while all.len() < FOLLOWED_MAX {
        let entered = entered_in(&all);
        let (steps, rule) = match next(&case, &plan, around, &entered) {
            Some((steps, rule)) if !steps.is_empty() => (steps, rule),
            _ => break,
        };
        let record = EventRecord::alone(EntityId::Case(case.id), around.at, Event::Opened);
        for happened in steps {
            match &happened {
                Happened::Case(event) => {
                    case = apply(Some(case.clone()), &record, event).unwrap_or(case);
                }
                Happened::Plan(event) => {
                    plan = apply_plan(Some(plan.clone()), case.id, &record, event).unwrap_or(plan);
                }
            }
            let rule = format!("{}@{}/{rule}", plan.case_type.code, plan.case_type.version);
            all.push(Followed { happened, rule });
        }
    }
    all
}

/// What blocks the active stage.
#[must_use]
pub fn blocks(case: &Case, plan: &CasePlan, case_type: &CaseType) -> Vec<Block> {
    let Some(stage) = plan.stage() else { return Vec::new() };
    let of_stage = |task: &&PlannedTask| {
        case_type.tasks.iter().any(|rule| rule.code == task.code && rule.stage == stage.code)
    };
    let mut planned: Vec<usize> = plan
        .tasks
        .iter()
        .filter(of_stage)
        .filter_map(|task| usize::try_from(task.index).ok())
        .filter(|at| is_open_task(case, *at, true))
        .collect();
    planned.dedup();
    let fields = case_type.fields.iter().filter(|field| {
        field.required_in.as_deref() == Some(&stage.code) && plan.field(&field.code).is_none()
    });
    let fields = fields.cloned().map(Block::Field);
    planned.into_iter().map(Block::Task).chain(fields).collect()
}

type Step = (Vec<Happened>, String);

fn next(
    case: &Case,
    plan: &CasePlan,
    around: &Surroundings<'_>,
    entered: &[String],
) -> Option<Step> {
    let is_typed = plan.case_type.code != GENERAL;
    if !is_typed && plan.version == 0 {
        return None;
    }
    let always = || taken_up_again(case, plan).or_else(|| told(case, plan, around));
    let of_type = || {
        milestone(case, plan, around)
            .or_else(|| clocks(case, plan, around))
            .or_else(|| ended(case, plan, around))
            .or_else(|| first_stage(case, plan, around.case_type, entered))
            .or_else(|| satisfied(case, plan, around.case_type))
            .or_else(|| task(case, plan, around))
            .or_else(|| exit(case, plan, around, entered))
    };
    always().or_else(|| is_typed.then(of_type).flatten())
}

/// A case that was reopened goes on in the stage that was worked last; what was decided before is no decision now.
fn taken_up_again(case: &Case, plan: &CasePlan) -> Option<Step> {
    if !case.is_open() || case.reopened <= plan.reopened {
        return None;
    }
    let mut steps = vec![Happened::Plan(PlanEvent::Reopened { times: case.reopened })];
    if let (None, Some(last)) = (plan.stage(), plan.stages.last()) {
        let stage = last.code.clone();
        steps.push(Happened::Plan(PlanEvent::StageEntered { stage }));
    }
    Some((steps, "reopened".to_owned()))
}

/// A decision of which the citizen was told.
fn told(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Option<Step> {
    let is_told = case.stage == Stage::Decided && is_told_of_decision(plan, around);
    is_told.then(|| (vec![Happened::Case(CaseEvent::Notified)], "notified".to_owned()))
}

fn is_told_of_decision(plan: &CasePlan, around: &Surroundings<'_>) -> bool {
    let told = around.told_at.zip(plan.decision.as_ref());
    told.is_some_and(|(told_at, decision)| told_at >= decision.at)
}

fn milestone(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Option<Step> {
    if case.stage.is_before_acceptance() || case.stage == Stage::Annulled {
        return None;
    }
    let reached = |code: &str| plan.milestones.iter().any(|(reached, _)| reached == code);
    let mut open = around.case_type.milestones.iter().filter(|rule| !reached(&rule.code));
    let rule = open.find(|rule| holds(&rule.criterion, case, plan, around))?;
    let event = PlanEvent::MilestoneReached { milestone: rule.code.clone() };
    Some((vec![Happened::Plan(event)], format!("milestone.{}", rule.code)))
}

fn clocks(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Option<Step> {
    if !case.is_open() {
        return None;
    }
    let (clocks, begun, met) = followed_clocks(case, plan, around)?;
    let event = CaseEvent::ClocksSet { clocks, begun, met };
    Some((vec![Happened::Case(event)], "clocks".to_owned()))
}

/// The active stage of a case that has ended: completed where it had come to its end, else terminated.
fn ended(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Option<Step> {
    let stage = plan.stage().filter(|_| !case.is_open())?;
    let is_through = blocks(case, plan, around.case_type).is_empty()
        && stage_rule(around.case_type, &stage.code).is_some_and(|rule| {
            let mut ends = rule.exits.iter().filter(|exit| exit.to.is_none());
            ends.any(|exit| holds(&exit.criterion, case, plan, around))
        });
    let code = stage.code.clone();
    let rule = format!("stage.{code}");
    let how = if is_through { PlanItemState::Completed } else { PlanItemState::Terminated };
    let left = PlanEvent::StageLeft { stage: code, state: how };
    Some((vec![Happened::Plan(left)], rule))
}

/// The stage in which a case that is worked begins; or goes on, where the last one was broken off.
fn first_stage(
    case: &Case,
    plan: &CasePlan,
    case_type: &CaseType,
    entered: &[String],
) -> Option<Step> {
    if !case.stage.is_worked() || plan.stage().is_some() {
        return None;
    }
    let code = match plan.stages.last() {
        None => &case_type.stages.first()?.code,
        Some(last) if last.state == PlanItemState::Terminated => &last.code,
        Some(_) => return None,
    };
    if entered.contains(code) {
        return None;
    }
    let event = PlanEvent::StageEntered { stage: code.clone() };
    Some((vec![Happened::Plan(event)], format!("stage.{code}")))
}

/// A task whose field is filled in is done (R60).
fn satisfied(case: &Case, plan: &CasePlan, case_type: &CaseType) -> Option<Step> {
    if !case.is_open() {
        return None;
    }
    plan.tasks.iter().find_map(|task| {
        let rule = case_type.tasks.iter().find(|rule| rule.code == task.code)?;
        plan.field(rule.satisfied_by.as_deref()?)?;
        let at = usize::try_from(task.index).ok()?;
        let event = CaseEvent::TaskSet { index: task.index, is_done: true };
        is_open_task(case, at, false)
            .then(|| (vec![Happened::Case(event)], format!("task.{}", rule.code)))
    })
}

/// A task that comes up in the active stage.
fn task(case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> Option<Step> {
    let stage = plan.stage().filter(|_| case.stage.is_worked() && case.tasks.len() < TASKS_MAX)?;
    let times = plan.stages.iter().filter(|held| held.code == stage.code).count();
    let mut rules = around.case_type.tasks.iter().filter(|rule| {
        let is_due = rule.stage == stage.code && !rule.is_discretionary;
        let wanted = if rule.is_repeated { times } else { 1 };
        is_due && planned(plan, &rule.code).count() < wanted
    });
    let rule = rules.find(|rule| holds(&rule.criterion, case, plan, around))?;
    Some((planned_task(case, rule), format!("task.{}", rule.code)))
}

/// The step that comes of a task.
pub(super) fn planned_task(case: &Case, rule: &TaskRule) -> Vec<Happened> {
    let index = u32::try_from(case.tasks.len()).unwrap_or(u32::MAX);
    let title = rule.labels.english().to_owned();
    vec![
        Happened::Case(CaseEvent::TaskAdded { title, is_required: rule.is_required }),
        Happened::Plan(PlanEvent::TaskPlanned(PlannedTask { code: rule.code.clone(), index })),
    ]
}

fn exit(
    case: &Case,
    plan: &CasePlan,
    around: &Surroundings<'_>,
    entered: &[String],
) -> Option<Step> {
    let stage = plan.stage().filter(|_| case.stage.is_worked())?;
    if !blocks(case, plan, around.case_type).is_empty() {
        return None;
    }
    let rule = stage_rule(around.case_type, &stage.code)?;
    let exit = rule.exits.iter().find(|exit| holds(&exit.criterion, case, plan, around))?;
    if exit.to.as_ref().is_some_and(|to| entered.contains(to)) {
        return None;
    }
    let left = PlanEvent::StageLeft { stage: stage.code.clone(), state: PlanItemState::Completed };
    let next = exit.to.iter().map(|to| PlanEvent::StageEntered { stage: to.clone() });
    let steps = std::iter::once(left).chain(next).map(Happened::Plan).collect();
    Some((steps, format!("stage.{}", stage.code)))
}

fn holds(criterion: &Criterion, case: &Case, plan: &CasePlan, around: &Surroundings<'_>) -> bool {
    criterion.on.iter().all(|trigger| has_happened(trigger, case, plan, around))
        && criterion.when.iter().all(|condition| condition.is_met(around.facts))
}

fn has_happened(
    trigger: &Trigger,
    case: &Case,
    plan: &CasePlan,
    around: &Surroundings<'_>,
) -> bool {
    match trigger {
        Trigger::Task(code) => planned(plan, code).any(|task| {
            let at = usize::try_from(task.index).ok();
            at.and_then(|at| case.tasks.get(at)).is_some_and(|task| task.state == TaskState::Done)
        }),
        Trigger::RequiredTasks => {
            let blocks = blocks(case, plan, around.case_type);
            !blocks.iter().any(|block| matches!(block, Block::Task(_)))
        }
        Trigger::Milestone(code) => plan.milestones.iter().any(|(reached, _)| reached == code),
        Trigger::Stage(code) => plan
            .stages
            .iter()
            .any(|stage| stage.code == *code && stage.state == PlanItemState::Completed),
        Trigger::Field(code) => plan.field(code).is_some(),
        Trigger::Claimed => case.owner.is_some(),
        Trigger::Decided => plan.decision.is_some(),
        // Whoever decides has to tell of the decision; what was written before it says nothing of it.
        Trigger::Notified if plan.decision.is_some() => is_told_of_decision(plan, around),
        Trigger::Notified => around.told_at.is_some(),
    }
}

fn planned<'p>(plan: &'p CasePlan, code: &'p str) -> impl Iterator<Item = &'p PlannedTask> {
    plan.tasks.iter().filter(move |task| task.code == code)
}

fn stage_rule<'t>(case_type: &'t CaseType, code: &str) -> Option<&'t StageRule> {
    case_type.stages.iter().find(|rule| rule.code == code)
}

fn is_open_task(case: &Case, at: usize, only_required: bool) -> bool {
    case.tasks
        .get(at)
        .is_some_and(|task| task.state == TaskState::Open && (task.is_required || !only_required))
}

fn entered_in(all: &[Followed]) -> Vec<String> {
    let entered = all.iter().filter_map(|followed| match &followed.happened {
        Happened::Plan(PlanEvent::StageEntered { stage }) => Some(stage.clone()),
        Happened::Plan(_) | Happened::Case(_) => None,
    });
    entered.collect()
}
