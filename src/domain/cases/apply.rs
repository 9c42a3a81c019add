//! The fold: how each event changes a case. It is total, and adds nothing that the event does not say.

use crate::domain::event::EventRecord;
use crate::domain::time::{Clock, ClockKind, Instant};

use super::act::CaseEvent;
use super::case::{Case, CaseOrigin, EscalationState, Outcome, Task, TaskState};
use super::general::GENERAL;
use super::kinds::{OutcomeCode, Stage};
use super::merge::{give_back, stand, take};
use super::type_clocks::is_of_rule;

/// Applies what happened to a case. The first event brings the state, the others change it.
#[must_use]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every event that does not bring the whole state changes the one there is"
)]
pub fn apply(case: Option<Case>, record: &EventRecord, event: &CaseEvent) -> Option<Case> {
    // What became of a message is on the message; a caseworker who saw the case before it was handed over has seen it all.
    if matches!(event, CaseEvent::MessageDelivered { .. }) {
        return case;
    }
    let version = case.as_ref().map_or(0, |case| case.version) + 1;
    let mut next = match event {
        CaseEvent::Registered(first)
        | CaseEvent::Imported(first)
        | CaseEvent::ImportUpdated(first) => (**first).clone(),
        CaseEvent::Reverted { to, .. } => (**to).clone(),
        _ => {
            let mut case = case?;
            change(&mut case, record, event);
            mark_touched(&mut case);
            case
        }
    };
    next.version = version;
    Some(next)
}

/// From the first act here on, a row of the source that differs is a conflict and no longer an update.
fn mark_touched(case: &mut Case) {
    if let CaseOrigin::Imported { is_touched, .. } = &mut case.origin {
        *is_touched = true;
    }
}

