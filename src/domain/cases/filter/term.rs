//! What a filter is made of: terms that must all hold, each a test and whether it must fail.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, Nature, Stage};
use crate::domain::time::Day;

use super::field::{Field, Flag};

/// Bytes of a filter as it is typed.
pub(super) const FILTER_BYTES_MAX: usize = 300;
/// Terms of one filter.
pub(super) const TERMS_MAX: usize = 24;
/// Values of one term.
pub(super) const VALUES_MAX: usize = 24;
/// The largest number of a span of time.
pub(super) const AMOUNT_MAX: u32 = 9_999;

/// A limit of a list of cases: what holds of every case that is left. Without a term it limits nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Filter {
    /// The terms; a case has to fit all of them.
    pub terms: Vec<Term>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Term {
    /// Whether the test has to fail.
    pub is_not: bool,
    /// The test.
    pub test: Test,
}

/// What is asked of a case. Where there are several values, one of them has to fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Test {
    /// The beginning of a word in the subject, in what is asked, in the place or in the name of whoever asked; or the case's number.
    Words(Vec<String>),
    /// A flag.
    Flags(Vec<Flag>),
    /// The unit.
    Unit(Vec<Value>),
    /// Who has it.
    Owner(Vec<Value>),
    /// The subject.
    Subject(Vec<Value>),
    /// The area.
    Area(Vec<Value>),
    /// The nature.
    Nature(Vec<Nature>),
    /// The stage.
    Stage(Vec<Stage>),
    /// The way it came.
    Channel(Vec<Channel>),
    /// How long until the next clock runs out.
    Due(TimeTest),
    /// How long ago it was received.
    Received(TimeTest),
    /// The terms by which it was indexed.
    Indexed(Vec<Value>),
    /// The sites of its unit.
    Site(Vec<Value>),
}

/// A value that is a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// `me`: whoever asks.
    Me,
    /// `none`: there is none.
    None,
    /// This name, or the beginning of it.
    Text(String),
}

/// A condition on a moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TimeTest {
    /// `<`: less than this from now.
    Under(Span),
    /// `>`: more than this from now.
    Over(Span),
    /// `=`: on one of these days.
    On(Vec<DayWord>),
    /// `<` and a date: before this day.
    Before(DayWord),
    /// `>` and a date: after this day.
    After(DayWord),
}

/// A day, as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DayWord {
    /// The day that it is.
    Today,
    /// The day after.
    Tomorrow,
    /// The day before.
    Yesterday,
    /// No day at all: no clock runs.
    None,
    /// This day.
    On(Day),
    /// The day of this month, in whichever year is meant when it is asked.
    InYear {
        /// The month, from 1.
        month: i8,
        /// The day of the month, from 1.
        day: i8,
    },
}

/// A span of time. Days and weeks count as the calendar does, like the column of due dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: SpanUnit,
}

/// The unit of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SpanUnit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of the calendar.
    Days,
    /// Weeks of seven days of the calendar.
    Weeks,
}

/// What has to be read beside the case itself to ask a test of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// The name of whoever asked.
    Name,
    /// Drafts, messages and promises.
    Flags,
    /// What its indexing kept.
    Terms,
}

impl Filter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// This filter and all that another one asks, each term once.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        for term in &other.terms {
            if !joined.terms.contains(term) {
                joined.terms.push(term.clone());
            }
        }
        joined
    }

    /// The names of units of which a case has to be one of, where it has to be of a unit at all.
    #[must_use]
    pub fn units(&self) -> Option<&[Value]> {
        self.terms.iter().find_map(|term| {
            if let (Test::Unit(units), false) = (&term.test, term.is_not) {
                Some(units.as_slice())
            } else {
                None
            }
        })
    }

    /// The names of sites at one of which a case's unit has to work, where it has to work at any.
    #[must_use]
    pub fn sites(&self) -> Option<&[Value]> {
        self.terms.iter().find_map(|term| {
            if let (Test::Site(sites), false) = (&term.test, term.is_not) {
                Some(sites.as_slice())
            } else {
                None
            }
        })
    }
}

impl Term {
    /// What has to be read to ask it.
    #[must_use]
    pub fn need(&self) -> Need {
        match &self.test {
            Test::Words(_) => Need::Name,
            Test::Flags(flags) if flags.iter().any(|flag| flag.is_of_other_records()) => {
                Need::Flags
            }
            Test::Indexed(_) => Need::Terms,
            Test::Flags(_)
            | Test::Unit(_)
            | Test::Site(_)
            | Test::Owner(_)
            | Test::Subject(_)
            | Test::Area(_)
            | Test::Nature(_)
            | Test::Stage(_)
            | Test::Channel(_)
            | Test::Due(_)
            | Test::Received(_) => Need::Nothing,
        }
    }
}

impl From<Test> for Term {
    fn from(test: Test) -> Self {
        Self { is_not: false, test }
    }
}

impl From<Vec<Test>> for Filter {
    fn from(tests: Vec<Test>) -> Self {
        Self { terms: tests.into_iter().map(Term::from).collect() }
    }
}

impl Test {
    /// The field that it is about; words are about none.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        Some(match self {
            Self::Words(_) => return None,
            Self::Flags(_) => Field::Flag,
            Self::Unit(_) => Field::Unit,
            Self::Owner(_) => Field::Owner,
            Self::Subject(_) => Field::Subject,
            Self::Area(_) => Field::Area,
            Self::Nature(_) => Field::Nature,
            Self::Stage(_) => Field::Stage,
            Self::Channel(_) => Field::Channel,
            Self::Due(_) => Field::Due,
            Self::Received(_) => Field::Received,
            Self::Indexed(_) => Field::Term,
            Self::Site(_) => Field::Site,
        })
    }
}

impl SpanUnit {
    /// Every unit, the shortest first.
    pub(super) const ALL: [Self; 4] = [Self::Minutes, Self::Hours, Self::Days, Self::Weeks];

    /// Its letter.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Minutes => 'm',
            Self::Hours => 'h',
            Self::Days => 'd',
            Self::Weeks => 'w',
        }
    }
}
