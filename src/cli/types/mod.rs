//! `casedesk types`.

mod evaluate;
mod publish;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;

/// Checks, publishes, lists and compares case types.
///
/// A case type is a text: which matters it handles, and their stages, tasks, fields, outcomes and clocks. One person
/// proposes it and another one publishes it; a published version never changes, and a running case keeps its version.
#[derive(Debug, Args)]
pub(super) struct TypesCommand {
    #[command(subcommand)]
    command: TypesSubcommand,
}

#[derive(Debug, Subcommand)]
enum TypesSubcommand {
    Publish(publish::Publish),
    Evaluate(evaluate::Evaluate),
}

impl TypesCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            TypesSubcommand::Publish(publish) => publish.run(context),
            TypesSubcommand::Evaluate(evaluate) => evaluate.run(context),
        }
    }
}
