//! What a table may decide: the outputs of each use, and what their values say.

use crate::domain::office::{Confidentiality, QueueKind};
use crate::domain::rules::{Fired, TableUse};
use crate::domain::time::{ClockKind, Term};
use crate::text::nearest;

/// Clocks whose term a table may set.
const CLOCKS: [ClockKind; 5] =
    [ClockKind::Screen, ClockKind::Answer, ClockKind::Update, ClockKind::Decide, ClockKind::Legal];

/// Kinds of queues that a route may name, by the word in tables.
const QUEUES: [(&str, QueueKind); 4] = [
    ("inbox", QueueKind::Inbox),
    ("review", QueueKind::Review),
    ("classification", QueueKind::Classification),
    ("indexing", QueueKind::Indexing),
];

/// The largest number that a term may have, in its own unit.
const TERM_MAX: u32 = 100_000;

/// Which queue of a unit a route names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTo {
    /// The unit's queue of this kind.
    Kind(QueueKind),
    /// The queue of this code, as `housing/grants`.
    Code(String),
}

impl RouteTo {
    /// What a cell says; the inbox where it says nothing.
    #[must_use]
    pub fn of_words(words: &str) -> Self {
        if words.is_empty() {
            return Self::Kind(QueueKind::Inbox);
        }
        let kind = QUEUES.iter().find(|(word, _)| *word == words).map(|(_, kind)| *kind);
        kind.map_or_else(|| Self::Code(words.to_owned()), Self::Kind)
    }
}

impl TableUse {
    /// Every use.
    pub const ALL: [Self; 4] = [Self::Classify, Self::Route, Self::Clocks, Self::Confidentiality];

    /// The word in texts and on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Classify => "classify",
            Self::Route => "route",
            Self::Clocks => "clocks",
            Self::Confidentiality => "confidentiality",
        }
    }

    /// The outputs that a row of such a table may have, and whether it has to have the first one.
    pub(super) fn outputs(self) -> (Vec<&'static str>, bool) {
        match self {
            Self::Classify => (vec!["type"], true),
            Self::Route => (vec!["unit", "queue"], true),
            Self::Clocks => (CLOCKS.iter().map(|kind| kind.label()).collect(), false),
            Self::Confidentiality => (vec!["confidentiality"], true),
        }
    }

    /// What is wrong with the value of an output, as far as the text alone tells, and what to do about it.
    pub(super) fn fault_of(self, value: &str) -> Option<(String, String)> {
        match self {
            Self::Classify | Self::Route => None,
            Self::Clocks if term_of_words(value).is_some() => None,
            Self::Clocks => Some((
                format!("\"{value}\" is no term."),
                "Write it as 10 working days, 6 business hours, 8 weeks, 42 days, 2 months."
                    .to_owned(),
            )),
            Self::Confidentiality => {
                let levels = || Confidentiality::ALL.iter().map(|level| level.label());
                if levels().any(|level| level == value) {
                    return None;
                }
                let hint = nearest(value, levels()).map_or_else(
                    || format!("There are: {}.", levels().collect::<Vec<_>>().join(", ")),
                    |near| format!("Did you mean {near}?"),
                );
                Some((format!("There is no confidentiality \"{value}\"."), hint))
            }
        }
    }
}

/// The terms by clock that a row set.
#[must_use]
pub fn terms_of(fired: &Fired) -> Vec<(ClockKind, Term)> {
    let set = fired.outputs.iter().filter_map(|(output, words)| {
        let clock = CLOCKS.into_iter().find(|kind| kind.label() == output)?;
        Some((clock, term_of_words(words)?))
    });
    set.collect()
}

/// The term that words say, as `10 working days`; none where they say none.
#[must_use]
pub fn term_of_words(words: &str) -> Option<Term> {
    let (count, unit) = words.trim().split_once(' ')?;
    let count: u32 = count.parse().ok().filter(|count| (1..=TERM_MAX).contains(count))?;
    let short = |count: u32| u16::try_from(count).ok();
    match unit.trim().trim_end_matches('s') {
        "business minute" => Some(Term::BusinessMinutes(count)),
        "business hour" => Some(Term::BusinessMinutes(count.checked_mul(60)?)),
        "working day" => short(count).map(Term::WorkingDays),
        "day" => short(count).map(Term::CalendarDays),
        "week" => short(count.checked_mul(7)?).map(Term::CalendarDays),
        "month" => short(count).map(Term::CalendarMonths),
        "minute" => Some(Term::ElapsedMinutes(count)),
        "hour" => Some(Term::ElapsedMinutes(count.checked_mul(60)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_as_laws_write_them() {
        for (words, term) in [
            ("20 working days", Term::WorkingDays(20)),
            ("6 business hours", Term::BusinessMinutes(360)),
            ("1 day", Term::CalendarDays(1)),
            ("8 weeks", Term::CalendarDays(56)),
            ("2 months", Term::CalendarMonths(2)),
            ("24 hours", Term::ElapsedMinutes(1_440)),
        ] {
            assert_eq!(term_of_words(words), Some(term), "{words}");
        }
        assert_eq!(["soon", "0 days", "70000 days", "9 fortnights"].map(term_of_words), [None; 4]);
    }
}
