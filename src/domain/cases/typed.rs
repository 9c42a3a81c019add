//! Acts that know the type of their case: filling in its fields, deciding, its steps and its outcomes, and another type.

use crate::domain::limits::{LINE_BYTES_MAX, TASKS_MAX, TEXT_BYTES_MAX};
use crate::domain::office::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::rules::{CaseType, OutcomeRule, TaskRule};
use crate::domain::time::{Calendar, Clock, ClockSource, Instant};

use super::act::CaseEvent;
use super::case::{Case, Task, TaskState};
use super::decide::{CaseContext, Happened, at_most, check_text, needs_words, working};
use super::fields::read_field;
use super::follow::{Block, blocks, planned_task};
use super::general::{GENERAL, clocks_for, tasks_for};
use super::kinds::{HoldReason, OutcomeCode};
use super::plan::{CaseDecision, CasePlan, PlanEvent};
use super::signing::amount_since;
use super::type_clocks::{TermSet, clocks_of};

/// Whether a type is one that the office published, and not the built-in one.
#[must_use]
pub fn is_published(case_type: &CaseType) -> bool {
    case_type.id.code != GENERAL
}

/// Whether an outcome ends a case whatever is still to be done on it.
#[must_use]
pub fn ends_anyhow(code: OutcomeCode) -> bool {
    matches!(
        code,
        OutcomeCode::Withdrawn
            | OutcomeCode::Duplicate
            | OutcomeCode::NotOurs
            | OutcomeCode::NoResponse
            | OutcomeCode::RegisteredInError
    )
}

/// The discretionary tasks of the active stage that can be added now, and those that may be done once more.
#[must_use]
pub fn addable<'t>(case: &Case, plan: &CasePlan, case_type: &'t CaseType) -> Vec<&'t TaskRule> {
    let Some(stage) = plan.stage() else { return Vec::new() };
    let rules = case_type.tasks.iter().filter(|rule| rule.stage == stage.code);
    let is_open = |code: &str| {
        plan.tasks.iter().filter(|task| task.code == code).any(|task| {
            let at = usize::try_from(task.index).ok();
            at.and_then(|at| case.tasks.get(at)).is_some_and(|task| task.state == TaskState::Open)
        })
    };
    let is_planned = |code: &str| plan.tasks.iter().any(|task| task.code == code);
    rules
        .filter(|rule| match (rule.is_repeated, is_planned(&rule.code)) {
            (true, true) => !is_open(&rule.code),
            (_, false) => rule.is_discretionary,
            (false, true) => false,
        })
        .collect()
}

/// Whether an outcome can be given in the stage that the case has reached.
#[must_use]
pub fn is_given_now(rule: &OutcomeRule, plan: &CasePlan, case_type: &CaseType) -> bool {
    let Some(from) = &rule.from_stage else { return true };
    let place = |code: &str| case_type.stages.iter().position(|stage| stage.code == code);
    let Some(from) = place(from) else { return true };
    plan.stages.iter().filter_map(|stage| place(&stage.code)).any(|reached| reached >= from)
}

pub(super) fn set_fields(
    case: &Case,
    fields: &[(String, String)],
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    if !(case.stage.is_before_acceptance() && context.may_screen) {
        working(case, context)?;
    }
    let case_type = &context.case_type;
    let (mut happened, mut wrong) = (Vec::new(), Vec::new());
    for (code, typed) in fields {
        let Some(rule) = case_type.fields.iter().find(|rule| rule.code == *code) else {
            wrong.push(format!("{code}: {} has no such field", case_type.labels.english()));
            continue;
        };
        let was = context.plan.field(code).map(|held| &held.value);
        match read_field(rule, typed, context.calendar.zone().day(context.at)) {
            Err(takes) => wrong.push(format!("{} takes {takes}", rule.labels.english())),
            Ok(value) if value.as_ref() == was => {}
            Ok(value) => {
                if value.is_none() {
                    happened.extend(unsatisfied(case, code, context));
                }
                happened.push(Happened::Plan(PlanEvent::FieldSet {
                    field: code.clone(),
                    value,
                    is_verified: false,
                }));
            }
        }
    }
    if !wrong.is_empty() {
        let what = format!("{}.", wrong.join("; "));
        return Err(Refusal::new("fields.wrong", what, "Set that right; nothing was kept yet."));
    }
    if happened.is_empty() {
        return Err(Refusal::new("fields.same", "Nothing was changed.", "Fill something in."));
    }
    Ok(happened)
}

