//! The rules: from a case, an act and who does it, to what happens, or to the reason why not.

use std::sync::Arc;

use crate::domain::ids::{CaseworkerId, MessageId, QueueId, SubjectCode, UnitId};
use crate::domain::limits::{
    HOLD_DAYS_MAX, LINE_BYTES_MAX, MESSAGES_MAX, TASKS_MAX, TEXT_BYTES_MAX,
};
use crate::domain::refusal::Refusal;
use crate::domain::rules::CaseType;
use crate::domain::time::{Calendar, ClockKind, Day, Instant};
use crate::text::{TextRefusal, accept_block, accept_line};

use super::act::{CaseAct, CaseEvent, EscalateTo, GiveTo};
use super::case::{Case, Escalation, EscalationState, Hold, Outcome, Party, TaskState};
use super::escalate::{after_transfer, escalate, park, raised_by_rule};
use super::extension::extend;
use super::general::clocks_for;
use super::kinds::{Channel, HoldReason, Nature, OutcomeCode, Stage};
use super::plan::{CaseDecision, CasePlan, PlanEvent};
use super::steps::{self, NextStep};
use super::turn::{PassedOver, Turn, standing};
use super::type_clocks::{TermSet, clocks_of};
use super::typed;

/// Words from which on a line of a reply is taken for a sentence.
const SENTENCE_WORDS: usize = 6;
/// Characters of a reply that its event repeats; the message has them all.
const EXCERPT_CHARS_MAX: usize = 60;

/// What a decision needs beside the case: who acts, when, and what the office looked up for this act.
#[derive(Debug, Clone)]
pub struct CaseContext<'a> {
    /// Who acts.
    pub actor: CaseworkerId,
    /// The unit they act for.
    pub unit: UnitId,
    /// When.
    pub at: Instant,
    /// The calendar of the office.
    pub calendar: &'a Calendar,
    /// Whether the actor may screen.
    pub may_screen: bool,
    /// Whether the actor leads the case's unit, and so may act on what somebody else has claimed.
    pub leads_unit: bool,
    /// Unit and queue that the case goes to, where the act moves it.
    pub destination: Option<(UnitId, QueueId)>,
    /// Who receives the escalation.
    pub receiver: Option<CaseworkerId>,
    /// The number that a reply gets.
    pub message: Option<MessageId>,
    /// The label of the subject that the act names, if the office has it.
    pub subject: Option<(SubjectCode, String)>,
    /// How many free cases before it were not offered, by reason, where it is claimed as the next one; none where it was
    /// named.
    pub passed: Option<Vec<(PassedOver, u64)>>,
    /// Whether a message or an outbound contact has told the citizen about this case.
    pub is_notified: bool,
    /// The type of the case, at the version under which it began.
    pub case_type: Arc<CaseType>,
    /// What its type made of it until now.
    pub plan: Box<CasePlan>,
    /// Terms that a table set instead of the type's own.
    pub terms_set: Vec<TermSet>,
    /// The step that follows on the one that the act ends; none where the case goes to its destination.
    pub next: NextStep,
    /// The queue in which the case's unit screens.
    pub screening: Option<QueueId>,
    /// Those of the index terms that the act names which the office has.
    pub terms: Vec<SubjectCode>,
}

/// Something that an act brings about: to the case, or to its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// To the case.
    Case(CaseEvent),
    /// To its plan.
    Plan(PlanEvent),
}