#[expect(clippy::too_many_lines, reason = "the fold is one table: a line or two for each event")]
#[expect(
    clippy::match_same_arms,
    reason = "events that bring the whole state, and events that leave it, are told apart"
)]
fn change(case: &mut Case, record: &EventRecord, event: &CaseEvent) {
    let at = record.at;
    match event {
        CaseEvent::Registered(_)
        | CaseEvent::Imported(_)
        | CaseEvent::ImportUpdated(_)
        | CaseEvent::Reverted { .. } => {}
        CaseEvent::Accepted { queue } => {
            case.queue = Some(*queue);
            case.stage = if case.owner.is_some() { Stage::Claimed } else { Stage::Queued };
            stop(case, ClockKind::Screen, at);
        }
        CaseEvent::InfoAsked { .. } => case.stage = Stage::NeedsInfo,
        CaseEvent::FoundDuplicate { of } => {
            if !case.links.contains(of) {
                case.links.push(*of);
            }
            end(case, at, Stage::DuplicateOf);
            case.outcome =
                Some(outcome(record, OutcomeCode::Duplicate, format!("the same as {of}")));
        }
        CaseEvent::ReferredOut { agency } => {
            end(case, at, Stage::ReferredOut);
            case.outcome =
                Some(outcome(record, OutcomeCode::NotOurs, format!("referred to {agency}")));
        }
        CaseEvent::Rejected { reason, words } => {
            end(case, at, Stage::Rejected);
            let reasons = if words.is_empty() {
                reason.label().to_owned()
            } else {
                format!("{}: {words}", reason.label())
            };
            case.outcome = Some(outcome(record, OutcomeCode::Refused, reasons));
        }
        CaseEvent::NatureSet { to, clocks, .. } => {
            case.nature = *to;
            case.clocks.clone_from(clocks);
        }
        CaseEvent::SubjectSet { subject, label } => {
            case.subjects = vec![subject.clone()];
            case.subject_label.clone_from(label);
        }
        CaseEvent::Claimed { by, .. } | CaseEvent::ClaimedInTurn { by, .. } => {
            case.owner = Some(*by);
            case.last_handler = Some(*by);
            if !case.stage.is_before_routing() && !is_decided(case) {
                case.stage = Stage::Claimed;
            }
        }
        CaseEvent::Released => {
            case.owner = None;
            if !case.stage.is_before_routing() && !is_decided(case) {
                case.stage = Stage::Queued;
            }
        }
        CaseEvent::Given { unit, queue, owner, .. } => {
            case.unit = *unit;
            case.queue = Some(*queue);
            case.owner = *owner;
            if owner.is_some() {
                case.last_handler = *owner;
            }
            if !case.stage.is_before_routing() && !is_decided(case) {
                case.stage = if owner.is_some() { Stage::Claimed } else { Stage::Queued };
            }
        }
        CaseEvent::Routed { unit, queue, .. } => {
            case.unit = *unit;
            case.queue = Some(*queue);
        }
        CaseEvent::ConfidentialitySet { to, .. } => case.confidentiality = *to,
        CaseEvent::Noted { .. } => start_work(case),
        CaseEvent::Replied { message, .. } => {
            case.messages.push(*message);
            stop(case, ClockKind::Answer, at);
            start_work(case);
        }
        CaseEvent::MessageDelivered { .. } => {}
        CaseEvent::Held(hold) => {
            for clock in &mut case.clocks {
                clock.pause(at, hold.reason);
            }
            case.hold = Some(hold.clone());
        }
        CaseEvent::Resumed { clocks, .. } => {
            case.clocks.clone_from(clocks);
            case.hold = None;
        }
        CaseEvent::Escalated(escalation) => case.escalations.push(escalation.clone()),
        CaseEvent::EscalationAcknowledged => {
            set_escalation(case, EscalationState::Acknowledged(at));
        }
        CaseEvent::EscalationAnswered { answer } => {
            set_escalation(case, EscalationState::Answered { at, answer: answer.clone() });
        }
        CaseEvent::EscalationWithdrawn => set_escalation(case, EscalationState::Withdrawn(at)),
        CaseEvent::EscalationLapsed => set_escalation(case, EscalationState::Lapsed(at)),
        CaseEvent::EscalationPassed { to } => {
            if let Some(open) = case.escalations.last_mut() {
                open.to = *to;
                // Whoever is asked now has not seen it, whoever else has.
                open.state = EscalationState::Raised;
            }
        }
        CaseEvent::TaskAdded { title, is_required } => case.tasks.push(Task {
            title: title.clone(),
            is_required: *is_required,
            state: TaskState::Open,
            done: None,
        }),
        CaseEvent::TaskSet { index, is_done } => set_task(case, record, *index, *is_done),
        CaseEvent::ReplyRecalled { clocks, .. } => {
            case.clocks.clone_from(clocks);
            not_told(case);
        }
        CaseEvent::MessageReturned { .. } => not_told(case),
        CaseEvent::ContactAdded { contact, .. } => case.contacts.push(*contact),
        CaseEvent::Closed(outcome) => {
            end(case, at, Stage::Closed);
            case.outcome = Some(outcome.clone());
        }
        CaseEvent::Reopened { queue, owner, clocks } => {
            case.queue = Some(*queue);
            case.owner = *owner;
            case.clocks.clone_from(clocks);
            case.stage = Stage::Reopened;
            case.outcome = None;
            case.closed_at = None;
            case.reopened += 1;
        }
        CaseEvent::Annulled { .. } => {
            let by = outcome(
                record,
                OutcomeCode::RegisteredInError,
                "its registration was undone".to_owned(),
            );
            *case = annulled(case.clone(), at, by);
        }
        CaseEvent::MergedInto { case: into, .. } => {
            if case.is_open() {
                // What was owed is owed by the survivor now.
                case.clocks.iter_mut().for_each(|clock| clock.waive(at));
                end(case, at, Stage::DuplicateOf);
                case.outcome =
                    Some(outcome(record, OutcomeCode::Duplicate, format!("merged into {into}")));
            }
            case.stage = Stage::DuplicateOf;
        }
        CaseEvent::MergedFrom { case: merged, brought, .. } => take(case, *merged, brought),
        CaseEvent::TakenOut { standing, .. } => stand(case, standing),
        CaseEvent::GaveBack { case: merged, brought, .. } => give_back(case, *merged, brought),
        CaseEvent::TypeSet { to, purpose, clocks, tasks } => {
            case.case_type = to.clone();
            case.purpose = purpose.clone();
            case.clocks.clone_from(clocks);
            case.tasks.clone_from(tasks);
        }
        CaseEvent::ClocksSet { clocks, .. } => case.clocks.clone_from(clocks),
        CaseEvent::Decided => {
            case.stage = Stage::Decided;
            stop(case, ClockKind::Decide, at);
        }
        CaseEvent::Notified => case.stage = Stage::Notified,
        CaseEvent::StepEntered { stage, queue } => {
            (case.stage, case.queue) = (*stage, Some(*queue));
            // Whoever did the step before has done theirs.
            case.owner = None;
            if *stage != Stage::Screening {
                stop(case, ClockKind::Screen, at);
            }
        }
        CaseEvent::PlaceSet(place) => case.place = place.clone(),
        CaseEvent::ClocksMoved { clocks } | CaseEvent::Extended { clocks, .. } => {
            case.clocks.clone_from(clocks);
        }
    }
}

