//! What came of a race, and whether it was a fair one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::latency::Quantiles;
use crate::desk::DeskError;
use crate::domain::{CaseId, CaseworkerId};

/// Errors that are kept to be shown.
const SHOWN_MAX: usize = 5;

/// What came of a race.
#[derive(Debug, Default, Serialize)]
pub(super) struct Raced {
    /// Cases that were wanted; of whatever is next, cases that somebody got.
    pub(super) cases: usize,
    /// Cases that somebody got.
    won: usize,
    /// Cases that more than one got.
    won_twice: usize,
    /// Cases that the desk gives afterwards to somebody else than to whom it had said so, or to nobody.
    owned_by_another: usize,
    /// Answers to those who came too late.
    losers: usize,
    /// Those of them that named the winner.
    losers_told: usize,
    /// Answers that were something else.
    errors: usize,
    /// How long the answers took.
    pub(super) times: Option<Quantiles>,
    /// Some of the errors, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_errors: Vec<String>,
}

/// Who was told that a case is theirs.
pub(super) type Winners = BTreeMap<CaseId, Vec<CaseworkerId>>;

impl Raced {
    /// Counts who was told to have won against whom the desk names.
    pub(super) fn count(
        &mut self,
        winners: &Winners,
        owners: &BTreeMap<CaseId, Option<CaseworkerId>>,
    ) {
        let is_kept = |case: &CaseId, got: &[CaseworkerId]| {
            let owner = owners.get(case).copied().flatten();
            owner.is_some_and(|owner| got.contains(&owner))
        };
        self.won = winners.len();
        self.won_twice = winners.values().filter(|got| got.len() > 1).count();
        self.owned_by_another = winners.iter().filter(|(case, got)| !is_kept(case, got)).count();
    }

    /// Whether each case has one winner, and everybody else was told so.
    pub(super) fn holds(&self) -> bool {
        let has_one_each = self.won == self.cases && self.won_twice == 0;
        let is_told = self.owned_by_another == 0 && self.losers_told == self.losers;
        self.cases > 0 && has_one_each && is_told && self.errors == 0
    }

    /// Takes the answer to somebody who came too late, where this is the short name of whoever has the case.
    pub(super) fn lose(&mut self, error: &DeskError, owner: Option<&str>) {
        self.losers += 1;
        let DeskError::Refused(refusal) = error else { return self.fail(error.to_string()) };
        if refusal.code == "claim.taken" && owner.is_some_and(|name| refusal.what.contains(name)) {
            self.losers_told += 1;
        } else {
            self.fail(refusal.what.clone());
        }
    }

    /// Takes an answer that is none of a race.
    pub(super) fn fail(&mut self, why: String) {
        self.errors += 1;
        if self.first_errors.len() < SHOWN_MAX {
            self.first_errors.push(why);
        }
    }

    /// The race in words.
    pub(super) fn line(&self, what: &str) -> String {
        let Self { cases, won, won_twice, owned_by_another, losers, losers_told, errors, .. } =
            self;
        let times = self.times.map_or_else(String::new, |times| {
            format!(
                "; p50 {} ms, p99 {} ms, longest {} ms",
                times.p50_ms, times.p99_ms, times.max_ms
            )
        });
        format!(
            "{what}: {cases} cases, {won} with a winner, {won_twice} with two, {owned_by_another} that are somebody else's; \
             {losers} came too late, {losers_told} of them heard who has it; {errors} errors{times}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal;

    const CASE: CaseId = CaseId(7);
    const ADA: CaseworkerId = CaseworkerId(1);
    const BO: CaseworkerId = CaseworkerId(2);

    fn race(got: &[CaseworkerId], owner: Option<CaseworkerId>) -> Raced {
        let mut raced = Raced { cases: 1, ..Raced::default() };
        raced.count(&Winners::from([(CASE, got.to_vec())]), &BTreeMap::from([(CASE, owner)]));
        raced
    }

    #[test]
    fn a_race_holds_only_where_one_won_whom_the_desk_names() {
        assert!(race(&[ADA], Some(ADA)).holds());
        assert!(!race(&[ADA, BO], Some(ADA)).holds(), "two winners");
        assert!(!race(&[ADA, ADA], Some(ADA)).holds(), "the same winner twice");
        assert!(!race(&[ADA], Some(BO)).holds(), "somebody else has it");
        assert!(!race(&[ADA], None).holds(), "nobody has it");
        assert!(!Raced { cases: 1, ..Raced::default() }.holds(), "nobody won");
    }

    #[test]
    fn a_loser_who_is_not_told_who_has_it_fails_the_race() {
        let told = |what: &str| {
            let mut raced = race(&[ADA], Some(ADA));
            raced.lose(&Refusal::new("claim.taken", what, "").into(), Some("Bench 0001"));
            raced.holds()
        };
        assert!(told("Bench 0001 has C-7 since 09:14."));
        assert!(!told("Somebody else has claimed C-7."));
    }
}
