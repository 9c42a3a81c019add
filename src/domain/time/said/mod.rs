//! A time as one says it (`14`, `fri 9`, `+2h`, `جمعه ۹`), understood within the office's own days and hours.

mod persian;
mod reading;
mod words;

use super::{Calendar, Day, Hours, Instant, Zone};

pub(super) use persian::parts as persian_date;
use reading::{Said, SaidDay, SaidTimeOfDay, read};
pub use words::Tongue;

/// How far ahead a time may lie, in days: what is promised for later than that is no promise but a plan.
const AHEAD_DAYS_MAX: i32 = 366;
/// Days within which the next opening is looked for.
const CLOSED_DAYS_MAX: i32 = 60;
/// When an office that never opens would be open.
const HOURS_DEFAULT: Hours = Hours { open: 480, close: 960 };
/// The hour by which what was said for the morning is due.
const NOON: i8 = 12;
/// Minutes of a day.
const DAY_MINUTES: i64 = 1_440;
/// Bytes of a text that are read.
const TEXT_BYTES_MAX: usize = 200;

/// A time that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidTime {
    /// When that is; always after now.
    pub at: Instant,
    /// Day, hour and how far away it is, and why it is not literally what was said: `Fri 21 Aug 14:00, in 2 h 40 min`.
    pub understood: String,
    /// Where the office is closed then: that, and what to do about it.
    pub closed: Option<ClosedThen>,
}

/// That an office is closed at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedThen {
    /// The nearest time at which it is open, if it ever is.
    pub nearest: Option<Instant>,
    /// `the office is closed then; Fri 16:00?`
    pub words: String,
}

/// Why a text is no time, as a sentence that says what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}.")]
pub struct NoTime(String);

/// When that is what somebody typed, in these languages: an hour that has passed today means the next working day, a bare
/// hour from 1 to 7 the afternoon where the office is closed in that hour of the night, and a day alone the end of it.
///
/// # Errors
/// It is no time, or one that has passed, or one further away than a year.
pub fn said_time(
    text: &str,
    now: Instant,
    calendar: &Calendar,
    tongues: &[Tongue],
) -> Result<SaidTime, NoTime> {
    let hint =
        |what: String| NoTime(format!("{what}: type 14, fri 9, tomorrow 10, +2h or 24.8. 14:00"));
    if text.len() > TEXT_BYTES_MAX {
        return Err(hint("That is too long for a time".to_owned()));
    }
    let zone = calendar.zone();
    let today = zone.day(now);
    let office = Office { calendar, zone, now, today };
    let (at, remark) = match read(text, today, tongues).map_err(hint)? {
        Said::FromNow { minutes, days } => (office.after(minutes, days)?, None),
        Said::At { day, time } => office.at(day, time)?,
    };
    office.check(at)?;
    let mut understood =
        format!("{}, {}", moment(at, now, &office.zone), distance(at, now, &office.zone));
    if let Some(remark) = remark {
        understood = format!("{understood} ({remark})");
    }
    Ok(SaidTime { at, understood, closed: office.closed_then(at) })
}

/// Whether the office is open at a time, or closes just then; where not, when it is, as near as can be.
#[must_use]
pub fn closed_then(at: Instant, now: Instant, calendar: &Calendar) -> Option<ClosedThen> {
    let zone = calendar.zone();
    let today = zone.day(now);
    Office { calendar, zone, now, today }.closed_then(at)
}

/// The office at a moment.
struct Office<'c> {
    calendar: &'c Calendar,
    zone: Zone,
    now: Instant,
    today: Day,
}

