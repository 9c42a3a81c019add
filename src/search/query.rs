//! What was typed, taken apart: words, numbers and dates, each with the places in the question that it covers.

use super::document::cut;
use super::fold::{is_parting, normalise};
use super::keys::{QUESTION_CHARS_MAX, QUESTION_WORDS_MAX};

/// A word of the question, or a reading of two as one or of one as two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Folded.
    pub(super) text: String,
    /// What it can be.
    pub(super) kind: ItemKind,
    /// The halves of typed words that it covers, two bits for each typed word.
    pub(super) span: u64,
    /// Whether it stands last and is still being typed.
    pub(super) is_last: bool,
}

/// What a typed word can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// Part of a name or an address.
    Word,
    /// Two typed words read as one, or half of a typed word: it has to fit well.
    Reading,
    /// Digits: a year, part of a telephone number, an id or an address.
    Number,
    /// Letters and digits: part of an id, a postcode, or a misread word.
    Mixed,
    /// A whole date of birth, in each order of year, month and day that makes sense.
    Date(Vec<(i16, u8, u8)>),
}

impl Item {
    /// Whether it can be part of a number.
    pub(super) fn is_numbered(&self) -> bool {
        matches!(self.kind, ItemKind::Number | ItemKind::Mixed)
    }
}

/// Takes a question apart into its typed words.
pub(super) fn items(text: &str) -> Vec<Item> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let cut_text: String = text.chars().take(QUESTION_CHARS_MAX).collect();
    for typed in cut_text.split_whitespace() {
        if let Some(dates) = dates(typed) {
            chunks.push(Chunk { text: normalise(typed), dates });
            continue;
        }
        // Part by part, because a telephone number may be written with dots or in brackets.
        for part in typed.split(is_parting) {
            for word in normalise(part).split(' ').filter(|word| !word.is_empty()) {
                chunks.push(Chunk { text: cut(word), dates: Vec::new() });
            }
        }
    }
    join_telephone(&mut chunks, cut_text.trim_start().starts_with('+'));
    chunks.truncate(QUESTION_WORDS_MAX);
    let count = chunks.len();
    let is_open = !cut_text.ends_with(char::is_whitespace);
    chunks
        .into_iter()
        .enumerate()
        .map(|(place, chunk)| Item {
            kind: chunk.kind(),
            span: 0b11 << (2 * place),
            is_last: is_open && place + 1 == count,
            text: chunk.text,
        })
        .collect()
}

/// Neighbouring words read as one: "abd ullah" for Abdullah.
pub(super) fn joined(items: &[Item]) -> Vec<Item> {
    items
        .iter()
        .zip(items.iter().skip(1))
        .filter(|(one, other)| one.kind == ItemKind::Word && other.kind == ItemKind::Word)
        .map(|(one, other)| Item {
            text: cut(&format!("{}{}", one.text, other.text)),
            kind: ItemKind::Reading,
            span: one.span | other.span,
            is_last: other.is_last,
        })
        .collect()
}

/// The two halves of a word, cut after the letter that ends at byte `at`.
pub(super) fn halves(item: &Item, at: usize) -> Option<[Item; 2]> {
    let (first, second) = item.text.split_at_checked(at)?;
    let low = item.span & (item.span >> 1);
    let half = |text: &str, span, is_last| Item {
        text: text.to_owned(),
        kind: ItemKind::Reading,
        span,
        is_last,
    };
    Some([half(first, low, false), half(second, low << 1, false)])
}

struct Chunk {
    text: String,
    dates: Vec<(i16, u8, u8)>,
}

impl Chunk {
    fn is_digits(&self) -> bool {
        self.dates.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn kind(&self) -> ItemKind {
        let digits = self.text.bytes().filter(u8::is_ascii_digit).count();
        if !self.dates.is_empty() {
            ItemKind::Date(self.dates.clone())
        } else if digits == 0 {
            ItemKind::Word
        } else if digits == self.text.len() {
            ItemKind::Number
        } else {
            ItemKind::Mixed
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
            let number: String = chunks
                .drain(from..from + length)
                .map(|chunk| chunk.text)
                .collect::<String>()
                .chars()
                .take(super::keys::NUMBER_CHARS_MAX)
                .collect();
            chunks.insert(from, Chunk { text: number, dates: Vec::new() });
        }
        from += length.max(1);
        if is_telephone {
            from = from.min(chunks.len());
        }
    }
}

/// The dates that three numbers with `-`, `/` or `.` between them can mean; the year first, or last with day and month
/// in either order. Eight digits alone are a number, and may be a date as well.
fn dates(typed: &str) -> Option<Vec<(i16, u8, u8)>> {
    let parts: Vec<String> = typed.split(['-', '/', '.']).map(normalise).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    if [one, two, three].iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let orders = match (one.len(), two.len(), three.len()) {
        (4, 1..=2, 1..=2) => vec![(one, two, three), (one, three, two)],
        (1..=2, 1..=2, 4) => vec![(three, two, one), (three, one, two)],
        _ => return None,
    };
    let mut dates: Vec<(i16, u8, u8)> =
        orders.into_iter().filter_map(|(year, month, day)| date(year, month, day)).collect();
    dates.dedup();
    (!dates.is_empty()).then_some(dates)
}

fn date(year: &str, month: &str, day: &str) -> Option<(i16, u8, u8)> {
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// The date that eight digits can mean, year first or year last.
pub(super) fn date_of_digits(text: &str) -> Vec<(i16, u8, u8)> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    [(part(0, 4), part(4, 6), part(6, 8)), (part(4, 8), part(2, 4), part(0, 2))]
        .into_iter()
        .filter_map(|(year, month, day)| date(year, month, day))
        .filter(|&(year, ..)| (1800..2200).contains(&year))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(question: &str) -> Vec<String> {
        items(question).into_iter().map(|item| item.text).collect()
    }

    #[test]
    fn a_date_is_read_in_each_usual_form() {
        for typed in ["1986-03-22", "22.03.1986", "1986/3/22", "۱۹۸۶/۳/۲۲"] {
            assert_eq!(dates(typed), Some(vec![(1986, 3, 22)]), "{typed}");
        }
        assert_eq!(dates("02/03/1986"), Some(vec![(1986, 3, 2), (1986, 2, 3)]));
        assert_eq!(dates("1986-13-99"), None);
        assert_eq!(dates("--"), None);
    }

    #[test]
    fn digits_in_groups_are_one_telephone_number() {
        assert_eq!(texts("sara +98 912 444 4411"), ["sara", "989124444411"]);
        assert_eq!(texts("0912 4444411"), ["09124444411"]);
        assert_eq!(texts("sara 1986 4411"), ["sara", "1986", "4411"]);
    }

    #[test]
    fn a_word_is_being_typed_until_a_space_ends_it() {
        assert!(items("sara moh").last().unwrap().is_last);
        assert!(!items("sara moh ").last().unwrap().is_last);
    }
}
