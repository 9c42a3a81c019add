//! The numbers, texts and document frequencies of words in the index.

use super::index::check_format;
use super::keys::{self, FREQUENCIES_A_BLOCK, WORDS_A_BLOCK};
use super::overlay::Overlay;
use super::packing::{Packed, put_bytes, put_number};
use super::{IndexRead, SearchError};

const RECORD: &str = "word block";

/// What a word is part of; a word that is in names and in addresses is two words of the index, each with its own people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// A name of the person.
    Name,
    /// A name of somebody related or in the household.
    Related,
    /// A street, place, postcode or area.
    Address,
}

impl Class {
    /// How the class is written in the index; these numbers never change.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Name => 0,
            Self::Related => 1,
            Self::Address => 2,
        }
    }

    fn from_number(number: u8) -> Result<Self, SearchError> {
        match number {
            0 => Ok(Self::Name),
            1 => Ok(Self::Related),
            2 => Ok(Self::Address),
            _ => Err(SearchError::Damaged { record: RECORD }),
        }
    }
}

/// How much is in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// People with a document record, but for those who are restricted.
    pub(super) people: u64,
    /// Words that were ever given a number.
    pub(super) words: u32,
    /// A digest of the words and numbers that the index was built with at once; 0 for one that grew from nothing.
    pub(super) layout: u64,
    /// How often a word that nobody counted had any more, or that only restricted people had, came to be somebody's.
    pub(super) came_back: u64,
    /// How often somebody came to be restricted who was counted until then: no frequency may go on telling of them.
    pub(super) hidden: u64,
}

impl Counts {
    /// Reads the counts; an empty index has none of anything.
    pub(super) fn decode(bytes: Option<&[u8]>) -> Result<Self, SearchError> {
        let Some(bytes) = bytes else { return Ok(Self::default()) };
        let mut packed = Packed::new(bytes, "counts");
        let (people, words) = (packed.number()?, packed.small()?);
        // Counts that an earlier program wrote end before what was added later.
        let mut added = || if packed.is_empty() { Ok(0) } else { packed.number() };
        Ok(Self { people, words, layout: added()?, came_back: added()?, hidden: added()? })
    }

    /// The counts as they are stored.
    pub(super) fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_number(&mut bytes, self.people);
        put_number(&mut bytes, u64::from(self.words));
        let added = [self.layout, self.came_back, self.hidden];
        let last = added.iter().rposition(|added| *added > 0).map_or(0, |last| last + 1);
        for added in added.iter().take(last) {
            put_number(&mut bytes, *added);
        }
        bytes
    }
}

/// The counts in the store, of an index that can be relied on.
pub(super) fn counts(read: &dyn IndexRead) -> Result<Counts, SearchError> {
    check_format(read)?;
    Counts::decode(read.get(&keys::counts())?.as_deref())
}

/// The number of a word, if it has one.
fn number_of(
    overlay: &mut Overlay<'_>,
    class: Class,
    text: &str,
) -> Result<Option<u32>, SearchError> {
    let key = keys::word_bucket(class.number(), text);
    number_in_bucket(overlay.get(&key)?.unwrap_or_default(), class, text)
}

/// The number of a word in the store, if it has one.
pub(super) fn number_stored(
    read: &dyn IndexRead,
    class: Class,
    text: &str,
) -> Result<Option<u32>, SearchError> {
    let bucket = read.get(&keys::word_bucket(class.number(), text))?;
    number_in_bucket(bucket.as_deref().unwrap_or_default(), class, text)
}

fn number_in_bucket(bucket: &[u8], class: Class, text: &str) -> Result<Option<u32>, SearchError> {
    let mut packed = Packed::new(bucket, RECORD);
    while !packed.is_empty() {
        let (other_class, other_text, number) = (packed.byte()?, packed.text()?, packed.small()?);
        if other_class == class.number() && other_text == text {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// How many words a bucket names.
pub(super) fn in_bucket(bucket: &[u8]) -> Result<u64, SearchError> {
    let mut packed = Packed::new(bucket, RECORD);
    let mut words = 0;
    while !packed.is_empty() {
        let (_class, _text, _number) = (packed.byte()?, packed.text()?, packed.small()?);
        words += 1;
    }
    Ok(words)
}

/// The number of a word, a new one if it had none; numbers ascend and are never used again.
pub(super) fn number_or_new(
    overlay: &mut Overlay<'_>,
    counts: &mut Counts,
    class: Class,
    text: &str,
) -> Result<u32, SearchError> {
    if let Some(number) = number_of(overlay, class, text)? {
        return Ok(number);
    }
    let number = counts.words;
    counts.words = number.checked_add(1).ok_or(SearchError::Full)?;
    let bucket_key = keys::word_bucket(class.number(), text);
    let mut bucket = overlay.get(&bucket_key)?.unwrap_or_default().to_vec();
    put_in_bucket(&mut bucket, class, text, number);
    overlay.set(&bucket_key, Some(bucket))?;
    let texts_key = keys::word_texts(number / WORDS_A_BLOCK);
    let mut texts = overlay.get(&texts_key)?.unwrap_or_default().to_vec();
    put_text(&mut texts, class, text);
    overlay.set(&texts_key, Some(texts))?;
    Ok(number)
}

/// Appends a word to its bucket.
pub(super) fn put_in_bucket(bucket: &mut Vec<u8>, class: Class, text: &str, number: u32) {
    put_text(bucket, class, text);
    put_number(bucket, u64::from(number));
}

/// Appends a word to its block of texts.
pub(super) fn put_text(texts: &mut Vec<u8>, class: Class, text: &str) {
    texts.push(class.number());
    put_bytes(texts, text.as_bytes());
}

/// The classes and texts in a block, in the order of their numbers.
pub(super) fn decode_texts(bytes: &[u8]) -> Result<Vec<(Class, &str)>, SearchError> {
    let mut packed = Packed::new(bytes, RECORD);
    let mut texts = Vec::new();
    while !packed.is_empty() {
        texts.push((Class::from_number(packed.byte()?)?, packed.text()?));
    }
    Ok(texts)
}

/// The document frequencies in a block, in the order of the words' numbers; words at its end may be missing and have 0.
pub(super) fn decode_frequencies(bytes: &[u8]) -> Result<Vec<u32>, SearchError> {
    let mut packed = Packed::new(bytes, "document frequencies");
    let mut frequencies = Vec::new();
    while !packed.is_empty() {
        frequencies.push(packed.small()?);
    }
    Ok(frequencies)
}

/// Counts one person more, or one fewer, who has the word; gives how many have it now.
pub(super) fn count(
    overlay: &mut Overlay<'_>,
    word: u32,
    is_more: bool,
) -> Result<u32, SearchError> {
    let key = keys::word_frequencies(word / FREQUENCIES_A_BLOCK);
    let mut frequencies = decode_frequencies(overlay.get(&key)?.unwrap_or_default())?;
    let place = usize::try_from(word % FREQUENCIES_A_BLOCK).unwrap_or_default();
    if frequencies.len() <= place {
        frequencies.resize(place + 1, 0);
    }
    let mut now = 0;
    if let Some(frequency) = frequencies.get_mut(place) {
        now = if is_more { frequency.saturating_add(1) } else { frequency.saturating_sub(1) };
        *frequency = now;
    }
    overlay.set(&key, Some(encode_frequencies(&frequencies)))?;
    Ok(now)
}

/// The block of these document frequencies.
pub(super) fn encode_frequencies(frequencies: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frequencies.len() * 2);
    for &frequency in frequencies {
        put_number(&mut bytes, u64::from(frequency));
    }
    bytes
}
