//! What the words of a search mean, for a form that is to be filled with them: the search's own reading, without an index.

use std::ops::Range;

use super::chunks::{Chunk, chunks, is_address_form};
use super::dates::{self, Date, Part};
use super::fold::is_apostrophe;
use super::keys::QUESTION_CHARS_MAX;
use super::query::ItemKind;
use super::roles;

/// Words that name a month and a year or a day, at most.
const DATE_WORDS_MAX: usize = 3;

/// What some words of a text are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Letters: part of a name.
    Name,
    /// A form of address.
    FormOfAddress,
    /// A word that only says that a birth date comes next.
    BirthWord,
    /// A whole date or as much of it as was said: year, month and day, those that were not said as 0. The likeliest
    /// reading first.
    Date(Vec<Date>),
    /// Digits: a year, or part of a telephone number.
    Digits,
    /// Letters and digits: a ward, a postcode, an id.
    Code,
    /// What the person is to somebody who is named beside it.
    Relation,
}

/// A reading of some words of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What they are.
    pub meaning: Meaning,
    /// Which of the words between blanks.
    pub words: Range<usize>,
    /// Folded, as the search compares it.
    pub text: String,
}

/// Takes a text apart as a search for it would. A word may have more than one part: `sara1986`.
#[must_use]
pub fn said(text: &str) -> Vec<Said> {
    let cut_text: String = text.chars().take(QUESTION_CHARS_MAX).collect();
    let chunks = chunks(&cut_text);
    let typed: Vec<&str> = cut_text.split_whitespace().collect();
    let names = chunks.iter().filter(|chunk| chunk.kind() == ItemKind::Word).count();
    let mut found = Vec::new();
    let mut rest = chunks.as_slice();
    while let [first, after @ ..] = rest {
        if let Some((date, left)) = named_date(rest, names) {
            found.push(date);
            rest = left;
            continue;
        }
        let meaning = match first.kind() {
            ItemKind::Courtesy if is_address_form(&first.text) => Meaning::FormOfAddress,
            ItemKind::Courtesy => Meaning::BirthWord,
            ItemKind::Date(dates) => Meaning::Date(dates),
            ItemKind::Number => match dates::of_digits(&first.text) {
                dates if dates.is_empty() => Meaning::Digits,
                dates => Meaning::Date(dates),
            },
            ItemKind::Mixed => Meaning::Code,
            ItemKind::Word if names > 1 && is_relation(first, after, &typed) => Meaning::Relation,
            ItemKind::Word | ItemKind::Reading | ItemKind::Role(_) | ItemKind::Layout => {
                Meaning::Name
            }
        };
        found.push(Said { meaning, words: first.tokens.clone(), text: first.text.clone() });
        rest = after;
    }
    found
}

/// Whether a word says what somebody is to another, who is named beside it: "mother of Nika", "Nika's mother". Alone it may
/// be a name as well.
fn is_relation(word: &Chunk, after: &[Chunk], typed: &[&str]) -> bool {
    let before = word.tokens.start.checked_sub(1).and_then(|at| typed.get(at));
    let is_owned = before.is_some_and(|before| before.contains(is_apostrophe));
    let has_joint = after.first().is_some_and(|next| roles::is_joint(&next.text));
    roles::named(&word.text).is_some() && (is_owned || has_joint || !word.text.is_ascii())
}

/// The date that the first words are, one of them the name of a month and one a number, and what comes after them. A
/// month with nothing but a year is a name where no other name was said.
fn named_date(chunks: &[Chunk], names: usize) -> Option<(Said, &[Chunk])> {
    for count in (2..=DATE_WORDS_MAX).rev() {
        if count == 2 && names < 2 {
            continue;
        }
        let Some((run, left)) = chunks.split_at_checked(count) else { continue };
        let parts: Option<Vec<Part>> = run.iter().map(|chunk| Part::parse(&chunk.text)).collect();
        let Some(parts) = parts.filter(|parts| parts.iter().any(|part| part.is_month())) else {
            continue;
        };
        let dates = dates::dates(&parts);
        if let (false, [first, .., last]) = (dates.is_empty(), run) {
            let words = first.tokens.start..last.tokens.end;
            let text = run.iter().map(|chunk| chunk.text.as_str()).collect::<Vec<_>>().join(" ");
            return Some((Said { meaning: Meaning::Date(dates), words, text }, left));
        }
    }
    None
}
