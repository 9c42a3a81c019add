//! Norway's numbers: fødselsnummer with D-numbers and made ones, before and after 2032, and organisation numbers.
//!
//! Source of the rule of 2032: Skatteetaten, "Nytt fødselsnummer fra 2032": of numbers given out from then on the first
//! check may leave 0, 1, 2 or 3, the individual number says neither sex nor century, and nobody's number changes.

use super::figures::{day, digits, invalid, pair, verdict, weighted, wrong_check};
use crate::domain::people::Verdict;
use crate::domain::time::Day;

const NAME: &str = "fødselsnummer";

/// The weights of the first check, its own digit with the last.
const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
/// The weights of the second check, its own digit with the last.
const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/// What is added to the day of a D-number, for people who do not live there.
const D_NUMBER: u32 = 40;
/// What is added to the month of a number of the health service or of NAV's made people.
const H_NUMBER: u32 = 40;
/// What is added to the month of Skatteetaten's made people.
const MADE: u32 = 80;

/// The first year of the new rule.
const NEW_RULE: u32 = 2032;

/// Fødselsnummer or D-number: day, month and year of birth, three digits and two checks.
pub(super) fn fnr(value: &str, today: Day) -> Verdict {
    verdict(read_fnr(value, today))
}

fn read_fnr(value: &str, today: Day) -> Result<Verdict, Verdict> {
    let digits = digits::<11>(value, NAME)?;
    let is_new_rule = day(NEW_RULE, 1, 1).is_some_and(|first| today >= first);
    let (month, made) = match pair(&digits, 2) {
        month if month > MADE => (month - MADE, Some("was made for tests and is nobody's")),
        month if month > H_NUMBER => {
            (month - H_NUMBER, Some("is a help number of the health service, or made for tests"))
        }
        month => (month, None),
    };
    let day_of_month = match pair(&digits, 0) {
        day if day > D_NUMBER => day - D_NUMBER,
        day => day,
    };
    let years = years(&digits, is_new_rule);
    let births = years.iter().filter_map(|year| day(*year, month, day_of_month));
    match births.min() {
        None if years.is_empty() => {
            return Err(invalid(format!(
                "The digits 7 to 9 of this {NAME} do not go with its year of birth."
            )));
        }
        None => {
            return Err(invalid(format!("A {NAME} begins with a date, and there is no such day.")));
        }
        Some(born) if born > today => {
            return Err(invalid(format!("The date of birth in this {NAME} is still to come.")));
        }
        Some(_) => {}
    }
    match weighted(&digits, &FIRST) % 11 {
        0 => {}
        1..=3 if is_new_rule => {}
        1..=3 => {
            return Err(invalid(format!(
                "The first check digit of this {NAME} goes with the rest by the rule of {NEW_RULE} only, \
                 and none is given out by it before."
            )));
        }
        _ => return Err(wrong_check(NAME, "first check digit")),
    }
    if !weighted(&digits, &SECOND).is_multiple_of(11) {
        return Err(wrong_check(NAME, "last check digit"));
    }
    Ok(match made {
        Some(why) => Verdict::Warn(format!("This {NAME} {why}.")),
        None => Verdict::Valid,
    })
}

/// The years of birth that a number may mean. Before 2032 the individual number says the century; from then on a number
/// given out anew may belong to anybody, and one given out before keeps its meaning.
fn years(digits: &[u32; 11], is_new_rule: bool) -> Vec<u32> {
    let year = pair(digits, 4);
    let individual = pair(digits, 6) * 10 + digits.get(8).copied().unwrap_or_default();
    let century = match individual {
        500..=749 if year >= 54 => Some(1800),
        500..=999 if year < 40 => Some(2000),
        0..=499 | 900..=999 => Some(1900),
        _ => None,
    };
    let anew = is_new_rule.then_some([1900, 2000]).into_iter().flatten();
    century.into_iter().chain(anew).map(|century| century + year).collect()
}

/// Organisasjonsnummer: nine digits, the last checks the others modulo 11 (Brønnøysundregistrene); `NO` before it and `MVA`
/// behind it say that it pays value added tax.
pub(super) fn org(value: &str, _today: Day) -> Verdict {
    verdict(read_org(value))
}

fn read_org(value: &str) -> Result<Verdict, Verdict> {
    let value = value.strip_prefix("NO").unwrap_or(value);
    let value = value.strip_suffix("MVA").unwrap_or(value);
    let digits = digits::<9>(value, "organisation number")?;
    if !weighted(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11) {
        return Err(wrong_check("organisation number", "last digit"));
    }
    Ok(Verdict::Valid)
}
