//! Days as letters write them, in the calendar and digits of the language.

use crate::domain::time::Day;

/// Which calendar a language's days are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayCalendar {
    /// The Gregorian one.
    Gregorian,
    /// The Solar Hijri one of Iran.
    Persian,
}

/// How a language writes days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayForm {
    pub(super) calendar: DayCalendar,
    /// The form, with `{day}`, `{month}` and `{year}`.
    pub(super) form: String,
    /// The names of the months, from the calendar's first.
    pub(super) months: Vec<String>,
    /// The ten digits, from zero.
    pub(super) digits: Vec<char>,
}

impl DayForm {
    /// A day in words.
    pub(super) fn written(&self, day: Day) -> String {
        let (year, month, day) = match self.calendar {
            DayCalendar::Gregorian => {
                let date = day.date();
                (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
            }
            DayCalendar::Persian => persian(day),
        };
        let at = usize::try_from(month - 1).unwrap_or_default();
        let name = self.months.get(at).map_or("", String::as_str);
        self.form
            .replace("{day}", &self.number(day))
            .replace("{month}", name)
            .replace("{year}", &self.number(year))
    }

    fn number(&self, number: i32) -> String {
        let own = |letter: char| {
            let digit = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
            digit.and_then(|digit| self.digits.get(digit).copied()).unwrap_or(letter)
        };
        number.to_string().chars().map(own).collect()
    }
}

/// Days from 1 Farvardin 1 (22 March 622 of the proleptic Gregorian calendar) to 1970-01-01.
const PERSIAN_EPOCH_DAYS: i64 = 492_268;
/// Years and days of the 33-year cycle, which holds for the years 1178 to 1633 (1799 to 2255).
const CYCLE_YEARS: i64 = 33;
const CYCLE_DAYS: i64 = 12_053;

/// Year, month and day of the Solar Hijri calendar, after its 33-year cycle of eight leap years.
fn persian(day: Day) -> (i32, i32, i32) {
    let days = i64::from(day.number()) + PERSIAN_EPOCH_DAYS;
    let cycle = days.div_euclid(CYCLE_DAYS);
    let mut rest = days.rem_euclid(CYCLE_DAYS);
    let mut year = cycle * CYCLE_YEARS + 1;
    loop {
        let length = if is_persian_leap(year) { 366 } else { 365 };
        if rest < length {
            break;
        }
        rest -= length;
        year += 1;
    }
    // Six months of 31 days, five of 30, and a last one of 29 or 30.
    let (month, day) = if rest < 186 {
        (rest / 31, rest % 31)
    } else {
        (6 + (rest - 186) / 30, (rest - 186) % 30)
    };
    let small = |number: i64| i32::try_from(number).unwrap_or_default();
    (small(year), small(month) + 1, small(day) + 1)
}

fn is_persian_leap(year: i64) -> bool {
    matches!(year.rem_euclid(CYCLE_YEARS), 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_persian_date() {
        let of = |year, month, day| persian(Day::from_parts(year, month, day).unwrap());
        assert_eq!(of(1970, 1, 1), (1348, 10, 11));
        assert_eq!(of(2024, 3, 20), (1403, 1, 1), "1403 is a leap year");
        assert_eq!(of(2025, 3, 20), (1403, 12, 30));
        assert_eq!(of(2025, 3, 21), (1404, 1, 1));
        assert_eq!(of(2026, 8, 21), (1405, 5, 30));
        assert_eq!(of(2026, 11, 22), (1405, 9, 1));
    }
}
