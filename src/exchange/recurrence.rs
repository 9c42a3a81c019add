//! The days on which something recurs: RRULE of RFC 5545, as far as days off are written with it.

use crate::domain::time::Day;

/// Days that one rule gives.
pub(super) const DAYS_MAX: usize = 2_000;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A rule of recurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recurrence {
    frequency: Frequency,
    interval: i32,
    count: Option<usize>,
    until: Option<Day>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    /// Which one of a month or year, 0 for every one, and the weekday from Monday, 0.
    weekdays: Vec<(i8, i32)>,
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Recurrence {
    /// Reads a rule, as `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.
    pub(super) fn read(text: &str, until: impl Fn(&str) -> Option<Day>) -> Result<Self, String> {
        let mut rule = Self {
            frequency: Frequency::Yearly,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
        };
        let mut has_frequency = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| unread(part))?;
            let list = || value.split(',').map(str::trim);
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => {
                    has_frequency = true;
                    rule.frequency = match value {
                        "DAILY" => Frequency::Daily,
                        "WEEKLY" => Frequency::Weekly,
                        "MONTHLY" => Frequency::Monthly,
                        "YEARLY" => Frequency::Yearly,
                        _ => return Err(unread(part)),
                    };
                }
                "INTERVAL" => {
                    let interval = value.parse().ok().filter(|held| (1..=1_000).contains(held));
                    rule.interval = interval.ok_or_else(|| unread(part))?;
                }
                "COUNT" => rule.count = Some(value.parse().map_err(|_no_number| unread(part))?),
                "UNTIL" => rule.until = Some(until(value).ok_or_else(|| unread(part))?),
                "BYMONTH" => rule.months = numbers(list(), 1..=12).ok_or_else(|| unread(part))?,
                "BYMONTHDAY" => {
                    rule.month_days = numbers(list(), -31..=31).ok_or_else(|| unread(part))?;
                }
                "BYDAY" => {
                    let days: Option<Vec<_>> = list().map(weekday).collect();
                    rule.weekdays = days.ok_or_else(|| unread(part))?;
                }
                // Where a week begins matters only to rules of several weeks, which days off are not.
                "WKST" if rule.interval == 1 => {}
                _ => return Err(unread(part)),
            }
        }
        let has_ordinal = rule.weekdays.iter().any(|(which, _)| *which != 0);
        let is_short = matches!(rule.frequency, Frequency::Daily | Frequency::Weekly);
        if !has_frequency || (has_ordinal && is_short) {
            return Err(unread(text));
        }
        Ok(rule)
    }

    /// Its days from `start` on, which is the first one, until `last`.
    pub(super) fn days(&self, start: Day, last: Day) -> Vec<Day> {
        let last = self.until.map_or(last, |until| until.min(last));
        let most = self.count.unwrap_or(DAYS_MAX).min(DAYS_MAX);
        let mut days = Vec::new();
        let mut day = start;
        while day <= last && days.len() < most {
            if day == start || self.falls_on(start, day) {
                days.push(day);
            }
            day = day.plus_days(1);
        }
        days
    }

    fn falls_on(&self, start: Day, day: Day) -> bool {
        let (from, date) = (start.date(), day.date());
        let months_apart = (i32::from(date.year()) - i32::from(from.year())) * 12
            + i32::from(date.month())
            - i32::from(from.month());
        let weeks_apart = (monday(day) - monday(start)) / 7;
        let apart = match self.frequency {
            Frequency::Daily => day.number() - start.number(),
            Frequency::Weekly => weeks_apart,
            Frequency::Monthly => months_apart,
            Frequency::Yearly => i32::from(date.year()) - i32::from(from.year()),
        };
        if apart % self.interval != 0 {
            return false;
        }
        let is_of_month = self.months.is_empty() || self.months.contains(&date.month());
        let from_end = date.day() - date.days_in_month() - 1;
        let is_of_days = self.month_days.is_empty()
            || self.month_days.contains(&date.day())
            || self.month_days.contains(&from_end);
        let is_of_weekdays = self.weekdays.is_empty()
            || self.weekdays.iter().any(|(which, weekday)| {
                *weekday == weekday_of(day) && (*which == 0 || self.is_nth(*which, day))
            });
        is_of_month && is_of_days && is_of_weekdays && self.is_as_start(start, day)
    }

    /// What a rule does not say is as on its first day.
    fn is_as_start(&self, start: Day, day: Day) -> bool {
        let (from, date) = (start.date(), day.date());
        let has_days = !self.month_days.is_empty() || !self.weekdays.is_empty();
        match self.frequency {
            Frequency::Daily => true,
            Frequency::Weekly => has_days || weekday_of(start) == weekday_of(day),
            Frequency::Monthly => has_days || from.day() == date.day(),
            Frequency::Yearly => {
                // Days that are named without a month are of every month.
                let is_month = !self.months.is_empty() || has_days || from.month() == date.month();
                is_month && (has_days || from.day() == date.day())
            }
        }
    }

    /// Whether a day is the n-th of its weekday, from the end where that is negative: of its month, or of the year for a
    /// yearly rule that names no month.
    fn is_nth(&self, which: i8, day: Day) -> bool {
        let date = day.date();
        let is_of_year = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (place, of) = if is_of_year {
            (i32::from(date.day_of_year()), i32::from(date.days_in_year()))
        } else {
            (i32::from(date.day()), i32::from(date.days_in_month()))
        };
        let nth = if which > 0 { (place - 1) / 7 + 1 } else { -((of - place) / 7 + 1) };
        nth == i32::from(which)
    }
}

