//! The steps that a matter takes before it is routed: screening, expert review, classification and indexing.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{QueueId, SubjectCode};
use crate::domain::limits::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::office::{Action, QueueKind};
use crate::domain::refusal::Refusal;
use crate::domain::rules::{HoldRule, Review, Steps};
use crate::domain::time::Instant;

use super::act::{CaseAct, CaseEvent, ScreeningOutcome};
use super::case::{Case, CasePlace, Outcome};
use super::decide::{CaseContext, Happened, check_text, needs_words, nowhere, set_nature};
use super::kinds::{HoldReason, Nature, OutcomeCode, RejectionReason, Stage};
use super::plan::{InfoWait, PlanEvent, Suggested};

/// Index terms of one case, beside its subject.
pub const TERMS_MAX: usize = 12;
/// Working days that a citizen has to answer a screener's question, where the type does not say how long a matter may
/// wait for the citizen. The project's own: two weeks, as the usual time to complete an incomplete application.
pub const INFO_DAYS: u16 = 10;

/// A step before a matter is routed. Each has a queue of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Step {
    /// Is it ours, is it new, is it complete?
    Screening,
    /// Nature and subject are settled.
    Classification,
    /// An expert looks at it.
    Review,
    /// Index terms, place and object are settled.
    Indexing,
}

impl Step {
    /// All of them, in the order in which a matter takes them.
    pub const ALL: [Self; 4] =
        [Self::Screening, Self::Classification, Self::Review, Self::Indexing];

    /// The queue in which a matter waits for it.
    #[must_use]
    pub fn queue(self) -> QueueKind {
        match self {
            Self::Screening => QueueKind::Screening,
            Self::Classification => QueueKind::Classification,
            Self::Review => QueueKind::Review,
            Self::Indexing => QueueKind::Indexing,
        }
    }

    /// The right that it takes.
    #[must_use]
    pub fn right(self) -> Action {
        match self {
            Self::Screening => Action::Screen,
            Self::Classification | Self::Indexing => Action::Classify,
            Self::Review => Action::Review,
        }
    }

    /// Where a case stands that waits for it.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::Screening => Stage::Screening,
            Self::Classification => Stage::Classification,
            Self::Review => Stage::Review,
            Self::Indexing => Stage::Indexing,
        }
    }

    /// The step that a case in this stage waits for.
    #[must_use]
    pub fn of(stage: Stage) -> Option<Self> {
        if stage.is_before_acceptance() {
            return Some(Self::Screening);
        }
        Self::ALL.into_iter().find(|step| step.stage() == stage)
    }

    /// The word on the strip of the board and in limits.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Screening => "screen",
            Self::Classification => "classify",
            Self::Review => "review",
            Self::Indexing => "index",
        }
    }

    /// What it would have whoever looks at the case do; the key is the default one.
    #[must_use]
    pub fn invitation(self) -> &'static str {
        match self {
            Self::Screening => "screen it (s)",
            Self::Classification => "settle nature and subject (s)",
            Self::Review => "review it (s)",
            Self::Indexing => "index it (s)",
        }
    }
}

/// How an expert review ends, by its digit on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReviewOutcome {
    /// 1: it goes on.
    Accept,
    /// 2: the citizen is asked first; whoever screens hears the answer.
    NeedInfo {
        /// What is asked.
        ask: String,
    },
    /// 3: it is screened again.
    BackToScreening,
    /// 4: another agency's matter.
    NotOurs {
        /// Which agency.
        agency: String,
    },
    /// 5: not accepted.
    Reject {
        /// Why.
        reason: RejectionReason,
        /// In words.
        words: String,
    },
}

/// What is settled of a matter: what it is in kind, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Another nature; none where the one it has stands.
    pub nature: Option<Nature>,
    /// The subject; none where the one it has stands.
    pub subject: Option<SubjectCode>,
    /// Why nature or subject change.
    pub reason: String,
    /// What the desk suggested, where it did.
    pub suggested: Option<Suggested>,
}

/// The step that follows on one, or on registration; none where the matter is routed.
#[must_use]
pub fn next_step(
    after: Step,
    steps: Steps,
    has_subject: bool,
    has_queue: impl Fn(Step) -> bool,
) -> Option<Step> {
    Step::ALL.into_iter().filter(|step| *step > after).find(|step| match step {
        Step::Screening => false,
        Step::Classification => {
            (!has_subject || steps.is_classified) && has_queue(Step::Classification)
        }
        Step::Review => steps.review != Review::None,
        Step::Indexing => steps.is_indexed,
    })
}

