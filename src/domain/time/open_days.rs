//! The open days of a calendar in one row, with the time that was open before each of them: what is asked of a calendar a
//! hundred thousand times is a binary search.

use std::sync::OnceLock;

use super::{Calendar, Day, Instant};

/// The years that are counted from the row; days outside are walked one by one.
const FIRST: (i16, i8, i8) = (2_000, 1, 1);
const LAST: (i16, i8, i8) = (2_050, 12, 31);
/// How far ahead an open day is looked for outside of those years: a calendar that is closed for longer has no open days.
pub(super) const SEARCH_DAYS_MAX: i32 = 3_660;

/// The open days from [`FIRST`] to [`LAST`].
#[derive(Debug, Clone)]
pub(super) struct OpenDays {
    first: Day,
    last: Day,
    /// Ascending.
    days: Vec<Day>,
    /// Milliseconds that were open before each of `days`, and, as one more, before the end. Made when it is first asked:
    /// whoever counts days needs none of it.
    before: OnceLock<Vec<i64>>,
}

impl OpenDays {
    pub(super) fn of(calendar: &Calendar) -> Self {
        let bound = |(year, month, day)| Day::from_parts(year, month, day).unwrap_or_default();
        let (first, last) = (bound(FIRST), bound(LAST));
        let days = (first.number()..=last.number()).map(Day::from_number);
        let days = days.filter(|day| calendar.opens_on(*day)).collect();
        Self { first, last, days, before: OnceLock::new() }
    }

    /// Whether a day is open; nothing outside of the row's years.
    pub(super) fn is_open(&self, day: Day) -> Option<bool> {
        (self.first <= day && day <= self.last).then(|| self.days.binary_search(&day).is_ok())
    }

    fn before(&self, calendar: &Calendar) -> &[i64] {
        self.before.get_or_init(|| {
            let zone = calendar.zone_held();
            let offset = |day: Day| zone.offset_seconds(zone.boundary(day, 0));
            let mut before = Vec::with_capacity(self.days.len() + 1);
            let mut open = 0;
            for day in &self.days {
                before.push(open);
                // Only on the days on which the clocks change do hours differ from what the wall says.
                open += if offset(*day) == offset(day.plus_days(1)) {
                    let hours = calendar.intervals(*day);
                    let minutes = hours.iter().map(|hours| i64::from(hours.close - hours.open));
                    minutes.sum::<i64>() * 60_000
                } else {
                    calendar.stretches(*day).iter().map(|stretch| length(*stretch)).sum::<i64>()
                };
            }
            before.push(open);
            before
        })
    }
}

/// Milliseconds of a stretch.
fn length((open, close): (Instant, Instant)) -> i64 {
    (close.milliseconds() - open.milliseconds()).max(0)
}

/// Milliseconds of a stretch that lie before `at`.
fn passed((open, close): (Instant, Instant), at: Instant) -> i64 {
    length((open, at.min(close)))
}

impl Calendar {
    /// The end of the `days`-th working day after `from`, or of the next working day where `days` is 0 and `from` is closed.
    #[must_use]
    pub fn working_days_after(&self, from: Day, days: u16) -> Day {
        let row = self.open_days();
        if row.first <= from && from <= row.last {
            let place = if days == 0 {
                row.days.partition_point(|day| *day < from)
            } else {
                row.days.partition_point(|day| *day <= from) + usize::from(days) - 1
            };
            if let Some(day) = row.days.get(place) {
                return *day;
            }
        }
        let mut day = from;
        let mut left = days;
        for _ in 0..SEARCH_DAYS_MAX {
            if left == 0 && self.is_open_on(day) {
                return day;
            }
            day = day.plus_days(1);
            if left > 0 && self.is_open_on(day) {
                left -= 1;
            }
        }
        from.plus_days(i32::from(days))
    }

