//! Days off out of an iCalendar file (RFC 5545): events of whole days, once or by a rule, without their exceptions.

use std::collections::BTreeMap;

use super::recurrence::Recurrence;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::rules::Flaw;
use crate::domain::time::Day;
use crate::text::{accept_line, safe_line};

/// Days that one event lasts.
const EVENT_DAYS_MAX: i32 = 400;
/// Days that one file gives.
const DAYS_MAX: usize = 5_000;

/// An event as it is being read.
#[derive(Default)]
struct Event {
    line: u32,
    summary: String,
    start: Option<Day>,
    end: Option<Day>,
    days: Option<i32>,
    rule: Option<(u32, String)>,
    added: Vec<Day>,
    left_out: Vec<Day>,
    is_cancelled: bool,
}

/// The days of the events of a file from `first` to `last`, with their names. Events that begin or end within a day are
/// taken as the days that they touch: an office does not open on half of a feast unless its calendar says so.
///
/// # Errors
/// Every line that cannot be read, and what is the matter with it.
pub fn read_days_off(
    text: &str,
    first: Day,
    last: Day,
) -> Result<BTreeMap<Day, String>, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut found = BTreeMap::new();
    let mut event: Option<Event> = None;
    let mut has_calendar = false;
    for (line, content) in unfolded(text) {
        let Some((name, value)) = content.split_once(':') else {
            flaws.push(flaw(
                line,
                "file",
                format!("`{}` is no line of iCalendar", shown(&content)),
            ));
            continue;
        };
        let name = name.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), value.trim(), event.as_mut()) {
            ("BEGIN", "VCALENDAR", _) => has_calendar = true,
            ("BEGIN", "VEVENT", _) => event = Some(Event { line, ..Event::default() }),
            ("END", "VEVENT", Some(_)) => {
                if let Some(ended) = event.take() {
                    match days_of(&ended, last) {
                        Ok(days) => {
                            let days = days.into_iter().filter(|day| *day >= first);
                            found.extend(days.map(|day| (day, ended.summary.clone())));
                        }
                        Err(told) => flaws.push(told),
                    }
                }
            }
            (name, value, Some(event)) => {
                if let Err(what) = take(event, line, name, value) {
                    flaws.push(flaw(line, name, what));
                }
            }
            _ => {}
        }
    }
    if !has_calendar && flaws.is_empty() {
        flaws.push(flaw(
            1,
            "file",
            "it is no iCalendar file: BEGIN:VCALENDAR is missing".to_owned(),
        ));
    }
    if found.len() > DAYS_MAX {
        flaws.push(flaw(0, "file", format!("it has more than {DAYS_MAX} days")));
    }
    if flaws.is_empty() { Ok(found) } else { Err(flaws) }
}

fn flaw(line: u32, field: &str, what: impl std::fmt::Display) -> Flaw {
    Flaw { line, field: field.to_owned(), what: format!("{what}."), hint: String::new() }
}

fn shown(content: &str) -> String {
    safe_line(&content.chars().take(40).collect::<String>()).to_string()
}

/// Lines with the number of their first part: a line that begins with a space goes on with the one before.
fn unfolded(text: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, before))) => before.push_str(more),
            _ if line.trim().is_empty() => {}
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

fn take(event: &mut Event, line: u32, name: &str, value: &str) -> Result<(), String> {
    let no_day = || format!("`{}` is no day", shown(value));
    match name {
        "SUMMARY" => {
            let words = value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ");
            event.summary = accept_line(words.replace("\\\\", "\\").trim(), LINE_BYTES_MAX)
                .map_err(|_refused| "the name is too long, or not to be shown".to_owned())?;
        }
        "DTSTART" => event.start = Some(day(value).ok_or_else(no_day)?),
        "DTEND" => {
            // The end is not part of the event, unless it lies within a day.
            let end = day(value).ok_or_else(no_day)?;
            let is_midnight = value.len() == 8 || value.contains("T000000");
            event.end = Some(if is_midnight { end.plus_days(-1) } else { end });
        }
        "DURATION" => {
            let days = duration_days(value);
            event.days = Some(days.ok_or_else(|| format!("`{}` is no duration", shown(value)))?);
        }
        "RRULE" => event.rule = Some((line, value.to_owned())),
        "RDATE" | "EXDATE" => {
            let days: Option<Vec<Day>> = value.split(',').map(day).collect();
            let days = days.ok_or_else(no_day)?;
            if name == "RDATE" { event.added.extend(days) } else { event.left_out.extend(days) }
        }
        "STATUS" => event.is_cancelled = value.eq_ignore_ascii_case("CANCELLED"),
        "EXRULE" => return Err("exceptions by a rule are not read here".to_owned()),
        _ => {}
    }
    Ok(())
}

