//! A case type in words, entry by entry: what `show` prints, and what two versions are compared by.

use crate::domain::rules::{CaseType, ClockRule, Criterion, Exit, FieldKind, Labels, Review, Test};

use super::cover::value_words;
use super::items::END;
use super::words::{clock_start_words, clock_stop_words, lead_words, rung_to_words, trigger_words};

/// An entry of a case type: a stage, a task, a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeEntry {
    /// What it is, as `stage`; empty for the type itself.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its name in the language that was asked for.
    pub name: String,
    /// What is said of it: of what, and in which words. What is not said is left out.
    pub facts: Vec<(&'static str, String)>,
}

struct Saying<'l> {
    language: &'l str,
    entries: Vec<TypeEntry>,
}

impl Saying<'_> {
    fn entry(
        &mut self,
        kind: &'static str,
        code: &str,
        labels: Option<&Labels>,
        facts: Vec<(&'static str, String)>,
    ) {
        let name =
            labels.map_or_else(String::new, |labels| labels.in_language(self.language).to_owned());
        let facts = facts.into_iter().filter(|(_, words)| !words.is_empty()).collect();
        self.entries.push(TypeEntry { kind, code: code.to_owned(), name, facts });
    }

    fn said(&self, labels: &Labels) -> String {
        labels.in_language(self.language).to_owned()
    }
}

/// Every text in several languages of a case type; none that is not there.
pub(super) fn labels(read: &CaseType) -> Vec<&Labels> {
    let mut all = vec![&read.labels];
    for stage in &read.stages {
        all.extend([&stage.labels, &stage.public]);
    }
    all.extend(read.milestones.iter().map(|held| &held.labels));
    all.extend(read.tasks.iter().map(|held| &held.labels));
    all.extend(read.roles.iter().map(|held| &held.labels));
    for field in &read.fields {
        all.push(&field.labels);
        if let FieldKind::Choice(listed) = &field.kind {
            all.extend(listed.iter().map(|(_, labels)| labels));
        }
    }
    all.extend(read.outcomes.iter().flat_map(|outcome| [&outcome.labels, &outcome.appeal]));
    all.retain(|labels| !labels.0.is_empty());
    all
}

/// Says a case type in a language, as far as it has words in it; the rest in English.
#[must_use]
pub fn type_in_words(read: &CaseType, language: &str) -> Vec<TypeEntry> {
    let mut saying = Saying { language, entries: Vec::new() };
    whole(&mut saying, read);
    for stage in &read.stages {
        let exits = stage.exits.iter().map(exit);
        let facts = vec![
            ("citizens read", saying.said(&stage.public)),
            ("exits", exits.collect::<Vec<_>>().join("; ")),
        ];
        saying.entry("stage", &stage.code, Some(&stage.labels), facts);
    }
    for task in &read.tasks {
        let facts = vec![
            ("stage", task.stage.clone()),
            ("required", yes(task.is_required)),
            ("repeated", yes(task.is_repeated)),
            ("only once added", yes(task.is_discretionary)),
            ("when", criterion(&task.criterion)),
            ("satisfied by", task.satisfied_by.clone().unwrap_or_default()),
            ("role", task.role.clone().unwrap_or_default()),
        ];
        saying.entry("task", &task.code, Some(&task.labels), facts);
    }
    for milestone in &read.milestones {
        let facts = vec![("when", criterion(&milestone.criterion))];
        saying.entry("milestone", &milestone.code, Some(&milestone.labels), facts);
    }
    for field in &read.fields {
        let facts = vec![
            ("takes", kind(&field.kind, saying.language)),
            ("required in", field.required_in.clone().unwrap_or_default()),
            ("personal", yes(field.is_personal)),
            ("help", field.help.clone()),
        ];
        saying.entry("field", &field.code, Some(&field.labels), facts);
    }
    for role in &read.roles {
        let facts = vec![("held by", role.held_by.label().to_owned())];
        saying.entry("role", &role.code, Some(&role.labels), facts);
    }
    for outcome in &read.outcomes {
        let facts = vec![
            ("kind", outcome.kind.code().to_owned()),
            ("from stage", outcome.from_stage.clone().unwrap_or_default()),
            ("appeal", saying.said(&outcome.appeal)),
        ];
        saying.entry("outcome", &outcome.code, Some(&outcome.labels), facts);
    }
    for clock in &read.clocks {
        saying.entry("clock", clock.kind.label(), None, clock_facts(clock));
    }
    for hold in &read.holds {
        let facts = vec![("days at most", hold.days_max.to_string())];
        saying.entry("hold", hold.reason.code(), None, facts);
    }
    for rung in &read.ladder {
        let facts = vec![
            ("at", format!("{} {}", rung.clock.label(), lead_words(rung.lead))),
            ("to", rung_to_words(&rung.to)),
            ("asks", rung.ask.clone()),
        ];
        saying.entry("rung", &rung.id, None, facts);
    }
    saying.entries
}

