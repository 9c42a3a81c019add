//! The built-in case type `general@1`: its clocks, tasks and outcomes, until an office has types of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::rules::{CaseType, Guard, Labels, OutcomeRule, Retention, Steps};
use crate::domain::time::{Calendar, Clock, ClockKind, Day};

use super::case::{Task, TaskState, TypeVersion};
use super::kinds::{Nature, OutcomeCode};

/// The code of the built-in type.
pub const GENERAL: &str = "general";

/// The version of the built-in type.
#[must_use]
pub(super) fn general_version() -> TypeVersion {
    TypeVersion { code: GENERAL.to_owned(), version: 1 }
}

/// Working days to the first answer and to the decision, by nature. The decision's term is shorter than the law's in
/// every row, so that the office's own target never lies behind the legal limit.
fn working_days(nature: Nature) -> (u16, u16) {
    match nature {
        Nature::Information => (1, 5),
        Nature::Report => (3, 15),
        Nature::Complaint => (5, 20),
        Nature::Request => (5, 25),
        Nature::Suggestion => (10, 30),
    }
}

/// Days to the legal limit: six weeks for a complaint, after the usual general administrative law acts, eight for the rest.
fn legal_days(nature: Nature) -> u16 {
    match nature {
        Nature::Complaint => 42,
        Nature::Request | Nature::Suggestion | Nature::Report | Nature::Information => 56,
    }
}

/// The clocks of a new case, counted from the day on which it was received.
#[must_use]
pub fn clocks_for(nature: Nature, received: Day, calendar: &Calendar) -> Vec<Clock> {
    let (answer, decide) = working_days(nature);
    vec![
        Clock::working_days(ClockKind::Screen, "general@1/screen", received, 1, calendar),
        Clock::working_days(ClockKind::Answer, "general@1/answer", received, answer, calendar),
        Clock::working_days(ClockKind::Decide, "general@1/decide", received, decide, calendar),
        Clock::calendar_days(
            ClockKind::Legal,
            "general@1/legal",
            received,
            legal_days(nature),
            calendar,
        ),
    ]
}

/// The steps of a new case.
#[must_use]
pub fn tasks_for(nature: Nature) -> Vec<Task> {
    let titles: &[(&str, bool)] = match nature {
        Nature::Complaint => &[("hear the citizen", false), ("check the facts", true)],
        Nature::Request => &[("check the papers", true)],
        Nature::Report => &[("look at the place", false)],
        Nature::Suggestion => &[("ask the unit concerned", false)],
        Nature::Information => &[],
    };
    titles
        .iter()
        .map(|(title, is_required)| Task {
            title: (*title).to_owned(),
            is_required: *is_required,
            state: TaskState::Open,
            done: None,
        })
        .collect()
}

/// The outcomes that a case of this nature can have.
#[must_use]
pub fn outcomes(nature: Nature) -> Vec<OutcomeCode> {
    let fits = |code: &OutcomeCode| match code {
        OutcomeCode::Partly | OutcomeCode::Refused => nature != Nature::Information,
        OutcomeCode::Granted
        | OutcomeCode::Answered
        | OutcomeCode::NotOurs
        | OutcomeCode::Duplicate
        | OutcomeCode::Withdrawn
        | OutcomeCode::NoResponse
        | OutcomeCode::RegisteredInError => true,
    };
    OutcomeCode::ALL.iter().copied().filter(fits).collect()
}

/// The built-in type as a case type. Its clocks and steps are made by [`clocks_for`] and [`tasks_for`], which count by
/// nature; it has no stages, asks nothing and escalates nothing by itself.
#[must_use]
pub fn general_type(nature: Nature) -> Arc<CaseType> {
    static TYPES: LazyLock<BTreeMap<Nature, Arc<CaseType>>> =
        LazyLock::new(|| Nature::ALL.iter().map(|one| (*one, Arc::new(made_for(*one)))).collect());
    TYPES.get(&nature).map_or_else(|| Arc::new(made_for(nature)), Arc::clone)
}

fn made_for(nature: Nature) -> CaseType {
    let english = |words: &str| Labels(vec![("en".to_owned(), words.to_owned())]);
    let outcomes = outcomes(nature).into_iter().map(|kind| OutcomeRule {
        code: kind.code().to_owned(),
        labels: english(kind.label()),
        kind,
        from_stage: None,
        appeal: Labels::default(),
    });
    CaseType {
        id: general_version(),
        labels: english("general"),
        guard: Guard::default(),
        steps: Steps::default(),
        stages: Vec::new(),
        milestones: Vec::new(),
        tasks: Vec::new(),
        roles: Vec::new(),
        fields: Vec::new(),
        outcomes: outcomes.collect(),
        clocks: Vec::new(),
        holds: Vec::new(),
        ladder: Vec::new(),
        confidentiality: Confidentiality::CaseConfidential,
        purpose: Purpose("casework".to_owned()),
        legal_basis: String::new(),
        retention: Retention::default(),
    }
}
