//! An index that is built at once says what an index says that grew person by person.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::collections::BTreeMap;
use std::io;

use casedesk::search::{Bulk, Dictionary, Document, IndexCheck, Indexer, Scratch, SearchError};

use crate::search_index::answers;
use crate::search_office::{Office, chances, person};

/// A scratch space in memory.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) Vec<u8>);

impl Scratch for Memory {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(from).unwrap();
        into.copy_from_slice(&self.0[from..from + into.len()]);
        Ok(())
    }
}

/// The index of these people, built at once with so little memory that much goes to the scratch space.
pub(crate) fn built<'a>(people: impl IntoIterator<Item = &'a Document>) -> Office {
    let mut scratch = Memory::default();
    let mut bulk = Bulk::new(&mut scratch, 0);
    let mut restricted = 0;
    for is in people {
        restricted += u64::from(is.is_restricted);
        bulk.put(is).unwrap();
    }
    let mut rows: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let built = bulk.finish(|row, steps| {
        assert!(steps.done <= steps.total);
        rows.push(row);
        Ok::<_, SearchError>(())
    });
    assert!(rows.is_sorted_by(|one, other| one.0 < other.0), "keys ascend, and each comes once");
    let office =
        Office { store: rows.into_iter().map(|(key, value)| (key, value.into())).collect() };
    let dictionary = Dictionary::load(&office).unwrap();
    let built = built.unwrap();
    let counted = built.people - restricted;
    assert_eq!((counted, built.words as usize), (dictionary.people(), dictionary.len()));
    office
}

/// What an index says otherwise than the people.
pub(crate) fn differences<'a>(
    office: &Office,
    people: impl IntoIterator<Item = &'a Document>,
) -> Vec<String> {
    let mut check = IndexCheck::new(office).unwrap();
    people.into_iter().for_each(|is| check.see(is).unwrap());
    check.finish().unwrap()
}

#[test]
fn an_index_built_at_once_says_what_one_says_that_grew() {
    let mut chance = chances(41);
    let mut people: BTreeMap<u64, Document> = BTreeMap::new();
    while people.len() < 3_000 {
        // Numbers with holes, so that blocks are not all full.
        let number = chance(6_000);
        people.insert(number, person(number, &mut chance));
    }
    let mut grown = Office::default();
    let all: Vec<Document> = people.values().cloned().collect();
    all.chunks(200).for_each(|some| grown.put_all(some));
    let office = built(&all);
    assert_eq!(differences(&office, &all), Vec::<String>::new());
    assert_eq!(answers(&office), answers(&grown));
    let postings = |office: &Office| {
        let blocks = office.store.iter().filter(|(key, _)| key[0] == 7);
        blocks.map(|(key, value)| (key.clone(), value.clone())).collect::<Vec<_>>()
    };
    assert_eq!(postings(&office), postings(&grown), "numbers lie in the same blocks");
    assert!(office.bytes().len() <= grown.bytes().len());
    let backwards = built(all.iter().rev());
    assert_eq!(office.bytes(), backwards.bytes(), "the order of people does not matter");
}

#[test]
fn an_index_built_at_once_goes_on_growing() {
    let mut chance = chances(43);
    let mut people: Vec<Document> = (0..900).map(|number| person(number, &mut chance)).collect();
    let mut office = built(&people[..800]);
    office.put_all(&people[800..]);
    for gone in [3, 799, 800, 12] {
        office.remove(gone);
        people.retain(|is| is.person != gone);
    }
    assert_eq!(differences(&office, &people), Vec::<String>::new());
    assert_eq!(answers(&office), answers(&built(&people)));
}

#[test]
fn a_dictionary_notices_that_the_index_was_built_anew() {
    let mut chance = chances(47);
    let people: Vec<Document> = (0..300).map(|number| person(number, &mut chance)).collect();
    let mut grown = Office::default();
    grown.put_all(&people);
    let mut dictionary = Dictionary::load(&grown).unwrap();
    let office = built(&people);
    dictionary.refresh(&office).unwrap();
    let found = |dictionary: &Dictionary| {
        let hits = office.find_with(dictionary, "sara mohamedi").hits;
        hits.iter().map(|hit| (hit.person, format!("{:?}", hit.evidence))).collect::<Vec<_>>()
    };
    assert_eq!(found(&dictionary), found(&Dictionary::load(&office).unwrap()));
}

#[test]
fn an_index_of_nobody_is_one() {
    let office = built([]);
    assert_eq!(differences(&office, []), Vec::<String>::new());
    assert!(Indexer::new(&office).is_ok());
}

#[test]
fn somebody_who_comes_twice_is_an_error() {
    let mut scratch = Memory::default();
    let mut bulk = Bulk::new(&mut scratch, 0);
    let is = person(7, &mut chances(1));
    bulk.put(&is).unwrap();
    bulk.put(&is).unwrap();
    assert!(bulk.finish(|_, _| Ok::<_, SearchError>(())).is_err());
}
