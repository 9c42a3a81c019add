//! Measures casedesk's search against what one could put in its place, on the same people and the same queries.
//!
//! ```text
//! cargo run --release --bin search -- --people people.tsv.gz --queries queries.tsv --every 28 --markdown
//! cargo run --release --bin search -- --people people.tsv.gz --queries queries.tsv --count 100000 --engine tantivy
//! ```
//!
//! Each engine builds its index in one process and answers in a fresh one, which is what its memory is taken of. Slow
//! engines need a sample: `--every 28` asks every 28th query that means one of the people, the same for all; casedesk is
//! then asked all of them besides. casedesk is measured as an office would do it, by `casedesk evaluate search --json` of
//! the program that `--casedesk` names (`cargo build --release` makes it).
//!
//! The peers get what a good engineer would give them: text folded by casedesk's own function ([`casedesk::search::words`]),
//! queries parted into words, years, dates and numbers (`typed`), and, where an engine ranks only coarsely, its best
//! candidates ranked anew (`nearness`).

mod engine;
mod figures;
mod measure;
mod nearness;
mod own;
mod report;
mod sqlite;
mod subsequence;
mod terms;
mod typed;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Parser, ValueEnum};

use casedesk_peers::people::{Failure, HEADER, QUERIES_HEADER, read_people, read_queries};
use engine::Peer;
use figures::{Built, Figures};
use report::Report;

/// Compares the search of casedesk with its peers.
#[derive(Debug, Parser)]
struct Options {
    /// The people: tab-separated, plain or gzip
    #[arg(long)]
    people: PathBuf,
    /// The queries: tab-separated, each with the person meant and a kind
    #[arg(long)]
    queries: PathBuf,
    /// Take only the first people of the file
    #[arg(long)]
    count: Option<usize>,
    /// Ask only every query of this many
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Measure only these
    #[arg(long, value_enum, value_delimiter = ',')]
    engine: Vec<Peer>,
    /// Where the indexes are made and removed again
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target/data"))]
    data: PathBuf,
    /// casedesk's program
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/release/casedesk"))]
    casedesk: PathBuf,
    /// Print a table for a README
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
    /// What this process does for the one that measures, with one engine in the directory of the data
    #[arg(long, value_enum, hide = true)]
    role: Option<Role>,
}

/// What a process of its own does.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    Build,
    Ask,
}

/// The people and queries that every engine gets, as files in a directory that is removed in the end.
struct Inputs {
    directory: tempfile::TempDir,
    people: PathBuf,
    sample: PathBuf,
    all: PathBuf,
}

fn main() -> Result<(), Failure> {
    let options = Options::parse();
    if let (Some(role), &[peer]) = (options.role, options.engine.as_slice()) {
        println!("{}", work(role, peer, &options)?);
        return Ok(());
    }
    std::fs::create_dir_all(&options.data)?;
    let mut report = Report::new(&options);
    let inputs = prepare(&options, &mut report)?;
    let peers = if options.engine.is_empty() { Peer::value_variants() } else { &options.engine };
    for &peer in peers {
        eprintln!("{}: building and asking", peer.name());
        report.add(peer.name(), measure_peer(peer, &options, &inputs, &inputs.sample)?);
        if peer == Peer::Casedesk && options.every > 1 {
            eprintln!("{}: all queries", peer.name());
            report
                .add("casedesk, all queries", measure_peer(peer, &options, &inputs, &inputs.all)?);
        }
        eprint!("{report}");
    }
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else if options.markdown {
        print!("{}", report.markdown());
    } else {
        print!("{report}");
    }
    Ok(())
}

/// Writes the people wanted, and the queries that mean one of them.
fn prepare(options: &Options, report: &mut Report) -> Result<Inputs, Failure> {
    let directory = tempfile::tempdir_in(&options.data)?;
    let path = |name: &str| directory.path().join(name);
    let (people, sample, all) = (path("people.tsv"), path("sample.tsv"), path("queries.tsv"));
    let mut out = BufWriter::new(File::create(&people)?);
    writeln!(out, "{HEADER}")?;
    let mut known = std::collections::HashSet::new();
    for person in read_people(&options.people, options.count)? {
        let person = person?;
        writeln!(out, "{}", person.line())?;
        known.insert(person.id);
    }
    out.flush()?;
    let mut queries = read_queries(&options.queries)?;
    queries.retain(|query| known.contains(&query.gold));
    report.people = known.len();
    for (path, every) in [(&all, 1), (&sample, options.every.max(1))] {
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(out, "{QUERIES_HEADER}")?;
        for query in queries.iter().step_by(every) {
            writeln!(out, "{}\t{}\t{}", query.text, query.gold, query.kind)?;
        }
        out.flush()?;
    }
    Ok(Inputs { directory, people, sample, all })
}

fn measure_peer(
    peer: Peer,
    options: &Options,
    inputs: &Inputs,
    queries: &Path,
) -> Result<Figures, Failure> {
    if peer == Peer::Casedesk {
        return own::evaluate(&options.casedesk, &inputs.people, queries, inputs.directory.path());
    }
    let data = tempfile::tempdir_in(inputs.directory.path())?;
    let run = |role: &str| -> Result<String, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--role", role, "--engine", peer.argument().as_str()]);
        command.arg("--data").arg(data.path());
        command.arg("--people").arg(&inputs.people).arg("--queries").arg(queries);
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{} did not {role}: {}", peer.name(), output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    };
    let built: Built = serde_json::from_str(&run("build")?)?;
    let mut figures: Figures = serde_json::from_str(&run("ask")?)?;
    figures.built = built;
    Ok(figures)
}

/// Builds or asks, and says what it took in a line of JSON.
fn work(role: Role, peer: Peer, options: &Options) -> Result<String, Failure> {
    Ok(match role {
        Role::Build => {
            let people = read_people(&options.people, None)?;
            serde_json::to_string(&measure::build(peer, people, &options.data)?)?
        }
        Role::Ask => {
            let queries = read_queries(&options.queries)?;
            serde_json::to_string(&measure::ask(peer, &queries, &options.data)?)?
        }
    })
}
