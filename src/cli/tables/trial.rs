//! `casedesk tables try`.

use std::path::Path;

use clap::Args;

use super::{found, read};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::{AskTableTry, TableTryAnswer};
use crate::domain::CaseId;

/// Says which row of a table would fire, and why; nothing happens.
///
/// The facts are those of a case, or those that are said, or a case's with others said instead. What is not said is
/// unknown; the day is today and the unit one's own.
///
///   casedesk tables try routing --case C-1042
///   casedesk tables try routing nature=complaint subject=RENT-2 channel=letter
///   casedesk tables try ./routing.toml --case C-1042 subject=HOME-1
#[derive(Debug, Args)]
#[command(name = "try", verbatim_doc_comment)]
pub(super) struct Trial {
    /// Its code, or code@version; or a file, by its path
    #[arg(value_name = "CODE|FILE")]
    table: String,
    /// The facts of this case
    #[arg(long, value_name = "REF")]
    case: Option<CaseId>,
    /// Facts, as nature=complaint
    #[arg(value_name = "FACT=VALUE", value_parser = fact)]
    facts: Vec<(String, String)>,
}

fn fact(said: &str) -> Result<(String, String), String> {
    let (word, value) = said.split_once('=').ok_or("write it as nature=complaint")?;
    Ok((word.trim().to_owned(), value.trim().to_owned()))
}

impl Trial {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let desk = context.open()?;
        let file = Path::new(&self.table);
        let is_file = file.extension().is_some() || self.table.contains(std::path::MAIN_SEPARATOR);
        let text = if is_file { read(file)? } else { found(&desk, &self.table)?.text };
        let facts = self.facts.clone();
        let answer = desk.ask(AskTableTry { text, case: self.case, facts })?;
        context.output.show(&answer, lines)
    }
}

fn lines(answer: &TableTryAnswer) -> Vec<String> {
    let pairs = |pairs: &[(String, String)], between: &str| {
        let pairs = pairs.iter().map(|(word, value)| format!("{word}{between}{value}"));
        pairs.collect::<Vec<_>>().join(", ")
    };
    let fired = &answer.fired;
    let facts = match fired.facts.as_slice() {
        [] => "whatever the facts are".to_owned(),
        facts => pairs(facts, " "),
    };
    let outputs = pairs(&fired.outputs, " ");
    let Some(line) = answer.line else {
        let several = if outputs.is_empty() { String::new() } else { format!(" ({outputs})") };
        return vec![format!("{}@{}: no row fits{several}", fired.table, fired.version), facts];
    };
    let mut lines = vec![format!("{}, line {line}: {outputs}", fired.rule()), facts];
    lines.extend(Some(answer.note.clone()).filter(|note| !note.is_empty()));
    lines
}
