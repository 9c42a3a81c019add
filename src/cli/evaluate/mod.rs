//! `casedesk evaluate`.

mod build;
mod child;
mod figures;
mod measure;
mod misses;
mod people;
mod plan;
mod process;
mod report;
mod search;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;

/// Judges parts of casedesk on an office's own data, beside its database and without touching it.
#[derive(Debug, Args)]
pub(super) struct EvaluateCommand {
    #[command(subcommand)]
    command: EvaluateSubcommand,
}

#[derive(Debug, Subcommand)]
enum EvaluateSubcommand {
    Search(search::Search),
    #[command(hide = true)]
    Measure(measure::Measure),
}

impl EvaluateCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            EvaluateSubcommand::Search(search) => search.run(context),
            EvaluateSubcommand::Measure(measure) => measure.run(context),
        }
    }
}
