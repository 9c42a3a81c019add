//! `casedesk import`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::clock::SystemClock;
use super::error::CliError;
use super::import_events::Events;
use super::long::{progress_bar, rounded, stop_on_signals};
use super::open::{Opened, build_index};
use super::{output, rejects};
use crate::desk::{AskWho, Clock as _, LocalDesk};
use crate::exchange::{
    ExchangeError, Job, Mapping, Progress, Report, import_people, import_requests, rows_about,
};

/// Rows from which on the search index is built after an import, and not with each of its commits: fewer take a second.
const ROWS_LEFT_BEHIND_MIN: u64 = 2_000;

/// Rows for each person who is there from which on that is done.
const ROWS_A_PERSON_MIN: u64 = 2;

/// Imports requests, people or whole event logs from files.
///
/// Rows are recognised by their source and reference: the same file again changes nothing, and an import that was
/// interrupted goes on with the same command. Rows that cannot be taken lie in the data directory under `rejects`; where a
/// daemon has the data, in `rejects` where the command was given.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Put rows that cannot be taken into this directory
    #[arg(long, value_name = "DIR", global = true)]
    rejects: Option<PathBuf>,
    #[command(subcommand)]
    command: ImportSubcommand,
}

#[derive(Debug, Subcommand)]
enum ImportSubcommand {
    Requests(Requests),
    People(People),
    Events(Events),
}

/// Imports requests: CSV, plain or gzip, through a mapping.
///
/// A mapping is a TOML file that says which columns mean what. These come with the program: nyc-council,
/// chicago-sanitation, sf311, boston311.
///
///   casedesk import requests nyc-council.csv.gz --mapping nyc-council
///   casedesk import requests complaints.csv --mapping ours.toml --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Requests {
    /// The file
    file: PathBuf,
    /// A mapping's name or file
    #[arg(long)]
    mapping: String,
}

/// Imports people: tab or comma separated, plain or gzip, with a header.
///
/// Columns: `id`, `given`, `family`, `other_names`, `birth_date`, `address`, `phone`, `national_id`, `id_scheme`, `country`.
/// All but `id` and one of the names may be missing. A number whose scheme is stated (mx-curp, tr-tckn, no-fnr, ...) is
/// checked, and the row rejected where it cannot be; one that only its country names is taken and counted as doubtful. Where a file comes in that is at least twice as large as the register that is
/// there, people can be searched once all of it is in.
///
///   casedesk import people register.tsv.gz --source population-register
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct People {
    /// The file
    file: PathBuf,
    /// The register that the file comes from [default: the file's name]
    #[arg(long)]
    source: Option<String>,
}

#[derive(Serialize)]
struct Imported {
    read: u64,
    #[serde(flatten)]
    report: Report,
    seconds: f64,
}

