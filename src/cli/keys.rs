//! `casedesk keys`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::output;
use super::press::Press;
use crate::keymap::{Context as Place, Keymap, Problem};

/// Checks and shows keys.
#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: KeysSubcommand,
}

#[derive(Debug, Subcommand)]
enum KeysSubcommand {
    Check(Check),
    Show(Show),
    Press(Press),
}

/// Checks a keymap file, or the keys that are in use, and names file and line of whatever is wrong.
///
///   casedesk keys check
///   casedesk keys check my-keys.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Check {
    /// The file; without one, the keys of the preferences
    file: Option<PathBuf>,
}

/// Shows what every key does, as the keys are now.
#[derive(Debug, Args)]
struct Show {}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    problems: Vec<ProblemAnswer>,
}

#[derive(Serialize)]
struct ProblemAnswer {
    file: String,
    line: usize,
    what: String,
}

#[derive(Serialize)]
struct Shown {
    keys: Vec<KeyAnswer>,
}

#[derive(Serialize)]
struct KeyAnswer {
    context: &'static str,
    keys: Vec<String>,
    action: &'static str,
    help: &'static str,
}

/// The keys as the preferences have them, with a file of the user's own where it is given.
pub(super) fn load(
    context: &Context,
    file: Option<&Path>,
) -> Result<(Keymap, Vec<Problem>), CliError> {
    let preferences = context.preferences()?;
    let file = file.or(preferences.keymap_file.as_deref());
    Ok(Keymap::load(&preferences.keymap, file))
}

impl Keys {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            KeysSubcommand::Check(check) => check.run(context),
            KeysSubcommand::Show(Show {}) => show(context),
            KeysSubcommand::Press(press) => press.run(context),
        }
    }
}

impl Check {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let (_, problems) = load(context, self.file.as_deref())?;
        let problems: Vec<ProblemAnswer> = problems
            .into_iter()
            .map(|problem| ProblemAnswer {
                what: problem.kind.to_string(),
                file: problem.file,
                line: problem.line,
            })
            .collect();
        let checked = Checked { ok: problems.is_empty(), problems };
        context.output.show(&checked, |checked| {
            let mut shown: Vec<String> = checked.problems.iter().map(ProblemAnswer::text).collect();
            if checked.ok {
                shown.push("The keys are sound.".to_owned());
            }
            shown
        })?;
        if checked.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl ProblemAnswer {
    fn text(&self) -> String {
        match self.line {
            0 => format!("{}: {}", self.file, self.what),
            line => format!("{}:{line}: {}", self.file, self.what),
        }
    }
}

fn show(context: &Context) -> Result<(), CliError> {
    let (keymap, problems) = load(context, None)?;
    for problem in problems {
        output::tell(&problem.to_string());
    }
    let mut keys = Vec::new();
    for place in Place::ALL {
        let own = keymap.actions_in(place).filter(|info| info.contexts.contains(&place));
        keys.extend(own.map(|info| KeyAnswer {
            context: place.name(),
            keys: keymap.keys_for(place, info.action),
            action: info.name,
            help: info.help,
        }));
    }
    context.output.show(&Shown { keys }, |shown| {
        let line = |key: &KeyAnswer| {
            let keys = key.keys.join(", ");
            format!("{:<10}  {keys:<20}  {:<24}  {}", key.context, key.action, key.help)
        };
        shown.keys.iter().map(line).collect()
    })
}
