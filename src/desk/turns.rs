//! The free cases of each queue as one size and one sum, kept by the stamp of every commit, and written into each claim.
//!
//! The sum is taken over the ordering keys of all cases that stand free in a queue, modulo 2^128, of the first sixteen bytes
//! of their SHA-256: an additive set hash after Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing:
//! Incrementality at Reduced Cost" (1997). Coming and going is an addition and a subtraction, so that no two commits
//! conflict over it, and whoever plays the trail back gets the same sum if, and only if, the same cases stood free. It is
//! evidence beside the chain, which is what keeps events from being changed.
//!
//! A queue of a database that is older than these sums gets its own with the first commit that moves a case of it, from the
//! index of its free cases.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::domain::cases::{CaseEvent, Lane, OrderKey, Turn, standing};
use crate::domain::time::Instant;
use crate::domain::{CaseId, Entity, Event, EventRecord, QueueId};
use crate::store::{Direction, KeyRange, Latest, Write};

use super::keys;

/// Free cases that a claim counts before its own: what somebody could have seen above it in some pages of the list.
pub(super) const RANK_COUNTED_MAX: usize = 200;
/// Rows of an index that are read at once where a queue has no sum yet.
const PAGE_ROWS: usize = 1_000;

/// How many cases stand free in a queue, and the sum over their ordering keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Eligible {
    pub(super) size: u64,
    sum: u128,
}

impl Eligible {
    pub(super) fn add(&mut self, key: &OrderKey) {
        self.size = self.size.wrapping_add(1);
        self.sum = self.sum.wrapping_add(element(key));
    }

    pub(super) fn remove(&mut self, key: &OrderKey) {
        self.size = self.size.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(element(key));
    }

    /// The sum as a claim keeps it.
    pub(super) fn sum_bytes(&self) -> [u8; 16] {
        self.sum.to_be_bytes()
    }

    fn to_bytes(self) -> Vec<u8> {
        [self.size.to_be_bytes().as_slice(), &self.sum_bytes()].concat()
    }

    /// What [`Self::to_bytes`] wrote; none where it is something else.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, sum) = bytes.split_first_chunk::<8>()?;
        let sum = u128::from_be_bytes(sum.try_into().ok()?);
        Some(Self { size: u64::from_be_bytes(*size), sum })
    }
}

/// What a case adds to the sum of its queue.
fn element(key: &OrderKey) -> u128 {
    let digest = Sha256::new()
        .chain_update(key.due_at.milliseconds().to_be_bytes())
        .chain_update(key.case.0.to_be_bytes())
        .finalize();
    digest.first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes))
}

/// Where a record stands among the free cases of a queue, if it does.
pub(super) fn standing_of(entity: Option<&Entity>) -> Option<(QueueId, OrderKey)> {
    match entity {
        Some(Entity::Case(case)) => standing(case),
        _ => None,
    }
}

/// A case that an event brought among the free ones of a queue, or took from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    /// The event's place in its commit.
    pub(super) event: usize,
    pub(super) queue: QueueId,
    pub(super) key: OrderKey,
    pub(super) is_in: bool,
}

/// What an event moved, given where its case stood before it and where it stands after it.
pub(super) fn between(
    was: Option<(QueueId, OrderKey)>,
    is: Option<(QueueId, OrderKey)>,
    event: usize,
) -> impl Iterator<Item = Move> {
    let has_moved = was != is;
    [(was, false), (is, true)].into_iter().filter_map(move |(standing, is_in)| {
        let (queue, key) = standing.filter(|_| has_moved)?;
        Some(Move { event, queue, key, is_in })
    })
}

/// A queue while the events of one commit are gone through.
struct Now {
    eligible: Eligible,
    /// Cases that the commit itself has brought in, and those that it has taken out.
    came: BTreeSet<OrderKey>,
    went: BTreeSet<OrderKey>,
}

/// Writes into each claim how its queue stood when it was made, and gives the new sums of the queues that moved.
pub(super) fn settle(
    moves: &[Move],
    events: &mut [EventRecord],
    latest: &dyn Latest,
) -> Result<Vec<Write>, String> {
    let mut queues: BTreeMap<QueueId, Now> = BTreeMap::new();
    for moved in moves {
        if let Entry::Vacant(queue) = queues.entry(moved.queue) {
            let eligible = eligible(latest, moved.queue)?;
            queue.insert(Now { eligible, came: BTreeSet::new(), went: BTreeSet::new() });
        }
    }
    let mut moves = moves.iter().peekable();
    for (place, record) in events.iter_mut().enumerate() {
        if let Event::Case(CaseEvent::ClaimedInTurn { turn, .. }) = &mut record.event
            && let Some(now) = queues.get(&turn.queue)
            && let crate::domain::EntityId::Case(case) = record.entity
        {
            fill(turn, case, now, latest)?;
        }
        while let Some(moved) = moves.next_if(|moved| moved.event <= place) {
            if let Some(now) = queues.get_mut(&moved.queue) {
                now.take(moved);
            }
        }
    }
    let rows = queues.into_iter();
    Ok(rows
        .map(|(queue, now)| Write::Put(keys::turn_sum(queue), now.eligible.to_bytes()))
        .collect())
}

impl Now {
    fn take(&mut self, moved: &Move) {
        if moved.is_in {
            self.eligible.add(&moved.key);
            if !self.went.remove(&moved.key) {
                self.came.insert(moved.key);
            }
        } else {
            self.eligible.remove(&moved.key);
            if !self.came.remove(&moved.key) {
                self.went.insert(moved.key);
            }
        }
    }
}

fn fill(turn: &mut Turn, case: CaseId, now: &Now, latest: &dyn Latest) -> Result<(), String> {
    let key = OrderKey { due_at: turn.due_at, case };
    turn.size = now.eligible.size;
    turn.sum = now.eligible.sum_bytes();
    let mut range = keys::lane_of(turn.queue, Lane::Free).range();
    range.to = Some(keys::in_queue(turn.queue, Lane::Free, key.due_at, key.case));
    let page = latest.latest_scan(&range, RANK_COUNTED_MAX, Direction::Forward).map_err(text)?;
    turn.rank = (!page.has_more).then(|| {
        let before = page.rows.iter().filter(|(row, _)| !now.went.contains(&key_of(row))).count();
        let before = before + now.came.range(..key).count();
        u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
    });
    Ok(())
}

/// How a queue stands before the commit: its sum, or where it has none yet, that of its index.
fn eligible(latest: &dyn Latest, queue: QueueId) -> Result<Eligible, String> {
    let found = latest.latest(&keys::turn_sum(queue)).map_err(text)?;
    if let Some(eligible) = found.as_deref().and_then(Eligible::of_bytes) {
        return Ok(eligible);
    }
    let mut eligible = Eligible::default();
    let mut range: KeyRange = keys::lane_of(queue, Lane::Free).range();
    loop {
        let page = latest.latest_scan(&range, PAGE_ROWS, Direction::Forward).map_err(text)?;
        for (key, _) in &page.rows {
            eligible.add(&key_of(key));
        }
        let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else {
            return Ok(eligible);
        };
        range = range.beyond(last.clone(), Direction::Forward);
    }
}

/// The ordering key in a row of the index of free cases.
fn key_of(row: &[u8]) -> OrderKey {
    let due = row.len().checked_sub(16).map_or(0, |at| keys::signed_at(row, at));
    OrderKey { due_at: Instant::from_milliseconds(due), case: CaseId(keys::last_number(row)) }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
