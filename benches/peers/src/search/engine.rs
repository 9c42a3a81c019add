//! What every engine does: build an index of people, open it, answer.

use std::path::Path;

use casedesk::search::words;
use clap::ValueEnum;

use super::subsequence::Matching;
use super::typed::Typed;
use super::{sqlite, subsequence, terms};
use casedesk_peers::people::{Failure, Person};

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// casedesk's own program.
    Casedesk,
    /// tantivy, with fuzzy term queries.
    Tantivy,
    /// SQLite's full text index over every three letters.
    Fts5,
    /// nucleo over every person, as helix does it.
    Nucleo,
    /// fuzzy-matcher's `SkimMatcherV2` over every person.
    Skim,
}

/// People to build from.
pub(crate) type People<'a> = &'a mut dyn Iterator<Item = Result<Person, Failure>>;

/// An index that is open.
pub(crate) trait Engine {
    /// The people meant, the best first, at most ten.
    fn ask(&mut self, typed: &Typed) -> Result<Vec<u64>, Failure>;
}

/// How many people an answer has.
pub(crate) const ANSWER_PEOPLE: usize = 10;

impl Peer {
    /// Its name in a table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Casedesk => "casedesk",
            Self::Tantivy => "tantivy",
            Self::Fts5 => "SQLite FTS5 trigram",
            Self::Nucleo => "nucleo",
            Self::Skim => "SkimMatcherV2",
        }
    }

    /// Its name on the command line.
    pub(crate) fn argument(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Builds an index in an empty directory.
    pub(crate) fn build(self, people: People<'_>, data: &Path) -> Result<(), Failure> {
        match self {
            Self::Casedesk => Err("casedesk builds in a program of its own".into()),
            Self::Tantivy => terms::build(people, data),
            Self::Fts5 => sqlite::build(people, data),
            Self::Nucleo | Self::Skim => subsequence::build(people, data),
        }
    }

    /// Opens what was built.
    pub(crate) fn open(self, data: &Path) -> Result<Box<dyn Engine>, Failure> {
        Ok(match self {
            Self::Casedesk => return Err("casedesk answers in a program of its own".into()),
            Self::Tantivy => Box::new(terms::Tantivy::open(data)?),
            Self::Fts5 => Box::new(sqlite::Fts5::open(data)?),
            Self::Nucleo => Box::new(subsequence::Lines::open(data, Matching::nucleo())?),
            Self::Skim => Box::new(subsequence::Lines::open(data, Matching::skim())?),
        })
    }
}

/// A person as the peers keep them: folded words, and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card<Text> {
    pub(crate) names: Text,
    pub(crate) other_names: Text,
    pub(crate) address: Text,
    /// `1986-03-02`, or empty.
    pub(crate) birth_date: Text,
    pub(crate) phone: Text,
    pub(crate) national_id: Text,
}

impl Card<String> {
    /// The card of a person.
    pub(crate) fn of(person: &Person) -> Self {
        let fold = |text: &str| words(text).join(" ");
        Self {
            names: fold(&format!("{} {}", person.given, person.family)),
            other_names: fold(&person.other_names),
            address: fold(&person.address),
            birth_date: person.birth_date.clone(),
            phone: fold(&person.phone).replace(' ', ""),
            national_id: fold(&person.national_id).replace(' ', ""),
        }
    }

    /// The card as one line; folded text has no tabs.
    pub(crate) fn line(&self) -> String {
        let Self { names, other_names, address, birth_date, phone, national_id } = self;
        [names, other_names, address, birth_date, phone, national_id].map(String::as_str).join("\t")
    }
}

impl<'a> Card<&'a str> {
    /// Reads a line back.
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let mut cells = line.split('\t');
        Some(Self {
            names: cells.next()?,
            other_names: cells.next()?,
            address: cells.next()?,
            birth_date: cells.next()?,
            phone: cells.next()?,
            national_id: cells.next()?,
        })
    }
}
