//! The index says of people what was last said, in whatever order they came.

use std::collections::BTreeMap;

use casedesk::search::{
    Dictionary, FORMAT, FindOptions, Hit, Indexer, SearchError, find, format_of,
};

use crate::search_office::{Office, chances, person};

/// Everything findable, by what was typed.
pub(crate) fn answers(office: &Office) -> BTreeMap<String, Vec<(u64, String)>> {
    let questions = [
        "sara mohamedi",
        "zolt",
        "1970",
        "ada 1970",
        "marrow 12",
        "reza karimi 1985-03",
        "4411",
        "stone street",
        "inggrid",
        "محمد",
    ];
    questions
        .into_iter()
        .map(|question| {
            let hits = office.find(question).hits;
            let told =
                |hit: &Hit| (hit.person, format!("{:.3} {:?}", hit.score_bits, hit.evidence));
            (question.to_owned(), hits.iter().map(told).collect())
        })
        .collect()
}

#[test]
fn an_index_after_many_changes_answers_like_one_built_fresh() {
    let mut chance = chances(7);
    let mut office = Office::default();
    let mut truth = BTreeMap::new();
    for _ in 0..1_500 {
        let number = chance(300);
        if chance(4) == 0 {
            truth.remove(&number);
            office.remove(number);
        } else {
            let is = person(number, &mut chance);
            office.put(&is);
            truth.insert(number, is);
        }
    }
    let mut fresh = Office::default();
    for is in truth.values() {
        fresh.put(is);
    }
    assert_eq!(answers(&office), answers(&fresh));
    let people = truth.len() as u64;
    assert_eq!(Dictionary::load(&office).unwrap().people(), people);
}

#[test]
fn taking_somebody_out_and_putting_them_back_leaves_every_byte_as_it_was() {
    let mut chance = chances(11);
    let people: Vec<_> = (1..120).map(|number| person(number, &mut chance)).collect();
    let mut office = Office::default();
    for is in &people {
        office.put(is);
    }
    let before = office.bytes();
    let last = people.last().unwrap();
    office.remove(last.person);
    assert_ne!(office.bytes(), before);
    office.put(last);
    assert_eq!(office.bytes(), before);
    office.put(last);
    assert_eq!(office.bytes(), before);
}

#[test]
fn removing_everybody_leaves_nobody_to_be_found() {
    let mut chance = chances(3);
    let mut office = Office::default();
    (1..200).for_each(|number| office.put(&person(number, &mut chance)));
    (1..200).for_each(|number| office.remove(number));
    assert!(answers(&office).values().all(Vec::is_empty));
    assert_eq!(Dictionary::load(&office).unwrap().people(), 0);
}

#[test]
fn the_order_in_which_people_come_does_not_change_who_is_found() {
    let mut chance = chances(5);
    let people: Vec<_> = (1..400).map(|number| person(number, &mut chance)).collect();
    let mut forwards = Office::default();
    for is in &people {
        forwards.put(is);
    }
    let mut backwards = Office::default();
    for is in people.iter().rev() {
        backwards.put(is);
    }
    assert_eq!(answers(&forwards), answers(&backwards));
}

#[test]
fn many_people_in_one_commit_are_indexed_as_one_by_one() {
    let mut chance = chances(9);
    let people: Vec<_> = (1..150).map(|number| person(number, &mut chance)).collect();
    let mut one_by_one = Office::default();
    for is in &people {
        one_by_one.put(is);
    }
    let mut together = Office::default();
    together.put_all(&people);
    assert_eq!(together.bytes(), one_by_one.bytes());
}

#[test]
fn a_dictionary_that_is_refreshed_knows_what_a_new_one_knows() {
    let mut chance = chances(13);
    let mut office = Office::default();
    let mut dictionary = Dictionary::load(&office).unwrap();
    for number in 1..200 {
        office.put(&person(number, &mut chance));
        dictionary.refresh(&office).unwrap();
    }
    assert_eq!(dictionary.len(), Dictionary::load(&office).unwrap().len());
    assert_eq!(office.find_with(&dictionary, "sara").hits.len(), office.find("sara").hits.len());
}

#[test]
fn an_index_of_another_format_is_refused_and_says_which() {
    let mut office = Office::default();
    assert_eq!(format_of(&office).unwrap(), None);
    office.put(&person(1, &mut chances(1)));
    assert_eq!(format_of(&office).unwrap(), Some(FORMAT));
    office.store.insert(vec![0], vec![99].into());
    let refused = Dictionary::load(&office).unwrap_err();
    assert!(matches!(refused, SearchError::Format { found: 99, expected: FORMAT }));
    assert!(Indexer::new(&office).is_err());
}

#[test]
fn damaged_records_are_errors_and_never_a_panic() {
    let mut chance = chances(17);
    let mut office = Office::default();
    (1..60).for_each(|number| office.put(&person(number, &mut chance)));
    let whole = office.store.clone();
    for (key, value) in &whole {
        for cut in [0, value.len() / 2, value.len().saturating_sub(1)] {
            let mut bytes = value.get(..cut).unwrap_or_default().to_vec();
            bytes.extend([0xff; 3]);
            office.store.insert(key.clone(), bytes.into());
            touch(&office);
        }
        office.store.insert(key.clone(), value.clone());
    }
}

/// Loads, asks, changes: whether it works does not matter here.
fn touch(office: &Office) {
    if let Ok(dictionary) = Dictionary::load(office) {
        let _ = find(&dictionary, office, "sara stone 1970", &FindOptions::default());
    }
    if let Ok(mut indexer) = Indexer::new(office) {
        let _ = indexer.put(&person(7, &mut chances(2)));
        let _ = indexer.remove(9);
    }
}

#[test]
fn a_dictionary_without_memory_for_a_word_finds_it_as_it_is_written() {
    let mut chance = chances(3);
    let mut office = Office::default();
    office.put_all(&(0..300).map(|number| person(number, &mut chance)).collect::<Vec<_>>());
    // A word that comes when the memory is used up.
    let mut last = person(300, &mut chance);
    last.names = vec!["Philippa Quenneville".to_owned()];
    office.put(&last);
    let whole = Dictionary::load(&office).unwrap();
    let bounded = Dictionary::load_within(&office, 100).unwrap();
    assert_eq!((whole.len(), whole.people()), (bounded.len(), bounded.people()));
    let first =
        |dictionary, text| office.find_with(dictionary, text).hits.first().map(|hit| hit.person);
    assert_eq!(first(&whole, "quenneville"), Some(300));
    assert_eq!(first(&bounded, "quenneville"), Some(300));
    assert_eq!(first(&whole, "quennevile"), Some(300));
    assert_ne!(
        first(&bounded, "quennevile"),
        Some(300),
        "nothing is compared with what is left out"
    );
}
