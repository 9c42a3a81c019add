//! Measures the store: commits, bytes, opening, memory, rebuilding. `benches/peers` measures it against others.
//!
//! `COUNT=1000000 cargo bench --bench store`. `PARTS=commits,office` says what is measured; `DATA` is a directory on a disk,
//! where everything is made and removed again; `OFFICE` is one to keep: people are imported into it where it has no office
//! yet. `PEOPLE` is the file of people, of which the first `COUNT` (20,000) are taken. `SECONDS` (3) is how long each number
//! of writers commits, `NOTES` (2,000) how many notes are written. `PROGRAM` is another build of casedesk to open the office
//! with. An office that was just filled is read by its first opening; the second shows what a morning is like.

mod bytes;
mod load;
mod machine;
mod notes;
mod office;
mod program;
mod rebuild;

use std::fs::create_dir_all;
use std::path::{Path, PathBuf};
use std::time::Duration;

use casedesk::store::{OpenOptions, SledStore};

use load::Failure;
use machine::Machine;

fn variable(name: &str, or: &str) -> String {
    std::env::var(name).unwrap_or_else(|_absent| or.to_owned())
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() -> Result<(), Failure> {
    let data = PathBuf::from(variable("DATA", concat!(env!("CARGO_MANIFEST_DIR"), "/target/data")));
    create_dir_all(&data)?;
    let machine = Machine::look(&data)?;
    if machine.is_in_memory() {
        return Err(format!("{} lies in memory: set DATA to a disk", data.display()).into());
    }
    println!("{machine}");
    let parts = variable("PARTS", "commits,office");
    if parts.contains("commits") {
        commits(&data)?;
    }
    if parts.contains("office") {
        let kept = std::env::var_os("OFFICE").map(PathBuf::from);
        let made = tempfile::tempdir_in(&data)?;
        office::measure(&kept.unwrap_or_else(|| made.path().join("office")), made.path())?;
    }
    Ok(())
}

/// Durable six-key commits by several writers, on an empty store each.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn commits(data: &Path) -> Result<(), Failure> {
    let time = Duration::from_secs_f64(variable("SECONDS", "3").parse()?);
    println!(
        "\n{:>8} {:>9} {:>10} {:>9} {:>9} {:>7} {:>7}",
        "writers", "commits", "commits/s", "p50 ms", "p99 ms", "cpu us", "others"
    );
    for writers in [1, 8, 32, 200] {
        let directory = tempfile::tempdir_in(data)?;
        let store = SledStore::open(directory.path(), OpenOptions::default(), &|_| {})?;
        let figures = load::run(&store, writers, time)?;
        println!(
            "{writers:>8} {:>9} {:>10.0} {:>9.2} {:>9.2} {:>7} {:>7.1}",
            figures.commits,
            figures.commits_per_second,
            figures.median.as_secs_f64() * 1e3,
            figures.slowest_hundredth.as_secs_f64() * 1e3,
            figures.processor.as_micros(),
            figures.others,
        );
    }
    Ok(())
}