impl Import {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let stop = stop_on_signals()?;
        // A mapping that is wrong is found before anything is opened.
        let (source, mapping) = match &self.command {
            ImportSubcommand::Requests(requests) => {
                let mapping = Mapping::load(&requests.mapping)?;
                (mapping.source.clone(), Some(mapping))
            }
            ImportSubcommand::People(people) => (people.source(), None),
            ImportSubcommand::Events(events) => {
                let mapping = Mapping::load(&events.mapping)?;
                (mapping.source.clone(), Some(mapping))
            }
        };
        let opened = context.open_or_found()?;
        let today = opened.ask(AskWho {})?.office.calendar.zone().day(SystemClock.now());
        let rejects = rejects::place(self.rejects.as_deref(), context, &opened)?;
        let started = Instant::now();
        let left_behind = match &self.command {
            ImportSubcommand::People(people) => leave_index_behind(&opened, &people.file)?,
            ImportSubcommand::Requests(_) | ImportSubcommand::Events(_) => None,
        };
        let bar = progress_bar(context.output);
        let progress = |progress: Progress| {
            bar.set_length(progress.total_bytes);
            bar.set_position(progress.done_bytes);
            bar.set_message(format!("{} rows", progress.rows));
        };
        let job = Job {
            desk: opened.desk.as_ref(),
            ids: &|| opened.id(),
            rejects: &rejects,
            today,
            stop: &stop,
            progress: &progress,
        };
        if let (ImportSubcommand::Events(events), Some(mapping)) = (&self.command, &mapping) {
            let report = events.import(&opened, &job, mapping);
            bar.finish_and_clear();
            return events.tell(
                context,
                &rejects,
                report?,
                rounded(started.elapsed().as_secs_f64()),
            );
        }
        let outcome = match (&self.command, &mapping) {
            (ImportSubcommand::Requests(requests), Some(mapping)) => {
                import_requests(&job, &requests.file, mapping)
            }
            (
                ImportSubcommand::People(People { file, .. })
                | ImportSubcommand::Events(Events { file, .. }),
                _,
            )
            | (ImportSubcommand::Requests(Requests { file, .. }), None) => {
                import_people(&job, file, &source)
            }
        };
        bar.finish_and_clear();
        // Also where the import was stopped or failed: whoever came in is to be found.
        let built = left_behind.map_or(Ok(()), |desk| {
            build_index(&desk, &opened.data, context.output, &AtomicBool::new(false)).map(drop)
        });
        // What came in is in, and is reported whatever became of the index; the report is the answer, so that fault is told.
        let finished = finish(context, &rejects, outcome, started.elapsed().as_secs_f64());
        if let Err(error) = built {
            output::tell(&format!("There is no search index: {}", error.in_full()));
            return finished.and(Err(CliError::Found));
        }
        finished
    }
}

impl People {
    /// The register: as it was given, or the file's name without its endings.
    fn source(&self) -> String {
        let name = || {
            let name = self.file.file_name().unwrap_or_default().to_string_lossy();
            name.split('.').next().unwrap_or_default().to_owned()
        };
        self.source.clone().unwrap_or_else(name)
    }
}

/// Has so many people come in without the search index that it is less work to build it once they are there. That is
/// only done in a database of this process, and where those who can be searched already are few against them: a register
/// that comes again changes few.
fn leave_index_behind(opened: &Opened, file: &Path) -> Result<Option<Arc<LocalDesk>>, CliError> {
    let Some((_, desk)) = &opened.local else { return Ok(None) };
    let rows = rows_about(file);
    if rows < desk.people()?.saturating_mul(ROWS_A_PERSON_MIN).max(ROWS_LEFT_BEHIND_MIN) {
        return Ok(None);
    }
    desk.leave_index_behind()?;
    Ok(Some(Arc::clone(desk)))
}

fn finish(
    context: &Context,
    rejects: &Path,
    outcome: Result<Report, ExchangeError>,
    seconds: f64,
) -> Result<(), CliError> {
    let report = outcome?;
    if report.rejected > 0 || report.doubtful > 0 {
        output::tell(&format!("Rejected and doubtful rows are in {}.", rejects.display()));
    }
    let seconds = rounded(seconds);
    let imported = Imported { read: report.read(), report, seconds };
    context.output.show(&imported, Imported::lines)?;
    if report.is_stopped {
        let line = report.last_line;
        output::tell(&format!(
            "Stopped after line {line}; everything up to there is in. The same command goes on."
        ));
        return Err(CliError::Found);
    }
    Ok(())
}

impl Imported {
    fn lines(&self) -> Vec<String> {
        let report = &self.report;
        let figures = [
            ("read", self.read),
            ("created", report.created),
            ("updated", report.updated),
            ("unchanged", report.unchanged),
            ("repeated", report.repeated),
            ("rejected", report.rejected),
            ("conflicts", report.conflicts),
            ("doubtful", report.doubtful),
        ];
        let mut shown: Vec<String> =
            figures.iter().map(|(name, figure)| format!("{name:<10} {figure:>10}")).collect();
        shown.push(format!("{:<10} {:>10}", "seconds", self.seconds));
        shown
    }
}
