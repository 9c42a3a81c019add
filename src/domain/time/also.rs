//! The same day in another calendar, beside the Gregorian one that counts.

use serde::{Deserialize, Serialize};

use super::Day;
use super::said::persian_date;

/// A calendar that is shown beside the Gregorian one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlsoCalendar {
    /// The solar calendar of Iran, for the years 1300 to 1500.
    Jalali,
    /// The lunar Islamic calendar as it is computed: months of 30 and 29 days, 11 leap years in a cycle of 30 (the years 2,
    /// 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29), from Friday, 16 July 622 (Julian). What is observed, and the calendar of
    /// Umm al-Qura, may differ from it by a day or two.
    Hijri,
}

const JALALI_MONTHS: [&str; 12] = [
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
];
const HIJRI_MONTHS: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabi I",
    "Rabi II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qida",
    "Dhu al-Hijja",
];
/// Days from the first day of the Islamic calendar to 1970-01-01.
const HIJRI_EPOCH: i32 = -492_148;
/// Days of a cycle of 30 years.
const CYCLE_DAYS: i32 = 10_631;

impl AlsoCalendar {
    /// The calendar of that name in the preferences.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "jalali" => Some(Self::Jalali),
            "hijri" => Some(Self::Hijri),
            _ => None,
        }
    }

    /// The word at the left of its days.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Jalali => "jalali",
            Self::Hijri => "hijri",
        }
    }

    /// Several days with what they are, as `received 1 Azar 1405; decide 3 Dey 1405`. Which Islamic calendar it is stands
    /// with it: the civil one is computed, and not what is observed.
    #[must_use]
    pub fn line(self, days: &[(String, Day)]) -> String {
        let said = days.iter().map(|(what, day)| format!("{what} {}", self.words(*day)));
        let said = said.collect::<Vec<_>>().join("; ");
        match self {
            Self::Jalali => said,
            Self::Hijri => format!("{said} (civil)"),
        }
    }

    /// Year, month from 1 and day of a day, if the calendar has it.
    #[must_use]
    pub fn parts(self, day: Day) -> Option<(i32, usize, i32)> {
        match self {
            Self::Jalali => persian_date(day),
            Self::Hijri => hijri(day),
        }
    }

    /// A day in words, as `1 Azar 1405`; empty where the calendar does not reach there.
    #[must_use]
    pub fn words(self, day: Day) -> String {
        let months = match self {
            Self::Jalali => &JALALI_MONTHS,
            Self::Hijri => &HIJRI_MONTHS,
        };
        let said = self.parts(day).and_then(|(year, month, on)| {
            Some(format!("{on} {} {year}", months.get(month.checked_sub(1)?)?))
        });
        said.unwrap_or_default()
    }
}

fn hijri(day: Day) -> Option<(i32, usize, i32)> {
    let days = day.number().checked_sub(HIJRI_EPOCH).filter(|days| *days >= 0)?;
    let (cycle, rest) = (days / CYCLE_DAYS, days % CYCLE_DAYS);
    // Within a cycle, the year whose first day is the last one not after the day.
    let before = |year: i32| year * 354 + (11 * year + 14) / 30;
    let year = (0..30).rev().find(|year| before(*year) <= rest)?;
    let in_year = rest - before(year);
    let month = (in_year * 2 / 59).min(11);
    let on = in_year - (month * 59 + 1) / 2 + 1;
    Some((cycle * 30 + year + 1, usize::try_from(month).ok()? + 1, on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_of_both_calendars() {
        let day = |year, month, on| Day::from_parts(year, month, on).unwrap();
        for (of, also, words) in [
            (day(2026, 11, 22), AlsoCalendar::Jalali, "1 Azar 1405"),
            (day(2025, 3, 20), AlsoCalendar::Jalali, "30 Esfand 1403"),
            (day(2025, 3, 21), AlsoCalendar::Jalali, "1 Farvardin 1404"),
            (day(1979, 2, 11), AlsoCalendar::Jalali, "22 Bahman 1357"),
            // Reingold and Dershowitz, Calendrical Calculations, appendix C: 25 February 1996 and 10 April 2038.
            (day(1996, 2, 25), AlsoCalendar::Hijri, "5 Shawwal 1416"),
            (day(2038, 11, 10), AlsoCalendar::Hijri, "12 Shawwal 1460"),
            (day(1945, 11, 12), AlsoCalendar::Hijri, "6 Dhu al-Hijja 1364"),
            (day(2000, 4, 6), AlsoCalendar::Hijri, "1 Muharram 1421"),
        ] {
            assert_eq!(also.words(of), words, "{of}");
        }
    }

    #[test]
    fn every_day_of_three_centuries_follows_the_day_before_it() {
        for also in [AlsoCalendar::Jalali, AlsoCalendar::Hijri] {
            let mut before = also.parts(Day::from_parts(1930, 1, 1).unwrap()).unwrap();
            let first = Day::from_parts(1930, 1, 2).unwrap();
            for ahead in 0..60_000 {
                let (year, month, on) = also.parts(first.plus_days(ahead)).unwrap();
                let goes_on = (year, month, on) == (before.0, before.1, before.2 + 1);
                let month_begins = on == 1 && (year, month) == (before.0, before.1 + 1);
                let year_begins = (year, month, on) == (before.0 + 1, 1, 1) && before.1 == 12;
                assert!(goes_on || month_begins || year_begins, "{before:?} {year} {month} {on}");
                assert!((29..=31).contains(&before.2) || goes_on);
                before = (year, month, on);
            }
        }
    }
}
