//! `casedesk types show`.

use clap::Args;
use serde::Serialize;

use super::{find, read};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::domain::rules::{TypeEntry, type_in_words};

/// Shows a case type: the office's, one that comes with casedesk, or a file.
///
/// Without a version it is the one in force, else the newest; `CODE@shipped` is the one that comes with casedesk.
///
///   casedesk types show objection@2 --language fa
///   casedesk types show permit@shipped --text > permit.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// The code, a version behind it, or a file
    #[arg(value_name = "CODE[@VERSION]")]
    wanted: String,
    /// In this language, as fa
    #[arg(long, default_value = "en")]
    language: String,
    /// The text itself, to begin one's own from
    #[arg(long)]
    text: bool,
}

#[derive(Serialize)]
struct Shown {
    place: String,
    code: String,
    version: u32,
    entries: Vec<ShownEntry>,
}

#[derive(Serialize)]
struct ShownEntry {
    kind: &'static str,
    code: String,
    name: String,
    facts: Vec<(&'static str, String)>,
}

impl From<TypeEntry> for ShownEntry {
    fn from(TypeEntry { kind, code, name, facts }: TypeEntry) -> Self {
        Self { kind, code, name, facts }
    }
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (place, text) = find(context, &self.wanted)?;
        if self.text && !context.output.is_json() {
            return output::raw(&text);
        }
        let read = read(&place, &text)?;
        let entries = type_in_words(&read, &self.language).into_iter().map(ShownEntry::from);
        let shown = Shown {
            place,
            code: read.id.code.clone(),
            version: read.id.version,
            entries: entries.collect(),
        };
        context.output.show(&shown, Shown::lines)
    }
}

impl Shown {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for entry in &self.entries {
            let title = match entry.kind {
                "" => format!("{}  {}", self.place, entry.name),
                kind => format!("{kind} {}  {}", entry.code, entry.name),
            };
            lines.push(title.trim_end().to_owned());
            lines.extend(entry.facts.iter().map(|(fact, words)| format!("    {fact:<17} {words}")));
        }
        lines
    }
}
