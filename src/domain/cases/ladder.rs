//! The ladder of a case: when it escalates by itself, to whom, and when to look next.
//!
//! Pure: from a case, its plan, its type and a calendar. A moment is done once the plan says that it was climbed at or after
//! it, so that a due date that moves away arms its rungs anew, and one that stays never climbs a rung twice.

use crate::domain::ids::CaseworkerId;
use crate::domain::limits::ESCALATIONS_MAX;
use crate::domain::rules::{CaseType, Lead, Rung, RungTo};
use crate::domain::time::{Calendar, Clock, ClockSource, ClockState, Instant, Term};

use super::act::CaseEvent;
use super::case::{Case, Escalation, EscalationState, Hold};
use super::decide::Happened;
use super::escalate::answer_due;
use super::general::GENERAL;
use super::kinds::{EscalationLevel, EscalationReason, HoldReason};
use super::plan::{CasePlan, PlanEvent, Watch};

/// The rung that is climbed where the highest level has not answered in time: it is told, and the question stays.
pub const ANSWER_RUNG: &str = "escalation/answer";
/// The rule by which a parked case returns.
pub const OPENING_RULE: &str = "hold/next-opening";
/// The rule by which a second transfer escalates.
pub const TRANSFER_RULE: &str = "transfer/second";
/// The rule by which an escalation that nobody answered lapses.
const LAPSE_RULE: &str = "escalation/lapse";
/// How far an opening is looked for: a calendar that is closed for longer has none.
const LOOKED_AHEAD_DAYS: i32 = 3_660;

/// What can happen to a case by itself at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'t> {
    /// A rung of its type is climbed.
    Rung(&'t Rung),
    /// An escalation was to be answered.
    Answer,
    /// The unit opens, and the case was parked until then.
    Opening,
}

/// Whom a rung asks: the level that stands in the escalation, and who receives it.
pub type Asked = (EscalationLevel, CaseworkerId);

/// What the office knows for a climb.
pub struct Climb<'c> {
    /// When.
    pub at: Instant,
    /// The business calendar of the case's unit.
    pub calendar: &'c Calendar,
    /// The type of the case.
    pub case_type: &'c CaseType,
    /// Who is there to be asked; nobody where there is nobody but the owner.
    pub asks: &'c dyn Fn(&RungTo) -> Option<Asked>,
}

/// What a ladder may know of a case: its clocks, who works it, and what has escalated. No citizen is in it, so that no rule
/// escalates for one sooner than for another; a case itself cannot be handed to it:
///
/// ```
/// use casedesk::domain::cases::{Climb, Climbed, LadderView, climb};
/// let rule: fn(&LadderView<'_>, &Climb<'_>) -> Vec<Climbed> = climb;
/// ```
/// ```compile_fail,E0308
/// use casedesk::domain::cases::{Case, Climb, Climbed, climb};
/// let rule: fn(&Case, &Climb<'_>) -> Vec<Climbed> = climb;
/// ```
/// ```compile_fail,E0609
/// # use casedesk::domain::cases::LadderView;
/// fn by_party(view: &LadderView<'_>) -> usize { view.roles.len() }
/// ```
/// ```compile_fail,E0609
/// # use casedesk::domain::cases::Climb;
/// fn by_field(climb: &Climb<'_>) -> usize { climb.plan.fields.len() }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct LadderView<'c> {
    /// Whether it is open.
    pub is_open: bool,
    /// Its clocks.
    pub clocks: &'c [Clock],
    /// Who has it.
    pub owner: Option<CaseworkerId>,
    /// What it waits for.
    pub hold: Option<&'c Hold>,
    /// Its escalations, oldest first.
    pub escalations: &'c [Escalation],
    /// Rungs that it has climbed: id and when.
    pub rungs: &'c [(String, Instant)],
}

impl LadderView<'_> {
    fn open_escalation(&self) -> Option<&Escalation> {
        self.escalations.last().filter(|escalation| escalation.is_open())
    }
}

/// The view of a case and its plan that ladders take.
#[must_use]
pub fn ladder_view<'c>(case: &'c Case, plan: &'c CasePlan) -> LadderView<'c> {
    LadderView {
        is_open: case.is_open(),
        clocks: &case.clocks,
        owner: case.owner,
        hold: case.hold.as_ref(),
        escalations: &case.escalations,
        rungs: &plan.rungs,
    }
}

