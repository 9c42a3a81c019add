//! Points in time: UTC instants, and days that are legally days.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01 in UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct Instant(i64);

/// The last instant that can be shown: the end of the year 9999.
const INSTANT_MAX_MS: i64 = 253_370_000_000_000;
const INSTANT_MIN_MS: i64 = -62_000_000_000_000;

impl Instant {
    /// The instant so many milliseconds after 1970, held inside the years that a calendar can show.
    #[must_use]
    pub fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds.clamp(INSTANT_MIN_MS, INSTANT_MAX_MS))
    }

    /// Milliseconds since 1970-01-01 in UTC.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.0
    }

    /// As the time library's type.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// From the time library's type.
    #[must_use]
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        Self::from_milliseconds(timestamp.as_millisecond())
    }

    /// This instant and so many minutes more (or fewer).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self::from_milliseconds(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// This instant and so many seconds more (or fewer).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_milliseconds(self.0.saturating_add(seconds.saturating_mul(1_000)))
    }

    /// Whole minutes from `earlier` to this instant, rounded towards the past.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(60_000)
    }
}

/// A date as the law means it: no time, no zone. Days since 1970-01-01.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct Day(i32);

/// Days from 1970 to the last day of the year 9998 and to the first of the year -9998.
const DAY_MAX: i32 = 2_932_000;
const DAY_MIN: i32 = -4_370_000;

impl Day {
    /// The day so many days after 1970-01-01, held inside the years that a calendar can show.
    #[must_use]
    pub fn from_number(days: i32) -> Self {
        Self(days.clamp(DAY_MIN, DAY_MAX))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// From the time library's type.
    #[must_use]
    pub fn from_date(date: Date) -> Self {
        let epoch = jiff::civil::date(1970, 1, 1);
        Self::from_number((date - epoch).get_days())
    }

    /// As the time library's type.
    #[must_use]
    pub fn date(self) -> Date {
        jiff::civil::date(1970, 1, 1).saturating_add(self.0.days())
    }

    /// The day of a year, month and day of month, if there is one.
    #[must_use]
    pub fn from_parts(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    /// This day and so many days more (or fewer).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_number(self.0.saturating_add(days))
    }

    /// Whole years from this day to `today`: somebody's age.
    #[must_use]
    pub fn years_until(self, today: Self) -> i32 {
        let (from, to) = (self.date(), today.date());
        let years = i32::from(to.year()) - i32::from(from.year());
        if (to.month(), to.day()) < (from.month(), from.day()) { years - 1 } else { years }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_keeps_its_number_through_the_calendar() {
        for number in [-719_162, -1, 0, 1, 20_000, 2_000_000] {
            assert_eq!(Day::from_date(Day::from_number(number).date()).number(), number);
        }
        assert_eq!(Day::from_parts(2026, 11, 21).unwrap().to_string(), "2026-11-21");
    }

    #[test]
    fn an_age_counts_birthdays() {
        let born = Day::from_parts(1986, 3, 2).unwrap();
        assert_eq!(born.years_until(Day::from_parts(2026, 3, 1).unwrap()), 39);
        assert_eq!(born.years_until(Day::from_parts(2026, 3, 2).unwrap()), 40);
    }
}