/// A task that a field had satisfied is to do again once the field is emptied.
fn unsatisfied(case: &Case, field: &str, context: &CaseContext<'_>) -> Vec<Happened> {
    let tasks = context.plan.tasks.iter().filter(|task| {
        let mut rules = context.case_type.tasks.iter();
        let is_of_field = |rule: &TaskRule| rule.satisfied_by.as_deref() == Some(field);
        let at = usize::try_from(task.index).ok();
        rules.any(|rule| rule.code == task.code && is_of_field(rule))
            && at
                .and_then(|at| case.tasks.get(at))
                .is_some_and(|task| task.state == TaskState::Done)
    });
    let undone = |index| Happened::Case(CaseEvent::TaskSet { index, is_done: false });
    tasks.map(|task| undone(task.index)).collect()
}

/// Refuses to untick a step that is done because its field is filled in.
pub(super) fn check_untick(index: u32, context: &CaseContext<'_>) -> Result<(), Refusal> {
    let task = context.plan.tasks.iter().find(|task| task.index == index);
    let rule =
        task.and_then(|task| context.case_type.tasks.iter().find(|rule| rule.code == task.code));
    let Some(field) = rule.and_then(|rule| rule.satisfied_by.as_deref()) else { return Ok(()) };
    if context.plan.field(field).is_none() {
        return Ok(());
    }
    let label = context.case_type.fields.iter().find(|rule| rule.code == field);
    let label = label.map_or(field, |rule| rule.labels.english());
    Err(Refusal::new(
        "task.satisfied",
        format!("The step is done, since \"{label}\" is filled in."),
        "Empty the field first (i).",
    ))
}

pub(super) fn add_planned(
    case: &Case,
    code: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    working(case, context)?;
    at_most("steps", case.tasks.len(), TASKS_MAX)?;
    let addable = addable(case, &context.plan, &context.case_type);
    let rule = addable.into_iter().find(|rule| rule.code == code).ok_or_else(|| {
        Refusal::new(
            "task.unknown",
            format!("The step {code} cannot be added in this stage."),
            "Pick one of the list (s).",
        )
    })?;
    Ok(planned_task(case, rule))
}

/// Refuses a hold that the type does not have, or that is longer than it allows.
pub(super) fn check_hold(
    reason: HoldReason,
    days: i32,
    context: &CaseContext<'_>,
) -> Result<(), Refusal> {
    let case_type = &context.case_type;
    if !is_published(case_type) {
        return Ok(());
    }
    let label = case_type.labels.english();
    let Some(rule) = case_type.holds.iter().find(|rule| rule.reason == reason) else {
        let known: Vec<&str> = case_type.holds.iter().map(|rule| rule.reason.label()).collect();
        let hint = if known.is_empty() {
            "Escalate it (e) instead.".to_owned()
        } else {
            format!("It waits for: {}.", known.join(", "))
        };
        let what = format!("A case of type \"{label}\" does not wait for {}.", reason.label());
        return Err(Refusal::new("hold.type", what, hint));
    };
    if days > i32::from(rule.days_max) {
        let max = rule.days_max;
        let what = format!("A case of type \"{label}\" waits for {max} days at most.");
        return Err(Refusal::new("hold.until", what, "Enter an earlier day."));
    }
    Ok(())
}

