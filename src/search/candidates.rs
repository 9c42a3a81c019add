//! The people who may be meant: those in whose posting blocks the most evidence adds up.

use std::sync::Arc;

use super::asker::Asker;
use super::document::{head, tail};
use super::expand::{Expansion, Expansions, WordCounts as _, rarity};
use super::figures::{DATE_BITS, YEAR_BITS, number_bits, years_meant};
use super::find::going_on;
use super::keys::{NUMBER_KEY_BYTES, PERSON_BITS, Term};
use super::postings;
use super::query::{Item, ItemKind};
use super::score;
use super::{IndexRead, SearchError};

/// Posting entries that may bring new people in; beyond that, words so common tell little.
const GATHERED_MAX: usize = 50_000;
/// Posting entries for which room is made before any is read.
const EXPECTED_MAX: usize = 4_096;
/// Posting entries looked through for people who were already found by something that tells more.
const CONFIRMED_MAX: usize = 100_000;
/// Posting entries of one beginning or ending of a number that may bring people in; more people have the same.
const NUMBER_MAX: usize = 10_000;
/// Posting lists read for one typed word.
const LISTS_A_WORD_MAX: usize = 160;
/// Readings of one date whose whole year is looked at.
const DATE_YEARS_MAX: usize = 4;
/// One person in so many was born in a given year, and on a given day.
const PEOPLE_A_YEAR: u64 = 80;
const PEOPLE_A_DAY: u64 = 29_000;

/// Where people come from: a term, the typed word that asks for it, and what it tells.
struct Source {
    /// The posting lists: of one term, or of all terms whose keys begin alike.
    list: List,
    /// The typed word, or of a number its beginning or its ending: what counts once.
    part: usize,
    bits: f32,
    /// Where it stands among the sources of its typed word, which does not depend on numbers of words.
    rank: usize,
    /// About how many people it brings.
    entries: usize,
}

enum List {
    Of(Term),
    From(Vec<u8>),
}

impl Source {
    /// Whether whoever asks may know that a person stands in the list.
    fn is_told(&self, asker: &Asker<'_>, person: u64) -> bool {
        match self.list {
            List::Of(Term::Word(word)) => asker.finds_by(person, word),
            List::Of(_) | List::From(_) => (asker.options.is_visible)(person),
        }
    }

    fn each(
        &self,
        read: &dyn IndexRead,
        people_max: usize,
        visit: &mut impl FnMut(u64) -> bool,
    ) -> Result<usize, SearchError> {
        match &self.list {
            List::Of(term) => postings::each(read, *term, people_max, visit),
            List::From(prefix) => {
                postings::each_with_prefix(read, prefix.clone(), people_max, visit)
            }
        }
    }
}

/// Evidence that added up for one person so far.
#[derive(Debug, Clone, Copy)]
struct Sum {
    person: u64,
    bits: f32,
    parts: u64,
}

impl Sum {
    /// Adds what one typed word tells, unless something that tells more was added for it already.
    fn add(&mut self, part: usize, bits: f32) {
        let bit = 1_u64 << (part % 64);
        if self.parts & bit == 0 {
            self.parts |= bit;
            self.bits += bits;
        }
    }
}

/// People, the most promising first, and how many there were before the cut.
pub(super) struct Candidates {
    pub(super) people: Vec<u64>,
    pub(super) considered: usize,
}

/// The visible people whose evidence promises most.
///
/// The lists that tell most bring people in until enough were read; those that are left, the longest and the least
/// telling, only add to what is known of these people.
pub(super) fn gather(
    asker: &Asker<'_>,
    items: &[(Item, Arc<Expansions>)],
) -> Result<Candidates, SearchError> {
    let (read, options, people) = (asker.read, asker.options, asker.people());
    let mut sources: Vec<Source> = items
        .iter()
        .enumerate()
        .flat_map(|(place, (item, expansions))| sources(people, place, item, expansions))
        .collect();
    sources.sort_unstable_by(|one, other| {
        other
            .bits
            .total_cmp(&one.bits)
            .then(one.part.cmp(&other.part))
            .then(one.rank.cmp(&other.rank))
    });
    let expected = sources.iter().map(|source| source.entries).fold(0, usize::saturating_add);
    let mut entries: Vec<u64> = Vec::with_capacity(expected.min(EXPECTED_MAX));
    let mut left: Vec<&Source> = Vec::new();
    for (rank, source) in sources.iter().enumerate() {
        let room = GATHERED_MAX.saturating_sub(entries.len());
        if source.entries > room && !entries.is_empty() {
            left.push(source);
            continue;
        }
        going_on(options)?;
        let room = if matches!(source.list, List::From(_)) { room.min(NUMBER_MAX) } else { room };
        let read_entries = source.each(read, room.max(1), &mut |person| {
            // Who is not visible takes no room either: how far a list is read would tell of them.
            let is_visible = source.is_told(asker, person);
            if is_visible {
                entries.push(entry(person, rank));
            }
            is_visible
        })?;
        if read_entries >= room {
            left.push(source);
        }
    }
    let mut sums = added_up(&mut entries, &sources);
    let considered = sums.len();
    let mut room = CONFIRMED_MAX;
    for source in left {
        going_on(options)?;
        if room == 0 {
            break;
        }
        room = room.saturating_sub(confirm(asker, source, room, &mut sums)?);
    }
    let count_max = options.candidates.max(1);
    let by_promise = |one: &Sum, other: &Sum| {
        other.bits.total_cmp(&one.bits).then(one.person.cmp(&other.person))
    };
    if sums.len() > count_max {
        sums.select_nth_unstable_by(count_max.saturating_sub(1), by_promise);
        sums.truncate(count_max);
    }
    Ok(Candidates { people: sums.into_iter().map(|sum| sum.person).collect(), considered })
}

