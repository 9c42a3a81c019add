//! Whether an answer names anything that somebody may not see: by its number or by a word that only it has.

use std::collections::{BTreeMap, BTreeSet};

use casedesk::desk::{Answer, DeskError, Query};

use super::office::{CASES, PEOPLE, family, matter};
use super::state::Sees;

/// What somebody may not see: kinds of numbers with the numbers, and words.
///
/// Of a person or contact that is hidden, a case that may be seen has the number and nothing else.
pub(crate) struct Hidden {
    may_review: bool,
    numbers: BTreeMap<&'static str, BTreeSet<u64>>,
    words: BTreeMap<String, String>,
}

impl Hidden {
    pub(crate) fn of(sees: &Sees<'_>) -> Self {
        let state = sees.state;
        let cases: BTreeSet<u64> =
            state.cases.keys().filter(|id| sees.case(**id).is_none()).map(|id| id.0).collect();
        let people: BTreeSet<u64> =
            state.people.keys().filter(|id| sees.person(**id).is_none()).map(|id| id.0).collect();
        let messages = state.messages.keys().filter(|id| !sees.message(**id)).map(|id| id.0);
        // A case is read with what was merged into it.
        let read = state.cases.values().filter(|case| sees.case(case.id).is_some());
        let of_case = read.flat_map(|case| case.contacts.iter().copied());
        let of_case: BTreeSet<_> = of_case.collect();
        let contacts = state.contacts.keys().filter(|id| !sees.contact(**id));
        let contacts = contacts.filter(|id| !of_case.contains(id)).map(|id| id.0);
        let promises = state.promises.keys().filter(|id| !sees.promise(**id)).map(|id| id.0);
        let messages: BTreeSet<u64> = messages.collect();
        let contacts: BTreeSet<u64> = contacts.collect();
        let promises: BTreeSet<u64> = promises.collect();
        let mut words = BTreeMap::new();
        for number in cases.iter().filter(|number| **number <= CASES) {
            words.insert(matter(*number).to_lowercase(), format!("words of C-{number}"));
        }
        for number in people.iter().filter(|number| **number <= PEOPLE) {
            words.insert(family(*number).to_lowercase(), format!("name of P-{number}"));
        }
        // Who is on a case that may be seen stands on it by number, and by that alone.
        let on_cases: BTreeSet<u64> = sees
            .cases()
            .flat_map(casedesk::domain::cases::Case::people)
            .map(|person| person.0)
            .collect();
        let people: BTreeSet<u64> = people.difference(&on_cases).copied().collect();
        let numbers = BTreeMap::from([
            ("MessageId", messages.clone()),
            ("ContactId", contacts.clone()),
            ("PromiseId", promises.clone()),
            ("M", messages),
            ("K", contacts),
            ("R", promises),
            ("C", cases.clone()),
            ("P", people.clone()),
            ("CaseId", cases),
            ("PersonId", people),
        ]);
        Self { may_review: sees.reviews_accesses(), numbers, words }
    }

    /// What of it an answer tells, each once. What the question itself said may stand in the answer.
    pub(crate) fn told(&self, query: &Query, answer: &Result<Answer, DeskError>) -> Vec<String> {
        // Whose files are closed to somebody is no secret from them; whoever reviews accesses hears of each.
        let is_of_accesses = matches!(query, Query::Accesses(_) | Query::AccessReadings(_));
        if matches!(query, Query::ClosedFiles(_)) || is_of_accesses && self.may_review {
            return Vec::new();
        }
        self.told_by(&format!("{query:?}"), &format!("{answer:?}"))
    }

    /// The same of a text that answers another one.
    pub(crate) fn told_by(&self, asked: &str, answer: &str) -> Vec<String> {
        let (asked, named) = (self.named(asked), self.named(answer));
        let told = named.difference(&asked);
        told.map(|what| format!("tells of {what}")).collect()
    }

    fn named(&self, text: &str) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        let mut before = "";
        for part in text.split(|sign: char| !sign.is_alphanumeric()) {
            if let Some(what) = self.words.get(&part.to_lowercase()) {
                named.insert(what.clone());
            }
            if let (Some(hidden), Ok(number)) = (self.numbers.get(before), part.parse::<u64>())
                && hidden.contains(&number)
            {
                let short = match before {
                    "ContactId" | "K" => "contact",
                    "PromiseId" | "R" => "promise",
                    "MessageId" | "M" => "message",
                    "CaseId" => "C",
                    "PersonId" => "P",
                    other => other,
                };
                named.insert(format!("{short}-{number}"));
            }
            before = part;
        }
        named
    }
}

/// One of each kind of complaint of each kind of question.
pub(crate) fn shortest(wrong: &[String]) -> String {
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for text in wrong {
        let kind = text.split([' ', '(']).nth(1).unwrap_or_default();
        let complaint = text.rsplit("\n    ").next().unwrap_or_default();
        let key = format!("{kind} {}", complaint.split_whitespace().take(2).collect::<String>());
        let times = told.entry(key).or_default();
        *times += 1;
        if *times <= 2 {
            lines.push(text.clone());
        }
    }
    lines.join("\n")
}
