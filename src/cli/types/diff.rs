//! `casedesk types diff`.

use clap::Args;
use serde::Serialize;

use super::{find, read};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::domain::rules::{TypeChange, TypeEntry, type_difference};

/// Says what changed between two versions of a case type: what was added, taken away, and changed.
///
/// Each is a code with or without a version, or a file; `CODE@shipped` is the one that comes with casedesk. Ends with 1
/// where they differ.
///
///   casedesk types diff objection@1 objection@2
///   casedesk types diff permit permit.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Diff {
    /// The earlier one
    before: String,
    /// The later one
    after: String,
}

#[derive(Serialize)]
struct Differing {
    before: String,
    after: String,
    changes: Vec<ChangeLine>,
}

#[derive(Serialize)]
struct ChangeLine {
    change: &'static str,
    entry: String,
    fact: Option<&'static str>,
    before: String,
    after: String,
}

impl Diff {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let sides = [find(context, &self.before)?, find(context, &self.after)?];
        let [(before, old), (after, new)] = sides;
        let (old, new) = (read(&before, &old)?, read(&after, &new)?);
        let changes = type_difference(&old, &new).into_iter().map(ChangeLine::of).collect();
        let differing = Differing { before, after, changes };
        context.output.show(&differing, |differing| {
            if differing.changes.is_empty() {
                return vec![format!("{} and {} say the same.", differing.before, differing.after)];
            }
            differing.changes.iter().map(ChangeLine::words).collect()
        })?;
        if differing.changes.is_empty() { Ok(()) } else { Err(CliError::Found) }
    }
}

impl ChangeLine {
    fn of(change: TypeChange) -> Self {
        let entry = |entry: &TypeEntry| {
            let facts = entry.facts.iter().map(|(fact, words)| format!("{fact}: {words}"));
            [entry.name.clone()].into_iter().chain(facts).collect::<Vec<_>>().join(", ")
        };
        match change {
            TypeChange::Added(held) => Self {
                change: "added",
                entry: held.title(),
                fact: None,
                before: String::new(),
                after: entry(&held),
            },
            TypeChange::Removed(held) => Self {
                change: "taken away",
                entry: held.title(),
                fact: None,
                before: entry(&held),
                after: String::new(),
            },
            TypeChange::Changed { entry, fact, before, after } => {
                Self { change: "changed", entry, fact: Some(fact), before, after }
            }
        }
    }

    fn words(&self) -> String {
        let nothing =
            |words: &str| if words.is_empty() { "nothing".to_owned() } else { words.to_owned() };
        match self.fact {
            None => format!("{:<10}  {}: {}{}", self.change, self.entry, self.before, self.after),
            Some(fact) => format!(
                "{:<10}  {}, {fact}: {} -> {}",
                self.change,
                self.entry,
                nothing(&self.before),
                nothing(&self.after)
            ),
        }
    }
}
