//! Says when something is or was, in the office's own days.

use jiff::civil::Weekday;

use crate::domain::time::{Day, Instant, Zone};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const DAYS_SHOWN_MAX: i32 = 999;

/// How long until something is due, short: `3d`, `2h`, `40m`; `-2d` where it is late.
///
/// Days are counted as the calendar of the zone counts them, so that what is due tomorrow morning is due in a day.
pub(super) fn due_in(due_at: Instant, now: Instant, zone: &Zone) -> String {
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

/// `Wed 19 Aug`.
pub(super) fn day(day: Day) -> String {
    let date = day.date();
    let weekday = match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    let month = usize::try_from(date.month()).unwrap_or_default().checked_sub(1);
    let month = month.and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{weekday} {} {month}", date.day())
}

/// `Wed 19 Aug 16:00`; with the year where that is not the one of `now`.
pub(super) fn moment(at: Instant, now: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    let on = zone.day(at);
    let year = on.date().year();
    if year == zone.day(now).date().year() {
        format!("{} {hour:02}:{minute:02}", day(on))
    } else {
        format!("{} {year} {hour:02}:{minute:02}", day(on))
    }
}

/// `Fri 21 Aug 2026 08:02`.
pub(super) fn date_and_time(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    let on = zone.day(at);
    format!("{} {} {hour:02}:{minute:02}", day(on), on.date().year())
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
        assert_eq!(moment(zone.instant(day.plus_days(-2), 16, 0), now, &zone), "Wed 19 Aug 16:00");
    }
}
