//! `casedesk tables check`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::read;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::publish::flaw_line;
use crate::desk::{AskTableCheck, TableCheckAnswer};
use crate::domain::rules::{check_table, read_table};

/// Says what is wrong with tables: slips, rows that overlap under U, rows that never fire, and cases that hit no row.
///
/// Overlaps and gaps are found over all that facts can be, and told with an example. What a case that hits no row comes to
/// is said as a warning; only in a table with complete = true is it a flaw. With --alone the office's units, queues,
/// subjects and types are not asked for, and no database is opened.
///
///   casedesk tables check routing.toml classify.csv
///   casedesk tables check routing.toml --alone --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Check {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Look at the text alone
    #[arg(long)]
    alone: bool,
}

#[derive(Serialize)]
struct CheckedFile {
    file: String,
    #[serde(flatten)]
    found: TableCheckAnswer,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let desk = if self.alone { None } else { Some(context.open()?) };
        let mut files = Vec::new();
        for file in &self.files {
            let text = read(file)?;
            let found = match &desk {
                Some(desk) => desk.ask(AskTableCheck { text })?,
                None => alone(&text),
            };
            files.push(CheckedFile { file: file.display().to_string(), found });
        }
        let is_flawed = files.iter().any(|file| !file.found.flaws.is_empty());
        context.output.show(&files, |files| files.iter().flat_map(lines).collect())?;
        if is_flawed { Err(CliError::Found) } else { Ok(()) }
    }
}

fn alone(text: &str) -> TableCheckAnswer {
    match read_table(text) {
        Ok(table) => {
            let checked = check_table(&table, None);
            let rows = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
            TableCheckAnswer { flaws: checked.flaws, warnings: checked.warnings, rows }
        }
        Err(flaws) => TableCheckAnswer { flaws, warnings: Vec::new(), rows: 0 },
    }
}

fn lines(file: &CheckedFile) -> Vec<String> {
    let mut lines: Vec<String> =
        file.found.flaws.iter().map(|flaw| flaw_line(&file.file, flaw)).collect();
    lines.extend(
        file.found
            .warnings
            .iter()
            .map(|warning| format!("{}: warning: {} {}", file.file, warning.what, warning.hint)),
    );
    if file.found.flaws.is_empty() {
        lines.push(format!("{}: {} rows, sound", file.file, file.found.rows));
    }
    lines
}
