//! The lists of a case type: stages, tasks, fields, outcomes, clocks and the rest.

use crate::domain::cases::{HoldReason, OutcomeCode};
use crate::domain::limits::{CODE_BYTES_MAX, HOLD_DAYS_MAX, LINE_BYTES_MAX, TASKS_MAX};
use crate::domain::office::Role;
use crate::domain::people::identity::SCHEMES;
use crate::domain::rules::{
    ClockRule, ClockStart, ClockStop, Criterion, Exit, Extension, FieldKind, FieldRule, HoldRule,
    Labels, Lead, MilestoneRule, OutcomeRule, RoleRule, Rung, RungTo, StageRule, TaskRule,
    term_of_words,
};
use crate::domain::time::{ClockKind, Term};

use super::guards::conditions;
use super::part::Part;
use super::words::{TERM_FORM, clock_start, clock_stop, lead, rung_to, trigger};

/// Bytes of a name in one language.
pub(super) const LABEL_BYTES_MAX: usize = 160;
/// Bytes of a text for citizens in one language.
const PUBLIC_BYTES_MAX: usize = 600;
/// What stands for the end of the process among stages.
pub(super) const END: &str = "end";
/// Stages of a type, and milestones.
const STAGES_MAX: usize = 16;
/// Ways out of one stage.
const EXITS_MAX: usize = 8;
/// Fields of a type.
const FIELDS_MAX: usize = 24;
/// Entries of a field that is chosen from.
const CHOICES_MAX: usize = 24;
/// Outcomes of a type: each has a digit.
const OUTCOMES_MAX: usize = 9;
/// Roles, holds, clocks and rungs of a type.
const FEW_MAX: usize = 12;

/// The clocks that a type can have; a source's own date comes with an import only.
const CLOCKS: [(&str, ClockKind); 5] = [
    ("screen", ClockKind::Screen),
    ("answer", ClockKind::Answer),
    ("update", ClockKind::Update),
    ("decide", ClockKind::Decide),
    ("legal", ClockKind::Legal),
];

/// What a field can take, without what is said of it further.
const KINDS: [&str; 9] =
    ["text", "number", "money", "date", "yes-no", "choice", "identity", "telephone", "email"];

fn criterion(part: &Part<'_>, fields: &[FieldRule]) -> Criterion {
    let mut on = Vec::new();
    for said in part.words("on", CODE_BYTES_MAX) {
        let read = trigger(&said.words);
        if read.is_none() {
            let hint = "Write \"task CODE\", \"tasks\", \"milestone CODE\", \"stage CODE\", \"field CODE\", \"claimed\", \"decided\" or \"notified\".";
            let what = format!("`{}` is nothing that happens.", said.words);
            part.flaw(said.line, "on", what, hint);
        }
        on.extend(read);
    }
    Criterion { on, when: conditions(part, fields) }
}

pub(super) fn stages(top: &Part<'_>, fields: &[FieldRule]) -> Vec<StageRule> {
    if !top.has("stage") {
        top.flaw(top.line, "stage", "There is no stage.", "Write at least one [[stage]].");
    }
    let parts = top.parts("stage", Some("code"), STAGES_MAX).into_iter();
    parts
        .map(|part| {
            let exits = part.parts("exits", None, EXITS_MAX).into_iter().map(|exit| {
                let to = exit.required("to", CODE_BYTES_MAX).map(|said| said.words);
                let criterion = criterion(&exit, fields);
                exit.done();
                Exit { to: to.filter(|to| to != END), criterion }
            });
            let read = StageRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                public: part.labels("public", PUBLIC_BYTES_MAX),
                exits: exits.collect(),
                line: part.line,
            };
            part.done();
            read
        })
        .collect()
}

pub(super) fn milestones(top: &Part<'_>, fields: &[FieldRule]) -> Vec<MilestoneRule> {
    let parts = top.parts("milestone", Some("code"), STAGES_MAX).into_iter();
    parts
        .map(|part| {
            let read = MilestoneRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                criterion: criterion(&part, fields),
            };
            part.done();
            read
        })
        .collect()
}

