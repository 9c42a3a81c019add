//! Measures casedesk's store against its peers: SQLite behind the same kind of committer, and sled with its own flush.
//!
//! ```text
//! cargo run --release                        every cell, nine rounds of a second: about five minutes
//! cargo run --release -- --data /srv/disk    on another disk
//! cargo run --release -- --writers 32 --delays 0 --rounds 5 --json
//! ```
//!
//! A round gives each peer its turn on an empty directory of the same disk, so that whatever else the machine does hits
//! all alike; a ratio is taken within a round, and of the rounds the median counts. The bounds are those of the store's
//! issue; where one is missed, the program ends with 1.

mod alone;
mod disk;
mod fault;
#[path = "../../store/load.rs"]
mod load;
#[path = "../../store/machine.rs"]
mod machine;
mod report;
mod sqlite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use casedesk::store::{OpenOptions, SledStore, Store};
use clap::Parser;
use serde::Serialize;

use alone::SledAlone;
use load::{Failure, Figures, run};
use machine::Machine;
use report::{Cell, Report};
use sqlite::SqliteStore;

/// Bytes of memory that each peer has for its pages: casedesk's default.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Compares durable commits of casedesk's store, of SQLite and of sled.
#[derive(Debug, Parser)]
struct Options {
    /// Where the databases are made and removed again; it has to lie on a disk
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target/data"))]
    data: PathBuf,
    /// How long a peer works in a round
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// How many rounds
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// How many writers commit at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32, 200])]
    writers: Vec<usize>,
    /// Milliseconds added to every sync of every peer
    #[arg(long, value_delimiter = ',', default_values_t = [0, 4])]
    delays: Vec<u64>,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Peer {
    /// casedesk's store: journal, one sync a group, sled behind it.
    Casedesk,
    /// SQLite with a write-ahead log and full syncs, behind a committer that groups as casedesk's does.
    Sqlite,
    /// sled with a flush of its own for each commit.
    SledAlone,
}

impl Peer {
    const ALL: [Self; 3] = [Self::Casedesk, Self::Sqlite, Self::SledAlone];

    fn open(self, data: &Path) -> Result<Box<dyn Store>, Failure> {
        Ok(match self {
            Self::Casedesk => {
                let options = OpenOptions { cache_bytes: CACHE_BYTES, ..OpenOptions::default() };
                Box::new(SledStore::open(data, options, &|_| {})?)
            }
            Self::Sqlite => Box::new(SqliteStore::open(data, CACHE_BYTES)?),
            Self::SledAlone => Box::new(SledAlone::open(data, CACHE_BYTES)?),
        })
    }
}

/// What a peer did in a round, and the syncs that it took.
struct Turn {
    figures: Figures,
    syncs: u32,
}

fn main() -> Result<ExitCode, Failure> {
    let options = Options::parse();
    std::fs::create_dir_all(&options.data)?;
    let machine = Machine::look(&options.data)?;
    if machine.is_in_memory() {
        let message = format!(
            "{} lies in memory ({}): give a directory on a disk with --data",
            options.data.display(),
            machine.file_system
        );
        return Err(message.into());
    }
    let mut cells = Vec::new();
    for &delay_ms in &options.delays {
        for &writers in &options.writers {
            let mut rounds = Peer::ALL.map(|peer| (peer, Vec::new()));
            for round in 0..options.rounds {
                for (peer, figures) in &mut rounds {
                    if !options.json {
                        eprint!(
                            "\r{delay_ms} ms, {writers:3} writers, round {}: {peer:?}    ",
                            round + 1
                        );
                    }
                    figures.push(measure(&options, *peer, writers, delay_ms)?);
                }
            }
            cells.push(Cell::new(delay_ms, writers, &rounds));
        }
    }
    let report = Report::new(machine, &options, cells);
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        eprint!("\r{:60}\r", "");
        print!("{report}");
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(options: &Options, peer: Peer, writers: usize, delay_ms: u64) -> Result<Turn, Failure> {
    let directory = tempfile::tempdir_in(&options.data)?;
    let store = peer.open(directory.path())?;
    disk::delay(Duration::from_millis(delay_ms));
    let syncs = disk::syncs();
    let figures = run(&*store, writers, Duration::from_secs_f64(options.seconds));
    let syncs = u32::try_from(disk::syncs() - syncs)?;
    disk::delay(Duration::ZERO);
    Ok(Turn { figures: figures?, syncs })
}
