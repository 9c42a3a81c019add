//! tantivy: a term for each folded word, found by Levenshtein automata.
//!
//! Names, other names and addresses are fields of their own. A typed word may be the same (weighed by bm25), one letter off
//! if it has three letters, two if it has six, and the last one may go on; of these the best counts (`DisjunctionMax`), and
//! all words add up. Names count most, addresses least. A year, a whole date, and both ends of telephones and ids are
//! terms, or beginnings of terms (of the number written backwards, for its end). The best candidates are ranked anew by
//! nearness, for tantivy gives all words found by an automaton one and the same score.

use std::path::Path;

use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Query, TermQuery,
};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::engine::{Card, Engine, People};
use super::nearness::{CANDIDATES, best};
use super::typed::{Part, Typed};
use casedesk_peers::people::Failure;

/// Memory for the writer's batches.
const WRITER_BYTES: usize = 256 * 1024 * 1024;

/// What a match in a field is worth: the same word (times bm25), one letter off, two, and a beginning.
struct Weights {
    same: f32,
    one_off: f32,
    two_off: f32,
    beginning: f32,
}

const NAMES: Weights = Weights { same: 1.0, one_off: 6.0, two_off: 4.0, beginning: 5.0 };
const OTHER_NAMES: Weights = Weights { same: 0.9, one_off: 5.0, two_off: 3.0, beginning: 4.0 };
const ADDRESS: Weights = Weights { same: 0.7, one_off: 3.0, two_off: 0.0, beginning: 3.0 };
const BIRTH_DATE: f32 = 10.0;
const BIRTH_YEAR: f32 = 6.0;
const NUMBER: f32 = 9.0;

struct Fields {
    schema: Schema,
    person: Field,
    line: Field,
    names: Field,
    other_names: Field,
    address: Field,
    birth_date: Field,
    birth_year: Field,
    numbers: Field,
    numbers_backwards: Field,
}

impl Fields {
    fn new() -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(indexing);
        Self {
            person: schema.add_u64_field("person", STORED),
            line: schema.add_text_field("line", STORED),
            names: schema.add_text_field("names", words.clone()),
            other_names: schema.add_text_field("other_names", words.clone()),
            address: schema.add_text_field("address", words),
            birth_date: schema.add_text_field("birth_date", STRING),
            birth_year: schema.add_text_field("birth_year", STRING),
            numbers: schema.add_text_field("numbers", STRING),
            numbers_backwards: schema.add_text_field("numbers_backwards", STRING),
            schema: schema.build(),
        }
    }

    fn document(&self, person: u64, card: &Card<String>) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.person, person);
        document.add_text(self.line, card.line());
        document.add_text(self.names, &card.names);
        document.add_text(self.other_names, &card.other_names);
        document.add_text(self.address, &card.address);
        document.add_text(self.birth_date, &card.birth_date);
        if let Some((year, _)) = card.birth_date.split_once('-') {
            document.add_text(self.birth_year, year);
        }
        for number in [&card.phone, &card.national_id] {
            document.add_text(self.numbers, number);
            document.add_text(self.numbers_backwards, backwards(number));
        }
        document
    }

    fn query(&self, typed: &Typed) -> Box<dyn Query> {
        let parts = typed.parts.iter().enumerate();
        let parts = parts.map(|(place, part)| match part {
            Part::Word(word) => self.word(word, typed.is_last(place)),
            Part::Year(year) => {
                let mut any = self.number(year);
                any.push(boost(term(self.birth_year, year), BIRTH_YEAR));
                any_of(any)
            }
            Part::Date(date) => {
                let year = date.get(..4).unwrap_or_default();
                any_of(vec![
                    boost(term(self.birth_date, date), BIRTH_DATE),
                    boost(term(self.birth_year, year), BIRTH_YEAR / 2.0),
                ])
            }
            Part::Number(digits) => {
                let mut any = self.number(digits);
                any.push(boost(term(self.address, digits), ADDRESS.same));
                any_of(any)
            }
        });
        Box::new(BooleanQuery::union(parts.collect()))
    }

    fn word(&self, word: &str, is_last: bool) -> Box<dyn Query> {
        let letters = word.chars().count();
        let mut any: Vec<Box<dyn Query>> = Vec::new();
        for (field, weights) in
            [(self.names, NAMES), (self.other_names, OTHER_NAMES), (self.address, ADDRESS)]
        {
            any.push(boost(term(field, word), weights.same));
            let own = || Term::from_field_text(field, word);
            if letters >= 3 {
                any.push(boost(FuzzyTermQuery::new(own(), 1, true), weights.one_off));
            }
            if letters >= 6 && weights.two_off > 0.0 {
                any.push(boost(FuzzyTermQuery::new(own(), 2, true), weights.two_off));
            }
            if is_last && letters >= 2 {
                any.push(boost(FuzzyTermQuery::new_prefix(own(), 0, true), weights.beginning));
            }
        }
        any_of(any)
    }

    /// A number from either end.
    fn number(&self, digits: &str) -> Vec<Box<dyn Query>> {
        let ends = [(self.numbers, digits.to_owned()), (self.numbers_backwards, backwards(digits))];
        ends.iter()
            .map(|(field, digits)| {
                let term = Term::from_field_text(*field, digits);
                boost(FuzzyTermQuery::new_prefix(term, 0, true), NUMBER)
            })
            .collect()
    }
}

fn term(field: Field, text: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs)
}

fn boost(query: impl Query, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(Box::new(query), by))
}

fn any_of(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(DisjunctionMaxQuery::new(queries))
}

fn backwards(number: &str) -> String {
    number.chars().rev().collect()
}

/// Builds the index, as one segment in the end.
pub(crate) fn build(people: People<'_>, data: &Path) -> Result<(), Failure> {
    let fields = Fields::new();
    let index = Index::create_in_dir(data, fields.schema.clone())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for person in people {
        let person = person?;
        writer.add_document(fields.document(person.id, &Card::of(&person)))?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    Ok(writer.wait_merging_threads()?)
}

/// The index, open.
pub(crate) struct Tantivy {
    reader: IndexReader,
    fields: Fields,
}

impl Tantivy {
    pub(crate) fn open(data: &Path) -> Result<Self, Failure> {
        let index = Index::open_in_dir(data)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { reader, fields: Fields::new() })
    }
}

impl Engine for Tantivy {
    fn ask(&mut self, typed: &Typed) -> Result<Vec<u64>, Failure> {
        let searcher = self.reader.searcher();
        let top = TopDocs::with_limit(CANDIDATES).order_by_score();
        let mut candidates = Vec::with_capacity(CANDIDATES);
        for (_score, address) in searcher.search(&*self.fields.query(typed), &top)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let person = document.get_first(self.fields.person).and_then(|value| value.as_u64());
            let line = document.get_first(self.fields.line).and_then(|value| value.as_str());
            if let (Some(person), Some(line)) = (person, line) {
                candidates.push((person, line.to_owned()));
            }
        }
        Ok(best(typed, &candidates))
    }
}
