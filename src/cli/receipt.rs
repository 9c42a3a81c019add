//! `casedesk receipt`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::output;
use crate::desk::Command;
use crate::domain::CaseId;

/// Prints the receipt slip of a case: its reference, a PIN, what was asked and what happens next.
///
/// The slip is in the language of whoever asked, at most 40 columns wide. Each printing makes a new PIN, after which the
/// one before is worth nothing; the PIN itself is kept nowhere else.
///
///   casedesk receipt C-12
///   casedesk receipt C-12 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Receipt {
    /// The case's number
    case: CaseId,
}

#[derive(Serialize)]
struct Slip {
    case: String,
    slip: String,
}

impl Receipt {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let receipt = context.open()?.execute(Command::PrintSlip { case: self.case })?;
        let slip = receipt.text.ok_or_else(|| {
            CliError::refused("receipt", "The slip was printed already.", "Print it again.")
        })?;
        if !context.output.is_json() {
            output::tell(&receipt.label);
        }
        let answer = Slip { case: self.case.to_string(), slip };
        context.output.show(&answer, |answer| answer.slip.lines().map(str::to_owned).collect())
    }
}
