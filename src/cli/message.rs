//! `casedesk message`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::reveal::Why;
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

/// Notes that a message came back: its citizen counts as not told by it. Its case is opened for that.
///
///   casedesk message returned M-12 --why "moved"
///   casedesk message returned M-12 --why "moved" --purpose casework
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Returned {
    /// The message's number
    message: MessageId,
    /// Why, in a word or a sentence
    #[arg(long)]
    why: String,
    #[command(flatten)]
    read: Why,
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
        let (message, is_recalled, command) = match &self.command {
            MessageSubcommand::Recall(recall) => {
                let command = Command::RecallMessage { message: recall.message };
                (recall.message, true, command)
            }
            MessageSubcommand::Returned(returned) => {
                let question = AskMessage { message: returned.message };
                let held = returned.read.ask(&opened, question)?;
                let act = CaseAct::CameBack { message: held.id, why: returned.why.clone() };
                let command = Command::Case { case: held.case, version: None, act };
                (held.id, false, command)
            }
        };
        let receipt = opened.execute(command)?;
        // It was done, or refused: nothing of the message is read again to say so.
        let state = if is_recalled { "recalled" } else { "came back" };
        let outcome = Outcome { message: message.to_string(), state, done: receipt.label };
        context.output.show(&outcome, |outcome| vec![outcome.done.clone()])
    }
}
