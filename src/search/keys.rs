//! Where everything of the index lies: the tags of its keys, the sizes of its blocks, and every named maximum.
//!
//! | tag | key after the tag | value |
//! |---|---|---|
//! | 0 | | format number |
//! | 1 | | people counted, words ever numbered, a digest of the words that were built at once, words that came back |
//! | 2 | bucket of a word's hash | class, text and number of each word in it |
//! | 3 | word number / 64 | class and text of 64 words |
//! | 4 | word number / 16 | document frequency of 16 words, among people whom everybody may find |
//! | 5 | person / 8 | document records of 8 people |
//! | 6 | word number, highest person of the block | people who have the word |
//! | 7 | kind and value of a number, highest person of the block | people who have the number |
//!
//! Keys are dear in the store (some 40 bytes of memory each), so records lie in blocks; blocks that every change touches
//! are small, because a change writes them whole.

/// The format of the index that this program writes; an index of another format has to be rebuilt.
pub const FORMAT: u32 = 4;

/// Buckets of the table from a word to its number.
const WORD_BUCKETS: u32 = 16_384;
/// Words in a block of texts.
pub(super) const WORDS_A_BLOCK: u32 = 64;
/// Words in a block of document frequencies, which every person with one of them rewrites.
pub(super) const FREQUENCIES_A_BLOCK: u32 = 16;
/// Bits of a person's number; nobody has a higher one.
pub(super) const PERSON_BITS: u32 = 44;
/// People in a block of document records.
pub(super) const PEOPLE_A_BLOCK: u64 = 8;
/// People in the last posting block of a word, which every new person with the word rewrites.
pub(super) const TAIL_PEOPLE_MAX: usize = 32;
/// People in any other posting block.
pub(super) const SEALED_PEOPLE_MAX: usize = 512;
/// Words of one field group that are indexed; later ones are not.
pub(super) const GROUP_WORDS_MAX: usize = 16;
/// Names, addresses or related names of one person that are indexed, of each kind.
pub(super) const GROUPS_MAX: usize = 12;
/// Telephones and ids of one person that are indexed, of each kind.
pub(super) const NUMBERS_MAX: usize = 8;
/// Characters of a telephone or an id that are indexed.
pub(super) const NUMBER_CHARS_MAX: usize = 24;
/// Characters of a telephone or an id that one of them can be found by.
pub(super) const NUMBER_CHARS_MIN: usize = 3;
/// Letters of a word that are indexed and compared.
pub(super) const WORD_CHARS_MAX: usize = 32;
/// Characters of a question that are read.
pub(super) const QUESTION_CHARS_MAX: usize = 256;
/// Words of a question that are read.
pub(super) const QUESTION_WORDS_MAX: usize = 10;
/// Rows of the store read in one scan.
pub(super) const SCAN_ROWS_MAX: usize = 512;
/// Bytes of a telephone or an id that a number key holds: with five, few people share a key, and fewer typed digits are
/// the beginning of few keys.
pub(super) const NUMBER_KEY_BYTES: usize = 5;

/// The end of a number as keys hold it, none for a byte that is not there.
pub(super) type NumberEnd = [u8; NUMBER_KEY_BYTES];

const TAG_FORMAT: u8 = 0;
const TAG_COUNTS: u8 = 1;
const TAG_WORD_BUCKET: u8 = 2;
const TAG_WORD_TEXTS: u8 = 3;
const TAG_WORD_FREQUENCIES: u8 = 4;
const TAG_DOCUMENTS: u8 = 5;
const TAG_WORD_POSTINGS: u8 = 6;
const TAG_NUMBER_POSTINGS: u8 = 7;
const NUMBER_PREFIX_BYTES: usize = 2 + NUMBER_KEY_BYTES;

/// Something that people have and are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Term {
    /// A word, by its number.
    Word(u32),
    /// A year of birth.
    Year(i16),
    /// A whole date of birth.
    Date(i16, u8, u8),
    /// The first characters of a telephone number, from the country code or after it.
    TelephoneHead(NumberEnd),
    /// The last characters of a telephone number, the last one first.
    TelephoneTail(NumberEnd),
    /// The first characters of an id.
    IdHead(NumberEnd),
    /// The last characters of an id, the last one first.
    IdTail(NumberEnd),
}

impl Term {
    /// What the keys of all posting blocks of the term begin with.
    pub(super) fn prefix(self) -> Vec<u8> {
        let (kind, value) = match self {
            Self::Word(word) => {
                let mut key = Vec::with_capacity(5 + 8);
                key.push(TAG_WORD_POSTINGS);
                key.extend_from_slice(&word.to_be_bytes());
                return key;
            }
            Self::Year(year) => {
                let [high, low] = year.to_be_bytes();
                (0, [high, low, 0, 0, 0])
            }
            Self::Date(year, month, day) => {
                let [high, low] = year.to_be_bytes();
                (1, [high, low, month, day, 0])
            }
            Self::TelephoneHead(value) => (2, value),
            Self::TelephoneTail(value) => (3, value),
            Self::IdHead(value) => (4, value),
            Self::IdTail(value) => (5, value),
        };
        let mut key = Vec::with_capacity(NUMBER_PREFIX_BYTES + 8);
        key.extend_from_slice(&[TAG_NUMBER_POSTINGS, kind]);
        key.extend_from_slice(&value);
        key
    }
}

