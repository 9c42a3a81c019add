//! The people who may be meant: those in whose posting blocks the most evidence adds up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::document::{head, tail};
use super::expand::{Expansion, Expansions, information};
use super::figures::{DATE_BITS, YEAR_BITS, number_bits, years_meant};
use super::find::{FindOptions, going_on};
use super::keys::Term;
use super::postings;
use super::query::{Item, ItemKind};
use super::score;
use super::{IndexRead, SearchError};

/// Posting entries read for one question; beyond that, words so common tell little.
const ENTRIES_MAX: usize = 250_000;
/// Posting lists read for one typed word.
const LISTS_A_WORD_MAX: usize = 160;
/// Readings of one date whose whole year is looked at.
const DATE_YEARS_MAX: usize = 4;

/// Where people come from: a term, the typed word that asks for it, and what it tells.
struct Source {
    term: Term,
    item: usize,
    bits: f32,
    /// Where it stands among the sources of its typed word, which does not depend on numbers of words.
    rank: usize,
    entries: usize,
}

/// Evidence that added up for one person so far.
#[derive(Clone, Copy, Default)]
struct Sum {
    bits: f32,
    items: u64,
}

/// People, the most promising first, and how many there were before the cut.
pub(super) struct Candidates {
    pub(super) people: Vec<u64>,
    pub(super) considered: usize,
}

/// The visible people whose evidence promises most.
pub(super) fn gather(
    read: &dyn IndexRead,
    people: u64,
    items: &[(Item, Arc<Expansions>)],
    options: &FindOptions<'_>,
) -> Result<Candidates, SearchError> {
    let mut sources: Vec<Source> = items
        .iter()
        .enumerate()
        .flat_map(|(place, (item, expansions))| sources(people, place, item, expansions))
        .collect();
    sources.sort_unstable_by(|one, other| {
        other
            .bits
            .total_cmp(&one.bits)
            .then(one.item.cmp(&other.item))
            .then(one.rank.cmp(&other.rank))
    });
    let mut sums: HashMap<u64, Sum, BuildHasherDefault<PersonHasher>> = HashMap::default();
    let mut entries_left = ENTRIES_MAX;
    for source in &sources {
        if source.entries > entries_left && !sums.is_empty() {
            continue;
        }
        going_on(options)?;
        let bit = 1_u64 << (source.item % 64);
        let mut entries = 0;
        postings::each(read, source.term, entries_left.max(1), |person| {
            entries += 1;
            let sum = sums.entry(person).or_default();
            // The sources come with the most telling first, so a typed word counts once and for the best.
            if sum.items & bit == 0 {
                sum.items |= bit;
                sum.bits += source.bits;
            }
        })?;
        entries_left = entries_left.saturating_sub(entries);
    }
    let mut ranked: Vec<(f32, u64)> = sums
        .into_iter()
        .filter(|&(person, _)| (options.is_visible)(person))
        .map(|(person, sum)| (sum.bits, person))
        .collect();
    let considered = ranked.len();
    let count_max = options.candidates.max(1);
    let by_promise =
        |one: &(f32, u64), other: &(f32, u64)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
    if ranked.len() > count_max {
        ranked.select_nth_unstable_by(count_max.saturating_sub(1), by_promise);
        ranked.truncate(count_max);
    }
    ranked.sort_unstable_by(by_promise);
    Ok(Candidates { people: ranked.into_iter().map(|(_, person)| person).collect(), considered })
}

fn sources(people: u64, place: usize, item: &Item, expansions: &Expansions) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let mut push = |term, bits, entries| {
        let rank = sources.len();
        if bits > 0.0 {
            sources.push(Source { term, item: place, bits, rank, entries });
        }
    };
    let mut telling: Vec<&Expansion> = expansions.nearest.iter().collect();
    // Stable, so that words of equal worth keep their order.
    telling.sort_by(|one, other| score::word_bits(other).total_cmp(&score::word_bits(one)));
    for expansion in telling.into_iter().take(LISTS_A_WORD_MAX) {
        push(
            Term::Word(expansion.word),
            score::word_bits(expansion),
            usize::try_from(expansion.frequency).unwrap_or(usize::MAX),
        );
    }
    for (reading, (year, month, day)) in item.dates().into_iter().enumerate() {
        push(Term::Date(year, month, day), DATE_BITS, 0);
        if reading < DATE_YEARS_MAX {
            push(Term::Year(year), YEAR_BITS, 0);
        }
    }
    if item.is_numbered() {
        if item.is_typed && item.kind == ItemKind::Number {
            for (year, bits) in years_meant(&item.text) {
                push(Term::Year(year), bits, 0);
            }
        }
        let bits = number_bits(&item.text, information(people, 0));
        for term in number_terms(&item.text) {
            push(term, bits, 0);
        }
    }
    sources
}

/// Everywhere that a number, or a part of one from either end, may stand.
fn number_terms(text: &str) -> Vec<Term> {
    let national = text.trim_start_matches('0');
    let mut terms: Vec<Term> = [
        head(text).map(Term::IdHead),
        tail(text).map(Term::IdTail),
        head(text).map(Term::TelephoneHead),
        head(national).map(Term::TelephoneHead),
        tail(text).map(Term::TelephoneTail),
    ]
    .into_iter()
    .flatten()
    .collect();
    terms.dedup();
    terms
}

/// Person numbers are their own hash, spread by one multiplication: nobody outside chooses them.
#[derive(Default)]
struct PersonHasher(u64);

impl Hasher for PersonHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, number: u64) {
        let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ (spread >> 32);
    }
}
