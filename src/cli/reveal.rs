//! The option to see personal fields in full, with a purpose that is recorded.

use std::collections::BTreeMap;

use clap::Args;

use super::error::CliError;
use super::open::Opened;
use crate::desk::Command;
use crate::domain::PersonId;
use crate::domain::office::Purpose;

/// Personal fields are masked unless a purpose is given; each reading is recorded with it.
#[derive(Debug, Args)]
pub(super) struct Reveal {
    /// Show personal fields in full; the reading is recorded
    #[arg(long, requires = "purpose")]
    reveal: bool,
    /// Why, by its code: casework, or another one of `casedesk office purposes`
    #[arg(long, value_name = "CODE")]
    purpose: Option<String>,
}

/// Fields of a person in full.
pub(super) type Fields = BTreeMap<String, String>;

impl Reveal {
    /// The purpose that was given, or casework. Whether it is in force is for the desk to say.
    pub(super) fn purpose(&self) -> Purpose {
        Purpose(self.purpose.clone().unwrap_or_else(|| "casework".to_owned()))
    }

    /// Whether personal fields are to be shown in full.
    pub(super) fn is_asked(&self) -> bool {
        self.reveal
    }

    /// The fields of a person in full, once the reading is recorded; nothing where it was not asked for.
    pub(super) fn fields(
        &self,
        opened: &Opened,
        person: Option<PersonId>,
    ) -> Result<Option<Fields>, CliError> {
        let Some(person) = person.filter(|_| self.reveal) else { return Ok(None) };
        let receipt = opened.execute(Command::RevealPerson { person, purpose: self.purpose() })?;
        Ok(Some(
            receipt.disclosed.map(|shown| shown.fields.into_iter().collect()).unwrap_or_default(),
        ))
    }
}

/// A birth date as far as it is shown without a purpose: its year.
pub(super) fn masked_birth(born: &str) -> String {
    let year: String = born.chars().take(4).collect();
    if born.chars().count() > 4 { format!("{year}-**-**") } else { year }
}

/// An address as far as it is shown without a purpose: nothing of it; the area stands beside it.
pub(super) const MASKED_ADDRESS: &str = "***";

/// Fields as lines for people, indented.
pub(super) fn lines(fields: Option<&Fields>) -> impl Iterator<Item = String> + '_ {
    fields.into_iter().flatten().map(|(field, value)| format!("    {field}: {value}"))
}