/// The key of the format number.
pub(super) fn format() -> Vec<u8> {
    vec![TAG_FORMAT]
}

/// The key of the counts.
pub(super) fn counts() -> Vec<u8> {
    vec![TAG_COUNTS]
}

/// The key of the bucket that names the number of `text`.
pub(super) fn word_bucket(class: u8, text: &str) -> Vec<u8> {
    // FNV-1a: it has to be the same for ever, which the standard library's hashers do not promise.
    let hash = [class]
        .iter()
        .chain(text.as_bytes())
        .fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    numbered(TAG_WORD_BUCKET, (hash ^ (hash >> 16)) % WORD_BUCKETS)
}

/// The key of the block of texts with the `block`th 64 words.
pub(super) fn word_texts(block: u32) -> Vec<u8> {
    numbered(TAG_WORD_TEXTS, block)
}

/// The first key after all blocks of texts.
pub(super) fn word_texts_end() -> Vec<u8> {
    vec![TAG_WORD_TEXTS + 1]
}

/// The key of the block with the document frequencies of the `block`th 16 words.
pub(super) fn word_frequencies(block: u32) -> Vec<u8> {
    numbered(TAG_WORD_FREQUENCIES, block)
}

/// The first key after all blocks of document frequencies.
pub(super) fn word_frequencies_end() -> Vec<u8> {
    vec![TAG_WORD_FREQUENCIES + 1]
}

/// The key of the block with the document record of `person`.
pub(super) fn documents(person: u64) -> Vec<u8> {
    let mut key = vec![TAG_DOCUMENTS];
    key.extend_from_slice(&block_of(person).to_be_bytes());
    key
}

/// The number of the block that has a person's record.
pub(super) fn block_of(person: u64) -> u64 {
    person / PEOPLE_A_BLOCK
}

/// The key of the posting block of a term whose highest person is `upper`.
pub(super) fn posting(prefix: &[u8], upper: u64) -> Vec<u8> {
    let mut key = prefix.to_vec();
    key.extend_from_slice(&upper.to_be_bytes());
    key
}

/// The first key that does not begin with `prefix`, which is no longer than the prefix of a term.
pub(super) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

/// The highest person of the block with this key.
pub(super) fn posting_upper(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The range of a kind of key.
fn all(tag: u8) -> (Vec<u8>, Vec<u8>) {
    (vec![tag], vec![tag + 1])
}

/// The range of all buckets of words.
pub(super) fn all_word_buckets() -> (Vec<u8>, Vec<u8>) {
    all(TAG_WORD_BUCKET)
}

/// The range of all blocks of texts.
pub(super) fn all_word_texts() -> (Vec<u8>, Vec<u8>) {
    all(TAG_WORD_TEXTS)
}

/// The range of all blocks of document frequencies.
pub(super) fn all_word_frequencies() -> (Vec<u8>, Vec<u8>) {
    all(TAG_WORD_FREQUENCIES)
}

/// The range of all blocks of document records.
pub(super) fn all_documents() -> (Vec<u8>, Vec<u8>) {
    all(TAG_DOCUMENTS)
}

/// The range of all posting blocks, of words and of numbers.
pub(super) fn all_postings() -> (Vec<u8>, Vec<u8>) {
    (vec![TAG_WORD_POSTINGS], beyond())
}

/// The first key that no kind has.
pub(super) fn beyond() -> Vec<u8> {
    vec![TAG_NUMBER_POSTINGS + 1]
}

/// The number that ends the key of a block or bucket of words.
pub(super) fn block_number(key: &[u8]) -> u32 {
    key.last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The prefix of a posting block's term, and the highest person of the block.
pub(super) fn split_posting(key: &[u8]) -> Option<(&[u8], u64)> {
    let (prefix, upper) = key.split_last_chunk::<8>()?;
    let is_word = prefix.first() == Some(&TAG_WORD_POSTINGS);
    let bytes = if is_word { 5 } else { NUMBER_PREFIX_BYTES };
    (prefix.len() == bytes).then(|| (prefix, u64::from_be_bytes(*upper)))
}

/// The number of the word whose postings have this prefix.
pub(super) fn word_of(prefix: &[u8]) -> Option<u32> {
    (prefix.first() == Some(&TAG_WORD_POSTINGS)).then(|| block_number(prefix))
}

fn numbered(tag: u8, number: u32) -> Vec<u8> {
    let mut key = vec![tag];
    key.extend_from_slice(&number.to_be_bytes());
    key
}