impl Office<'_> {
    fn after(&self, minutes: i64, days: i64) -> Result<Instant, NoTime> {
        let all = minutes.saturating_add(days.saturating_mul(DAY_MINUTES));
        if all > i64::from(AHEAD_DAYS_MAX).saturating_mul(DAY_MINUTES) {
            return Err(too_far());
        }
        let days = i32::try_from(days).map_err(|_too_many| too_far())?;
        if days == 0 {
            return Ok(whole_minute(self.now).plus_minutes(minutes));
        }
        // Days keep the hour, also where the clocks change between.
        let (hour, minute) = self.zone.hour_minute(self.now);
        Ok(self.zone.instant(self.today.plus_days(days), hour, minute).plus_minutes(minutes))
    }

    /// The moment of a day and hour, and why it is not the one that was literally said.
    fn at(&self, day: SaidDay, time: SaidTimeOfDay) -> Result<(Instant, Option<String>), NoTime> {
        match day {
            SaidDay::None => Ok(self.next_working(time)),
            SaidDay::Ahead(days) => Ok((self.on(self.today.plus_days(days), time), None)),
            SaidDay::Weekday(weekday) => Ok(self.next_weekday(weekday, time)),
            SaidDay::Date(day, has_year) => {
                let at = self.on(day, time);
                let has_passed = at <= self.now && !has_year;
                if has_passed && day == self.today && time != SaidTimeOfDay::None {
                    return Err(passed(at, self.now, &self.zone));
                }
                Ok((at, None))
            }
        }
    }

    /// The hour of a day. A day without one ends when the office closes.
    fn on(&self, day: Day, time: SaidTimeOfDay) -> Instant {
        let hours = self.usual_hours(day);
        let (hour, minute) = match time {
            SaidTimeOfDay::Clock { hour, minute, is_bare } => {
                let begun = u16::try_from(hour).unwrap_or(0) * 60;
                let is_night = is_bare && !(begun + 60 > hours.open && begun < hours.close);
                (if is_night { hour + NOON } else { hour }, minute)
            }
            SaidTimeOfDay::Noon | SaidTimeOfDay::Morning => (NOON, 0),
            SaidTimeOfDay::Afternoon | SaidTimeOfDay::None => {
                return self.zone.boundary(day, hours.close);
            }
        };
        if hour >= 24 {
            self.zone.instant(day.plus_days(1), 0, 0)
        } else {
            self.zone.instant(day, hour, minute)
        }
    }

    /// An hour without a day: today, or on the next working day where that has passed or today is none.
    fn next_working(&self, time: SaidTimeOfDay) -> (Instant, Option<String>) {
        let at = self.on(self.today, time);
        let why = if !self.calendar.is_open_on(self.today) {
            "the office is closed today".to_owned()
        } else if at <= self.now {
            format!("{} has passed today", hour_words(at, &self.zone))
        } else {
            return (at, None);
        };
        let next = self.calendar.working_days_after(self.today, 1);
        (self.on(next, time), Some(format!("{why}: the next working day")))
    }

    fn next_weekday(&self, weekday: u8, time: SaidTimeOfDay) -> (Instant, Option<String>) {
        let today = self.today.date().weekday().to_monday_zero_offset();
        let ahead = (i32::from(weekday) - i32::from(today)).rem_euclid(7);
        let at = self.on(self.today.plus_days(ahead), time);
        if at > self.now {
            return (at, None);
        }
        let remark = format!("{} has passed today: next week", hour_words(at, &self.zone));
        (self.on(self.today.plus_days(7), time), Some(remark))
    }

    fn check(&self, at: Instant) -> Result<(), NoTime> {
        if at <= self.now {
            return Err(passed(at, self.now, &self.zone));
        }
        if self.zone.day(at).number() - self.today.number() > AHEAD_DAYS_MAX {
            return Err(too_far());
        }
        Ok(())
    }

    /// The hours of a day, or of the working day after it.
    fn usual_hours(&self, day: Day) -> Hours {
        let working = self.calendar.working_days_after(day, 0);
        self.calendar.hours(working).unwrap_or(HOURS_DEFAULT)
    }

    fn closed_then(&self, at: Instant) -> Option<ClosedThen> {
        let day = self.zone.day(at);
        let on = |day: Day| self.calendar.stretches(day);
        if on(day).iter().any(|(open, close)| *open <= at && at <= *close) {
            return None;
        }
        let days = || (0..CLOSED_DAYS_MAX).map(|ahead| day.plus_days(ahead));
        let opening = |day: Day| on(day).into_iter().map(|(open, _)| open).find(|open| *open >= at);
        let closing = |day: Day| {
            let closings = on(day).into_iter().rev().map(|(_, close)| close);
            closings.into_iter().find(|close| *close <= at && *close > self.now)
        };
        let after = days().find_map(opening);
        let before = (0..CLOSED_DAYS_MAX).map(|ago| day.plus_days(-ago)).find_map(closing);
        let far = |found: &Instant| (found.milliseconds() - at.milliseconds()).abs();
        let nearest = before.into_iter().chain(after).min_by_key(far);
        let offer = nearest.map(|nearest| format!("; {}?", moment(nearest, self.now, &self.zone)));
        let words = format!("the office is closed then{}", offer.unwrap_or_default());
        Some(ClosedThen { nearest, words })
    }
}

/// `Fri 21 Aug 14:00`, with the year where it is not that of now.
fn moment(at: Instant, now: Instant, zone: &Zone) -> String {
    let (day, this_year) = (zone.day(at).date(), zone.day(now).date().year());
    let format = if day.year() == this_year { "%a %-d %b" } else { "%a %-d %b %Y" };
    format!("{} {}", day.strftime(format), hour_words(at, zone))
}

fn hour_words(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    format!("{hour:02}:{minute:02}")
}

/// `in 35 min`, `in 2 h 40 min`, `in 3 days`.
fn distance(at: Instant, now: Instant, zone: &Zone) -> String {
    let minutes = at.minutes_since(whole_minute(now)).max(0);
    let days = zone.day(at).number() - zone.day(now).number();
    match (minutes / 60, minutes % 60) {
        (24.., _) if days == 1 => "tomorrow".to_owned(),
        (24.., _) => format!("in {days} days"),
        (0, minutes) => format!("in {minutes} min"),
        (hours, 0) => format!("in {hours} h"),
        (hours, minutes) => format!("in {hours} h {minutes} min"),
    }
}

/// The minute that goes on: nobody says seconds.
fn whole_minute(at: Instant) -> Instant {
    Instant::from_milliseconds(at.milliseconds().div_euclid(60_000).saturating_mul(60_000))
}

fn passed(at: Instant, now: Instant, zone: &Zone) -> NoTime {
    NoTime(format!("{} has passed: say a time that is still to come", moment(at, now, zone)))
}

fn too_far() -> NoTime {
    NoTime("That is more than a year away: say a nearer time".to_owned())
}
