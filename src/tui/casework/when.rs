//! Writes days, times and distances as briefly as a caseworker says them.

use crate::domain::time::{Day, Instant, Zone};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A day as `19 Aug`, with the year where it is not that of `today`.
#[must_use]
pub(in crate::tui) fn short_day(day: Day, today: Day) -> String {
    let (date, now) = (day.date(), today.date());
    let month = usize::try_from(date.month())
        .ok()
        .and_then(|month| MONTHS.get(month.saturating_sub(1)))
        .copied()
        .unwrap_or_default();
    if date.year() == now.year() {
        format!("{} {month}", date.day())
    } else {
        format!("{} {month} {}", date.day(), date.year())
    }
}

/// A day with its weekday, as `Wed 19 Aug`.
#[must_use]
pub(super) fn weekday_and_day(day: Day, today: Day) -> String {
    let place = usize::try_from(day.date().weekday().to_monday_zero_offset()).unwrap_or_default();
    let weekday = WEEKDAYS.get(place).copied().unwrap_or_default();
    format!("{weekday} {}", short_day(day, today))
}

/// A moment as `19 Aug 16:00`, or `today 16:00`.
#[must_use]
pub(in crate::tui) fn day_and_time(at: Instant, now: Instant, zone: &Zone) -> String {
    let (day, today) = (zone.day(at), zone.day(now));
    let (hour, minute) = zone.hour_minute(at);
    if day == today {
        format!("today {hour:02}:{minute:02}")
    } else {
        format!("{} {hour:02}:{minute:02}", short_day(day, today))
    }
}

/// A moment of today to the second, as `09:21:07`.
#[must_use]
pub(super) fn seconds(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    // Zones differ from UTC by whole minutes, so that seconds are the same everywhere.
    let second = at.milliseconds().div_euclid(1_000).rem_euclid(60);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// How far ahead a due moment lies: `3d`, `2h`, `40m`; with a minus once it is past.
#[must_use]
pub(in crate::tui) fn distance(due: Instant, now: Instant, zone: &Zone) -> String {
    let days = zone.day(due).number() - zone.day(now).number();
    if days != 0 {
        return format!("{days}d");
    }
    let minutes = due.minutes_since(now);
    if minutes.abs() >= 60 { format!("{}h", minutes / 60) } else { format!("{minutes}m") }
}

/// The day that was typed: `14.12` or `14/12` (the next one), `14.12.2026`, `2026-12-14`, or `+7` for so many days on.
#[must_use]
pub(super) fn typed_day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim();
    if let Some(days) = text.strip_prefix('+') {
        return days.trim().parse::<u16>().ok().map(|days| today.plus_days(i32::from(days)));
    }
    let separator = ['.', '/', '-'].into_iter().find(|mark| text.contains(*mark))?;
    let parts: Vec<&str> = text.split(separator).filter(|part| !part.is_empty()).collect();
    let number = |part: &&str| part.trim().parse::<i16>().ok();
    let small = |part: &&str| part.trim().parse::<i8>().ok();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            Day::from_parts(number(year)?, small(month)?, small(day)?)
        }
        [day, month, year] => {
            let year = number(year)?;
            let year = if year < 100 { year + 2_000 } else { year };
            Day::from_parts(year, small(month)?, small(day)?)
        }
        [day, month] => {
            let this_year = today.date().year();
            let (day, month) = (small(day)?, small(month)?);
            // 29 February may be some years away.
            (this_year..this_year.saturating_add(9))
                .filter_map(|year| Day::from_parts(year, month, day))
                .find(|found| *found > today)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_day_is_the_next_one_of_that_name() {
        let today = Day::from_parts(2026, 11, 21).unwrap();
        let day = |year, month, day| Day::from_parts(year, month, day);
        assert_eq!(typed_day("14.12", today), day(2026, 12, 14));
        assert_eq!(typed_day("14/12", today), day(2026, 12, 14));
        assert_eq!(typed_day("3.1.", today), day(2027, 1, 3));
        assert_eq!(typed_day("29.2", today), day(2028, 2, 29));
        assert_eq!(typed_day("2026-12-14", today), day(2026, 12, 14));
        assert_eq!(typed_day("14.12.27", today), day(2027, 12, 14));
        assert_eq!(typed_day("+7", today), day(2026, 11, 28));
        for wrong in ["", "+", "31.2", "soon", "1.2.3.4", "2026-13-01", "99.99"] {
            assert_eq!(typed_day(wrong, today), None, "{wrong}");
        }
    }

    #[test]
    fn a_distance_is_in_days_until_the_day_itself() {
        let zone = Zone::utc();
        let now = zone.instant(Day::from_parts(2026, 11, 21).unwrap(), 10, 0);
        assert_eq!(distance(now.plus_minutes(-2 * 1_440), now, &zone), "-2d");
        assert_eq!(distance(now.plus_minutes(130), now, &zone), "2h");
        assert_eq!(distance(now.plus_minutes(-40), now, &zone), "-40m");
        assert_eq!(seconds(now.plus_minutes(61), &zone), "11:01:00");
    }
}
