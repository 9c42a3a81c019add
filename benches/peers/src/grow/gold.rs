//! The people whom queries mean, and who could be taken for one of them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use casedesk::search::words;

use casedesk_peers::people::{Failure, Person, read_queries};

/// The fewest digits that mean one person by themselves.
const TAIL_DIGITS_MIN: usize = 7;

/// What nobody else may be called, or be called and be born in.
#[derive(Debug, Default)]
pub(crate) struct Gold {
    /// Who is meant, and whether by a query without any digit.
    meant: HashMap<u64, bool>,
    names: HashSet<String>,
    names_and_years: HashSet<String>,
    telephone_tails: HashSet<String>,
}

impl Gold {
    /// Reads whom the queries mean; without queries, nobody.
    pub(crate) fn read(queries: Option<&Path>) -> Result<Self, Failure> {
        let mut gold = Self::default();
        let Some(queries) = queries else { return Ok(gold) };
        for query in read_queries(queries)? {
            let is_digits = query.text.bytes().all(|byte| byte.is_ascii_digit());
            if is_digits && query.text.len() >= TAIL_DIGITS_MIN {
                gold.telephone_tails.insert(query.text.clone());
            }
            let by_name = !query.text.chars().any(char::is_numeric);
            *gold.meant.entry(query.gold).or_default() |= by_name;
        }
        Ok(gold)
    }

    /// Takes the name of somebody who is meant.
    pub(crate) fn see(&mut self, person: &Person) {
        if let Some(by_name) = self.meant.get(&person.id) {
            if *by_name {
                self.names.insert(name(person));
            }
            self.names_and_years.insert(name_and_year(person));
        }
    }

    /// Everybody was seen.
    pub(crate) fn finish(&mut self) {
        self.meant = HashMap::new();
    }

    /// Whether a query could mean this person instead of whom it meant.
    pub(crate) fn is_mistakable(&self, person: &Person) -> bool {
        let tail = person.phone.len().saturating_sub(TAIL_DIGITS_MIN);
        self.names.contains(&name(person))
            || self.names_and_years.contains(&name_and_year(person))
            || person.phone.get(tail..).is_some_and(|tail| self.telephone_tails.contains(tail))
    }
}

/// The folded words of the name in an order of their own: it does not matter which is said first.
fn name(person: &Person) -> String {
    let mut words = words(&format!("{} {}", person.given, person.family));
    words.sort_unstable();
    words.join(" ")
}

fn name_and_year(person: &Person) -> String {
    let year = person.birth_date.split('-').next().unwrap_or_default();
    format!("{} {year}", name(person))
}
