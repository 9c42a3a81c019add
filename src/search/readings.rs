//! Other readings of what was typed: words as one or as two, ids in groups, dates with the names of months, relations, and
//! words from another keyboard.

use super::chunks::{Chunk, chunks};
use super::dates::{self, Date, Part};
use super::document::cut;
use super::figures::year_of;
use super::fold::normalise;
use super::keys::QUESTION_CHARS_MAX;
use super::layouts;
use super::query::{Item, ItemKind};
use super::roles;

/// The most letters before digits that are typed apart from them and still belong to one id: "AB 123456".
const CODE_LETTERS_MAX: usize = 3;
/// The fewest digits in two groups that may be one number.
const CODE_DIGITS_MIN: usize = 6;
/// The most letters and digits of an id or postcode that was typed in groups.
const CODE_CHARS_MAX: usize = 16;
/// Groups in which an id or postcode is typed.
const CODE_GROUPS_MAX: usize = 3;

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