    /// Working days after `from` up to and including `to`; negative where `to` lies before `from`.
    #[must_use]
    pub fn working_days_between(&self, from: Day, to: Day) -> i32 {
        let (low, high, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let row = self.open_days();
        let open = if row.first <= low && high <= row.last {
            let until = |last: Day| row.days.partition_point(|day| *day <= last);
            until(high) - until(low)
        } else {
            let span = (high.number() - low.number()).min(SEARCH_DAYS_MAX);
            (1..=span).filter(|ahead| self.is_open_on(low.plus_days(*ahead))).count()
        };
        sign * i32::try_from(open).unwrap_or(i32::MAX)
    }

    /// Milliseconds from the beginning of the row's years to `at` in which the office was open.
    fn open_before(&self, at: Instant) -> i64 {
        let row = self.open_days();
        let day = self.zone_held().day(at);
        let place = row.days.partition_point(|open| *open < day);
        let whole = row.before(self).get(place).copied().unwrap_or(0);
        if row.days.get(place) != Some(&day) {
            return whole;
        }
        whole + self.stretches(day).iter().map(|stretch| passed(*stretch, at)).sum::<i64>()
    }

    /// Milliseconds from `from` to `to` in which the office is open; negative where `to` lies before `from`. Only what lies
    /// in the years from 2000 to 2050 counts.
    #[must_use]
    pub fn open_between(&self, from: Instant, to: Instant) -> i64 {
        self.open_before(to) - self.open_before(from)
    }

    /// The first instant at which the office has been open for so many milliseconds since `from`: `from` itself for none,
    /// and closing time rather than the next opening where both are right. A calendar that is never open that long counts
    /// as if it never closed.
    #[must_use]
    pub fn plus_open(&self, from: Instant, milliseconds: i64) -> Instant {
        let elapsed =
            || Instant::from_milliseconds(from.milliseconds().saturating_add(milliseconds));
        if milliseconds <= 0 {
            return if milliseconds == 0 { from } else { self.minus_open(from, -milliseconds) };
        }
        let target = self.open_before(from).saturating_add(milliseconds);
        let row = self.open_days();
        // The day before the first one before which all of it has passed.
        let before = row.before(self);
        let place = before.partition_point(|passed| *passed < target);
        let found = place
            .checked_sub(1)
            .and_then(|place| Some((*row.days.get(place)?, target - *before.get(place)?)));
        let Some((day, mut left)) = found else { return elapsed() };
        for (open, close) in self.stretches(day) {
            let length = length((open, close));
            if left <= length {
                return Instant::from_milliseconds(open.milliseconds() + left);
            }
            left -= length;
        }
        elapsed()
    }

    /// The last instant from which on the office is open for so many milliseconds until `to`: the way back of
    /// [`Self::plus_open`] to any instant at which the office is open.
    #[must_use]
    pub fn minus_open(&self, to: Instant, milliseconds: i64) -> Instant {
        let elapsed = || Instant::from_milliseconds(to.milliseconds().saturating_sub(milliseconds));
        let Some(target) = self.open_before(to).checked_sub(milliseconds) else { return elapsed() };
        let row = self.open_days();
        // The last day before which no more than that has passed.
        let before = row.before(self);
        let place = before.partition_point(|passed| *passed <= target);
        let found = place
            .checked_sub(1)
            .and_then(|place| Some((*row.days.get(place)?, target - *before.get(place)?)));
        let Some((day, mut left)) = found.filter(|_| target >= 0) else { return elapsed() };
        for (open, close) in self.stretches(day) {
            let length = length((open, close));
            if left < length {
                return Instant::from_milliseconds(open.milliseconds() + left);
            }
            left -= length;
        }
        elapsed()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::time::OfficeHours;

    use super::*;

    fn day(text: (i16, i8, i8)) -> Day {
        Day::from_parts(text.0, text.1, text.2).unwrap()
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let calendar = Calendar::weekdays("Europe/Oslo");
        let friday = day((2026, 8, 21));
        assert_eq!(calendar.working_days_after(friday, 0), friday);
        assert_eq!(calendar.working_days_after(friday, 1), day((2026, 8, 24)));
        assert_eq!(calendar.working_days_after(day((2026, 8, 22)), 0), day((2026, 8, 24)));
        let closed = vec![day((2026, 8, 24))];
        let calendar =
            Calendar::from(&OfficeHours { closed, ..OfficeHours::weekdays("Europe/Oslo") });
        assert_eq!(calendar.working_days_after(friday, 1), day((2026, 8, 25)));
        assert_eq!(calendar.working_days_between(friday, day((2026, 8, 25))), 1);
        assert_eq!(calendar.working_days_between(day((2026, 8, 25)), friday), -1);
    }

    #[test]
    fn a_calendar_that_never_opens_still_answers() {
        let never = OfficeHours { week: [None; 7], ..OfficeHours::weekdays("UTC") };
        let never = Calendar::from(&never);
        assert_eq!(never.working_days_after(day((2026, 1, 1)), 3), day((2026, 1, 4)));
        let start = never.zone().instant(day((2026, 1, 1)), 9, 0);
        assert_eq!(never.plus_open(start, 60_000), start.plus_minutes(1));
    }

    #[test]
    fn open_time_ends_at_closing_time_and_goes_back_to_where_it_began() {
        let calendar = Calendar::weekdays("Europe/Oslo");
        let zone = calendar.zone();
        let friday = day((2026, 8, 21));
        let start = zone.instant(friday, 15, 0);
        let hour = 3_600_000;
        assert_eq!(calendar.plus_open(start, hour), zone.instant(friday, 16, 0));
        let monday = zone.instant(day((2026, 8, 24)), 8, 0);
        assert_eq!(
            calendar.plus_open(start, hour + 1),
            Instant::from_milliseconds(monday.milliseconds() + 1)
        );
        assert_eq!(calendar.minus_open(calendar.plus_open(start, 50 * hour), 50 * hour), start);
        assert_eq!(calendar.open_between(start, monday), hour);
    }

    #[test]
    fn days_outside_of_the_row_are_walked() {
        let calendar = Calendar::weekdays("UTC");
        let friday = day((2100, 1, 1));
        assert_eq!(calendar.working_days_after(friday, 1), day((2100, 1, 4)));
        assert_eq!(calendar.working_days_between(friday, day((2100, 1, 8))), 5);
    }
}
