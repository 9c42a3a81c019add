//! The small languages within a case type's text: terms, triggers, leads, and who is asked.

use crate::domain::cases::EscalationLevel;
use crate::domain::office::Role;
use crate::domain::rules::{ClockStart, ClockStop, Lead, RungTo, Trigger, term_of_words};

/// The form of a term, for whoever wrote another one.
pub(super) const TERM_FORM: &str = "Write it as \"10 working days\", \"6 business hours\", \"90 business minutes\", \"8 weeks\", \"42 days\", \"2 months\" or \"24 hours\".";

/// The triggers that take no code.
const BARE: [(&str, Trigger); 4] = [
    ("tasks", Trigger::RequiredTasks),
    ("claimed", Trigger::Claimed),
    ("decided", Trigger::Decided),
    ("notified", Trigger::Notified),
];

/// Reads `task hear`, `tasks`, `decided` and so on.
pub(super) fn trigger(words: &str) -> Option<Trigger> {
    if let Some((_, bare)) = BARE.iter().find(|(word, _)| *word == words) {
        return Some(bare.clone());
    }
    let (kind, code) = words.split_once(' ')?;
    let code = code.trim().to_owned();
    Some(match kind {
        "task" => Trigger::Task(code),
        "milestone" => Trigger::Milestone(code),
        "stage" => Trigger::Stage(code),
        "field" => Trigger::Field(code),
        _ => return None,
    })
}

/// Says a trigger as a text writes it.
pub(super) fn trigger_words(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Task(code) => format!("task {code}"),
        Trigger::RequiredTasks => "tasks".to_owned(),
        Trigger::Milestone(code) => format!("milestone {code}"),
        Trigger::Stage(code) => format!("stage {code}"),
        Trigger::Field(code) => format!("field {code}"),
        Trigger::Claimed => "claimed".to_owned(),
        Trigger::Decided => "decided".to_owned(),
        Trigger::Notified => "notified".to_owned(),
    }
}

/// Reads `received`, `accepted` or `stage CODE`.
pub(super) fn clock_start(words: &str) -> Option<ClockStart> {
    match words {
        "received" => Some(ClockStart::Received),
        "accepted" => Some(ClockStart::Accepted),
        _ => words.strip_prefix("stage ").map(|code| ClockStart::Stage(code.trim().to_owned())),
    }
}

/// Says a clock's start as a text writes it.
pub(super) fn clock_start_words(start: &ClockStart) -> String {
    match start {
        ClockStart::Received => "received".to_owned(),
        ClockStart::Accepted => "accepted".to_owned(),
        ClockStart::Stage(code) => format!("stage {code}"),
    }
}

/// Reads `screened`, `answered`, `decided`, `closed` or `milestone CODE`.
pub(super) fn clock_stop(words: &str) -> Option<ClockStop> {
    Some(match words {
        "screened" => ClockStop::Screened,
        "answered" => ClockStop::Answered,
        "decided" => ClockStop::Decided,
        "closed" => ClockStop::Closed,
        _ => ClockStop::Milestone(words.strip_prefix("milestone ")?.trim().to_owned()),
    })
}

/// Says a clock's end as a text writes it.
pub(super) fn clock_stop_words(stop: &ClockStop) -> String {
    match stop {
        ClockStop::Screened => "screened".to_owned(),
        ClockStop::Answered => "answered".to_owned(),
        ClockStop::Decided => "decided".to_owned(),
        ClockStop::Closed => "closed".to_owned(),
        ClockStop::Milestone(code) => format!("milestone {code}"),
    }
}

/// Reads `80%`, `2 working days before`, `due` or `1 day after`.
pub(super) fn lead(words: &str) -> Option<Lead> {
    if words == "due" {
        return Some(Lead::AtDue);
    }
    if let Some(share) = words.strip_suffix('%') {
        return share.parse().ok().filter(|share| (1..=99).contains(share)).map(Lead::Share);
    }
    if let Some(before) = words.strip_suffix(" before") {
        return term_of_words(before).map(Lead::Before);
    }
    words.strip_suffix(" after").and_then(term_of_words).map(Lead::After)
}

/// Says a lead as a text writes it.
pub(super) fn lead_words(lead: Lead) -> String {
    match lead {
        Lead::Share(share) => format!("{share}%"),
        Lead::Before(term) => format!("{term} before"),
        Lead::AtDue => "due".to_owned(),
        Lead::After(term) => format!("{term} after"),
    }
}

/// Reads `owner`, `colleague`, `supervisor`, `head`, `unit CODE` or `role NAME`.
pub(super) fn rung_to(words: &str) -> Option<RungTo> {
    if words == "owner" {
        return Some(RungTo::Owner);
    }
    if let Some(level) = EscalationLevel::from_code(words) {
        return Some(RungTo::Level(level));
    }
    if let Some(unit) = words.strip_prefix("unit ") {
        return Some(RungTo::Unit(unit.trim().to_owned()));
    }
    words.strip_prefix("role ").and_then(|role| Role::named(role.trim())).map(RungTo::Role)
}

/// Says whom a rung asks as a text writes it.
pub(super) fn rung_to_words(to: &RungTo) -> String {
    match to {
        RungTo::Owner => "owner".to_owned(),
        RungTo::Level(level) => level.code().to_owned(),
        RungTo::Unit(unit) => format!("unit {unit}"),
        RungTo::Role(role) => format!("role {}", role.label()),
    }
}
