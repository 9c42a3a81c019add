//! What a fact can be, as far as the rows of a table tell it apart: finitely many classes, each with an example.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ids::SubjectCode;
use crate::domain::rules::{DecisionTable, Fact, FieldValue, Test};
use crate::domain::time::Day;

use super::draft::TABLE_ROWS_MAX;
use super::facts::{closed, words_of_value};
use super::known::Known;

/// Classes of one fact that are compared; index terms, of which a case may have several, grow fastest.
const CLASSES_MAX: usize = 4_096;
/// What stands for a code that no row names.
const ANOTHER: &str = "(another)";

const WORDS: usize = TABLE_ROWS_MAX.div_ceil(64);

/// A set of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct RowSet([u64; WORDS]);

impl RowSet {
    /// The first so many rows.
    pub(super) fn first(count: usize) -> Self {
        (0..count).fold(Self::default(), |mut set, row| {
            set.add(row);
            set
        })
    }

    pub(super) fn add(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.and(other) == *self
    }

    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// A class: the rows whose conditions on this fact hold, and an example in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) rows: RowSet,
    pub(super) example: String,
}

/// A fact, or two that hang together, with its classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dimension {
    pub(super) classes: Vec<Class>,
}

/// A fact that can be too many things to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TooMany(pub(super) String);

/// The dimensions of a table: one for each input, but subject and index terms, of which the subject is one, together.
pub(super) fn dimensions(
    table: &DecisionTable,
    known: Option<&Known>,
) -> Result<Vec<Dimension>, TooMany> {
    let mut dimensions = Vec::with_capacity(table.inputs.len());
    let is_of_tree = |fact: &Fact| matches!(fact, Fact::Subject | Fact::Term);
    if table.inputs.iter().any(|column| is_of_tree(&column.fact)) {
        dimensions.push(of_subjects(table, known)?);
    }
    for (input, column) in table.inputs.iter().enumerate() {
        if is_of_tree(&column.fact) {
            continue;
        }
        let fact = &column.fact;
        let tests = tests_of(table, input);
        let mut classes = BTreeMap::new();
        for value in candidates(fact, &tests, known) {
            let values: Vec<FieldValue> = value.into_iter().collect();
            let rows = holding(&tests, &values);
            let words = values
                .first()
                .map_or_else(|| "none".to_owned(), |value| words_of_value(fact, value));
            classes.entry(rows).or_insert_with(|| format!("{fact} {words}"));
        }
        dimensions.push(Dimension { classes: in_order(classes) });
    }
    Ok(dimensions)
}

fn in_order(classes: BTreeMap<RowSet, String>) -> Vec<Class> {
    classes.into_iter().map(|(rows, example)| Class { rows, example }).collect()
}

fn tests_of(table: &DecisionTable, input: usize) -> Vec<&Test> {
    table.rows.iter().filter_map(|row| row.conditions.get(input).map(|asked| &asked.test)).collect()
}

/// The rows whose tests hold for these values of one fact.
fn holding(tests: &[&Test], values: &[FieldValue]) -> RowSet {
    let mut rows = RowSet::default();
    for (row, test) in tests.iter().enumerate() {
        if test.holds(values) {
            rows.add(row);
        }
    }
    rows
}

/// Values of a fact among which there is one of every class; none for "not there".
fn candidates(fact: &Fact, tests: &[&Test], known: Option<&Known>) -> Vec<Option<FieldValue>> {
    let choice = |code: &str| Some(FieldValue::Choice(code.to_owned()));
    if let Some(listed) = closed(fact) {
        return listed.iter().map(|(code, _)| choice(code)).collect();
    }
    let named = || named_in(tests);
    match (fact, known) {
        (Fact::Unit, Some(known)) => known.units.iter().map(|unit| choice(unit)).collect(),
        (Fact::Type, Some(known)) => known.type_codes().map(choice).collect(),
        (Fact::Received, _) => days_around(&named()),
        (Fact::Unit | Fact::Type, None) => {
            named().into_iter().map(Some).chain([choice(ANOTHER)]).collect()
        }
        (
            Fact::Area
            | Fact::Field(_)
            | Fact::Nature
            | Fact::Subject
            | Fact::Term
            | Fact::Channel
            | Fact::Confidentiality,
            _,
        ) => {
            let around = named().into_iter().flat_map(|value| around(&value)).map(Some);
            around.chain([choice(ANOTHER), None]).collect()
        }
    }
}

/// Every value that the tests of one fact name.
fn named_in(tests: &[&Test]) -> Vec<FieldValue> {
    let mut named = BTreeSet::new();
    for test in tests {
        match test {
            Test::OneOf(listed) | Test::NoneOf(listed) => named.extend(listed.iter().cloned()),
            Test::Between(from, to) => named.extend(from.iter().chain(to).cloned()),
            Test::Any | Test::Known | Test::Unknown => {}
        }
    }
    named.into_iter().collect()
}

