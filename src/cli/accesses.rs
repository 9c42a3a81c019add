//! `casedesk office accesses`, `emergency` and `give-back`: closed files that were opened in an emergency.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use super::open::Opened;
use crate::desk::{AccessLine, AccessesAnswer, AskAccessReadings, AskAccesses, Command};
use crate::domain::office::Behind;
use crate::domain::{AccessId, CaseId, PersonId};

/// Lists emergency accesses and who was turned away from closed files, what was read under one of them, or says what was
/// found of it.
///
///   casedesk office accesses
///   casedesk office accesses --read A-1
///   casedesk office accesses --review A-1 --justified --words "the child was taken to hospital"
///   casedesk office accesses --review A-2 --unjustified --words "nothing of it was needed"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Accesses {
    /// Lists what was opened and shown in full under this access
    #[arg(long, value_name = "A-NUMBER", conflicts_with = "review")]
    read: Option<AccessId>,
    /// Says what was found of this access, which is over and was somebody else's
    #[arg(long, value_name = "A-NUMBER", requires = "words", requires = "found")]
    review: Option<AccessId>,
    /// It was right
    #[arg(long, group = "found", requires = "review")]
    justified: bool,
    /// It was not right
    #[arg(long, group = "found", requires = "review")]
    unjustified: bool,
    /// Why, in words
    #[arg(long, requires = "review")]
    words: Option<String>,
}

/// Opens a file or a case that is closed to you, for an hour. Others are told at once, and it is reviewed.
///
///   casedesk office emergency P-12 --reason "her child waits at the police station"
///   casedesk office emergency C-20931 --reason "the lift stands still with somebody in it"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Emergency {
    /// The person or the case, by number
    #[arg(value_parser = behind)]
    number: Behind,
    /// What the emergency is
    #[arg(long)]
    reason: String,
}

/// Gives an emergency access back before its hour is over.
///
///   casedesk office give-back A-1
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct GiveBack {
    /// Its number
    access: AccessId,
}

fn behind(text: &str) -> Result<Behind, String> {
    let person = text.parse::<PersonId>().map(Behind::Person);
    let case = || text.parse::<CaseId>().map(Behind::Case);
    person
        .or_else(|_| case())
        .map_err(|_no_number| format!("`{text}` is no number like P-12 or C-20931"))
}

impl Emergency {
    pub(super) fn command(&self) -> Command {
        Command::OpenEmergency { behind: self.number, reason: self.reason.clone() }
    }
}

impl GiveBack {
    pub(super) fn command(&self) -> Command {
        Command::EndEmergency(self.access)
    }
}

impl Accesses {
    /// The review that is to be made, if one is.
    pub(super) fn command(&self) -> Option<Command> {
        Some(Command::ReviewAccess {
            access: self.review?,
            is_justified: self.justified,
            words: self.words.clone().unwrap_or_default(),
        })
    }

    /// Lists them, or what was read under one of them.
    pub(super) fn list(&self, context: &Context, opened: &Opened) -> Result<(), CliError> {
        if let Some(access) = self.read {
            return list_readings(access, context, opened);
        }
        let answer = opened.ask(AskAccesses {})?;
        let clock = OfficeClock::of(opened)?;
        let shown = Listed::from(&answer);
        context.output.show(&shown, |shown| {
            let mut lines: Vec<String> = shown.accesses.iter().map(|it| it.line(&clock)).collect();
            lines.extend(shown.turned_away.iter().map(|attempt| {
                let at = clock.told(&attempt.at);
                format!("       {at}  {:<12} {:<9} turned away", attempt.by, attempt.on)
            }));
            if lines.is_empty() {
                lines.push("There is no access to a closed file that you may see.".to_owned());
            }
            lines
        })
    }
}

fn list_readings(access: AccessId, context: &Context, opened: &Opened) -> Result<(), CliError> {
    let answer = opened.ask(AskAccessReadings { access })?;
    let clock = OfficeClock::of(opened)?;
    let readings = answer.readings.iter().map(|reading| ReadingShown {
        at: instant(reading.at),
        file: reading.file.to_string(),
        shown_in_full: reading.fields.clone(),
    });
    let shown =
        ReadingsShown { access: access.to_string(), read: readings.collect(), more: answer.more };
    context.output.show(&shown, |shown| {
        let line = |reading: &ReadingShown| {
            let what = match reading.shown_in_full.as_slice() {
                [] => "opened".to_owned(),
                fields => format!("shown in full: {}", fields.join(", ")),
            };
            format!("{}  {:<9} {what}", clock.told(&reading.at), reading.file)
        };
        let mut lines: Vec<String> = shown.read.iter().map(line).collect();
        if lines.is_empty() {
            lines.push(format!("Nothing was read under {access}."));
        }
        if shown.more > 0 {
            lines.push(format!("and {} more: casedesk audit show has all of them", shown.more));
        }
        lines
    })
}

#[derive(Serialize)]
struct ReadingsShown {
    access: String,
    read: Vec<ReadingShown>,
    more: u64,
}

#[derive(Serialize)]
struct ReadingShown {
    at: String,
    file: String,
    shown_in_full: Vec<String>,
}

#[derive(Serialize)]
struct Listed {
    accesses: Vec<AccessShown>,
    turned_away: Vec<AttemptShown>,
}

#[derive(Serialize)]
struct AccessShown {
    access: String,
    at: String,
    until: String,
    by: String,
    to: String,
    reason: String,
    state: &'static str,
    reviewed_by: Option<String>,
    found: Option<String>,
}

#[derive(Serialize)]
struct AttemptShown {
    at: String,
    by: String,
    on: String,
}

impl Listed {
    fn from(answer: &AccessesAnswer) -> Self {
        let access = |line: &AccessLine| AccessShown {
            access: line.access.id.to_string(),
            at: instant(line.access.at),
            until: instant(line.access.ended_at.unwrap_or(line.access.until)),
            by: line.by.clone(),
            to: line.access.behind.to_string(),
            reason: line.access.reason.clone(),
            state: match &line.access.review {
                Some(review) if review.is_justified => "justified",
                Some(_) => "not-justified",
                None if line.is_open => "open",
                None if line.is_due => "review-overdue",
                None => "to-review",
            },
            reviewed_by: line.reviewer.clone(),
            found: line.access.review.as_ref().map(|review| review.words.clone()),
        };
        Self {
            accesses: answer.lines.iter().map(access).collect(),
            turned_away: answer
                .attempts
                .iter()
                .map(|attempt| AttemptShown {
                    at: instant(attempt.at),
                    by: attempt.by.clone(),
                    on: attempt.on.to_string(),
                })
                .collect(),
        }
    }
}

impl AccessShown {
    fn line(&self, clock: &OfficeClock) -> String {
        let found = self.found.as_deref().map_or(String::new(), |found| format!("  ({found})"));
        format!(
            "{:<6} {}  {:<12} {:<9} {:<15} {}{found}",
            self.access,
            clock.told(&self.at),
            self.by,
            self.to,
            self.state,
            self.reason
        )
    }
}
