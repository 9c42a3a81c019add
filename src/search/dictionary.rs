//! Every word of the index in memory, laid out to be compared with a typed word quickly.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::expand::Expansions;
use super::keys::{self, FREQUENCIES_A_BLOCK, SCAN_ROWS_MAX, WORDS_A_BLOCK};
use super::letters;
use super::query::Item;
use super::shelf::{Label, Shelf};
use super::sound;
use super::words::{self, Class, Counts};
use super::{IndexRead, SearchError};

/// Document frequencies are read again when the number of people has changed by this part of it.
const FREQUENCIES_STALE_PART: u64 = 16;

/// The words of the index: text, letters, sounds and document frequency of each, about 50 bytes a word.
///
/// It is a copy of what the store holds. [`Dictionary::refresh`] brings it up to date and is cheap when nothing was
/// added, and reads everything where the index was built anew.
#[derive(Debug, Default)]
pub struct Dictionary {
    counts: Counts,
    people_at_frequencies: u64,
    texts: String,
    text_ends: Vec<u32>,
    shelves: Vec<Shelf>,
    frequencies: Vec<u32>,
    recent: Mutex<VecDeque<(Item, Arc<Expansions>)>>,
    bounds: Bounds,
}

/// How much memory the words may take.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    bytes_max: usize,
    /// The first word that is on no shelf, and all after it; the most frequent words have the lowest numbers.
    first_left_out: Option<u32>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes_max: usize::MAX, first_left_out: None }
    }
}

/// Which frequencies are taken over of what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequencies {
    All,
    /// Those of words that nobody had until now. What is known of the others stays until all are read, so that it does
    /// not depend on which words came last.
    Missing,
}

/// Typed words whose expansions are kept: at each key press all but one are as before, and an office has many who type.
const RECENT_MAX: usize = 512;

impl Dictionary {
    /// Reads all words of the index.
    ///
    /// # Errors
    /// If the store fails, the index has another format, or a record of it is damaged.
    pub fn load(read: &dyn IndexRead) -> Result<Self, SearchError> {
        let mut dictionary = Self::default();
        dictionary.refresh(read)?;
        Ok(dictionary)
    }

    /// Reads as many words as take `bytes_max` bytes: those of the lowest numbers, which are the most frequent ones where
    /// the index was built at once. The others are found only as they are written.
    ///
    /// # Errors
    /// If the store fails, the index has another format, or a record of it is damaged.
    pub fn load_within(read: &dyn IndexRead, bytes_max: usize) -> Result<Self, SearchError> {
        let bounds = Bounds { bytes_max, first_left_out: None };
        let mut dictionary = Self { bounds, ..Self::default() };
        dictionary.refresh(read)?;
        Ok(dictionary)
    }

