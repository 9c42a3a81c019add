//! Judges the search on a file of people and a file of questions that each mean one of them.
//!
//! `PEOPLE=people.tsv.gz QUERIES=queries.tsv COUNT=100000 cargo bench --bench search`; `COUNT` takes the first people of
//! the file and the questions that mean one of them, `HALF=tune|report` every other question, `MISSES=kind,kind` prints what
//! was missed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Bound;
use std::time::{Duration, Instant};

use casedesk::search::{
    BirthDate, Dictionary, Document, Evidence, FindOptions, Found, IndexFound, IndexRead,
    IndexReadError, IndexValue, IndexWrite, Indexer, find,
};
use flate2::read::MultiGzDecoder;

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Memory(BTreeMap<Vec<u8>, IndexValue>);

impl Memory {
    fn write(&mut self, writes: Vec<IndexWrite>) {
        for write in writes {
            match write {
                IndexWrite::Put(key, value) => {
                    self.0.insert(key, value.into());
                }
                IndexWrite::Delete(key) => {
                    self.0.remove(&key);
                }
            }
        }
    }
}

impl IndexRead for Memory {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let upper = to.map_or(Bound::Unbounded, Bound::Excluded);
        let range = self.0.range::<[u8], _>((Bound::Included(from), upper));
        Ok(range.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

fn document(line: &str) -> Option<Document> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next();
    let person = cell()?.parse().ok()?;
    let (given, family, other) = (cell()?, cell()?, cell()?);
    let (birth, address, telephone, id) = (cell()?, cell()?, cell()?, cell()?);
    let mut date = birth.split('-');
    let full = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(Document {
        person,
        names: vec![format!("{given} {family}")],
        other_names: other.split([';', '|']).filter_map(full).collect(),
        birth_date: date.next().and_then(|year| year.parse().ok()).map(|year| BirthDate {
            year,
            month: date.next().and_then(|month| month.parse().ok()),
            day: date.next().and_then(|day| day.parse().ok()),
        }),
        ids: full(id).into_iter().collect(),
        telephones: full(telephone).into_iter().collect(),
        addresses: full(address).into_iter().collect(),
        related_names: Vec::new(),
        is_restricted: false,
    })
}

fn build(path: &str, count: usize) -> Result<Memory, Failure> {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path)?)).lines().skip(1).take(count);
    let mut memory = Memory::default();
    let mut people: Vec<Document> = Vec::new();
    for line in lines {
        people.extend(document(&line?));
        if people.len() == 1000 {
            commit(&mut memory, &people)?;
            people.clear();
        }
    }
    commit(&mut memory, &people)?;
    Ok(memory)
}

fn commit(memory: &mut Memory, people: &[Document]) -> Result<(), Failure> {
    let mut indexer = Indexer::new(memory)?;
    for person in people {
        indexer.put(person)?;
    }
    let writes = indexer.finish()?;
    memory.write(writes);
    Ok(())
}

#[derive(Default, Clone)]
struct Kind {
    count: u32,
    first: u32,
    ten: u32,
    reciprocal: f64,
}

fn at(sorted: &[Duration], part: usize) -> Duration {
    sorted
        .get((sorted.len() * part / 1000).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

fn variable(name: &str, or: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| or.to_owned())
}

/// What the writes of one more person amount to: somebody with the names of another, and another number.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn single_inserts(memory: &Memory, count: usize) -> Result<(), Failure> {
    let (mut keys, mut bytes) = (0, 0);
    let people = build_documents(count.min(200))?;
    for person in &people {
        let mut indexer = Indexer::new(memory)?;
        indexer.put(&Document { person: person.person + count as u64, ..person.clone() })?;
        for write in indexer.finish()? {
            keys += 1;
            bytes += match write {
                IndexWrite::Put(key, value) => key.len() + value.len(),
                IndexWrite::Delete(key) => key.len(),
            };
        }
    }
    let people = people.len().max(1);
    println!("one insert: {} keys, {} bytes", keys / people, bytes / people);
    Ok(())
}

