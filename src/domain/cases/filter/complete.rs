//! What can follow what is being typed into a filter.

use super::field::{AGE, Field, Flag};
use super::parse::{channels, natures, stages};

/// Offers that one completion makes.
const OFFERS_MAX: usize = 60;

/// The names that an office's filters can hold: what is written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// Units: code and name.
    pub units: Vec<(String, String)>,
    /// Caseworkers: account and name.
    pub owners: Vec<(String, String)>,
    /// Subjects: code and label.
    pub subjects: Vec<(String, String)>,
    /// Areas.
    pub areas: Vec<String>,
    /// Sites: code and name.
    pub sites: Vec<(String, String)>,
}

/// Something that can be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is written.
    pub text: String,
    /// What it means, where that is not plain.
    pub note: String,
}

/// What can be put in the place of the characters from `from` to the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The first character that is replaced, counted from 0.
    pub from: usize,
    /// What can stand there, in the order in which it is offered.
    pub offers: Vec<Offer>,
}

/// What can follow, where so many characters of a text stand before the cursor.
#[must_use]
pub fn complete(text: &str, cursor: usize, vocabulary: &Vocabulary) -> Completion {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let token = last_begin(&before, char::is_whitespace);
    let begin = token + sign(before.get(token..).unwrap_or_default());
    let is_operator = |letter: &char| matches!(letter, ':' | '=' | '<' | '>');
    let (from, offers) = match before.iter().skip(begin).position(is_operator) {
        None => (begin, names()),
        Some(end) => {
            let name: String = before.iter().skip(begin).take(end).collect();
            let offers = Field::meant(&name).map(|field| values(field, vocabulary));
            let value = last_begin(&before, |letter| letter == ',' || letter.is_whitespace());
            (value.max(begin + end + 1), offers.unwrap_or_default())
        }
    };
    let typed: String = before.iter().skip(from).collect();
    let wanted = typed.trim_start_matches('"').to_lowercase();
    let fits = |offer: &Offer| {
        offer.text.trim_start_matches('"').to_lowercase().starts_with(&wanted)
            || (!wanted.is_empty() && offer.note.to_lowercase().contains(&wanted))
    };
    Completion { from, offers: offers.into_iter().filter(fits).take(OFFERS_MAX).collect() }
}

/// The place behind the last separator that does not stand in quotes.
fn last_begin(letters: &[char], is_separator: impl Fn(char) -> bool) -> usize {
    let mut begin = 0;
    let mut is_quoted = false;
    for (at, letter) in letters.iter().enumerate() {
        if *letter == '"' {
            is_quoted = !is_quoted;
        } else if !is_quoted && is_separator(*letter) {
            begin = at + 1;
        }
    }
    begin
}

/// Characters of what says that a term has to fail.
fn sign(token: &[char]) -> usize {
    let starts_with =
        |sign: &str| sign.chars().enumerate().all(|(at, letter)| token.get(at) == Some(&letter));
    ["-", "not:"].into_iter().find(|sign| starts_with(sign)).map_or(0, str::len)
}

fn offer(text: impl Into<String>, note: impl Into<String>) -> Offer {
    Offer { text: text.into(), note: note.into() }
}

/// Fields and flags.
fn names() -> Vec<Offer> {
    let fields = Field::ALL.iter().filter(|field| **field != Field::Flag);
    let fields = fields.map(|field| {
        let sign = if matches!(field, Field::Due) { '<' } else { ':' };
        offer(format!("{}{sign}", field.word()), "")
    });
    let flags = Flag::ALL.iter().map(|flag| offer(flag.word(), ""));
    fields.chain([offer(format!("{AGE}>"), "")]).chain(flags).collect()
}

fn values(field: Field, vocabulary: &Vocabulary) -> Vec<Offer> {
    let coded = |pairs: &[(String, String)]| -> Vec<Offer> {
        pairs.iter().map(|(code, name)| offer(quoted(code), name.clone())).collect()
    };
    let words = |words: &[&str]| words.iter().map(|word| offer(*word, "")).collect::<Vec<_>>();
    match field {
        Field::Unit => coded(&vocabulary.units),
        Field::Site => [coded(&vocabulary.sites), words(&["none"])].concat(),
        Field::Owner => [words(&["me", "none"]), coded(&vocabulary.owners)].concat(),
        Field::Subject | Field::Term => [coded(&vocabulary.subjects), words(&["none"])].concat(),
        Field::Area => {
            let areas = vocabulary.areas.iter().map(|area| offer(quoted(area), ""));
            areas.chain(words(&["none"])).collect()
        }
        Field::Nature => natures().iter().map(|(_, [word, _])| offer(*word, "")).collect(),
        Field::Stage => stages()
            .iter()
            .filter(|(stage, _)| stage.is_open())
            .map(|(_, [word, label])| offer(*word, if word == label { "" } else { *label }))
            .collect(),
        Field::Channel => channels().iter().map(|(_, [word, _])| offer(*word, "")).collect(),
        Field::Flag => Flag::ALL.iter().map(|flag| offer(flag.word(), "")).collect(),
        Field::Due => words(&["2h", "1d", "2d", "1w", "today", "tomorrow", "none"]),
        Field::Received => words(&["1d", "1w", "2w", "4w", "today", "yesterday"]),
    }
}

/// A name as a filter writes it.
fn quoted(name: &str) -> String {
    if name.contains(|letter: char| letter.is_whitespace() || letter == ',') {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}