    /// Reads the words that came since, and all document frequencies if the office has grown or shrunk noticeably, or
    /// somebody in it came to be restricted.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub fn refresh(&mut self, read: &dyn IndexRead) -> Result<(), SearchError> {
        let counts = words::counts(read)?;
        if counts.words < self.counts.words || counts.layout != self.counts.layout {
            let bounds = Bounds { first_left_out: None, ..self.bounds };
            *self = Self { bounds, ..Self::default() };
        }
        let known = self.counts.words;
        let change = counts.people.abs_diff(self.people_at_frequencies);
        let is_stale = change > self.people_at_frequencies / FREQUENCIES_STALE_PART
            || counts.hidden != self.counts.hidden;
        if counts != self.counts {
            self.recent.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        }
        let came_back = counts.came_back != self.counts.came_back;
        self.counts = counts;
        if counts.words > known {
            self.read_words(read, known)?;
            // Few words that come later are not worth laying everything out again.
            if known == 0 {
                self.shelves.iter_mut().for_each(Shelf::settle);
            }
        }
        if is_stale {
            self.read_frequencies(read, 0, Frequencies::All)?;
            self.people_at_frequencies = counts.people;
        } else if came_back {
            // A word without a frequency is hidden from most, so none may stay so longer than it is.
            let first = self.frequencies.iter().position(|frequency| *frequency == 0);
            let first = first.map_or(counts.words, end);
            self.read_frequencies(read, first / FREQUENCIES_A_BLOCK, Frequencies::Missing)?;
        } else if counts.words > known {
            self.read_frequencies(read, known / FREQUENCIES_A_BLOCK, Frequencies::Missing)?;
        }
        Ok(())
    }

    /// Whether it holds what the store holds, so that [`Dictionary::refresh`] would change nothing.
    ///
    /// # Errors
    /// If the store fails, or a record of the index is damaged.
    pub fn is_current(&self, read: &dyn IndexRead) -> Result<bool, SearchError> {
        Ok(words::counts(read)? == self.counts)
    }

    /// How many different words the index has numbered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequencies.len()
    }

    /// Whether nothing was ever indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequencies.is_empty()
    }

    /// How many people are in the index whom everybody may find.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.counts.people
    }

    /// All words, by script, class and length.
    pub(super) fn shelves(&self) -> &[Shelf] {
        &self.shelves
    }

    /// Whether a word is left out for want of memory, so that nothing typed is compared with it.
    pub(super) fn is_left_out(&self, word: u32) -> bool {
        self.bounds.first_left_out.is_some_and(|first| word >= first)
    }

    /// Whether any word is left out for want of memory.
    pub(super) fn leaves_out(&self) -> bool {
        self.bounds.first_left_out.is_some()
    }

    /// About how many bytes the words take.
    fn bytes(&self) -> usize {
        let shelves: usize = self.shelves.iter().map(Shelf::bytes).sum();
        shelves + self.texts.len() + 8 * self.frequencies.len()
    }

    /// The folded text of a word; nothing for a number that is not in use.
    pub(super) fn text(&self, word: u32) -> &str {
        let (from, to) = span(&self.text_ends, word);
        self.texts.get(from..to).unwrap_or_default()
    }

    /// How many people whom everybody may find have the word, as of the last refresh that read it. It is 0 only where
    /// there is none now.
    pub(super) fn frequency(&self, word: u32) -> u32 {
        place(word).and_then(|place| self.frequencies.get(place)).copied().unwrap_or_default()
    }

    /// What `expand` says of a typed word, asked again only after the dictionary changed.
    pub(super) fn recall(
        &self,
        item: &Item,
        expand: impl FnOnce() -> Expansions,
    ) -> Arc<Expansions> {
        // Words do not depend on where they stand in the question.
        let is_same = |other: &Item| {
            other.text == item.text && other.kind == item.kind && other.is_last == item.is_last
        };
        let lock = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let kept =
            lock().iter().find(|(other, _)| is_same(other)).map(|(_, kept)| Arc::clone(kept));
        kept.unwrap_or_else(|| {
            let expansions = Arc::new(expand());
            let mut recent = lock();
            recent.truncate(RECENT_MAX - 1);
            recent.push_front((item.clone(), Arc::clone(&expansions)));
            expansions
        })
    }

    fn read_words(&mut self, read: &dyn IndexRead, known: u32) -> Result<(), SearchError> {
        let mut skipped = usize::try_from(known % WORDS_A_BLOCK).unwrap_or_default();
        let from = keys::word_texts(known / WORDS_A_BLOCK);
        each_row(read, from, &keys::word_texts_end(), |bytes| {
            for (class, text) in words::decode_texts(bytes)?.into_iter().skip(skipped) {
                self.push(class, text);
            }
            skipped = 0;
            Ok(())
        })
    }

    fn push(&mut self, class: Class, text: &str) {
        let letters = letters::letters(text);
        let sounds = sound::sounds(text);
        let label = Label { script: letters::script(text), class, length: letters.len() };
        let word = end(self.frequencies.len());
        // The sum over all shelves takes a while, so it is looked at once a block.
        if word.is_multiple_of(WORDS_A_BLOCK) && self.bytes() > self.bounds.bytes_max {
            self.bounds.first_left_out.get_or_insert(word);
        }
        if !self.leaves_out() {
            let place = self.shelves.iter().position(|shelf| shelf.label == label);
            let place = place.unwrap_or_else(|| {
                self.shelves.push(Shelf::new(label));
                self.shelves.len() - 1
            });
            if let Some(shelf) = self.shelves.get_mut(place) {
                shelf.push(word, &letters, &sounds);
            }
        }
        self.texts.push_str(text);
        self.text_ends.push(end(self.texts.len()));
        self.frequencies.push(0);
    }

    fn read_frequencies(
        &mut self,
        read: &dyn IndexRead,
        block: u32,
        which: Frequencies,
    ) -> Result<(), SearchError> {
        let from = keys::word_frequencies(block);
        each_row_with_block(read, from, &keys::word_frequencies_end(), |block, bytes| {
            let first = place(block.saturating_mul(FREQUENCIES_A_BLOCK)).unwrap_or(usize::MAX);
            let Some(own) = self.frequencies.get_mut(first..) else { return Ok(()) };
            for (own, stored) in own.iter_mut().zip(words::decode_frequencies(bytes)?) {
                if which == Frequencies::All || *own == 0 {
                    *own = stored;
                }
            }
            Ok(())
        })
    }
}

fn each_row(
    read: &dyn IndexRead,
    from: Vec<u8>,
    to: &[u8],
    mut visit: impl FnMut(&[u8]) -> Result<(), SearchError>,
) -> Result<(), SearchError> {
    each_row_with_block(read, from, to, |_, bytes| visit(bytes))
}

fn each_row_with_block(
    read: &dyn IndexRead,
    mut from: Vec<u8>,
    to: &[u8],
    mut visit: impl FnMut(u32, &[u8]) -> Result<(), SearchError>,
) -> Result<(), SearchError> {
    loop {
        let rows = read.scan(&from, Some(to), SCAN_ROWS_MAX)?;
        for (key, bytes) in &rows {
            let block = key.last_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes));
            visit(block.unwrap_or(u32::MAX), bytes)?;
        }
        match rows.last() {
            Some((last, _)) if rows.len() == SCAN_ROWS_MAX => {
                from.clone_from(last);
                from.push(0);
            }
            _ => return Ok(()),
        }
    }
}

fn span(ends: &[u32], word: u32) -> (usize, usize) {
    let end_of = |place: Option<usize>| {
        place
            .and_then(|place| ends.get(place))
            .and_then(|&end| usize::try_from(end).ok())
            .unwrap_or_default()
    };
    let from = end_of(place(word).and_then(|place| place.checked_sub(1)));
    (from, end_of(place(word)).max(from))
}

fn place(word: u32) -> Option<usize> {
    usize::try_from(word).ok()
}

fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
