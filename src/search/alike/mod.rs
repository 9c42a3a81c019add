//! Who may be the same person: everything two people have in common, and everything that speaks against it, weighed in
//! bits after Fellegi and Sunter (1969).
//!
//! A sign that two records share is worth the logarithm of how much likelier it is between two records of one person than
//! between any two: a rare family name tells more than a frequent one. Two people of one household share a name, an address
//! and a telephone, so these count for nothing where the given names or the dates of birth say that there are two.

mod blocks;
mod compare;
mod names;
mod sign;

pub use blocks::{AlikeOptions, CANDIDATES_MAX, candidates};
pub use compare::Comparer;
pub use sign::{Profile, Sign, Weighed, likely_bits};
