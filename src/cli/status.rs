//! `casedesk status`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use crate::desk::Command;
use crate::domain::CaseId;

/// Says how a case stands, in plain words without any personal data, to whoever has its reference and PIN.
///
/// It is made for a counter, a kiosk or a gateway of text messages. A wrong PIN is refused with 1; after three in a row
/// each next one has to wait, a minute at first and an hour at last.
///
///   casedesk status C-12 493021
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Status {
    /// The reference on the slip
    case: CaseId,
    /// The PIN on the slip
    pin: String,
}

#[derive(Serialize)]
struct Told {
    case: String,
    status: String,
}

impl Status {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let command = Command::AskStatus { case: self.case, pin: self.pin.clone() };
        let receipt = context.open()?.execute(command)?;
        let status = receipt.text.ok_or_else(|| {
            CliError::refused("status.wrong", receipt.label, "Look at the receipt slip again.")
        })?;
        let told = Told { case: self.case.to_string(), status };
        context.output.show(&told, |told| vec![told.status.clone()])
    }
}
