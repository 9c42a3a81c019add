//! `casedesk calendar`.

mod check;
mod import;
mod list;
mod presets;
mod preview;
mod publish;
mod show;

use std::fs;
use std::path::Path;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;
use super::output;
use super::publish::flaw_line;
use crate::domain::time::{Calendar, read_calendar};

/// Checks, publishes and shows business calendars: when a unit is open, by the minute.
///
/// A calendar is a text: zone, weekly hours, lunch, exceptions, and the holidays of a country. One person proposes it and
/// another one publishes it; a published version never changes. Due dates are counted with the calendar of the case's
/// unit, else with that of the office, and before anything is published with the hours that the office was opened with.
#[derive(Debug, Args)]
pub(super) struct CalendarCommand {
    #[command(subcommand)]
    command: CalendarSubcommand,
}

#[derive(Debug, Subcommand)]
enum CalendarSubcommand {
    Check(check::Check),
    Preview(preview::Preview),
    Publish(publish::Publish),
    List(list::List),
    Show(show::Show),
    Presets(presets::Presets),
    Import(import::Import),
}

impl CalendarCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            CalendarSubcommand::Check(check) => check.run(context),
            CalendarSubcommand::Preview(preview) => preview.run(context),
            CalendarSubcommand::Publish(publish) => publish.run(context),
            CalendarSubcommand::List(list) => list.run(context),
            CalendarSubcommand::Show(show) => show.run(context),
            CalendarSubcommand::Presets(presets) => presets.run(context),
            CalendarSubcommand::Import(import) => import.run(context),
        }
    }
}

/// A calendar's text, and what it says; its flaws are told with file and line.
fn read(file: &Path) -> Result<(String, Calendar), CliError> {
    let place = file.display().to_string();
    let text = fs::read_to_string(file).map_err(CliError::failed_to(format!("read {place}")))?;
    match read_calendar(&text) {
        Ok(calendar) => Ok((text, calendar)),
        Err(flaws) => {
            for flaw in &flaws {
                output::tell(&flaw_line(&place, flaw));
            }
            let what = match flaws.len() {
                1 => format!("{place} has a flaw."),
                count => format!("{place} has {count} flaws."),
            };
            Err(CliError::refused("rules.flaw", what, "Correct it and try again."))
        }
    }
}