/// Refuses a text that is too long or holds what acts on a terminal or hides from its reader: controls, turns of direction,
/// tags, and what is no character. Line breaks and tabs are allowed in blocks.
///
/// # Errors
/// In a sentence that names the field.
pub fn check_text(
    field: &str,
    text: &str,
    bytes_max: usize,
    is_block: bool,
) -> Result<(), Refusal> {
    if text.len() > bytes_max {
        return Err(Refusal::new(
            "text.long",
            format!("{field} has {} bytes, and {bytes_max} is the most.", text.len()),
            "Shorten it.",
        ));
    }
    let accepted =
        if is_block { accept_block(text, bytes_max) } else { accept_line(text, bytes_max) };
    let what = match accepted {
        Err(TextRefusal::Character { number, what, .. }) => format!("U+{number:04X}, {what}"),
        Err(TextRefusal::LineBreak { .. }) => "a line break".to_owned(),
        // What is kept is the text itself, so that the carriage returns which a field takes out must not be in it.
        Ok(kept) if kept != text => "U+000D, a control character".to_owned(),
        Ok(_) | Err(TextRefusal::TooLong { .. }) => return Ok(()),
    };
    Err(Refusal::new("text.control", format!("{field} holds {what}."), "Take it out."))
}

/// Decides an act.
///
/// # Errors
/// The rules of the case's type, or the hard rules of the domain, do not allow it now.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "acts that know the type of their case are few; every other one goes on to its own rule"
)]
pub fn decide(
    case: &Case,
    act: &CaseAct,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    let of_type = match act {
        CaseAct::SetFields { fields } => {
            Some(typed::set_fields(still_open(case)?, fields, context))
        }
        CaseAct::AddPlanned { task } => Some(typed::add_planned(still_open(case)?, task, context)),
        CaseAct::Decide { outcome, reasons, ground } => {
            Some(typed::decide_outcome(still_open(case)?, (outcome, reasons, ground), context))
        }
        CaseAct::Close { outcome: Some(code), reasons, not_notified } => {
            let because = reasons_of(reasons, context);
            let closed = of_case(case, &closing(*code, &because, not_notified.clone()), context)?;
            let decision = typed::closing_decision(case, (*code, &because), context);
            Some(decision.map(|decision| with_decision(decision, closed)))
        }
        CaseAct::CloseAs { outcome, reasons, not_notified } => {
            Some(close_as(case, (outcome, reasons, not_notified.clone()), context))
        }
        _ => None,
    };
    if let Some(happened) = of_type {
        return happened;
    }
    if case.is_open()
        && let Some(happened) = steps::decide_step(case, act, context)
    {
        return happened;
    }
    let events = of_case(case, act, context)?;
    let transfer = after_transfer(case, &events, context);
    Ok(events.into_iter().map(Happened::Case).chain(transfer).collect())
}

/// Closes with an outcome that was picked by its code in the type. Where the case was decided so, that decision stands.
fn close_as(
    case: &Case,
    (outcome, reasons, not_notified): (&str, &str, Option<String>),
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    let known = context.case_type.outcomes.iter().find(|rule| rule.code == outcome);
    let rule = known.ok_or_else(typed::unknown_outcome)?;
    let because = reasons_of(reasons, context);
    let closed = of_case(case, &closing(rule.kind, &because, not_notified), context)?;
    let is_decided = context.plan.decision.is_some();
    let decision = if is_decided {
        typed::closing_decision(case, (rule.kind, &because), context)?
    } else {
        typed::closing_as(case, rule, &because, context)?
    };
    Ok(with_decision(decision, closed))
}

/// A closing without reasons of its own has those of the decision.
fn reasons_of(reasons: &str, context: &CaseContext<'_>) -> String {
    let decided = context.plan.decision.as_ref().filter(|_| reasons.trim().is_empty());
    decided.map_or(reasons, |decided| &decided.reasons).to_owned()
}

fn closing(code: OutcomeCode, reasons: &str, not_notified: Option<String>) -> CaseAct {
    CaseAct::Close { outcome: Some(code), reasons: reasons.to_owned(), not_notified }
}

fn with_decision(decision: Option<CaseDecision>, closed: Vec<CaseEvent>) -> Vec<Happened> {
    let decided = decision.map(|decision| Happened::Plan(PlanEvent::Decided(Box::new(decision))));
    decided.into_iter().chain(closed.into_iter().map(Happened::Case)).collect()
}

fn still_open(case: &Case) -> Result<&Case, Refusal> {
    if case.is_open() {
        return Ok(case);
    }
    Err(Refusal::new(
        "case.closed",
        format!("{} is {}.", case.id, case.stage.label()),
        "Reopen it (X) with a reason, or add a note.",
    ))
}