/// A value and its neighbours: between two neighbours of named values nothing changes.
fn around(value: &FieldValue) -> Vec<FieldValue> {
    match value {
        FieldValue::Number(at) => {
            [at.saturating_sub(1), *at, at.saturating_add(1)].map(FieldValue::Number).to_vec()
        }
        FieldValue::Money(at) => {
            [at.saturating_sub(1), *at, at.saturating_add(1)].map(FieldValue::Money).to_vec()
        }
        FieldValue::Date(at) => {
            [at.plus_days(-1), *at, at.plus_days(1)].map(FieldValue::Date).to_vec()
        }
        FieldValue::YesNo(_) => [true, false].map(FieldValue::YesNo).to_vec(),
        FieldValue::Text(_)
        | FieldValue::Choice(_)
        | FieldValue::Identity(_)
        | FieldValue::Telephone(_)
        | FieldValue::Email(_) => vec![value.clone()],
    }
}

fn days_around(named: &[FieldValue]) -> Vec<Option<FieldValue>> {
    let around = named.iter().flat_map(around).map(Some);
    around.chain([Some(FieldValue::Date(Day::default()))]).collect()
}

/// The classes of subject and index terms together. A case has no subject or one of the tree, and any further terms.
fn of_subjects(table: &DecisionTable, known: Option<&Known>) -> Result<Dimension, TooMany> {
    let tests = |fact: &Fact| {
        let input = table.inputs.iter().position(|column| column.fact == *fact);
        input.map(|input| tests_of(table, input))
    };
    let (subject, term) = (tests(&Fact::Subject), tests(&Fact::Term));
    let mut named: Vec<FieldValue> = Vec::new();
    for tests in subject.iter().chain(&term) {
        named.extend(named_in(tests));
    }
    let all = RowSet::first(table.rows.len());
    let of_subject = |values: &[FieldValue]| subject.as_ref().map_or(all, |t| holding(t, values));
    let mut classes = BTreeMap::new();
    let chains = chains(&named, known);
    let Some(term) = term else {
        for chain in &chains {
            let words = chain.first().map_or("none", |code| code.0.as_str());
            classes.entry(of_subject(&values(chain))).or_insert_with(|| format!("subject {words}"));
        }
        return Ok(Dimension { classes: in_order(classes) });
    };
    // Two sets of terms in which the same named codes are found are alike to every row.
    let found = |chain: &[SubjectCode]| -> BTreeSet<FieldValue> {
        values(chain).into_iter().filter(|value| named.contains(value)).collect()
    };
    let mut unions: BTreeMap<(bool, BTreeSet<FieldValue>), Vec<SubjectCode>> = BTreeMap::new();
    unions.insert((false, BTreeSet::new()), Vec::new());
    for chain in chains.iter().filter(|chain| !chain.is_empty()) {
        let one = found(chain);
        for ((_, before), terms) in unions.clone() {
            let both: BTreeSet<FieldValue> = before.union(&one).cloned().collect();
            let mut terms = terms;
            terms.extend(chain.first().cloned());
            unions.entry((true, both)).or_insert(terms);
        }
        if unions.len() > CLASSES_MAX {
            return Err(TooMany(Fact::Term.to_string()));
        }
    }
    for chain in &chains {
        let (own, of_subject) = (found(chain), of_subject(&values(chain)));
        for ((is_there, others), terms) in &unions {
            // Index terms beside no subject are not: the first of them is the subject.
            if chain.is_empty() && *is_there {
                continue;
            }
            let mut all_found: Vec<FieldValue> = own.union(others).cloned().collect();
            if !chain.is_empty() && all_found.is_empty() {
                all_found.push(FieldValue::Choice(ANOTHER.to_owned()));
            }
            let rows = of_subject.and(&holding(&term, &all_found));
            classes.entry(rows).or_insert_with(|| {
                let head = chain.first().map_or("none", |code| code.0.as_str());
                let others = terms.iter().map(|code| format!(", term {code}"));
                format!("subject {head}{}", others.collect::<String>())
            });
        }
        if classes.len() > CLASSES_MAX {
            return Err(TooMany(Fact::Term.to_string()));
        }
    }
    Ok(Dimension { classes: in_order(classes) })
}

fn values(chain: &[SubjectCode]) -> Vec<FieldValue> {
    chain.iter().map(|code| FieldValue::Choice(code.to_string())).collect()
}

/// Every subject with what stands above it, and none. Without the office's tree, each named code stands alone.
fn chains(named: &[FieldValue], known: Option<&Known>) -> Vec<Vec<SubjectCode>> {
    let none = vec![Vec::new()];
    if let Some(known) = known {
        return known.subjects.iter().cloned().chain(none).collect();
    }
    let code = |value: &FieldValue| match value {
        FieldValue::Choice(code) => Some(vec![SubjectCode(code.as_str().into())]),
        FieldValue::Text(_)
        | FieldValue::Number(_)
        | FieldValue::Money(_)
        | FieldValue::Date(_)
        | FieldValue::YesNo(_)
        | FieldValue::Identity(_)
        | FieldValue::Telephone(_)
        | FieldValue::Email(_) => None,
    };
    let another = vec![vec![SubjectCode(ANOTHER.into())]];
    named.iter().filter_map(code).chain(another).chain(none).collect()
}
