//! Time zones: which day and hour an instant is here, and which instant a local time is.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{Day, Instant};

/// The name is not a zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{0}`")]
pub struct ZoneError(pub String);

/// An IANA time zone, looked up once.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// Minutes of a day of 24 hours.
pub(super) const DAY_MINUTES: u16 = 1_440;

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

    /// What the clock is called that counts here at an instant, as `CET`; `+03` where it has no name.
    #[must_use]
    pub fn abbreviation(&self, at: Instant) -> String {
        self.0.to_offset_info(at.timestamp()).abbreviation().to_owned()
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

    /// The instant at which a door opens or closes: so many minutes after midnight by the clock on the wall, 1440 for the
    /// midnight that ends the day. An ambiguous minute is the earlier one; one that is missing is the first moment after
    /// the clocks were put forward, so that hours never overlap and never run backwards.
    #[must_use]
    pub fn boundary(&self, day: Day, minute: u16) -> Instant {
        let (day, minute) =
            if minute >= DAY_MINUTES { (day.plus_days(1), 0) } else { (day, minute) };
        let (hour, minute) = hour_minute_of(minute);
        let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
        let ambiguous = self.0.to_ambiguous_zoned(day.date().to_datetime(time));
        let later = self.instant(day, hour, minute);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            let put_forward = self.0.preceding(later.timestamp()).next();
            return put_forward.map_or(later, |it| Instant::from_timestamp(it.timestamp()));
        }
        later
    }

    /// Seconds that the clock on the wall is ahead of coordinated universal time.
    #[must_use]
    pub fn offset_seconds(&self, at: Instant) -> i32 {
        self.0.to_offset(at.timestamp()).seconds()
    }

    /// The instant that a local date and time in words of ISO 8601 without a zone is here, as `2013-01-01 06:32:33`.
    #[must_use]
    pub fn instant_of_words(&self, words: &str) -> Option<Instant> {
        let local: jiff::civil::DateTime = words.trim().parse().ok()?;
        let stamp: Timestamp = self.0.to_ambiguous_zoned(local).compatible().ok()?.timestamp();
        Some(Instant::from_timestamp(stamp))
    }
}

/// Hour and minute of so many minutes after midnight.
pub(super) fn hour_minute_of(minutes: u16) -> (i8, i8) {
    let part = |value: u16| i8::try_from(value).unwrap_or(0);
    (part(minutes / 60), part(minutes % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: (i16, i8, i8)) -> Day {
        Day::from_parts(text.0, text.1, text.2).unwrap()
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
    fn a_door_that_opens_at_a_missing_minute_opens_when_the_clocks_are_put_forward() {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let spring = day((2026, 3, 29));
        assert_eq!(zone.hour_minute(zone.boundary(spring, 150)), (3, 0));
        assert_eq!(zone.boundary(spring, 150), zone.boundary(spring, 180));
        assert_eq!(zone.boundary(spring, 1_440), zone.instant(spring.plus_days(1), 0, 0));
    }
}
