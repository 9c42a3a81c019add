//! The business calendar: when the office works, in its own zone.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Day, Instant};

/// The name is not a zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{0}`")]
pub struct ZoneError(pub String);

/// An IANA time zone, looked up once.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this name, as `Europe/Oslo`.
    ///
    /// # Errors
    /// The database that comes with the program has no such zone.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name).map(Self).map_err(|_not_in_the_database| ZoneError(name.to_owned()))
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The day that an instant falls on here.
    #[must_use]
    pub fn day(&self, at: Instant) -> Day {
        Day::from_date(at.timestamp().to_zoned(self.0.clone()).date())
    }

    /// Hour and minute of an instant here.
    #[must_use]
    pub fn hour_minute(&self, at: Instant) -> (i8, i8) {
        let zoned = at.timestamp().to_zoned(self.0.clone());
        (zoned.hour(), zoned.minute())
    }

    /// The instant of a local time. An ambiguous time is the earlier one, a missing time moves forward.
    #[must_use]
    pub fn instant(&self, day: Day, hour: i8, minute: i8) -> Instant {
        let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
        let stamp = self.0.to_ambiguous_zoned(day.date().to_datetime(time)).compatible();
        stamp.map_or_else(
            |_| Instant::from_milliseconds(i64::from(day.number()).saturating_mul(86_400_000)),
            |zoned| Instant::from_timestamp(zoned.timestamp()),
        )
    }
}

/// When an office works. A change makes a new version; clocks that run keep saying which version they were made under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Counts the changes; the first is 1.
    pub version: u32,
    /// The IANA zone.
    pub zone: String,
    /// For Monday to Sunday: opening and closing hour, half-open, or closed all day.
    pub week: [Option<(i8, i8)>; 7],
    /// Days on which the office is closed, ascending.
    pub closed: Vec<Day>,
}

/// How far ahead a working day is looked for: a calendar that is closed for longer has no working days.
const SEARCH_DAYS_MAX: i32 = 3_660;

impl Calendar {
    /// Monday to Friday, eight to four, in this zone.
    #[must_use]
    pub fn weekdays(zone: &str) -> Self {
        let open = Some((8, 16));
        Self {
            version: 1,
            zone: zone.to_owned(),
            week: [open, open, open, open, open, None, None],
            closed: Vec::new(),
        }
    }

    /// The zone, or UTC where the name is unknown (opening an office checks the name first).
    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::named(&self.zone).unwrap_or_else(|_| Zone::utc())
    }

    /// Opening and closing hour of a day, if the office works then.
    #[must_use]
    pub fn hours(&self, day: Day) -> Option<(i8, i8)> {
        if self.closed.binary_search(&day).is_ok() {
            return None;
        }
        let weekday = match day.date().weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        self.week.get(weekday).copied().flatten()
    }

    /// The end of the `days`-th working day after `from`, or of the next working day where `days` is 0 and `from` is closed.
    #[must_use]
    pub fn working_days_after(&self, from: Day, days: u16) -> Day {
        let mut day = from;
        let mut left = days;
        for _ in 0..SEARCH_DAYS_MAX {
            if left == 0 && self.hours(day).is_some() {
                return day;
            }
            day = day.plus_days(1);
            if self.hours(day).is_some() && left > 0 {
                left -= 1;
            }
        }
        from.plus_days(i32::from(days))
    }

    /// Closing time of a day, or midnight at its end where the office is closed.
    #[must_use]
    pub fn close_of(&self, day: Day) -> Instant {
        match self.hours(day) {
            Some((_, close)) if close < 24 => self.zone().instant(day, close, 0),
            _ => self.zone().instant(day.plus_days(1), 0, 0),
        }
    }

    /// Working days after `from` up to and including `to`; negative where `to` lies before `from`.
    #[must_use]
    pub fn working_days_between(&self, from: Day, to: Day) -> i32 {
        let (low, high, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let span = (high.number() - low.number()).min(SEARCH_DAYS_MAX);
        let open = (1..=span).filter(|ahead| self.hours(low.plus_days(*ahead)).is_some()).count();
        sign * i32::try_from(open).unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: (i16, i8, i8)) -> Day {
        Day::from_parts(text.0, text.1, text.2).unwrap()
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let mut calendar = Calendar::weekdays("Europe/Oslo");
        let friday = day((2026, 8, 21));
        assert_eq!(calendar.working_days_after(friday, 0), friday);
        assert_eq!(calendar.working_days_after(friday, 1), day((2026, 8, 24)));
        assert_eq!(calendar.working_days_after(day((2026, 8, 22)), 0), day((2026, 8, 24)));
        calendar.closed = vec![day((2026, 8, 24))];
        assert_eq!(calendar.working_days_after(friday, 1), day((2026, 8, 25)));
        assert_eq!(calendar.working_days_between(friday, day((2026, 8, 25))), 1);
        assert_eq!(calendar.working_days_between(day((2026, 8, 25)), friday), -1);
    }

    #[test]
    fn a_missing_hour_moves_forward_and_a_double_hour_is_the_earlier_one() {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let spring = zone.instant(day((2026, 3, 29)), 2, 30);
        assert_eq!(zone.hour_minute(spring), (3, 30));
        let autumn = zone.instant(day((2026, 10, 25)), 2, 30);
        assert_eq!(zone.hour_minute(autumn.plus_minutes(60)), (2, 30));
    }

    #[test]
    fn a_calendar_that_never_opens_still_answers() {
        let mut calendar = Calendar::weekdays("UTC");
        calendar.week = [None; 7];
        assert_eq!(calendar.working_days_after(day((2026, 1, 1)), 3), day((2026, 1, 4)));
    }
}
