//! The intake ledger: every number that was given is a case, and every case is open or has ended (hard rule 14).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Case, OutcomeCode};
use crate::domain::CaseId;

/// The most numbers that a ledger names where something is wrong with them; it counts the others.
const NAMED_MAX: usize = 20;

/// What became of the cases under a run of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// The first number that is not counted yet, less one.
    pub last: u64,
    /// Cases that wait for their screening.
    pub screening: u64,
    /// Cases that were accepted and are open.
    pub open: u64,
    /// Cases that ended, by outcome.
    pub ended: BTreeMap<OutcomeCode, u64>,
    /// Numbers under which there is no case, and cases that are neither open nor ended, or both.
    pub astray: u64,
    /// The first of those.
    pub named: Vec<CaseId>,
}

impl Ledger {
    /// Counts a case; numbers come in ascending order.
    pub fn count(&mut self, case: &Case) {
        self.pass_to(case.id.0.saturating_sub(1));
        self.last = case.id.0;
        match (&case.outcome, case.is_open()) {
            (None, true) if case.stage.is_before_acceptance() => self.screening += 1,
            (None, true) => self.open += 1,
            (Some(outcome), false) => *self.ended.entry(outcome.code).or_default() += 1,
            (None, false) | (Some(_), true) => self.stray(1, case.id),
        }
    }

    /// Passes over a case that whoever asks may not see: it is there, and counts for nothing here.
    pub fn pass_over(&mut self, case: &Case) {
        self.pass_to(case.id.0.saturating_sub(1));
        self.last = case.id.0;
    }

    /// Cases that were received, and numbers that are astray.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.screening + self.open + self.ended() + self.astray
    }

    /// Counts the numbers up to `number` for which no case came.
    pub fn pass_to(&mut self, number: u64) {
        let missing = number.saturating_sub(self.last);
        if missing > 0 {
            self.stray(missing, CaseId(self.last + 1));
            self.last = number;
        }
    }

    /// Adds what was counted of the numbers that follow.
    pub fn extend(&mut self, next: Self) {
        self.last = next.last;
        self.screening += next.screening;
        self.open += next.open;
        self.astray += next.astray;
        for (code, cases) in next.ended {
            *self.ended.entry(code).or_default() += cases;
        }
        let room = NAMED_MAX.saturating_sub(self.named.len());
        self.named.extend(next.named.into_iter().take(room));
    }

    /// Cases that ended.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.ended.values().sum()
    }

    /// Whether every number is a case that is open or has ended.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.astray == 0
    }

    /// The proof as a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let (received, ended) = (self.received(), self.ended());
        let sum = format!(
            "{received} received = {} in screening + {} open + {ended} ended",
            self.screening, self.open
        );
        match self.astray {
            0 => format!("{sum}: nothing is lost."),
            1 => format!("{sum} + 1 ASTRAY."),
            astray => format!("{sum} + {astray} ASTRAY."),
        }
    }

    fn stray(&mut self, numbers: u64, first: CaseId) {
        self.astray += numbers;
        if self.named.len() < NAMED_MAX {
            self.named.push(first);
        }
    }
}
