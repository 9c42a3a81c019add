//! A register that grows: what was learnt of each country's people, and new people after it.

use std::collections::BTreeMap;
use std::fmt;

use super::chain::Chain;
use super::chance::Chance;
use super::gold::Gold;
use super::vocabulary::Vocabulary;
use casedesk_peers::people::{Failure, Person};

/// A person is drawn anew at most so often if a query could mean them.
const TRIES: usize = 1000;
/// How often the number of words is marked before it is measured, in people.
const MARK_PEOPLE: u64 = 1000;
/// The fewest letters of a word that gives way to a new one: shorter ones are particles and kinds of streets.
const WORD_CHARS_MIN: usize = 4;

/// Cells as they occur, and how their words are spelt in each script: Latin or another.
#[derive(Debug, Default)]
struct Cells {
    all: Vec<Box<str>>,
    chains: [Chain; 2],
}

impl Cells {
    fn learn(&mut self, cell: &str) {
        for word in cell.split(' ').filter(|word| is_replaceable(word)) {
            self.chain(word).learn(word);
        }
        self.all.push(cell.into());
    }

    fn chain(&mut self, word: &str) -> &mut Chain {
        let [latin, other] = &mut self.chains;
        if is_latin(word) { latin } else { other }
    }

    fn draw(&self, chance: &mut Chance) -> String {
        chance.pick(&self.all).map(|cell| String::from(&**cell)).unwrap_or_default()
    }

    /// A cell with one word that the vocabulary does not know, remembered for later draws.
    fn draw_new(&mut self, chance: &mut Chance, vocabulary: &Vocabulary) -> String {
        let cell = self.draw(chance);
        let words: Vec<&str> = cell.split(' ').collect();
        let old: Vec<usize> = words
            .iter()
            .enumerate()
            .filter(|(_, word)| is_replaceable(word))
            .map(|(at, _)| at)
            .collect();
        let Some(&place) = chance.pick(&old) else { return cell };
        let [latin, other] = &self.chains;
        let is_latin = words.get(place).is_some_and(|word| is_latin(word));
        let chain = if is_latin { latin } else { other };
        let Some(new) = chain.spell(chance, |word| !vocabulary.knows(word)) else { return cell };
        let cell = words
            .iter()
            .enumerate()
            .map(|(at, word)| if at == place { &*new } else { *word })
            .collect::<Vec<&str>>()
            .join(" ");
        self.all.push(cell.as_str().into());
        cell
    }
}

/// What was learnt of a country's people.
#[derive(Debug, Default)]
struct Country {
    given: Cells,
    family: Cells,
    streets: Cells,
    birth_dates: Vec<Box<str>>,
    numbers: Vec<(Box<str>, Box<str>)>,
}

/// People so far, and how to make more.
#[derive(Debug)]
pub(crate) struct Register {
    countries: BTreeMap<String, Country>,
    /// The country of everybody who was learnt.
    origins: Vec<Box<str>>,
    names: Vocabulary,
    addresses: Vocabulary,
    people: u64,
    next_id: u64,
    new_words: u64,
    chance: Chance,
}

