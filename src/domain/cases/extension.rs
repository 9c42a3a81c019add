//! The statutory extension: which clocks of a case a law lets the office extend, until when, and why it cannot.

use serde::{Deserialize, Serialize};

use crate::domain::limits::{LINE_BYTES_MAX, MESSAGES_MAX};
use crate::domain::refusal::Refusal;
use crate::domain::rules::{CaseType, Extension};
use crate::domain::time::{Calendar, Clock, ClockKind, Extended, Instant, Term};

use super::act::{CaseEvent, ReplyAddress};
use super::case::Case;
use super::decide::{CaseContext, at_most, check_text, needs_words, working};
use super::typed::is_published;

/// How the citizen hears of an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Telling {
    /// By a message that says the new date and the reason.
    By(ReplyAddress),
    /// Not at all, and why they cannot be told.
    CannotBe(String),
}

/// A clock that can be extended now, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionOffer {
    /// Which clock.
    pub clock: ClockKind,
    /// By how much.
    pub term: Term,
    /// The law that says so.
    pub legal_ground: String,
    /// When it is due once it is extended.
    pub due_at: Instant,
    /// How often it can be extended after that.
    pub left: u8,
}

/// What an extension is counted with.
#[derive(Debug, Clone, Copy)]
pub struct Extending<'c> {
    /// The type of the case.
    pub case_type: &'c CaseType,
    /// The business calendar of the case's unit.
    pub calendar: &'c Calendar,
    /// When.
    pub at: Instant,
}

/// The clocks of a case that can be extended now.
#[must_use]
pub fn extension_offers(case: &Case, with: Extending<'_>) -> Vec<ExtensionOffer> {
    if !case.is_open() {
        return Vec::new();
    }
    let offer = |kind: ClockKind| {
        let (clock, rule) = extended(case, kind, "", with).ok()?;
        let times = clock.extensions().len();
        Some(ExtensionOffer {
            clock: kind,
            term: rule.term,
            legal_ground: rule.legal_ground.clone(),
            due_at: clock.due_at,
            left: rule.times_max.saturating_sub(u8::try_from(times).unwrap_or(u8::MAX)),
        })
    };
    with.case_type.clocks.iter().filter_map(|rule| offer(rule.kind)).collect()
}

/// Extends a clock, where the law behind it says so. The message that tells of it is written by the desk.
pub(super) fn extend(
    case: &Case,
    kind: ClockKind,
    reason: &str,
    told: &Telling,
    context: &CaseContext<'_>,
) -> Result<Vec<CaseEvent>, Refusal> {
    working(case, context)?;
    let with =
        Extending { case_type: &context.case_type, calendar: context.calendar, at: context.at };
    // What cannot be at all is said before what is missing.
    let (clock, _) = extended(case, kind, reason, with)?;
    needs_words("the reason", reason)?;
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    let not_told = match told {
        Telling::By(_) => {
            at_most("messages", case.messages.len(), MESSAGES_MAX)?;
            None
        }
        Telling::CannotBe(why) => {
            needs_words("why they cannot be told", why)?;
            check_text("why they cannot be told", why, LINE_BYTES_MAX, false)?;
            Some(why.trim().to_owned())
        }
    };
    let replaced =
        |held: &Clock| if is_extended(held, kind) { clock.clone() } else { held.clone() };
    let clocks = case.clocks.iter().map(replaced).collect();
    Ok(vec![CaseEvent::Extended { clocks, clock: kind, reason: reason.to_owned(), not_told }])
}

/// Whether it is the clock of its kind that still counts.
fn is_extended(clock: &Clock, kind: ClockKind) -> bool {
    clock.kind == kind && clock.ended.is_none() && clock.is_of_rule()
}

/// The clock as it counts once it is extended, and what lets the office do so.
fn extended<'t>(
    case: &Case,
    kind: ClockKind,
    reason: &str,
    with: Extending<'t>,
) -> Result<(Clock, &'t Extension), Refusal> {
    let label = kind.label();
    let rule = with.case_type.clocks.iter().find(|rule| rule.kind == kind);
    let extension = rule.and_then(|rule| rule.extension.as_ref());
    let extension = extension.filter(|_| is_published(with.case_type)).ok_or_else(|| {
        let (code, version) = (&with.case_type.id.code, with.case_type.id.version);
        Refusal::new(
            "extend.none",
            format!("{code}@{version} lets nobody extend the {label} clock."),
            "Hold the case (h) while somebody else is waited for, or escalate it (e).",
        )
    })?;
    let mut clock =
        case.clocks.iter().find(|clock| is_extended(clock, kind)).cloned().ok_or_else(|| {
            Refusal::new(
                "extend.ended",
                format!("{} has no {label} clock that still counts.", case.id),
                "Only what is still owed can be extended.",
            )
        })?;
    let times = clock.extensions().len();
    if times >= usize::from(extension.times_max) {
        let (ground, most) = (&extension.legal_ground, extension.times_max);
        let most = if most == 1 { "once".to_owned() } else { format!("{most} times") };
        return Err(Refusal::new(
            "extend.times",
            format!("The {label} clock is extended {most} already, and {ground} allows no more."),
            "Decide the case, or escalate it (e).",
        ));
    }
    if clock.is_late(with.at) {
        return Err(Refusal::new(
            "extend.late",
            format!("The {label} clock is late: what has passed cannot be extended."),
            "Decide the case, and tell the citizen why it is late (r).",
        ));
    }
    let by = Extended {
        term: extension.term,
        at: with.at,
        reason: format!("{}: {}", extension.legal_ground, reason.trim()),
    };
    clock.extend(by, with.calendar);
    let is_limit = |held: &&Clock| held.kind == ClockKind::Legal && held.ended.is_none();
    if kind != ClockKind::Legal
        && let Some(limit) = case.clocks.iter().find(is_limit)
        && clock.due_at > limit.due_at
    {
        let zone = with.calendar.zone();
        let (due, limit) = (zone.day(clock.due_at), zone.day(limit.due_at));
        return Err(Refusal::new(
            "extend.limit",
            format!("It would be due on {due}, after the legal limit of {limit}."),
            "Extend the legal clock first, where its law says so.",
        ));
    }
    Ok((clock, extension))
}