pub(super) fn tasks(top: &Part<'_>, fields: &[FieldRule]) -> Vec<TaskRule> {
    let parts = top.parts("task", Some("code"), TASKS_MAX).into_iter();
    parts
        .map(|part| {
            let read = TaskRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                stage: part.code("stage"),
                is_required: part.flag("required"),
                is_repeated: part.flag("repeated"),
                is_discretionary: part.flag("discretionary"),
                criterion: criterion(&part, fields),
                satisfied_by: part.text("satisfied_by", CODE_BYTES_MAX).map(|said| said.words),
                role: part.text("role", CODE_BYTES_MAX).map(|said| said.words),
            };
            part.done();
            read
        })
        .collect()
}

pub(super) fn roles(top: &Part<'_>) -> Vec<RoleRule> {
    let parts = top.parts("role", Some("code"), FEW_MAX).into_iter();
    parts
        .map(|part| {
            let roles = Role::ALL.map(|role| (role.label(), role));
            let read = RoleRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                held_by: part.required_choice("held_by", &roles).unwrap_or(Role::Caseworker),
            };
            part.done();
            read
        })
        .collect()
}

pub(super) fn fields(top: &Part<'_>) -> Vec<FieldRule> {
    let parts = top.parts("field", Some("code"), FIELDS_MAX).into_iter();
    parts
        .map(|part| {
            let read = FieldRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                kind: kind(&part),
                required_in: part.text("required_in", CODE_BYTES_MAX).map(|said| said.words),
                is_personal: part.flag("personal"),
                help: part.text("help", LINE_BYTES_MAX).map_or_else(String::new, |said| said.words),
            };
            part.done();
            read
        })
        .collect()
}

fn kind(part: &Part<'_>) -> FieldKind {
    let kinds = KINDS.map(|kind| (kind, kind));
    match part.required_choice("kind", &kinds) {
        Some("number") => {
            let min = part.number("min", i64::MIN, i64::MAX).unwrap_or(0);
            let max = part.number("max", i64::MIN, i64::MAX).unwrap_or(i64::from(i32::MAX));
            if min > max {
                part.flaw(part.line, "min", "Nothing lies within these bounds.", "");
            }
            FieldKind::Number { min, max }
        }
        Some("money") => {
            FieldKind::Money { max: part.number("max", 1, i64::MAX).unwrap_or(i64::from(i32::MAX)) }
        }
        Some("date") => FieldKind::Date,
        Some("yes-no") => FieldKind::YesNo,
        Some("choice") => FieldKind::Choice(choices(part)),
        Some("identity") => {
            let schemes: Vec<_> =
                SCHEMES.iter().map(|scheme| (scheme.code(), scheme.code())).collect();
            let scheme = part.required_choice("scheme", &schemes).unwrap_or_default();
            FieldKind::Identity(scheme.to_owned())
        }
        Some("telephone") => FieldKind::Telephone,
        Some("email") => FieldKind::Email,
        _ => FieldKind::Text,
    }
}

fn choices(part: &Part<'_>) -> Vec<(String, Labels)> {
    if !part.has("choices") {
        let hint = "Write `choices = [{ code = \"…\", name = \"…\" }]`.";
        part.flaw(part.line, "choices", "They are missing.", hint);
    }
    let parts = part.parts("choices", Some("code"), CHOICES_MAX).into_iter();
    parts
        .map(|choice| {
            let read = (choice.code("code"), choice.name(LABEL_BYTES_MAX));
            choice.done();
            read
        })
        .collect()
}

pub(super) fn outcomes(top: &Part<'_>) -> Vec<OutcomeRule> {
    if !top.has("outcome") {
        top.flaw(top.line, "outcome", "There is no outcome.", "Write at least one [[outcome]].");
    }
    let parts = top.parts("outcome", Some("code"), OUTCOMES_MAX).into_iter();
    parts
        .map(|part| {
            let kinds: Vec<_> = OutcomeCode::ALL.iter().map(|kind| (kind.code(), *kind)).collect();
            let read = OutcomeRule {
                code: part.code("code"),
                labels: part.name(LABEL_BYTES_MAX),
                kind: part.required_choice("kind", &kinds).unwrap_or(OutcomeCode::Answered),
                from_stage: part.text("from_stage", CODE_BYTES_MAX).map(|said| said.words),
                appeal: part.labels("appeal", PUBLIC_BYTES_MAX),
            };
            let is_no = matches!(read.kind, OutcomeCode::Refused | OutcomeCode::Partly);
            if is_no && !part.has("appeal") {
                let hint = "Add `appeal`: where the citizen can turn, and until when.";
                part.flaw(part.line, "appeal", "Whoever hears no hears how to appeal.", hint);
            }
            part.done();
            read
        })
        .collect()
}

