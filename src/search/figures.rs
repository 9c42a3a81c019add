//! What typed digits say about a date of birth, a telephone number or an id.

use super::dates::{Date, years_of_persian};
use super::document::BirthDate;
use super::find::{Closeness, Field};
use super::query::{Item, ItemKind};

/// A right year of birth: one in about eighty, and it is rarely wrong, which cannot be said of names.
pub(super) const YEAR_BITS: f32 = 8.0;
/// A right date of birth: one in about 29,000.
pub(super) const DATE_BITS: f32 = 16.0;
const DATE_TURNED_BITS: f32 = 11.0;
const DATE_NEAR_BITS: f32 = 8.5;
/// A right year and month: one in about a thousand.
const MONTH_BITS: f32 = 9.9;
const SHORT_YEAR_BITS: f32 = 4.0;
const YEAR_NEXT_BITS: f32 = 0.5;
const YEAR_SLIP_BITS: f32 = -0.5;
/// Most of a year of the Persian calendar lies in its first Gregorian year, the rest in the next.
const PERSIAN_YEAR_BITS: [f32; 2] = [5.5, 4.0];

/// What is left of the information of digits: they are typed wrongly more often than names are.
const NUMBER_SHARE: f32 = 0.75;
/// One of four places (id or telephone, head or tail) is right by chance more often.
const NUMBER_PLACES_BITS: f32 = 2.3;
/// People say how a telephone number ends more often than how it begins.
pub(super) const TELEPHONE_HEAD_BITS: f32 = -1.0;
const NUMBER_INSIDE_BITS: f32 = -3.0;
const NUMBER_SLIP_BITS: f32 = -5.0;

/// What a fragment of a number is worth among people who are worth `people_bits`.
///
/// Four digits that can be a year of birth mostly are one, so as part of a number they are worth less than the year.
pub(super) fn number_bits(text: &str, people_bits: f32) -> f32 {
    if year_of(text).is_some_and(|year| (1850..2050).contains(&year)) {
        return YEAR_BITS - 0.8;
    }
    let digits = f32::from(u8::try_from(text.len()).unwrap_or(u8::MAX));
    (NUMBER_SHARE * digits * std::f32::consts::LOG2_10 - NUMBER_PLACES_BITS).min(people_bits + 3.0)
}

/// The year that four digits can be.
pub(super) fn year_of(text: &str) -> Option<i16> {
    (text.len() == 4)
        .then(|| text.parse().ok())
        .flatten()
        .filter(|year| (1000..2200).contains(year))
}

/// The years of birth that four digits can mean, with what each is worth if it is right.
pub(super) fn years_meant(text: &str) -> Vec<(i16, f32)> {
    let Some(year) = year_of(text) else { return Vec::new() };
    let persian = years_of_persian(year)
        .into_iter()
        .flat_map(|years| years.into_iter().zip(PERSIAN_YEAR_BITS));
    std::iter::once((year, YEAR_BITS)).chain(persian).collect()
}

/// Everything that a typed word can say about a date of birth.
pub(super) fn birth_bits(item: &Item, is: BirthDate) -> Vec<(f32, Field, Closeness)> {
    let mut said = Vec::new();
    let dates = item.dates();
    said.extend(dates.iter().enumerate().filter_map(|(order, &date)| date_bits(date, order, is)));
    if item.kind == ItemKind::Number && item.is_typed {
        said.extend(year_of(&item.text).and_then(|year| year_bits(year, is.year)));
        said.extend(
            years_meant(&item.text)
                .into_iter()
                .skip(1)
                .filter(|&(year, _)| year == is.year)
                .map(|(_, bits)| (bits, Field::BirthYear, Closeness::Exact)),
        );
        let short = (item.text.len() == 2).then(|| item.text.parse::<i16>().ok()).flatten();
        if short.is_some_and(|short| short == is.year.rem_euclid(100)) {
            said.push((SHORT_YEAR_BITS, Field::BirthYear, Closeness::End));
        }
        let is_start = item.text.len() == 3 && is.year.to_string().starts_with(&item.text);
        if item.is_last && is_start {
            said.push((SHORT_YEAR_BITS, Field::BirthYear, Closeness::Start));
        }
    }
    said
}

