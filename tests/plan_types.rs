//! Two case types to test with: one that decides in stages, and one that is done in a single stage.

use std::sync::Arc;

use casedesk::domain::cases::{HoldReason, Nature, OutcomeCode, TypeVersion};
use casedesk::domain::office::{Confidentiality, Purpose};
use casedesk::domain::rules::{
    CaseType, ClockRule, ClockStart, ClockStop, Condition, Criterion, Exit, Fact, FieldKind,
    FieldRule, FieldValue, Guard, HoldRule, Labels, MilestoneRule, OutcomeRule, Retention,
    StageRule, Steps, TaskRule, Test, Trigger, read_type, shipped_types,
};
use casedesk::domain::time::{ClockKind, Term};

pub(crate) fn english(words: &str) -> Labels {
    Labels(vec![("en".to_owned(), words.to_owned())])
}

fn on(triggers: &[Trigger]) -> Criterion {
    Criterion { on: triggers.to_vec(), when: Vec::new() }
}

fn stage(code: &str, exits: Vec<Exit>) -> StageRule {
    let labels = english(code);
    StageRule { code: code.to_owned(), labels: labels.clone(), public: labels, exits, line: 1 }
}

fn exit(to: Option<&str>, criterion: Criterion) -> Exit {
    Exit { to: to.map(str::to_owned), criterion }
}

fn task(code: &str, stage: &str, is_required: bool) -> TaskRule {
    TaskRule {
        code: code.to_owned(),
        labels: english(code),
        stage: stage.to_owned(),
        is_required,
        is_repeated: false,
        is_discretionary: false,
        criterion: Criterion::default(),
        satisfied_by: None,
        role: None,
    }
}

fn field(code: &str, kind: FieldKind, required_in: Option<&str>) -> FieldRule {
    FieldRule {
        code: code.to_owned(),
        labels: english(code),
        kind,
        required_in: required_in.map(str::to_owned),
        is_personal: false,
        help: String::new(),
    }
}

fn outcome(code: &str, kind: OutcomeCode, from_stage: Option<&str>) -> OutcomeRule {
    OutcomeRule {
        code: code.to_owned(),
        labels: english(code),
        kind,
        from_stage: from_stage.map(str::to_owned),
        appeal: english("within six weeks, to the court"),
    }
}

fn clock(kind: ClockKind, days: u16, start: ClockStart, stop: ClockStop) -> ClockRule {
    let pauses = if kind == ClockKind::Decide { vec![HoldReason::Citizen] } else { Vec::new() };
    ClockRule {
        kind,
        term: Term::WorkingDays(days),
        start,
        stop,
        pauses,
        extension: None,
        legal_ground: "the act, section 7".to_owned(),
    }
}

fn base(code: &str, nature: Nature) -> CaseType {
    CaseType {
        id: TypeVersion { code: code.to_owned(), version: 1 },
        labels: english(code),
        guard: Guard { natures: vec![nature], ..Guard::default() },
        steps: Steps::default(),
        stages: Vec::new(),
        milestones: Vec::new(),
        tasks: Vec::new(),
        roles: Vec::new(),
        fields: Vec::new(),
        outcomes: Vec::new(),
        clocks: Vec::new(),
        holds: vec![HoldRule { reason: HoldReason::Citizen, days_max: 10 }],
        ladder: Vec::new(),
        confidentiality: Confidentiality::CaseConfidential,
        purpose: Purpose("objections".to_owned()),
        legal_basis: "the act, section 7".to_owned(),
        retention: Retention::default(),
    }
}

/// An objection: taken in, heard if it is wanted, assessed, decided, told.
pub(crate) fn objection() -> CaseType {
    let is_heard = |is_so| Criterion {
        on: vec![Trigger::RequiredTasks],
        when: vec![Condition {
            fact: Fact::Field("hearing".to_owned()),
            test: Test::OneOf(vec![FieldValue::YesNo(is_so)]),
        }],
    };
    let grounds = ["formal", "facts"].map(|code| (code.to_owned(), english(code)));
    let identity = FieldRule {
        is_personal: true,
        ..field("objector", FieldKind::Identity("national-id".to_owned()), None)
    };
    CaseType {
        stages: vec![
            stage(
                "intake",
                vec![exit(Some("hearing"), is_heard(true)), exit(Some("assess"), is_heard(false))],
            ),
            stage("hearing", vec![exit(Some("assess"), on(&[Trigger::Task("hear".to_owned())]))]),
            stage("assess", vec![exit(Some("tell"), on(&[Trigger::Decided]))]),
            stage("tell", vec![exit(None, on(&[Trigger::Notified]))]),
        ],
        milestones: vec![MilestoneRule {
            code: "complete".to_owned(),
            labels: english("file complete"),
            criterion: on(&[Trigger::Stage("intake".to_owned())]),
        }],
        tasks: vec![
            TaskRule {
                satisfied_by: Some("received".to_owned()),
                ..task("check-term", "intake", true)
            },
            TaskRule { is_repeated: true, ..task("hear", "hearing", true) },
            task("weigh", "assess", true),
            TaskRule { is_discretionary: true, ..task("expert", "assess", false) },
            task("letter", "tell", false),
        ],
        fields: vec![
            field("received", FieldKind::Date, Some("intake")),
            field("hearing", FieldKind::YesNo, Some("intake")),
            field("ground", FieldKind::Choice(grounds.to_vec()), Some("assess")),
            field("amount", FieldKind::Money { max: 1_000_000 }, None),
            identity,
        ],
        outcomes: vec![
            outcome("upheld", OutcomeCode::Granted, Some("assess")),
            outcome("unfounded", OutcomeCode::Refused, Some("assess")),
            outcome("withdrawn", OutcomeCode::Withdrawn, None),
        ],
        clocks: vec![
            clock(ClockKind::Screen, 1, ClockStart::Received, ClockStop::Screened),
            clock(ClockKind::Answer, 5, ClockStart::Accepted, ClockStop::Answered),
            clock(
                ClockKind::Decide,
                10,
                ClockStart::Stage("assess".to_owned()),
                ClockStop::Decided,
            ),
            clock(ClockKind::Legal, 30, ClockStart::Received, ClockStop::Closed),
        ],
        ..base("objection", Nature::Complaint)
    }
}

/// A lamp that is out: one stage, one task.
pub(crate) fn lamp() -> CaseType {
    CaseType {
        stages: vec![stage("repair", vec![exit(None, on(&[Trigger::RequiredTasks]))])],
        tasks: vec![task("repair", "repair", true)],
        outcomes: vec![
            outcome("repaired", OutcomeCode::Granted, None),
            outcome("not-ours", OutcomeCode::NotOurs, None),
        ],
        clocks: vec![clock(ClockKind::Decide, 3, ClockStart::Received, ClockStop::Closed)],
        ..base("lamp", Nature::Report)
    }
}

/// Every type that the tests over types go through.
pub(crate) fn all() -> Vec<Arc<CaseType>> {
    let shipped = shipped_types().iter().map(|(_, text)| Arc::new(read_type(text).unwrap()));
    [Arc::new(objection()), Arc::new(lamp())].into_iter().chain(shipped).collect()
}
