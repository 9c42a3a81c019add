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

mod candidates;
mod check;
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
mod letters;
mod overlay;
mod packing;
mod postings;
mod query;
mod score;
mod sound;
mod telephone;
mod words;

use std::error::Error;

pub use check::IndexCheck;
pub use dictionary::Dictionary;
pub use document::{BirthDate, Document};
pub use find::{Closeness, Evidence, Field, FindOptions, Found, Hit, find};
pub use fold::{normalise, words};
pub use highlight::{fuzzy_score, highlight};
pub use index::{Indexer, format_of};
pub use keys::FORMAT;
pub use telephone::is_same_telephone;

/// A key of the index and its value.
pub type IndexRow = (Vec<u8>, Vec<u8>);

/// What the search may ask of the store that holds its index.
///
/// Keys are the search's own; whoever implements this puts them where no other key is, and keeps their order.
pub trait IndexRead {
    /// The value of a key, if there is one.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexReadError>;

    /// At most `limit` keys with their values, ascending, from `from` on and before `to` (or to the end of the index).
    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexRow>, IndexReadError>;
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
    /// A record of the index is not what was written: rebuild the index.
    #[error("a record of the search index is damaged ({record}): rebuild it")]
    Damaged {
        /// Which kind of record.
        record: &'static str,
    },
    /// Whoever asked does not want the answer any more.
    #[error("the search was given up for a newer one")]
    Cancelled,
    /// More different words than a word number can name.
    #[error("the search index has no word numbers left")]
    Full,
}