/// A case that was decided stays so, whoever has it.
fn is_decided(case: &Case) -> bool {
    matches!(case.stage, Stage::Decided | Stage::Notified)
}

/// The citizen does not know of the decision after all.
fn not_told(case: &mut Case) {
    if case.stage == Stage::Notified {
        case.stage = Stage::Decided;
    }
}

/// The state of a case whose registration was undone: the number stays, with an outcome, so that numbers have no gap
/// and every received case is open or has ended.
#[must_use]
pub fn annulled(mut case: Case, at: Instant, outcome: Outcome) -> Case {
    end(&mut case, at, Stage::Annulled);
    for clock in &mut case.clocks {
        clock.ended = None;
        clock.waive(at);
    }
    case.outcome = Some(outcome);
    case
}

/// Said of a case that its screening ended: nobody has written to the citizen yet (hard rule 1 wants that recorded).
pub(super) const NOT_TOLD: &str = "ended at screening, not told yet";

/// The outcome of a case that its screening ends.
fn outcome(record: &EventRecord, code: OutcomeCode, reasons: String) -> Outcome {
    Outcome {
        code,
        source_text: String::new(),
        reasons,
        by: Some(record.actor),
        at: record.at,
        not_notified: Some(NOT_TOLD.to_owned()),
    }
}

fn start_work(case: &mut Case) {
    if case.owner.is_some() && matches!(case.stage, Stage::Claimed | Stage::Reopened) {
        case.stage = Stage::InProgress;
    }
}

/// Ends a clock of the built-in type; what ends one of a published type is for its rule to say.
fn stop(case: &mut Case, kind: ClockKind, at: Instant) {
    // The rules of a published type end its clocks; where a table set a term of the built-in type, nothing else does.
    let is_built_in = case.case_type.code == GENERAL;
    let of_kind = |clock: &&mut Clock| clock.kind == kind && (is_built_in || !is_of_rule(clock));
    case.clocks.iter_mut().filter(of_kind).for_each(|clock| clock.stop(at));
}

/// End data is derived here and nowhere else (hard rule 2).
fn end(case: &mut Case, at: Instant, stage: Stage) {
    case.stage = stage;
    case.queue = None;
    case.owner = None;
    case.hold = None;
    case.closed_at = Some(at);
    case.clocks.iter_mut().for_each(|clock| clock.stop(at));
    if let Some(open) = case.escalations.last_mut().filter(|escalation| escalation.is_open()) {
        open.state = EscalationState::Withdrawn(at);
    }
}

fn set_escalation(case: &mut Case, state: EscalationState) {
    if let Some(open) = case.escalations.last_mut() {
        open.state = state;
    }
}

fn set_task(case: &mut Case, record: &EventRecord, index: u32, is_done: bool) {
    let Some(task) = usize::try_from(index).ok().and_then(|index| case.tasks.get_mut(index)) else {
        return;
    };
    task.state = if is_done { TaskState::Done } else { TaskState::Open };
    task.done = is_done.then_some((record.actor, record.at));
}