fn unread(part: &str) -> String {
    format!("`{part}` is no recurrence that is read here")
}

fn numbers<'t>(
    list: impl Iterator<Item = &'t str>,
    within: std::ops::RangeInclusive<i8>,
) -> Option<Vec<i8>> {
    let read = |text: &str| text.parse().ok().filter(|held| within.contains(held) && *held != 0);
    list.map(read).collect()
}

/// `4TH`, `-1MO` or `FR`.
fn weekday(text: &str) -> Option<(i8, i32)> {
    let at = text.len().checked_sub(2)?;
    let (which, name) = text.split_at_checked(at)?;
    let weekday = WEEKDAYS.iter().position(|day| *day == name)?;
    let which = if which.is_empty() { 0 } else { which.parse().ok().filter(|held| *held != 0)? };
    Some((which, i32::try_from(weekday).ok()?))
}

/// Monday is 0. The first day of 1970 was a Thursday.
fn weekday_of(day: Day) -> i32 {
    (day.number() + 3).rem_euclid(7)
}

fn monday(day: Day) -> i32 {
    day.number() - weekday_of(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(rule: &str, start: &str, most: usize) -> Vec<String> {
        let day = |text: &str| text.parse().ok().map(Day::from_date);
        let rule = Recurrence::read(rule, day).unwrap();
        let found = rule.days(day(start).unwrap(), day("2040-01-01").unwrap());
        found.into_iter().take(most).map(|day| day.to_string()).collect()
    }

    #[test]
    fn rules_give_the_days_of_the_standard_s_own_examples() {
        // RFC 5545, section 3.8.5.3.
        for (rule, start, said) in [
            (
                "FREQ=DAILY;INTERVAL=10;COUNT=5",
                "1997-09-02",
                "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12",
            ),
            (
                "FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH",
                "1997-09-02",
                "1997-09-02 1997-09-04 1997-09-09 1997-09-11",
            ),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", "1997-09-05 1997-10-03 1997-11-07"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22", "1997-09-22 1997-10-20 1997-11-17"),
            ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-09-28 1997-10-29 1997-11-28"),
            (
                "FREQ=YEARLY;COUNT=4;BYMONTH=6,7",
                "1997-06-10",
                "1997-06-10 1997-07-10 1998-06-10 1998-07-10",
            ),
            ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"),
            (
                "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
                "1997-03-13",
                "1997-03-13 1997-03-20 1997-03-27 1998-03-05",
            ),
            (
                "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
                "1998-02-13",
                "1998-02-13 1998-03-13 1998-11-13 1999-08-13",
            ),
            ("FREQ=YEARLY;UNTIL=2028-12-31", "2026-12-24", "2026-12-24 2027-12-24 2028-12-24"),
        ] {
            let said: Vec<&str> = said.split(' ').collect();
            assert_eq!(days(rule, start, said.len()), said, "{rule}");
        }
        let none = |_: &str| None;
        for rule in
            ["", "COUNT=2", "FREQ=HOURLY", "FREQ=YEARLY;BYSETPOS=-1", "FREQ=WEEKLY;BYDAY=1MO"]
        {
            assert!(Recurrence::read(rule, none).is_err(), "{rule}");
        }
    }
}
