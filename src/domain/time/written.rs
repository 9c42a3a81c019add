//! A calendar as text: TOML, read with every flaw that it has, each with its line.
//!
//! ```toml
//! version = 2
//! zone = "Europe/Oslo"            # the first preset's where none is given
//! holidays = ["no"]               # presets: see `casedesk calendar presets`
//! lunch = "12:00-12:30"           # closed on every day
//!
//! [week]                          # the first preset's where none is given; a day that is not named is closed
//! mon-fri = "08:00-15:45"
//! sat = ["09:00-11:00", "12:00-14:00"]
//!
//! [exceptions]
//! 2026-12-23 = { name = "Little Christmas Eve", until = "12:00" }
//! 2026-12-31 = { name = "Stocktaking", hours = ["08:00-10:00"] }
//! 2027-01-02 = "closed"
//! 2027-05-17 = "open"             # a preset's holiday on which this office works
//!
//! [feed.school]                   # further days without work, as an iCalendar file brings them
//! 2026-10-05 = "Autumn break"
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::rules::Flaw;
use crate::text::{Lines, accept_line, nearest};

use super::calendar::{Calendar, DayHours, EXCEPTIONS_MAX, Exception, HOURS_MAX, Hours, Week};
use super::holidays::{HOLIDAY_PRESETS, HolidayPreset, hours_of, minute_of};
use super::zone::{DAY_MINUTES, Zone};
use super::{Day, OFFICE_CALENDAR};

const KEYS: [&str; 8] =
    ["version", "code", "zone", "holidays", "lunch", "week", "exceptions", "feed"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Flaws told of one text; more of them help nobody.
const FLAWS_MAX: usize = 100;
/// What hours look like.
const HOURS_HINT: &str = "Write hours as \"08:00-12:00\", several as a list.";

/// Reads a calendar. A text without a code of its own is the office's.
///
/// # Errors
/// Every flaw that it has, in the order of their lines.
pub fn read_calendar(text: &str) -> Result<Calendar, Vec<Flaw>> {
    let mut reader = Reader { lines: Lines::of(text), flaws: Vec::new() };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let what = error.message().lines().next().unwrap_or("It is not TOML.").to_owned();
        vec![reader.flaw(at, "file", &what, "")]
    })?;
    let calendar = reader.calendar(table.get_ref());
    let Reader { mut flaws, .. } = reader;
    flaws.sort_by_key(|flaw| flaw.line);
    flaws.truncate(FLAWS_MAX);
    calendar.filter(|_| flaws.is_empty()).ok_or(flaws)
}

type Value<'t> = Spanned<DeValue<'t>>;

struct Reader {
    lines: Lines,
    flaws: Vec<Flaw>,
}

impl Reader {
    fn flaw(&self, at: usize, field: &str, what: &str, hint: &str) -> Flaw {
        Flaw {
            line: u32::try_from(self.lines.at(at)).unwrap_or(u32::MAX),
            field: field.to_owned(),
            what: what.to_owned(),
            hint: hint.to_owned(),
        }
    }

    fn wrong(&mut self, value: &Value<'_>, field: &str, what: &str, hint: &str) {
        let flaw = self.flaw(value.span().start, field, what, hint);
        self.flaws.push(flaw);
    }

