//! Builds the index of a file of people in a store of its own, as an office has it.

use std::path::Path;
use std::time::Instant;

use super::people::{Hearing, each_person};
use super::plan::document;
use crate::cli::error::CliError;
use crate::cli::{MIB, long};
use crate::desk::SearchIndex;
use crate::exchange::PersonRow;
use crate::search::Document;
use crate::store::{CommitError, OpenOptions, SledStore};
use crate::text::with_sources;

/// People of one commit.
const PEOPLE_A_COMMIT: usize = 1_000;

/// People who are made up to be inserted one by one.
const INSERTS: u64 = 200;

/// An index that was built.
pub(super) struct Built {
    /// Seconds from the first person read until the store was closed.
    pub(super) seconds: f64,
    /// Made people, to be inserted one by one.
    pub(super) inserts: Vec<PersonRow>,
}

/// How a store is opened: with an office's own settings and a page cache of so many MiB.
pub(super) fn store_options(cache_mib: u64) -> OpenOptions {
    OpenOptions { cache_bytes: cache_mib * MIB, ..OpenOptions::default() }
}

/// Builds the index of a file of `count` people in `directory`, and closes the store.
pub(super) fn build(
    people: &Path,
    count: u64,
    (directory, cache_mib): (&Path, u64),
    hearing: &Hearing<'_>,
) -> Result<Built, CliError> {
    let begun = Instant::now();
    let store = SledStore::open(directory, store_options(cache_mib), &|_| {})?;
    let index = SearchIndex(&store);
    let mut waiting: Vec<Document> = Vec::with_capacity(PEOPLE_A_COMMIT);
    let mut sample = Vec::new();
    let step = (count / INSERTS).max(1);
    each_person(people, hearing, |number, row| {
        waiting.push(document(number, &row));
        if number % step == 0 {
            sample.push(row);
        }
        if waiting.len() == PEOPLE_A_COMMIT {
            index.put(&waiting).map_err(|error| not_taken(&error))?;
            waiting.clear();
        }
        Ok(())
    })?;
    index.put(&waiting).map_err(|error| not_taken(&error))?;
    hearing.bar.set_message("closing the store");
    store.close()?;
    // What it wrote is put in order when it is dropped, as after an import.
    drop(store);
    let seconds = long::rounded(begun.elapsed().as_secs_f64());
    Ok(Built { seconds, inserts: recombined(&sample) })
}

/// A commit that the store did not take.
pub(super) fn not_taken(error: &CommitError) -> CliError {
    let what = format!("The index was not written: {}.", with_sources(error));
    CliError::refused("evaluate.store", what, "Give a directory with more room: --scratch DIR.")
}

/// People made of these: the given name of one, the family name of another, the address of a third, and numbers that
/// nobody has.
fn recombined(people: &[PersonRow]) -> Vec<PersonRow> {
    let from = |place: usize| people.get(place % people.len().max(1)).cloned().unwrap_or_default();
    let made = (0_u64..).zip(people).take(usize::try_from(INSERTS).unwrap_or_default());
    made.map(|(number, person)| {
        let place = usize::try_from(number).unwrap_or_default();
        PersonRow {
            family: from(place + 7).family,
            address: from(place + 13).address,
            birth_date: from(place + 29).birth_date,
            phone: digits(2 * number, 9),
            national_id: digits(2 * number + 1, 11),
            ..person.clone()
        }
    })
    .collect()
}

/// So many digits without a pattern, as telephones and ids have them.
fn digits(number: u64, many: u32) -> String {
    // Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio.
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let digits = 10_u64.pow(many);
    format!("{:0width$}", mixed % digits, width = many as usize)
}
