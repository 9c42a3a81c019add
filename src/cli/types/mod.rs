//! `casedesk types`.

mod check;
mod diff;
mod evaluate;
mod list;
mod publish;
mod show;

use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;
use super::open::Opened;
use crate::desk::{AskRules, AskRulesText};
use crate::domain::rules::{
    PublicationKind, PublicationName, PublicationState, RulesText, shipped_types,
};
use crate::exchange::SHIPPED_TYPES;

/// Checks, publishes, lists and compares case types.
///
/// A case type is a text: which matters it handles, and their stages, tasks, fields, outcomes and clocks. One person
/// proposes it and another one publishes it; a published version never changes, and a running case keeps its version.
#[derive(Debug, Args)]
pub(super) struct TypesCommand {
    #[command(subcommand)]
    command: TypesSubcommand,
}

#[derive(Debug, Subcommand)]
enum TypesSubcommand {
    Check(check::Check),
    Publish(publish::Publish),
    List(list::List),
    Show(show::Show),
    Diff(diff::Diff),
    Evaluate(evaluate::Evaluate),
}

impl TypesCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            TypesSubcommand::Check(check) => check.run(context),
            TypesSubcommand::Publish(publish) => publish.run(context),
            TypesSubcommand::List(list) => list.run(context),
            TypesSubcommand::Show(show) => show.run(context),
            TypesSubcommand::Diff(diff) => diff.run(context),
            TypesSubcommand::Evaluate(evaluate) => evaluate.run(context),
        }
    }
}

/// The texts that come with casedesk, by their codes; `all` for the whole catalogue, without the types of event logs.
fn shipped(code: &str) -> Result<Vec<(&'static str, &'static str)>, CliError> {
    let of_logs = SHIPPED_TYPES.iter().filter(|(held, _)| *held == code);
    let found: Vec<_> = shipped_types()
        .iter()
        .filter(|(held, _)| code == "all" || *held == code)
        .chain(of_logs)
        .copied()
        .collect();
    if found.is_empty() {
        let known: Vec<&str> = shipped_types().iter().map(|(code, _)| *code).collect();
        let what = format!("No case type `{code}` comes with casedesk.");
        return Err(CliError::refused(
            "types.shipped",
            what,
            format!("There are {}.", known.join(", ")),
        ));
    }
    Ok(found)
}

/// The text of `objection` or `objection@2` in the office: without a version the one in force, else the newest.
fn office_text(desk: &Opened, wanted: &str) -> Result<Option<(PublicationName, String)>, CliError> {
    let (code, version) = match wanted.split_once('@') {
        Some((code, version)) => (code, version.parse::<u32>().ok()),
        None => (wanted, None),
    };
    let lines = desk.ask(AskRules { kind: Some(PublicationKind::Type) })?.lines;
    let mut of_code: Vec<_> = lines.into_iter().filter(|line| line.name.code == code).collect();
    if wanted.contains('@') {
        of_code.retain(|line| Some(line.name.version) == version);
    }
    of_code.sort_by_key(|line| {
        let is_withdrawn = line.state == PublicationState::Withdrawn;
        (line.is_in_force, !is_withdrawn, line.name.version)
    });
    let Some(line) = of_code.pop() else { return Ok(None) };
    let held = desk.ask(AskRulesText { name: line.name.clone() })?;
    Ok(Some((line.name, held.text)))
}

/// The case type that somebody means: a file, the office's, or one that comes with casedesk. Its place, and its text.
fn find(context: &Context, wanted: &str) -> Result<(String, String), CliError> {
    if wanted.contains(['.', '/']) {
        let text = std::fs::read_to_string(wanted);
        let text = text.map_err(CliError::failed_to(format!("read {wanted}")))?;
        return Ok((wanted.to_owned(), text));
    }
    let has_office = context.existing_data("office.none").is_ok();
    if has_office && let Some((name, text)) = office_text(&context.open()?, wanted)? {
        return Ok((format!("{}@{}", name.code, name.version), text));
    }
    let code = wanted.trim_end_matches("@shipped");
    let found = shipped_types().iter().chain(&SHIPPED_TYPES).find(|(held, _)| *held == code);
    let (code, text) = found.ok_or_else(|| unknown(wanted))?;
    Ok((format!("{code}@shipped"), (*text).to_owned()))
}

fn unknown(wanted: &str) -> CliError {
    let what = format!("There is no case type `{wanted}`.");
    CliError::refused("types.unknown", what, "casedesk types list --shipped names them.")
}

/// What a text says, or its flaws on stderr.
fn read(
    place: &str,
    text: &str,
) -> Result<std::sync::Arc<crate::domain::rules::CaseType>, CliError> {
    match RulesText::read(PublicationKind::Type, text) {
        Ok(RulesText::Type(read)) => Ok(read),
        Ok(RulesText::Table(_) | RulesText::Calendar(_)) => Err(unknown(place)),
        Err(flaws) => {
            for flaw in &flaws {
                super::output::tell(&super::publish::flaw_line(place, flaw));
            }
            let what = format!("{place} has flaws.");
            Err(CliError::refused("rules.flaw", what, "Correct them and try again."))
        }
    }
}
