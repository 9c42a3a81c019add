//! `casedesk audit`.

mod export;
mod show;
mod verify;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::open::Opened;
use super::{Context, Output, output};
use crate::desk::{AskOffice, Command, Trail};
use crate::domain::office::{Caseworker, Purpose};
use crate::domain::{AuditReading, CaseworkerId};

/// Shows, exports and checks the audit trail: who did what, to which record, when and why.
///
/// Everybody may read what they did themselves; the rest is for auditors and the privacy officer. Reading the trail is
/// recorded in it before anything is shown.
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
    /// Why: audit, casework, contact, verification, correction or complaint; it is recorded
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
    /// Records the reading, and opens the trail once that is durable.
    fn read(&self, opened: &Opened, reading: AuditReading) -> Result<Trail, CliError> {
        let purpose = Purpose(self.purpose.clone());
        opened.execute(Command::ReadAudit { reading, purpose })?;
        Ok(Trail::open(&opened.data)?)
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