/// A step that a rule takes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climbed {
    /// What happens.
    pub happened: Happened,
    /// The rule, as `objection@2/ladder.reminder`.
    pub rule: String,
    /// In words, where somebody is to be told.
    pub reason: Option<String>,
}

/// Whether anything could ever happen to a case by itself, told without its plan.
#[must_use]
pub fn is_watchable(case: &Case) -> bool {
    case.is_open()
        && (case.case_type.code != GENERAL || case.open_escalation().is_some() || is_parked(case))
}

/// When to look next whether the case escalates, and for what; nothing where nothing can happen to it by itself.
#[must_use]
pub fn next_watch(
    case: &LadderView<'_>,
    case_type: &CaseType,
    calendar: &Calendar,
) -> Option<Watch> {
    let moments = moments(case, case_type, calendar);
    let (at, what) = moments.into_iter().min_by_key(|(at, _)| *at)?;
    let (clock, rung) = match what {
        What::Rung(rung) => (Some(rung.clock), rung.id.clone()),
        What::Answer => (None, ANSWER_RUNG.to_owned()),
        What::Opening => (None, OPENING_RULE.to_owned()),
    };
    Some(Watch { at, clock, rung })
}

/// What happens to a case by itself up to now. Of several rungs whose moments have come, the highest is climbed and the
/// others are noted: nobody is asked for the time of a sweep.
#[must_use]
pub fn climb(case: &LadderView<'_>, climb: &Climb<'_>) -> Vec<Climbed> {
    let mut due = moments(case, climb.case_type, climb.calendar);
    due.retain(|(at, _)| *at <= climb.at);
    due.sort_by_key(|(at, _)| *at);
    let mut climbed = Vec::new();
    if due.iter().any(|(_, what)| *what == What::Opening) {
        climbed.push(returned(case));
    }
    let rungs: Vec<&Rung> = due
        .iter()
        .filter_map(|(_, what)| if let What::Rung(rung) = what { Some(*rung) } else { None })
        .collect();
    let raised = climb_rungs(case, climb, &rungs, &mut climbed);
    if !raised && due.iter().any(|(_, what)| *what == What::Answer) {
        lapse(case, climb, &mut climbed);
    }
    climbed
}

/// The moments that are still to come, or have come and were not seen to yet.
fn moments<'t>(
    case: &LadderView<'_>,
    case_type: &'t CaseType,
    calendar: &Calendar,
) -> Vec<(Instant, What<'t>)> {
    if !case.is_open {
        return Vec::new();
    }
    let is_done = |id: &str, at: Instant| {
        case.rungs.iter().any(|(climbed, when)| climbed == id && *when >= at)
    };
    let mut moments = Vec::new();
    for clock in case.clocks.iter().filter(|clock| clock.state() == ClockState::Running) {
        for rung in case_type.ladder.iter().filter(|rung| rung.clock == clock.kind) {
            let at = rung_at(rung.lead, clock, calendar);
            if !is_done(&rung.id, at) {
                moments.push((at, What::Rung(rung)));
            }
        }
    }
    if let Some(open) = case.open_escalation()
        && !is_done(ANSWER_RUNG, open.due_at)
    {
        moments.push((open.due_at, What::Answer));
    }
    if let Some(hold) = case.hold.filter(|hold| hold.reason == HoldReason::NextOpening) {
        // The calendar may have changed since: then it is the next opening after that.
        let midnight = calendar.zone().instant(hold.until, 0, 0);
        let opens = next_opening(calendar, midnight.plus_minutes(-1));
        moments.push((opens.unwrap_or(midnight), What::Opening));
    }
    moments
}

