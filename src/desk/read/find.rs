//! Finding: people by whatever was heard, and cases and people by their numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::desk::answer::{FindAnswer, FindHit};
use crate::desk::derive::is_found;
use crate::desk::error::DeskError;
use crate::desk::keys::{Counter, tag};
use crate::desk::restricted::Restricted;
use crate::domain::office::{Action, Behind, Confidentiality, Resource};
use crate::domain::people::Person;
use crate::domain::{CaseId, PersonId};
use crate::search::{self, Evidence, FindOptions, Found};

use super::Reader;
use super::evidence::{also, full, marked, short, understanding};

/// Hits of one answer.
const HITS_MAX: usize = 200;
/// Words of a text that are read as numbers of cases and people.
const NUMBERS_MAX: usize = 10;

/// Whom the actor may know of.
pub(super) struct PeopleSeen {
    restricted: Arc<Restricted>,
    /// The levels of which they may not know.
    hidden: Vec<Confidentiality>,
    /// The people whose files are closed to them, in order.
    closed: Vec<PersonId>,
    /// How many of those the search would find, and are of no such level.
    closed_found: u64,
    /// Those of a hidden level whom an emergency access of theirs opens.
    opened: Vec<u64>,
}

impl PeopleSeen {
    /// Whether the actor may know of a person.
    pub(super) fn sees(&self, person: u64) -> bool {
        let level = self.restricted.level(PersonId(person));
        self.closed.binary_search(&PersonId(person)).is_err()
            && level.is_none_or(|level| !self.hidden.contains(&level))
            || self.opened.contains(&person)
    }

    /// How many people the actor may not know of.
    fn unseen(&self) -> u64 {
        let hidden =
            self.closed_found + self.restricted.count(|level| self.hidden.contains(&level));
        hidden.saturating_sub(u64::try_from(self.opened.len()).unwrap_or_default())
    }

    /// How many people the actor may know of, where so many are open to everybody.
    fn known(&self, open: u64) -> u64 {
        (open + self.restricted.count(|_| true)).saturating_sub(self.unseen())
    }

    /// Whether the actor may know of anybody whom not everybody may.
    fn finds_restricted(&self) -> bool {
        self.restricted.count(|level| !self.hidden.contains(&level)) > 0 || !self.opened.is_empty()
    }
}