/// A term that has to be there.
fn required_term(part: &Part<'_>) -> Option<Term> {
    let said = part.required("term", CODE_BYTES_MAX)?;
    let read = term_of_words(&said.words);
    if read.is_none() {
        part.flaw(said.line, "term", format!("`{}` is no term.", said.words), TERM_FORM);
    }
    read
}

/// What a small language says of a key that has to be there.
fn said<T>(
    part: &Part<'_>,
    key: &'static str,
    read: impl Fn(&str) -> Option<T>,
    form: &str,
) -> Option<T> {
    let said = part.required(key, CODE_BYTES_MAX)?;
    let found = read(&said.words);
    if found.is_none() {
        part.flaw(said.line, key, format!("`{}` is not understood.", said.words), form);
    }
    found
}

fn hold_reasons(part: &Part<'_>, key: &'static str) -> Vec<HoldReason> {
    let reasons: Vec<_> = HoldReason::ALL.iter().map(|reason| (reason.code(), *reason)).collect();
    let said = part.words(key, CODE_BYTES_MAX);
    said.iter().filter_map(|said| part.pick(key, said, &reasons)).collect()
}

pub(super) fn clocks(top: &Part<'_>) -> Vec<ClockRule> {
    let parts = top.parts("clock", Some("kind"), FEW_MAX).into_iter();
    parts
        .map(|part| {
            let extension = part.part("extension").map(|part| {
                let read = Extension {
                    term: required_term(&part).unwrap_or(Term::WorkingDays(1)),
                    times_max: part
                        .number("times", 1, 9)
                        .and_then(|times| u8::try_from(times).ok())
                        .unwrap_or(1),
                    legal_ground: text(&part, "ground"),
                };
                part.done();
                read
            });
            let from = "Write \"received\", \"accepted\" or \"stage CODE\".";
            let until =
                "Write \"screened\", \"answered\", \"decided\", \"closed\" or \"milestone CODE\".";
            let read = ClockRule {
                kind: part.required_choice("kind", &CLOCKS).unwrap_or(ClockKind::Source),
                term: required_term(&part).unwrap_or(Term::WorkingDays(1)),
                start: said(&part, "start", clock_start, from).unwrap_or(ClockStart::Received),
                stop: said(&part, "stop", clock_stop, until).unwrap_or(ClockStop::Closed),
                pauses: hold_reasons(&part, "pauses"),
                extension,
                legal_ground: text(&part, "ground"),
            };
            part.done();
            read
        })
        .collect()
}

/// A line that has to be there.
fn text(part: &Part<'_>, key: &'static str) -> String {
    part.required(key, LINE_BYTES_MAX).map_or_else(String::new, |said| said.words)
}

pub(super) fn holds(top: &Part<'_>) -> Vec<HoldRule> {
    let parts = top.parts("hold", Some("reason"), FEW_MAX).into_iter();
    parts
        .map(|part| {
            let reasons: Vec<_> =
                HoldReason::ALL.iter().map(|reason| (reason.code(), *reason)).collect();
            let days_max = i64::from(HOLD_DAYS_MAX);
            if !part.has("days") {
                part.flaw(part.line, "days", "It is missing.", format!("At most {days_max}."));
            }
            let days = part.number("days", 1, days_max).unwrap_or(1);
            let read = HoldRule {
                reason: part.required_choice("reason", &reasons).unwrap_or(HoldReason::Citizen),
                days_max: u16::try_from(days).unwrap_or(u16::MAX),
            };
            part.done();
            read
        })
        .collect()
}

pub(super) fn ladder(top: &Part<'_>) -> Vec<Rung> {
    let parts = top.parts("rung", Some("id"), FEW_MAX).into_iter();
    parts
        .map(|part| {
            let when = "Write \"80%\", \"2 working days before\", \"due\" or \"1 day after\".";
            let whom = "Write \"owner\", \"colleague\", \"supervisor\", \"head\", \"unit CODE\" or \"role NAME\".";
            let read = Rung {
                id: part.code("id"),
                clock: part.required_choice("clock", &CLOCKS).unwrap_or(ClockKind::Decide),
                lead: said(&part, "at", lead, when).unwrap_or(Lead::AtDue),
                to: said(&part, "to", rung_to, whom).unwrap_or(RungTo::Owner),
                ask: text(&part, "ask"),
            };
            part.done();
            read
        })
        .collect()
}
