//! `casedesk audit`.

mod export;
mod show;
mod verify;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use super::error::CliError;
use super::long::progress_bar;
use super::open::Opened;
use super::{Context, Output, output};
use crate::desk::{AskOffice, AskTrail, Command, TRAIL_PAGE_MAX, TrailLine, TrailPlace};
use crate::domain::office::{Caseworker, Purpose};
use crate::domain::{AuditReading, CaseworkerId};

/// Shows, exports and checks the audit trail: who did what, to which record, when and why.
///
/// Everybody may read what they did themselves, and whoever leads a unit what its caseworkers did and what happened to its
/// cases; the rest is for auditors and the privacy officer. Reading the trail is recorded in it before anything is shown, and
/// reaches up to that record. What happened to records that you may not see is not shown.
#[derive(Debug, Args)]
pub(super) struct AuditCommand {
    #[command(subcommand)]
    command: AuditSubcommand,
}

#[derive(Debug, Subcommand)]
enum AuditSubcommand {
    Show(show::Show),
    Export(export::Export),
    Verify(verify::Verify),
}

/// Why the trail is read.
#[derive(Debug, Args)]
struct Why {
    /// Why: audit, or a purpose of `casedesk office purposes`, by its code; it is recorded
    #[arg(long, value_name = "CODE", default_value = Purpose::AUDIT)]
    purpose: String,
}

impl AuditCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            AuditSubcommand::Show(show) => show.run(context),
            AuditSubcommand::Export(export) => export.run(context),
            AuditSubcommand::Verify(verify) => verify.run(context),
        }
    }
}

impl Why {
    /// Records the reading, and gives the trail by pages once that is durable.
    fn read<'o>(
        &self,
        opened: &'o Opened,
        reading: AuditReading,
        output: Output,
    ) -> Result<Pages<'o>, CliError> {
        let purpose = Purpose(self.purpose.clone());
        opened.execute(Command::ReadAudit { reading: reading.clone(), purpose })?;
        let (place, bar) = (TrailPlace::default(), progress_bar(output));
        Ok(Pages { opened, reading, place, until: 0, is_done: false, bar })
    }
}

/// The trail as the desk gives it, page by page, with a bar where somebody watches.
struct Pages<'o> {
    opened: &'o Opened,
    reading: AuditReading,
    place: TrailPlace,
    /// The last event that the reading reaches; known once a page was read.
    until: u64,
    is_done: bool,
    bar: ProgressBar,
}

impl Pages<'_> {
    /// The next page; nothing after the last.
    fn next(&mut self) -> Result<Option<Vec<TrailLine>>, CliError> {
        if self.is_done {
            return Ok(None);
        }
        let (reading, after) = (self.reading.clone(), self.place);
        let answer = self.opened.ask(AskTrail { reading, after, most: TRAIL_PAGE_MAX })?;
        (self.place, self.until, self.is_done) = (answer.place, answer.until, answer.is_done);
        self.bar.set_length(self.until);
        self.bar.set_position(self.place.event);
        if self.is_done {
            self.bar.finish_and_clear();
        }
        Ok(Some(answer.lines))
    }

    /// Asks for nothing more.
    fn end(&mut self) {
        self.is_done = true;
        self.bar.finish_and_clear();
    }
}

/// The caseworkers of the office, whose accounts stand for them in the trail.
struct Staff(Vec<Caseworker>);

impl Staff {
    fn of(opened: &Opened) -> Result<Self, CliError> {
        Ok(Self(opened.ask(AskOffice {})?.caseworkers))
    }

    /// The account of somebody, or their number where nobody has it.
    fn account(&self, id: CaseworkerId) -> String {
        let known = self.0.iter().find(|caseworker| caseworker.id == id);
        known.map_or_else(|| id.to_string(), |caseworker| caseworker.account.clone())
    }

    fn with_account(&self, account: &str) -> Result<CaseworkerId, CliError> {
        let known = self.0.iter().find(|caseworker| caseworker.account == account);
        known.map(|caseworker| caseworker.id).ok_or_else(|| {
            CliError::refused(
                "account.unknown",
                format!("There is no caseworker with the account `{account}`."),
                "See who there is: casedesk office show.",
            )
        })
    }
}
