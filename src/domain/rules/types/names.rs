//! Whether a case type's names lead somewhere: each code once, and nothing named that is not there.

use crate::domain::rules::{CaseType, ClockStart, ClockStop, Criterion, FieldKind, Trigger};
use crate::domain::time::ClockKind;

use super::items::END;
use super::part::{Flaws, meant};
use super::terms::is_surely_longer;

/// Notes every name that leads nowhere or is there twice, and terms that cannot be kept beside the legal one.
pub(super) fn check(read: &CaseType, flaws: &Flaws) {
    let names = Names::of(read);
    for (list, codes) in [
        ("stage", &names.stages),
        ("milestone", &names.milestones),
        ("task", &names.tasks),
        ("field", &names.fields),
        ("role", &names.roles),
        ("outcome", &names.outcomes),
    ] {
        once(list, codes.iter().copied(), flaws);
    }
    once("clock", read.clocks.iter().map(|clock| clock.kind.label()), flaws);
    once("hold", read.holds.iter().map(|hold| hold.reason.code()), flaws);
    once("rung", read.ladder.iter().map(|rung| rung.id.as_str()), flaws);
    for field in &read.fields {
        if let FieldKind::Choice(listed) = &field.kind {
            let path = format!("field.{}.choices", field.code);
            once(&path, listed.iter().map(|(code, _)| code.as_str()), flaws);
        }
    }
    processes(read, &names, flaws);
    clocks(read, &names, flaws);
}

/// The codes of each list.
struct Names<'t> {
    stages: Vec<&'t str>,
    milestones: Vec<&'t str>,
    tasks: Vec<&'t str>,
    fields: Vec<&'t str>,
    roles: Vec<&'t str>,
    outcomes: Vec<&'t str>,
}

impl<'t> Names<'t> {
    fn of(read: &'t CaseType) -> Self {
        Self {
            stages: read.stages.iter().map(|stage| stage.code.as_str()).collect(),
            milestones: read.milestones.iter().map(|milestone| milestone.code.as_str()).collect(),
            tasks: read.tasks.iter().map(|task| task.code.as_str()).collect(),
            fields: read.fields.iter().map(|field| field.code.as_str()).collect(),
            roles: read.roles.iter().map(|role| role.code.as_str()).collect(),
            outcomes: read.outcomes.iter().map(|outcome| outcome.code.as_str()).collect(),
        }
    }
}

fn once<'c>(list: &str, codes: impl Iterator<Item = &'c str>, flaws: &Flaws) {
    let mut seen: Vec<&str> = Vec::new();
    for code in codes.filter(|code| !code.is_empty()) {
        if seen.contains(&code) {
            flaws.at(
                &format!("{list}.{code}"),
                format!("`{code}` is there twice."),
                "Name each once.",
            );
        }
        seen.push(code);
    }
}

/// A name that has to be in a list.
fn known(path: &str, kind: &str, code: &str, codes: &[&str], flaws: &Flaws) {
    if !code.is_empty() && !codes.contains(&code) {
        let hint = meant(code, codes.iter().copied());
        flaws.at(path, format!("There is no {kind} `{code}`."), hint);
    }
}

fn processes(read: &CaseType, names: &Names<'_>, flaws: &Flaws) {
    for stage in &read.stages {
        if stage.code == END {
            let what = format!("`{END}` stands for the end of the process.");
            flaws.at(&format!("stage.{END}"), what, "Give the stage another code.");
        }
        for (index, exit) in stage.exits.iter().enumerate() {
            let path = format!("stage.{}.exits.{}", stage.code, index + 1);
            if let Some(to) = &exit.to {
                known(&path, "stage", to, &names.stages, flaws);
            }
            criterion(&path, &exit.criterion, names, flaws);
        }
    }
    for milestone in &read.milestones {
        criterion(&format!("milestone.{}", milestone.code), &milestone.criterion, names, flaws);
    }
    for task in &read.tasks {
        let path = format!("task.{}", task.code);
        known(&path, "stage", &task.stage, &names.stages, flaws);
        if let Some(field) = &task.satisfied_by {
            known(&path, "field", field, &names.fields, flaws);
        }
        if let Some(role) = &task.role {
            known(&path, "role", role, &names.roles, flaws);
        }
        criterion(&path, &task.criterion, names, flaws);
    }
    for field in &read.fields {
        if let Some(stage) = &field.required_in {
            known(&format!("field.{}", field.code), "stage", stage, &names.stages, flaws);
        }
    }
    for outcome in &read.outcomes {
        if let Some(stage) = &outcome.from_stage {
            known(&format!("outcome.{}", outcome.code), "stage", stage, &names.stages, flaws);
        }
    }
}

fn criterion(path: &str, criterion: &Criterion, names: &Names<'_>, flaws: &Flaws) {
    for trigger in &criterion.on {
        let (kind, code, codes) = match trigger {
            Trigger::Task(code) => ("task", code, &names.tasks),
            Trigger::Milestone(code) => ("milestone", code, &names.milestones),
            Trigger::Stage(code) => ("stage", code, &names.stages),
            Trigger::Field(code) => ("field", code, &names.fields),
            Trigger::RequiredTasks | Trigger::Claimed | Trigger::Decided | Trigger::Notified => {
                continue;
            }
        };
        known(path, kind, code, codes, flaws);
    }
}

fn clocks(read: &CaseType, names: &Names<'_>, flaws: &Flaws) {
    let legal = read.clocks.iter().find(|clock| clock.kind == ClockKind::Legal);
    for clock in &read.clocks {
        let path = format!("clock.{}", clock.kind.label());
        if let ClockStart::Stage(code) = &clock.start {
            known(&path, "stage", code, &names.stages, flaws);
        }
        if let ClockStop::Milestone(code) = &clock.stop {
            known(&path, "milestone", code, &names.milestones, flaws);
        }
        for reason in &clock.pauses {
            if !read.holds.iter().any(|hold| hold.reason == *reason) {
                let what = format!(
                    "It pauses for a hold that the type does not allow: {}.",
                    reason.code()
                );
                let hint = format!("Add a [[hold]] with reason = \"{}\".", reason.code());
                flaws.at(&path, what, hint);
            }
        }
        let Some(legal) =
            legal.filter(|legal| legal.kind != clock.kind && legal.start == clock.start)
        else {
            continue;
        };
        if is_surely_longer(clock.term, legal.term) {
            let what = format!("{} is longer than the legal limit of {}.", clock.term, legal.term);
            flaws.at(&path, what, "Promise what the law lets the office keep.");
        }
    }
    for rung in &read.ladder {
        if !read.clocks.iter().any(|clock| clock.kind == rung.clock) {
            let what = format!("The type has no {} clock.", rung.clock.label());
            flaws.at(&format!("rung.{}", rung.id), what, "Name one that it has.");
        }
    }
}
