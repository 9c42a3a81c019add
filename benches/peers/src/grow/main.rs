//! Grows a file of people to a larger register whose names are partly new, as a register's are.
//!
//! ```text
//! cargo run --release --bin grow -- --people people.tsv.gz --queries queries.tsv --to 10000000 --out people10m.tsv.gz
//! ```
//!
//! The given people come first, as they are. How their number of different words grows with their number is Heaps' law,
//! words = k * people^b; b is measured between a tenth of the file and all of it, for names and for addresses, and the
//! new people follow it: whenever there are fewer different words than the law says, a word of the next person is a new
//! one, written by a chain of letters that learnt how words of that country, place and script are spelt; else all words
//! of the person are drawn as often as they occur. Years of birth, days, and the shapes of telephones and ids are drawn
//! from people of the country, their digits anew.
//!
//! Who is meant by a query stays the only one: nobody new has the words of the name of somebody whom a query without
//! digits means, nor words and birth year of anybody meant, nor ends a telephone like a query of digits. First digits of
//! ids (`id_prefix6`) mean more people the more there are. The same seed writes the same file.

mod chain;
mod chance;
mod gold;
mod register;
mod vocabulary;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Parser;
use flate2::Compression;
use flate2::write::GzEncoder;

use casedesk_peers::people::{Failure, HEADER, read_people};
use gold::Gold;
use register::Register;

/// How often progress is told, in people.
const PROGRESS_PEOPLE: u64 = 500_000;

/// Grows a file of people.
#[derive(Debug, Parser)]
struct Options {
    /// The people to begin with: tab-separated, plain or gzip
    #[arg(long)]
    people: PathBuf,
    /// Queries whose people are to stay the only ones meant
    #[arg(long)]
    queries: Option<PathBuf>,
    /// How many people there are to be
    #[arg(long, default_value_t = 10_000_000)]
    to: u64,
    /// Where they are written; packed if the name ends in `.gz`
    #[arg(long)]
    out: PathBuf,
    /// Another seed, other people
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<(), Failure> {
    let options = Options::parse();
    let file = BufWriter::with_capacity(1 << 20, File::create(&options.out)?);
    if options.out.extension().is_some_and(|extension| extension == "gz") {
        let mut out = GzEncoder::new(file, Compression::default());
        grow(&options, &mut out)?;
        out.finish()?.flush()?;
    } else {
        let mut out = file;
        grow(&options, &mut out)?;
        out.flush()?;
    }
    Ok(())
}

fn grow(options: &Options, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{HEADER}")?;
    let mut gold = Gold::read(options.queries.as_deref())?;
    let mut register = Register::new(options.seed);
    for person in read_people(&options.people, None)? {
        let person = person?;
        gold.see(&person);
        register.learn(&person);
        writeln!(out, "{}", person.line())?;
    }
    gold.finish();
    register.measure()?;
    eprintln!("learnt: {register}");
    while register.people() < options.to {
        let person = register.grow(&gold)?;
        writeln!(out, "{}", person.line())?;
        if register.people().is_multiple_of(PROGRESS_PEOPLE) {
            eprintln!("{register}");
        }
    }
    eprintln!("grown: {register}");
    Ok(())
}