fn date_bits(
    (year, month, day): Date,
    order: usize,
    is: BirthDate,
) -> Option<(f32, Field, Closeness)> {
    if day == 0 {
        return month_bits(year, month, is);
    }
    let is_month = is.month == Some(month);
    let is_day = is.day == Some(day);
    let is_turned = is.month == Some(day) && is.day == Some(month);
    let said = |bits, closeness| Some((bits, Field::BirthDate, closeness));
    match (year == is.year, is_month, is_day) {
        (true, true, true) if order == 0 => said(DATE_BITS, Closeness::Exact),
        (true, true, true) => said(DATE_BITS - 1.0, Closeness::Exact),
        (true, ..) if is_turned => said(DATE_TURNED_BITS, Closeness::Turned),
        (true, true, false) | (true, false, true) => said(DATE_NEAR_BITS, Closeness::Off(1)),
        (true, false, false) => {
            let is_unknown = is.month.is_none() || (is_month && is.day.is_none());
            let bits = if is_unknown { YEAR_BITS } else { YEAR_BITS - 2.0 };
            Some((bits, Field::BirthYear, Closeness::Exact))
        }
        (false, true, true) if is_slip(year, is.year) => said(DATE_NEAR_BITS, Closeness::Off(1)),
        (false, ..) => None,
    }
}

/// Of a date of which the day was not said, or not even the month.
fn month_bits(year: i16, month: u8, is: BirthDate) -> Option<(f32, Field, Closeness)> {
    if year != is.year {
        return None;
    }
    Some(match is.month {
        Some(known) if month == known => (MONTH_BITS, Field::BirthDate, Closeness::Exact),
        Some(_) if month > 0 => (YEAR_BITS - 2.0, Field::BirthYear, Closeness::Exact),
        _ => (YEAR_BITS, Field::BirthYear, Closeness::Exact),
    })
}

fn year_bits(typed: i16, is: i16) -> Option<(f32, Field, Closeness)> {
    let said = |bits, closeness| Some((bits, Field::BirthYear, closeness));
    match typed.saturating_sub(is) {
        0 => said(YEAR_BITS, Closeness::Exact),
        -1 | 1 => {
            let years = i8::try_from(is.saturating_sub(typed)).unwrap_or_default();
            said(YEAR_NEXT_BITS, Closeness::Years(years))
        }
        _ if is_slip(typed, is) => said(YEAR_SLIP_BITS, Closeness::Turned),
        _ => None,
    }
}

/// Whether two years differ by one digit, or by two digits that changed places.
fn is_slip(one: i16, other: i16) -> bool {
    let (one, other) = (one.to_string(), other.to_string());
    if one.len() != other.len() {
        return false;
    }
    let differing: Vec<(char, char)> =
        one.chars().zip(other.chars()).filter(|(one, other)| one != other).collect();
    match differing.as_slice() {
        [] | [_] => true,
        [first, second] => first.0 == second.1 && first.1 == second.0,
        _ => false,
    }
}

/// What it takes away that the typed number is only part of the whole one, or has a slip in it.
pub(super) fn nearness(typed: &str, number: &str) -> Option<(f32, Closeness)> {
    if typed.len() < 3 || number.is_empty() {
        None
    } else if typed == number {
        Some((1.0, Closeness::Exact))
    } else if number.ends_with(typed) || (typed.len() >= 7 && ends_after_code(typed, number)) {
        Some((0.0, Closeness::End))
    } else if number.starts_with(typed) {
        Some((0.0, Closeness::Start))
    } else if typed.len() >= 5 && number.contains(typed) {
        Some((NUMBER_INSIDE_BITS, Closeness::Inside))
    } else if typed.len() >= 6 && has_slip(typed, number) {
        Some((NUMBER_SLIP_BITS, Closeness::Off(1)))
    } else {
        None
    }
}

/// Whether the typed digits end with the number, the zeros before which may be those of another country or none.
fn ends_after_code(typed: &str, number: &str) -> bool {
    let number = number.trim_start_matches('0');
    number.len() >= 7 && typed.ends_with(number)
}

/// Whether the typed digits are the number's first or last but for one digit, or for two neighbours that changed places.
fn has_slip(typed: &str, number: &str) -> bool {
    let (typed, number) = (typed.as_bytes(), number.as_bytes());
    let Some(rest) = number.len().checked_sub(typed.len()) else { return false };
    [number.get(..typed.len()), number.get(rest..)].into_iter().flatten().any(|part| {
        let differing: Vec<(usize, (&u8, &u8))> =
            typed.iter().zip(part).enumerate().filter(|(_, (one, other))| one != other).collect();
        match differing.as_slice() {
            [] | [_] => true,
            [(at, first), (next, second)] => {
                at + 1 == *next && first.0 == second.1 && first.1 == second.0
            }
            _ => false,
        }
    })
}

/// A date as it is written in evidence.
pub(super) fn written(date: BirthDate) -> String {
    match (date.month, date.day) {
        (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", date.year),
        (Some(month), None) => format!("{:04}-{month:02}", date.year),
        (None, _) => format!("{:04}", date.year),
    }
}
