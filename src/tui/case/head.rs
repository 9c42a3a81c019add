//! The rows above the timeline: what the case is, who has to do with it, what is owed by when, and what it waits for.

use crate::desk::{CaseFileAnswer, ClockLine};
use crate::domain::cases::{
    CaseOrigin, Escalation, EscalationState, HoldReason, Message, MessageState, Outcome,
    SigningState, TaskState,
};
use crate::domain::time::{ClockKind, ClockSource, Day};
use crate::domain::{CaseworkerId, EntityId};
use crate::keymap::{self, Action};
use crate::tui::casework::waits_for;
use crate::tui::field::{Picture, stage_word};
use crate::tui::header::{GAP, header, room_beside};
use crate::tui::others;
use crate::tui::plain::say;
use crate::tui::screen::Shared;
use crate::tui::text::{fit, safe_line, width};
use crate::tui::when::{self, day_and_time, due_in};

/// The least cells of a subject beside the case's number.
const SUBJECT_CELLS_MIN: usize = 8;
/// Rows of each kind, so that no text pushes the timeline off the screen.
const ASKS_ROWS_MAX: usize = 2;
const PEOPLE_ROWS_MAX: usize = 2;
const CLOCK_ROWS_MAX: usize = 3;
const LINE_ROWS_MAX: usize = 2;
/// Messages whose state is shown.
const MESSAGES_SHOWN: usize = 3;

/// All rows of the head, the most needed first.
pub(super) fn head(file: &CaseFileAnswer, shared: &Shared, cells: usize) -> Picture {
    let mut picture = Picture::titled(title(file, shared, cells));
    picture.things("people", &people(file, shared), cells, PEOPLE_ROWS_MAX);
    if let Some(words) = others::words(shared, &EntityId::Case(file.case.id)) {
        picture.words("open", &words, cells, 1);
    }
    let (first, clocks) = (picture.rows.len(), clocks(file, shared));
    picture.things("clocks", &clocks, cells, CLOCK_ROWS_MAX);
    picture.hear(first, "clocks", say::unfolded(&clocks.join("; ")));
    if let Some(also) = shared.also {
        picture.words(also.label(), &also.line(&days(file, shared)), cells, LINE_ROWS_MAX);
    }
    let mut rows = |label: &str, text: Option<String>, rows_max| {
        if let Some(text) = text {
            picture.words(label, &text, cells, rows_max);
        }
    };
    rows("ended", file.case.outcome.as_ref().map(|outcome| ended(outcome, file, shared)), 2);
    rows("hold", hold(file, shared), LINE_ROWS_MAX);
    if let Some(escalation) = file.case.escalations.last() {
        let (label, text) = escalated(escalation, file, shared);
        rows(label, text, LINE_ROWS_MAX);
    }
    if let Some(passed) = passed_on(file, shared) {
        picture.words("passed", &passed, cells, 1);
    }
    if let Some(decided) = decided(file, shared) {
        picture.words("decided", &decided, cells, LINE_ROWS_MAX);
    }
    if let Some(signed) = signed(file, shared) {
        picture.words("signed", &signed, cells, LINE_ROWS_MAX);
    }
    if let Some(waits) = waits(file, shared) {
        picture.words("needs", &waits, cells, LINE_ROWS_MAX);
    }
    let first = picture.rows.len();
    picture.things("todo", &todo(file), cells, LINE_ROWS_MAX);
    let steps = file.case.tasks.iter();
    let steps = steps.map(|task| (task.title.as_str(), task.state == TaskState::Done));
    picture.hear(first, "todo", say::steps(steps));
    let (first, mail) = (picture.rows.len(), mail(file, shared));
    picture.things("mail", &mail, cells, 1);
    picture.hear(first, "mail", say::unfolded(&mail.join("; ")));
    let mut rows = |label: &str, text: Option<String>, rows_max| {
        if let Some(text) = text {
            picture.words(label, &text, cells, rows_max);
        }
    };
    rows("asks", Some(file.case.asks.clone()).filter(|asks| !asks.is_empty()), ASKS_ROWS_MAX);
    rows(
        "next",
        Some(shared.keymap.in_words(&file.next))
            .filter(|next| file.case.is_open() && !next.is_empty()),
        1,
    );
    picture
}

