//! Typed fields: what somebody typed, read by the kind of its field, and said again.

use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::people::{ContactPoint, ContactPointKind, Verdict, identity};
use crate::domain::rules::{FieldKind, FieldRule, FieldValue};
use crate::domain::time::Day;
use crate::text::accept_line;

/// Characters of an identity number of any scheme.
const IDENTITY_CHARS: std::ops::RangeInclusive<usize> = 3..=32;

/// Reads what was typed into a field; nothing where it was emptied.
///
/// # Errors
/// In a clause without the field's name: what the field takes.
pub fn read_field(rule: &FieldRule, typed: &str, today: Day) -> Result<Option<FieldValue>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    if accept_line(typed, LINE_BYTES_MAX).map_or(true, |kept| kept != typed) {
        return Err(format!("one line of at most {LINE_BYTES_MAX} bytes"));
    }
    value(&rule.kind, typed, today).map(Some)
}

fn value(kind: &FieldKind, typed: &str, today: Day) -> Result<FieldValue, String> {
    match kind {
        FieldKind::Text => Ok(FieldValue::Text(typed.to_owned())),
        FieldKind::Number { min, max } => {
            let number = usual_digits(typed).replace(' ', "").parse::<i64>().ok();
            let within = number.filter(|number| (min..=max).contains(&number));
            within.map(FieldValue::Number).ok_or_else(|| format!("a number from {min} to {max}"))
        }
        FieldKind::Money { max } => minor_units(typed)
            .filter(|minor| minor <= max)
            .map(FieldValue::Money)
            .ok_or_else(|| format!("an amount up to {}", in_units(*max))),
        FieldKind::Date => day(typed)
            .map(FieldValue::Date)
            .ok_or_else(|| "a day, as 2026-08-21 or 21.8.2026".to_owned()),
        FieldKind::YesNo => {
            yes_or_no(typed).map(FieldValue::YesNo).ok_or_else(|| "yes or no, y or n".to_owned())
        }
        FieldKind::Choice(choices) => {
            let lower = typed.to_lowercase();
            let place = usual_digits(typed).parse::<usize>().ok().and_then(|at| at.checked_sub(1));
            let by_code = choices.iter().find(|(code, _)| code.to_lowercase() == lower);
            let by_label = || {
                choices.iter().find(|(_, labels)| {
                    labels.0.iter().any(|(_, words)| words.to_lowercase() == lower)
                })
            };
            let picked = by_code.or_else(by_label).or_else(|| choices.get(place?));
            picked.map(|(code, _)| FieldValue::Choice(code.clone())).ok_or_else(|| {
                let codes: Vec<&str> = choices.iter().map(|(code, _)| code.as_str()).collect();
                format!("one of {}", codes.join(", "))
            })
        }
        FieldKind::Identity(scheme) => {
            let number: String = usual_digits(typed).split_whitespace().collect();
            let is_sound = IDENTITY_CHARS.contains(&number.chars().count())
                && number.chars().all(|letter| letter.is_alphanumeric() || "-/.".contains(letter));
            match identity::check(scheme, &number, today) {
                _ if !is_sound => Err(format!("an identity number ({scheme})")),
                Verdict::Invalid(why) => Err(format!("an identity number ({scheme}): {why}")),
                Verdict::Valid | Verdict::Warn(_) => {
                    Ok(FieldValue::Identity(identity::canonical(scheme, &number).value))
                }
            }
        }
        FieldKind::Telephone => {
            ContactPoint::parse(ContactPointKind::Telephone, &usual_digits(typed))
                .map(|point| FieldValue::Telephone(point.normalised))
                .map_err(|why| format!("a telephone number, as +47 912 34 567: {why}"))
        }
        FieldKind::Email => ContactPoint::parse(ContactPointKind::Email, typed)
            .map(|point| FieldValue::Email(point.normalised))
            .map_err(|why| format!("a mail address, as name@example.org: {why}")),
    }
}

/// A value as it would be typed again.
#[must_use]
pub fn typed_again(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text)
        | FieldValue::Choice(text)
        | FieldValue::Identity(text)
        | FieldValue::Telephone(text)
        | FieldValue::Email(text) => text.clone(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Money(minor) => in_units(*minor),
        FieldValue::Date(day) => day.to_string(),
        FieldValue::YesNo(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
    }
}

/// A value that says who somebody is, as it may stand on a screen: its last three characters.
#[must_use]
pub fn masked(value: &FieldValue) -> String {
    let text = typed_again(value);
    let count = text.chars().count();
    let shown = if count > 6 { 3 } else { 0 };
    let stars = "*".repeat((count - shown).min(8));
    let last: String = text.chars().skip(count - shown).collect();
    format!("{stars}{last}")
}

/// Minor units of an amount with at most two places behind its point or comma.
#[must_use]
pub fn minor_units(typed: &str) -> Option<i64> {
    let text: String = usual_digits(typed).split_whitespace().collect();
    let (whole, part) = match text.rsplit_once(['.', ',']) {
        Some((whole, part)) => (whole.to_owned(), part.to_owned()),
        None => (text, String::new()),
    };
    if whole.is_empty() || part.len() > 2 {
        return None;
    }
    let is_of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_of_digits(&whole) || !is_of_digits(&part) {
        return None;
    }
    let cents: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

fn in_units(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// `2026-08-21`, `21.8.2026` or `21/8/2026`.
fn day(typed: &str) -> Option<Day> {
    let typed = usual_digits(typed);
    let parts: Vec<&str> = typed.split(['-', '.', '/']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    Day::from_parts(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Yes and no in the five languages in which casedesk comes.
fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.to_lowercase().as_str() {
        "y" | "yes" | "j" | "ja" | "s" | "si" | "sí" | "e" | "evet" | "بله" | "1" => Some(true),
        "n" | "no" | "nei" | "h" | "hayır" | "hayir" | "خیر" | "2" => Some(false),
        _ => None,
    }
}

/// The text with Persian and Arabic digits as the usual ones.
fn usual_digits(text: &str) -> String {
    let usual = |letter: char| {
        let number = match letter {
            '۰'..='۹' => u32::from(letter) - u32::from('۰'),
            '٠'..='٩' => u32::from(letter) - u32::from('٠'),
            _ => return letter,
        };
        char::from_digit(number, 10).unwrap_or(letter)
    };
    text.chars().map(usual).collect()
}
