//! A question cut into words, numbers and dates, before it is known what else its words may mean.

use std::ops::Range;

use super::dates::{self, Date, Part};
use super::document::cut;
use super::fold::{is_apostrophe, is_parting, normalise};
use super::keys::{NUMBER_CHARS_MAX, QUESTION_WORDS_MAX};
use super::query::ItemKind;
use super::roles;

/// A word of the question before it is known where it stands.
pub(super) struct Chunk {
    /// Folded.
    pub(super) text: String,
    dates: Vec<Date>,
    is_courtesy: bool,
    /// Which of the words between blanks it comes from.
    pub(super) tokens: Range<usize>,
}

impl Chunk {
    fn new(text: String, token: usize) -> Self {
        let is_courtesy = is_address_form(&text);
        Self { text, dates: Vec::new(), is_courtesy, tokens: token..token + 1 }
    }

    fn is_digits(&self) -> bool {
        self.dates.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// What it can be.
    pub(super) fn kind(&self) -> ItemKind {
        let digits = self.text.bytes().filter(u8::is_ascii_digit).count();
        if !self.dates.is_empty() {
            ItemKind::Date(self.dates.clone())
        } else if self.is_courtesy {
            ItemKind::Courtesy
        } else if digits == 0 {
            ItemKind::Word
        } else if digits == self.text.len() {
            ItemKind::Number
        } else {
            ItemKind::Mixed
        }
    }
}

/// The words, numbers and dates of a text, at most as many as a question has.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let typed: Vec<&str> = text.split_whitespace().collect();
    let mut chunks: Vec<Chunk> = Vec::new();
    for (token, &word) in typed.iter().enumerate() {
        let is_before_digits = typed
            .get(token + 1)
            .is_some_and(|next| next.starts_with(|letter: char| letter.is_numeric()));
        if let Some(dates) = date_in(word) {
            chunks.push(Chunk { dates, ..Chunk::new(normalise(word), token) });
        } else if is_before_digits && is_birth_word(word) {
            chunks.push(Chunk { is_courtesy: true, ..Chunk::new(normalise(word), token) });
        } else {
            push_words(&mut chunks, word, token);
        }
    }
    without_endings(&mut chunks, &typed);
    join_telephone(&mut chunks, text.trim_start().starts_with('+'));
    chunks.truncate(QUESTION_WORDS_MAX);
    chunks
}

/// The words of a text without blanks. Part by part, because a telephone number may be written with dots or in
/// brackets, and letters apart from digits where many of both stand together: "sara1986".
fn push_words(chunks: &mut Vec<Chunk>, typed: &str, token: usize) {
    for part in typed.split(is_parting) {
        for word in normalise(part).split(' ').filter(|word| !word.is_empty()) {
            let (letters, digits) = letters_before_digits(word);
            for text in [letters, digits].into_iter().filter(|text| !text.is_empty()) {
                chunks.push(Chunk::new(cut(text), token));
            }
        }
    }
}

/// The letters and the digits of a word that is a name with a year or number behind it; all of it is letters otherwise.
fn letters_before_digits(word: &str) -> (&str, &str) {
    const LETTERS_MIN: usize = 3;
    const DIGITS_MIN: usize = 2;
    let at = word.find(|letter: char| letter.is_ascii_digit()).unwrap_or(word.len());
    let Some((letters, digits)) = word.split_at_checked(at) else { return (word, "") };
    let is_name = letters.chars().count() >= LETTERS_MIN
        && digits.len() >= DIGITS_MIN
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_name { (letters, digits) } else { (word, "") }
}

/// Takes the ending off a name that owns the relative named beside it: "Nika's mother", "Nika'nın annesi".
fn without_endings(chunks: &mut [Chunk], typed: &[&str]) {
    if chunks.iter().all(|chunk| roles::named(&chunk.text).is_none()) {
        return;
    }
    for chunk in chunks {
        let word = typed.get(chunk.tokens.start).copied().unwrap_or_default();
        let Some((name, ending)) = word.rsplit_once(is_apostrophe) else { continue };
        let is_owner = matches!(
            normalise(ending).as_str(),
            "s" | "" | "in" | "un" | "nin" | "nun" | "im" | "um"
        );
        let name = normalise(name);
        if is_owner && !name.is_empty() && !name.contains(' ') {
            chunk.text = cut(&name);
        }
    }
}