/// What an act that knows nothing of the case's plan brings about.
fn of_case(
    case: &Case,
    act: &CaseAct,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    if let CaseAct::Reopen { reason } = act {
        return reopen(case, reason, context);
    }
    if !matches!(act, CaseAct::Note { .. }) {
        still_open(case)?;
    }
    match act {
        CaseAct::SetNature { nature, reason } => set_nature(case, *nature, reason, context),
        CaseAct::SetSubject { subject, reason } => set_subject(case, subject, reason, context),
        CaseAct::Claim => claim(case, context),
        CaseAct::Release => {
            working(case, context)?;
            Ok(vec![CaseEvent::Released])
        }
        CaseAct::Give { to, words } => give(case, *to, words, context),
        CaseAct::Note { text } => {
            needs_words("the note", text)?;
            check_text("the note", text, TEXT_BYTES_MAX, true)?;
            Ok(vec![CaseEvent::Noted { text: text.clone() }])
        }
        CaseAct::Reply { text, to, .. } => reply(case, to.channel, text, context),
        CaseAct::Hold { reason, until, words } => hold(case, *reason, *until, words, context),
        CaseAct::Resume => {
            if case.hold.is_none() {
                return Err(Refusal::new("hold.none", format!("{} is not on hold.", case.id), ""));
            }
            Ok(vec![CaseEvent::Resumed {
                clocks: resumed_clocks(case, context),
                is_by_date: false,
            }])
        }
        CaseAct::Escalate { level, reason, ask } => {
            escalate(case, EscalateTo::Level(*level), *reason, ask, context)
        }
        CaseAct::EscalateTo { to, reason, ask } => escalate(case, *to, *reason, ask, context),
        CaseAct::Park { words } => park(case, words, context),
        CaseAct::Extend { clock, reason, told } => extend(case, *clock, reason, told, context),
        CaseAct::AcknowledgeEscalation => {
            let open = received_escalation(case, context)?;
            if open.state != EscalationState::Raised {
                return Err(Refusal::new(
                    "escalation.seen",
                    "You have acknowledged it already.",
                    "Answer it (e).",
                ));
            }
            Ok(vec![CaseEvent::EscalationAcknowledged])
        }
        CaseAct::AnswerEscalation { answer } => {
            received_escalation(case, context)?;
            needs_words("the answer", answer)?;
            check_text("the answer", answer, TEXT_BYTES_MAX, true)?;
            Ok(vec![CaseEvent::EscalationAnswered { answer: answer.clone() }])
        }
        CaseAct::WithdrawEscalation => match case.open_escalation() {
            Some(open) if open.reason.is_of_rule() => Err(raised_by_rule(case)),
            Some(open) if open.from == context.actor => Ok(vec![CaseEvent::EscalationWithdrawn]),
            Some(_) => {
                Err(Refusal::new("escalation.sender", "Only who raised it takes it back.", ""))
            }
            None => Err(no_escalation(case)),
        },
        CaseAct::AddTask { title, is_required } => {
            needs_words("the step", title)?;
            check_text("the step", title, LINE_BYTES_MAX, false)?;
            at_most("steps", case.tasks.len(), TASKS_MAX)?;
            Ok(vec![CaseEvent::TaskAdded { title: title.clone(), is_required: *is_required }])
        }
        CaseAct::SetTask { index, is_done } => set_task(case, *index, *is_done, context),
        CaseAct::Close { outcome, reasons, not_notified } => {
            close(case, *outcome, reasons, not_notified.as_deref(), context)
        }
        // A merge is of two cases: the desk decides it by [`super::merge`]; steps are decided above.
        CaseAct::Reopen { .. }
        | CaseAct::CameBack { .. }
        | CaseAct::Merge { .. }
        | CaseAct::SetFields { .. }
        | CaseAct::AddPlanned { .. }
        | CaseAct::Decide { .. }
        | CaseAct::CloseAs { .. }
        | CaseAct::Screen(_)
        | CaseAct::Review { .. }
        | CaseAct::Classify(_)
        | CaseAct::Index { .. } => Ok(Vec::new()),
    }
}

