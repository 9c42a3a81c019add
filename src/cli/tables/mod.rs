//! `casedesk tables`.

mod check;
mod list;
mod publish;
mod show;
mod trial;

use std::fs;
use std::path::Path;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;
use super::open::Opened;
use crate::desk::{AskRules, AskRulesText, RulesLine};
use crate::domain::Refusal;
use crate::domain::rules::{Publication, PublicationKind};

/// Checks, publishes, lists, shows and tries decision tables.
///
/// A table says by rows of conditions which type handles a matter (use classify), which unit and queue it goes to
/// (route), which terms its clocks have (clocks), and how narrowly it may be seen (confidentiality). It is TOML, or CSV as
/// a spreadsheet writes it; no table can ask who somebody is. One person proposes it and another one publishes it.
#[derive(Debug, Args)]
pub(super) struct TablesCommand {
    #[command(subcommand)]
    command: TablesSubcommand,
}

#[derive(Debug, Subcommand)]
enum TablesSubcommand {
    Check(check::Check),
    Publish(publish::Publish),
    List(list::List),
    Show(show::Show),
    Try(trial::Trial),
}

impl TablesCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            TablesSubcommand::Check(check) => check.run(context),
            TablesSubcommand::Publish(publish) => publish.run(context),
            TablesSubcommand::List(list) => list.run(context),
            TablesSubcommand::Show(show) => show.run(context),
            TablesSubcommand::Try(trial) => trial.run(context),
        }
    }
}

/// The text of a file.
fn read(file: &Path) -> Result<String, CliError> {
    let place = file.display();
    fs::read_to_string(file).map_err(CliError::failed_to(format!("read {place}")))
}

/// A table by its code, as `routing`, or by code and version, as `routing@2`. Without a version it is the one in force,
/// or else the newest.
fn found(desk: &Opened, name: &str) -> Result<Publication, CliError> {
    let (code, version) = match name.split_once('@') {
        Some((code, version)) => (code, version.parse::<u32>().ok()),
        None => (name, None),
    };
    let lines = desk.ask(AskRules { kind: Some(PublicationKind::Table) })?.lines;
    let of_code = |line: &&RulesLine| {
        line.name.code == code && version.is_none_or(|version| line.name.version == version)
    };
    let newest =
        lines.iter().filter(of_code).max_by_key(|line| (line.is_in_force, line.name.version));
    let Some(line) = newest else {
        let codes = lines.iter().map(|line| line.name.code.as_str());
        let hint = crate::text::nearest(code, codes).map_or_else(
            || "casedesk tables list names those that there are.".to_owned(),
            |near| format!("Did you mean {near}?"),
        );
        let refusal = Refusal::new("tables.none", format!("There is no table {name}."), hint);
        return Err(crate::desk::DeskError::Refused(refusal).into());
    };
    desk.ask(AskRulesText { name: line.name.clone() })
}
