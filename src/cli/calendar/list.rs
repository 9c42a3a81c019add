//! `casedesk calendar list`.

use clap::Args;
use serde::Serialize;

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::{AskRules, RulesLine};
use crate::domain::rules::{PublicationKind, PublicationState};

/// Lists the calendars that were proposed and published.
///
///   casedesk calendar list
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct List {}

#[derive(Serialize)]
struct CalendarLine {
    code: String,
    version: u32,
    state: &'static str,
    from: String,
    is_in_force: bool,
    proposed_by: String,
    published_by: Option<String>,
}

impl List {
    #[expect(clippy::unused_self, reason = "a subcommand without options")]
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let rules = opened.ask(AskRules { kind: Some(PublicationKind::Calendar) })?;
        let lines: Vec<CalendarLine> = rules.lines.into_iter().map(line).collect();
        context.output.show(&lines, |lines| {
            if lines.is_empty() {
                return vec!["No calendar is published: the office's own hours count.".to_owned()];
            }
            lines.iter().map(words).collect()
        })
    }
}

fn line(held: RulesLine) -> CalendarLine {
    CalendarLine {
        code: held.name.code,
        version: held.name.version,
        state: match held.state {
            PublicationState::Proposed => "proposed",
            PublicationState::Published { .. } => "published",
            PublicationState::Withdrawn => "withdrawn",
        },
        from: held.from.to_string(),
        is_in_force: held.is_in_force,
        proposed_by: held.proposed_by,
        published_by: held.published_by,
    }
}

fn words(line: &CalendarLine) -> String {
    let CalendarLine { code, version, state, from, is_in_force, proposed_by, .. } = line;
    let force = if *is_in_force { ", in force" } else { "" };
    let by = line.published_by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
    format!("{code}@{version}  {state} from {from}{force}{by} (proposed by {proposed_by})")
}
