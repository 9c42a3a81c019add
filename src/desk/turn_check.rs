//! Playing claims back: what each says of its queue is counted again from everything that happened before it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::cases::{OrderKey, Turn};
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, QueueId};

use super::turns::{Eligible, Move, RANK_COUNTED_MAX};

/// A claim as the trail has it.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) sequence: u64,
    pub(super) at: Instant,
    pub(super) by: CaseworkerId,
    pub(super) case: CaseId,
    pub(super) turn: Turn,
    /// Whether the claimer had opened the case since it was last free.
    pub(super) was_opened: bool,
}

impl Claim {
    fn key(&self) -> OrderKey {
        OrderKey { due_at: self.turn.due_at, case: self.case }
    }
}

/// A queue as it stood when a case of it was claimed.
pub(super) struct Stood<'q> {
    eligible: Eligible,
    free: &'q BTreeSet<OrderKey>,
}

impl Stood<'_> {
    /// The cases that came before a claimed one, first to last.
    pub(super) fn before(&self, claim: &Claim) -> impl Iterator<Item = CaseId> {
        self.free.range(..claim.key()).map(|key| key.case)
    }

    /// What of a claim is not so, in a sentence.
    pub(super) fn difference(&self, claim: &Claim) -> Option<String> {
        let turn = &claim.turn;
        if !self.free.contains(&claim.key()) {
            return Some("it did not stand free in that queue under that key".to_owned());
        }
        if turn.size != self.eligible.size {
            let size = self.eligible.size;
            return Some(format!("it says {} cases stood free, and {size} did", turn.size));
        }
        if turn.sum != self.eligible.sum_bytes() {
            return Some("other cases stood free than it says".to_owned());
        }
        let rank = self.before(claim).count().saturating_add(1);
        let is_counted = rank <= RANK_COUNTED_MAX;
        let told = turn.rank.map(|rank| usize::try_from(rank).unwrap_or(usize::MAX));
        if told.is_some() != is_counted || told.is_some_and(|told| told != rank) {
            let said = told.map_or_else(|| "far behind".to_owned(), |told| told.to_string());
            return Some(format!("it says that it was {said} in the order, and it was {rank}"));
        }
        let passed = turn.passed.as_ref()?;
        let passed = passed.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        let before = u64::try_from(rank.saturating_sub(1)).unwrap_or(u64::MAX);
        (passed != before).then(|| {
            format!("it was taken as the next one, {before} were before it, and {passed} say why")
        })
    }
}

/// Plays the moves of all queues back, and shows each claim its queue as it stood just before. Moves and claims are given in
/// any order.
pub(super) fn play(
    mut moves: Vec<(u64, Move)>,
    mut claims: Vec<Claim>,
    mut each: impl FnMut(&Claim, &Stood<'_>),
) {
    // One event takes a case out of one queue before it brings it into another.
    moves.sort_by_key(|(sequence, moved)| (*sequence, moved.is_in));
    claims.sort_by_key(|claim| claim.sequence);
    let mut queues: BTreeMap<QueueId, (Eligible, BTreeSet<OrderKey>)> = BTreeMap::new();
    let mut moves = moves.into_iter().peekable();
    for claim in &claims {
        while let Some((_, moved)) = moves.next_if(|(sequence, _)| *sequence < claim.sequence) {
            let (eligible, free) = queues.entry(moved.queue).or_default();
            if moved.is_in {
                eligible.add(&moved.key);
                free.insert(moved.key);
            } else {
                eligible.remove(&moved.key);
                free.remove(&moved.key);
            }
        }
        let (eligible, free) = queues.entry(claim.turn.queue).or_default();
        each(claim, &Stood { eligible: *eligible, free });
    }
}
