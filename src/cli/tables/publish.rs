//! `casedesk tables publish`.

use std::path::PathBuf;

use clap::Args;

use super::read;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::office::day;
use crate::cli::publish::{Offered, publish};
use crate::domain::rules::PublicationKind;
use crate::domain::time::Day;

/// Proposes tables, and publishes them where somebody else proposed them.
///
/// A table that overlaps itself, or that names a unit, queue, subject or type that is not there, is refused. Whoever
/// proposed a table does not publish it, unless nobody else is there who may: the second person gives the same command
/// with the same file. The first table that routes opens a queue for what no rule places, where the office has none.
///
///   casedesk tables publish routing.toml --from 2027-01-01
///   casedesk --as moe tables publish routing.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Publish {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The day from which they are in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
}

impl Publish {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let text = |file: &PathBuf| {
            let place = file.display().to_string();
            let text = read(file)?;
            Ok(Offered { kind: PublicationKind::Table, code: None, place, text })
        };
        let texts = self.files.iter().map(text).collect::<Result<Vec<_>, CliError>>()?;
        publish(context, &texts, self.from)
    }
}
