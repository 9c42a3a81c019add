//! Compares an index with the people whom it is of, in both directions: what is missing, and what nobody explains.
//!
//! It holds a bit for each person and two sums, however large the index is: who has which term is compared by the sum of
//! the digests of all pairs, and looked at term by term only where the sums differ.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::document::{self, Document, Record};
use super::index::{check_format, record_of};
use super::keys::{self, FREQUENCIES_A_BLOCK, PEOPLE_A_BLOCK, SCAN_ROWS_MAX, WORDS_A_BLOCK};
use super::words::{self, Counts};
use super::{IndexRead, SearchError, postings};

/// Differences that are told one by one.
const FINDINGS_MAX: usize = 50;
/// The highest person who has a bit: so many take 128 MiB.
const PERSON_MAX: u64 = 1 << 30;

/// Pairs of a term and a person, in any order: how many, and the sum of their digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Pairs {
    count: u64,
    sum: u128,
}

impl Pairs {
    fn add(&mut self, prefix: &[u8], person: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(digest(prefix, person));
    }
}

fn digest(prefix: &[u8], person: u64) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, prefix, person).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    (half(0) << 64) | half(1)
}

/// Compares an index with people who are shown to it one by one.
pub struct IndexCheck<'a> {
    read: &'a dyn IndexRead,
    /// A bit for each person who was shown.
    seen: Vec<u64>,
    /// A bit for each of them who is restricted, and whom no frequency counts.
    restricted: Vec<u64>,
    people: u64,
    /// What the people have.
    had: Pairs,
    findings: Vec<String>,
    more: u64,
}

impl<'a> IndexCheck<'a> {
    /// A check that was shown nobody yet.
    ///
    /// # Errors
    /// If the store fails, or the index has another format.
    pub fn new(read: &'a dyn IndexRead) -> Result<Self, SearchError> {
        check_format(read)?;
        let had = Pairs::default();
        let (seen, restricted) = (Vec::new(), Vec::new());
        Ok(Self { read, seen, restricted, people: 0, had, findings: Vec::new(), more: 0 })
    }

