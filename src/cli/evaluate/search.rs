//! `casedesk evaluate search`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;

use super::build::build;
use super::child;
use super::people::{Hearing, Known, Questions, each_person};
use super::plan::{Measured, PLAN_FILE, Plan, STORE_DIRECTORY};
use super::process::disk_bytes;
use super::report::{HitReport, MissReport, Report};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::{progress_bar, stop_on_signals};
use crate::cli::output;
use crate::text::grouped;

/// MiB of the page cache, unless it is said; as an office has it unless its preferences say otherwise.
const CACHE_MIB: u64 = 64;
/// The most MiB that can be said.
const CACHE_MIB_MAX: u64 = 64 * 1024;
/// The most misses of a kind that are told.
const MISSES_MAX: u32 = 1_000;

/// Judges the search on people and questions of your own: what it finds, how fast, and at what cost.
///
/// PEOPLE has the columns that `casedesk import people` takes: `id`, `given`, `family`, `other_names`, `birth_date`,
/// `address`, `phone`, `national_id`, `country`; all but `id` and one of the names may be missing. QUERIES has `query`,
/// `gold_id` (the id of the person who is meant) and `kind` (any words; figures are given for each). Both are tab or comma
/// separated, plain or gzip. Ids may be any text: people are numbered in the order of their file, as an office numbers
/// them.
///
/// An index is built in a scratch directory that is removed at the end; no database of yours is opened. Then a fresh
/// process opens the index, asks every query whole, types about 400 of them letter by letter, and inserts made people
/// one by one. It prints
///
///   recall@1    the part of the queries whose person is the first hit
///   recall@10   the part whose person is among the first ten; MRR is the mean of 1 / rank, 0 beyond the tenth
///   key press   the time of one search while a query is typed: on the wall, and of the thread's processor
///   opening     from opening the store until the first query can be asked
///   resident    the most memory that the fresh process ever had (all of it: `VmHWM`)
///   the index   bytes of its keys and values; on disk is everything that the closed store keeps, its journal and
///               16 MiB of ballast included
///   one insert  bytes handed to the system for writing (`wchar` of /proc/self/io; elsewhere what the files grow by) for
///               200 inserts of one commit each and the closing of the store, by 200
///
/// A megabyte has 1,000,000 bytes. With --misses the people of the files are shown in clear.
///
///   casedesk evaluate search --people people.tsv.gz --queries queries.tsv
///   casedesk evaluate search --people people.tsv --queries queries.tsv --limit 1000 --misses 3
///   casedesk evaluate search --people people.tsv --queries queries.tsv --scratch /var/tmp --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Search {
    /// The people
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// The questions, each with the person who is meant
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Take the first N queries only
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// The directory for the scratch directory [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// MiB of memory for the store's page cache
    #[arg(long, value_name = "MIB", default_value_t = CACHE_MIB, value_parser = clap::value_parser!(u64).range(1..=CACHE_MIB_MAX))]
    cache: u64,
    /// Tell the first N queries of every kind whose person is not the first hit, with the best hits and their evidence
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=i64::from(MISSES_MAX)))]
    misses: u32,
}

impl Search {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let stop = stop_on_signals()?;
        let bar = progress_bar(context.output);
        let hearing = Hearing { bar: &bar, stop: &stop };
        let report = self.evaluate(&hearing);
        bar.finish_and_clear();
        context.output.show(&report?, Report::lines)
    }

    fn evaluate(&self, hearing: &Hearing<'_>) -> Result<Report, CliError> {
        let known = Questions::read(&self.queries, self.limit)?.look_up(&self.people, hearing)?;
        self.warn(&known, hearing);
        let scratch = self.scratch()?;
        let built = build(&self.people, known.people, (scratch.path(), self.cache), hearing)?;
        let disk = disk_bytes(&scratch.path().join(STORE_DIRECTORY));
        let plan = Plan {
            cache_mib: self.cache,
            questions: known.questions,
            inserts: built.inserts,
            first_insert: known.people + 1,
            misses: usize::try_from(self.misses).unwrap_or_default(),
        };
        write_plan(&plan, &scratch.path().join(PLAN_FILE))?;
        // The other process draws a bar of its own.
        hearing.bar.finish_and_clear();
        let measured = child::ask(scratch.path(), hearing)?;
        let known = Known { questions: plan.questions, ..known };
        let misses = self.misses(&known, &measured, hearing)?;
        // Where it cannot be removed, somebody has to.
        let place = scratch.path().display().to_string();
        scratch.close().map_err(CliError::failed_to(format!("remove {place}")))?;
        Ok(Report::new(&known, &measured, (built.seconds, disk), misses))
    }

    /// Says what is left out.
    fn warn(&self, known: &Known, hearing: &Hearing<'_>) {
        if let Some((rows, line)) = known.dateless {
            let words = format!(
                "{}: {} dates of birth are none like 1986, 1986-03 or 1986-03-02, the first in line {line}; they are \
                 left out.",
                self.people.display(),
                grouped(rows)
            );
            hearing.bar.suspend(|| output::tell(&words));
        }
    }

    /// A private directory that goes with its value, whatever happens; a kill alone leaves it behind.
    fn scratch(&self) -> Result<TempDir, CliError> {
        let above = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        tempfile::Builder::new()
            .prefix("casedesk-evaluate-")
            .tempdir_in(&above)
            .map_err(CliError::failed_to(format!("make a directory in {}", above.display())))
    }

    /// The misses, with the names of the people in them, for which their file is read once more.
    fn misses(
        &self,
        known: &Known,
        measured: &Measured,
        hearing: &Hearing<'_>,
    ) -> Result<Vec<MissReport>, CliError> {
        let question = |number: usize| known.questions.get(number);
        let hits = measured.misses.iter().flat_map(|miss| &miss.hits).map(|hit| hit.person);
        let meant = measured.misses.iter().filter_map(|miss| question(miss.question));
        let wanted: BTreeSet<u64> = hits.chain(meant.map(|question| question.person)).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut names: BTreeMap<u64, String> = BTreeMap::new();
        each_person(&self.people, hearing, |number, row| {
            if wanted.contains(&number) {
                let name = format!("{} {} {} {}", row.id, row.given, row.family, row.birth_date);
                names.insert(number, name.trim_end().to_owned());
            }
            Ok(())
        })?;
        let name = |number: u64| names.get(&number).cloned().unwrap_or_default();
        let told = measured.misses.iter().filter_map(|miss| {
            let asked = question(miss.question)?;
            let hits = miss.hits.iter().map(|hit| HitReport {
                person: name(hit.person),
                bits: hit.bits,
                evidence: hit.evidence.clone(),
            });
            Some(MissReport {
                kind: known.kinds.get(asked.kind).cloned().unwrap_or_default(),
                query: asked.text.clone(),
                gold: name(asked.person),
                rank: measured.ranks.get(miss.question).copied().flatten(),
                hits: hits.collect(),
            })
        });
        Ok(told.collect())
    }
}

fn write_plan(plan: &Plan, path: &Path) -> Result<(), CliError> {
    let failed = || CliError::failed_to(format!("write {}", path.display()));
    let mut file = BufWriter::new(File::create(path).map_err(failed())?);
    serde_json::to_writer(&mut file, plan)?;
    file.flush().map_err(failed())
}
