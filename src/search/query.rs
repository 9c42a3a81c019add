//! What was typed, taken apart: words, numbers and dates, each with the places in the question that it covers.

use super::chunks::chunks;
use super::dates::{self, Date};
use super::keys::QUESTION_CHARS_MAX;
use super::roles::Role;

/// A word of the question, or another reading of some of its words.
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
    /// Whether it was typed as it stands here, and is not one of the readings that may be tried beside that.
    pub(super) is_typed: bool,
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
    /// A whole date of birth or as much of it as was said, in each order of year, month and day that makes sense.
    Date(Vec<Date>),
    /// A form of address, or a word that only says what comes next: nothing against whoever does not have it.
    Courtesy,
    /// What the person is to somebody who is named beside it.
    Role(Role),
    /// A word as it would be on another keyboard.
    Layout,
}

impl Item {
    /// Whether it can be part of a number.
    pub(super) fn is_numbered(&self) -> bool {
        matches!(self.kind, ItemKind::Number | ItemKind::Mixed)
    }

    /// The whole dates, or parts of one, that it can mean.
    pub(super) fn dates(&self) -> Vec<Date> {
        match &self.kind {
            ItemKind::Date(dates) => dates.clone(),
            ItemKind::Number => dates::of_digits(&self.text),
            ItemKind::Word
            | ItemKind::Reading
            | ItemKind::Mixed
            | ItemKind::Courtesy
            | ItemKind::Role(_)
            | ItemKind::Layout => Vec::new(),
        }
    }
}

/// Takes a question apart into its typed words.
pub(super) fn items(text: &str) -> Vec<Item> {
    let cut_text: String = text.chars().take(QUESTION_CHARS_MAX).collect();
    let chunks = chunks(&cut_text);
    let count = chunks.len();
    let is_open = !cut_text.ends_with(char::is_whitespace);
    chunks
        .into_iter()
        .enumerate()
        .map(|(place, chunk)| Item {
            kind: chunk.kind(),
            span: 0b11 << (2 * place),
            is_last: is_open && place + 1 == count,
            is_typed: true,
            text: chunk.text,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::keys::{QUESTION_WORDS_MAX, WORD_CHARS_MAX};
    use super::super::readings::{joined, on_other_keyboards, roles};
    use super::*;

    fn texts(question: &str) -> Vec<String> {
        items(question).into_iter().map(|item| item.text).collect()
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

    #[test]
    fn letters_and_digits_in_groups_are_also_read_as_one() {
        let read = |text: &str| -> Vec<String> {
            joined(&items(text)).into_iter().map(|item| item.text).collect()
        };
        assert!(read("AB-123 456").contains(&"ab123456".to_owned()));
        assert!(read("W7 3AB").contains(&"w73ab".to_owned()));
        assert!(read("444 4411").contains(&"4444411".to_owned()));
        assert!(read("ali 1986").is_empty());
        assert_eq!(texts("sara1986 w73ab"), ["sara", "1986", "w73ab"]);
    }

    #[test]
    fn a_month_that_may_be_a_name_stays_one_beside_its_date() {
        let typed = items("april 1986");
        assert_eq!(typed.first().map(|item| &item.kind), Some(&ItemKind::Word));
        let dates: Vec<Date> = joined(&typed).iter().flat_map(Item::dates).collect();
        assert_eq!(dates, [(1986, 4, 0)]);
    }

    #[test]
    fn forms_of_address_and_words_for_birth_are_told_from_names() {
        let kinds = |text: &str| -> Vec<bool> {
            items(text).iter().map(|item| item.kind == ItemKind::Courtesy).collect()
        };
        assert_eq!(kinds("Mr. Smith"), [true, false]);
        assert_eq!(kinds("خانم کریمی"), [true, false]);
        assert_eq!(kinds("sara b. 1986"), [false, true, false]);
        assert_eq!(kinds("sara b"), [false, false]);
    }

    /// Any text is read in bounds: no more words than are named, each of bounded length, and each place in reach.
    #[test]
    fn any_text_is_taken_apart_within_bounds() {
        const LETTERS: [char; 24] = [
            'a', 's', '\'', '-', '.', '/', '+', '(', ')', '0', '1', '9', ' ', ' ', 'ا', 'ی', '۱',
            'İ', 'ß', '\u{301}', '\u{200c}', '🦀', 'ﷺ', '\0',
        ];
        let mut state = 7_u64;
        let mut chance = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or_default() % below
        };
        for _ in 0..3_000 {
            let length = chance(300);
            let text: String = (0..length).filter_map(|_| LETTERS.get(chance(24))).collect();
            let typed = items(&text);
            assert!(typed.len() <= QUESTION_WORDS_MAX);
            let mut readings = joined(&typed);
            readings.extend(roles(&typed));
            readings.extend(on_other_keyboards(&text).into_iter().flatten());
            for item in typed.iter().chain(&readings) {
                assert!(item.text.chars().count() <= WORD_CHARS_MAX, "{text}");
                assert!(item.span > 0 && item.span < 1 << (2 * QUESTION_WORDS_MAX), "{text}");
            }
        }
    }
}