fn title(file: &CaseFileAnswer, shared: &Shared, cells: usize) -> String {
    let row = &file.row;
    let subject = if row.subject.is_empty() { "no subject yet" } else { &row.subject };
    let owner = match &row.owner {
        Some((owner, _)) if *owner == shared.who.caseworker.id => "you",
        Some((_, name)) => name,
        None if file.case.is_open() => "free",
        None => "nobody",
    };
    let stage = stage_word(row, shared.language());
    let stage = if row.worked_stage.0.is_empty() { row.stage.label() } else { &stage };
    let place = format!("{stage}   {}, {}", safe_line(owner), safe_line(&row.unit));
    let clock = file.zone.as_deref().map(|zone| when::there(zone, shared.now, &shared.zone));
    let parts = [Some(lateness(file, shared)), clock].into_iter().flatten();
    let right: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let right = right.join(GAP);
    // The stage and whose it is are told whatever else goes on; the subject stands in the file once more.
    let (before, after) = (format!("{} {} ", row.id, row.nature.code()), format!("   {place}"));
    let subject = safe_line(subject);
    let room = room_beside(&right, shared, cells).saturating_sub(width(&before) + width(&after));
    let subject = fit(&subject, width(&subject).min(room.max(SUBJECT_CELLS_MIN)));
    header(&format!("{before}{subject}{after}"), &right, shared, cells)
}

/// The decision in force, with whoever made it, and the way to appeal.
fn decided(file: &CaseFileAnswer, shared: &Shared) -> Option<String> {
    let decision = file.plan.decision.as_ref().filter(|_| file.case.is_open())?;
    let language = shared.language();
    let line = file.plan.outcomes.iter().find(|line| line.code == decision.outcome);
    let label = line.map_or(decision.kind.label(), |line| line.labels.in_language(language));
    let because = safe_line(&decision.reasons);
    let because = if because.is_empty() { String::new() } else { format!(": {because}") };
    let day = when::day(shared.zone.day(decision.at), shared.zone.day(shared.now));
    let by = name(decision.by, file, shared);
    Some(format!("{} {day} by {by}{because}", safe_line(label)))
}

/// What one person signed and a second one has not.
fn signed(file: &CaseFileAnswer, shared: &Shared) -> Option<String> {
    let line = file.signing.as_ref()?;
    let what = safe_line(&line.what);
    let at = day_and_time(line.at, shared.now, &shared.zone);
    let by = if line.is_own { "you" } else { &line.by };
    let first = format!("{what} by {}, {at}", safe_line(by));
    let words = match &line.state {
        SigningState::Waiting if line.may_sign => format!("{first}; it waits for you (g s)"),
        SigningState::Waiting => format!("{first}; somebody else signs second (g s)"),
        SigningState::SentBack { reason, .. } => {
            format!("{first}; {} did not sign: {}", safe_line(&line.ended_by), safe_line(reason))
        }
        SigningState::InForce(_) | SigningState::Withdrawn | SigningState::Lapsed => return None,
    };
    Some(shared.keymap.in_words(&words))
}

/// What keeps the case in its stage.
fn waits(file: &CaseFileAnswer, shared: &Shared) -> Option<String> {
    let waits = waits_for(file, shared.language());
    let is_worth_it = file.case.is_open() && !waits.is_empty();
    is_worth_it.then(|| shared.keymap.in_words(&waits.join("; ")))
}

/// `LATE 2d`, `due 3d`, `held till 14 Dec`, `closed 3 Feb`.
fn lateness(file: &CaseFileAnswer, shared: &Shared) -> String {
    let (zone, now) = (&shared.zone, shared.now);
    let today = zone.day(now);
    if let Some(at) = file.case.closed_at {
        return format!("{} {}", file.row.stage.label(), when::day(zone.day(at), today));
    }
    let Some(due) = file.row.due_at else {
        return file.case.hold.as_ref().map_or_else(String::new, |hold| {
            format!("held till {}", when::day(hold.until, today))
        });
    };
    let far = due_in(due, now, zone);
    let far = far.strip_prefix('-').unwrap_or(&far);
    if due < now { format!("LATE {far}") } else { format!("due {far}") }
}

fn people(file: &CaseFileAnswer, shared: &Shared) -> Vec<String> {
    let mut parts: Vec<String> = file
        .parties
        .iter()
        .zip(1..)
        .map(|(party, digit): (_, u32)| {
            format!("{digit} {} {} ({})", party.person, safe_line(&party.name), party.role)
        })
        .collect();
    if parts.is_empty() {
        parts.push("anonymous".to_owned());
    }
    if let Some(household) = file.case.household {
        parts.push(format!("for {household}"));
    }
    let today = shared.zone.day(shared.now);
    let day = |at| when::day(shared.zone.day(at), today);
    let (channel, received) = (file.case.channel.label(), day(file.case.received_at));
    parts.push(match &file.case.origin {
        CaseOrigin::Registered => {
            format!("{channel}, received {received}, entered {}", day(file.case.registered_at))
        }
        CaseOrigin::Imported { source, reference, .. } => {
            format!("from {source} {reference}, {channel}, received {received}")
        }
    });
    parts
}

