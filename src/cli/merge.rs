//! `casedesk case merge`, `casedesk person merge`, and `unmerge` of both.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use crate::desk::{Command, MergeLine, Receipt};
use crate::domain::cases::{CaseAct, Keeps};
use crate::domain::people::{PersonField, Side};
use crate::domain::{CaseId, EntityId, MergeId, PersonId};

/// Merges a case into another one that is the same matter.
///
/// Both histories are kept and read together; the old number leads to the case that goes on, which keeps its own deadlines, and
/// the legal one of the case that was received first. `casedesk case unmerge` parts them at any time.
///
///   casedesk case merge C-12 C-7
///   casedesk case merge C-12 C-7 --reason "rang about her letter" --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct MergeCases {
    /// The case that goes into the other one, as C-12
    merged: CaseId,
    /// The case that goes on, as C-7
    survivor: CaseId,
    /// Why they are one; needed where one of them has ended, nobody is named on one, or they
    /// are of different people
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

/// Merges the record of a person into another record of the same person.
///
/// Every field is taken from the record that was checked, or is newer; of what there can be several, as telephones, both are
/// kept. Fields: name, born, gender, ids, reach, address, form, languages, channel, needs, died, household, relatives,
/// notes. The old number leads to the record that goes on; `casedesk person unmerge` parts them at any time.
///
///   casedesk person merge P-90213 P-4711
///   casedesk person merge P-90213 P-4711 --take address=P-90213 --take reach=both --reason "same passport"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct MergePeople {
    /// The record that goes into the other one, as P-90213
    merged: PersonId,
    /// The record that goes on, as P-4711
    survivor: PersonId,
    /// From which of the two a field is taken, as address=P-90213 or reach=both
    #[arg(long, value_name = "FIELD=P-1|both")]
    take: Vec<String>,
    /// How you know that they are one
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

/// Takes a merge apart: what was merged stands for itself again, and what it had brought goes back with it.
///
///   casedesk case unmerge G-3
///   casedesk person unmerge G-3 --reason "two sisters"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Unmerge {
    /// The merge, as G-3: `show` names it
    merge: MergeId,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

/// What was done.
#[derive(Serialize)]
struct Merged {
    merge: String,
    done: String,
}

/// A merge, as `show` tells it.
#[derive(Serialize)]
pub(super) struct MergeAnswer {
    merge: String,
    merged: String,
    at: String,
    by: String,
    reason: String,
}

impl MergeCases {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let act = CaseAct::Merge {
            other: self.survivor,
            keeps: Keeps::Other,
            reason: self.reason.clone(),
        };
        let opened = context.open()?;
        let receipt = opened.execute(Command::Case { case: self.merged, version: None, act })?;
        show(context, receipt)
    }
}

impl MergePeople {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let chosen = self.take.iter().map(|take| self.side(take)).collect::<Result<_, _>>()?;
        let opened = context.open()?;
        let receipt = opened.execute(Command::MergePeople {
            survivor: self.survivor,
            merged: self.merged,
            versions: None,
            chosen,
            reason: self.reason.clone(),
        })?;
        show(context, receipt)
    }

    fn side(&self, take: &str) -> Result<(PersonField, Side), CliError> {
        let parsed = take.split_once('=').and_then(|(field, side)| {
            let side = match side.parse::<PersonId>() {
                Ok(person) if person == self.merged => Side::Merged,
                Ok(person) if person == self.survivor => Side::Survivor,
                _ if side == "both" => Side::Both,
                _ => return None,
            };
            Some((PersonField::from_code(field)?, side))
        });
        parsed.ok_or_else(|| {
            let fields: Vec<&str> = PersonField::ALL.iter().map(|field| field.code()).collect();
            CliError::refused(
                "merge.take",
                format!("`{take}` names no field and side."),
                format!(
                    "Write FIELD={}, FIELD={} or FIELD=both; fields: {}.",
                    self.merged,
                    self.survivor,
                    fields.join(", ")
                ),
            )
        })
    }
}

impl Unmerge {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let reason = self.reason.clone();
        let receipt = opened.execute(Command::Unmerge { merge: self.merge, reason })?;
        let merge = self.merge.to_string();
        let done = Merged { merge, done: receipt.label };
        context.output.show(&done, |done| vec![done.done.clone()])
    }
}

fn show(context: &Context, receipt: Receipt) -> Result<(), CliError> {
    let made = receipt.created.iter().find(|id| matches!(id, EntityId::Merge(_)));
    let merge = made.map(ToString::to_string).unwrap_or_default();
    let done = Merged { merge, done: receipt.label };
    context.output.show(&done, |done| vec![done.done.clone()])
}

impl MergeAnswer {
    /// One line for a reader.
    pub(super) fn line(&self, clock: &OfficeClock) -> String {
        let why = if self.reason.is_empty() { String::new() } else { format!(": {}", self.reason) };
        let at = clock.told(&self.at);
        format!("merged with {} on {at} by {} ({}){why}", self.merged, self.by, self.merge)
    }
}

impl From<MergeLine> for MergeAnswer {
    fn from(line: MergeLine) -> Self {
        Self {
            merge: line.merge.to_string(),
            merged: line.merged.to_string(),
            at: instant(line.at),
            by: line.by,
            reason: line.reason,
        }
    }
}