    fn calendar(&mut self, table: &DeTable<'_>) -> Option<Calendar> {
        for (key, value) in table {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                let hint = nearest(key.get_ref(), KEYS)
                    .map_or_else(String::new, |meant| format!("Did you mean `{meant}`?"));
                self.wrong(value, key.get_ref(), "There is no such key.", &hint);
            }
        }
        let version = self.version(table.get("version"));
        let code = match table.get("code") {
            Some(code) => self.line(code, "code", CODE_BYTES_MAX)?,
            None => OFFICE_CALENDAR.to_owned(),
        };
        let presets = self.presets(table.get("holidays"));
        let zone = self.zone(table.get("zone"), presets.first().copied());
        let mut week = self.week(table.get("week"), presets.first().copied());
        let lunch = table.get("lunch").map(|lunch| self.hours(lunch, "lunch")).unwrap_or_default();
        for day in &mut week {
            *day = without(day, &lunch);
        }
        let mut exceptions: BTreeMap<Day, Exception> = BTreeMap::new();
        for preset in presets.iter().rev() {
            exceptions.extend(preset.holidays());
        }
        if let Some(feeds) = table.get("feed") {
            self.feeds(feeds, &mut exceptions);
        }
        if let Some(own) = table.get("exceptions") {
            self.exceptions(own, &mut exceptions);
        }
        if exceptions.len() > EXCEPTIONS_MAX {
            let what = format!("A calendar has at most {EXCEPTIONS_MAX} days of its own.");
            let flaw = self.flaw(0, "exceptions", &what, "Name fewer presets.");
            self.flaws.push(flaw);
        }
        if week.iter().all(Vec::is_empty) {
            let flaw = self.flaw(0, "week", "The office is never open.", "Give it hours.");
            self.flaws.push(flaw);
        }
        Some(Calendar::new(&code, zone?, week, exceptions).at_version(version?))
    }

    fn version(&mut self, value: Option<&Value<'_>>) -> Option<u32> {
        let Some(value) = value else {
            let what = "The text does not say its version.";
            let flaw = self.flaw(0, "version", what, "Write `version = 1`.");
            self.flaws.push(flaw);
            return None;
        };
        let digits = value.get_ref().as_integer().map(DeInteger::as_str);
        let version = digits.and_then(|digits| digits.parse().ok()).filter(|held| *held > 0);
        if version.is_none() {
            self.wrong(value, "version", "A version is a whole number from 1 on.", "");
        }
        version
    }

    fn line(&mut self, value: &Value<'_>, field: &str, bytes_max: usize) -> Option<String> {
        let text = value.get_ref().as_str().and_then(|text| accept_line(text, bytes_max).ok());
        if text.is_none() {
            let what = format!("It takes a line of text of at most {bytes_max} bytes.");
            self.wrong(value, field, &what, "Write it in quotes.");
        }
        text
    }

    fn presets(&mut self, value: Option<&Value<'_>>) -> Vec<&'static HolidayPreset> {
        let Some(value) = value else { return Vec::new() };
        let mut presets = Vec::new();
        for one in listed(value) {
            let Some(code) = self.line(one, "holidays", CODE_BYTES_MAX) else { continue };
            if let Some(preset) = HolidayPreset::of(&code) {
                presets.push(preset);
            } else {
                let codes: Vec<&str> = HOLIDAY_PRESETS.iter().map(|it| it.code).collect();
                let what = format!("There are no holidays of `{code}` in casedesk.");
                self.wrong(one, "holidays", &what, &format!("There are: {}.", codes.join(" ")));
            }
        }
        presets
    }

    fn zone(
        &mut self,
        value: Option<&Value<'_>>,
        preset: Option<&HolidayPreset>,
    ) -> Option<(String, Zone)> {
        let name = match (value, preset) {
            (Some(value), _) => self.line(value, "zone", LINE_BYTES_MAX)?,
            (None, Some(preset)) => preset.zone.to_owned(),
            (None, None) => {
                let hint = "Write `zone = \"Europe/Oslo\"`, or name holidays.";
                let flaw = self.flaw(0, "zone", "The text names no time zone.", hint);
                self.flaws.push(flaw);
                return None;
            }
        };
        match (Zone::named(&name), value) {
            (Ok(zone), _) => Some((name, zone)),
            (Err(error), Some(value)) => {
                let hint = "Give one of the IANA database, as Europe/Oslo.";
                self.wrong(value, "zone", &format!("{error}."), hint);
                None
            }
            (Err(_), None) => None,
        }
    }

    fn week(&mut self, value: Option<&Value<'_>>, preset: Option<&HolidayPreset>) -> Week {
        let usual = || preset.map(HolidayPreset::week);
        let Some(value) = value else {
            return usual().unwrap_or_else(|| {
                let hint = "Write `[week]` and under it `mon-fri = \"08:00-16:00\"`.";
                let flaw = self.flaw(0, "week", "The text gives no hours.", hint);
                self.flaws.push(flaw);
                Week::default()
            });
        };
        let mut week = Week::default();
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(value, "week", "It takes a table.", "Write `[week]` on a line of its own.");
            return week;
        };
        for (key, value) in table {
            let field = format!("week.{}", key.get_ref());
            let Some((first, last)) = weekdays(key.get_ref()) else {
                let hint = "Write mon, tue, wed, thu, fri, sat, sun, or mon-fri.";
                self.wrong(value, &field, "That is no day of the week.", hint);
                continue;
            };
            let hours = self.hours(value, &field);
            // A range may turn around the end of the week, as sat-wed does.
            for ahead in 0..=(last + 7 - first) % 7 {
                if let Some(day) = week.get_mut((first + ahead) % 7) {
                    day.clone_from(&hours);
                }
            }
        }
        week
    }

    /// Hours in order and apart; `closed` is none.
    fn hours(&mut self, value: &Value<'_>, field: &str) -> Vec<Hours> {
        if value.get_ref().as_str() == Some("closed") {
            return Vec::new();
        }
        let mut hours: Vec<Hours> = Vec::new();
        for one in listed(value) {
            match one.get_ref().as_str().and_then(hours_of) {
                Some(found) if hours.last().is_none_or(|before| before.close < found.open) => {
                    hours.push(found);
                }
                Some(_) => {
                    let what = "Hours follow each other and stand apart.";
                    self.wrong(one, field, what, "Make one of hours that meet.");
                }
                None => self.wrong(one, field, "These are no hours.", HOURS_HINT),
            }
        }
        if hours.len() > HOURS_MAX {
            let what = format!("A day opens at most {HOURS_MAX} times.");
            self.wrong(value, field, &what, "");
        }
        hours
    }

    fn day(&mut self, key: &str, value: &Value<'_>, field: &str) -> Option<Day> {
        let day = key.parse().ok().filter(|_| key.len() == 10).map(Day::from_date);
        if day.is_none() {
            self.wrong(value, field, &format!("`{key}` is no day."), "Write it as 2026-12-24.");
        }
        day
    }

    fn feeds(&mut self, value: &Value<'_>, into: &mut BTreeMap<Day, Exception>) {
        let Some(feeds) = value.get_ref().as_table() else {
            self.wrong(value, "feed", "It takes tables.", "Write `[feed.school]`.");
            return;
        };
        for (feed, days) in feeds {
            let field = format!("feed.{}", feed.get_ref());
            let Some(days) = days.get_ref().as_table() else {
                self.wrong(days, &field, "It takes a table of days.", "");
                continue;
            };
            for (key, value) in days {
                let Some(day) = self.day(key.get_ref(), value, &field) else { continue };
                let Some(name) = self.line(value, &field, LINE_BYTES_MAX) else { continue };
                into.insert(day, Exception { name, is_holiday: true, hours: DayHours::Closed });
            }
        }
    }

    fn exceptions(&mut self, value: &Value<'_>, into: &mut BTreeMap<Day, Exception>) {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(value, "exceptions", "It takes a table.", "Write `[exceptions]`.");
            return;
        };
        for (key, value) in table {
            let field = format!("exceptions.{}", key.get_ref());
            let Some(day) = self.day(key.get_ref(), value, &field) else { continue };
            if value.get_ref().as_str() == Some("open") {
                into.remove(&day);
                continue;
            }
            let (name, hours) = match value.get_ref().as_table() {
                None => (String::new(), Some(self.open_in(value, &field))),
                Some(told) => self.told(told, value, &field),
            };
            let hours = hours.unwrap_or(DayHours::Closed);
            into.insert(day, Exception { name, is_holiday: false, hours });
        }
    }

    fn open_in(&mut self, value: &Value<'_>, field: &str) -> DayHours {
        match self.hours(value, field) {
            hours if hours.is_empty() => DayHours::Closed,
            hours => DayHours::Open(hours),
        }
    }

    /// An exception that has a name.
    fn told(
        &mut self,
        table: &DeTable<'_>,
        whole: &Value<'_>,
        field: &str,
    ) -> (String, Option<DayHours>) {
        let (mut name, mut hours) = (String::new(), None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => name = self.line(value, field, LINE_BYTES_MAX).unwrap_or_default(),
                "hours" => hours = Some(self.open_in(value, field)),
                "until" => match value.get_ref().as_str().and_then(minute_of) {
                    Some(until) => hours = Some(DayHours::Until(until)),
                    None => self.wrong(value, field, "It is no time of day.", "Write \"13:00\"."),
                },
                _ => {
                    self.wrong(whole, field, "It takes a name, and hours or until.", HOURS_HINT);
                }
            }
        }
        (name, hours)
    }
}

