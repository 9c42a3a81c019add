//! `casedesk message`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use crate::desk::{AskMessage, Command};
use crate::domain::MessageId;
use crate::domain::cases::CaseAct;

/// Takes a message back that still waits, or notes that one came back.
#[derive(Debug, Args)]
pub(super) struct MessageCommand {
    #[command(subcommand)]
    command: MessageSubcommand,
}

#[derive(Debug, Subcommand)]
enum MessageSubcommand {
    Recall(Recall),
    Returned(Returned),
}

/// Takes a message back before it is handed over.
///
///   casedesk message recall M-12
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Recall {
    /// The message's number
    message: MessageId,
}

/// Notes that a message came back: its citizen counts as not told by it.
///
///   casedesk message returned M-12 --why "moved"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Returned {
    /// The message's number
    message: MessageId,
    /// Why, in a word or a sentence
    #[arg(long)]
    why: String,
}

#[derive(Serialize)]
struct Outcome {
    message: String,
    state: &'static str,
    done: String,
}

impl MessageCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let (message, command) = match &self.command {
            MessageSubcommand::Recall(recall) => {
                (recall.message, Command::RecallMessage { message: recall.message })
            }
            MessageSubcommand::Returned(returned) => {
                let held = opened.ask(AskMessage { message: returned.message })?;
                let act = CaseAct::CameBack { message: held.id, why: returned.why.clone() };
                (held.id, Command::Case { case: held.case, version: None, act })
            }
        };
        let receipt = opened.execute(command)?;
        let state = opened.ask(AskMessage { message })?.state.label();
        let outcome = Outcome { message: message.to_string(), state, done: receipt.label };
        context.output.show(&outcome, |outcome| vec![outcome.done.clone()])
    }
}
