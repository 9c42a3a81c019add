//! Finding: people by whatever was heard, and cases and people by their numbers.

use crate::desk::answer::{FindAnswer, FindHit};
use crate::desk::error::DeskError;
use crate::desk::keys::{Counter, tag};
use crate::domain::cases::Case;
use crate::domain::office::{Action, Resource};
use crate::domain::people::Person;
use crate::domain::{CaseId, PersonId};
use crate::search::{self, Closeness, Evidence, Field, FindOptions, Hit};

use super::Reader;

/// Hits of one answer.
const HITS_MAX: usize = 50;
/// Members of a household that a hit names.
const HOUSEHOLD_SHOWN_MAX: usize = 5;
/// Open cases that are looked at for the most urgent one.
const OPEN_SHOWN_MAX: usize = 10;

impl Reader<'_> {
    pub(super) fn find(&self, text: &str, limit: u32) -> Result<FindAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let limit = usize::try_from(limit).unwrap_or(HITS_MAX).clamp(1, HITS_MAX);
        let mut hits = Vec::new();
        if let Ok(id) = text.parse::<CaseId>() {
            hits.extend(self.case_hit(id)?);
        }
        if let Ok(id) = text.parse::<PersonId>()
            && let Some(person) = self.visible_person(id)?
        {
            hits.push(self.person_hit(&person, text, "number", format!("{id} = its number"))?);
        }
        let mut matched = u64::try_from(hits.len()).unwrap_or(u64::MAX);
        let mut people = self.count(Counter::Live(tag::PERSON))?;
        let mut understood = String::new();
        if hits.is_empty() {
            // Somebody who may not be seen makes no page shorter: more are asked for than are shown.
            let options = FindOptions { limit: limit * 2, ..FindOptions::default() };
            let found = self.desk.with_dictionary(|dictionary, index| {
                people = dictionary.people();
                search::find(dictionary, index, text, &options)
            })?;
            matched = u64::try_from(found.considered).unwrap_or(u64::MAX);
            understood = found.hits.first().map(understanding).unwrap_or_default();
            for hit in &found.hits {
                if hits.len() == limit {
                    break;
                }
                if let Some(person) = self.visible_person(PersonId(hit.person))? {
                    let (why, evidence) = (short(hit), full(hit));
                    hits.push(self.person_hit(&person, text, &why, evidence)?);
                }
            }
        }
        Ok(FindAnswer { text: text.to_owned(), hits, matched, people, understood })
    }

    fn case_hit(&self, id: CaseId) -> Result<Option<FindHit>, DeskError> {
        let case = match self.visible_case(id) {
            Ok(case) => case,
            Err(DeskError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let row = self.row(&case)?;
        Ok(Some(FindHit {
            person: case.initiator(),
            name: row.subject.clone(),
            marked: Vec::new(),
            born: String::new(),
            area: case.place.area.clone(),
            open_cases: u64::from(case.is_open()),
            due_at: row.due_at,
            why: "case number".to_owned(),
            evidence: format!("{id} = its number"),
            household: String::new(),
            last_contact: None,
            case: Some(row),
        }))
    }

    fn person_hit(
        &self,
        person: &Person,
        text: &str,
        why: &str,
        evidence: String,
    ) -> Result<FindHit, DeskError> {
        let name = person.name().listed();
        let marked = search::highlight(&name, text);
        let (cases, open, _) = self.cases_of(person.id, OPEN_SHOWN_MAX)?;
        let urgent = cases
            .iter()
            .filter(|case| case.is_open() && case.due_kind().is_some())
            .map(Case::due_at)
            .min();
        let (contacts, _) = self.contacts(person.id)?;
        Ok(FindHit {
            person: Some(person.id),
            marked: marked.into_iter().filter_map(|at| u32::try_from(at).ok()).collect(),
            name,
            born: person.birth_date.as_ref().map(|fact| fact.value.to_string()).unwrap_or_default(),
            area: person.address.as_ref().map(|fact| fact.value.area.clone()).unwrap_or_default(),
            open_cases: open,
            due_at: urgent,
            why: why.to_owned(),
            evidence,
            household: self.household_line(person)?,
            last_contact: contacts.first().map(|contact| (contact.at, contact.channel)),
            case: None,
        })
    }

    /// Whom somebody lives with: given names, children with their ages.
    fn household_line(&self, person: &Person) -> Result<String, DeskError> {
        let Some(household) = person.household else { return Ok(String::new()) };
        let others = self.others_in(household, person.id)?;
        if others.is_empty() {
            return Ok("lives alone".to_owned());
        }
        let label = |other: &Person| {
            let name = other.name();
            let given = name.given.split_whitespace().next().unwrap_or(&name.family).to_owned();
            let age = other.birth_date.as_ref().map(|fact| fact.value.age(self.today));
            match age {
                Some(age) if (0..18).contains(&age) => format!("{given} {age}"),
                _ => given,
            }
        };
        let more = others.len().saturating_sub(HOUSEHOLD_SHOWN_MAX);
        let line =
            others.iter().take(HOUSEHOLD_SHOWN_MAX).map(label).collect::<Vec<_>>().join(", ");
        if more > 0 {
            return Ok(format!("{line} and {more} more"));
        }
        Ok(line)
    }
}

fn field_word(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::OtherName => "other name",
        Field::Related => "relative",
        Field::BirthYear => "year",
        Field::BirthDate => "date",
        Field::Telephone => "tel",
        Field::Id => "id",
        Field::Address => "address",
    }
}