impl Reader<'_> {
    pub(super) fn find(
        &self,
        text: &str,
        limit: u32,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<FindAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let limit = usize::try_from(limit).unwrap_or(HITS_MAX).clamp(1, HITS_MAX);
        let (mut hits, words) = self.numbered(text)?;
        let bare = self.bare_number(&words)?;
        let options = FindOptions { limit, is_cancelled, ..FindOptions::default() };
        let (found, people) = self.search(&words, options)?;
        let by_number = hits.len() + bare.len();
        let mut understood = String::new();
        hits.reserve(found.hits.len().min(limit));
        for hit in &found.hits {
            if is_cancelled() {
                return Err(DeskError::GivenUp);
            }
            let id = PersonId(hit.person);
            if hits.iter().any(|known| known.case.is_none() && known.person == Some(id)) {
                continue;
            }
            let Some(person) = self.visible_person(id)? else { continue };
            if understood.is_empty() {
                understood = understanding(&hit.evidence);
            }
            hits.push(self.person_hit(&person, &hit.evidence)?);
        }
        let is_new = |hit: &FindHit| {
            hit.case.is_some() || hits.iter().all(|known| known.person != hit.person)
        };
        let bare: Vec<FindHit> = bare.into_iter().filter(is_new).collect();
        hits.truncate(limit.saturating_sub(bare.len()).max(1));
        hits.extend(bare);
        hits.truncate(limit);
        let matched = u64::try_from(found.considered + by_number).unwrap_or(u64::MAX);
        Ok(FindAnswer { text: text.to_owned(), hits, matched, people, understood })
    }

    /// Searches among the people whom the actor may see, and says how many those are.
    pub(super) fn search(
        &self,
        words: &str,
        options: FindOptions<'_>,
    ) -> Result<(Found, u64), DeskError> {
        let sight = self.restricted_seen()?;
        let is_visible = |person| sight.sees(person);
        let finds_restricted = sight.finds_restricted();
        let found_without = &self.desk.finding.found_without(self.store, &sight.closed)?;
        let closed: &Vec<u64> = &sight.closed.iter().map(|person| person.0).collect();
        let is_visible = &is_visible;
        let options =
            FindOptions { is_visible, closed, found_without, finds_restricted, ..options };
        self.desk.with_dictionary(|dictionary, index| {
            let people = sight.known(dictionary.people());
            let is_blank = words.trim().is_empty();
            let found = if is_blank {
                Found::default()
            } else {
                search::find(dictionary, index, words, &options)?
            };
            Ok((found, people))
        })
    }

    /// How many people there are of whom the actor may know.
    pub(super) fn people_known(&self) -> Result<u64, DeskError> {
        let people = self.count(Counter::Live(tag::PERSON))?;
        Ok(people.saturating_sub(self.restricted_seen()?.unseen()))
    }

    fn restricted_seen(&self) -> Result<PeopleSeen, DeskError> {
        let sight = self.sight();
        let is_hidden = |level: &Confidentiality| !sight.level(*level);
        let is_opened =
            |id: &PersonId| self.directory.access_to_person(self.actor.id, *id, self.at).is_some();
        // An emergency access opens what is closed.
        let closed: Vec<PersonId> =
            sight.conflicts().iter().copied().filter(|id| !is_opened(id)).collect();
        let found =
            closed.iter().filter_map(|id| self.person(*id).ok()).filter(|person| is_found(person));
        let found = found.filter(|person| sight.level(person.confidentiality)).count();
        let opened = self.directory.open_accesses(self.actor.id, self.at);
        let opened: BTreeSet<PersonId> = opened
            .filter_map(|access| match access.behind {
                Behind::Person(person) => Some(person),
                Behind::Case(_) => None,
            })
            .collect();
        let opened = opened.iter().filter_map(|id| self.person(*id).ok());
        let opened =
            opened.filter(|person| is_found(person) && !sight.level(person.confidentiality));
        Ok(PeopleSeen {
            restricted: self.desk.finding.restricted(self.store)?,
            hidden: Confidentiality::ALL.into_iter().filter(is_hidden).collect(),
            closed_found: u64::try_from(found).unwrap_or_default(),
            closed,
            opened: opened.map(|person| person.id.0).collect(),
        })
    }

    /// The cases and people whose numbers stand in a text, and what else stands in it. Beside other words only a number
    /// with its dash is meant: `C4` is a postcode as well.
    fn numbered(&self, text: &str) -> Result<(Vec<FindHit>, String), DeskError> {
        let is_alone = text.split_whitespace().nth(1).is_none();
        let mut hits = Vec::new();
        let mut left = Vec::new();
        for (place, word) in text.split_whitespace().enumerate() {
            let hit = if place < NUMBERS_MAX && (is_alone || word.contains('-')) {
                self.hit_of(word)?
            } else {
                None
            };
            match hit {
                Some(hit) => hits.push(hit),
                // A number that nobody has may be part of an id; its letter is no initial.
                None if is_number(word) => left.push(word.replace('-', "")),
                None => left.push(word.to_owned()),
            }
        }
        // A blank at the end says that the last word is complete.
        let end = if text.ends_with(char::is_whitespace) { " " } else { "" };
        Ok((hits, left.join(" ") + end))
    }

    fn hit_of(&self, word: &str) -> Result<Option<FindHit>, DeskError> {
        if let Ok(id) = word.parse::<CaseId>() {
            return self.case_hit(id);
        }
        let Ok(id) = word.parse::<PersonId>() else { return Ok(None) };
        self.numbered_person(id)
    }

    fn numbered_person(&self, id: PersonId) -> Result<Option<FindHit>, DeskError> {
        // Whoever was registered by mistake is found no more, by number neither.
        let Some(person) = self.visible_person(id)?.filter(|person| is_found(person)) else {
            return Ok(self.closed_hit(id));
        };
        let mut hit = self.person_hit(&person, &[])?;
        "number".clone_into(&mut hit.why);
        hit.evidence = by_number(&id, &person.id);
        Ok(Some(hit))
    }

    /// Digits alone are mostly a year or the end of a number; they may be the number of a person or case as well, which
    /// then stand below what was found.
    fn bare_number(&self, words: &str) -> Result<Vec<FindHit>, DeskError> {
        let digits = search::normalise(words);
        let is_number = !digits.starts_with('0') && digits.bytes().all(|it| it.is_ascii_digit());
        let Some(number) = digits.parse::<u64>().ok().filter(|_| is_number) else {
            return Ok(Vec::new());
        };
        let case = self.case_hit(CaseId(number))?;
        Ok(self.numbered_person(PersonId(number))?.into_iter().chain(case).collect())
    }

    fn case_hit(&self, id: CaseId) -> Result<Option<FindHit>, DeskError> {
        let case = match self.visible_case(id) {
            Ok(case) => case,
            Err(DeskError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let row = self.row(&case)?;
        Ok(Some(FindHit {
            person: case.initiator().filter(|_| !self.hides_names_of(&case)),
            name: row.subject.to_string(),
            marked: Vec::new(),
            born: String::new(),
            area: case.place.area.clone(),
            open_cases: u64::from(case.is_open()),
            due_at: row.due_at,
            why: "case number".to_owned(),
            evidence: by_number(&id, &case.id),
            household: String::new(),
            last_contact: None,
            case: Some(row),
            also: None,
            is_closed: false,
        }))
    }

    /// What is shown of a person whom a search found by this evidence.
    pub(super) fn person_hit(
        &self,
        person: &Person,
        evidence: &[Evidence],
    ) -> Result<FindHit, DeskError> {
        let near = self.near(person)?;
        let name = person.name().listed();
        let (open_cases, due_at) = self.open_and_due(person.id)?;
        Ok(FindHit {
            person: Some(person.id),
            marked: marked(&name, evidence),
            name,
            born: person.birth_date.as_ref().map(|fact| fact.value.to_string()).unwrap_or_default(),
            area: person.address.as_ref().map(|fact| fact.value.area.clone()).unwrap_or_default(),
            open_cases,
            due_at,
            why: short(evidence),
            evidence: full(evidence, person, &near),
            household: self.household_line(person, &near),
            last_contact: self.last_contact(person.id)?,
            case: None,
            also: also(person, evidence),
            is_closed: false,
        })
    }
}

/// A number as what somebody is found by: its own, or one that was merged.
fn by_number<I: PartialEq + std::fmt::Display>(asked: &I, found: &I) -> String {
    if asked == found {
        format!("{asked} = its number")
    } else {
        format!("{asked} was merged into {found}")
    }
}

/// Whether a word is written as the number of a case or a person.
fn is_number(word: &str) -> bool {
    word.contains('-') && (word.parse::<CaseId>().is_ok() || word.parse::<PersonId>().is_ok())
}