/// Joins digits that were typed in groups to one number: after a plus, from a leading zero on, or three groups and more.
fn join_telephone(chunks: &mut Vec<Chunk>, is_international: bool) {
    let run = |from: usize, chunks: &[Chunk]| {
        chunks.iter().skip(from).take_while(|chunk| chunk.is_digits()).count()
    };
    let mut from = 0;
    while from < chunks.len() {
        let length = run(from, chunks);
        let begins_with_zero = chunks.get(from).is_some_and(|chunk| chunk.text.starts_with('0'));
        let is_telephone =
            length >= 3 || (length == 2 && (begins_with_zero || (is_international && from == 0)));
        if is_telephone {
            let groups: Vec<Chunk> = chunks.drain(from..from + length).collect();
            chunks.insert(from, joined_digits(&groups));
        }
        from += if is_telephone { 1 } else { length.max(1) };
    }
}

/// Groups of digits as one number, or as the date that three of them are.
fn joined_digits(groups: &[Chunk]) -> Chunk {
    let parts: Option<Vec<Part>> = groups.iter().map(|group| Part::parse(&group.text)).collect();
    let dates = parts.filter(|parts| parts.len() == 3).map(|parts| dates::dates(&parts));
    let digits = groups.iter().flat_map(|group| group.text.chars()).take(NUMBER_CHARS_MAX);
    let tokens = groups.first().map_or(0, |group| group.tokens.start)
        ..groups.last().map_or(0, |group| group.tokens.end);
    let has_year = groups.iter().any(|group| group.text.len() == 4);
    Chunk {
        text: digits.collect(),
        dates: dates.filter(|_| has_year).unwrap_or_default(),
        is_courtesy: false,
        tokens,
    }
}

/// The dates that a word can mean: numbers, or a number and a month, with `-`, `/` or `.` between them, or two digits of
/// a year behind an apostrophe.
fn date_in(typed: &str) -> Option<Vec<Date>> {
    if let Some(year) = typed.strip_prefix(is_apostrophe) {
        let year = normalise(year);
        let is_year = year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit());
        return is_year
            .then(|| year.parse().ok())
            .flatten()
            .map(|year| dates::short_years(year).into());
    }
    let parts: Vec<&str> = typed.trim_end_matches([',', '.']).split(['-', '/', '.']).collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let parts: Option<Vec<Part>> = parts.iter().map(|part| Part::parse(&normalise(part))).collect();
    let dates = dates::dates(&parts?);
    (!dates.is_empty()).then_some(dates)
}

/// Whether a word says that a date of birth comes next.
fn is_birth_word(typed: &str) -> bool {
    matches!(
        normalise(typed).as_str(),
        "b" | "born"
            | "dob"
            | "birth"
            | "geb"
            | "geboren"
            | "nacido"
            | "nacida"
            | "dogum"
            | "dogumlu"
            | "متولد"
            | "موالید"
            | "تولد"
    )
}

/// Whether a folded word is a form of address in one of the usual languages.
pub(super) fn is_address_form(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "sir"
            | "madam"
            | "dr"
            | "prof"
            | "herr"
            | "frau"
            | "fraulein"
            | "monsieur"
            | "madame"
            | "mme"
            | "mlle"
            | "senor"
            | "senora"
            | "senorita"
            | "sr"
            | "sra"
            | "signor"
            | "signora"
            | "bey"
            | "bay"
            | "bayan"
            | "hanim"
            | "sayin"
            | "اقا"
            | "اقای"
            | "خانم"
            | "جناب"
            | "سرکار"
            | "دکتر"
            | "مهندس"
    )
}