pub(super) fn decide_outcome(
    case: &Case,
    (outcome, reasons, ground): (&str, &str, &str),
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    working(case, context)?;
    if !case.stage.is_worked() {
        return Err(Refusal::new(
            "decision.early",
            format!("{} is not accepted yet.", case.id),
            "Screen it first (s).",
        ));
    }
    let known = context.case_type.outcomes.iter().find(|rule| rule.code == outcome);
    let rule = known.ok_or_else(unknown_outcome)?;
    check_given(rule, context)?;
    check_text("the reasons", reasons, TEXT_BYTES_MAX, true)?;
    check_text("the legal ground", ground, LINE_BYTES_MAX, false)?;
    if rule.kind.is_refusal() {
        needs_words("the reasons", reasons)?;
    }
    let decision = decision(rule, reasons, ground, context);
    if let Some(held) = &context.plan.decision
        && amount_since(&context.plan, held, context.actor).is_none()
        && (CaseDecision { by: decision.by, at: decision.at, ..held.clone() }) == decision
    {
        return Err(Refusal::new("decision.same", "It is decided that way already.", ""));
    }
    Ok(vec![
        Happened::Plan(PlanEvent::Decided(Box::new(decision))),
        Happened::Case(CaseEvent::Decided),
    ])
}

fn decision(
    rule: &OutcomeRule,
    reasons: &str,
    ground: &str,
    context: &CaseContext<'_>,
) -> CaseDecision {
    CaseDecision {
        outcome: rule.code.clone(),
        kind: rule.kind,
        reasons: reasons.to_owned(),
        ground: ground.to_owned(),
        by: context.actor,
        at: context.at,
    }
}

/// The outcome of a closing by the rules of the type, with the decision that it takes where there is none yet.
///
/// # Errors
/// The type has no such outcome, it cannot be given yet, something blocks it, or the case was decided otherwise.
pub(super) fn closing_decision(
    case: &Case,
    (code, reasons): (OutcomeCode, &str),
    context: &CaseContext<'_>,
) -> Result<Option<CaseDecision>, Refusal> {
    if let Some(decided) = &context.plan.decision {
        if ends_anyhow(code) {
            return Ok(None);
        }
        if decided.kind == code {
            check_blocks(case, context)?;
            return Ok(None);
        }
        return Err(Refusal::new(
            "closing.decided",
            format!("It was decided otherwise: {}.", decided.kind.label()),
            "Close it as decided, or decide it again (d).",
        ));
    }
    let of_kind = || context.case_type.outcomes.iter().filter(move |rule| rule.kind == code);
    let now = of_kind().find(|rule| is_given_now(rule, &context.plan, &context.case_type));
    let rule = now.or_else(|| of_kind().next()).ok_or_else(unknown_outcome)?;
    closing_as(case, rule, reasons, context)
}

/// As [`closing_decision`], where the outcome was picked by its code in the type.
pub(super) fn closing_as(
    case: &Case,
    rule: &OutcomeRule,
    reasons: &str,
    context: &CaseContext<'_>,
) -> Result<Option<CaseDecision>, Refusal> {
    if !is_published(&context.case_type) {
        return Ok(None);
    }
    check_given(rule, context)?;
    if !ends_anyhow(rule.kind) {
        check_blocks(case, context)?;
    }
    Ok(Some(decision(rule, reasons, &context.case_type.legal_basis, context)))
}

fn check_given(rule: &OutcomeRule, context: &CaseContext<'_>) -> Result<(), Refusal> {
    if is_given_now(rule, &context.plan, &context.case_type) {
        return Ok(());
    }
    let from = rule.from_stage.as_deref().unwrap_or_default();
    let stage = context.case_type.stages.iter().find(|stage| stage.code == from);
    let from = stage.map_or(from, |stage| stage.labels.english());
    Err(Refusal::new(
        "outcome.stage",
        format!("\"{}\" can be given from the stage \"{from}\" on.", rule.labels.english()),
        "See what is still to do (s).",
    ))
}

