//! Fuzzy citizen search over an index that this room defines: pure, fed with documents, asked with text.
//!
//! The index lives in somebody else's store. This room reads it through [`IndexRead`], in bytes, and answers with
//! [`IndexWrite`]s; it does no I/O and knows no clock. What was measured and why it is built so stands in the
//! architecture page; in short:
//!
//! - Every name and address is folded by one function ([`normalise`]) and cut into words. Unique words are few, so they
//!   all live in memory ([`Dictionary`]), and a typed word is compared with every one of them.
//! - Who has a word, a birth date or the end of a number stands in packed posting blocks; what a person has stands in a
//!   document record. Both are changed by an [`Indexer`] inside the commit that changes the person.
//! - [`find`] adds up evidence in bits and says for each typed word what it matched ([`Evidence`]).
//!
//! Deliberately absent: lists of nicknames, of spelling pairs, of people. The costs and rules hold for any name.

mod alike;
mod asker;
mod bulk;
mod candidates;
mod check;
mod chunks;
mod dates;
mod dictionary;
mod distance;
mod document;
mod expand;
mod figures;
mod find;
mod fold;
mod highlight;
mod index;
mod keys;
mod layouts;
mod letters;
mod overlay;
mod packing;
mod postings;
mod query;
mod readings;
mod roles;
mod runs;
mod said;
mod score;
mod shelf;
mod sound;
mod words;

use std::error::Error;
use std::io;
use std::sync::Arc;

pub use alike::{
    AlikeOptions, CANDIDATES_MAX as ALIKE_MAX, Comparer, Profile, Sign, Weighed,
    candidates as alike, likely_bits,
};
pub use bulk::{BULK_MEMORY_BYTES, Built, Bulk, BulkSteps};
pub use check::IndexCheck;
pub use dates::years_of_persian;
pub use dictionary::Dictionary;
pub use document::{BirthDate, Document, FoundWithout, KinName};
pub use find::{Closeness, Evidence, Field, FindOptions, Found, Hit, find};
pub use fold::{normalise, usual_digits, words};
pub use highlight::{fuzzy_score, highlight};
pub use index::{BEHIND, BUILDING, Indexer, format_of, format_row};
pub use keys::FORMAT;
pub use roles::{Gender, Kinship, Relative, Role};
pub use runs::Scratch;
pub use said::{Meaning, Said, said};

/// A key of the index and its value, to be written.
pub type IndexRow = (Vec<u8>, Vec<u8>);

/// A key of the index and its value, as they were read.
pub type IndexFound = (Vec<u8>, IndexValue);

/// The bytes of a value of the index, shared by whoever reads them.
pub type IndexValue = Arc<[u8]>;

/// What the search may ask of the store that holds its index.
///
/// Keys are the search's own; whoever implements this puts them where no other key is, and keeps their order.
pub trait IndexRead {
    /// The value of a key, if there is one.
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError>;

    /// At most `limit` keys with their values, ascending, from `from` on and before `to` (or to the end of the index).
    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError>;
}

/// The store could not read the index.
#[derive(Debug, thiserror::Error)]
#[error("the store cannot read the search index")]
pub struct IndexReadError(#[source] pub Box<dyn Error + Send + Sync>);

/// One change of the index, to be written in the commit of the record that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexWrite {
    /// The key has this value from now on.
    Put(Vec<u8>, Vec<u8>),
    /// The key is gone from now on.
    Delete(Vec<u8>),
}

/// Why the index could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The store failed.
    #[error("cannot read the search index")]
    Read(#[from] IndexReadError),
    /// The index was written by another version of the program: rebuild it.
    #[error(
        "the search index has format {found}, and this program writes format {expected}: rebuild it"
    )]
    Format {
        /// The format in the store.
        found: u32,
        /// The format of this program, [`FORMAT`].
        expected: u32,
    },
    /// The index is being built of the people's records, or was to be when the program ended.
    #[error("the search index is not whole: it is being built of the people's records")]
    Unfinished,
    /// What does not fit into memory while the index is built could not be put aside or read back.
    #[error("cannot use the scratch space of the search index")]
    Scratch(#[from] io::Error),
    /// A record of the index is not what was written: rebuild the index.
    #[error("a record of the search index is damaged ({record}): rebuild it")]
    Damaged {
        /// Which kind of record.
        record: &'static str,
    },
    /// Whoever asked does not want the answer any more.
    #[error("the search was given up for a newer one")]
    Cancelled,
    /// More different words, or a higher number of a person, than the index can name.
    #[error("the search index has no numbers left")]
    Full,
}
