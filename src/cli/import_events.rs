//! `casedesk import events`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::Opened;
use super::output;
use crate::desk::{AskRules, AskRulesText};
use crate::domain::rules::{CaseType, PublicationKind, PublicationState, RulesText};
use crate::exchange::{HistoryReport, Job, Mapping, import_histories};

/// Imports cases with their past: an event log, CSV, plain or gzip, through a mapping, under a published case type.
///
/// Each row is an activity of a case; the mapping says which task of the type it is. What the type would not have had done
/// then is taken all the same and reported, each with line, case, activity and reason. A case is known again by its source
/// and reference: the same file again changes nothing.
///
///   casedesk import events receipt-wabo.csv.gz --mapping receipt-wabo --type receipt-wabo --dry-run
///   casedesk import events log.csv --mapping ours.toml --type permit@2 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Events {
    /// The file
    pub(super) file: PathBuf,
    /// A mapping's name or file
    #[arg(long)]
    pub(super) mapping: String,
    /// The published case type, as permit or permit@2 [default version: the newest]
    #[arg(long = "type", value_name = "TYPE")]
    case_type: String,
    /// Only judge and report
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Taken {
    #[serde(flatten)]
    report: HistoryReport,
    dry_run: bool,
    seconds: f64,
}

impl Events {
    /// Takes the log in.
    pub(super) fn import(
        &self,
        opened: &Opened,
        job: &Job<'_>,
        mapping: &Mapping,
    ) -> Result<HistoryReport, CliError> {
        let case_type = self.published(opened)?;
        Ok(import_histories(job, &self.file, mapping, &case_type, self.dry_run)?)
    }

    fn published(&self, opened: &Opened) -> Result<Arc<CaseType>, CliError> {
        let (code, version) = match self.case_type.split_once('@') {
            None => (self.case_type.as_str(), None),
            Some((code, version)) => {
                let version: u32 = version.parse().map_err(|_not_a_number| {
                    CliError::refused(
                        "type.name",
                        format!("`{}` is no version of a type.", self.case_type),
                        "It is like permit@2.",
                    )
                })?;
                (code, Some(version))
            }
        };
        let known = opened.ask(AskRules { kind: Some(PublicationKind::Type) })?.lines;
        let meant = known.into_iter().filter(|line| {
            matches!(line.state, PublicationState::Published { .. })
                && line.name.code == code
                && version.is_none_or(|version| version == line.name.version)
        });
        let missing = || {
            CliError::refused(
                "type.none",
                format!("No type {} is published.", self.case_type),
                "See casedesk types list; publish one with casedesk types publish FILE.",
            )
        };
        let name = meant.max_by_key(|line| line.name.version).ok_or_else(missing)?.name;
        let text = opened.ask(AskRulesText { name })?.text;
        match RulesText::read(PublicationKind::Type, &text) {
            Ok(RulesText::Type(held)) => Ok(held),
            Ok(RulesText::Table(_) | RulesText::Calendar(_)) | Err(_) => Err(missing()),
        }
    }

    /// Tells what became of the log.
    pub(super) fn tell(
        &self,
        context: &Context,
        rejects: &Path,
        report: HistoryReport,
        seconds: f64,
    ) -> Result<(), CliError> {
        let is_stopped = report.is_stopped;
        if report.rejected > 0 || report.deviations > 0 {
            output::tell(&format!("Rows and their reasons are in {}.", rejects.display()));
        }
        let taken = Taken { report, dry_run: self.dry_run, seconds };
        context.output.show(&taken, Taken::lines)?;
        if is_stopped {
            output::tell("Stopped; the same command goes on.");
            return Err(CliError::Found);
        }
        Ok(())
    }
}

impl Taken {
    fn lines(&self) -> Vec<String> {
        let report = &self.report;
        let figures = [
            ("read", report.read),
            ("cases", report.cases),
            ("created", report.created),
            ("unchanged", report.unchanged),
            ("conflicts", report.conflicts),
            ("rejected", report.rejected),
            ("activities", report.activities),
            ("deviations", report.deviations),
        ];
        let line = |name: &str, figure: u64| format!("{name:<52} {figure:>10}");
        let mut shown: Vec<String> =
            figures.iter().map(|(name, figure)| line(name, *figure)).collect();
        shown.extend(
            report.by_activity.iter().map(|(task, count)| line(&format!("  {task}"), *count)),
        );
        shown.push(format!("{:<52} {:>10}", "seconds", self.seconds));
        if self.dry_run {
            shown.push("Nothing was changed.".to_owned());
        }
        shown
    }
}