fn whole(saying: &mut Saying<'_>, read: &CaseType) {
    let list = |codes: Vec<&str>| codes.join(", ");
    let guard = &read.guard;
    let review = match read.steps.review {
        Review::None => "",
        Review::Expert { is_other_person: false } => "expert",
        Review::Expert { is_other_person: true } => "expert, not the screener",
    };
    let years = read
        .retention
        .years
        .map_or_else(|| "for good".to_owned(), |years| format!("{years} years"));
    let facts = vec![
        ("natures", list(guard.natures.iter().map(|nature| nature.label()).collect())),
        ("subjects", list(guard.subjects.iter().map(|subject| subject.0.as_str()).collect())),
        ("channels", list(guard.channels.iter().map(|channel| channel.code()).collect())),
        ("review", review.to_owned()),
        ("classification", yes(read.steps.is_classified)),
        ("indexing", yes(read.steps.is_indexed)),
        ("confidentiality", read.confidentiality.label().to_owned()),
        ("purpose", read.purpose.0.clone()),
        ("legal basis", read.legal_basis.clone()),
        ("kept", format!("{years}, class {}", read.retention.class)),
    ];
    saying.entry("", &read.id.code, Some(&read.labels), facts);
}

fn yes(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { String::new() }
}

fn clock_facts(clock: &ClockRule) -> Vec<(&'static str, String)> {
    let pauses: Vec<&str> = clock.pauses.iter().map(|reason| reason.code()).collect();
    let extension = clock.extension.as_ref().map(|extension| {
        format!(
            "{} at most {} times, {}",
            extension.term, extension.times_max, extension.legal_ground
        )
    });
    vec![
        ("term", clock.term.to_string()),
        ("from", clock_start_words(&clock.start)),
        ("until", clock_stop_words(&clock.stop)),
        ("stands still for", pauses.join(", ")),
        ("extended by", extension.unwrap_or_default()),
        ("ground", clock.legal_ground.clone()),
    ]
}

fn exit(exit: &Exit) -> String {
    let to = exit.to.as_deref().unwrap_or(END);
    match criterion(&exit.criterion) {
        when if when.is_empty() => to.to_owned(),
        when => format!("{to} ({when})"),
    }
}

fn criterion(criterion: &Criterion) -> String {
    let on = criterion.on.iter().map(trigger_words);
    let when = criterion.when.iter().map(|asked| format!("{}: {}", asked.fact, test(&asked.test)));
    on.chain(when).collect::<Vec<_>>().join(", ")
}

fn test(test: &Test) -> String {
    let list = |values: &[crate::domain::rules::FieldValue]| {
        values.iter().map(value_words).collect::<Vec<_>>().join(", ")
    };
    match test {
        Test::Any => "anything".to_owned(),
        Test::OneOf(values) => list(values),
        Test::NoneOf(values) => format!("not {}", list(values)),
        Test::Between(Some(from), Some(to)) => {
            format!("{}..{}", value_words(from), value_words(to))
        }
        Test::Between(Some(from), None) => format!(">= {}", value_words(from)),
        Test::Between(None, Some(to)) => format!("<= {}", value_words(to)),
        Test::Between(None, None) | Test::Known => "known".to_owned(),
        Test::Unknown => "unknown".to_owned(),
    }
}

fn kind(kind: &FieldKind, language: &str) -> String {
    match kind {
        FieldKind::Text => "text".to_owned(),
        FieldKind::Number { min, max } => format!("number {min}..{max}"),
        FieldKind::Money { max } => format!("money 0..{max}"),
        FieldKind::Date => "date".to_owned(),
        FieldKind::YesNo => "yes or no".to_owned(),
        FieldKind::Choice(listed) => {
            let said = listed.iter().map(|(code, labels)| match labels.in_language(language) {
                words if words == code => words.to_owned(),
                words => format!("{code} ({words})"),
            });
            said.collect::<Vec<_>>().join(" or ")
        }
        FieldKind::Identity(scheme) => format!("identity number, {scheme}"),
        FieldKind::Telephone => "telephone".to_owned(),
        FieldKind::Email => "email".to_owned(),
    }
}
