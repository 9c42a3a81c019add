//! From the text of a case type to what it says.

use toml::de::{DeTable, Error};

use crate::domain::cases::{Channel, GENERAL, Nature, TypeVersion};
use crate::domain::ids::SubjectCode;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, SUBJECTS_MAX};
use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::rules::{
    CaseType, Flaw, Guard, PUBLICATION_BYTES_MAX, Retention, Review, Steps,
};

use super::items::{
    LABEL_BYTES_MAX, clocks, fields, holds, ladder, milestones, outcomes, roles, stages, tasks,
};
use super::names;
use super::part::{Flaws, Part, meant};
use super::prove;

/// The format that this program reads.
const FORMAT: i64 = 1;
/// The longest time for which a case is kept, in years; more is for good.
const RETENTION_YEARS_MAX: i64 = 200;

/// Reads a case type and proves that no case can get stuck in it.
///
/// # Errors
/// Every flaw of the text, in the order of its lines.
pub fn read_type(text: &str) -> Result<CaseType, Vec<Flaw>> {
    let flaws = Flaws::of(text);
    if text.len() > PUBLICATION_BYTES_MAX {
        let what = format!("It has {} bytes, and {PUBLICATION_BYTES_MAX} is the most.", text.len());
        flaws.add(0, "file", what, "Shorten it: comments count, too.");
        return Err(flaws.sorted());
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in &errors {
            note(&flaws, error);
        }
        return Err(flaws.sorted());
    }
    let read = whole(&flaws, table.get_ref());
    names::check(&read, &flaws);
    // What follows what is asked only of a text whose names are sound.
    if flaws.is_none() {
        prove::check(&read, &flaws);
    }
    if flaws.is_none() { Ok(read) } else { Err(flaws.sorted()) }
}

fn note(flaws: &Flaws, error: &Error) {
    let line = error.span().map_or(0, |span| flaws.line(span.start));
    let what = error.message().lines().next().unwrap_or("not TOML");
    flaws.add(line, "file", format!("This is no TOML: {what}."), "");
}

fn whole<'p>(flaws: &'p Flaws, table: &'p DeTable<'p>) -> CaseType {
    let part = Part::new(flaws, table, String::new(), 1);
    if part.number("format", FORMAT, FORMAT).is_none() && !part.has("format") {
        part.flaw(1, "format", "It is missing.", format!("Begin with `format = {FORMAT}`."));
    }
    let code = part.code("code");
    if code == GENERAL {
        let what = format!("`{GENERAL}` is the built-in type.");
        part.flaw(flaws.line_of("code"), "code", what, "Give it a code of its own.");
    }
    if !part.has("version") {
        part.flaw(1, "version", "It is missing.", "Begin with `version = 1`.");
    }
    let version = part.number("version", 1, i64::from(u32::MAX)).unwrap_or(1);
    let fields = fields(&part);
    let read = CaseType {
        id: TypeVersion { code, version: u32::try_from(version).unwrap_or(u32::MAX) },
        labels: part.name(LABEL_BYTES_MAX),
        guard: guard(&part),
        steps: steps(&part),
        stages: stages(&part, &fields),
        milestones: milestones(&part, &fields),
        tasks: tasks(&part, &fields),
        roles: roles(&part),
        outcomes: outcomes(&part),
        clocks: clocks(&part),
        holds: holds(&part),
        ladder: ladder(&part),
        confidentiality: confidentiality(&part),
        purpose: purpose(&part),
        legal_basis: part
            .required("legal_basis", LINE_BYTES_MAX)
            .map_or_else(String::new, |said| said.words),
        retention: retention(&part),
        fields,
    };
    part.done();
    read
}

fn guard(part: &Part<'_>) -> Guard {
    let Some(guard) = part.part("guard") else { return Guard::default() };
    let natures: Vec<_> = Nature::ALL
        .iter()
        .flat_map(|nature| [(nature.label(), *nature), (nature.code(), *nature)])
        .collect();
    let channels: Vec<_> = Channel::ALL.iter().map(|channel| (channel.code(), *channel)).collect();
    let said = guard.words("natures", CODE_BYTES_MAX);
    let natures = said.iter().filter_map(|said| guard.pick("natures", said, &natures)).collect();
    let said = guard.words("channels", CODE_BYTES_MAX);
    let channels = said.iter().filter_map(|said| guard.pick("channels", said, &channels)).collect();
    let subjects = guard.words("subjects", CODE_BYTES_MAX);
    if subjects.len() > SUBJECTS_MAX * 4 {
        let what = format!("There are {}, and {} is the most.", subjects.len(), SUBJECTS_MAX * 4);
        guard.flaw(guard.line, "subjects", what, "Name subjects that stand above others.");
    }
    let subjects = subjects.into_iter().map(|said| SubjectCode(said.words.into())).collect();
    guard.done();
    Guard { natures, subjects, channels }
}

fn steps(part: &Part<'_>) -> Steps {
    let Some(steps) = part.part("steps") else { return Steps::default() };
    let review = steps.choice(
        "review",
        &[
            ("none", Review::None),
            ("expert", Review::Expert { is_other_person: false }),
            ("other-expert", Review::Expert { is_other_person: true }),
        ],
    );
    let read = Steps {
        review: review.unwrap_or_default(),
        is_classified: steps.flag("classify"),
        is_indexed: steps.flag("index"),
    };
    steps.done();
    read
}

fn confidentiality(part: &Part<'_>) -> Confidentiality {
    let levels = Confidentiality::ALL.map(|level| (level.label(), level));
    part.required_choice("confidentiality", &levels).unwrap_or(Confidentiality::CaseConfidential)
}

fn purpose(part: &Part<'_>) -> Purpose {
    let Some(said) = part.required("purpose", CODE_BYTES_MAX) else {
        return Purpose(String::new());
    };
    let known = Purpose::known(&said.words);
    known.unwrap_or_else(|| {
        let hint = meant(&said.words, Purpose::KNOWN.iter().map(|(code, _)| *code));
        part.flaw(
            said.line,
            "purpose",
            format!("The office has no purpose `{}`.", said.words),
            hint,
        );
        Purpose(said.words)
    })
}

fn retention(part: &Part<'_>) -> Retention {
    let Some(retention) = part.part("retention") else {
        if !part.has("retention") {
            let hint = "Write `retention = { class = \"…\", years = 7 }`; without years it is kept for good.";
            part.flaw(part.line, "retention", "It is missing.", hint);
        }
        return Retention::default();
    };
    let class = retention.required("class", CODE_BYTES_MAX);
    let years = retention.number("years", 1, RETENTION_YEARS_MAX);
    retention.done();
    Retention {
        class: class.map_or_else(String::new, |said| said.words),
        years: years.and_then(|years| u16::try_from(years).ok()),
    }
}
