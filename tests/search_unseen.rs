//! Whom somebody may not find moves no weight, no order and no count of what they find.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;

use casedesk::search::{
    Dictionary, Document, FindOptions, Found, FoundWithout, Gender, KinName, Kinship, Relative,
    Role, find,
};

use crate::search_bulk::{built, differences};
use crate::search_office::{Office, chances, person};

/// Names that open people have too, names near theirs, one that sounds like one of theirs, and names that nobody else has.
const HIDDEN: [&str; 8] = [
    "Sara Mohammadi",
    "Sarah Mohamadi",
    "Anna Solberg",
    "Annasolberg Bell",
    "Zbigniew Quux",
    "Zbigniev Solbergsen",
    "Sarra Bel",
    "Xenia Mohammadiyan",
];

/// Questions that hidden people would answer, and some that they would only be near.
const QUESTIONS: [&str; 26] = [
    "s",
    "sa",
    "sara",
    "sarah",
    "sara m",
    "sara mohammadi",
    "sarra mohamadi",
    "mohamad",
    "anna",
    "annasolberg",
    "anna solberg 198",
    "zbigniew",
    "zbignie",
    "quux",
    "solberg",
    "solbergs",
    "bell",
    "xenia",
    "mother of sara",
    "husband of zbigniew",
    "reza zbigniew",
    "solberg xenia 14",
    "mohammadi sara vuksan",
    "14 stor",
    "0155",
    "[vhv",
];

/// People whom everybody may find, among them some who are named alike.
fn open() -> Vec<Document> {
    let mut chance = chances(5);
    let mut people: Vec<Document> = (1..240).map(|it| person(it * 2, &mut chance)).collect();
    for (at, name) in
        ["Sara Mohammadi", "Anna Solberg", "Ann Solberg", "Zara Bell"].iter().enumerate()
    {
        people.push(named(800 + at as u64 * 2, name));
    }
    people
}

fn named(number: u64, name: &str) -> Document {
    let addresses = vec!["14 Storgata, 0155 Lilleby".to_owned()];
    let names = vec![name.to_owned()];
    Document { person: number, names, addresses, ..Document::default() }
}

/// Very many of each hidden name, with odd numbers from `first` on.
fn hidden(first: u64, is_restricted: bool) -> Vec<Document> {
    let names = (0..).zip(HIDDEN.iter().cycle().take(HIDDEN.len() * 12));
    let hidden = names.map(|(at, name)| {
        let role = Role { kinship: Kinship::Parent, gender: Some(Gender::Woman) };
        let related_names = vec![Relative { role, name: "Sara Vuksan".to_owned() }];
        Document { is_restricted, related_names, ..named(first + 2 * at, name) }
    });
    hidden.collect()
}

/// What somebody finds who may not find those with an odd number up to `hidden_max`.
fn found(
    office: &Office,
    dictionary: &Dictionary,
    options: FindOptions<'_>,
    max: u64,
) -> Vec<Found> {
    let is_visible = |person: u64| person.is_multiple_of(2) || person > max;
    let options = FindOptions { is_visible: &is_visible, limit: 50, ..options };
    QUESTIONS.iter().map(|text| find(dictionary, office, text, &options).unwrap()).collect()
}

fn whole(office: &Office, options: FindOptions<'_>, max: u64) -> Vec<Found> {
    found(office, &Dictionary::load(office).unwrap(), options, max)
}

fn assert_same(without: &[Found], with: &[Found]) {
    for ((text, without), with) in QUESTIONS.iter().zip(without).zip(with) {
        assert_eq!(without, with, "{text}");
    }
    assert!(without.iter().filter(|found| !found.hits.is_empty()).count() > 10);
}

fn not_restricted() -> FindOptions<'static> {
    FindOptions { finds_restricted: false, ..FindOptions::default() }
}

#[test]
fn restricted_people_change_nothing_for_whoever_may_not_find_them() {
    let (open, hidden) = (open(), hidden(1, true));
    let all: Vec<Document> = open.iter().chain(&hidden).cloned().collect();
    let without = whole(&built(&open), not_restricted(), 0);
    assert_same(&without, &whole(&built(&all), not_restricted(), u64::MAX));
    let mut grown = Office::default();
    grown.put_all(&hidden);
    grown.put_all(&open);
    assert_same(&without, &whole(&grown, not_restricted(), u64::MAX));
    assert_eq!(differences(&grown, &all), Vec::<String>::new());
    assert_eq!(differences(&built(&all), &all), Vec::<String>::new());
}

#[test]
fn whoever_may_find_some_restricted_people_learns_nothing_of_the_others() {
    let seen: Vec<Document> = open().into_iter().chain(hidden(5_001, true)).collect();
    let all: Vec<Document> = seen.iter().cloned().chain(hidden(1, true)).collect();
    let without = whole(&built(&seen), FindOptions::default(), 5_000);
    assert_same(&without, &whole(&built(&all), FindOptions::default(), 5_000));
    let quux = QUESTIONS.iter().position(|text| *text == "quux").unwrap();
    assert_eq!(without[quux].hits.len(), 12, "and finds those by what only they are named");
}

#[test]
fn closed_people_change_nothing_for_whom_they_are_closed() {
    let (open, closed) = (open(), hidden(1, false));
    let all: Vec<Document> = open.iter().chain(&closed).cloned().collect();
    let numbers: Vec<u64> = closed.iter().map(|document| document.person).collect();
    let options = FindOptions { closed: &numbers, ..not_restricted() };
    let without = whole(&built(&open), not_restricted(), 0);
    assert_same(&without, &whole(&built(&all), options, u64::MAX));
}