/// The clocks of another nature, with what has already happened to the ones of the same kind.
pub(super) fn set_nature(
    case: &Case,
    nature: Nature,
    reason: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    needs_words("a reason", reason)?;
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    // The clocks of a published type are the same for all its natures; where another type follows, it brings its own.
    if typed::is_published(&context.case_type) {
        let clocks = case.clocks.clone();
        return Ok(vec![CaseEvent::NatureSet { from: case.nature, to: nature, clocks }]);
    }
    // A date that another system set stands whatever the nature, and a case has the kinds of clocks that it had: one
    // that was reopened, or screened elsewhere, is not screened again.
    let mut clocks = Vec::with_capacity(case.clocks.len());
    for old in &case.clocks {
        let term = clocks_for(nature, old.from, context.calendar);
        match term.into_iter().find(|clock| clock.kind == old.kind) {
            Some(mut clock) => {
                clock.take_over(old, context.calendar);
                clocks.push(clock);
            }
            None => clocks.push(old.clone()),
        }
    }
    Ok(vec![CaseEvent::NatureSet { from: case.nature, to: nature, clocks }])
}

fn set_subject(
    case: &Case,
    subject: &SubjectCode,
    reason: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    if !case.subjects.is_empty() {
        needs_words("a reason", reason)?;
    }
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    let (code, label) = context.subject.clone().ok_or_else(|| {
        Refusal::new(
            "subject.unknown",
            format!("There is no subject {subject}."),
            "Pick one from the list.",
        )
    })?;
    Ok(vec![CaseEvent::SubjectSet { subject: code, label }])
}

fn reply(
    case: &Case,
    channel: Channel,
    text: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    needs_words("the reply", text)?;
    check_text("the reply", text, TEXT_BYTES_MAX, true)?;
    at_most("messages", case.messages.len(), MESSAGES_MAX)?;
    let message = context.message.ok_or_else(nobody_to_write_to)?;
    Ok(vec![CaseEvent::Replied { message, channel, excerpt: excerpt_of(text) }])
}

/// What the event of a reply repeats of it.
#[must_use]
pub fn excerpt_of(text: &str) -> String {
    // An address and a greeting say nothing: the first line that is a sentence does.
    let said = || text.lines().filter(|line| !line.trim().is_empty());
    let is_sentence = |line: &&str| line.split_whitespace().count() >= SENTENCE_WORDS;
    let excerpt = said().find(is_sentence).or_else(|| said().next()).unwrap_or_default();
    excerpt.chars().take(EXCERPT_CHARS_MAX).collect()
}

fn hold(
    case: &Case,
    reason: HoldReason,
    until: Day,
    words: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    if reason == HoldReason::NextOpening {
        return park(case, words, context);
    }
    working(case, context)?;
    check_text("what is waited for", words, LINE_BYTES_MAX, false)?;
    let today = context.calendar.zone().day(context.at);
    if case.hold.is_some() {
        return Err(Refusal::new(
            "hold.twice",
            format!("{} is on hold already.", case.id),
            "End that hold first (h).",
        ));
    }
    if until <= today || until.number() - today.number() > HOLD_DAYS_MAX {
        return Err(Refusal::new(
            "hold.until",
            format!("A hold ends after today and within {HOLD_DAYS_MAX} days."),
            "Enter another day.",
        ));
    }
    typed::check_hold(reason, until.number() - today.number(), context)?;
    Ok(vec![CaseEvent::Held(Hold {
        reason,
        until,
        words: words.to_owned(),
        by: context.actor,
        from: context.at,
    })])
}

