//! Builds a whole index at once from people in any order, in bounded memory, as rows in ascending order of keys.
//!
//! Each person becomes a document record with passing word numbers, which goes to sorted runs in a scratch space. Once
//! everybody was seen, the words that most people have get the lowest numbers, which take the fewest bytes. Then the
//! records are read back in the order of people and given out with their last numbers, and who has which term goes to
//! runs that are sorted by term, of which the postings are made.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::document::{self, Document, Record};
use super::index::{format_row, record_of};
use super::keys::{self, FORMAT, FREQUENCIES_A_BLOCK, Term, WORDS_A_BLOCK};
use super::packing::{Packed, put_number};
use super::postings::Layout;
use super::runs::{Entry, Merge, Run, Runs, Scratch};
use super::words::{self, Class, Counts};
use super::{IndexRow, SearchError};

/// Bytes that a bulk build holds at a time if its caller has no other wish, besides the words themselves.
pub const BULK_MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// Below this, runs would be too many to be read at once.
const MEMORY_BYTES_MIN: usize = 64 * 1024;
/// People of one term in one entry of a run.
const ENTRY_PEOPLE_MAX: usize = 4096;

/// What was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Built {
    /// People in the index.
    pub people: u64,
    /// Different words in it.
    pub words: u32,
}

/// How far the second half of a build is, in steps of equal size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkSteps {
    /// Steps done.
    pub done: u64,
    /// Steps there are.
    pub total: u64,
}

/// Builds an index of everybody who is shown to it.
///
/// Its rows say what those of an [`Indexer`](super::Indexer) that was shown the same people would say; the numbers of
/// words may be others. The same people give the same rows, in whatever order they come. It holds as many bytes as it
/// is told, and all different words.
pub struct Bulk<'s> {
    runs: Runs<'s>,
    memory_bytes: usize,
    /// Words by class and text, with their passing numbers.
    words: HashMap<Class, HashMap<Box<str>, u32>>,
    /// How many people have a word, by its passing number; restricted ones are not counted.
    frequencies: Vec<u32>,
    people: u64,
    /// Those of them who are not restricted.
    counted: u64,
    pairs: u64,
    /// Records that are not in a run yet.
    records: Vec<Entry>,
    record_bytes: usize,
    record_runs: Vec<Run>,
}

impl std::fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bulk").field("people", &self.people).finish_non_exhaustive()
    }
}

impl<'s> Bulk<'s> {
    /// A build that was shown nobody yet, with an empty scratch space; it holds `memory_bytes` at a time
    /// ([`BULK_MEMORY_BYTES`] does for any office), at least 64 KiB.
    pub fn new(scratch: &'s mut dyn Scratch, memory_bytes: usize) -> Self {
        Self {
            runs: Runs::new(scratch),
            memory_bytes: memory_bytes.max(MEMORY_BYTES_MIN),
            words: HashMap::new(),
            frequencies: Vec::new(),
            people: 0,
            counted: 0,
            pairs: 0,
            records: Vec::new(),
            record_bytes: 0,
            record_runs: Vec::new(),
        }
    }

