//! Turns people who come, change and go into changes of the index.

use std::collections::BTreeSet;

use super::document::{self, Document, Group, Record};
use super::keys::{self, FORMAT, Term};
use super::overlay::Overlay;
use super::packing::{Packed, put_number};
use super::postings;
use super::words::{self, Counts};
use super::{IndexRead, IndexWrite, SearchError};

/// The format of the index in the store; none if nothing was ever indexed.
pub fn format_of(read: &dyn IndexRead) -> Result<Option<u32>, SearchError> {
    let Some(bytes) = read.get(&keys::format())? else { return Ok(None) };
    Packed::new(&bytes, "format number").small().map(Some)
}

/// Fails if the index in the store has another format than this program.
pub(super) fn check_format(read: &dyn IndexRead) -> Result<(), SearchError> {
    match format_of(read)? {
        Some(found) if found != FORMAT => Err(SearchError::Format { found, expected: FORMAT }),
        _ => Ok(()),
    }
}

/// Collects the changes that the people of one commit make to the index.
///
/// It takes what the index already says of a person from the index itself, so the caller only says what is true now,
/// and saying it twice changes nothing. It has to read the newest values: make and finish it inside the commit.
pub struct Indexer<'a> {
    overlay: Overlay<'a>,
    counts: Counts,
}

impl std::fmt::Debug for Indexer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexer").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl<'a> Indexer<'a> {
    /// An indexer that has seen no person yet.
    ///
    /// # Errors
    /// If the store fails, or the index in it has another format.
    pub fn new(read: &'a dyn IndexRead) -> Result<Self, SearchError> {
        check_format(read)?;
        let mut overlay = Overlay::new(read);
        let counts = Counts::decode(overlay.get(&keys::counts())?)?;
        Ok(Self { overlay, counts })
    }

    /// The person is found by this from now on, and by nothing else.
    ///
    /// # Errors
    /// If the store fails, a record of the index is damaged, or it has no numbers left.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        if document.person >> keys::PERSON_BITS != 0 {
            return Err(SearchError::Full);
        }
        let mut groups = Vec::new();
        for group in document.groups() {
            let mut numbers = Vec::with_capacity(group.words.len());
            for text in &group.words {
                numbers.push(words::number_or_new(
                    &mut self.overlay,
                    &mut self.counts,
                    group.kind.class(),
                    text,
                )?);
            }
            groups.push(Group { kind: group.kind, words: numbers });
        }
        let record = Record {
            birth_date: document.birth_date,
            groups,
            telephones: document.telephone_numbers(),
            ids: document.id_numbers(),
        };
        self.change(document.person, Some(&record))
    }

    /// The person is not found any more.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub fn remove(&mut self, person: u64) -> Result<(), SearchError> {
        self.change(person, None)
    }

    /// The changes to write, in ascending order of keys, each key once.
    ///
    /// # Errors
    /// If the store fails.
    pub fn finish(mut self) -> Result<Vec<IndexWrite>, SearchError> {
        let mut format = Vec::new();
        put_number(&mut format, u64::from(FORMAT));
        self.overlay.set(&keys::format(), Some(format))?;
        self.overlay.set(&keys::counts(), Some(self.counts.encode()))?;
        Ok(self.overlay.finish())
    }

    fn change(&mut self, person: u64, is: Option<&Record>) -> Result<(), SearchError> {
        let key = keys::documents(person);
        let block = self.overlay.get(&key)?.unwrap_or_default().to_vec();
        let was = document::in_block(&block, person)?;
        if was.as_ref() == is {
            return Ok(());
        }
        let terms = |record: Option<&Record>| -> BTreeSet<Term> {
            record.map(Record::terms).into_iter().flatten().collect()
        };
        let (terms_was, terms_is) = (terms(was.as_ref()), terms(is));
        for &term in terms_was.difference(&terms_is) {
            postings::remove(&mut self.overlay, term, person)?;
            self.count(term, false)?;
        }
        for &term in terms_is.difference(&terms_was) {
            postings::add(&mut self.overlay, term, person)?;
            self.count(term, true)?;
        }
        match (was.is_some(), is.is_some()) {
            (false, true) => self.counts.people += 1,
            (true, false) => self.counts.people = self.counts.people.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
        self.overlay.set(&key, document::with_record(&block, person, is)?)
    }

    fn count(&mut self, term: Term, is_more: bool) -> Result<(), SearchError> {
        match term {
            Term::Word(word) => words::count(&mut self.overlay, word, is_more),
            Term::Year(_)
            | Term::Date(..)
            | Term::TelephoneHead(_)
            | Term::TelephoneTail(_)
            | Term::IdHead(_)
            | Term::IdTail(_) => Ok(()),
        }
    }
}
