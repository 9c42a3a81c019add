//! The query language that limits a list of cases: `unit:water due<2d nature:complaint,request -escalated "stair light"`.
//!
//! A filter is read from what was typed, prints back to its one normal form, and is asked of the plain facts of a case.
//! It only leaves rows out; the order of what is left is [`Sort`]'s, which sees no person (hard rule 6).

mod complete;
mod error;
mod facts;
mod field;
mod group;
mod parse;
mod print;
mod sort;
mod term;

pub use complete::{Completion, Offer, Vocabulary, complete};
pub use error::FilterError;
pub use facts::{CaseFacts, Moment, OwnerFacts};
pub use field::{Field, Flag};
pub use group::{Group, groups};
pub use sort::{Sort, SortFacts, SortField, SortKey};
pub use term::{DayWord, Filter, Need, Span, SpanUnit, Term, Test, TimeTest, Value};
