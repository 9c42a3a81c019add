//! Says when something is or was in the office's own days, as briefly as a caseworker says it, and reads a day that was
//! typed.

use crate::domain::time::{Day, Instant, Zone};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const DAYS_SHOWN_MAX: i32 = 999;

/// How long until something is due, short: `3d`, `2h`, `40m`; `-2d` where it is late, nothing where nothing is due.
///
/// Days are counted as the calendar of the zone counts them, so that what is due tomorrow morning is due in a day.
pub(in crate::tui) fn due_in(
    due_at: impl Into<Option<Instant>>,
    now: Instant,
    zone: &Zone,
) -> String {
    let Some(due_at) = due_at.into() else { return String::new() };
    let days = zone.day(due_at).number() - zone.day(now).number();
    if days.abs() > DAYS_SHOWN_MAX {
        return format!("{}y", days / 365);
    }
    if days != 0 {
        return format!("{days}d");
    }
    let (minutes, sign) = if due_at < now {
        (now.minutes_since(due_at), "-")
    } else {
        (due_at.minutes_since(now), "")
    };
    if minutes >= 60 { format!("{sign}{}h", minutes / 60) } else { format!("{sign}{minutes}m") }
}

/// A day as `19 Aug`, with the year where it is not that of `today`.
pub(in crate::tui) fn day(day: Day, today: Day) -> String {
    let (date, this_year) = (day.date(), today.date().year());
    if date.year() == this_year {
        format!("{} {}", date.day(), month(day))
    } else {
        format!("{} {} {}", date.day(), month(day), date.year())
    }
}

/// A day with its weekday, as `Wed 19 Aug`, with the year where it is not that of `today`.
pub(in crate::tui) fn weekday_and_day(on: Day, today: Day) -> String {
    format!("{} {}", weekday(on), day(on, today))
}

/// A day in the column of a list: `08-20`, with the year where it is not that of `today`.
pub(in crate::tui) fn day_in_column(day: Day, today: Day) -> String {
    let date = day.date();
    if date.year() == today.date().year() {
        format!("{:02}-{:02}", date.month(), date.day())
    } else {
        format!("{:02}-{:02}-{:02}", date.year().rem_euclid(100), date.month(), date.day())
    }
}

/// A moment as `19 Aug 16:00`, or `today 16:00`.
pub(in crate::tui) fn day_and_time(at: Instant, now: Instant, zone: &Zone) -> String {
    let (on, today) = (zone.day(at), zone.day(now));
    let on = if on == today { "today".to_owned() } else { day(on, today) };
    format!("{on} {}", time(at, zone))
}

/// A moment of the last week as `Thu 17:05`, an earlier one with its date, one of today as `09:12`.
pub(in crate::tui) fn weekday_or_today(at: Instant, now: Instant, zone: &Zone) -> String {
    let (on, today) = (zone.day(at), zone.day(now));
    let time = time(at, zone);
    match today.number() - on.number() {
        0 => time,
        1..=6 => format!("{} {time}", weekday(on)),
        _ => format!("{} {time}", weekday_and_day(on, today)),
    }
}

/// A moment as `Wed 19 Aug 16:00`, with the year where it is not that of `now`.
pub(in crate::tui) fn weekday_and_time(at: Instant, now: Instant, zone: &Zone) -> String {
    format!("{} {}", weekday_and_day(zone.day(at), zone.day(now)), time(at, zone))
}

/// A moment in full: `Fri 21 Aug 2026 08:02`.
pub(in crate::tui) fn date_and_time(at: Instant, zone: &Zone) -> String {
    let on = zone.day(at);
    let date = on.date();
    format!("{} {} {} {} {}", weekday(on), date.day(), month(on), date.year(), time(at, zone))
}

/// A time of day: `09:18`.
pub(in crate::tui) fn time(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    format!("{hour:02}:{minute:02}")
}