    /// Compares what is said of one person, who is shown once.
    ///
    /// # Errors
    /// If the store fails. What is damaged is a finding.
    pub fn see(&mut self, document: &Document) -> Result<(), SearchError> {
        let person = document.person;
        self.people += 1;
        if person > PERSON_MAX {
            self.find(format!("person {person} has a higher number than {PERSON_MAX}"));
            return Ok(());
        }
        set(&mut self.seen, person);
        if document.is_restricted {
            set(&mut self.restricted, person);
        }
        let expected = match self.expected(document) {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.find(format!("a word of person {person} has no number"));
                return Ok(());
            }
            Err(error) => {
                return self.find_damage(error, || format!("the words of person {person}"));
            }
        };
        for term in expected.terms() {
            self.had.add(&term.prefix(), person);
        }
        let block = self.read.get(&keys::documents(person))?.unwrap_or_default();
        match document::in_block(&block, person) {
            Ok(Some(stored)) if stored == expected => Ok(()),
            Ok(Some(_)) => {
                self.find(format!("the document of person {person} is not what the record says"));
                Ok(())
            }
            Ok(None) => {
                self.find(format!("person {person} has no document"));
                Ok(())
            }
            Err(error) => self.find_damage(error, || format!("the document of person {person}")),
        }
    }

    /// Everything that differs, in sentences, once everybody was shown.
    ///
    /// # Errors
    /// If the store fails.
    pub fn finish(mut self) -> Result<Vec<String>, SearchError> {
        let documents = self.documents()?;
        let counts = Counts::decode(self.read.get(&keys::counts())?.as_deref());
        let counts = counts.or_else(|error| {
            self.find_damage(error, || "the counts".to_owned()).map(|()| Counts::default())
        })?;
        if counts.people != documents {
            self.find(format!("it counts {} people and has {documents}", counts.people));
        }
        self.words(counts.words)?;
        let posted = self.postings()?;
        if posted != self.had {
            self.name_terms()?;
        }
        self.each_row(&keys::beyond(), None, |check, key, _| {
            check.find(format!("there is a key of an unknown kind, {key:02x?}"));
            Ok(())
        })?;
        if self.more > 0 {
            self.findings.push(format!("{} more differences", self.more));
        }
        Ok(self.findings)
    }

    fn find(&mut self, what: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(what);
        } else {
            self.more += 1;
        }
    }

    /// Damage is a finding; a store that fails is not.
    fn find_damage(
        &mut self,
        error: SearchError,
        of: impl FnOnce() -> String,
    ) -> Result<(), SearchError> {
        match error {
            SearchError::Damaged { record } => {
                self.find(format!("{}: a {record} is damaged", of()));
                Ok(())
            }
            other @ (SearchError::Read(_)
            | SearchError::Format { .. }
            | SearchError::Unfinished
            | SearchError::Scratch(_)
            | SearchError::Full
            | SearchError::Cancelled) => Err(other),
        }
    }

    /// The record that a person has in an index of the same words; nothing where a word is in no bucket.
    fn expected(&self, document: &Document) -> Result<Option<Record>, SearchError> {
        let mut is_whole = true;
        let record = record_of(document, |class, text| {
            let number = words::number_stored(self.read, class, text)?;
            is_whole &= number.is_some();
            Ok(number.unwrap_or_default())
        })?;
        Ok(is_whole.then_some(record))
    }

    fn each_row(
        &mut self,
        from: &[u8],
        to: Option<&[u8]>,
        mut each: impl FnMut(&mut Self, &[u8], &[u8]) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        let mut from = from.to_vec();
        loop {
            let rows = self.read.scan(&from, to, SCAN_ROWS_MAX)?;
            for (key, value) in &rows {
                each(self, key, value)?;
            }
            let Some((last, _)) = rows.last().filter(|_| rows.len() == SCAN_ROWS_MAX) else {
                return Ok(());
            };
            from.clone_from(last);
            from.push(0);
        }
    }

    /// Calls `each` with every document in the index, as person and record.
    fn each_document(
        &mut self,
        mut each: impl FnMut(&mut Self, u64, &Record),
    ) -> Result<(), SearchError> {
        let (from, to) = keys::all_documents();
        self.each_row(&from, Some(&to), |check, key, block| {
            let first = keys::posting_upper(key).unwrap_or_default().saturating_mul(PEOPLE_A_BLOCK);
            match document::all_in_block(block) {
                Ok(records) => {
                    for (place, record) in &records {
                        each(check, first.saturating_add(u64::from(*place)), record);
                    }
                    Ok(())
                }
                Err(error) => check.find_damage(error, || format!("documents from person {first}")),
            }
        })
    }

    /// The other direction of documents: each is of somebody who was shown. Gives how many there are that are counted.
    fn documents(&mut self) -> Result<u64, SearchError> {
        let mut documents = 0;
        self.each_document(|check, person, record| {
            documents += u64::from(!record.is_restricted);
            if !is_set(&check.seen, person) {
                check.find(format!("there is a document of person {person}, whom nobody can find"));
            }
        })?;
        Ok(documents)
    }

    /// Texts and buckets name the same words by the same numbers.
    fn words(&mut self, counted: u32) -> Result<(), SearchError> {
        let (mut texts, mut named) = (0_u64, 0_u64);
        let (from, to) = keys::all_word_texts();
        self.each_row(&from, Some(&to), |check, key, block| {
            let first = keys::block_number(key).saturating_mul(WORDS_A_BLOCK);
            let words = match words::decode_texts(block) {
                Ok(words) => words,
                Err(error) => {
                    return check.find_damage(error, || format!("words from number {first}"));
                }
            };
            for (number, (class, text)) in (first..).zip(words) {
                texts += 1;
                match words::number_stored(check.read, class, text) {
                    Ok(Some(stored)) if stored == number => {}
                    Ok(_) => check.find(format!("word {number} is not found by its text")),
                    Err(error) => {
                        check.find_damage(error, || format!("the bucket of word {number}"))?;
                    }
                }
            }
            Ok(())
        })?;
        let (from, to) = keys::all_word_buckets();
        self.each_row(&from, Some(&to), |check, key, bucket| match words::in_bucket(bucket) {
            Ok(words) => {
                named += words;
                Ok(())
            }
            Err(error) => {
                check.find_damage(error, || format!("bucket {}", keys::block_number(key)))
            }
        })?;
        if texts != u64::from(counted) || named != u64::from(counted) {
            self.find(format!("it counts {counted} words, has {texts} texts and names {named}"));
        }
        Ok(())
    }

    /// Reads all postings, checks their order and the frequencies of words, and gives who has which term.
    fn postings(&mut self) -> Result<Pairs, SearchError> {
        let mut posted = Pairs::default();
        let mut frequencies: HashMap<u32, u64> = HashMap::new();
        let mut counted = 0_u64;
        self.each_posting(|check, prefix, people| {
            for person in people {
                posted.add(prefix, *person);
            }
            if let Some(word) = keys::word_of(prefix) {
                let open = people.iter().filter(|person| !is_set(&check.restricted, **person));
                *frequencies.entry(word).or_default() += open.count() as u64;
                // Words ascend, so only the one that is read can still grow.
                if frequencies.len() > 1 {
                    counted += check.compare_frequencies(&mut frequencies, Some(word))?;
                }
            }
            Ok(())
        })?;
        counted += self.compare_frequencies(&mut frequencies, None)?;
        let (from, to) = keys::all_word_frequencies();
        let mut stored = 0_u64;
        self.each_row(&from, Some(&to), |check, key, block| {
            match words::decode_frequencies(block) {
                Ok(found) => {
                    stored += found.into_iter().map(u64::from).sum::<u64>();
                    Ok(())
                }
                Err(error) => check.find_damage(error, || {
                    format!("frequencies of block {}", keys::block_number(key))
                }),
            }
        })?;
        if stored != counted {
            self.find(format!(
                "words have {stored} people by their frequencies and {counted} by postings"
            ));
        }
        Ok(posted)
    }

    /// Compares the frequencies of words that were read whole; gives how many people they have together.
    fn compare_frequencies(
        &mut self,
        frequencies: &mut HashMap<u32, u64>,
        open: Option<u32>,
    ) -> Result<u64, SearchError> {
        let mut together = 0;
        let done: Vec<(u32, u64)> = frequencies
            .iter()
            .filter(|(word, _)| Some(**word) != open)
            .map(|(word, people)| (*word, *people))
            .collect();
        for (word, people) in done {
            frequencies.remove(&word);
            together += people;
            let block = self.read.get(&keys::word_frequencies(word / FREQUENCIES_A_BLOCK))?;
            let place = usize::try_from(word % FREQUENCIES_A_BLOCK).unwrap_or_default();
            let stored = words::decode_frequencies(block.as_deref().unwrap_or_default());
            // A damaged block is told where all of them are read.
            let Ok(stored) = stored else { continue };
            let stored = stored.get(place).copied().map_or(0, u64::from);
            if stored != people {
                self.find(format!(
                    "word {word} has {people} people, and its frequency is {stored}"
                ));
            }
        }
        Ok(together)
    }

    /// Calls `each` with every posting block, as the prefix of its term and its people.
    fn each_posting(
        &mut self,
        mut each: impl FnMut(&mut Self, &[u8], &[u64]) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        let (from, to) = keys::all_postings();
        let mut open: Option<(Vec<u8>, u64, bool)> = None;
        self.each_row(&from, Some(&to), |check, key, block| {
            let Some((prefix, upper)) = keys::split_posting(key) else {
                check.find(format!("a posting block has no sound key, {key:02x?}"));
                return Ok(());
            };
            let is_tail = upper == postings::TAIL;
            let mut people = Vec::new();
            if let Err(error) = postings::visit_block(block, is_tail, &mut |person| {
                people.push(person);
                true
            }) {
                return check.find_damage(error, || format!("postings {prefix:02x?}"));
            }
            let after = match &open {
                Some((term, last, _)) if term == prefix => *last,
                Some((term, _, false)) => {
                    check.find(format!(
                        "postings {term:02x?} have no last block, so nobody finds them"
                    ));
                    0
                }
                Some(_) | None => 0,
            };
            let is_ordered = people.first().is_none_or(|first| *first > after || after == 0)
                && people.is_sorted()
                && people.last().is_none_or(|last| *last <= upper);
            if !is_ordered {
                check.find(format!("postings {prefix:02x?} up to person {upper} are out of order"));
            }
            let last = people.last().copied().unwrap_or(after);
            open = Some((prefix.to_vec(), last, is_tail));
            each(check, prefix, &people)
        })?;
        if let Some((term, _, false)) = open {
            self.find(format!("postings {term:02x?} have no last block, so nobody finds them"));
        }
        Ok(())
    }

    /// The terms whose people differ between documents and postings. It takes some 80 bytes a term, and is only asked
    /// where something is wrong.
    fn name_terms(&mut self) -> Result<(), SearchError> {
        let mut differences: HashMap<Vec<u8>, (u64, u64, u128)> = HashMap::new();
        self.each_document(|_, person, record| {
            for term in record.terms() {
                let prefix = term.prefix();
                let sum = digest(&prefix, person);
                let held = differences.entry(prefix).or_default();
                held.0 += 1;
                held.2 = held.2.wrapping_add(sum);
            }
        })?;
        self.each_posting(|_, prefix, people| {
            let held = differences.entry(prefix.to_vec()).or_default();
            for person in people {
                held.1 += 1;
                held.2 = held.2.wrapping_sub(digest(prefix, *person));
            }
            Ok(())
        })?;
        differences.retain(|_, (_, _, sum)| *sum != 0);
        let mut named: Vec<_> = differences.into_iter().collect();
        named.sort();
        for (prefix, (documents, posted, _)) in named {
            self.find(format!(
                "the documents of {documents} people have the term {prefix:02x?}, and its postings name {posted} people"
            ));
        }
        Ok(())
    }
}

impl std::fmt::Debug for IndexCheck<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexCheck").field("people", &self.people).finish_non_exhaustive()
    }
}

fn set(bits: &mut Vec<u64>, person: u64) {
    let (place, bit) = place_of(person);
    if bits.len() <= place {
        bits.resize(place + 1, 0);
    }
    if let Some(bits) = bits.get_mut(place) {
        *bits |= bit;
    }
}

fn is_set(bits: &[u64], person: u64) -> bool {
    let (place, bit) = place_of(person);
    bits.get(place).is_some_and(|bits| bits & bit != 0)
}

/// Where a person's bit lies.
fn place_of(person: u64) -> (usize, u64) {
    (usize::try_from(person / 64).unwrap_or(usize::MAX), 1 << (person % 64))
}
