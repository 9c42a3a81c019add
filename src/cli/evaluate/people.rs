//! Reads the questions and the people before anything is built, so that a mistake in a file costs no more than reading it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::ProgressBar;

use super::plan::Question;
use crate::cli::error::CliError;
use crate::domain::people::BirthDate;
use crate::exchange::{ExchangeError, PeopleFile, PersonRow, QuestionRow, QuestionsFile};
use crate::text::grouped;

/// Questions that are read at most.
const QUESTIONS_MAX: usize = 1_000_000;
/// Rows after which a bar moves and a signal is heard.
const ROWS_PER_WORD: u64 = 1_000;

/// The questions, and the kinds that they have.
pub(super) struct Questions {
    rows: Vec<QuestionRow>,
    file: String,
}

/// Questions that are known to mean somebody, and the names of their kinds by number.
pub(super) struct Known {
    /// The questions.
    pub(super) questions: Vec<Question>,
    /// The kinds, by the number that the questions have.
    pub(super) kinds: Vec<String>,
    /// How many people there are; they are numbered from 1 in the order of their file.
    pub(super) people: u64,
    /// People whose date of birth is none, and the line of the first.
    pub(super) dateless: Option<(u64, u64)>,
}

impl Questions {
    /// Reads the first `limit` questions.
    pub(super) fn read(file: &Path, limit: Option<usize>) -> Result<Self, CliError> {
        let mut source = QuestionsFile::open(file).map_err(|error| refused(&error))?;
        let limit = limit.unwrap_or(usize::MAX);
        let mut rows = Vec::new();
        while rows.len() < limit
            && let Some(row) = source.next_question().map_err(|error| refused(&error))?
        {
            if rows.len() == QUESTIONS_MAX {
                let max = grouped(QUESTIONS_MAX as u64);
                let what = format!("{} has more than {max} questions.", file.display());
                return Err(CliError::refused("evaluate.many", what, "Give --limit N."));
            }
            rows.push(row);
        }
        Ok(Self { rows, file: file.display().to_string() })
    }

    /// Looks for the people who are meant, and at every row of people on the way.
    pub(super) fn look_up(self, people: &Path, hearing: &Hearing<'_>) -> Result<Known, CliError> {
        let mut wanted: HashMap<&str, Option<u64>> =
            self.rows.iter().map(|row| (row.gold_id.as_str(), None)).collect();
        let mut ids: HashSet<Box<str>> = HashSet::new();
        let mut dateless = None;
        let count = each_person(people, hearing, |number, row| {
            if let Some(found) = wanted.get_mut(row.id.as_str()) {
                *found = Some(number);
            }
            if !row.birth_date.is_empty() && BirthDate::parse(&row.birth_date).is_none() {
                let (rows, first) = dateless.unwrap_or((0, row.line));
                dateless = Some((rows + 1, first));
            }
            let PersonRow { line, id, .. } = row;
            if ids.contains(id.as_str()) {
                return Err(refused(&ExchangeError::Row {
                    file: people.display().to_string(),
                    line,
                    column: "id".to_owned(),
                    reason: format!("An earlier row has the id `{id}` already."),
                }));
            }
            ids.insert(id.into_boxed_str());
            Ok(())
        })?;
        let kinds: BTreeSet<&str> = self.rows.iter().map(|row| row.kind.as_str()).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let mut questions = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let person = wanted.get(row.gold_id.as_str()).copied().flatten();
            let person = person.ok_or_else(|| {
                refused(&ExchangeError::Row {
                    file: self.file.clone(),
                    line: row.line,
                    column: "gold_id".to_owned(),
                    reason: format!("Nobody in {} has the id `{}`.", people.display(), row.gold_id),
                })
            })?;
            let kind = kinds.binary_search(&row.kind.as_str()).unwrap_or_default();
            questions.push(Question { text: row.text.clone(), person, kind });
        }
        let kinds = kinds.into_iter().map(str::to_owned).collect();
        Ok(Known { questions, kinds, people: count, dateless })
    }
}

/// Who hears of a long reading, and who may end it.
pub(super) struct Hearing<'a> {
    /// The bar that shows how far it is.
    pub(super) bar: &'a ProgressBar,
    /// Set when it is to end.
    pub(super) stop: &'a AtomicBool,
}

impl Hearing<'_> {
    /// Shows how far it is, what with, and how many seconds it may still take.
    pub(super) fn show(&self, done: u64, total: u64, what: &str) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        self.bar.set_message(format!("{what}, {} s left", self.bar.eta().as_secs()));
    }

    /// Fails where somebody wants an end.
    pub(super) fn going_on(&self) -> Result<(), CliError> {
        if self.stop.load(Ordering::Relaxed) { Err(stopped()) } else { Ok(()) }
    }
}

/// Goes through a file of people and gives each with their number, from 1; tells how many there are.
pub(super) fn each_person(
    file: &Path,
    hearing: &Hearing<'_>,
    mut take: impl FnMut(u64, PersonRow) -> Result<(), CliError>,
) -> Result<u64, CliError> {
    let mut people = PeopleFile::open(file).map_err(|error| refused(&error))?;
    let mut number = 0;
    while let Some(row) = people.next_person().map_err(|error| refused(&error))? {
        number += 1;
        take(number, row)?;
        if number.is_multiple_of(ROWS_PER_WORD) {
            hearing.going_on()?;
            let progress = people.progress();
            let what = format!("{} people", grouped(number));
            hearing.show(progress.done_bytes, progress.total_bytes, &what);
        }
    }
    Ok(number)
}

/// Somebody wanted an end.
pub(super) fn stopped() -> CliError {
    CliError::refused("stopped", "The evaluation was stopped.", "Nothing of it is left.")
}

/// A file that cannot be judged by.
fn refused(error: &ExchangeError) -> CliError {
    let what = crate::text::with_sources(error);
    CliError::refused("evaluate.file", what, "Nothing was built. Put the file right, then repeat.")
}
