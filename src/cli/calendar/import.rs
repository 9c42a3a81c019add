//! `casedesk calendar import`.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::cli::Context;
use crate::cli::clock::SystemClock;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::publish::flaw_line;
use crate::desk::Clock as _;
use crate::domain::time::{Day, Zone, written_feed};
use crate::exchange::read_days_off;

/// Years ahead of which days off are taken.
const YEARS_AHEAD: i16 = 5;
/// Bytes of a file that are read.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Reads the days off of an iCalendar file, and prints them as a feed of a calendar's text.
///
/// Events of whole days, once or by RRULE, without EXDATE, from this year until five years from now. What is printed is
/// put into the text of a calendar, and published with it.
///
///   casedesk calendar import schools.ics --name school >> office.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Import {
    /// The file
    file: PathBuf,
    /// What the feed is called: lower-case letters, digits and -
    #[arg(long, value_name = "NAME", default_value = "feed")]
    name: String,
}

impl Import {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if self.name.is_empty() || !self.name.chars().all(is_plain) {
            let what = format!("`{}` is no name of a feed.", self.name);
            return Err(CliError::refused("calendar.feed", what, "Write it as school-breaks."));
        }
        let place = self.file.display().to_string();
        let failed = || CliError::failed_to(format!("read {place}"));
        if fs::metadata(&self.file).map_err(failed())?.len() > FILE_BYTES_MAX {
            let what = format!("{place} has more than {FILE_BYTES_MAX} bytes.");
            return Err(CliError::refused("calendar.size", what, "Divide it."));
        }
        let text = fs::read_to_string(&self.file).map_err(failed())?;
        let year = Zone::utc().day(SystemClock.now()).date().year();
        let first = Day::from_parts(year, 1, 1).unwrap_or_default();
        let last = Day::from_parts(year.saturating_add(YEARS_AHEAD), 12, 31).unwrap_or_default();
        let days = read_days_off(&text, first, last).map_err(|flaws| {
            for flaw in &flaws {
                output::tell(&flaw_line(&place, flaw));
            }
            CliError::refused("calendar.feed", "Nothing was taken over.", "Correct the file.")
        })?;
        if context.output.is_json() {
            let days: std::collections::BTreeMap<String, &String> =
                days.iter().map(|(day, name)| (day.to_string(), name)).collect();
            return output::json(&days);
        }
        output::raw(&written_feed(&self.name, &days))
    }
}
