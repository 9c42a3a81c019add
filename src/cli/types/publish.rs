//! `casedesk types publish`.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::shipped;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::office::day;
use crate::cli::publish::{Offered, publish};
use crate::domain::rules::PublicationKind;
use crate::domain::time::Day;

/// Proposes case types, and publishes them where somebody else proposed them.
///
/// Whoever proposed a text does not publish it, unless nobody else is there who may: the second person gives the same
/// command with the same file. A text that is published already is left alone.
///
///   casedesk types publish objection.toml --from 2027-01-01
///   casedesk --as moe types publish objection.toml
///   casedesk types publish --shipped all
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Publish {
    /// The files
    #[arg(required_unless_present = "shipped")]
    files: Vec<PathBuf>,
    /// The one of this code that comes with casedesk; all of them for `all`
    #[arg(long, value_name = "CODE", conflicts_with = "files")]
    shipped: Option<String>,
    /// The day from which they are in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
}

impl Publish {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let read = |file: &PathBuf| {
            let place = file.display().to_string();
            let text = fs::read_to_string(file);
            let text = text.map_err(CliError::failed_to(format!("read {place}")))?;
            Ok(Offered { kind: PublicationKind::Type, code: None, place, text })
        };
        let mut texts = self.files.iter().map(read).collect::<Result<Vec<_>, CliError>>()?;
        let coming = self.shipped.as_deref().map(shipped).transpose()?;
        for (code, text) in coming.into_iter().flatten() {
            let (place, text) = (format!("{code}@shipped"), text.to_owned());
            texts.push(Offered { kind: PublicationKind::Type, code: None, place, text });
        }
        publish(context, &texts, self.from)
    }
}