/// Climbs what has come; whether somebody is asked by it.
fn climb_rungs(
    case: &LadderView<'_>,
    climb: &Climb<'_>,
    rungs: &[&Rung],
    climbed: &mut Vec<Climbed>,
) -> bool {
    let rule = |rung: &Rung| {
        format!("{}@{}/ladder.{}", climb.case_type.id.code, climb.case_type.id.version, rung.id)
    };
    let asked = rungs.iter().filter_map(|rung| Some((*rung, who(case, climb, &rung.to)?)));
    let highest = asked.max_by_key(|(_, (level, _))| level.height());
    for rung in rungs {
        let clock = case.clocks.iter().find(|clock| clock.kind == rung.clock);
        let is_told =
            rung.to == RungTo::Owner || (highest.is_none() && who(case, climb, &rung.to).is_none());
        let reason = clock.filter(|_| is_told).map(|clock| told(rung, clock, climb));
        climbed.push(Climbed {
            happened: Happened::Plan(PlanEvent::RungClimbed { rung: rung.id.clone() }),
            rule: rule(rung),
            reason,
        });
    }
    let Some((rung, (level, to))) = highest else { return false };
    let open = case.open_escalation();
    let stands = open.is_some_and(|open| open.level.height() >= level.height() || open.to == to);
    if stands || case.escalations.len() >= ESCALATIONS_MAX {
        return false;
    }
    let step = |event| Climbed { happened: Happened::Case(event), rule: rule(rung), reason: None };
    climbed.extend(open.map(|_| step(CaseEvent::EscalationLapsed)));
    climbed.push(step(CaseEvent::Escalated(Escalation {
        level,
        reason: EscalationReason::Clock,
        ask: rung.ask.clone(),
        from: case.owner.unwrap_or(to),
        to,
        raised_at: climb.at,
        due_at: answer_due(climb.calendar, climb.at, EscalationReason::Clock),
        state: EscalationState::Raised,
    })));
    true
}

/// Whom a rung asks; where there is nobody, or only the owner, whoever is higher up.
fn who(case: &LadderView<'_>, climb: &Climb<'_>, to: &RungTo) -> Option<Asked> {
    let level = match to {
        RungTo::Owner => return None,
        RungTo::Level(level) => *level,
        RungTo::Unit(_) => EscalationLevel::Unit,
        RungTo::Role(_) => EscalationLevel::Role,
    };
    let is_other = |(_, asked): &Asked| Some(*asked) != case.owner;
    let higher =
        || level.above().find_map(|above| (climb.asks)(&RungTo::Level(above)).filter(is_other));
    (climb.asks)(to).filter(is_other).or_else(higher)
}

/// An escalation that was not answered goes to the next level; at the top it stays, and that is told.
fn lapse(case: &LadderView<'_>, climb: &Climb<'_>, climbed: &mut Vec<Climbed>) {
    let Some(open) = case.open_escalation() else { return };
    let step = |happened, reason| Climbed { happened, rule: LAPSE_RULE.to_owned(), reason };
    let is_other = |(_, asked): &Asked| *asked != open.to && *asked != open.from;
    let next =
        open.level.above().find_map(|level| (climb.asks)(&RungTo::Level(level)).filter(is_other));
    if let Some((level, to)) = next.filter(|_| case.escalations.len() < ESCALATIONS_MAX) {
        climbed.push(step(Happened::Case(CaseEvent::EscalationLapsed), None));
        let raised = Escalation {
            level,
            to,
            raised_at: climb.at,
            due_at: answer_due(climb.calendar, climb.at, open.reason),
            state: EscalationState::Raised,
            ..open.clone()
        };
        climbed.push(step(Happened::Case(CaseEvent::Escalated(raised)), None));
    } else {
        let event = PlanEvent::RungClimbed { rung: ANSWER_RUNG.to_owned() };
        let reason = "its escalation is not answered, and nobody is higher up".to_owned();
        climbed.push(step(Happened::Plan(event), Some(reason)));
    }
}

fn returned(case: &LadderView<'_>) -> Climbed {
    Climbed {
        happened: Happened::Case(CaseEvent::Resumed {
            clocks: case.clocks.to_vec(),
            is_by_date: true,
        }),
        rule: OPENING_RULE.to_owned(),
        reason: None,
    }
}

/// What whoever has the case is told.
fn told(rung: &Rung, clock: &Clock, climb: &Climb<'_>) -> String {
    let zone = climb.calendar.zone();
    let (hour, minute) = zone.hour_minute(clock.due_at);
    let day = zone.day(clock.due_at).date().strftime("%a %-d %b");
    let when = if clock.due_at > climb.at { "due" } else { "was due" };
    let nobody = if rung.to == RungTo::Owner { "" } else { "; nobody is there to be asked" };
    let ask = if rung.ask.is_empty() { String::new() } else { format!(": {}", rung.ask) };
    format!("{} {when} {day} {hour:02}:{minute:02}{nobody}{ask}", clock.kind.label())
}

