//! Working time as one straight line, so that everything in a made office happens while somebody is at work.

use crate::domain::time::{Calendar, Day, Instant};

/// Minutes of one working day on the line.
pub(super) const DAY: i64 = 480;

/// The working days of a made office, and a position on them for every working minute.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    openings: Vec<(Day, Instant)>,
    end: i64,
    now: Instant,
}

impl Axis {
    /// The line from `first` to `today`; nothing lies after `today`.
    pub(super) fn new(calendar: &Calendar, first: Day, today: Instant) -> Self {
        let zone = calendar.zone();
        let last = zone.day(today);
        let mut openings = Vec::new();
        let mut day = first;
        while day <= last {
            if calendar.is_open_on(day) {
                let opening = calendar.open_of(day);
                if opening <= today {
                    openings.push((day, opening));
                }
            }
            day = day.plus_days(1);
        }
        let whole = i64::try_from(openings.len()).unwrap_or(0).saturating_sub(1).max(0) * DAY;
        let rest = openings.last().map_or(0, |(_, opening)| today.minutes_since(*opening));
        Self { openings, end: whole + rest.clamp(0, DAY - 1), now: today }
    }

    /// The same line, ended so many minutes earlier, though not before today's work began.
    pub(super) fn shorter(&self, minutes: i64) -> Self {
        Self { end: (self.end - minutes).max(self.today()), ..self.clone() }
    }

    /// The moment at which the line ends, which may lie outside working time.
    pub(super) fn now(&self) -> Instant {
        self.now
    }

    /// The last position.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    /// The position at which today's work began.
    pub(super) fn today(&self) -> i64 {
        self.end - self.end.rem_euclid(DAY)
    }

    /// The time at a position; positions beyond the line are its ends.
    pub(super) fn instant(&self, position: i64) -> Instant {
        let position = position.clamp(0, self.end);
        let opening = self.at(position).map_or(Instant::default(), |(_, opening)| opening);
        opening.plus_minutes(position.rem_euclid(DAY))
    }

    /// The day at a position.
    pub(super) fn day(&self, position: i64) -> Day {
        self.at(position.clamp(0, self.end)).map_or(Day::default(), |(day, _)| day)
    }

    /// The first position on or after a day.
    pub(super) fn position(&self, day: Day) -> i64 {
        let place = self.openings.partition_point(|(open, _)| *open < day);
        (i64::try_from(place).unwrap_or(0) * DAY).min(self.end)
    }

    fn at(&self, position: i64) -> Option<(Day, Instant)> {
        let place = usize::try_from(position.div_euclid(DAY)).ok()?;
        self.openings.get(place).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_in_opening_hours_and_never_after_today() {
        let calendar = Calendar::weekdays("Europe/Brussels");
        let zone = calendar.zone();
        let sunday = Day::from_parts(2026, 8, 23).unwrap();
        let now = zone.instant(sunday, 13, 0);
        let axis = Axis::new(&calendar, sunday.plus_days(-60), now);
        for position in (0..=axis.end() + 1_000).step_by(37) {
            let at = axis.instant(position);
            assert!(at <= now);
            assert!((8..16).contains(&zone.hour_minute(at).0));
            assert!(calendar.hours(zone.day(at)).is_some());
            assert_eq!(zone.day(at), axis.day(position));
        }
    }
}
