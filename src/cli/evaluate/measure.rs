//! `casedesk evaluate measure`, which nobody but casedesk itself runs.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use super::build::store_options;
use super::figures::{Spread, Times, milliseconds, typed_step};
use super::misses::Misses;
use super::people::Hearing;
use super::plan::{Measured, PLAN_FILE, Plan, Question, STORE_DIRECTORY, document};
use super::process::{disk_bytes, resident_bytes_max, timed, written_bytes};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::long::{progress_bar, stop_on_signals};
use crate::cli::output;
use crate::cli::probe::end_with_parent;
use crate::desk::{DeskError, SearchIndex};
use crate::search::{Dictionary, FindOptions, Found, SearchError, find};
use crate::store::SledStore;

/// Letters of one question that are typed one by one.
const LETTERS_MAX: usize = 200;

/// Opens an index that `evaluate search` built, asks it, and prints what it measured; casedesk runs this itself, so that
/// the memory of a process is that of asking, without that of building.
#[derive(Debug, Args)]
pub(super) struct Measure {
    /// The scratch directory
    scratch: PathBuf,
}

impl Measure {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        end_with_parent();
        let stop = stop_on_signals()?;
        let bar = progress_bar(context.output);
        let hearing = Hearing { bar: &bar, stop: &stop };
        let plan = read_plan(&self.scratch.join(PLAN_FILE))?;
        let measured = measure(&plan, &self.scratch.join(STORE_DIRECTORY), &hearing);
        bar.finish_and_clear();
        output::json(&measured?)
    }
}

fn read_plan(file: &Path) -> Result<Plan, CliError> {
    let failed = CliError::failed_to(format!("read {}", file.display()));
    // Read as a stream: a second copy of the questions would count as memory of the search.
    Ok(serde_json::from_reader(BufReader::new(File::open(file).map_err(failed)?))?)
}

fn measure(plan: &Plan, store: &Path, hearing: &Hearing<'_>) -> Result<Measured, CliError> {
    let begun = Instant::now();
    let opened = SledStore::open(store, store_options(plan.cache_mib), &|_| {})?;
    let index = SearchIndex(&opened);
    let mut desk = Asked { dictionary: Dictionary::load(&index).map_err(DeskError::from)?, index };
    let open_ms = milliseconds(begun.elapsed());
    let (ranks, misses, query_ms) = whole_questions(&mut desk, plan, hearing)?;
    let (keypresses, keypress_ms) = letter_by_letter(&mut desk, &plan.questions, hearing)?;
    let resident_bytes = resident_bytes_max();
    let index_bytes = desk.index.bytes()?;
    let insert = insert_one_by_one(&opened, plan, store)?;
    Ok(Measured {
        open_ms,
        ranks,
        query_ms,
        keypress_ms,
        keypresses,
        resident_bytes,
        index_bytes,
        insert_bytes: insert.journal,
        insert_written_bytes: insert.written,
        misses: misses.told,
    })
}

/// An index with its words, as a desk has them.
struct Asked<'s> {
    dictionary: Dictionary,
    index: SearchIndex<'s>,
}

impl Asked<'_> {
    /// Answers as a desk does, which first looks whether words came.
    fn ask(&mut self, text: &str) -> Result<Found, SearchError> {
        self.dictionary.refresh(&self.index)?;
        find(&self.dictionary, &self.index, text, &FindOptions::default())
    }
}

/// Times as they are taken.
#[derive(Default)]
struct Stopwatch {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl Stopwatch {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (done, wall, cpu) = timed(work);
        self.wall.push(wall);
        self.cpu.push(cpu);
        done
    }

    fn times(self) -> Times {
        Times { wall: Spread::of(self.wall), cpu: Spread::of(self.cpu) }
    }
}

/// Asks every question whole.
fn whole_questions(
    desk: &mut Asked<'_>,
    plan: &Plan,
    hearing: &Hearing<'_>,
) -> Result<(Vec<Option<u32>>, Misses, Times), CliError> {
    let mut watch = Stopwatch::default();
    let mut ranks = Vec::with_capacity(plan.questions.len());
    let mut misses = Misses::new(plan.misses);
    hearing.bar.reset();
    for (number, question) in plan.questions.iter().enumerate() {
        hearing.going_on()?;
        let found = watch.time(|| desk.ask(&question.text)).map_err(DeskError::from)?;
        let mut hits = found.hits.iter().zip(1_u32..);
        let rank = hits.find(|(hit, _)| hit.person == question.person).map(|(_, rank)| rank);
        misses.see((number, question), rank, &found);
        ranks.push(rank);
        hearing.show(ranks.len() as u64, plan.questions.len() as u64, "asking");
    }
    Ok((ranks, misses, watch.times()))
}

/// Types some of the questions letter by letter, each letter a search, as the screen does it: what the words before the
/// last one matched is known from the key press before.
fn letter_by_letter(
    desk: &mut Asked<'_>,
    questions: &[Question],
    hearing: &Hearing<'_>,
) -> Result<(usize, Times), CliError> {
    let mut watch = Stopwatch::default();
    let step = typed_step(questions.len());
    hearing.bar.reset();
    let total = questions.len().div_ceil(step) as u64;
    for (question, done) in questions.iter().step_by(step).zip(1_u64..) {
        let ends = question.text.char_indices().map(|(at, letter)| at + letter.len_utf8());
        for end in ends.take(LETTERS_MAX) {
            hearing.going_on()?;
            let typed = question.text.get(..end).unwrap_or_default();
            watch.time(|| desk.ask(typed)).map_err(DeskError::from)?;
        }
        hearing.show(done, total, "typing");
    }
    Ok((watch.wall.len(), watch.times()))
}

/// What one more person costs, in bytes.
struct InsertCost {
    /// What the journal grew by: the frame that makes the insert last.
    journal: u64,
    /// All that was handed to the system, until everything lies in the database, which rewrites its own pages. Where the
    /// system does not count that, what all files grew by.
    written: u64,
}

/// Inserts the made people, each in a commit of their own, and closes the store.
fn insert_one_by_one(
    store: &SledStore,
    plan: &Plan,
    directory: &Path,
) -> Result<InsertCost, CliError> {
    let index = SearchIndex(store);
    let journal = || disk_bytes(&directory.join("journal"));
    let written = || written_bytes().unwrap_or_else(|| disk_bytes(directory));
    let (journal_before, written_before) = (journal(), written());
    for (row, number) in plan.inserts.iter().zip(plan.first_insert..) {
        index.insert(document(number, row))?;
    }
    store.close()?;
    let inserts = (plan.inserts.len() as u64).max(1);
    Ok(InsertCost {
        journal: journal().saturating_sub(journal_before) / inserts,
        written: written().saturating_sub(written_before) / inserts,
    })
}