impl Register {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            countries: BTreeMap::new(),
            origins: Vec::new(),
            names: Vocabulary::default(),
            addresses: Vocabulary::default(),
            people: 0,
            next_id: 0,
            new_words: 0,
            chance: Chance(seed),
        }
    }

    /// How many people there are.
    pub(crate) fn people(&self) -> u64 {
        self.people
    }

    /// Learns from somebody who is there.
    pub(crate) fn learn(&mut self, person: &Person) {
        let country = self.countries.entry(person.country.clone()).or_default();
        country.given.learn(&person.given);
        country.family.learn(&person.family);
        country.streets.learn(&person.address);
        country.birth_dates.push(person.birth_date.as_str().into());
        country.numbers.push((person.phone.as_str().into(), person.national_id.as_str().into()));
        self.origins.push(person.country.as_str().into());
        for text in [&person.given, &person.family, &person.other_names] {
            self.names.take(text);
        }
        self.addresses.take(&person.address);
        self.people += 1;
        self.next_id = self.next_id.max(person.id + 1);
        if self.people.is_multiple_of(MARK_PEOPLE) {
            self.names.mark(self.people);
            self.addresses.mark(self.people);
        }
    }

    /// Measures how words grow with people, when everybody was learnt.
    pub(crate) fn measure(&mut self) -> Result<(), Failure> {
        self.names.measure()?;
        self.addresses.measure()
    }

    /// One more person.
    pub(crate) fn grow(&mut self, gold: &Gold) -> Result<Person, Failure> {
        let mut person = self.draw();
        let mut tries = 1;
        while gold.is_mistakable(&person) {
            if tries == TRIES {
                return Err("every new person is somebody whom a query means".into());
            }
            person = self.draw();
            tries += 1;
        }
        self.names.take(&person.given);
        self.names.take(&person.family);
        self.addresses.take(&person.address);
        self.people += 1;
        self.next_id += 1;
        Ok(person)
    }

    fn draw(&mut self) -> Person {
        let chance = &mut self.chance;
        let origin =
            chance.pick(&self.origins).map(|origin| String::from(&**origin)).unwrap_or_default();
        let country = self.countries.entry(origin.clone()).or_default();
        let (mut given, mut family) = (country.given.draw(chance), country.family.draw(chance));
        if self.names.is_behind(self.people + 1) {
            // Family names are the more various: two new ones for each new given name.
            if chance.below(3) == 0 {
                given = country.given.draw_new(chance, &self.names);
            } else {
                family = country.family.draw_new(chance, &self.names);
            }
            self.new_words += 1;
        }
        let address = if self.addresses.is_behind(self.people + 1) {
            country.streets.draw_new(chance, &self.addresses)
        } else {
            country.streets.draw(chance)
        };
        let number = 1 + chance.below(240);
        let address = match address.split_once(' ') {
            Some((first, rest)) if first.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{number} {rest}")
            }
            _ => address,
        };
        let (phone, national_id) =
            chance.pick(&country.numbers).map_or(("", ""), |(phone, id)| (phone, id));
        // A telephone's first digit says what kind of number it is.
        let phone = match phone.split_at_checked(1) {
            Some((first, rest)) => format!("{first}{}", chance.digits(rest)),
            None => String::new(),
        };
        let national_id = chance.digits(national_id);
        let birth_date = birth_date(&country.birth_dates, chance);
        let id = self.next_id;
        let other_names = String::new();
        Person {
            id,
            given,
            family,
            other_names,
            birth_date,
            address,
            phone,
            national_id,
            country: origin,
        }
    }
}

/// The year of one person with the day of another; one whole date where the two make none.
fn birth_date(dates: &[Box<str>], chance: &mut Chance) -> String {
    let (one, other) = (chance.pick(dates), chance.pick(dates));
    let (one, other) = (one.map_or("", |date| date), other.map_or("", |date| date));
    match (one.split_once('-'), other.split_once('-')) {
        (Some((year, _)), Some((_, day))) if day != "02-29" => format!("{year}-{day}"),
        _ => one.to_owned(),
    }
}

fn is_replaceable(word: &str) -> bool {
    word.chars().count() >= WORD_CHARS_MIN && word.chars().all(char::is_alphabetic)
}

fn is_latin(word: &str) -> bool {
    word.chars().all(|letter| u32::from(letter) < 0x0250)
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, names_exponent) = self.names.figures();
        let (addresses, addresses_exponent) = self.addresses.figures();
        write!(
            f,
            "{} people, {names} different words in names (b = {names_exponent:.3}), {addresses} in addresses \
             (b = {addresses_exponent:.3}), {} new people with a word of a chain",
            self.people, self.new_words
        )
    }
}
