//! What was typed, taken apart: words, numbers and dates, each with the places in the question that it covers, and the
//! other readings of them.

use super::dates::{self, Date, Part};
use super::document::cut;
use super::figures::year_of;
use super::fold::{is_apostrophe, is_parting, normalise};
use super::keys::{NUMBER_CHARS_MAX, QUESTION_CHARS_MAX, QUESTION_WORDS_MAX};
use super::layouts;
use super::roles::{self, Role};

/// The most letters before digits that are typed apart from them and still belong to one id: "AB 123456".
const CODE_LETTERS_MAX: usize = 3;
/// The fewest digits in two groups that may be one number.
const CODE_DIGITS_MIN: usize = 6;
/// The most letters and digits of an id or postcode that was typed in groups.
const CODE_CHARS_MAX: usize = 16;
/// Groups in which an id or postcode is typed.
const CODE_GROUPS_MAX: usize = 3;

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

/// Neighbouring words read as one: "abd ullah" for Abdullah, "AB 123 456" for an id, "12 March 1986" for a date.
pub(super) fn joined(items: &[Item]) -> Vec<Item> {
    let mut readings = Vec::new();
    for from in 0..items.len() {
        for count in 2..=CODE_GROUPS_MAX {
            let Some(run) = items.get(from..from + count) else { break };
            readings.extend(joined_run(run));
        }
    }
    readings
}

fn joined_run(run: &[Item]) -> Option<Item> {
    let text: String = run.iter().map(|item| item.text.as_str()).collect();
    let kind = if run.len() == 2 && run.iter().all(|item| item.kind == ItemKind::Word) {
        ItemKind::Reading
    } else if let Some(dates) = named_date(run) {
        ItemKind::Date(dates)
    } else if is_code(run, &text) {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            ItemKind::Number
        } else {
            ItemKind::Mixed
        }
    } else {
        return None;
    };
    let span = run.iter().fold(0, |span, item| span | item.span);
    let is_last = run.last().is_some_and(|item| item.is_last);
    Some(Item { text: cut(&text), kind, span, is_last, is_typed: false })
}

/// The date that words mean of which one is the name of a month. The same words may be the name of a person.
fn named_date(run: &[Item]) -> Option<Vec<Date>> {
    let parts: Option<Vec<Part>> = run.iter().map(|item| Part::parse(&item.text)).collect();
    let parts = parts.filter(|parts| parts.iter().any(|part| part.is_month()))?;
    let dates = dates::dates(&parts);
    (!dates.is_empty()).then_some(dates)
}

/// Whether groups of letters and digits can be one id, postcode or number.
fn is_code(run: &[Item], text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_year = |text: &str| year_of(text).is_some_and(|year| (1850..2050).contains(&year));
    let fits = run.iter().enumerate().all(|(place, item)| match item.kind {
        ItemKind::Number => !is_year(&item.text),
        ItemKind::Mixed => true,
        ItemKind::Word => {
            item.text.len() <= CODE_LETTERS_MAX && (place == 0 || place + 1 == run.len())
        }
        ItemKind::Reading
        | ItemKind::Date(_)
        | ItemKind::Courtesy
        | ItemKind::Role(_)
        | ItemKind::Layout => false,
    });
    let has_letters = digits < text.len();
    fits && text.len() <= CODE_CHARS_MAX
        && if has_letters { digits >= 2 } else { digits >= CODE_DIGITS_MIN }
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
        is_typed: false,
    };
    Some([half(first, low, false), half(second, low << 1, false)])
}

/// The words that say what somebody is to another: "mother of" in "mother of Nika". None where nobody else is named.
pub(super) fn roles(items: &[Item]) -> Vec<Item> {
    let words = items.iter().filter(|item| item.kind == ItemKind::Word).count();
    if words < 2 {
        return Vec::new();
    }
    let mut readings = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let Some(role) = roles::named(&item.text).filter(|_| item.kind == ItemKind::Word) else {
            continue;
        };
        let joint = items.get(place + 1).filter(|next| roles::is_joint(&next.text));
        readings.push(Item {
            text: item.text.clone(),
            kind: ItemKind::Role(role),
            span: item.span | joint.map_or(0, |joint| joint.span),
            is_last: false,
            is_typed: false,
        });
    }
    readings
}

/// The words as they would be on other keyboards, one list for each keyboard.
pub(super) fn on_other_keyboards(text: &str) -> Vec<Vec<Item>> {
    let cut_text: String = text.chars().take(QUESTION_CHARS_MAX).collect();
    let chunks = chunks(&cut_text);
    let is_open = !cut_text.ends_with(char::is_whitespace);
    let typed: Vec<&str> = cut_text.split_whitespace().collect();
    let item = |token: usize, text: String| {
        let is_of_token = |chunk: &Chunk| chunk.tokens.contains(&token);
        let spans = chunks.iter().enumerate().filter(|(_, chunk)| is_of_token(chunk));
        let span = spans.fold(0, |span, (place, _)| span | 0b11 << (2 * place));
        let is_last = is_open && token + 1 == typed.len();
        (span > 0).then_some(Item {
            text: cut(&text),
            kind: ItemKind::Layout,
            span,
            is_last,
            is_typed: false,
        })
    };
    layouts::readings(&typed)
        .into_iter()
        .map(|words| {
            words
                .into_iter()
                .enumerate()
                .filter_map(|(token, word)| {
                    let folded = normalise(&word?);
                    let is_word = !folded.is_empty() && !folded.contains(' ');
                    is_word.then(|| item(token, folded)).flatten()
                })
                .collect()
        })
        .collect()
}

/// A word of the question before it is known where it stands.
struct Chunk {
    text: String,
    dates: Vec<Date>,
    is_courtesy: bool,
    /// Which of the words between blanks it comes from.
    tokens: std::ops::Range<usize>,
}

impl Chunk {
    fn new(text: String, token: usize) -> Self {
        let is_courtesy = is_courtesy(&text);
        Self { text, dates: Vec::new(), is_courtesy, tokens: token..token + 1 }
    }

    fn is_digits(&self) -> bool {
        self.dates.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn kind(&self) -> ItemKind {
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

fn chunks(text: &str) -> Vec<Chunk> {
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
fn is_courtesy(word: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::super::keys::WORD_CHARS_MAX;
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
