//! `casedesk tables list`.

use clap::Args;

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::{AskRules, RulesAnswer, RulesLine};
use crate::domain::rules::{PublicationKind, PublicationState};

/// Lists every version of every table, and which one counts today.
///
///   casedesk tables list --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "every subcommand is run the same way")]
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let desk = context.open()?;
        let answer = desk.ask(AskRules { kind: Some(PublicationKind::Table) })?;
        context.output.show(&answer, lines)
    }
}

fn lines(answer: &RulesAnswer) -> Vec<String> {
    if answer.lines.is_empty() {
        return vec!["There is no table. casedesk tables publish FILE makes one.".to_owned()];
    }
    answer.lines.iter().map(line).collect()
}

fn line(line: &RulesLine) -> String {
    let name = format!("{}@{}", line.name.code, line.name.version);
    let state = match (&line.state, line.is_in_force) {
        (_, true) => "in force",
        (PublicationState::Proposed, _) => "proposed",
        (PublicationState::Withdrawn, _) => "withdrawn",
        (PublicationState::Published { .. }, _) => "published",
    };
    let by = line.published_by.as_ref().unwrap_or(&line.proposed_by);
    format!("{name:<24} {state:<10} from {}  {by}", line.from)
}
