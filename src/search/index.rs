//! Turns people who come, change and go into changes of the index.

use std::collections::BTreeSet;

use super::document::{self, Document, Group, Record};
use super::keys::{self, FORMAT, Term};
use super::overlay::Overlay;
use super::packing::{Packed, put_number};
use super::postings;
use super::words::{self, Class, Counts};
use super::{IndexRead, IndexRow, IndexWrite, SearchError};

/// The format of the index in the store, [`BEHIND`] or [`BUILDING`]; none if nothing was ever indexed.
pub fn format_of(read: &dyn IndexRead) -> Result<Option<u32>, SearchError> {
    let Some(bytes) = read.get(&keys::format())? else { return Ok(None) };
    Packed::new(&bytes, "format number").small().map(Some)
}

/// In place of the format: people change and the index does not, so that it has to be built of their records.
pub const BEHIND: u32 = 0;
/// In place of the format: the index is being built of the records of people, who cannot change meanwhile.
pub const BUILDING: u32 = u32::MAX;

/// The row that says which format the index has, or that it has none: [`BEHIND`], [`BUILDING`].
#[must_use]
pub fn format_row(format: u32) -> IndexRow {
    let mut value = Vec::new();
    put_number(&mut value, u64::from(format));
    (keys::format(), value)
}

/// Fails if the index in the store has another format than this program.
pub(super) fn check_format(read: &dyn IndexRead) -> Result<(), SearchError> {
    match format_of(read)? {
        Some(BEHIND | BUILDING) => Err(SearchError::Unfinished),
        Some(found) if found != FORMAT => Err(SearchError::Format { found, expected: FORMAT }),
        _ => Ok(()),
    }
}

/// The record of a person, with the number that `number` gives each word.
pub(super) fn record_of(
    document: &Document,
    mut number: impl FnMut(Class, &str) -> Result<u32, SearchError>,
) -> Result<Record, SearchError> {
    if document.person >> keys::PERSON_BITS != 0 {
        return Err(SearchError::Full);
    }
    let mut groups = Vec::new();
    for group in document.groups() {
        let class = group.kind.class();
        let words = group.words.iter().map(|text| number(class, text)).collect::<Result<_, _>>()?;
        groups.push(Group { kind: group.kind, words });
    }
    Ok(Record {
        birth_date: document.birth_date,
        groups,
        telephones: document.telephone_numbers(),
        ids: document.id_numbers(),
        is_restricted: document.is_restricted,
    })
}

/// Collects the changes that the people of one commit make to the index.
///
/// It takes what the index already says of a person from the index itself, so the caller only says what is true now,
/// and saying it twice changes nothing. It has to read the newest values: make and finish it inside the commit.
pub struct Indexer<'a> {
    overlay: Overlay<'a>,
    counts: Counts,
    /// Words that had a number before this commit.
    words_before: u32,
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
        Ok(Self { overlay, counts, words_before: counts.words })
    }

    /// The person is found by this from now on, and by nothing else.
    ///
    /// # Errors
    /// If the store fails, a record of the index is damaged, or it has no numbers left.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        let record = record_of(document, |class, text| {
            words::number_or_new(&mut self.overlay, &mut self.counts, class, text)
        })?;
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
        let (key, format) = format_row(FORMAT);
        self.overlay.set(&key, Some(format))?;
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
        let terms = |record: Option<&Record>, of: fn(&Record) -> Vec<Term>| -> BTreeSet<Term> {
            record.map(of).into_iter().flatten().collect()
        };
        let (terms_was, terms_is) = (terms(was.as_ref(), Record::terms), terms(is, Record::terms));
        for &term in terms_was.difference(&terms_is) {
            postings::remove(&mut self.overlay, term, person)?;
        }
        for &term in terms_is.difference(&terms_was) {
            postings::add(&mut self.overlay, term, person)?;
        }
        let of = Record::counted_terms;
        let (counted_was, counted_is) = (terms(was.as_ref(), of), terms(is, of));
        for &term in counted_was.difference(&counted_is) {
            self.count(term, false)?;
        }
        for &term in counted_is.difference(&counted_was) {
            self.count(term, true)?;
        }
        let is_counted = |record: Option<&Record>| record.is_some_and(|it| !it.is_restricted);
        match (is_counted(was.as_ref()), is_counted(is)) {
            (false, true) => self.counts.people += 1,
            (true, false) => {
                self.counts.people = self.counts.people.saturating_sub(1);
                self.counts.hidden = self.counts.hidden.saturating_add(u64::from(is.is_some()));
            }
            (true, true) | (false, false) => {}
        }
        self.overlay.set(&key, document::with_record(&block, person, is)?)
    }

    fn count(&mut self, term: Term, is_more: bool) -> Result<(), SearchError> {
        match term {
            Term::Word(word) => {
                let frequency = words::count(&mut self.overlay, word, is_more)?;
                if is_more && frequency == 1 && word < self.words_before {
                    self.counts.came_back = self.counts.came_back.saturating_add(1);
                }
                Ok(())
            }
            Term::Year(_)
            | Term::Date(..)
            | Term::TelephoneHead(_)
            | Term::TelephoneTail(_)
            | Term::IdHead(_)
            | Term::IdTail(_) => Ok(()),
        }
    }
}
