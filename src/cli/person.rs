//! `casedesk person`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, RowAnswer};
use super::error::CliError;
use super::merge::{MergeAnswer, MergePeople, Unmerge};
use super::register::Register;
use super::reveal::{Fields, MASKED_ADDRESS, Reveal, lines, masked_birth};
use crate::desk::{AskPersonFile, Command, FieldLine, PersonFileAnswer};
use crate::domain::PersonId;

/// Shows a person's file, registers a new person, or merges two records of one.
#[derive(Debug, Args)]
pub(super) struct PersonCommand {
    #[command(subcommand)]
    command: PersonSubcommand,
}

#[derive(Debug, Subcommand)]
enum PersonSubcommand {
    Show(Show),
    Register(Register),
    Merge(MergePeople),
    Unmerge(Unmerge),
}

/// Shows a person's file, masked unless a purpose is given; the reading is recorded.
///
///   casedesk person show P-7
///   casedesk person show P-7 --purpose complaint
///   casedesk person show P-7 --reveal --purpose verification --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Show {
    /// The person's number, as P-7
    person: PersonId,
    #[command(flatten)]
    reveal: Reveal,
}

#[derive(Serialize)]
struct PersonAnswer {
    person: String,
    version: u64,
    name: String,
    other_names: Vec<String>,
    born: Option<String>,
    address: String,
    area: String,
    languages: Vec<String>,
    fields: Vec<FieldAnswer>,
    contact_points: Vec<PointAnswer>,
    kin: Vec<KinAnswer>,
    cases: Vec<RowAnswer>,
    cases_open: u64,
    cases_total: u64,
    contacts_total: u64,
    origin: Option<String>,
    /// What was merged into the record.
    merged: Vec<MergeAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revealed: Option<Fields>,
}

#[derive(Serialize)]
struct FieldAnswer {
    field: String,
    value: String,
    source: String,
    on: String,
    verified: bool,
}

#[derive(Serialize)]
struct PointAnswer {
    value: String,
    state: &'static str,
    primary: bool,
}

#[derive(Serialize)]
struct KinAnswer {
    person: String,
    relation: String,
    name: String,
    household: bool,
}

impl PersonCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            PersonSubcommand::Show(show) => show.run(context),
            PersonSubcommand::Register(register) => register.run(context),
            PersonSubcommand::Merge(merge) => merge.run(context),
            PersonSubcommand::Unmerge(unmerge) => unmerge.run(context),
        }
    }
}

impl Show {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let purpose = self.reveal.purpose();
        opened.execute(Command::OpenPerson { person: self.person, purpose })?;
        let mut file = opened.ask(AskPersonFile { person: self.person })?;
        if !self.reveal.is_asked() {
            mask(&mut file);
        }
        let revealed = self.reveal.fields(&opened, Some(self.person))?;
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&PersonAnswer::new(file, revealed), |answer| answer.lines(&clock))
    }
}

/// Masks what the desk's answer shows to somebody who looks at the file, and a script does not need.
fn mask(file: &mut PersonFileAnswer) {
    file.born = file.born.as_deref().map(masked_birth);
    MASKED_ADDRESS.clone_into(&mut file.address);
    for line in &mut file.fields {
        match line.field.as_str() {
            "born" => line.value = masked_birth(&line.value),
            "address" => MASKED_ADDRESS.clone_into(&mut line.value),
            _ => {}
        }
    }
}

impl PersonAnswer {
    fn new(file: PersonFileAnswer, revealed: Option<Fields>) -> Self {
        Self {
            person: file.person.to_string(),
            version: file.version,
            name: file.name,
            other_names: file.other_names.into_iter().map(|(_, name)| name).collect(),
            born: file.born,
            address: file.address,
            area: file.area,
            languages: file.languages,
            fields: file.fields.into_iter().map(FieldAnswer::from).collect(),
            contact_points: file
                .contact_points
                .into_iter()
                .map(|point| PointAnswer {
                    value: point.value,
                    state: point.state.label(),
                    primary: point.is_primary,
                })
                .collect(),
            kin: file
                .kin
                .into_iter()
                .map(|kin| KinAnswer {
                    person: kin.person.to_string(),
                    relation: kin.relation,
                    name: kin.name,
                    household: kin.is_household,
                })
                .collect(),
            cases: file.cases.into_iter().map(RowAnswer::from).collect(),
            cases_open: file.cases_open,
            cases_total: file.cases_total,
            contacts_total: file.contacts_total,
            origin: file.origin,
            merged: file.merges.into_iter().map(MergeAnswer::from).collect(),
            revealed,
        }
    }

    fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        let born = self.born.as_deref().unwrap_or("-");
        let mut shown = vec![format!("{}  {}  born {born}", self.person, self.name)];
        shown.extend(self.merged.iter().map(|merge| merge.line(clock)));
        shown.extend(self.other_names.iter().map(|name| format!("also: {name}")));
        shown.push(format!("address: {}", self.address));
        shown.extend(self.fields.iter().map(|field| {
            let checked = if field.verified { ", verified" } else { "" };
            format!("{}: {} ({}, {}{checked})", field.field, field.value, field.source, field.on)
        }));
        shown.extend(
            self.contact_points
                .iter()
                .map(|point| format!("reach: {} {}", point.value, point.state)),
        );
        shown.extend(
            self.kin.iter().map(|kin| format!("{}: {} ({})", kin.relation, kin.name, kin.person)),
        );
        shown.push(format!("cases: {} open of {}", self.cases_open, self.cases_total));
        shown.extend(self.cases.iter().map(|case| format!("    {}", case.line(clock))));
        if self.revealed.is_some() {
            shown.push("in full, and recorded:".to_owned());
        }
        shown.extend(lines(self.revealed.as_ref()));
        shown
    }
}

impl From<FieldLine> for FieldAnswer {
    fn from(line: FieldLine) -> Self {
        let FieldLine { field, value, source, on, is_verified } = line;
        Self { field, value, source, on: on.to_string(), verified: is_verified }
    }
}
