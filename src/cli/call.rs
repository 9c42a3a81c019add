//! `casedesk call`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::board;
use super::error::CliError;
use super::find::HitAnswer;
use crate::desk::{AskCall, CallAnswer};
use crate::tui::{Go, Status};

/// Opens the file of whoever calls, by their telephone number.
///
/// Where exactly one person has the number, their file opens on the screen; where several have it, or nobody, the find
/// box opens with the number. The number is taken whole, however it is written. A telephone that can start a program
/// gives it the number of whoever calls; with --json, or without a terminal, it answers and opens nothing.
///
///   casedesk call "+98 912 123 4411"
///   casedesk call "0912 (123) 44 11"
///   casedesk call 00989121234411 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Call {
    /// The number, as the telephone shows it
    #[arg(allow_hyphen_values = true)]
    number: String,
}

#[derive(Serialize)]
struct Caller {
    number: String,
    person: Option<String>,
    candidates: Vec<HitAnswer>,
}

impl Call {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let answer = opened.ask(AskCall { number: self.number.clone() })?;
        if board::is_terminal() && !context.output.is_json() {
            let (go, said) = self.begin(&answer);
            return board::show_at(context, &opened, Some(go), said);
        }
        let said = self.said(&answer);
        let caller = Caller {
            number: self.number.clone(),
            person: answer.person.map(|person| person.to_string()),
            candidates: answer.candidates.into_iter().map(HitAnswer::from).collect(),
        };
        context.output.show(&caller, |caller| {
            let mut shown: Vec<String> =
                caller.candidates.iter().flat_map(HitAnswer::lines).collect();
            shown.extend(said);
            shown
        })
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
