//! `casedesk office link` and `unlink`: who a caseworker is as a citizen.

use clap::Args;

use super::error::CliError;
use super::office::caseworker;
use crate::desk::{Command, OfficeAnswer};
use crate::domain::PersonId;

/// Says who a caseworker is as a citizen: that file and the family's are closed to them, and that file to their unit.
///
///   casedesk office link kaya P-12 --reason "told us when she was enrolled"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Link {
    /// The caseworker's account
    account: String,
    /// The person that they are
    person: PersonId,
    /// How that is known
    #[arg(long, default_value = "")]
    reason: String,
}

/// Takes back who a caseworker is as a citizen.
///
///   casedesk office unlink kaya --reason "it was her namesake"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Unlink {
    /// The caseworker's account
    account: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

impl Link {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        Ok(Command::LinkPerson {
            caseworker: caseworker(office, &self.account)?.id,
            person: Some(self.person),
            reason: self.reason.clone(),
        })
    }
}

impl Unlink {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        Ok(Command::LinkPerson {
            caseworker: caseworker(office, &self.account)?.id,
            person: None,
            reason: self.reason.clone(),
        })
    }
}
