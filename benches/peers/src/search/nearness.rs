//! Ranks an engine's candidates anew: by how near each typed part is to what is on the card.
//!
//! Full text engines rank a fuzzy match by how rare or how many, not by how near. Whoever builds a search for people on one
//! takes its best candidates and compares them word by word; Jaro and Winkler's measure is the usual one for names.

use strsim::jaro_winkler;

use super::engine::{ANSWER_PEOPLE, Card};
use super::typed::{Part, Typed};

/// How many of an engine's candidates are ranked anew.
pub(crate) const CANDIDATES: usize = 200;

/// Words less alike than this are not taken for one.
const ALIKE_MIN: f64 = 0.72;
/// What a word that goes on after what was typed is worth, against the same word.
const BEGINNING: f64 = 0.95;
const OTHER_NAME: f64 = 0.95;
const ADDRESS: f64 = 0.8;
/// What somebody born in another year loses.
const OTHER_YEAR: f64 = 0.4;
/// What each name that was not typed loses.
const SURPLUS_NAME: f64 = 0.04;
/// What the engine's own order counts: its first candidate so much, its last nothing.
const ENGINE: f64 = 0.3;

/// The best of an engine's candidates, which come with their cards' lines, the best first.
pub(crate) fn best(typed: &Typed, candidates: &[(u64, String)]) -> Vec<u64> {
    let mut ranked: Vec<(f64, u64)> = Vec::with_capacity(candidates.len());
    let (mut place, step) = (1.0, 1.0 / f64::from(u32::try_from(CANDIDATES).unwrap_or(1)));
    for (person, line) in candidates {
        if let Some(card) = Card::parse(line) {
            ranked.push((nearness(typed, &card) + ENGINE * place, *person));
        }
        place -= step;
    }
    ranked.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    ranked.truncate(ANSWER_PEOPLE);
    ranked.into_iter().map(|(_, person)| person).collect()
}

fn nearness(typed: &Typed, card: &Card<&str>) -> f64 {
    let parts = typed.parts.iter().enumerate();
    let sum: f64 = parts.map(|(place, part)| part_nearness(part, typed.is_last(place), card)).sum();
    let words = typed.parts.iter().filter(|part| matches!(part, Part::Word(_))).count();
    let surplus = card.names.split(' ').count().saturating_sub(words);
    sum - SURPLUS_NAME * f64::from(u32::try_from(surplus).unwrap_or(u32::MAX))
}

fn part_nearness(part: &Part, is_last: bool, card: &Card<&str>) -> f64 {
    let is_end = |digits: &str| {
        [card.phone, card.national_id]
            .iter()
            .any(|number| number.ends_with(digits) || number.starts_with(digits))
    };
    match part {
        Part::Word(word) => {
            [(card.names, 1.0), (card.other_names, OTHER_NAME), (card.address, ADDRESS)]
                .into_iter()
                .map(|(text, weight)| weight * word_nearness(word, is_last, text))
                .fold(0.0, f64::max)
        }
        Part::Year(year) if card.birth_date.starts_with(year.as_str()) => 1.0,
        Part::Year(digits) if is_end(digits) => 0.9,
        Part::Date(date) if date == card.birth_date => 1.5,
        Part::Date(date) if date.get(..4) == card.birth_date.get(..4) => 0.5,
        Part::Year(_) | Part::Date(_) => -OTHER_YEAR,
        Part::Number(digits) if is_end(digits) => 1.0,
        Part::Number(digits) => word_nearness(digits, is_last, card.address),
    }
}

fn word_nearness(word: &str, is_last: bool, text: &str) -> f64 {
    let near = |other: &str| {
        if other == word {
            return 1.0;
        }
        if is_last && other.starts_with(word) {
            return BEGINNING;
        }
        let alike = jaro_winkler(word, other);
        if alike < ALIKE_MIN { 0.0 } else { alike * alike }
    };
    text.split(' ').map(near).fold(0.0, f64::max)
}
