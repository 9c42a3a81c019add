//! nucleo and `SkimMatcherV2` over every person: a typed word matches where its letters stand in this order.
//!
//! There is no index: all cards are in memory, and each is looked at for each query. As in the programs that use them,
//! every typed word has to match, and the scores add up; shorter lines go before longer ones of the same score. Years,
//! dates and numbers have to stand in the card as they are, which also spares the matcher most cards.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::engine::{ANSWER_PEOPLE, Card, Engine, People};
use super::typed::{Part, Typed};
use casedesk_peers::people::Failure;

const FILE: &str = "lines.tsv";

/// Writes the cards one after another.
pub(crate) fn build(people: People<'_>, data: &Path) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(data.join(FILE))?);
    for person in people {
        let person = person?;
        let Card { names, other_names, address, birth_date, phone, national_id } =
            Card::of(&person);
        writeln!(
            out,
            "{}\t{}\t{birth_date} {phone} {national_id}",
            person.id,
            [names, other_names, address].join(" ").replace("  ", " ")
        )?;
    }
    Ok(out.flush()?)
}

/// How letters are matched.
pub(crate) enum Matching {
    /// As nucleo does, with its matcher's memory and that for letters.
    Nucleo(Box<Matcher>, Vec<char>),
    /// As skim does.
    Skim(Box<SkimMatcherV2>),
}

impl Matching {
    pub(crate) fn nucleo() -> Self {
        Self::Nucleo(Box::new(Matcher::new(Config::DEFAULT)), Vec::new())
    }

    pub(crate) fn skim() -> Self {
        Self::Skim(Box::new(SkimMatcherV2::default().ignore_case()))
    }

    /// The score of all words in a line, if each matches.
    fn score(&mut self, words: &[(&str, Atom)], line: &str) -> Option<i64> {
        match self {
            Self::Nucleo(matcher, letters) => {
                let line = Utf32Str::new(line, letters);
                let mut scores = words.iter().map(|(_, atom)| atom.score(line, matcher));
                scores.try_fold(0, |sum, score| Some(sum + i64::from(score?)))
            }
            Self::Skim(matcher) => {
                let mut scores = words.iter().map(|(word, _)| matcher.fuzzy_match(line, word));
                scores.try_fold(0, |sum, score| Some(sum + score?))
            }
        }
    }
}

struct Line {
    person: u64,
    words: Box<str>,
    numbers: Box<str>,
}

/// All cards in memory.
pub(crate) struct Lines {
    lines: Vec<Line>,
    matching: Matching,
}

impl Lines {
    pub(crate) fn open(data: &Path, matching: Matching) -> Result<Self, Failure> {
        let mut lines = Vec::new();
        for line in BufReader::new(File::open(data.join(FILE))?).lines() {
            let line = line?;
            let mut cells = line.split('\t');
            if let (Some(person), Some(words), Some(numbers)) =
                (cells.next(), cells.next(), cells.next())
            {
                let person = person.parse()?;
                lines.push(Line { person, words: words.into(), numbers: numbers.into() });
            }
        }
        Ok(Self { lines, matching })
    }
}

impl Engine for Lines {
    fn ask(&mut self, typed: &Typed) -> Result<Vec<u64>, Failure> {
        let mut words: Vec<(&str, Atom)> = Vec::new();
        let mut numbers: Vec<&str> = Vec::new();
        for part in &typed.parts {
            match part {
                Part::Word(word) => words.push((word, atom(word))),
                Part::Year(digits) | Part::Date(digits) | Part::Number(digits) => {
                    numbers.push(digits);
                }
            }
        }
        let mut found: Vec<(i64, usize, u64)> = Vec::new();
        for line in &self.lines {
            let holds =
                |digits: &&str| line.numbers.contains(digits) || line.words.contains(digits);
            if numbers.iter().all(holds)
                && let Some(score) = self.matching.score(&words, &line.words)
            {
                found.push((-score, line.words.len(), line.person));
            }
        }
        if found.len() > ANSWER_PEOPLE {
            found.select_nth_unstable(ANSWER_PEOPLE);
            found.truncate(ANSWER_PEOPLE);
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, _, person)| person).collect())
    }
}

fn atom(word: &str) -> Atom {
    Atom::new(word, CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy, false)
}
