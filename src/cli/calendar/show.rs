//! `casedesk calendar show`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::read;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::{AskCalendar, AskWho};
use crate::domain::time::{AlsoCalendar, Calendar, Day, HolidayPreset, hours_words};

/// Shows the days of a month: when the unit is open, and why it is not.
///
///   casedesk calendar show 2026-11
///   casedesk calendar show 2026-11 --unit housing --also jalali
///   casedesk calendar show 2026-05 --preset tr --also hijri --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// The month [default: this one]
    #[arg(value_name = "YEAR-MONTH")]
    month: Option<String>,
    /// A unit, by its code [default: your own]
    #[arg(long, value_name = "CODE", conflicts_with_all = ["preset", "file"])]
    unit: Option<String>,
    /// A country's holidays and usual hours
    #[arg(long, value_name = "CODE", conflicts_with = "file")]
    preset: Option<String>,
    /// A calendar that is not published
    #[arg(long)]
    file: Option<PathBuf>,
    /// The same days in another calendar as well
    #[arg(long, value_enum)]
    also: Option<Also>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Also {
    /// The solar calendar of Iran
    Jalali,
    /// The lunar Islamic calendar, as it is computed: it may differ by a day from what is observed
    Hijri,
}

impl From<Also> for AlsoCalendar {
    fn from(also: Also) -> Self {
        match also {
            Also::Jalali => Self::Jalali,
            Also::Hijri => Self::Hijri,
        }
    }
}

#[derive(Serialize)]
struct Shown {
    calendar: String,
    zone: String,
    days: Vec<DayLine>,
}

#[derive(Serialize)]
struct DayLine {
    day: String,
    weekday: String,
    also: Option<String>,
    hours: Vec<String>,
    closed: Option<String>,
    name: Option<String>,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (calendar, today) = self.calendar(context)?;
        let first = self.first_day(today)?;
        let (year, month) = (first.date().year(), first.date().month());
        let days = (0..31).map(|ahead| first.plus_days(ahead));
        let days = days.filter(|day| (day.date().year(), day.date().month()) == (year, month));
        let line = |day: Day| {
            let exception = calendar.exceptions().get(&day);
            DayLine {
                day: day.to_string(),
                weekday: day.date().strftime("%a").to_string(),
                also: self.also.map(|also| AlsoCalendar::from(also).words(day)),
                hours: calendar.intervals(day).into_iter().map(hours_words).collect(),
                closed: calendar.closed_why(day).map(|why| why.label().to_owned()),
                name: exception.map(|it| it.name.clone()).filter(|name| !name.is_empty()),
            }
        };
        let shown = Shown {
            calendar: format!("{}@{}", calendar.code, calendar.version),
            zone: calendar.zone_name().to_owned(),
            days: days.map(line).collect(),
        };
        context.output.show(&shown, lines)
    }

    fn calendar(&self, context: &Context) -> Result<(Calendar, Option<Day>), CliError> {
        if let Some(file) = &self.file {
            return Ok((read(file)?.1, None));
        }
        if let Some(code) = &self.preset {
            let preset = HolidayPreset::of(code).ok_or_else(|| {
                let what = format!("There are no holidays of `{code}` in casedesk.");
                CliError::refused("calendar.preset", what, "casedesk calendar presets lists them.")
            })?;
            return Ok((preset.calendar(), None));
        }
        let opened = context.open()?;
        let who = opened.ask(AskWho {})?;
        let today = who.office.calendar.zone().day(who.at);
        let calendar = match &self.unit {
            None => who.calendar,
            Some(code) => opened.ask(AskCalendar { unit: code.clone() })?,
        };
        Ok((calendar, Some(today)))
    }

    fn first_day(&self, today: Option<Day>) -> Result<Day, CliError> {
        let read = |month: &String| {
            let (year, month) = month.split_once('-')?;
            Day::from_parts(year.parse().ok()?, month.parse().ok()?, 1)
        };
        let this =
            || today.and_then(|day| Day::from_parts(day.date().year(), day.date().month(), 1));
        self.month.as_ref().map_or_else(this, read).ok_or_else(|| {
            CliError::refused("calendar.month", "Which month?", "Give it as 2026-11.")
        })
    }
}

fn lines(shown: &Shown) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", shown.calendar, shown.zone)];
    lines.extend(shown.days.iter().map(|it| {
        let also = it.also.as_ref().map_or_else(String::new, |also| format!("  {also:<24}"));
        let open = match &it.closed {
            Some(why) => why.clone(),
            None => it.hours.join(" "),
        };
        let name = it.name.as_deref().filter(|_| it.closed.is_none());
        let name = name.map_or_else(String::new, |name| format!("  {name}"));
        format!("{} {}{also}  {open}{name}", it.weekday, it.day)
    }));
    lines
}
