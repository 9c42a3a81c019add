//! What the schemes have in common: the plain form, digits, sums and sentences.

use crate::domain::people::Verdict;
use crate::domain::time::Day;
use crate::text::latin_digits;

/// A number without what parts it, in capitals and Latin digits.
pub(super) fn plain(value: &str) -> String {
    let is_kept = |letter: &char| {
        !letter.is_whitespace() && !"-.‐‑–/\u{200c}\u{200e}\u{200f}".contains(*letter)
    };
    latin_digits(value).chars().filter(is_kept).flat_map(char::to_uppercase).collect()
}

/// The digits of a number that has exactly so many and nothing else, or what is wrong with it.
pub(super) fn digits<const N: usize>(value: &str, name: &str) -> Result<[u32; N], Verdict> {
    right_length(value, N, name, "digits")?;
    let mut digits = [0; N];
    for (place, letter) in digits.iter_mut().zip(value.chars()) {
        *place = letter.to_digit(10).ok_or_else(|| {
            invalid(format!("A {name} is digits only, and this has another sign."))
        })?;
    }
    Ok(digits)
}

/// Refuses a number with more or fewer signs than the scheme has.
pub(super) fn right_length(
    value: &str,
    length: usize,
    name: &str,
    of_what: &str,
) -> Result<(), Verdict> {
    let has = value.chars().count();
    if has == length {
        return Ok(());
    }
    Err(invalid(format!("A {name} has {length} {of_what}, and this has {has}.")))
}

/// The weighted sum of digits; what is beyond the weights does not count.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The two digits at a place, as a number.
pub(super) fn pair(digits: &[u32], at: usize) -> u32 {
    let digit = |at: usize| digits.get(at).copied().unwrap_or_default();
    digit(at) * 10 + digit(at + 1)
}

/// The day of a year, month and day, if there is one.
pub(super) fn day(year: u32, month: u32, day: u32) -> Option<Day> {
    Day::from_parts(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// The verdict that a number cannot be.
pub(super) fn invalid(why: impl Into<String>) -> Verdict {
    Verdict::Invalid(why.into())
}

/// The verdict that the check digit does not go with the rest: mostly one digit mistyped or two turned round.
pub(super) fn wrong_check(name: &str, what: &str) -> Verdict {
    invalid(format!(
        "The {what} of this {name} does not go with the rest: is a digit wrong, or are two turned round?"
    ))
}

/// The verdict of a check that may stop early.
pub(super) fn verdict(checked: Result<Verdict, Verdict>) -> Verdict {
    checked.unwrap_or_else(|why| why)
}