/// The place of a zone: `Azores` of `Atlantic/Azores`.
fn place_of(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// What a unit's clock says in full, with its place where it is a clock of its own: `Sun 22 Nov 2026 20:23 Azores`.
pub(in crate::tui) fn on_the_wall(own: Option<&str>, now: Instant, here: &Zone) -> String {
    match own.and_then(|name| Some((Zone::named(name).ok()?, place_of(name)))) {
        Some((zone, place)) => format!("{} {place}", date_and_time(now, &zone)),
        None => date_and_time(now, here),
    }
}

/// What the clocks of another zone say: `20:23 Azores`, with the weekday where it is another one there; nothing for a zone
/// that this program does not know.
pub(in crate::tui) fn there(name: &str, now: Instant, here: &Zone) -> String {
    let Ok(zone) = Zone::named(name) else { return String::new() };
    let place = place_of(name);
    let day = zone.day(now);
    let weekday = if day == here.day(now) { String::new() } else { format!("{} ", weekday(day)) };
    format!("{weekday}{} {place}", time(now, &zone))
}

/// A time of day with its seconds: `09:18:44`.
pub(in crate::tui) fn clock_time(at: Instant, zone: &Zone) -> String {
    // Zones differ from UTC by whole minutes, so that seconds are the same everywhere.
    let second = at.milliseconds().div_euclid(1_000).rem_euclid(60);
    format!("{}:{second:02}", time(at, zone))
}

/// Days as [`typed_day`] takes them, for whoever typed none.
pub(in crate::tui) const TYPED_DAYS: &str = "fri, 14.12, 2026-12-14, +2w or +7";

/// The day that was typed: `14.12` or `14/12` (the next one), `14.12.2026`, `2026-12-14`, `+7` for so many days on, `+2w`
/// for so many weeks, `fri` for the next Friday, `today`, `tomorrow`.
#[must_use]
pub(in crate::tui) fn typed_day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim();
    if let Some(count) = text.strip_prefix('+') {
        let (count, days_each) = count.strip_suffix(['w', 'W']).map_or((count, 1), |it| (it, 7));
        let count = count.trim().parse::<u16>().ok()?;
        return Some(today.plus_days(i32::from(count) * days_each));
    }
    if text.chars().all(char::is_alphabetic) {
        return named_day(&text.to_lowercase(), today);
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

/// Letters by which a weekday is known.
const WEEKDAY_LETTERS_MIN: usize = 3;

/// A day by its name, weekdays by at least their first three letters: the next one, today not among them.
fn named_day(name: &str, today: Day) -> Option<Day> {
    match name {
        "today" => return Some(today),
        "tomorrow" => return Some(today.plus_days(1)),
        _ => {}
    }
    (1..=7).map(|days| today.plus_days(days)).find(|day| is_weekday(*day, name))
}

/// Whether a day is of the weekday that a word in small letters names, by at least its first three.
pub(in crate::tui) fn is_weekday(day: Day, word: &str) -> bool {
    let weekday = day.date().strftime("%A").to_string().to_lowercase();
    word.len() >= WEEKDAY_LETTERS_MIN && weekday.starts_with(word)
}

fn weekday(day: Day) -> &'static str {
    let place = usize::try_from(day.date().weekday().to_monday_zero_offset()).unwrap_or_default();
    WEEKDAYS.get(place).copied().unwrap_or_default()
}

fn month(day: Day) -> &'static str {
    let place = usize::try_from(day.date().month()).ok().and_then(|month| month.checked_sub(1));
    place.and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_counts_calendar_days_of_the_zone_and_then_hours() {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let day = Day::from_parts(2026, 8, 21).unwrap();
        let now = zone.instant(day, 23, 30);
        for (due, said) in [
            (zone.instant(day.plus_days(1), 0, 10), "1d"),
            (zone.instant(day, 23, 45), "15m"),
            (zone.instant(day, 21, 0), "-2h"),
            (zone.instant(day.plus_days(-2), 16, 0), "-2d"),
            (zone.instant(day.plus_days(2000), 16, 0), "5y"),
        ] {
            assert_eq!(due_in(due, now, &zone), said);
        }
        assert_eq!(date_and_time(now, &zone), "Fri 21 Aug 2026 23:30");
        assert_eq!(
            weekday_and_time(zone.instant(day.plus_days(-2), 16, 0), now, &zone),
            "Wed 19 Aug 16:00"
        );
    }

    #[test]
    fn a_distance_is_in_days_until_the_day_itself() {
        let zone = Zone::utc();
        let now = zone.instant(Day::from_parts(2026, 11, 21).unwrap(), 10, 0);
        assert_eq!(due_in(now.plus_minutes(-2 * 1_440), now, &zone), "-2d");
        assert_eq!(due_in(now.plus_minutes(130), now, &zone), "2h");
        assert_eq!(due_in(now.plus_minutes(-5), now, &zone), "-5m");
        assert_eq!(due_in(now.plus_minutes(-40), now, &zone), "-40m");
        assert_eq!(due_in(None, now, &zone), "");
        assert_eq!(clock_time(now.plus_minutes(61), &zone), "11:01:00");
    }

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
        assert_eq!(typed_day("+2w", today), day(2026, 12, 5));
        assert_eq!(typed_day("Fri", today), day(2026, 11, 27));
        assert_eq!(typed_day("saturday", today), day(2026, 11, 28), "today is one");
        assert_eq!(typed_day("tomorrow", today), day(2026, 11, 22));
        for wrong in ["", "+", "+w", "fr", "31.2", "soon", "1.2.3.4", "2026-13-01", "99.99"] {
            assert_eq!(typed_day(wrong, today), None, "{wrong}");
        }
    }
}
