//! Whom a person is worth comparing with, by the index alone.

use std::collections::HashMap;

use super::super::dictionary::Dictionary;
use super::super::document::{BirthDate, Document, GroupKind, head, tail};
use super::super::expand::{expand, rarity};
use super::super::find::Closeness;
use super::super::keys::Term;
use super::super::query::{Item, ItemKind};
use super::super::words::{self, Class};
use super::super::{IndexRead, SearchError, postings};

/// People whose records are compared in full with one person's.
pub const CANDIDATES_MAX: usize = 48;
/// What two people have to share, by the index alone, to be compared in full: a little less than a date of birth.
const BLOCK_BITS_MIN: f32 = 13.0;
/// People who may have something for it to be followed to them; of more, other signs tell enough.
const BLOCK_PEOPLE_MAX: usize = 2_000;
/// People who are asked for at most, whether they are wanted.
const ASKED_MAX: usize = 1_000;
/// Words that a name may have been misspelt from, whose people are looked at.
const SPELLINGS_MAX: usize = 24;

/// How to look for whoever may be the same.
#[derive(Clone, Copy)]
pub struct AlikeOptions<'a> {
    /// Whether names that are only spelt or sound alike are followed, which takes some milliseconds a name.
    pub is_thorough: bool,
    /// Whether a person may be among them; asked in the order of promise until there are enough.
    pub is_wanted: &'a dyn Fn(u64) -> bool,
}

impl std::fmt::Debug for AlikeOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AlikeOptions")
            .field("is_thorough", &self.is_thorough)
            .finish_non_exhaustive()
    }
}

/// The people who are worth comparing with a person, the most promising first, at most [`CANDIDATES_MAX`]: those who share
/// the ends of an id or telephone, the date of birth (also turned), or rare words of a name.
///
/// # Errors
/// If the store fails, or a record of the index is damaged.
pub fn candidates(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    document: &Document,
    options: &AlikeOptions<'_>,
) -> Result<Vec<u64>, SearchError> {
    let mut sums: HashMap<u64, (f32, u64)> = HashMap::new();
    for (place, terms) in (0_u32..64).zip(blocks(dictionary, read, document, options)?) {
        let mut left = BLOCK_PEOPLE_MAX;
        for term in terms {
            let mut people = Vec::new();
            postings::each(read, term, left.max(1), &mut |person| {
                people.push(person);
                true
            })?;
            let count = u64::try_from(people.len()).unwrap_or(u64::MAX);
            if people.len() > left {
                continue;
            }
            left -= people.len();
            let bits = rarity(dictionary.people(), count);
            for person in people {
                let sum = sums.entry(person).or_default();
                if sum.1 & (1 << place) == 0 {
                    *sum = (sum.0 + bits, sum.1 | (1 << place));
                }
            }
        }
    }
    let mut ranked: Vec<(f32, u64)> = sums
        .into_iter()
        .filter(|&(person, (bits, _))| bits >= BLOCK_BITS_MIN && person != document.person)
        .map(|(person, (bits, _))| (bits, person))
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let wanted = ranked.into_iter().take(ASKED_MAX).map(|(_, person)| person);
    Ok(wanted.filter(|&person| (options.is_wanted)(person)).take(CANDIDATES_MAX).collect())
}

/// The terms by which people may be the same, each kind of sign with the terms that stand for it.
fn blocks(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    document: &Document,
    options: &AlikeOptions<'_>,
) -> Result<Vec<Vec<Term>>, SearchError> {
    let mut blocks: Vec<Vec<Term>> = Vec::new();
    for id in document.id_numbers() {
        blocks
            .extend([head(&id).map(Term::IdHead), tail(&id).map(Term::IdTail)].map(Vec::from_iter));
    }
    for telephone in document.telephone_numbers() {
        blocks.push(tail(&telephone.digits).map(Term::TelephoneTail).into_iter().collect());
        blocks.push(head(telephone.national()).map(Term::TelephoneHead).into_iter().collect());
    }
    if let Some(BirthDate { year, month: Some(month), day: Some(day) }) = document.birth_date {
        blocks.push(vec![Term::Date(year, month, day)]);
        if day <= 12 && day != month {
            blocks.push(vec![Term::Date(year, day, month)]);
        }
    }
    let mut seen: Vec<String> = Vec::new();
    for group in document.groups() {
        if !matches!(group.kind, GroupKind::Name | GroupKind::OtherName) {
            continue;
        }
        for text in group.words {
            if !seen.contains(&text) {
                blocks.push(name_terms(dictionary, read, &text, options.is_thorough)?);
                seen.push(text);
            }
        }
    }
    Ok(blocks)
}

fn name_terms(
    dictionary: &Dictionary,
    read: &dyn IndexRead,
    text: &str,
    is_thorough: bool,
) -> Result<Vec<Term>, SearchError> {
    if !is_thorough {
        let word = words::number_stored(read, Class::Name, text)?;
        return Ok(word.map(Term::Word).into_iter().collect());
    }
    let item = Item {
        text: text.to_owned(),
        kind: ItemKind::Word,
        span: 1,
        is_last: false,
        is_typed: true,
    };
    let expansions = expand(dictionary, &item);
    let known = expansions.nearest.iter().chain(&expansions.uncounted);
    let alike = known.filter(|near| {
        near.class == Class::Name
            && matches!(
                near.closeness,
                Closeness::Exact | Closeness::Off(_) | Closeness::Sound | Closeness::Script
            )
    });
    Ok(alike.take(SPELLINGS_MAX).map(|near| Term::Word(near.word)).collect())
}