fn set_task(
    case: &Case,
    index: u32,
    is_done: bool,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    let task = usize::try_from(index).ok().and_then(|index| case.tasks.get(index));
    let task = task.ok_or_else(|| {
        Refusal::new("task.unknown", "There is no such step.", "Pick one of the list.")
    })?;
    if (task.state == TaskState::Done) == is_done {
        return Err(Refusal::new("task.same", "The step is that way already.", ""));
    }
    if !is_done {
        typed::check_untick(index, context)?;
    }
    Ok(vec![CaseEvent::TaskSet { index, is_done }])
}

/// The clocks of a held case as they go on counting from now.
pub(crate) fn resumed_clocks(
    case: &Case,
    context: &CaseContext<'_>,
) -> Vec<crate::domain::time::Clock> {
    let mut clocks = case.clocks.clone();
    for clock in &mut clocks {
        clock.resume(context.at, context.calendar);
    }
    clocks
}

fn claim(case: &Case, context: &CaseContext<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    match case.owner {
        Some(owner) if owner == context.actor => {
            Err(Refusal::new("claim.yours", format!("{} is yours already.", case.id), ""))
        }
        Some(_) => Err(Refusal::new(
            "claim.taken",
            format!("Somebody else has claimed {}.", case.id),
            "Ask them to give it to you (t), or claim another one (.).",
        )),
        // A case that waits for somebody outside has no place among those that are offered.
        None => Ok(vec![match standing(case) {
            Some((queue, key)) => CaseEvent::ClaimedInTurn {
                by: context.actor,
                turn: Box::new(Turn::open(queue, key.due_at, context.passed.clone())),
            },
            None => CaseEvent::Claimed { by: context.actor, place: None },
        }]),
    }
}

fn give(
    case: &Case,
    to: GiveTo,
    words: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_text("the words", words, LINE_BYTES_MAX, false)?;
    if let Some(owner) = case.owner
        && owner != context.actor
        && !context.leads_unit
    {
        return Err(Refusal::new(
            "give.taken",
            format!("Somebody else has claimed {}.", case.id),
            "Only they, or whoever leads the unit, can give it.",
        ));
    }
    let (unit, queue) = context.destination.ok_or_else(nowhere)?;
    let owner = match to {
        GiveTo::Unit(_) => None,
        GiveTo::Caseworker(caseworker) => Some(caseworker),
    };
    if owner.is_some() && owner == case.owner {
        return Err(Refusal::new("give.same", "They have it already.", "Choose somebody else."));
    }
    if owner.is_none() && case.owner.is_none() && case.queue == Some(queue) {
        return Err(Refusal::new("give.same", "It is in that queue.", "Choose another unit."));
    }
    Ok(vec![CaseEvent::Given { unit, queue, owner, words: words.to_owned() }])
}

fn close(
    case: &Case,
    outcome: Option<OutcomeCode>,
    reasons: &str,
    not_notified: Option<&str>,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    let Some(code) = outcome else {
        return Err(Refusal::new(
            "closing.outcome",
            "A case closes with an outcome.",
            "Pick one by its digit.",
        ));
    };
    if !context.case_type.outcomes.iter().any(|rule| rule.kind == code) {
        return Err(Refusal::new(
            "closing.type",
            format!("A case of this type cannot end as {}.", code.label()),
            "Pick one of the list.",
        ));
    }
    check_text("the reasons", reasons, TEXT_BYTES_MAX, true)?;
    if code.is_refusal() && reasons.trim().is_empty() {
        return Err(Refusal::new(
            "closing.reasons",
            "A case that says no closes with reasons.",
            "Type them after the outcome.",
        ));
    }
    if let Some(task) =
        case.tasks.iter().find(|task| task.is_required && task.state == TaskState::Open)
        && !matches!(code, OutcomeCode::Withdrawn | OutcomeCode::Duplicate | OutcomeCode::NotOurs)
        && !(typed::is_published(&context.case_type) && typed::ends_anyhow(code))
    {
        return Err(Refusal::new(
            "closing.task",
            format!("The step \"{}\" is still to do.", task.title),
            "Do it and tick it off (s), then close.",
        ));
    }
    let is_anonymous = case.roles.iter().all(|held| held.party == Party::Anonymous);
    let not_notified = not_notified.map(str::trim).filter(|words| !words.is_empty());
    check_text("why they cannot be told", not_notified.unwrap_or(""), LINE_BYTES_MAX, false)?;
    if !context.is_notified && !is_anonymous && not_notified.is_none() {
        return Err(Refusal::new(
            "closing.notified",
            "The citizen has not been told.",
            "Reply first (r), or say why they cannot be told.",
        ));
    }
    let not_notified = match (context.is_notified, is_anonymous, not_notified) {
        (true, _, _) => None,
        (false, _, Some(words)) => Some(words.to_owned()),
        (false, _, None) => Some("anonymous".to_owned()),
    };
    Ok(vec![CaseEvent::Closed(Outcome {
        code,
        source_text: String::new(),
        reasons: reasons.to_owned(),
        by: Some(context.actor),
        at: context.at,
        not_notified,
    })])
}

