//! `casedesk office purposes`.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::office::day;
use super::open::Opened;
use crate::desk::{AskPurposes, Command};
use crate::domain::office::RegisteredPurpose;
use crate::domain::rules::Labels;
use crate::domain::time::Day;

/// Shows and changes the register of purposes: for what citizens' data is read here, and on which legal basis.
///
/// Whoever opens a file with neither a contact nor a case of their own is asked for one of them,
/// and whoever has something masked shown; it is recorded by its code. Rights can be given for some
/// of them alone (casedesk office grant --purpose). An office begins with five. Everybody may read
/// the register; whoever runs the whole office changes it.
///
///   casedesk office purposes
///   casedesk office purposes list --all --json
///   casedesk office purposes add study --words "en=a study of waiting" \
///       --words "nb=en studie av ventetid" --basis "council decision 14" --reason "they ask"
///   casedesk office purposes retire study --from 2027-01-01 --reason "the study ends"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub(super) struct Purposes {
    #[command(subcommand)]
    command: Option<PurposesSubcommand>,
}

#[derive(Debug, Subcommand)]
enum PurposesSubcommand {
    List(List),
    Add(Add),
    Retire(Retire),
}

/// Lists the purposes in force: digit, code, words, and legal basis.
///
///   casedesk office purposes list
///   casedesk office purposes list --all            # retired ones, too
#[derive(Debug, Args, Default)]
#[command(verbatim_doc_comment)]
struct List {
    /// Retired ones, too
    #[arg(long)]
    all: bool,
}

/// Adds a purpose, says one otherwise, or takes up again one that was retired.
///
/// It gets the first digit that is free; nine purposes are in force at a time at the most. The words
/// are shown in the language of whoever is asked, else in English, else in any.
///
///   casedesk office purposes add study --words "en=a study of waiting" \
///       --words "nb=en studie av ventetid" --basis "council decision 14" --reason "they ask"
///   casedesk office purposes add complaint --words "en=a complaint about us" \
///       --basis "Public Administration Act s. 28" --reason "the basis was not named"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Add {
    /// The code that the trail names: one word
    code: String,
    /// What it means, as en=WORDS; once for each language
    #[arg(long = "words", value_name = "LANGUAGE=WORDS", required = true, value_parser = said)]
    words: Vec<(String, String)>,
    /// What allows the office to read citizens' data for it
    #[arg(long, value_name = "LAW")]
    basis: String,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

/// Has nothing read for a purpose from a day on. It stays in the register, and the trail names it as before.
///
/// Rights for this purpose alone open nothing from then on. `casework` and `contact` stay: casedesk itself records them.
///
///   casedesk office purposes retire complaint --reason "the ombudsman has them now"
///   casedesk office purposes retire study --from 2027-01-01 --reason "the study ends"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Retire {
    /// The code
    code: String,
    /// The first day without it; today without
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

fn said(text: &str) -> Result<(String, String), String> {
    let (language, words) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` names no language: write it as en=WORDS"))?;
    Ok((language.trim().to_owned(), words.trim().to_owned()))
}

#[derive(Serialize)]
struct Shown {
    purposes: Vec<PurposeShown>,
}

#[derive(Serialize)]
struct PurposeShown {
    code: String,
    digit: u8,
    words: BTreeMap<String, String>,
    legal_basis: Option<String>,
    retired_from: Option<String>,
    in_force: bool,
    #[serde(skip)]
    said: String,
}

impl Purposes {
    /// What is to be done; nothing where the register is to be shown.
    pub(super) fn command(&self, opened: &Opened) -> Result<Option<Command>, CliError> {
        Ok(match &self.command {
            None | Some(PurposesSubcommand::List(_)) => None,
            Some(PurposesSubcommand::Add(add)) => Some(Command::SetPurpose {
                code: add.code.clone(),
                words: Labels(add.words.clone()),
                legal_basis: add.basis.clone(),
                reason: add.reason.clone(),
            }),
            Some(PurposesSubcommand::Retire(retire)) => Some(Command::RetirePurpose {
                code: retire.code.clone(),
                from: match retire.from {
                    Some(from) => from,
                    None => opened.ask(AskPurposes {})?.today,
                },
                reason: retire.reason.clone(),
            }),
        })
    }

    pub(super) fn show(&self, context: &Context, opened: &Opened) -> Result<(), CliError> {
        let is_all = matches!(&self.command, Some(PurposesSubcommand::List(List { all: true })));
        let held = opened.ask(AskPurposes {})?;
        let shown = held.purposes.into_iter().map(|purpose| PurposeShown::new(purpose, held.today));
        let shown = Shown { purposes: shown.filter(|line| is_all || line.in_force).collect() };
        context.output.show(&shown, |shown| shown.purposes.iter().map(PurposeShown::line).collect())
    }
}

impl PurposeShown {
    fn new(held: RegisteredPurpose, today: Day) -> Self {
        Self {
            in_force: held.is_in_force(today),
            said: held.words.english().to_owned(),
            code: held.code,
            digit: held.digit,
            words: held.words.0.into_iter().collect(),
            legal_basis: Some(held.legal_basis).filter(|basis| !basis.is_empty()),
            retired_from: held.retired_from.map(|day| day.to_string()),
        }
    }

    fn line(&self) -> String {
        let digit = if self.in_force { self.digit.to_string() } else { "-".to_owned() };
        let basis = self.legal_basis.as_deref().unwrap_or("no legal basis is named yet");
        let retired = match &self.retired_from {
            Some(day) if self.in_force => format!("  until before {day}"),
            Some(day) => format!("  RETIRED {day}"),
            None => String::new(),
        };
        format!("{digit} {:<14} {}  ({basis}){retired}", self.code, self.said)
    }
}
