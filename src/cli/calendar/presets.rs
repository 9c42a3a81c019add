//! `casedesk calendar presets`.

use clap::Args;
use serde::Serialize;

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::domain::time::HOLIDAY_PRESETS;

/// Lists the countries and parts of countries whose holidays come with casedesk.
///
///   casedesk calendar presets
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Presets {}

#[derive(Serialize)]
struct PresetLine {
    code: &'static str,
    name: &'static str,
    zone: &'static str,
}

impl Presets {
    #[expect(clippy::unused_self, reason = "a subcommand without options")]
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let line = |it: &crate::domain::time::HolidayPreset| PresetLine {
            code: it.code,
            name: it.name,
            zone: it.zone,
        };
        let lines: Vec<PresetLine> = HOLIDAY_PRESETS.iter().map(line).collect();
        context.output.show(&lines, |lines| {
            lines.iter().map(|it| format!("{:<7} {:<17} {}", it.code, it.name, it.zone)).collect()
        })
    }
}
