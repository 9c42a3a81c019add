//! The option to see personal fields in full, with a purpose that is recorded.

use std::collections::BTreeMap;

use clap::Args;

use super::error::CliError;
use super::open::Opened;
use crate::desk::{Ask, Command};
use crate::domain::office::Purpose;
use crate::domain::{EntityId, PersonId};

/// Personal fields are masked unless a purpose is given; each reading is recorded with it.
#[derive(Debug, Args)]
pub(super) struct Reveal {
    /// Show personal fields in full; the reading is recorded
    #[arg(long, requires = "purpose")]
    reveal: bool,
    #[command(flatten)]
    why: Why,
}

/// For which purpose a file is opened.
#[derive(Debug, Args)]
pub(super) struct Why {
    /// Why it is read, by its code: casework, or another one of `casedesk office purposes`. It is needed, once a person and
    /// day, where neither a contact that runs nor a case of yours tells it
    #[arg(long, value_name = "CODE")]
    purpose: Option<String>,
}

impl Why {
    /// The purpose that was given; whether it is in force is for the desk to say. Without one the desk says what tells it.
    pub(super) fn purpose(&self) -> Purpose {
        self.purpose.clone().map_or_else(Purpose::unasked, Purpose)
    }

    /// Asks for what opens a file that only the answer names, and opens it for the purpose that was given.
    pub(super) fn ask<Q: Ask + Clone>(
        &self,
        opened: &Opened,
        question: Q,
    ) -> Result<Q::Answer, CliError> {
        let refused = match opened.ask(question.clone()) {
            Err(CliError::Desk(error)) if self.purpose.is_some() => error,
            answer => return answer,
        };
        let purpose = self.purpose();
        match refused.needs_purpose_for() {
            Some(EntityId::Case(case)) => opened.execute(Command::OpenCase { case, purpose })?,
            Some(EntityId::Person(person)) => {
                opened.execute(Command::OpenPerson { person, purpose })?
            }
            _ => return Err(refused.into()),
        };
        opened.ask(question)
    }
}

/// Fields of a person in full.
pub(super) type Fields = BTreeMap<String, String>;

impl Reveal {
    /// As [`Why::purpose`].
    pub(super) fn purpose(&self) -> Purpose {
        self.why.purpose()
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