fn closeness_word(closeness: Closeness) -> String {
    match closeness {
        Closeness::Exact => String::new(),
        Closeness::Start => "start".to_owned(),
        Closeness::StartOff(off) => format!("start {off} off"),
        Closeness::Begin(_) | Closeness::Part(_) => "short form".to_owned(),
        Closeness::End => "ending".to_owned(),
        Closeness::Inside => "inside".to_owned(),
        Closeness::Off(off) => format!("{off} off"),
        Closeness::Sound => "sound".to_owned(),
        Closeness::Script => "script".to_owned(),
        Closeness::Turned => "turned".to_owned(),
        Closeness::Years(years) => format!("{years:+}"),
        Closeness::Layout => "other keyboard layout".to_owned(),
    }
}

fn evidence_word(evidence: &Evidence) -> String {
    let closeness = closeness_word(evidence.closeness);
    match evidence.field {
        Field::Name if closeness.is_empty() => "exact".to_owned(),
        Field::Name => closeness,
        Field::OtherName
        | Field::Related
        | Field::BirthYear
        | Field::BirthDate
        | Field::Telephone
        | Field::Id
        | Field::Address => {
            format!("{} {closeness}", field_word(evidence.field)).trim_end().to_owned()
        }
    }
}

/// Why a person matched, in a few words, each once.
fn short(hit: &Hit) -> String {
    let mut words: Vec<String> = Vec::new();
    for evidence in &hit.evidence {
        let word = evidence_word(evidence);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.len() > 1 {
        words.retain(|word| word != "exact");
    }
    if words.is_empty() { "exact".to_owned() } else { words.join(", ") }
}

/// Why a person matched, word by word. Numbers that are masked elsewhere are named, not shown.
fn full(hit: &Hit) -> String {
    let part = |evidence: &Evidence| {
        let closeness = closeness_word(evidence.closeness);
        let how = if closeness.is_empty() { String::new() } else { format!(" ({closeness})") };
        match evidence.field {
            Field::Telephone | Field::Id => {
                format!("{} = {}{how}", evidence.typed, field_word(evidence.field))
            }
            Field::Name => format!("{} = {}{how}", evidence.typed, evidence.matched),
            Field::OtherName
            | Field::Related
            | Field::BirthYear
            | Field::BirthDate
            | Field::Address => {
                format!(
                    "{} = {} {}{how}",
                    evidence.typed,
                    field_word(evidence.field),
                    evidence.matched
                )
            }
        }
    };
    hit.evidence.iter().map(part).collect::<Vec<_>>().join("   ")
}

/// How the text was understood, after the best hit: which words are names, which a year or a number.
fn understanding(hit: &Hit) -> String {
    let mut names = Vec::new();
    let mut others = Vec::new();
    for evidence in &hit.evidence {
        match evidence.field {
            Field::Name | Field::OtherName | Field::Related => names.push(evidence.typed.clone()),
            Field::BirthYear | Field::BirthDate => others.push(format!("born {}", evidence.typed)),
            Field::Telephone => others.push(format!("tel {}", evidence.typed)),
            Field::Id => others.push(format!("id {}", evidence.typed)),
            Field::Address => others.push(format!("place {}", evidence.typed)),
        }
    }
    let mut parts = Vec::new();
    if !names.is_empty() {
        parts.push(format!("names {}", names.join(", ")));
    }
    parts.extend(others);
    parts.join("   ")
}
