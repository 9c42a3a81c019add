//! Measures what crosses the line for each move: in casedesk, in stock programs of the same screen, and in three others.
//!
//! `cargo bench --bench wire`. Every program runs on a pty of 80x24 in the same run; what comes is counted in bytes, the
//! median of a few moves each. `PROGRAM` is another build of casedesk than the one built with the bench. Stock means
//! ratatui's own backend: once with the very frames that casedesk showed, and once with a list beside its detail, borders
//! and a bar. neomutt, tig and htop are measured where they are installed, with mail and a repository that are made here.

mod casedesk;
mod others;
mod stock;
mod table;
mod terminal;

use table::Table;

/// What stops a measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The program that is measured: the one built with the bench, or another build of it.
fn program() -> String {
    std::env::var("PROGRAM").unwrap_or_else(|_absent| env!("CARGO_BIN_EXE_casedesk").to_owned())
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() -> Result<(), Failure> {
    // `cargo test --benches` is to see that it builds, and not to wait for it.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let home = tempfile::tempdir()?;
    let mut table = Table::default();
    let frames = casedesk::measure(home.path(), &mut table)?;
    stock::measure_same(&frames, &mut table)?;
    stock::measure_classic(&mut table)?;
    others::measure_neomutt(home.path(), &mut table)?;
    others::measure_tig(home.path(), &mut table)?;
    others::measure_htop(home.path(), &mut table)?;
    println!("{table}");
    Ok(())
}