fn clocks(file: &CaseFileAnswer, shared: &Shared) -> Vec<String> {
    if file.clocks.is_empty() {
        return vec!["none".to_owned()];
    }
    file.clocks.iter().map(|clock| clock_words(clock, file, shared)).collect()
}

/// The days that are said in another calendar, too: of the receipt, and of what is owed.
fn days(file: &CaseFileAnswer, shared: &Shared) -> Vec<(String, Day)> {
    let received = ("received".to_owned(), shared.zone.day(file.case.received_at));
    let owed = file.case.clocks.iter().filter(|clock| clock.ended.is_none());
    let owed = owed.map(|clock| (clock.kind.label().to_owned(), shared.zone.day(clock.due_at)));
    std::iter::once(received).chain(owed).collect()
}

/// A clock that has ended in two words; one that counts with its due date, how far that is, and where it comes from.
fn clock_words(clock: &ClockLine, file: &CaseFileAnswer, shared: &Shared) -> String {
    let label = clock.kind.label();
    let moment = day_and_time(clock.due_at, shared.now, &shared.zone);
    let source = source(clock.kind, file);
    match clock.state.as_str() {
        "running" => {
            let far = due_in(clock.due_at, shared.now, &shared.zone);
            let is_next = file.row.due_kind == Some(clock.kind);
            let label = if is_next { label.to_uppercase() } else { label.to_owned() };
            format!("{label} {moment} {far}{source}")
        }
        "paused" => format!("{label} paused, was {moment}{source}"),
        state => format!("{label} {state}"),
    }
}

/// Where a due date comes from, in a word: `(20 wd)` for working days, `(42 d)` for days of any kind.
fn source(kind: ClockKind, file: &CaseFileAnswer) -> String {
    let clock = file.case.clocks.iter().find(|clock| clock.kind == kind);
    clock.map_or_else(String::new, |clock| match &clock.source {
        ClockSource::WorkingDays { days, .. } => format!(" ({days} wd)"),
        ClockSource::CalendarDays { days, .. } => format!(" ({days} d)"),
        ClockSource::Imported { source } => format!(" (from {source})"),
        ClockSource::Rule { term, .. } => format!(" ({term})"),
    })
}

fn ended(outcome: &Outcome, file: &CaseFileAnswer, shared: &Shared) -> String {
    let today = shared.zone.day(shared.now);
    let day = when::day(shared.zone.day(outcome.at), today);
    let code = if outcome.source_text.is_empty() {
        outcome.code.label().to_owned()
    } else {
        format!("{} (\"{}\" there)", outcome.code.label(), outcome.source_text)
    };
    let by = outcome.by.map(|by| format!(" by {}", name(by, file, shared))).unwrap_or_default();
    let reasons = if outcome.reasons.is_empty() {
        String::new()
    } else {
        format!(": {}", safe_line(&outcome.reasons))
    };
    let told = outcome
        .not_notified
        .as_ref()
        .map(|why| format!("; the citizen was not told: {why}"))
        .unwrap_or_default();
    let first = if file.is_first_contact { "; done at the first contact" } else { "" };
    format!("{code} {day}{by}{reasons}{told}{first}")
}

fn hold(file: &CaseFileAnswer, shared: &Shared) -> Option<String> {
    let hold = file.case.hold.as_ref()?;
    let today = shared.zone.day(shared.now);
    let until = when::day(hold.until, today);
    let words =
        if hold.words.is_empty() { String::new() } else { format!(": {}", safe_line(&hold.words)) };
    let since = when::day(shared.zone.day(hold.from), today);
    let by = name(hold.by, file, shared);
    let what = match hold.reason {
        HoldReason::NextOpening => "parked till the unit opens,".to_owned(),
        HoldReason::Citizen
        | HoldReason::ThirdParty
        | HoldReason::Legal
        | HoldReason::ForceMajeure => format!("{} till", hold.reason.label()),
    };
    Some(format!("{what} {until}{words}   ({by}, {since}; h ends it)"))
}

/// How often it was passed on, and since when it waits where it is (R59).
fn passed_on(file: &CaseFileAnswer, shared: &Shared) -> Option<String> {
    let (times, last) = file.passed_on.filter(|_| file.case.is_open())?;
    let waits = if file.case.owner.is_none() { "waits here" } else { "here" };
    let since = day_and_time(last, shared.now, &shared.zone);
    let plural = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    Some(format!("from unit to unit {plural}; {waits} since {since}"))
}