/// The day of `20261224` or `20261224T090000Z`.
fn day(value: &str) -> Option<Day> {
    let digits = value.trim().split('T').next()?;
    let is_plain = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = digits.parse().ok().filter(|_| is_plain)?;
    let part = |value: u32| i8::try_from(value).ok();
    let year = i16::try_from(number / 10_000).ok()?;
    Day::from_parts(year, part(number / 100 % 100)?, part(number % 100)?)
}

/// How many days `P1D`, `P2W` or `PT8H` touches at least.
fn duration_days(value: &str) -> Option<i32> {
    let rest = value.trim().strip_prefix('P')?;
    if let Some(time) = rest.strip_prefix('T') {
        return (!time.is_empty()).then_some(1);
    }
    let whole = rest.split('T').next()?;
    let (number, each) = match whole.strip_suffix('W') {
        Some(weeks) => (weeks, 7),
        None => (whole.strip_suffix('D')?, 1),
    };
    let days: i32 = number.parse().ok()?;
    days.checked_mul(each).filter(|days| *days > 0)
}

fn days_of(event: &Event, last: Day) -> Result<Vec<Day>, Flaw> {
    let Some(start) = event.start else {
        return Err(flaw(event.line, "DTSTART", "the event says no day".to_owned()));
    };
    if event.is_cancelled {
        return Ok(Vec::new());
    }
    let by_end = event.end.map(|end| end.number() - start.number() + 1);
    let length = by_end.or(event.days).unwrap_or(1).max(1);
    if length > EVENT_DAYS_MAX {
        let what = format!("the event lasts longer than {EVENT_DAYS_MAX} days");
        return Err(flaw(event.line, "DTEND", what));
    }
    let mut begins = match &event.rule {
        None => vec![start],
        Some((line, rule)) => {
            let read = Recurrence::read(rule, day).map_err(|what| flaw(*line, "RRULE", what))?;
            read.days(start, last)
        }
    };
    begins.extend(&event.added);
    begins.retain(|begin| !event.left_out.contains(begin) && *begin <= last);
    let lasting = |begin: Day| (0..length).map(move |ahead| begin.plus_days(ahead));
    Ok(begins.into_iter().flat_map(lasting).filter(|day| *day <= last).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Founding\\, \r\n day\r\n\
        DTSTART;VALUE=DATE:20250610\r\nRRULE:FREQ=YEARLY;UNTIL=20271231\r\nEXDATE;VALUE=DATE:20260610\r\n\
        END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Break\r\nDTSTART;VALUE=DATE:20261005\r\n\
        DTEND;VALUE=DATE:20261008\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Week\r\n\
        DTSTART;VALUE=DATE:20270201\r\nDURATION:P1W\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn events_of_whole_days_are_days_off() {
        let bound = |year| Day::from_parts(year, 1, 1).unwrap();
        let days = read_days_off(FILE, bound(2025), bound(2030)).unwrap();
        let named = |name: &str| {
            let of = days.iter().filter(|(_, held)| *held == name);
            of.map(|(day, _)| day.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(named("Founding, day"), ["2025-06-10", "2027-06-10"]);
        assert_eq!(named("Break"), ["2026-10-05", "2026-10-06", "2026-10-07"]);
        assert_eq!(named("Week").len(), 7);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let bound = |year| Day::from_parts(year, 1, 1).unwrap();
        let broken = FILE.replace("FREQ=YEARLY", "FREQ=SECONDLY").replace("20261005", "2026-10-5");
        let flaws = read_days_off(&broken, bound(2025), bound(2030)).unwrap_err();
        let told: Vec<(u32, &str)> = flaws.iter().map(|it| (it.line, it.field.as_str())).collect();
        assert_eq!(told, [(7, "RRULE"), (12, "DTSTART"), (10, "DTSTART")]);
        assert_eq!(read_days_off("x: y", bound(2025), bound(2030)).unwrap_err()[0].line, 1);
    }
}
