//! Showing a case upwards by hand, what a second transfer raises, and parking it until the unit opens.

use crate::domain::limits::{ESCALATIONS_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::refusal::Refusal;
use crate::domain::time::{Calendar, Instant};

use super::act::{CaseEvent, EscalateTo};
use super::case::{Case, Escalation, EscalationState, Hold};
use super::decide::{CaseContext, Happened, at_most, check_text, needs_words, working};
use super::kinds::{EscalationLevel, EscalationReason, HoldReason};
use super::ladder::next_opening;
use super::plan::PlanEvent;

/// Minutes before closing time within which nobody is asked to answer on the same day.
pub const ANSWER_MINUTES: i64 = 120;
/// The transfer from which on a case escalates by itself (R59).
const TRANSFERS_MIN: u32 = 2;

/// When an escalation is to be answered: at the close of the next working day, and an urgent one at today's, where enough of
/// today is left.
#[must_use]
pub fn answer_due(calendar: &Calendar, at: Instant, reason: EscalationReason) -> Instant {
    let today = calendar.zone().day(at);
    let close = calendar.close_of(today);
    if reason.is_urgent() && calendar.is_open_on(today) && close.minutes_since(at) >= ANSWER_MINUTES
    {
        return close;
    }
    calendar.close_of(calendar.working_days_after(today, 1))
}

/// Shows a case upwards. Over an open escalation that is possible to a higher level only, and the open one lapses: what
/// was asked higher up is never lowered silently.
pub(super) fn escalate(
    case: &Case,
    to: EscalateTo,
    reason: EscalationReason,
    ask: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    needs_words("what you ask", ask)?;
    check_text("what you ask", ask, TEXT_BYTES_MAX, true)?;
    at_most("escalations", case.escalations.len(), ESCALATIONS_MAX)?;
    if reason.is_of_rule() {
        return Err(Refusal::new(
            "escalation.reason",
            format!("\"{}\" is a reason that rules give.", reason.label()),
            "Choose another one by its letter.",
        ));
    }
    let level = to.level();
    let open = case.open_escalation();
    if open.is_some_and(|open| open.level.height() >= level.height()) {
        let asked = open.map_or(level, |open| open.level);
        return Err(Refusal::new(
            "escalation.open",
            format!("{} is escalated already, to the {}.", case.id, asked.label()),
            "Wait for the answer, ask higher up, or take the escalation back.",
        ));
    }
    let receiver = context.receiver.ok_or_else(|| nobody_at(level))?;
    if receiver == context.actor {
        return Err(Refusal::new(
            "escalation.self",
            format!("The {} is you.", level.label()),
            "Choose a higher level: a second person has to look.",
        ));
    }
    if let Some(open) = open.filter(|open| open.to == receiver) {
        return Err(Refusal::new(
            "escalation.same",
            format!(
                "The {} has it already: they were asked as {}.",
                level.label(),
                open.level.label()
            ),
            "Wait for the answer, or ask higher up.",
        ));
    }
    let raised = CaseEvent::Escalated(Escalation {
        level,
        reason,
        ask: ask.to_owned(),
        from: context.actor,
        to: receiver,
        raised_at: context.at,
        due_at: answer_due(context.calendar, context.at, reason),
        state: EscalationState::Raised,
    });
    Ok(open.map(|_| CaseEvent::EscalationLapsed).into_iter().chain([raised]).collect())
}

/// What follows where an act passes the case on to another unit: it is counted, and from the second time on whoever leads
/// the receiving unit is asked to see that somebody takes it up (R59).
pub(super) fn after_transfer(
    case: &Case,
    events: &[CaseEvent],
    context: &CaseContext<'_>,
) -> Vec<Happened> {
    let moves =
        |event: &CaseEvent| matches!(event, CaseEvent::Given { unit, .. } if *unit != case.unit);
    if !events.iter().any(moves) {
        return Vec::new();
    }
    let mut happened = vec![Happened::Plan(PlanEvent::Transferred)];
    let open = case.open_escalation();
    let is_higher = open.is_some_and(|open| {
        open.level.height() > EscalationLevel::Supervisor.height()
            || Some(open.to) == context.receiver
    });
    let transfers = context.plan.transfers.saturating_add(1);
    let Some(to) = context.receiver.filter(|_| {
        transfers >= TRANSFERS_MIN && !is_higher && case.escalations.len() < ESCALATIONS_MAX
    }) else {
        return happened;
    };
    happened.extend(open.map(|_| Happened::Case(CaseEvent::EscalationLapsed)));
    happened.push(Happened::Case(CaseEvent::Escalated(Escalation {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::Transferred,
        ask: format!("It was passed on {transfers} times: see that somebody takes it up."),
        from: context.actor,
        to,
        raised_at: context.at,
        due_at: answer_due(context.calendar, context.at, EscalationReason::Transferred),
        state: EscalationState::Raised,
    })));
    happened
}

/// Lets a case wait until the unit opens next: it comes back by itself, and no clock stands still for it.
pub(super) fn park(
    case: &Case,
    words: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    check_text("what is waited for", words, LINE_BYTES_MAX, false)?;
    if case.hold.is_some() {
        return Err(Refusal::new(
            "hold.twice",
            format!("{} is on hold already.", case.id),
            "End that hold first (h).",
        ));
    }
    let opens = next_opening(context.calendar, context.at).ok_or_else(|| {
        Refusal::new(
            "park.never",
            "The calendar says no day on which the unit opens again.",
            "Put the case on hold until a day, or have the calendar set right.",
        )
    })?;
    Ok(vec![CaseEvent::Held(Hold {
        reason: HoldReason::NextOpening,
        until: context.calendar.zone().day(opens),
        words: words.to_owned(),
        by: context.actor,
        from: context.at,
    })])
}

/// What a rule raised is not taken back by whoever has the case: only its answer, or the end of the case, ends it.
pub(super) fn raised_by_rule(case: &Case) -> Refusal {
    Refusal::new(
        "escalation.rule",
        format!("A rule escalated {}: nobody takes that back.", case.id),
        "It ends with the answer, or when the case closes.",
    )
}

fn nobody_at(level: EscalationLevel) -> Refusal {
    Refusal::new(
        "escalation.nobody",
        format!("There is no {} to ask.", level.label()),
        "Choose another level, or have one set: casedesk office lead.",
    )
}
