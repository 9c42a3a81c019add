//! Identifiers: a type letter and a number without gaps, one type for each kind of thing.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The text is not an identifier of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a number like {letter}-123")]
pub struct IdError {
    /// What was given.
    pub text: String,
    /// The letter that was expected.
    pub letter: char,
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl $name {
            /// The letter before the number.
            pub const LETTER: char = $letter;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}-{}", Self::LETTER, self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let refused = || IdError { text: text.to_owned(), letter: Self::LETTER };
                let mut letters = text.trim().chars();
                let letter = letters.next().ok_or_else(refused)?;
                if !letter.eq_ignore_ascii_case(&Self::LETTER) {
                    return Err(refused());
                }
                let digits = letters.as_str().trim_start_matches('-');
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(refused());
                }
                digits.parse().map(Self).map_err(|_| refused())
            }
        }
    };
}

id_type!(
    /// A citizen. The number stays when the person is merged into another.
    PersonId, 'P'
);
id_type!(
    /// A household, whose members come and go.
    HouseholdId, 'H'
);
id_type!(
    /// A case; its reference towards the citizen.
    CaseId, 'C'
);
id_type!(
    /// A contact: one call, visit, letter or message with a citizen.
    ContactId, 'K'
);
id_type!(
    /// A message to a citizen.
    MessageId, 'M'
);
id_type!(
    /// A unit of the organisation.
    UnitId, 'U'
);
id_type!(
    /// A queue of a unit.
    QueueId, 'Q'
);
id_type!(
    /// A caseworker; the account is how they sign in, this is who they are.
    CaseworkerId, 'W'
);
id_type!(
    /// A service delivered to a citizen.
    ServiceId, 'S'
);
id_type!(
    /// A promise to a citizen: to ring, to write, to come, by a time.
    PromiseId, 'R'
);
id_type!(
    /// A merge of two cases, or of two records of one person.
    MergeId, 'G'
);

id_type!(
    /// An emergency access to a file.
    AccessId, 'A'
);

/// A subject of the office's tree, as `RENT-2`. Codes in use are retired, never deleted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SubjectCode(pub CompactString);

impl fmt::Display for SubjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A 128-bit identifier that sorts by time: 48 bits of milliseconds, 80 bits that nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ulid(pub u128);

impl Ulid {
    /// Joins the time and 80 bits of `distinct`.
    #[must_use]
    pub fn new(at: super::time::Instant, distinct: u128) -> Self {
        let milliseconds = u128::from(at.milliseconds().unsigned_abs()) & ((1 << 48) - 1);
        Self((milliseconds << 80) | (distinct & ((1 << 80) - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_what_it_prints_and_refuses_other_letters() {
        assert_eq!("C-20931".parse(), Ok(CaseId(20931)));
        assert_eq!("c20931".parse(), Ok(CaseId(20931)));
        assert_eq!(PersonId(7).to_string(), "P-7");
        for wrong in ["", "C", "C-", "P-1", "C-1x", "C-99999999999999999999", "-1", "C--"] {
            assert!(wrong.parse::<CaseId>().is_err(), "{wrong}");
        }
    }
}
