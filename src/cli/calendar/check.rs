//! `casedesk calendar check`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::read;
use crate::cli::Context;
use crate::cli::error::CliError;

/// Reads a calendar and says what is wrong with it, with line and field.
///
///   casedesk calendar check office.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Check {
    /// The file
    file: PathBuf,
}

#[derive(Serialize)]
struct Checked {
    version: u32,
    zone: String,
    days: usize,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (_, calendar) = read(&self.file)?;
        let checked = Checked {
            version: calendar.version,
            zone: calendar.zone_name().to_owned(),
            days: calendar.exceptions().len(),
        };
        context.output.show(&checked, |checked| {
            let Checked { version, zone, days } = checked;
            vec![format!("Sound: version {version}, {zone}, {days} holidays and exceptions.")]
        })
    }
}
