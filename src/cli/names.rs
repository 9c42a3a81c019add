//! `casedesk office names`.

use clap::{Args, ValueEnum};

use super::error::CliError;
use super::office::unit;
use crate::desk::{Command, OfficeAnswer};

/// Says whether the free cases of a unit are listed with the names of citizens.
///
/// Where names are hidden, rows of cases that nobody has show subject, age and due date, so that nobody picks by person; one's
/// own cases show names, and so does a case that is opened by its number, which is recorded.
///
///   casedesk office names --unit housing hide
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Names {
    /// The unit, by code
    #[arg(long, value_name = "UNIT")]
    unit: String,
    /// hide or show
    names: Shown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shown {
    Hide,
    Show,
}

impl Names {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let unit = unit(office, &self.unit)?.id;
        Ok(Command::HideNames { unit, hides: matches!(self.names, Shown::Hide) })
    }
}