/// Decides an act that belongs to a step; nothing where it is another one.
#[expect(clippy::wildcard_enum_match_arm, reason = "most acts belong to no step")]
pub(super) fn decide_step(
    case: &Case,
    act: &CaseAct,
    context: &CaseContext<'_>,
) -> Option<Result<Vec<Happened>, Refusal>> {
    match act {
        CaseAct::Screen(outcome) => Some(screen(case, outcome, context)),
        CaseAct::Review { outcome, note } => Some(review(case, outcome, note, context)),
        CaseAct::Classify(class) => Some(classify(case, class, context)),
        CaseAct::Index { terms, object, place } => {
            Some(index(case, terms, object, place.as_ref(), context))
        }
        _ => None,
    }
}

fn screen(
    case: &Case,
    outcome: &ScreeningOutcome,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    if !case.stage.is_before_acceptance() {
        return Err(Refusal::new(
            "screening.done",
            format!("{} was screened already.", case.id),
            "Give it, hold it or close it instead.",
        ));
    }
    let mut happened = match outcome {
        ScreeningOutcome::Accept => {
            let is_classified_next = matches!(context.next, Some((Step::Classification, _)));
            if case.subjects.is_empty() && !is_classified_next {
                return Err(Refusal::new(
                    "screening.subject",
                    format!("{} has no subject yet.", case.id),
                    "Settle the subject before you accept it.",
                ));
            }
            moved_on(case, context)?
        }
        ScreeningOutcome::NeedInfo { ask } => ask_citizen(case, ask, context)?,
        ScreeningOutcome::DuplicateOf(of) if *of == case.id => {
            return Err(Refusal::new(
                "screening.self",
                "A case is not its own duplicate.",
                "Enter the other case's number.",
            ));
        }
        ScreeningOutcome::DuplicateOf(of) => {
            vec![Happened::Case(CaseEvent::FoundDuplicate { of: *of })]
        }
        ScreeningOutcome::NotOurs { agency } => not_ours(agency)?,
        ScreeningOutcome::Reject { reason, words } => reject(*reason, words)?,
        ScreeningOutcome::NoResponse => no_response(case, context)?,
    };
    if context.plan.info.is_some() {
        happened.insert(0, Happened::Plan(PlanEvent::InfoEnded));
    }
    // Who screened is kept where somebody else has to look at it after them.
    let is_next = matches!(context.next, Some((Step::Classification | Step::Review, _)));
    if context.case_type.steps.review != Review::None || is_next {
        happened.insert(0, Happened::Plan(PlanEvent::Screened));
    }
    Ok(happened)
}

fn review(
    case: &Case,
    outcome: &ReviewOutcome,
    note: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    if case.stage != Stage::Review {
        return Err(waits_not_for(case, Step::Review));
    }
    if let Review::Expert { is_other_person: true } = context.case_type.steps.review
        && let Some((screener, _)) = context.plan.screened
        && screener == context.actor
    {
        return Err(Refusal::new(
            "review.screener",
            format!("You screened {} yourself, and its type has somebody else review it.", case.id),
            "Leave it to another reviewer.",
        ));
    }
    needs_words("the review's note", note)?;
    check_text("the review's note", note, TEXT_BYTES_MAX, true)?;
    let mut happened = vec![Happened::Plan(PlanEvent::Reviewed { note: note.to_owned() })];
    happened.extend(match outcome {
        ReviewOutcome::Accept => moved_on(case, context)?,
        ReviewOutcome::NeedInfo { ask } => {
            let mut asked = vec![back_to_screening(context)?];
            asked.extend(ask_citizen(case, ask, context)?);
            asked
        }
        ReviewOutcome::BackToScreening => vec![back_to_screening(context)?],
        ReviewOutcome::NotOurs { agency } => not_ours(agency)?,
        ReviewOutcome::Reject { reason, words } => reject(*reason, words)?,
    });
    Ok(happened)
}

