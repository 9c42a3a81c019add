//! Faults survived: kills by phase, power cuts, damage, full disks and clocks that jump, each with counts.
//!
//! `cargo test faults -- --nocapture` shows what was done and survived, one line or table for each kind of fault. Counts are
//! such that all of it takes a few minutes; `CASEDESK_LONG=1` runs the full counts, which takes hours.

mod chance;
mod check;
mod child;
mod damage;
mod disk;
mod ext4;
mod failing;
mod image;
mod index;
mod judge;
mod kills;
mod logbook;
mod power;
mod recorder;
mod rows;
mod writers;

/// How often a fault is tried: `short` in every run, `long` where somebody asks for it.
fn rounds(short: u64, long: u64) -> u64 {
    if std::env::var_os("CASEDESK_LONG").is_some_and(|value| value == "1") { long } else { short }
}

/// Tells what was done and survived; `--nocapture` shows it.
#[expect(clippy::print_stdout, reason = "the counts are for whoever runs the tests")]
fn tell(line: &str) {
    println!("{line}");
}
