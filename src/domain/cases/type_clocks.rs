//! The clocks of a case type: which ones a case has, and when they begin and are met. Nobody types that; it follows.

use crate::domain::rules::{CaseType, ClockRule, ClockStart, ClockStop};
use crate::domain::time::{Calendar, Clock, ClockKind, ClockSource, Instant, Term};

use super::case::Case;
use super::follow::Surroundings;
use super::plan::CasePlan;

/// A term that a table set instead of the type's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermSet {
    /// Of which clock.
    pub kind: ClockKind,
    /// How long it is.
    pub term: Term,
    /// The rule, as `terms@1/r4`.
    pub rule: String,
}

/// The clocks of a type that begin when the office receives a matter, counted from `start`.
#[must_use]
pub fn clocks_of(
    case_type: &CaseType,
    start: Instant,
    calendar: &Calendar,
    terms: &[TermSet],
) -> Vec<Clock> {
    let begun = case_type.clocks.iter().filter(|rule| rule.start == ClockStart::Received);
    begun.map(|rule| begin(case_type, rule, start, calendar, terms)).collect()
}

/// The clocks as the type's rules have them now, with what began and what was met; nothing where nothing did.
pub(super) fn followed_clocks(
    case: &Case,
    plan: &CasePlan,
    around: &Surroundings<'_>,
) -> Option<(Vec<Clock>, Vec<ClockKind>, Vec<ClockKind>)> {
    let mut clocks = case.clocks.clone();
    let (mut begun, mut met) = (Vec::new(), Vec::new());
    for rule in &around.case_type.clocks {
        if let Some(start) = began(rule, case, plan, around.at)
            && !clocks.iter().any(|clock| clock.kind == rule.kind && is_of_rule(clock))
        {
            let clock = begin(around.case_type, rule, start, around.calendar, around.terms);
            clocks.push(clock);
            begun.push(rule.kind);
        }
        for clock in clocks.iter_mut().filter(|clock| clock.kind == rule.kind && is_of_rule(clock))
        {
            if clock.ended.is_none() && is_met(rule, clock, case, plan, around) {
                clock.stop(around.at);
                met.push(rule.kind);
            }
        }
    }
    (!begun.is_empty() || !met.is_empty()).then_some((clocks, begun, met))
}

/// Whether a clock comes of a published type, so that the type's rules begin it and end it.
pub(super) fn is_of_rule(clock: &Clock) -> bool {
    clock.is_of_rule()
}

fn begin(
    case_type: &CaseType,
    rule: &ClockRule,
    start: Instant,
    calendar: &Calendar,
    terms: &[TermSet],
) -> Clock {
    let set = terms.iter().find(|set| set.kind == rule.kind);
    let own = || {
        let kind = rule.kind.label();
        (rule.term, format!("{}@{}/{kind}", case_type.id.code, case_type.id.version))
    };
    let (term, name) = set.map_or_else(own, |set| (set.term, set.rule.clone()));
    Clock::of_rule(rule.kind, &name, (term, start), &rule.pauses, calendar)
}

/// When a clock that does not begin with the matter itself began, if it has.
fn began(rule: &ClockRule, case: &Case, plan: &CasePlan, at: Instant) -> Option<Instant> {
    match &rule.start {
        ClockStart::Received => None,
        ClockStart::Accepted => case.stage.is_worked().then_some(at),
        ClockStart::Stage(code) => {
            plan.stage().filter(|stage| stage.code == *code).map(|stage| stage.entered_at)
        }
    }
}

fn is_met(
    rule: &ClockRule,
    clock: &Clock,
    case: &Case,
    plan: &CasePlan,
    around: &Surroundings<'_>,
) -> bool {
    match &rule.stop {
        ClockStop::Screened => !case.stage.is_before_acceptance(),
        // What was said before the clock began is no answer to what it counts.
        ClockStop::Answered => match &clock.source {
            ClockSource::Rule { from, .. } => {
                around.told_at.is_some_and(|told_at| told_at >= *from)
            }
            ClockSource::WorkingDays { .. }
            | ClockSource::CalendarDays { .. }
            | ClockSource::Imported { .. } => around.told_at.is_some(),
        },
        ClockStop::Decided => plan.decision.is_some(),
        // The fold ends what still runs when the case ends.
        ClockStop::Closed => false,
        ClockStop::Milestone(code) => plan.milestones.iter().any(|(reached, _)| reached == code),
    }
}