/// Settles nature and subject. In the step that is there for it the case goes on afterwards, by [`classified`]: only then
/// its type is known, and with it the step that follows.
fn classify(
    case: &Case,
    class: &Class,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    let Class { nature, subject, reason, suggested } = class;
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    let nature = nature.filter(|nature| *nature != case.nature);
    let subject = subject.as_ref().filter(|subject| case.subjects.first() != Some(subject));
    if nature.is_some() || (subject.is_some() && !case.subjects.is_empty()) {
        needs_words("a reason", reason)?;
    }
    let mut happened = Vec::new();
    if let Some(nature) = nature {
        let events = set_nature(case, nature, reason, context)?;
        happened.extend(events.into_iter().map(Happened::Case));
    }
    if let Some(subject) = subject {
        let (subject, label) = context.subject.clone().ok_or_else(|| unknown_subject(subject))?;
        happened.push(Happened::Case(CaseEvent::SubjectSet { subject, label }));
    }
    if let Some(suggested) = suggested {
        check_suggested(suggested)?;
        happened.push(Happened::Plan(PlanEvent::Suggested(suggested.clone())));
    }
    if case.stage == Stage::Classification {
        if subject.is_none() && case.subjects.is_empty() {
            return Err(Refusal::new(
                "classification.subject",
                format!("{} has no subject yet.", case.id),
                "Pick one: some of its letters, then Enter.",
            ));
        }
    } else if nature.is_none() && subject.is_none() {
        return Err(Refusal::new("classification.same", "It has that class already.", ""));
    }
    Ok(happened)
}

fn index(
    case: &Case,
    terms: &[SubjectCode],
    object: &str,
    place: Option<&CasePlace>,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    check_text("the object", object, LINE_BYTES_MAX, false)?;
    if terms.len() > TERMS_MAX {
        return Err(Refusal::new(
            "index.terms",
            format!("A case has at most {TERMS_MAX} index terms."),
            "Keep those by which it will be looked for.",
        ));
    }
    if let Some(unknown) = terms.iter().find(|term| !context.terms.contains(term)) {
        return Err(unknown_subject(unknown));
    }
    let mut once: Vec<SubjectCode> = Vec::with_capacity(terms.len());
    for term in terms {
        if !once.contains(term) {
            once.push(term.clone());
        }
    }
    let mut happened =
        vec![Happened::Plan(PlanEvent::Indexed { terms: once, object: object.to_owned() })];
    if let Some(place) = place.filter(|place| **place != case.place) {
        check_text("the place", &place.text, LINE_BYTES_MAX, false)?;
        check_text("the area", &place.area, LINE_BYTES_MAX, false)?;
        happened.push(Happened::Case(CaseEvent::PlaceSet(place.clone())));
    }
    if case.stage == Stage::Indexing {
        happened.extend(moved_on(case, context)?);
    }
    Ok(happened)
}

/// Where a case goes on to whose nature and subject have just been settled in the step for it.
///
/// # Errors
/// The unit has no queue for it.
pub fn classified(case: &Case, context: &CaseContext<'_>) -> Result<Vec<Happened>, Refusal> {
    if case.stage == Stage::Classification { moved_on(case, context) } else { Ok(Vec::new()) }
}

/// Into the next step, or to whoever works it.
fn moved_on(case: &Case, context: &CaseContext<'_>) -> Result<Vec<Happened>, Refusal> {
    if let Some((step, queue)) = context.next {
        let stage = step.stage();
        return Ok(vec![Happened::Case(CaseEvent::StepEntered { stage, queue })]);
    }
    let (unit, queue) = context.destination.ok_or_else(nowhere)?;
    let mut happened = vec![Happened::Case(CaseEvent::Accepted { queue })];
    if unit != case.unit {
        let words = String::new();
        let given = CaseEvent::Given { unit, queue, owner: None, words };
        happened.push(Happened::Case(given));
    }
    Ok(happened)
}

fn back_to_screening(context: &CaseContext<'_>) -> Result<Happened, Refusal> {
    let queue = context.screening.ok_or_else(nowhere)?;
    Ok(Happened::Case(CaseEvent::StepEntered { stage: Stage::Screening, queue }))
}

/// The citizen is asked, and has so many working days to answer; they are reminded once, half way.
fn ask_citizen(
    case: &Case,
    ask: &str,
    context: &CaseContext<'_>,
) -> Result<Vec<Happened>, Refusal> {
    needs_words("what the citizen is asked", ask)?;
    check_text("what the citizen is asked", ask, LINE_BYTES_MAX, false)?;
    let days = days_to_answer(&context.case_type.holds);
    let today = context.calendar.zone().day(context.at);
    let after = |days| context.calendar.close_of(context.calendar.working_days_after(today, days));
    let mut happened = vec![Happened::Case(CaseEvent::InfoAsked { ask: ask.to_owned() })];
    // Nobody reminds somebody who is not known.
    if case.initiator().is_some() {
        happened.push(Happened::Plan(PlanEvent::InfoAwaited(InfoWait {
            asked_at: context.at,
            remind_at: after(days.div_ceil(2)),
            due_at: after(days),
            reminded_at: None,
        })));
    }
    Ok(happened)
}

