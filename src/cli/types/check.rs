//! `casedesk types check`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::publish::flaw_line;
use crate::domain::rules::{Flaw, read_type};

/// Checks files of case types; nothing is changed.
///
/// Every flaw is told with file, line and field; with none of them no case can get stuck in the type: every stage is
/// reached and can be left, whatever the facts are, and every outcome can be given. Ends with 1 where there is a flaw.
///
///   casedesk types check objection.toml permit.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Check {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    files: Vec<CheckedFile>,
}

#[derive(Serialize)]
struct CheckedFile {
    file: String,
    case_type: Option<String>,
    flaws: Vec<Flaw>,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let check = |file: &PathBuf| {
            let name = file.display().to_string();
            let text = fs::read_to_string(file);
            let text = text.map_err(CliError::failed_to(format!("read {name}")))?;
            let (case_type, flaws) = match read_type(&text) {
                Ok(read) => (Some(format!("{}@{}", read.id.code, read.id.version)), Vec::new()),
                Err(flaws) => (None, flaws),
            };
            Ok(CheckedFile { file: name, case_type, flaws })
        };
        let files = self.files.iter().map(check).collect::<Result<Vec<_>, CliError>>()?;
        let checked = Checked { ok: files.iter().all(|file| file.flaws.is_empty()), files };
        context.output.show(&checked, |checked| {
            let lines = checked.files.iter().flat_map(|file| {
                let sound =
                    file.case_type.as_ref().map(|name| format!("{}: {name} is sound.", file.file));
                file.flaws.iter().map(|flaw| flaw_line(&file.file, flaw)).chain(sound)
            });
            lines.collect()
        })?;
        if checked.ok { Ok(()) } else { Err(CliError::Found) }
    }
}
