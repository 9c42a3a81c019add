//! A roster as a file: rows of account, days and hours, each wrong one told with its line and field.

use crate::domain::office::{DAY_MINUTES, SHIFTS_MAX, WEEKDAYS};

/// A row of a roster file: an account, days of the week from 1 for Monday, and minutes of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// The account.
    pub account: String,
    /// The days.
    pub days: Vec<u8>,
    /// From this minute on, and before the other.
    pub hours: (u16, u16),
}

/// What is wrong with a roster file: where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFlaw {
    /// The line, from 1.
    pub line: u64,
    /// The field.
    pub field: &'static str,
    /// What is wrong, and what is right.
    pub what: String,
}

impl std::fmt::Display for RosterFlaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.field, self.what)
    }
}

/// Reads a roster: `kaya,mon-fri,08:00-16:00` a row, with a heading `account,days,hours` or without; what follows `#` and
/// empty lines say nothing.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_roster(text: &str) -> Result<Vec<RosterRow>, Vec<RosterFlaw>> {
    let (mut rows, mut flaws) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()) {
        let said = text.split('#').next().unwrap_or_default().trim();
        let mut fields = said.split(',').map(str::trim);
        let mut field = || fields.next().unwrap_or_default();
        let (account, days, hours) = (field(), field(), field());
        if said.is_empty() || account.eq_ignore_ascii_case("account") {
            continue;
        }
        match row(line, [account, days, hours]) {
            Ok(row) if rows.len() < SHIFTS_MAX => rows.push(row),
            Ok(_) => {
                let what = format!("a roster has at most {SHIFTS_MAX} rows");
                flaws.push(RosterFlaw { line, field: "row", what });
                break;
            }
            Err(flaw) => flaws.push(flaw),
        }
    }
    if flaws.is_empty() { Ok(rows) } else { Err(flaws) }
}

fn row(line: u64, [account, days, hours]: [&str; 3]) -> Result<RosterRow, RosterFlaw> {
    let flaw = |field, what: String| RosterFlaw { line, field, what };
    if account.is_empty() {
        return Err(flaw("account", "it is empty; write one as kaya".to_owned()));
    }
    Ok(RosterRow {
        line,
        account: account.to_owned(),
        days: days_of(days).map_err(|what| flaw("days", what))?,
        hours: hours_of(hours).map_err(|what| flaw("hours", what))?,
    })
}

/// Days as `mon-fri`, `sat` or `mon+wed+fri`.
///
/// # Errors
/// What is wrong, and what is right.
pub fn days_of(text: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("`{text}` is no day; write mon, mon-fri or mon+wed");
    let day = |word: &str| {
        let word = word.trim().to_lowercase();
        let at = WEEKDAYS.iter().position(|known| *known == word).ok_or_else(wrong)?;
        u8::try_from(at + 1).map_err(|_too_large| wrong())
    };
    let mut days = Vec::new();
    for part in text.split('+') {
        match part.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (day(first)?, day(last)?);
                if first > last {
                    return Err(format!("`{part}` ends before it begins; write mon-fri"));
                }
                days.extend(first..=last);
            }
            None => days.push(day(part)?),
        }
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// Hours as `08:00-16:30`, in minutes of the day; `24:00` ends it.
///
/// # Errors
/// What is wrong, and what is right.
pub fn hours_of(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("`{text}` are no hours; write 08:00-16:30");
    let minute = |word: &str| {
        let (hour, minute) = word.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
    };
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
    if from >= to {
        return Err(format!("`{text}` ends before it begins; write 08:00-16:30"));
    }
    Ok((from, to))
}
