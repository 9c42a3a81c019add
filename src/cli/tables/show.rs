//! `casedesk tables show`.

use clap::Args;

use super::found;
use crate::cli::Context;
use crate::cli::error::CliError;

/// Shows a table as it was proposed.
///
///   casedesk tables show routing
///   casedesk tables show routing@2 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// Its code, or code@version; the one in force without a version
    #[arg(value_name = "CODE")]
    table: String,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let held = found(&context.open()?, &self.table)?;
        context.output.show(&held, |held| held.text.lines().map(str::to_owned).collect())
    }
}
