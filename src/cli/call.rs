//! `casedesk call`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::OfficeClock;
use super::board;
use super::error::CliError;
use super::find::HitAnswer;
use super::open::Opened;
use crate::desk::{AskCall, AskPresence, CallAnswer, Command, DeskError};
use crate::domain::cases::{Channel, Direction, StartedContact};
use crate::domain::{ContactId, EntityId};
use crate::tui::{Go, Status};

/// Begins a call, and opens the file of whoever calls, by their telephone number.
///
/// The call runs under your account until it is ended; where one of yours runs already, that one goes on. Where exactly
/// one person has the number, they are the caller and their file opens on the screen; where several have it, or nobody,
/// the find box opens with the number. The number is taken whole, however it is written. A telephone that can start a
/// program gives it the number of whoever calls; with --json, or without a terminal, it answers and opens nothing, and a
/// screen that is open shows the call.
///
///   casedesk call "+98 912 123 4411"
///   casedesk call "0912 (123) 44 11"
///   casedesk call 00989121234411 --ivr "4 information" --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Call {
    /// The number, as the telephone shows it
    #[arg(allow_hyphen_values = true)]
    number: String,
    /// What they chose before you answered, as "4 information"
    #[arg(long, value_name = "PATH")]
    ivr: Option<String>,
}

#[derive(Serialize)]
struct Caller {
    number: String,
    contact: Option<String>,
    person: Option<String>,
    candidates: Vec<HitAnswer>,
}

impl Call {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let answer = opened.ask(AskCall { number: self.number.clone() })?;
        let (contact, not_begun) = self.begin_contact(&opened, &answer)?;
        if board::is_terminal() && !context.output.is_json() {
            let (go, said) = self.begin(&answer);
            return board::show_at(context, &opened, Some(go), not_begun.or(said));
        }
        let said = self.said(&answer).into_iter().chain(not_begun.map(words));
        let caller = Caller {
            number: self.number.clone(),
            contact: contact.map(|contact| contact.to_string()),
            person: answer.person.map(|person| person.to_string()),
            candidates: answer.candidates.into_iter().map(HitAnswer::from).collect(),
        };
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&caller, |caller| {
            let candidates = caller.candidates.iter();
            let mut shown: Vec<String> = candidates.flat_map(|hit| hit.lines(&clock)).collect();
            shown.extend(caller.contact.iter().map(|contact| format!("{contact} runs.")));
            shown.extend(said);
            shown
        })
    }

    /// Begins the call, unless one runs already or whoever looks has no right to take calls: then why.
    fn begin_contact(
        &self,
        opened: &Opened,
        answer: &CallAnswer,
    ) -> Result<(Option<ContactId>, Option<Status>), CliError> {
        if let Some(running) = opened.ask(AskPresence {})?.contact {
            let words = format!(
                "{} runs already, so that no call was begun: end it, and begin this one with c.",
                running.contact
            );
            return Ok((Some(running.contact), Some(Status::Refused(words))));
        }
        let command = Command::StartContact(StartedContact {
            channel: Channel::Telephone,
            direction: Direction::In,
            person: answer.person,
            telephone: Some(self.number.clone()),
            ivr_path: self.ivr.clone(),
        });
        match opened.execute(command) {
            Ok(receipt) => Ok((receipt.created.iter().find_map(contact_of), None)),
            Err(CliError::Desk(DeskError::Refused(refusal))) => {
                Ok((None, Some(Status::Refused(refusal.to_string()))))
            }
            Err(error) => Err(error),
        }
    }

    /// Where the screen begins, and what it says first.
    fn begin(&self, answer: &CallAnswer) -> (Go, Option<Status>) {
        match answer.person {
            Some(person) => (Go::Person(person), None),
            None => (Go::Find(self.number.clone()), self.said(answer).map(Status::Refused)),
        }
    }

    /// What there is to say where no file can be opened.
    fn said(&self, answer: &CallAnswer) -> Option<String> {
        match (answer.person, answer.candidates.len()) {
            (Some(_), _) => None,
            (None, 0) => Some(format!("Nobody has the number {}.", self.number)),
            (None, count) => Some(format!("{count} people have the number {}.", self.number)),
        }
    }
}

fn contact_of(entity: &EntityId) -> Option<ContactId> {
    if let EntityId::Contact(contact) = entity { Some(*contact) } else { None }
}

fn words(status: Status) -> String {
    match status {
        Status::Done(words) | Status::Refused(words) => words,
    }
}