fn build_documents(count: usize) -> Result<Vec<Document>, Failure> {
    let path = variable("PEOPLE", "../shared/data/people/people.tsv.gz");
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path)?)).lines().skip(1).take(count);
    let mut people = Vec::new();
    for line in lines {
        people.extend(document(&line?));
    }
    Ok(people)
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn show(found: &Found, gold: u64) {
    let meant = found.hits.iter().filter(|hit| hit.person == gold);
    for hit in found.hits.iter().take(3).chain(meant) {
        println!("    {:7} {:5.1}", hit.person, hit.score_bits);
        for Evidence { typed, matched, field, closeness, bits } in &hit.evidence {
            println!("        {typed} = {matched}: {field:?}, {closeness:?}, {bits:.1}");
        }
    }
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() -> Result<(), Failure> {
    let folder = "../shared/data/people";
    let count: usize = variable("COUNT", "100000").parse()?;
    let misses = variable("MISSES", "");
    let half = variable("HALF", "all");
    let step: usize = variable("STEP", "1").parse()?;
    let begun = Instant::now();
    let memory = build(&variable("PEOPLE", &format!("{folder}/people.tsv.gz")), count)?;
    let built = begun.elapsed();
    let begun = Instant::now();
    let dictionary = Dictionary::load(&memory)?;
    let opened = begun.elapsed();
    let bytes: usize = memory.0.iter().map(|(key, value)| key.len() + value.len()).sum();
    println!(
        "people {count}  build {built:.1?}  open {opened:.1?}  words {}  keys {}  bytes {bytes}",
        dictionary.len(),
        memory.0.len()
    );
    for tag in 0..8_u8 {
        let own = memory.0.iter().filter(|(key, _)| key.first() == Some(&tag));
        let (keys, bytes) =
            own.fold((0, 0), |(keys, bytes), (_, value)| (keys + 1, bytes + value.len()));
        println!("  tag {tag}: {keys} keys, {bytes} bytes of values");
    }
    single_inserts(&memory, count)?;
    let questions = std::fs::read_to_string(variable("QUERIES", &format!("{folder}/queries.tsv")))?;
    let mut kinds: BTreeMap<&str, Kind> = BTreeMap::new();
    let mut whole: Vec<Duration> = Vec::new();
    let mut keypresses: Vec<Duration> = Vec::new();
    let options = FindOptions::default();
    for (number, line) in questions.lines().skip(1).enumerate() {
        let wanted = match half.as_str() {
            "tune" => number % 2 == 0,
            "report" => number % 2 == 1,
            _ => true,
        };
        if !wanted || (number / 2) % step != 0 {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let [question, gold, kind] = cells.as_slice() else { continue };
        let gold: u64 = gold.parse()?;
        if gold >= count as u64 {
            continue;
        }
        let begun = Instant::now();
        let found = find(&dictionary, &memory, question, &options)?;
        whole.push(begun.elapsed());
        let rank = found.hits.iter().position(|hit| hit.person == gold);
        for name in [*kind, "all"] {
            let kind = kinds.entry(name).or_default();
            kind.count += 1;
            kind.first += u32::from(rank == Some(0));
            kind.ten += u32::from(rank.is_some());
            kind.reciprocal += rank
                .and_then(|rank| u32::try_from(rank).ok())
                .map_or(0.0, |rank| 1.0 / f64::from(rank + 1));
        }
        if misses.split(',').any(|name| name == *kind) && rank != Some(0) {
            println!("{question} -> {gold} {rank:?}");
            show(&found, gold);
        }
        if number % 40 < 2 {
            for end in 1..=question.chars().count() {
                let typed: String = question.chars().take(end).collect();
                let begun = Instant::now();
                find(&dictionary, &memory, &typed, &options)?;
                keypresses.push(begun.elapsed());
            }
        }
    }
    for (name, kind) in &kinds {
        let of = |part: f64| part / f64::from(kind.count);
        println!(
            "{name:24} {:6}  first {:.3}  ten {:.3}  mrr {:.3}",
            kind.count,
            of(kind.first.into()),
            of(kind.ten.into()),
            of(kind.reciprocal)
        );
    }
    for (name, times) in [("question", &mut whole), ("key press", &mut keypresses)] {
        times.sort_unstable();
        println!(
            "{name}: {} times, p50 {:.2?}  p99 {:.2?}  max {:.2?}",
            times.len(),
            at(times, 500),
            at(times, 990),
            at(times, 1000)
        );
    }
    Ok(())
}