    /// Takes a person, who comes once.
    ///
    /// # Errors
    /// If the scratch space fails, or there are more different words than numbers.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        let record = record_of(document, |class, text| {
            let words = self.words.entry(class).or_default();
            if let Some(number) = words.get(text) {
                return Ok(*number);
            }
            let number = u32::try_from(self.frequencies.len()).ok().ok_or(SearchError::Full)?;
            words.insert(text.into(), number);
            self.frequencies.push(0);
            Ok(number)
        })?;
        self.people += 1;
        self.counted += u64::from(!record.is_restricted);
        self.pairs += record.terms().len() as u64;
        for term in record.counted_terms() {
            if let Some(frequency) =
                place_of(word_of(term)).and_then(|at| self.frequencies.get_mut(at))
            {
                *frequency = frequency.saturating_add(1);
            }
        }
        let bytes = record.encode();
        self.record_bytes += bytes.capacity() + size_of::<Entry>();
        self.records.push((document.person, bytes));
        if self.record_bytes >= self.memory_bytes { self.spill_records() } else { Ok(()) }
    }

    /// Gives every row of the index to `write`, in ascending order of keys, each key once.
    ///
    /// # Errors
    /// If the scratch space fails, if somebody came twice, or what `write` fails with.
    pub fn finish<E: From<SearchError>>(
        mut self,
        mut write: impl FnMut(IndexRow, BulkSteps) -> Result<(), E>,
    ) -> Result<Built, E> {
        self.spill_records()?;
        self.records = Vec::new();
        let total = self.people + self.pairs;
        let mut steps = BulkSteps { done: 0, total };
        let words = self.number_words();
        let built = Built { people: self.people, words: words.count };
        let (people, layout) = (self.counted, words.layout);
        let counts = Counts { people, words: built.words, layout, ..Counts::default() };
        write(format_row(FORMAT), steps)?;
        write((keys::counts(), counts.encode()), steps)?;
        for row in words.rows {
            write(row, steps)?;
        }
        let numbers = words.numbers;
        let mut pairs = Pairs::new(self.memory_bytes);
        let mut merge = Merge::new(&mut self.runs, &self.record_runs, self.memory_bytes)?;
        let (mut block, mut last) = (None, None);
        while let Some((person, bytes)) = merge.next(&mut self.runs)? {
            if last.replace(person) == Some(person) {
                return Err(
                    SearchError::Damaged { record: "list of people: one comes twice" }.into()
                );
            }
            let record = renumbered(&bytes, &numbers)?;
            let key = keys::documents(person);
            let (row, next) = match block.take() {
                Some((open, bytes)) if open == key => (None, bytes),
                done => (done, Vec::new()),
            };
            if let Some(row) = row {
                write(row, steps)?;
            }
            let next = document::with_record(&next, person, Some(&record))?;
            block = next.map(|bytes| (key, bytes));
            pairs.take(&mut self.runs, person, &record)?;
            steps.done += 1;
        }
        if let Some(row) = block {
            write(row, steps)?;
        }
        drop(merge);
        drop(numbers);
        pairs.postings(&mut self.runs, &mut steps, &mut write)?;
        Ok(built)
    }

    fn spill_records(&mut self) -> Result<(), SearchError> {
        self.records.sort_unstable_by_key(|(person, _)| *person);
        let run = self.runs.write(self.records.drain(..))?;
        self.record_runs.push(run);
        self.record_bytes = 0;
        Ok(())
    }

    /// Gives every word its last number, and makes the rows of words.
    fn number_words(&mut self) -> Numbered {
        let frequencies = std::mem::take(&mut self.frequencies);
        let mut found: Vec<Word> = Vec::with_capacity(frequencies.len());
        for (class, words) in std::mem::take(&mut self.words) {
            for (text, passing) in words {
                let place = place_of(Some(passing));
                let frequency = place.and_then(|place| frequencies.get(place)).copied();
                let frequency = frequency.unwrap_or_default();
                found.push(Word { frequency: Reverse(frequency), class, text, passing });
            }
        }
        found.sort_unstable();
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let mut numbers = vec![0; frequencies.len()];
        for (number, word) in (0..).zip(&found) {
            if let Some(own) = place_of(Some(word.passing)).and_then(|at| numbers.get_mut(at)) {
                *own = number;
            }
        }
        Numbered { rows: word_rows(&found), numbers, count, layout: layout(&found) }
    }
}

/// A word with how many people have it; the most frequent come first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    frequency: Reverse<u32>,
    class: Class,
    text: Box<str>,
    passing: u32,
}

/// Words that have their last numbers.
struct Numbered {
    /// Buckets, texts and frequencies, in ascending order of keys.
    rows: Vec<IndexRow>,
    /// The last number of each word, by its passing number.
    numbers: Vec<u32>,
    count: u32,
    layout: u64,
}

/// A digest of words in the order of their numbers, not 0: FNV-1a, for it is kept and has to be the same for ever.
fn layout(found: &[Word]) -> u64 {
    let bytes = found
        .iter()
        .flat_map(|word| [word.class.number()].into_iter().chain(word.text.bytes()).chain([0xff]));
    let digest = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    digest.max(1)
}

fn word_rows(found: &[Word]) -> Vec<IndexRow> {
    let mut named: Vec<(Vec<u8>, u32, &Word)> = (0..)
        .zip(found)
        .map(|(number, word)| (keys::word_bucket(word.class.number(), &word.text), number, word))
        .collect();
    named.sort_unstable();
    let mut rows: Vec<IndexRow> = Vec::new();
    for same in named.chunk_by(|(one, ..), (other, ..)| one == other) {
        let mut bucket = Vec::new();
        for (_, number, word) in same {
            words::put_in_bucket(&mut bucket, word.class, &word.text, *number);
        }
        rows.extend(same.first().map(|(key, ..)| (key.clone(), bucket)));
    }
    let blocks = |words: u32| (0..).zip(found.chunks(usize::try_from(words).unwrap_or(usize::MAX)));
    rows.extend(blocks(WORDS_A_BLOCK).map(|(block, words)| {
        let mut texts = Vec::new();
        for word in words {
            words::put_text(&mut texts, word.class, &word.text);
        }
        (keys::word_texts(block), texts)
    }));
    rows.extend(blocks(FREQUENCIES_A_BLOCK).map(|(block, words)| {
        let frequencies: Vec<u32> = words.iter().map(|word| word.frequency.0).collect();
        (keys::word_frequencies(block), words::encode_frequencies(&frequencies))
    }));
    rows
}