/// A person and the source that brought them, in one number that sorts by person, then by what tells most.
fn entry(person: u64, rank: usize) -> u64 {
    person << (64 - PERSON_BITS)
        | u64::try_from(rank).unwrap_or(u64::MAX) & (u64::MAX >> PERSON_BITS)
}

/// What the entries come to for each person, ascending by person; a typed word counts once and for the best.
fn added_up(entries: &mut [u64], sources: &[Source]) -> Vec<Sum> {
    entries.sort_unstable();
    let mut sums: Vec<Sum> = Vec::with_capacity(entries.len());
    for entry in entries.iter() {
        let person = entry >> (64 - PERSON_BITS);
        let rank = usize::try_from(entry & (u64::MAX >> PERSON_BITS)).ok();
        let Some(source) = rank.and_then(|rank| sources.get(rank)) else { continue };
        match sums.last_mut() {
            Some(sum) if sum.person == person => sum.add(source.part, source.bits),
            _ => {
                let mut sum = Sum { person, bits: 0.0, parts: 0 };
                sum.add(source.part, source.bits);
                sums.push(sum);
            }
        }
    }
    sums
}

/// Adds what a list tells to the people who are there already; says how many visible people were read.
fn confirm(
    asker: &Asker<'_>,
    source: &Source,
    people_max: usize,
    sums: &mut [Sum],
) -> Result<usize, SearchError> {
    let mut place = 0;
    let mut before = 0;
    source.each(asker.read, people_max, &mut |person| {
        let is_visible = source.is_told(asker, person);
        // The tail comes first, then everybody before it.
        if person < before {
            place = 0;
        }
        before = person;
        // Both ascend, so the next one is near: look in steps that double.
        let mut step = 1;
        while sums.get(place + step).is_some_and(|sum| sum.person < person) {
            place += step;
            step *= 2;
        }
        let near = sums.get(place..sums.len().min(place + step + 1)).unwrap_or_default();
        place += near.partition_point(|sum| sum.person < person);
        if let Some(sum) = sums.get_mut(place).filter(|sum| is_visible && sum.person == person) {
            sum.add(source.part, source.bits);
        }
        is_visible
    })
}

fn sources(people: u64, place: usize, item: &Item, expansions: &Expansions) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let mut push = |list, is_tail, bits, entries: u64| {
        let rank = sources.len();
        let entries = usize::try_from(entries).unwrap_or(usize::MAX);
        if bits > 0.0 {
            let part = 2 * place + usize::from(is_tail);
            sources.push(Source { list, part, bits, rank, entries });
        }
    };
    let mut telling: Vec<&Expansion> = expansions.nearest.iter().collect();
    // Stable, so that words of equal worth keep their order.
    telling.sort_by(|one, other| score::word_bits(other).total_cmp(&score::word_bits(one)));
    for expansion in telling.into_iter().take(LISTS_A_WORD_MAX) {
        let term = Term::Word(expansion.word);
        push(List::Of(term), false, score::word_bits(expansion), expansion.frequency.into());
    }
    let (in_year, on_day) = (people / PEOPLE_A_YEAR, people / PEOPLE_A_DAY);
    for (reading, (year, month, day)) in item.dates().into_iter().enumerate() {
        push(List::Of(Term::Date(year, month, day)), false, DATE_BITS, on_day);
        if reading < DATE_YEARS_MAX {
            push(List::Of(Term::Year(year)), false, YEAR_BITS, in_year);
        }
    }
    if item.is_numbered() {
        if item.is_typed && item.kind == ItemKind::Number {
            for (year, bits) in years_meant(&item.text) {
                push(List::Of(Term::Year(year)), false, bits, in_year);
            }
        }
        // A key tells as much as it holds; of a longer number, the beginning and the ending tell together.
        let held = item.text.get(..NUMBER_KEY_BYTES).unwrap_or(&item.text);
        let bits = number_bits(held, rarity(people, 0));
        let entries = people >> (10 * held.len() / 3).min(63);
        for (prefix, is_tail) in number_lists(&item.text) {
            push(List::From(prefix), is_tail && item.text.len() > held.len(), bits, entries);
        }
    }
    sources
}

/// Where the keys begin of everywhere that a number, or a part of one from either end, may stand, and whether it is an
/// ending; those first, because many numbers begin alike.
fn number_lists(text: &str) -> Vec<(Vec<u8>, bool)> {
    let national = text.trim_start_matches('0');
    let heads = [
        (text, head(text).map(Term::IdHead)),
        (text, head(text).map(Term::TelephoneHead)),
        (national, head(national).map(Term::TelephoneHead)),
    ];
    let tails = [(text, tail(text).map(Term::IdTail)), (text, tail(text).map(Term::TelephoneTail))];
    let heads = heads.into_iter().map(|(number, term)| (number, term, false));
    let tails = tails.into_iter().map(|(number, term)| (number, term, true));
    let mut prefixes: Vec<(Vec<u8>, bool)> = Vec::new();
    for (number, term, is_tail) in tails.chain(heads) {
        let Some(term) = term else { continue };
        let missing = NUMBER_KEY_BYTES.saturating_sub(number.len());
        let mut prefix = term.prefix();
        prefix.truncate(prefix.len() - missing);
        if !prefixes.iter().any(|(other, _)| *other == prefix) {
            prefixes.push((prefix, is_tail));
        }
    }
    prefixes
}
