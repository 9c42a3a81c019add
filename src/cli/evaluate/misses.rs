//! Keeps the first misses of every kind of question, with what was found instead and why.

use super::plan::{Miss, MissHit, Question};
use crate::search::{Evidence, Found, Hit};

/// Hits of a miss that are told.
const HITS_TOLD: usize = 3;

/// The first misses of every kind.
pub(super) struct Misses {
    a_kind: usize,
    seen: Vec<usize>,
    /// Those to be told.
    pub(super) told: Vec<Miss>,
}

impl Misses {
    /// None yet; at most so many of a kind are told.
    pub(super) fn new(a_kind: usize) -> Self {
        Self { a_kind, seen: Vec::new(), told: Vec::new() }
    }

    /// Looks at an answer: it is a miss where the person meant is not the first hit.
    pub(super) fn see(
        &mut self,
        (number, question): (usize, &Question),
        rank: Option<u32>,
        found: &Found,
    ) {
        if self.a_kind == 0 || rank == Some(1) {
            return;
        }
        if self.seen.len() <= question.kind {
            self.seen.resize(question.kind + 1, 0);
        }
        let Some(seen) = self.seen.get_mut(question.kind) else { return };
        if *seen < self.a_kind {
            *seen += 1;
            // Who was meant is told in any case: why they came later is the question.
            let first = found.hits.iter().take(HITS_TOLD);
            let meant = found.hits.iter().skip(HITS_TOLD);
            let hits = first.chain(meant.filter(|hit| hit.person == question.person));
            self.told.push(Miss { question: number, hits: hits.map(told).collect() });
        }
    }
}

fn told(hit: &Hit) -> MissHit {
    let evidence = hit.evidence.iter().map(|why| {
        let Evidence { typed, matched, field, closeness, bits } = why;
        format!("{typed} = {matched}: {field:?}, {closeness:?}, {bits:.1} bits")
    });
    MissHit { person: hit.person, bits: hit.score_bits, evidence: evidence.collect() }
}