fn renumbered(bytes: &[u8], numbers: &[u32]) -> Result<Record, SearchError> {
    let mut record = Record::decode(bytes)?;
    for word in record.groups.iter_mut().flat_map(|group| &mut group.words) {
        let number = place_of(Some(*word)).and_then(|place| numbers.get(place));
        *word = *number.ok_or(SearchError::Damaged { record: "scratch entry" })?;
    }
    Ok(record)
}

/// Who has which term: people in ascending order, sorted by term in runs.
struct Pairs {
    held: Vec<(u64, u64)>,
    held_max: usize,
    memory_bytes: usize,
    runs: Vec<Run>,
}

impl Pairs {
    fn new(memory_bytes: usize) -> Self {
        let held_max = memory_bytes / size_of::<(u64, u64)>();
        Self { held: Vec::new(), held_max, memory_bytes, runs: Vec::new() }
    }

    fn take(
        &mut self,
        runs: &mut Runs<'_>,
        person: u64,
        record: &Record,
    ) -> Result<(), SearchError> {
        for term in record.terms() {
            if self.held.len() >= self.held_max {
                self.spill(runs)?;
            }
            self.held.push((packed_prefix(&term.prefix()), person));
        }
        Ok(())
    }

    fn spill(&mut self, runs: &mut Runs<'_>) -> Result<(), SearchError> {
        self.held.sort_unstable();
        let same_term = self.held.chunk_by(|(one, _), (other, _)| one == other);
        let entries = same_term.flat_map(|same| same.chunks(ENTRY_PEOPLE_MAX)).map(|same| {
            let (mut bytes, mut before) = (Vec::with_capacity(same.len() + 8), 0);
            for (_, person) in same {
                put_number(&mut bytes, person - before);
                before = *person;
            }
            (same.first().map_or(0, |(term, _)| *term), bytes)
        });
        let run = runs.write(entries)?;
        self.runs.push(run);
        self.held.clear();
        Ok(())
    }

    /// Gives all posting blocks to `write`. Runs were written in the order of people, so that the people of one term
    /// ascend over all runs.
    fn postings<E: From<SearchError>>(
        mut self,
        runs: &mut Runs<'_>,
        steps: &mut BulkSteps,
        write: &mut impl FnMut(IndexRow, BulkSteps) -> Result<(), E>,
    ) -> Result<(), E> {
        self.spill(runs)?;
        self.held = Vec::new();
        let mut merge = Merge::new(runs, &self.runs, self.memory_bytes)?;
        let mut open: Option<Layout> = None;
        while let Some((term, bytes)) = merge.next(runs)? {
            let prefix = unpacked_prefix(term);
            if open.as_ref().is_none_or(|layout| layout.prefix() != prefix) {
                close(open.take(), *steps, write)?;
            }
            let layout = open.get_or_insert_with(|| Layout::new(prefix));
            let mut packed = Packed::new(&bytes, "scratch entry");
            let mut person: u64 = 0;
            while !packed.is_empty() {
                person = person.wrapping_add(packed.number()?);
                steps.done += 1;
                if let Some(row) = layout.push(person) {
                    write(row, *steps)?;
                }
            }
        }
        close(open, *steps, write)
    }
}

/// Gives the last blocks of a term to `write`.
fn close<E>(
    layout: Option<Layout>,
    steps: BulkSteps,
    write: &mut impl FnMut(IndexRow, BulkSteps) -> Result<(), E>,
) -> Result<(), E> {
    let Some((sealed, tail)) = layout.map(Layout::finish) else { return Ok(()) };
    sealed.into_iter().chain([tail]).try_for_each(|row| write(row, steps))
}

/// The first bytes of a term's keys as one number that sorts as they do: at most seven, and how many in the last place.
fn packed_prefix(prefix: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (own, byte) in bytes.iter_mut().zip(prefix.iter().take(7)) {
        *own = *byte;
    }
    if let Some(last) = bytes.last_mut() {
        *last = u8::try_from(prefix.len()).unwrap_or(u8::MAX);
    }
    u64::from_be_bytes(bytes)
}

fn unpacked_prefix(term: u64) -> Vec<u8> {
    let bytes = term.to_be_bytes();
    let length = bytes.last().copied().map_or(0, usize::from);
    bytes.iter().copied().take(length.min(7)).collect()
}

fn word_of(term: Term) -> Option<u32> {
    if let Term::Word(word) = term { Some(word) } else { None }
}

fn place_of(number: Option<u32>) -> Option<usize> {
    number.and_then(|number| usize::try_from(number).ok())
}