/// The same people, every third with a relative of each of two of the hidden names, and two with one that stays as well.
fn beside(people: &[Document], is_told_only: bool) -> Vec<Document> {
    let mut beside = people.to_vec();
    for (at, person) in beside.iter_mut().enumerate().filter(|(at, _)| at.is_multiple_of(3)) {
        person.related_names = kin(at, is_told_only);
        person.is_restricted = at.is_multiple_of(12);
    }
    beside
}

fn kin(at: usize, is_told_only: bool) -> Vec<Relative> {
    let named = |name: &str, gender| {
        let role = Role { kinship: Kinship::Spouse, gender: Some(gender) };
        Relative { role, name: name.to_owned() }
    };
    let closed = [at, at + 5].map(|at| named(HIDDEN[at % HIDDEN.len()], Gender::Man));
    let mut kin = if is_told_only { Vec::new() } else { closed.to_vec() };
    // Another relative's name with one word of a closed one's, and now and then the very same.
    kin.push(named(if at.is_multiple_of(2) { "Sara Vuksan" } else { "Quux Bell" }, Gender::Man));
    kin.extend(at.is_multiple_of(9).then(|| closed[1].clone()));
    kin
}

#[test]
fn names_of_closed_relatives_change_nothing_of_whom_they_belong_to() {
    let (without, open) = (beside(&open(), true), beside(&open(), false));
    let closed = hidden(1, false);
    let all: Vec<Document> = open.iter().chain(&closed).cloned().collect();
    let numbers: Vec<u64> = closed.iter().map(|document| document.person).collect();
    let told = |person: &Document| FoundWithout {
        person: person.person,
        kin: person.related_names.iter().map(KinName::of).collect(),
    };
    let told: Vec<FoundWithout> =
        without.iter().filter(|person| !person.related_names.is_empty()).map(told).collect();
    let options = FindOptions { closed: &numbers, found_without: &told, ..FindOptions::default() };
    let without = built(&without);
    let with = built(&all);
    for candidates in [5, 250] {
        let candidates = |options: &FindOptions<'static>| FindOptions { candidates, ..*options };
        let plain = candidates(&FindOptions::default());
        let options = FindOptions { candidates: plain.candidates, ..options };
        assert_same(&whole(&without, plain, 0), &whole(&with, options, u64::MAX));
    }
    // What a dictionary leaves out, for want of memory, is told apart all the same.
    let narrow = Dictionary::load_within(&with, 1_000).unwrap();
    let without = found(&without, &Dictionary::load(&without).unwrap(), FindOptions::default(), 0);
    let spouse = QUESTIONS.iter().position(|text| *text == "husband of zbigniew").unwrap();
    assert!(!without[spouse].hits.is_empty());
    let with = found(&with, &narrow, options, u64::MAX);
    let people = |found: &Found| found.hits.iter().map(|hit| hit.person).collect::<BTreeSet<_>>();
    assert!(!with[spouse].hits.is_empty());
    assert!(people(&with[spouse]).is_subset(&people(&without[spouse])));
}

#[test]
fn who_comes_to_be_restricted_moves_no_weight_of_a_dictionary_that_knew_them() {
    let known = open();
    let mut office = built(&known);
    office.put_all(&hidden(1, false)[..3]);
    let mut dictionary = Dictionary::load(&office).unwrap();
    office.put_all(&hidden(1, true)[..3]);
    dictionary.refresh(&office).unwrap();
    let without = whole(&built(&known), not_restricted(), 0);
    assert_same(&without, &found(&office, &dictionary, not_restricted(), u64::MAX));
    let again = Dictionary::load(&office).unwrap();
    assert_same(&without, &found(&office, &again, not_restricted(), u64::MAX));
}

#[test]
fn a_dictionary_that_followed_every_change_tells_nothing_either() {
    let (open, hidden) = (open(), hidden(1, true));
    let (mut without, mut with) = (Office::default(), Office::default());
    let (mut short, mut long) = (Dictionary::default(), Dictionary::default());
    for (at, person) in open.iter().enumerate() {
        if let Some(hidden) = hidden.get(at) {
            with.put(hidden);
            long.refresh(&with).unwrap();
        }
        without.put(person);
        with.put(person);
        short.refresh(&without).unwrap();
        long.refresh(&with).unwrap();
    }
    // Names that until now only hidden people had, and one that is somebody's no more.
    for (number, name) in [(900, "Zbigniew Bell"), (902, "Xenia Solberg"), (904, "Quux Bell")] {
        without.put(&named(number, name));
        with.put(&named(number, name));
    }
    short.refresh(&without).unwrap();
    long.refresh(&with).unwrap();
    let options = not_restricted;
    let without = found(&without, &short, options(), 0);
    assert_same(&without, &found(&with, &long, options(), u64::MAX));
    let quux = QUESTIONS.iter().position(|text| *text == "quux").unwrap();
    assert_eq!(without[quux].hits.len(), 1);
}

#[test]
fn who_becomes_restricted_is_counted_no_more_and_again_when_that_ends() {
    let open = open();
    let mut office = built(&open);
    let before = office.bytes();
    let restricted: Vec<Document> =
        open.iter().take(60).map(|it| Document { is_restricted: true, ..it.clone() }).collect();
    office.put_all(&restricted);
    let now: Vec<Document> = restricted.iter().chain(&open[60..]).cloned().collect();
    assert_eq!(differences(&office, &now), Vec::<String>::new());
    assert_eq!(Dictionary::load(&office).unwrap().people(), open.len() as u64 - 60);
    office.put_all(&open);
    assert_eq!(differences(&office, &open), Vec::<String>::new());
    let changed =
        office.bytes().iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
    assert!(changed <= 1, "only how many words came back is another: {changed} rows");
}
