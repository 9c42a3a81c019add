//! `casedesk calendar publish`.

use std::path::PathBuf;

use clap::Args;

use super::{preview, read};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::progress_bar;
use crate::cli::office::day;
use crate::cli::open::Opened;
use crate::cli::output;
use crate::cli::publish::{Offered, publish};
use crate::desk::{AskRulesText, Command, DeskError, ProposedCalendar};
use crate::domain::rules::{Publication, PublicationKind, PublicationName};
use crate::domain::time::{Day, OFFICE_CALENDAR};
use crate::domain::{CaseId, EntityId};

/// Proposes a calendar, or publishes it where somebody else proposed it, and counts the open cases' clocks anew.
///
/// Whom it moves is told first; where it moves anybody, --yes says that this is meant. The second person gives the same
/// command with the same file. Where the counting anew was interrupted, the same command goes on with it.
///
///   casedesk calendar publish office.toml
///   casedesk --as moe calendar publish office.toml --yes
///   casedesk calendar publish housing.toml --unit housing --from 2027-01-01
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Publish {
    /// The file
    file: PathBuf,
    /// The unit that it is for [default: the office]
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// The day from which it is in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Also where open cases move
    #[arg(long)]
    yes: bool,
}

impl Publish {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (text, calendar) = read(&self.file)?;
        let code = self.unit.clone().unwrap_or_else(|| OFFICE_CALENDAR.to_owned());
        let opened = context.open()?;
        let name = PublicationName {
            kind: PublicationKind::Calendar,
            code: code.clone(),
            version: calendar.version,
        };
        let held = held(&opened, &name)?;
        let from = self.from.or(held.as_ref().map(|held| held.from));
        if !held.is_some_and(|held| held.is_published()) {
            let proposed = ProposedCalendar { code: code.clone(), text: text.clone(), from };
            let moved = preview::moved(&opened, &proposed)?;
            for line in preview::lines(&moved) {
                output::tell(&line);
            }
            if moved.cases > 0 && !self.yes {
                let hint = "Give --yes to publish it.";
                return Err(CliError::refused("calendar.moves", "Open cases move.", hint));
            }
        }
        let place = self.file.display().to_string();
        let text = Offered { kind: PublicationKind::Calendar, code: Some(code), place, text };
        let prepared = context.prepared(opened);
        publish(&prepared, &[text], from)?;
        let opened = context.open()?;
        if held_is_published(&opened, &name)? {
            move_clocks(context, &opened)?;
        }
        Ok(())
    }
}

fn held(opened: &Opened, name: &PublicationName) -> Result<Option<Publication>, CliError> {
    match opened.ask(AskRulesText { name: name.clone() }) {
        Ok(held) => Ok(Some(held)),
        Err(CliError::Desk(DeskError::NotFound(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

fn held_is_published(opened: &Opened, name: &PublicationName) -> Result<bool, CliError> {
    Ok(held(opened, name)?.is_some_and(|held| held.is_published()))
}

/// Counts the clocks of all open cases anew, a few hundred cases at a time.
fn move_clocks(context: &Context, opened: &Opened) -> Result<(), CliError> {
    let bar = progress_bar(context.output);
    let mut after: Option<CaseId> = None;
    loop {
        let receipt = opened.execute(Command::MoveClocks { after })?;
        after = match receipt.subject {
            Some(EntityId::Case(last)) => Some(last),
            _ => None,
        };
        let Some(last) = after else {
            bar.finish_and_clear();
            return Ok(());
        };
        bar.set_position(last.0);
        bar.set_message("cases are counted anew");
    }
}
