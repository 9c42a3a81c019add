//! `casedesk keys check`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::Context;
use super::super::error::CliError;
use crate::keymap::Problem;

/// Checks a keymap file, or the keys that are in use, and names file and line of whatever is wrong: names that do not exist
/// and what may be meant, keys that a terminal cannot send, keys that end longer ones too soon. It also says which signs
/// need `AltGr` somewhere, which actions no key means any more, and which single characters are commands although the preset
/// promises none. Ends with 1 if it found anything.
///
///   casedesk keys check
///   casedesk keys check my-keys.toml
///   casedesk keys check --preset no-letters
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Check {
    /// The file; without one, the keys of the preferences
    file: Option<PathBuf>,
    /// The preset below it, instead of the one of the preferences
    #[arg(long, value_name = "NAME", value_parser = super::presets())]
    preset: Option<String>,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    problems: Vec<ProblemAnswer>,
}

#[derive(Serialize)]
struct ProblemAnswer {
    file: String,
    line: usize,
    /// Whether the line works, and this is only to be known of it.
    is_advice: bool,
    what: String,
    #[serde(skip)]
    text: String,
}

impl From<Problem> for ProblemAnswer {
    fn from(problem: Problem) -> Self {
        Self {
            text: problem.to_string(),
            what: problem.kind.to_string(),
            is_advice: problem.kind.is_advice(),
            file: problem.file,
            line: problem.line,
        }
    }
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let preset = self.preset.as_deref();
        let (keymap, problems) = super::load_preset(context, preset, self.file.as_deref())?;
        let problems = problems.into_iter().chain(keymap.advice()).map(ProblemAnswer::from);
        let problems: Vec<ProblemAnswer> = problems.collect();
        let checked = Checked { ok: problems.is_empty(), problems };
        context.output.show(&checked, |checked| {
            if checked.ok {
                return vec!["The keys are sound.".to_owned()];
            }
            checked.problems.iter().map(|problem| problem.text.clone()).collect()
        })?;
        if checked.ok { Ok(()) } else { Err(CliError::Found) }
    }
}
