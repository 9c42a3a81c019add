//! An office with many people: bringing them in, opening it, searching, and what it takes on the disk and in memory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use flate2::read::MultiGzDecoder;

use super::bytes::{forget, mega, on_disk, ratio};
use super::load::Failure;
use super::program::{Screen, run};
use super::{notes, rebuild, variable};

/// How many people are looked for on the screen.
const SEARCHES: usize = 20;

/// Measures the office of `data`, which is made where there is none; `scratch` is a directory for files.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
pub(crate) fn measure(data: &Path, scratch: &Path) -> Result<(), Failure> {
    let file = scratch.join("people.tsv");
    let people = People::take(&file)?;
    println!();
    if !data.join("journal").exists() {
        let arguments = ["import", "people", &file.to_string_lossy(), "--source", "register"];
        let took = run(data, &arguments)?;
        let per_second = people.count as u128 * 1000 / took.as_millis().max(1);
        println!("import: {} people in {took:.1?}, {per_second} people/s", people.count);
    }
    let raw = file.metadata()?.len();
    let (journal, sled) = (on_disk(&data.join("journal"))?, on_disk(&data.join("sled"))?);
    println!(
        "on disk: journal {} and sled {} for {} of people: {} bytes a raw byte",
        mega(journal),
        mega(sled),
        mega(raw),
        ratio(journal + sled, raw)
    );
    forget(data)?;
    open(data, &people, "nothing of it in the system's cache")?;
    open(data, &people, "opened a moment ago")?;
    notes::measure(data)?;
    rebuild::measure(data)?;
    back_up(data, scratch)
}

/// Takes a backup of the office, and restores it beside; both prove what they made before they say that it is done.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn back_up(data: &Path, scratch: &Path) -> Result<(), Failure> {
    let (backup, restored) = (scratch.join("backup"), scratch.join("restored"));
    let directory = backup.to_string_lossy();
    let taken = run(data, &["backup", &directory])?;
    let bytes = on_disk(&backup)?;
    let given_back = run(&restored, &["restore", &directory])?;
    let per_second = |took: Duration| u128::from(bytes) / took.as_micros().max(1);
    println!(
        "backup: {} in {taken:.1?}, {} MB/s with its proof; restored in {given_back:.1?}, {} MB/s",
        mega(bytes),
        per_second(taken),
        per_second(given_back)
    );
    Ok(())
}

/// Opens the program, looks for people, leaves; says what it took.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn open(data: &Path, people: &People, state: &str) -> Result<(), Failure> {
    let (mut screen, first) = Screen::open(data)?;
    let (opened, _) = screen.memory()?;
    screen.type_until("/", "Tab")?;
    let mut times = Vec::new();
    let mut after_one = 0;
    for (given, family) in &people.asked {
        let keys = format!("\x15{given} {family}");
        times.push(screen.type_until(&keys, &format!("{family}, {given}"))?);
        if after_one == 0 {
            (after_one, _) = screen.memory()?;
        }
    }
    let (now, peak) = screen.memory()?;
    let first_search = times.first().copied().unwrap_or_default();
    times.sort_unstable();
    let median: Duration = times.get(times.len() / 2).copied().unwrap_or_default();
    let left = screen.quit()?;
    println!(
        "screen ({state}): first screen after {first:.0?}; memory {} then, {} after one search, {} after {}, {} at most; \
         first search {first_search:.0?}, median {median:.0?}; left in {left:.0?}",
        mega(opened),
        mega(after_one),
        mega(now),
        times.len(),
        mega(peak)
    );
    Ok(())
}

/// The people that are brought in, and those among them who are asked for.
struct People {
    count: usize,
    asked: Vec<(String, String)>,
}

impl People {
    /// Copies the header and the first people of the file.
    fn take(to: &Path) -> Result<Self, Failure> {
        let path = variable("PEOPLE", "../shared/data/people/people.tsv.gz");
        let wanted: usize = variable("COUNT", "20000").parse()?;
        let lines = BufReader::new(MultiGzDecoder::new(File::open(path)?)).lines();
        let mut copy = BufWriter::new(File::create(to)?);
        let mut people = Self { count: 0, asked: Vec::new() };
        for (number, line) in lines.take(wanted + 1).enumerate() {
            let line = line?;
            writeln!(copy, "{line}")?;
            people.count = number;
            if people.asked.len() * wanted < number * SEARCHES {
                people.asked.extend(names(&line));
            }
        }
        copy.flush()?;
        Ok(people)
    }
}

/// The names of a line, where they are plain enough for the screen to show them whole.
fn names(line: &str) -> Option<(String, String)> {
    let mut cells = line.split('\t').skip(1);
    let (given, family) = (cells.next()?, cells.next()?);
    let is_plain = |name: &str| {
        (4..12).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    (is_plain(given) && is_plain(family)).then(|| (given.to_owned(), family.to_owned()))
}
