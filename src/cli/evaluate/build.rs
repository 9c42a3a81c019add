//! Builds the index of a file of people in a store of its own, as an office has it.

use std::path::Path;
use std::time::Instant;

use super::people::{Hearing, each_person};
use super::plan::{STORE_DIRECTORY, document};
use crate::cli::error::CliError;
use crate::cli::{MIB, long};
use crate::desk::{DeskError, ScratchFile, SearchIndex};
use crate::exchange::PersonRow;
use crate::search::{BULK_MEMORY_BYTES, Bulk, BulkSteps};
use crate::store::{OpenOptions, SledStore};

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

/// Builds the index of a file of `count` people in a store in `scratch`, as a rebuild does it, and closes the store.
pub(super) fn build(
    people: &Path,
    count: u64,
    (scratch, cache_mib): (&Path, u64),
    hearing: &Hearing<'_>,
) -> Result<Built, CliError> {
    let begun = Instant::now();
    let store = SledStore::open(&scratch.join(STORE_DIRECTORY), store_options(cache_mib), &|_| {})?;
    let mut aside = ScratchFile::new_in(scratch).map_err(CliError::failed_to("make a file"))?;
    let mut bulk = Bulk::new(&mut aside, BULK_MEMORY_BYTES);
    let mut sample = Vec::new();
    let step = (count / INSERTS).max(1);
    each_person(people, hearing, |number, row| {
        bulk.put(&document(number, &row)).map_err(DeskError::from)?;
        if number.is_multiple_of(step) {
            sample.push(row);
        }
        Ok(())
    })?;
    let written = SearchIndex(&store).write(bulk, hearing.stop, &|BulkSteps { done, total }| {
        hearing.show(done, total, "writing the index");
    });
    // Whoever wanted an end hears that, not how it failed.
    hearing.going_on()?;
    written?;
    hearing.bar.set_message("closing the store");
    store.close()?;
    // What it wrote is put in order when it is dropped, as after an import.
    drop(store);
    let seconds = long::rounded(begun.elapsed().as_secs_f64());
    Ok(Built { seconds, inserts: recombined(&sample) })
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
