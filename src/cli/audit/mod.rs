//! `casedesk audit`.

mod export;
mod show;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};

use super::error::CliError;
use super::open::Opened;
use super::{Context, Output, output};
use crate::desk::{AskOffice, AskUnseen, Command, Trail, UNSEEN_ASKED_MAX};
use crate::domain::office::{Caseworker, Purpose};
use crate::domain::{AuditReading, CaseworkerId, EntityId, EventRecord};

/// Events that are read before it is asked which of them may be shown.
const EVENTS_AT_ONCE: usize = 500;
/// Records of which is remembered whether they may be seen.
const KNOWN_MAX: usize = 100_000;

/// Shows, exports and checks the audit trail: who did what, to which record, when and why.
///
/// Everybody may read what they did themselves; the rest is for auditors and the privacy officer. Reading the trail is
/// recorded in it before anything is shown. What happened to records that you may not see is not shown.
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
    /// Records the reading, and opens the trail once that is durable.
    fn read(&self, opened: &Opened, reading: AuditReading) -> Result<Trail, CliError> {
        let purpose = Purpose(self.purpose.clone());
        opened.execute(Command::ReadAudit { reading, purpose })?;
        Ok(Trail::open(&opened.data)?)
    }
}

/// Which records of the trail whoever reads it may not know of.
struct Unseen<'o> {
    opened: &'o Opened,
    /// Whether they may, of the records that were asked about.
    known: BTreeMap<EntityId, bool>,
    /// Whether what the events name is shown, too, and has to be asked about.
    learns_named: bool,
}

impl<'o> Unseen<'o> {
    /// For whoever shows what was done to which record.
    fn of_records(opened: &'o Opened) -> Self {
        Self { opened, known: BTreeMap::new(), learns_named: false }
    }

    /// For whoever shows all that the events say.
    fn of_all(opened: &'o Opened) -> Self {
        Self { learns_named: true, ..Self::of_records(opened) }
    }

    /// Asks about the records of these events, as far as that was not done.
    fn learn(&mut self, events: &[EventRecord]) -> Result<(), CliError> {
        if self.known.len() > KNOWN_MAX {
            self.known.clear();
        }
        let is_new = |id: &EntityId| !self.known.contains_key(id);
        let own = events.iter().map(|event| event.entity.clone());
        let named = events.iter().filter(|_| self.learns_named).flat_map(EventRecord::named);
        let new: BTreeSet<EntityId> = own.chain(named).filter(is_new).collect();
        let new: Vec<EntityId> = new.into_iter().collect();
        for records in new.chunks(UNSEEN_ASKED_MAX) {
            let unseen = self.opened.ask(AskUnseen { records: records.to_vec() })?.records;
            let told = records.iter().map(|id| (id.clone(), !unseen.contains(id)));
            self.known.extend(told);
        }
        Ok(())
    }

    /// Whether an event may be shown; not where nothing was learned of its record.
    fn shows(&self, event: &EventRecord) -> bool {
        self.may_know(&event.entity)
    }

    /// Whether all that an event says may be shown: it names no case and nobody of whom the reader may not know.
    fn shows_all(&self, event: &EventRecord) -> bool {
        self.shows(event) && event.named().iter().all(|id| self.may_know(id))
    }

    fn may_know(&self, id: &EntityId) -> bool {
        self.known.get(id).copied().unwrap_or(false)
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