/// The elements of a list, or the one value.
fn listed<'v, 't>(value: &'v Value<'t>) -> Vec<&'v Value<'t>> {
    match value.get_ref().as_array() {
        Some(list) => list.iter().collect(),
        None => vec![value],
    }
}

/// `mon-fri`, `sat-wed` or `sun`, as the first and the last day.
fn weekdays(key: &str) -> Option<(usize, usize)> {
    let place = |name: &str| WEEKDAYS.iter().position(|day| *day == name);
    match key.split_once('-') {
        Some((first, last)) => Some((place(first)?, place(last)?)),
        None => place(key).map(|day| (day, day)),
    }
}

/// Hours with these taken out.
fn without(hours: &[Hours], out: &[Hours]) -> Vec<Hours> {
    out.iter().fold(hours.to_vec(), |left, out| {
        let cut = |held: &Hours| {
            let before = Hours { open: held.open, close: held.close.min(out.open) };
            let after = Hours { open: held.open.max(out.close), close: held.close };
            [before, after]
        };
        left.iter().flat_map(cut).filter(|hours| hours.open < hours.close).collect()
    })
}

/// Hours as a text writes them.
#[must_use]
pub fn hours_words(hours: Hours) -> String {
    let minute = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}-{}", minute(hours.open), minute(hours.close.min(DAY_MINUTES)))
}

/// Days without work as a feed of a calendar's text.
#[must_use]
pub fn written_feed(name: &str, days: &BTreeMap<Day, String>) -> String {
    let mut text = format!("[feed.{name}]\n");
    for (day, called) in days {
        let called = called.replace(['\\', '"'], "'");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{day} = \"{called}\"");
    }
    text
}