/// The newest escalation: to the receiver what is asked and what to press, to the sender where it stands or the answer.
fn escalated(
    escalation: &Escalation,
    file: &CaseFileAnswer,
    shared: &Shared,
) -> (&'static str, Option<String>) {
    let me = shared.who.caseworker.id;
    let moment = |at| day_and_time(at, shared.now, &shared.zone);
    if escalation.reason.is_of_rule() && escalation.is_open() {
        return by_rule(escalation, file, shared);
    }
    let (from, to) = (name(escalation.from, file, shared), name(escalation.to, file, shared));
    let asks = if escalation.from == me { "ask" } else { "asks" };
    let due = moment(escalation.due_at);
    let (ask, reason) = (safe_line(&escalation.ask), escalation.reason.label());
    match &escalation.state {
        EscalationState::Raised if escalation.to == me => {
            ("you", Some(format!("{from} asks: {ask}   ({reason}, by {due}; A seen, e answer)")))
        }
        EscalationState::Acknowledged(_) if escalation.to == me => {
            ("you", Some(format!("{from} asks: {ask}   ({reason}, by {due}; e answer)")))
        }
        EscalationState::Raised => {
            ("escal", Some(format!("{from} {asks} {to}: {ask}   (not seen yet, answer by {due})")))
        }
        EscalationState::Acknowledged(at) => {
            let seen = moment(*at);
            ("escal", Some(format!("{from} {asks} {to}: {ask}   (seen {seen}, answer by {due})")))
        }
        EscalationState::Answered { at, answer } if file.case.is_open() => {
            ("ruled", Some(format!("{to}, {}: {}", moment(*at), safe_line(answer))))
        }
        EscalationState::Answered { .. }
        | EscalationState::Withdrawn(_)
        | EscalationState::Lapsed(_) => ("", None),
    }
}

/// An open escalation that a rule raised: nobody asks, and the receiver answers as any other.
fn by_rule(
    escalation: &Escalation,
    file: &CaseFileAnswer,
    shared: &Shared,
) -> (&'static str, Option<String>) {
    let due = day_and_time(escalation.due_at, shared.now, &shared.zone);
    let (ask, reason) = (safe_line(&escalation.ask), escalation.reason.label());
    let is_seen = escalation.state != EscalationState::Raised;
    if escalation.to == shared.who.caseworker.id {
        let keys = if is_seen { "e answer" } else { "A seen, e answer" };
        return ("you", Some(format!("{reason} asks: {ask}   (by {due}; {keys})")));
    }
    let seen = if is_seen { "seen" } else { "not seen yet" };
    let to = name(escalation.to, file, shared);
    ("escal", Some(format!("{reason} asks {to}: {ask}   ({seen}, answer by {due})")))
}

fn todo(file: &CaseFileAnswer) -> Vec<String> {
    file.case
        .tasks
        .iter()
        .map(|task| {
            let mark = match task.state {
                TaskState::Done => 'x',
                TaskState::Open if task.is_required => '!',
                TaskState::Open => '.',
            };
            format!("{mark} {}", safe_line(&task.title))
        })
        .collect()
}

fn mail(file: &CaseFileAnswer, shared: &Shared) -> Vec<String> {
    let words = |message: &Message| {
        let glyph = message.channel.glyph();
        let state = match &message.state {
            MessageState::Queued => "queued".to_owned(),
            MessageState::Sent(at) => {
                format!("sent {}", day_and_time(*at, shared.now, &shared.zone))
            }
            MessageState::Failed { why, .. } => format!("FAILED: {why}"),
            MessageState::Recalled(_) => "taken back".to_owned(),
            MessageState::Waiting { until } => {
                let undo = shared.keymap.key(keymap::Context::Case, Action::Undo);
                let until = day_and_time(*until, shared.now, &shared.zone);
                format!("waits until {until} ({undo} recalls it)")
            }
            MessageState::Undelivered { why, .. } => {
                let what = "ask for the address (V, i), then reply (r)";
                format!("CAME BACK: {why}; {}", shared.keymap.in_words(what))
            }
            MessageState::Superseded { by, .. } => format!("came back; {by} was written"),
        };
        format!("{} {glyph} {state}", message.id)
    };
    let mut shown: Vec<String> = file.messages.iter().take(MESSAGES_SHOWN).map(words).collect();
    let more = file.messages.len().saturating_sub(shown.len());
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown
}

fn name(caseworker: CaseworkerId, file: &CaseFileAnswer, shared: &Shared) -> String {
    if caseworker == shared.who.caseworker.id {
        return "you".to_owned();
    }
    let known = file.names.iter().find(|(known, _)| *known == caseworker);
    known.map_or_else(|| caseworker.to_string(), |(_, name)| safe_line(name).into_owned())
}
