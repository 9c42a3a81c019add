//! Times, amounts and rows as the people screens say them.

use crate::desk::{CaseRow, RowPerson};
use crate::domain::PersonId;
use crate::domain::money::Money;
use crate::domain::time::{Day, Instant, Zone};
use crate::text;

const MINUTES_OF_HOUR: i64 = 60;

/// How long until something is due: `-2d`, `3d`, `2h`, `45m`; nothing where nothing is due.
#[must_use]
pub fn due_in(due_at: Option<Instant>, now: Instant, zone: &Zone) -> String {
    let Some(due_at) = due_at else { return String::new() };
    let minutes = due_at.minutes_since(now);
    let days = zone.day(due_at).number() - zone.day(now).number();
    if days != 0 {
        return format!("{days}d");
    }
    if minutes.abs() < MINUTES_OF_HOUR {
        format!("{minutes}m")
    } else {
        format!("{}h", minutes / MINUTES_OF_HOUR)
    }
}

/// A day as lists show it: `08-20`, with the year where that is not this one.
#[must_use]
pub fn day_short(day: Day, today: Day) -> String {
    let date = day.date();
    if date.year() == today.date().year() {
        format!("{:02}-{:02}", date.month(), date.day())
    } else {
        format!("{:02}-{:02}-{:02}", date.year().rem_euclid(100), date.month(), date.day())
    }
}

/// A moment as one says it: `Fri 21 Aug 2026 09:14`.
#[must_use]
pub fn moment_short(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    let date = zone.day(at).date();
    let named = date.strftime("%a %d %b %Y");
    format!("{named} {hour:02}:{minute:02}")
}

/// A time of day with its seconds: `09:18:44`.
#[must_use]
pub fn clock_time(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    let second = at.milliseconds().div_euclid(1_000).rem_euclid(60);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// An amount in whole units with its currency: `4,200,000 IRR`, with hundredths where there are any.
#[must_use]
pub fn money(amount: &Money) -> String {
    let whole = amount.minor / 100;
    let rest = (amount.minor % 100).abs();
    let sign = if amount.minor < 0 && whole == 0 { "-" } else { "" };
    let mut digits = whole.unsigned_abs().to_string();
    let mut place = digits.len();
    while place > 3 {
        place -= 3;
        digits.insert(place, ',');
    }
    let sign = if whole < 0 { "-" } else { sign };
    let hundredths = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    format!("{sign}{digits}{hundredths} {}", amount.currency)
}

/// A person's number from what was typed: `P-12`, `p12`, `12`.
#[must_use]
pub fn person_number(words: &str) -> Option<PersonId> {
    let words = words.trim();
    words.parse().ok().or_else(|| words.parse().ok().map(PersonId))
}

/// A case in one line of so many cells: due, number, nature, subject, stage, whose; with the person where `person` says so.
#[must_use]
pub fn case_line(row: &CaseRow, now: Instant, zone: &Zone, cells: usize) -> String {
    let due = if row.stage.is_open() { due_in(row.due_at, now, zone) } else { String::new() };
    let id = row.id.to_string();
    let owner = row.owner.as_ref().map_or_else(|| owner_of_none(row), |(_, name)| name.clone());
    let stage = if row.is_held { "hold" } else { row.stage.label() };
    let flags = format!(
        "{}{}",
        if row.has_draft { "\"" } else { "" },
        if row.is_escalated { "^" } else { "" }
    );
    let fixed = 5 + 9 + 4 + 10 + 14 + 3;
    let subject_cells = cells.saturating_sub(fixed).max(8);
    format!(
        "{} {} {} {} {} {} {flags}",
        text::fit_right(&due, 4),
        text::fit(&id, 8),
        row.nature.code(),
        text::fit(&text::safe_line(&row.subject), subject_cells),
        text::fit(stage, 9),
        text::fit(&text::safe_line(&owner), 12),
    )
}

fn owner_of_none(row: &CaseRow) -> String {
    match (&row.person, row.stage.is_open()) {
        (RowPerson::From(source), _) => format!("from {source}"),
        (_, true) => "free".to_owned(),
        (_, false) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_keep_their_sign() {
        let say = |minor| money(&Money { minor, currency: "NOK".to_owned() });
        assert_eq!(say(420_000_000), "4,200,000 NOK");
        assert_eq!(say(-50), "-0.50 NOK");
        assert_eq!(say(-123_456), "-1,234.56 NOK");
    }

    #[test]
    fn due_is_said_in_days_unless_it_is_today() {
        let zone = Zone::utc();
        let now = zone.instant(Day::from_parts(2026, 8, 21).unwrap(), 9, 0);
        assert_eq!(due_in(Some(now.plus_minutes(-60 * 48)), now, &zone), "-2d");
        assert_eq!(due_in(Some(now.plus_minutes(125)), now, &zone), "2h");
        assert_eq!(due_in(Some(now.plus_minutes(-5)), now, &zone), "-5m");
        assert_eq!(due_in(None, now, &zone), "");
    }
}
