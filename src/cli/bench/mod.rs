//! `casedesk bench`: how an office's daemon holds out, measured on the machine where it is to run.

mod badly;
mod crowd;
mod daemon;
mod decoding;
mod hostile;
mod kills;
mod latency;
mod machine;
mod memory;
mod mix;
mod office;
mod paced;
mod peers;
mod pouring;
mod race;
mod raced;
mod room;
mod saturate;
mod screens;
mod seats;
mod writers;

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
    Peers(peers::BenchPeers),
    Kills(kills::BenchKills),
    #[command(hide = true)]
    Daemon(daemon::BenchDaemon),
}

impl BenchCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            BenchSubcommand::Office(office) => office.run(context),
            BenchSubcommand::Peers(peers) => peers.run(context),
            BenchSubcommand::Kills(kills) => kills.run(context),
            BenchSubcommand::Daemon(daemon) => daemon.run(context),
        }
    }
}
