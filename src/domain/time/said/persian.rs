//! Days of the Persian calendar, as far as somebody types them.

use crate::domain::time::Day;

/// Years whose leap years the cycle of 33 years gives as the equinox does.
const YEARS: std::ops::RangeInclusive<i16> = 1_300..=1_500;
/// A year whose first day is known: 1 Farvardin 1400 was 21 March 2021.
const KNOWN_YEAR: i16 = 1_400;
const KNOWN_DAY: (i16, i8, i8) = (2_021, 3, 21);
/// How far the years of the two calendars lie apart after the spring equinox.
const YEARS_BEHIND: i16 = 621;

/// Whether a year is one of the Persian calendar: no year in which anything is promised has such a number otherwise.
pub(super) fn is_year(year: i16) -> bool {
    YEARS.contains(&year)
}

/// The day of a year, month and day of month, if there is one.
pub(super) fn day(year: i16, month: i8, day: i8) -> Option<Day> {
    if !is_year(year) || !(1..=12).contains(&month) || !(1..=month_days(year, month)).contains(&day)
    {
        return None;
    }
    let (known_year, known_month, known_day) = KNOWN_DAY;
    let known = Day::from_parts(known_year, known_month, known_day)?;
    let years: i32 = if year >= KNOWN_YEAR {
        (KNOWN_YEAR..year).map(year_days).sum()
    } else {
        -(year..KNOWN_YEAR).map(year_days).sum::<i32>()
    };
    let months: i32 = (1..month).map(|month| i32::from(month_days(year, month))).sum();
    Some(known.plus_days(years + months + i32::from(day) - 1))
}

/// The first such day of month after `today`.
pub(super) fn next(month: i8, on: i8, today: Day) -> Option<Day> {
    let year = today.date().year() - YEARS_BEHIND;
    // 30 Esfand may be some years away.
    (year - 1..year + 6).filter_map(|year| day(year, month, on)).find(|found| *found >= today)
}

/// Year, month from 1 and day of month of a day, if it lies in the years of [`YEARS`].
pub(in crate::domain::time) fn parts(of: Day) -> Option<(i32, usize, i32)> {
    let guess = of.date().year().checked_sub(YEARS_BEHIND)?;
    let year = [guess, guess - 1]
        .into_iter()
        .find(|year| day(*year, 1, 1).is_some_and(|first| first <= of))?;
    let mut left = of.number() - day(year, 1, 1)?.number();
    for month in 1..=12_i8 {
        let days = i32::from(month_days(year, month));
        if left < days {
            return Some((i32::from(year), usize::try_from(month).ok()?, left + 1));
        }
        left -= days;
    }
    None
}

fn is_leap(year: i16) -> bool {
    (25 * i32::from(year) + 11).rem_euclid(33) < 8
}

fn year_days(year: i16) -> i32 {
    if is_leap(year) { 366 } else { 365 }
}

fn month_days(year: i16, month: i8) -> i8 {
    match month {
        1..=6 => 31,
        12 if !is_leap(year) => 29,
        _ => 30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_of_the_persian_calendar() {
        let known = |year, month, on| day(year, month, on).map(|day| day.to_string());
        for ((year, month, on), said) in [
            ((1_405, 5, 30), "2026-08-21"),
            ((1_405, 6, 2), "2026-08-24"),
            ((1_357, 11, 22), "1979-02-11"),
            ((1_403, 12, 30), "2025-03-20"),
            ((1_404, 1, 1), "2025-03-21"),
            ((1_399, 12, 30), "2021-03-20"),
        ] {
            assert_eq!(known(year, month, on).as_deref(), Some(said), "{year}/{month}/{on}");
        }
        assert_eq!(day(1_404, 12, 30), None);
        assert_eq!(day(1_405, 7, 31), None);
        assert_eq!(day(2_026, 1, 1), None);
    }
}
