//! How long something may take, in the unit in which a law or a promise says it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A term. Variants are only ever appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Term {
    /// Minutes in which the office is open, counted from the start.
    BusinessMinutes(u32),
    /// Days on which the office is open, after the day of the start; due at closing time.
    WorkingDays(u16),
    /// Days of any kind, after the day of the start; due at closing time of the last one, or of the next working day where
    /// the office is closed then.
    CalendarDays(u16),
    /// Months to the same number, or to the last day of a shorter month; due as calendar days are.
    CalendarMonths(u16),
    /// Minutes of any kind.
    ElapsedMinutes(u32),
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, word) = match *self {
            Self::BusinessMinutes(count) if count % 60 == 0 => (count / 60, "business hour"),
            Self::BusinessMinutes(count) => (count, "business minute"),
            Self::WorkingDays(count) => (u32::from(count), "working day"),
            Self::CalendarDays(count) => (u32::from(count), "day"),
            Self::CalendarMonths(count) => (u32::from(count), "month"),
            Self::ElapsedMinutes(count) if count % 60 == 0 => (count / 60, "hour"),
            Self::ElapsedMinutes(count) => (count, "minute"),
        };
        write!(f, "{count} {word}{}", if count == 1 { "" } else { "s" })
    }
}
