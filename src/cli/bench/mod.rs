//! `casedesk bench`: how an office's daemon holds out, measured on the machine where it is to run.

mod daemon;
mod latency;
mod machine;
mod memory;
mod mix;
mod office;
mod paced;
mod race;
mod saturate;
mod screens;
mod seats;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;

/// Measures casedesk on this machine, on a scratch office and without touching any other.
#[derive(Debug, Args)]
pub(super) struct BenchCommand {
    #[command(subcommand)]
    command: BenchSubcommand,
}

#[derive(Debug, Subcommand)]
enum BenchSubcommand {
    Office(office::BenchOffice),
    #[command(hide = true)]
    Daemon(daemon::BenchDaemon),
}

impl BenchCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            BenchSubcommand::Office(office) => office.run(context),
            BenchSubcommand::Daemon(daemon) => daemon.run(context),
        }
    }
}
