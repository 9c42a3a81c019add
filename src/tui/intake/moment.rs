//! Reads when the office received something, as one types it.

use crate::domain::time::{Day, Instant, Zone};
use crate::tui::when::is_weekday;

/// The hour that stands for a day in the past when no time was typed: clocks count from the day alone.
const DAY_HOUR: i8 = 12;

/// Reads a day and a time, either alone: `14.8`, `14.8.2025`, `2026-08-14`, `yesterday`, `today`, `fri`, `9:30`.
///
/// A day without a year, and a weekday, is the last one that has been; a time without a day is today's.
pub(in crate::tui) fn parse_received(words: &str, now: Instant, zone: &Zone) -> Option<Instant> {
    let today = zone.day(now);
    let (mut day, mut time) = (None, None);
    for word in words.split_whitespace() {
        let word = word.to_lowercase();
        if word == "now" {
            return Some(now);
        } else if let Some(found) = parse_time(&word).filter(|_| time.is_none()) {
            time = Some(found);
        } else if let Some(found) = parse_day(&word, today).filter(|_| day.is_none()) {
            day = Some(found);
        } else {
            return None;
        }
    }
    match (day, time) {
        (None, None) => None,
        (None, Some((hour, minute))) => Some(zone.instant(today, hour, minute)),
        (Some(day), None) if day == today => Some(now),
        (Some(day), None) => Some(zone.instant(day, DAY_HOUR, 0)),
        (Some(day), Some((hour, minute))) => Some(zone.instant(day, hour, minute)),
    }
}

fn parse_time(word: &str) -> Option<(i8, i8)> {
    let (hour, minute) = word.split_once(':')?;
    let hour: i8 = hour.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let minute: i8 = minute.parse().ok().filter(|minute| (0..60).contains(minute))?;
    Some((hour, minute))
}

fn parse_day(word: &str, today: Day) -> Option<Day> {
    match word {
        "today" => return Some(today),
        "yesterday" => return Some(today.plus_days(-1)),
        _ => {}
    }
    if let Some(day) = weekday(word, today) {
        return Some(day);
    }
    if word.contains('-') {
        let mut parts = word.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        return Day::from_parts(year, month, day).filter(|_| parts.next().is_none());
    }
    let mut parts = word.trim_end_matches('.').split('.');
    let day: i8 = parts.next()?.parse().ok()?;
    let month: i8 = parts.next()?.parse().ok()?;
    let year: Option<i16> = parts.next().map(str::parse).transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let this_year = today.date().year();
    match year {
        Some(year) if year < 100 => Day::from_parts(2_000 + year, month, day),
        Some(year) => Day::from_parts(year, month, day),
        None => Day::from_parts(this_year, month, day)
            .filter(|day| *day <= today)
            .or_else(|| Day::from_parts(this_year - 1, month, day)),
    }
}

/// The last such weekday that has been, today not among them.
fn weekday(word: &str, today: Day) -> Option<Day> {
    (1..=7).map(|back| today.plus_days(-back)).find(|day| is_weekday(*day, word))
}

/// Whether letters may be the beginning of a word for a day.
pub(super) fn begins_a_day(letters: &str) -> bool {
    const WORDS: [&str; 10] = [
        "now",
        "today",
        "yesterday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let letters = letters.trim().to_lowercase();
    WORDS.iter().any(|word| word.starts_with(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_received_day_is_read_as_it_is_said() {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let day = |year, month, day| Day::from_parts(year, month, day).unwrap();
        let friday = day(2026, 8, 21);
        let now = zone.instant(friday, 9, 14);
        let read = |words| parse_received(words, now, &zone);
        assert_eq!(read("14.8"), Some(zone.instant(day(2026, 8, 14), 12, 0)));
        assert_eq!(read("14.8."), read("14.8"));
        assert_eq!(read("2026-08-14"), read("14.8.2026"));
        assert_eq!(read("24.12"), Some(zone.instant(day(2025, 12, 24), 12, 0)));
        assert_eq!(read("yesterday 14:30"), Some(zone.instant(day(2026, 8, 20), 14, 30)));
        assert_eq!(read("8:05"), Some(zone.instant(friday, 8, 5)));
        assert_eq!(read("fri"), Some(zone.instant(day(2026, 8, 14), 12, 0)));
        assert_eq!(read("today"), Some(now));
        for wrong in ["", "31.2", "soon", "14.8 15.8", "25:00", "2026-08", "1.2.3.4", "99999.1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
