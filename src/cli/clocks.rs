//! `casedesk clocks`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;
use crate::exchange::{Comparison, Mapping, compare_clocks};

/// Judges cases of another system with casedesk's clocks.
#[derive(Debug, Args)]
pub(super) struct ClocksCommand {
    #[command(subcommand)]
    command: ClocksSubcommand,
}

#[derive(Debug, Subcommand)]
enum ClocksSubcommand {
    Compare(Compare),
}

/// Says whether casedesk finds the same cases late as the system that they come from did.
///
/// The mapping's [verdict] names the column with the other system's own judgement. A case that ended after it was due is
/// late, and so is one that is open and past its due date as of an instant; one without a due date is on time. Local times
/// are in the mapping's zone. Ends with 1 where anything differs.
///
///   casedesk clocks compare boston.csv.gz --mapping boston311
///   casedesk clocks compare old.csv --mapping ours.toml --as-of "2018-01-31 17:00" --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Compare {
    /// The file, as for `casedesk import requests`
    file: PathBuf,
    /// A mapping's name or file
    #[arg(long)]
    mapping: String,
    /// The instant as of which open cases are judged [default: the newest one in the file]
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
}

impl ClocksCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let ClocksSubcommand::Compare(compare) = &self.command;
        let mapping = Mapping::load(&compare.mapping)?;
        let comparison = compare_clocks(&compare.file, &mapping, compare.as_of.as_deref())?;
        context.output.show(&comparison, lines)?;
        if comparison.disagree > 0 { Err(CliError::Found) } else { Ok(()) }
    }
}

fn lines(comparison: &Comparison) -> Vec<String> {
    let Comparison { rows, agree, disagree, first } = comparison;
    let mut lines = vec![format!("{rows} rows: {agree} agree, {disagree} do not.")];
    lines.extend(first.iter().map(|it| {
        format!("line {}  {}  there {}, here {}", it.line, it.reference, it.theirs, it.ours)
    }));
    lines
}
