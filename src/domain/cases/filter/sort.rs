//! The order of a limited list: a function over facts among which there is no person (hard rule 6).

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Nature, Stage};
use crate::domain::ids::CaseId;
use crate::domain::time::Instant;

use super::error::FilterError;
use super::facts::plain;
use super::field::AGE;

/// What a list is ordered by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum SortField {
    /// When its next clock runs out.
    #[default]
    Due,
    /// When it was received.
    Received,
    /// The subject's label.
    Subject,
    /// The nature.
    Nature,
    /// The unit's name.
    Unit,
    /// The stage, in the order of a case's life.
    Stage,
    /// The name of who has it.
    Owner,
}

/// An order, and which end of it is first. The next thing that counts is the due date, then the number.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Whether the last comes first.
    pub is_descending: bool,
}

/// What ordering may know of a case: nothing of a citizen. A case itself cannot be ordered:
///
/// ```
/// use casedesk::domain::cases::filter::{Sort, SortFacts, SortKey};
/// let order: fn(Sort, &SortFacts<'_>) -> SortKey = |sort, facts| sort.key(facts);
/// ```
/// ```compile_fail,E0308
/// use casedesk::domain::cases::{Case, filter::{Sort, SortKey}};
/// let order: fn(Sort, &Case) -> SortKey = |sort, case| sort.key(case);
/// ```
/// ```compile_fail,E0609
/// # use casedesk::domain::cases::filter::SortFacts;
/// fn by_name<'a>(facts: &SortFacts<'a>) -> &'a str { facts.person }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortFacts<'a> {
    /// The number.
    pub id: CaseId,
    /// When its next clock runs out, or the far end of time.
    pub due_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// The subject's label.
    pub subject: &'a str,
    /// The nature.
    pub nature: Nature,
    /// The unit's name.
    pub unit: &'a str,
    /// The stage.
    pub stage: Stage,
    /// The name of the caseworker who has it, or nothing.
    pub owner: &'a str,
}

/// A case's place in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    rank: (i64, String),
    due_at: Instant,
    id: CaseId,
}

impl SortKey {
    /// A place in a list that has an order of its own.
    #[must_use]
    pub fn at(place: usize, id: CaseId) -> Self {
        let rank = (i64::try_from(place).unwrap_or(i64::MAX), String::new());
        Self { rank, due_at: Instant::default(), id }
    }

    /// Whose it is.
    #[must_use]
    pub fn id(&self) -> CaseId {
        self.id
    }
}

impl Sort {
    /// A case's place.
    #[must_use]
    pub fn key(self, facts: &SortFacts<'_>) -> SortKey {
        let number = |number: i64| (number, String::new());
        let words = |text: &str| (0, plain(text).into_owned());
        let rank = match self.field {
            SortField::Due => number(facts.due_at.milliseconds()),
            SortField::Received => number(facts.received_at.milliseconds()),
            SortField::Subject => words(facts.subject),
            SortField::Nature => number(place(Nature::ALL, &facts.nature)),
            SortField::Unit => words(facts.unit),
            SortField::Stage => number(place(Stage::ALL, &facts.stage)),
            SortField::Owner => words(facts.owner),
        };
        SortKey { rank, due_at: facts.due_at, id: facts.id }
    }

    /// Which of two places comes first.
    #[must_use]
    pub fn compare(self, one: &SortKey, other: &SortKey) -> Ordering {
        let by_rank = one.rank.cmp(&other.rank);
        let by_rank = if self.is_descending { by_rank.reverse() } else { by_rank };
        by_rank.then(one.due_at.cmp(&other.due_at)).then(one.id.cmp(&other.id))
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> i64 {
    all.iter().position(|listed| listed == one).and_then(|at| i64::try_from(at).ok()).unwrap_or(0)
}

impl SortField {
    /// Every one, in the order in which screens list them.
    pub const ALL: [Self; 7] = [
        Self::Due,
        Self::Received,
        Self::Subject,
        Self::Nature,
        Self::Unit,
        Self::Stage,
        Self::Owner,
    ];

    /// Its word, which is that of the language where it is a field there.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Received => "received",
            Self::Subject => "subject",
            Self::Nature => "nature",
            Self::Unit => "unit",
            Self::Stage => "stage",
            Self::Owner => "owner",
        }
    }

    /// The key that picks it: that of the language's field.
    #[must_use]
    pub fn key(self) -> char {
        match self {
            Self::Due => 'd',
            Self::Received => 'r',
            Self::Subject => 's',
            Self::Nature => 'n',
            Self::Unit => 'u',
            Self::Stage => 'g',
            Self::Owner => 'o',
        }
    }
}

impl Display for Sort {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_descending { "-" } else { "" }, self.field.word())
    }
}

impl FromStr for Sort {
    type Err = FilterError;

    /// `due`, `-received`; `age` is the oldest first, which is `received`.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let text = text.trim();
        let (is_descending, word) =
            text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let is = |field: &SortField| field.word().eq_ignore_ascii_case(word);
        let field = if word.eq_ignore_ascii_case(AGE) {
            Some(SortField::Received)
        } else {
            SortField::ALL.into_iter().find(is)
        };
        field.map(|field| Self { field, is_descending }).ok_or_else(|| {
            let words: Vec<_> = SortField::ALL.iter().map(|field| field.word()).collect();
            let what = format!(
                "a list is sorted by one of {}, {AGE}; with - before it the other way round",
                words.join(", ")
            );
            FilterError { column: 1, what }
        })
    }
}