fn is_parked(case: &Case) -> bool {
    case.hold.as_ref().is_some_and(|hold| hold.reason == HoldReason::NextOpening)
}

/// When a rung of a running clock lies.
#[must_use]
pub fn rung_at(lead: Lead, clock: &Clock, calendar: &Calendar) -> Instant {
    match lead {
        Lead::Share(percent) => share_at(percent, clock, calendar),
        Lead::Before(term) => moved(clock.due_at, term, false, calendar),
        Lead::AtDue => clock.due_at,
        Lead::After(term) => moved(clock.due_at, term, true, calendar),
    }
}

/// The instant a term after another one, or before it, at the same hour where the term is of days.
fn moved(at: Instant, term: Term, is_after: bool, calendar: &Calendar) -> Instant {
    let zone = calendar.zone();
    let sign = if is_after { 1 } else { -1 };
    let day = zone.day(at);
    let same_hour = |day| {
        let (hour, minute) = zone.hour_minute(at);
        zone.instant(day, hour, minute)
    };
    match term {
        Term::ElapsedMinutes(minutes) => at.plus_minutes(sign * i64::from(minutes)),
        Term::CalendarDays(days) => {
            same_hour(day.plus_days(i32::from(days) * if is_after { 1 } else { -1 }))
        }
        Term::CalendarMonths(months) => {
            let span = jiff::Span::new().months(i32::from(months));
            let date = day.date();
            let moved =
                if is_after { date.saturating_add(span) } else { date.saturating_sub(span) };
            same_hour(crate::domain::time::Day::from_date(moved))
        }
        Term::WorkingDays(days) if is_after => same_hour(calendar.working_days_after(day, days)),
        Term::WorkingDays(days) => {
            let mut left = i32::from(days);
            let mut earlier = day;
            for _ in 0..LOOKED_AHEAD_DAYS {
                if left == 0 {
                    break;
                }
                earlier = earlier.plus_days(-1);
                left -= i32::from(calendar.is_open_on(earlier));
            }
            same_hour(earlier)
        }
        Term::BusinessMinutes(minutes) => {
            calendar.plus_open(at, sign * i64::from(minutes) * 60_000)
        }
    }
}

/// The instant at which a share of the term had been counted: what is left of it, counted back from the due date over
/// stretches in which the clock stood still.
fn share_at(percent: u8, clock: &Clock, calendar: &Calendar) -> Instant {
    let from = match &clock.source {
        ClockSource::Rule { from, .. } => *from,
        ClockSource::WorkingDays { .. }
        | ClockSource::CalendarDays { .. }
        | ClockSource::Imported { .. } => calendar.zone().instant(clock.from, 0, 0),
    };
    let ended = clock.pauses.iter().filter_map(|pause| Some((pause.from, pause.to?)));
    let paused: Vec<(Instant, Instant)> = ended.collect();
    let stood: i64 = paused.iter().map(|(from, to)| calendar.open_between(*from, *to)).sum();
    let term = (calendar.open_between(from, clock.due_at) - stood).max(0);
    let left = term * i64::from(100_u8.saturating_sub(percent)) / 100;
    let mut at = calendar.minus_open(clock.due_at, left);
    for (from, to) in paused.into_iter().rev() {
        if to > at {
            at = calendar.minus_open(from.min(at), calendar.open_between(at.max(from), to));
        }
    }
    at.max(from)
}

/// When the office opens next after an instant; never, where its calendar has no working day.
pub(super) fn next_opening(calendar: &Calendar, after: Instant) -> Option<Instant> {
    let today = calendar.zone().day(after);
    let days = (0..LOOKED_AHEAD_DAYS).map(|ahead| today.plus_days(ahead));
    let open = days.filter(|day| calendar.is_open_on(*day));
    open.map(|day| calendar.open_of(day)).find(|opens| *opens > after)
}

/// When the office opens next, where it is closed at an instant; nothing while it is open, or where it never opens.
#[must_use]
pub fn opens_at(calendar: &Calendar, at: Instant) -> Option<Instant> {
    if calendar.is_open_at(at) { None } else { next_opening(calendar, at) }
}
