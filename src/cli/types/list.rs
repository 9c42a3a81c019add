//! `casedesk types list`.

use clap::Args;
use serde::Serialize;

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::AskRules;
use crate::domain::rules::{PublicationKind, PublicationState, read_type, shipped_types};

/// Lists the case types of the office, each version with how far it has come.
///
///   casedesk types list --json
///   casedesk types list --shipped
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct List {
    /// Those that come with casedesk instead
    #[arg(long)]
    shipped: bool,
}

#[derive(Serialize)]
struct Listed {
    types: Vec<TypeLine>,
}

#[derive(Serialize)]
struct TypeLine {
    code: String,
    version: u32,
    title: String,
    state: &'static str,
    from: Option<String>,
    proposed_by: Option<String>,
    published_by: Option<String>,
}

impl List {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let types = if self.shipped { shipped() } else { of_office(context)? };
        context.output.show(&Listed { types }, |listed| {
            if listed.types.is_empty() {
                return vec![
                    "The office has no case type of its own: casedesk types publish --shipped all"
                        .to_owned(),
                ];
            }
            listed.types.iter().map(TypeLine::words).collect()
        })
    }
}

impl TypeLine {
    fn words(&self) -> String {
        let name = format!("{}@{}", self.code, self.version);
        let from = self.from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
        let proposed = self.proposed_by.as_ref().map(|who| format!(", proposed by {who}"));
        let published = self.published_by.as_ref().map(|who| format!(", published by {who}"));
        let who = format!("{}{}", proposed.unwrap_or_default(), published.unwrap_or_default());
        format!("{name:<18}  {:<34}  {}{from}{who}", self.title, self.state).trim_end().to_owned()
    }
}

fn shipped() -> Vec<TypeLine> {
    let read = shipped_types().iter().filter_map(|(_, text)| read_type(text).ok());
    let line = |read: crate::domain::rules::CaseType| TypeLine {
        title: read.labels.english().to_owned(),
        code: read.id.code,
        version: read.id.version,
        state: "comes with casedesk",
        from: None,
        proposed_by: None,
        published_by: None,
    };
    read.map(line).collect()
}

fn of_office(context: &Context) -> Result<Vec<TypeLine>, CliError> {
    let answer = context.open()?.ask(AskRules { kind: Some(PublicationKind::Type) })?;
    let lines = answer.lines.into_iter().map(|line| TypeLine {
        state: match line.state {
            _ if !line.is_readable => "cannot be read",
            PublicationState::Proposed => "proposed",
            PublicationState::Withdrawn => "taken back",
            PublicationState::Published { .. } if line.is_in_force => "in force",
            PublicationState::Published { .. } => "published",
        },
        code: line.name.code,
        version: line.name.version,
        title: line.title,
        from: Some(line.from.to_string()),
        proposed_by: Some(line.proposed_by),
        published_by: line.published_by,
    });
    Ok(lines.collect())
}
