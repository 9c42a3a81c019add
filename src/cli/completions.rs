//! `casedesk completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde::Serialize;

use super::error::CliError;
use super::output;
use super::{Cli, Context};

/// Prints a script that completes casedesk's commands in a shell.
///
///   casedesk completions bash > ~/.local/share/bash-completion/completions/casedesk
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

#[derive(Serialize)]
struct Script {
    shell: String,
    script: String,
}

impl Completions {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "casedesk", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        if context.output.is_json() {
            return output::json(&Script { shell: self.shell.to_string(), script });
        }
        output::raw(&script)
    }
}
