//! Typed fields: which kinds there are, and the values that they hold.

use serde::{Deserialize, Serialize};

use crate::domain::time::Day;

/// What a field of a case type takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// A whole number within bounds.
    Number {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// An amount in minor units of the office's money, not negative.
    Money {
        /// The largest, in minor units.
        max: i64,
    },
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of a list, by its code.
    Choice(Vec<(String, super::Labels)>),
    /// A national identity number of this scheme, as `mx-curp`.
    Identity(String),
    /// A telephone number.
    Telephone,
    /// A mail address.
    Email,
}

/// What a field holds. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FieldValue {
    /// Text, in the citizen's or clerk's words: hostile to a terminal until it is made safe.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Minor units of the office's money.
    Money(i64),
    /// A day.
    Date(Day),
    /// Yes or no.
    YesNo(bool),
    /// The code of what was picked.
    Choice(String),
    /// An identity number, without spaces.
    Identity(String),
    /// A telephone number in E.164.
    Telephone(String),
    /// A mail address.
    Email(String),
}