fn check_blocks(case: &Case, context: &CaseContext<'_>) -> Result<(), Refusal> {
    let words: Vec<String> = blocks(case, &context.plan, &context.case_type)
        .iter()
        .map(|block| match block {
            Block::Task(at) => {
                let title = case.tasks.get(*at).map_or("", |task| task.title.as_str());
                format!("the step \"{title}\"")
            }
            Block::Field(rule) => format!("the field \"{}\"", rule.labels.english()),
        })
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let what = format!("Still to be done: {}.", words.join(", "));
    Err(Refusal::new("closing.stage", what, "Tick the steps off (s) and fill the fields in (i)."))
}

pub(super) fn unknown_outcome() -> Refusal {
    Refusal::new(
        "closing.type",
        "A case of this type cannot end so.",
        "Pick an outcome of the list.",
    )
}

/// What another type makes of a case: the type itself, its clocks, and the steps that stay.
///
/// A case keeps what was done on it and what somebody added by hand; fields that the new type does not have, or has as
/// another kind, are emptied, for a field belongs to the type's version (hard rule 4).
#[must_use]
pub fn type_change(
    case: &Case,
    plan: &CasePlan,
    to: &CaseType,
    calendar: &Calendar,
    terms: &[TermSet],
) -> Vec<Happened> {
    let emptied = plan.fields.iter().filter(|held| {
        let rule = to.fields.iter().find(|rule| rule.code == held.code);
        let typed = super::fields::typed_again(&held.value);
        let day = calendar.zone().day(held.at);
        rule.is_none_or(|rule| read_field(rule, &typed, day) != Ok(Some(held.value.clone())))
    });
    let emptied = emptied.map(|held| PlanEvent::FieldSet {
        field: held.code.clone(),
        value: None,
        is_verified: false,
    });
    let begun = PlanEvent::Begun { case_type: to.id.clone() };
    let mut happened: Vec<Happened> = emptied.map(Happened::Plan).collect();
    happened.push(Happened::Plan(begun));
    happened.push(Happened::Case(CaseEvent::TypeSet {
        to: to.id.clone(),
        purpose: if is_published(to) { to.purpose.clone() } else { Purpose("casework".to_owned()) },
        clocks: clocks_under(case, to, calendar, terms),
        tasks: tasks_under(case, plan, to),
    }));
    happened
}

/// The clocks of another type, with what has already happened to the ones of the same kind. A date that another system
/// set stands.
fn clocks_under(case: &Case, to: &CaseType, calendar: &Calendar, terms: &[TermSet]) -> Vec<Clock> {
    let zone = calendar.zone();
    // A case that was taken up again counts from then, as its clocks do.
    let taken_up = case.clocks.iter().map(|clock| clock.from).max().filter(|_| case.reopened > 0);
    let start: Instant = taken_up.map_or(case.received_at, |day| zone.instant(day, 0, 0));
    let mut clocks = if is_published(to) {
        clocks_of(to, start, calendar, terms)
    } else {
        clocks_for(case.nature, zone.day(start), calendar)
    };
    for clock in &mut clocks {
        if let Some(old) = case.clocks.iter().find(|old| old.kind == clock.kind) {
            clock.take_over(old, calendar);
        }
    }
    let is_set = |clock: &&Clock| matches!(clock.source, ClockSource::Imported { .. });
    clocks.extend(case.clocks.iter().filter(is_set).cloned());
    clocks
}

fn tasks_under(case: &Case, plan: &CasePlan, to: &CaseType) -> Vec<Task> {
    let built_in = tasks_for(case.nature);
    let is_of_type = |at: usize, task: &Task| {
        plan.tasks.iter().any(|planned| usize::try_from(planned.index) == Ok(at))
            || built_in.iter().any(|known| known.title == task.title)
    };
    let kept = case
        .tasks
        .iter()
        .enumerate()
        .filter(|(at, task)| task.state == TaskState::Done || !is_of_type(*at, task));
    let mut tasks: Vec<Task> = kept.map(|(_, task)| task.clone()).collect();
    if !is_published(to) {
        let missing = |task: &Task| !tasks.iter().any(|held| held.title == task.title);
        let added: Vec<Task> = built_in.iter().filter(|task| missing(task)).cloned().collect();
        tasks.extend(added);
    }
    tasks
}