fn reopen(case: &Case, reason: &str, context: &CaseContext<'_>) -> Result<Vec<CaseEvent>, Refusal> {
    if case.is_open() {
        return Err(Refusal::new("reopen.open", format!("{} is open.", case.id), ""));
    }
    if case.stage == Stage::Annulled {
        return Err(Refusal::new(
            "reopen.annulled",
            "Its registration was undone.",
            "Register the matter again (n).",
        ));
    }
    needs_words("a reason", reason)?;
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    let (_, queue) = context.destination.ok_or_else(nowhere)?;
    let today = context.calendar.zone().day(context.at);
    let mut clocks = if typed::is_published(&context.case_type) {
        clocks_of(&context.case_type, context.at, context.calendar, &context.terms_set)
    } else {
        clocks_for(case.nature, today, context.calendar)
    };
    clocks.retain(|clock| clock.kind != ClockKind::Screen);
    Ok(vec![CaseEvent::Reopened { queue, owner: Some(context.actor), clocks }])
}

/// Work on a case is done by whoever has claimed it, or by whoever leads the unit.
pub(super) fn working(case: &Case, context: &CaseContext<'_>) -> Result<(), Refusal> {
    match case.owner {
        Some(owner) if owner == context.actor || context.leads_unit => Ok(()),
        Some(_) => Err(Refusal::new(
            "case.taken",
            format!("Somebody else works {}.", case.id),
            "Add a note (a), or ask them to give it to you.",
        )),
        None => Err(Refusal::new(
            "case.free",
            format!("Nobody has claimed {}.", case.id),
            "Claim it first (.).",
        )),
    }
}

fn received_escalation<'c>(
    case: &'c Case,
    context: &CaseContext<'_>,
) -> Result<&'c Escalation, Refusal> {
    let open = case.open_escalation().ok_or_else(|| no_escalation(case))?;
    if open.to == context.actor {
        Ok(open)
    } else {
        Err(Refusal::new(
            "escalation.receiver",
            "This escalation is for somebody else.",
            "Only they can answer it.",
        ))
    }
}

pub(super) fn needs_words(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(
            "text.empty",
            format!("There is nothing in {field}."),
            "Type it first.",
        ));
    }
    Ok(())
}

pub(super) fn at_most(things: &str, have: usize, max: usize) -> Result<(), Refusal> {
    if have >= max {
        return Err(Refusal::new(
            "limit",
            format!("A case has at most {max} {things}."),
            "Link another case instead.",
        ));
    }
    Ok(())
}

pub(super) fn nowhere() -> Refusal {
    Refusal::new(
        "destination",
        "The unit has no queue for it.",
        "Open one: casedesk office open-queue.",
    )
}

fn nobody_to_write_to() -> Refusal {
    Refusal::new(
        "reply.nobody",
        "There is nobody to write to: the case is anonymous.",
        "Note what was done (a), then close.",
    )
}

fn no_escalation(case: &Case) -> Refusal {
    Refusal::new("escalation.none", format!("{} is not escalated.", case.id), "")
}