/// Working days that the citizen has: as long as the type lets a case wait for the citizen.
fn days_to_answer(holds: &[HoldRule]) -> u16 {
    let of_type = holds.iter().find(|hold| hold.reason == HoldReason::Citizen);
    of_type.map_or(INFO_DAYS, |hold| hold.days_max).max(1)
}

/// Somebody closes what the citizen did not answer: no rule does (hard rule 16), and nobody does before they had their
/// time and were reminded of it.
fn no_response(case: &Case, context: &CaseContext<'_>) -> Result<Vec<Happened>, Refusal> {
    if case.stage != Stage::NeedsInfo {
        return Err(Refusal::new(
            "screening.not-asked",
            format!("{} waits for no answer.", case.id),
            "Ask the citizen first (2).",
        ));
    }
    if let Some(wait) = &context.plan.info
        && !wait.is_over(context.at)
    {
        let day = context.calendar.zone().day(wait.due_at);
        return Err(Refusal::new(
            "screening.waits",
            match wait.reminded_at {
                Some(_) => format!("The citizen has until {day} to answer."),
                None => "The citizen was not reminded yet.".to_owned(),
            },
            "Leave it until then, or accept it with what there is (1).",
        ));
    }
    Ok(vec![Happened::Case(CaseEvent::Closed(Outcome {
        code: OutcomeCode::NoResponse,
        source_text: String::new(),
        reasons: "asked, reminded, and no answer came in time".to_owned(),
        by: Some(context.actor),
        at: context.at,
        not_notified: Some(super::apply::NOT_TOLD.to_owned()),
    }))])
}

fn not_ours(agency: &str) -> Result<Vec<Happened>, Refusal> {
    needs_words("the agency", agency)?;
    check_text("the agency", agency, LINE_BYTES_MAX, false)?;
    Ok(vec![Happened::Case(CaseEvent::ReferredOut { agency: agency.to_owned() })])
}

fn reject(reason: RejectionReason, words: &str) -> Result<Vec<Happened>, Refusal> {
    needs_words("a reason", words)?;
    check_text("the reason", words, LINE_BYTES_MAX, false)?;
    Ok(vec![Happened::Case(CaseEvent::Rejected { reason, words: words.to_owned() })])
}

/// What is kept of a suggestion is bounded, whoever sends it.
///
/// # Errors
/// It holds more than the desk suggests: more words, or a share over 100 %.
pub fn check_suggested(suggested: &Suggested) -> Result<(), Refusal> {
    let words = suggested.words.len() <= crate::domain::suggest::WORDS_SHOWN;
    if !words || suggested.percent > 100 {
        return Err(Refusal::new(
            "classification.suggested",
            "What was suggested is none of this desk's suggestions.",
            "Leave it out.",
        ));
    }
    suggested.words.iter().try_for_each(|word| check_text("a word", word, LINE_BYTES_MAX, false))
}

fn unknown_subject(subject: &SubjectCode) -> Refusal {
    Refusal::new(
        "subject.unknown",
        format!("There is no subject {subject}."),
        "Pick one from the list.",
    )
}

fn waits_not_for(case: &Case, step: Step) -> Refusal {
    Refusal::new(
        "step.other",
        format!("{} is not there to {} ({}).", case.id, step.label(), case.stage.label()),
        "Look at it again: somebody has moved it on.",
    )
}

/// The queue of a step, for the context of a decision.
pub type NextStep = Option<(Step, QueueId)>;

impl InfoWait {
    /// Whether the citizen has had their time and was reminded of it.
    #[must_use]
    pub fn is_over(&self, at: Instant) -> bool {
        self.reminded_at.is_some() && at >= self.due_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_takes_the_steps_of_its_type_and_no_other() {
        let all = Steps {
            review: Review::Expert { is_other_person: true },
            is_classified: true,
            is_indexed: true,
        };
        let next = |after, steps, has_subject| next_step(after, steps, has_subject, |_| true);
        assert_eq!(next(Step::Screening, Steps::default(), true), None);
        assert_eq!(next(Step::Screening, Steps::default(), false), Some(Step::Classification));
        assert_eq!(next(Step::Screening, all, true), Some(Step::Classification));
        assert_eq!(next(Step::Classification, all, true), Some(Step::Review));
        assert_eq!(next(Step::Review, all, true), Some(Step::Indexing));
        assert_eq!(next(Step::Indexing, all, true), None);
        let without_queue = next_step(Step::Screening, Steps::default(), false, |_| false);
        assert_eq!(without_queue, None);
    }
}
