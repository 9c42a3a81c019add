//! Rebuilding: the database is taken away, and the store makes it again from the journal.

use std::fs::remove_dir_all;
use std::path::Path;
use std::time::Instant;

use casedesk::store::{
    Direction, JournalReader, KeyRange, OpenOptions, Sequence, SledStore, Store,
};

use super::bytes::{begin_peak, mega, memory};
use super::load::Failure;

/// Rows that are counted at once.
const PAGE_ROWS: usize = 10_000;

/// Rebuilds the database of `data`; says how fast.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
pub(crate) fn measure(data: &Path) -> Result<(), Failure> {
    let (mut frames, mut changes) = (0_u64, 0_u64);
    for frame in JournalReader::open(data, Sequence(0))? {
        frames += 1;
        changes += frame?.writes.len() as u64;
    }
    remove_dir_all(data.join("sled"))?;
    begin_peak()?;
    let begun = Instant::now();
    let store = SledStore::open(data, OpenOptions::default(), &|_| {})?;
    let took = begun.elapsed();
    let (_, peak) = memory(std::process::id())?;
    let keys = count(&store)?;
    store.close()?;
    let per_second = |count: u64| u128::from(count) * 1000 / took.as_millis().max(1);
    println!(
        "rebuild: {keys} keys of {frames} commits with {changes} changes in {took:.1?}: {} keys/s, {} changes/s, memory at most {}",
        per_second(keys),
        per_second(changes),
        mega(peak)
    );
    Ok(())
}

/// The keys of a store.
pub(crate) fn count(store: &dyn Store) -> Result<u64, Failure> {
    let mut range = KeyRange { from: Vec::new(), to: None };
    let mut keys = 0;
    loop {
        let page = store.scan(&range, PAGE_ROWS, Direction::Forward)?;
        keys += page.rows.len() as u64;
        match page.rows.last() {
            Some((last, _)) if page.has_more => {
                range.from.clone_from(last);
                range.from.push(0);
            }
            _ => return Ok(keys),
        }
    }
}
