//! Open cases that come into a unit and leave it, counted by day as it happens: what the charts of the board show.
//!
//! The counters follow from events and not from records: a record does not say when its case came. They begin with the
//! first event that a program with them wrote, which [`Counter::FlowSince`] names; nothing before it is counted.

use std::collections::BTreeMap;

use crate::domain::cases::CaseEvent;
use crate::domain::time::{Instant, Zone};
use crate::domain::{Entity, Event, EventRecord, UnitId};
use crate::store::{Direction, KeyRange, Latest, Store};

use super::class::Class;
use super::error::DeskError;
use super::keys::{self, Counter};
use super::records::ChainHead;
use super::work::{broken, counted};

/// An open case that an event brought into a unit or took out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    /// The event's place in its commit.
    pub(super) event: usize,
    unit: UnitId,
    class: Class,
    at: Instant,
    is_in: bool,
    by: i64,
}

/// The unit whose open work a record is, and its class.
pub(super) fn work_of(entity: Option<&Entity>) -> Option<(UnitId, Class)> {
    match entity {
        Some(Entity::Case(case)) if case.is_open() => Some((case.unit, Class::of(case))),
        _ => None,
    }
}

/// What an event moved, where a record was the work of one unit before it and is that of another after it. What is undone
/// has not come and has not gone: the count that it raised goes down again, on the day of the undoing. A case that only
/// changes its class has not come as what it was, but as what it is: whoever may see both counts it as often as before.
pub(super) fn between(
    was: Option<(UnitId, Class)>,
    is: Option<(UnitId, Class)>,
    record: &EventRecord,
    event: usize,
) -> impl Iterator<Item = Flow> + use<> {
    let is_undo = matches!(
        record.event,
        Event::Case(CaseEvent::Reverted { .. } | CaseEvent::Annulled { .. })
    );
    let unit = |work: &Option<(UnitId, Class)>| work.as_ref().map(|(unit, _)| *unit);
    let (has_moved, has_changed) = (unit(&was) != unit(&is), was != is);
    let by = if is_undo { -1 } else { 1 };
    let sides = if has_moved {
        [(was, is_undo, by), (is, !is_undo, by)]
    } else {
        [(was, true, -1), (is, true, 1)]
    };
    let at = record.at;
    sides.into_iter().filter(move |_| has_changed).filter_map(move |(work, is_in, by)| {
        let (unit, class) = work?;
        Some(Flow { event, unit, class, at, is_in, by })
    })
}

fn counter(flow: &Flow, zone: &Zone) -> Counter {
    let (day, class) = (zone.day(flow.at).number(), flow.class.clone());
    if flow.is_in {
        Counter::Came(flow.unit, day, class)
    } else {
        Counter::Went(flow.unit, day, class)
    }
}

/// What the events of a commit raise.
pub(super) fn counts(
    flows: &[Flow],
    zone: &Zone,
    latest: &dyn Latest,
    counts: &mut BTreeMap<Counter, i64>,
) -> Result<(), String> {
    if flows.is_empty() {
        return Ok(());
    }
    for flow in flows {
        *counts.entry(counter(flow, zone)).or_default() += flow.by;
    }
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let since = latest.latest(&Counter::FlowSince.key()).map_err(|error| text(&error))?;
    if since.is_none() {
        let head = latest.latest(&keys::chain_head()).map_err(|error| text(&error))?;
        let head: ChainHead = match head {
            Some(bytes) => crate::codec::decode_record(&bytes).map_err(|error| text(&error))?,
            None => ChainHead::default(),
        };
        let first = i64::try_from(head.sequence).unwrap_or(i64::MAX - 1) + 1;
        counts.insert(Counter::FlowSince, first);
    }
    Ok(())
}

/// The counters made again of the events that they follow from.
pub(super) struct Recount {
    since: u64,
    counts: BTreeMap<Counter, i64>,
}

impl Recount {
    /// A count that begins where the store's own began.
    pub(super) fn of(store: &dyn Store) -> Result<Self, DeskError> {
        let since = store.get(&Counter::FlowSince.key()).map_err(broken)?;
        let since = since.map_or(u64::MAX, |found| counted(&found.value).unsigned_abs());
        Ok(Self { since, counts: BTreeMap::new() })
    }

    /// Counts an event, with the unit whose work its record was before and after it.
    pub(super) fn event(
        &mut self,
        record: &EventRecord,
        was: Option<(UnitId, Class)>,
        is: Option<(UnitId, Class)>,
        zone: &Zone,
    ) {
        if record.sequence >= self.since {
            for flow in between(was, is, record, 0) {
                *self.counts.entry(counter(&flow, zone)).or_default() += flow.by;
            }
        }
    }

    /// What was counted.
    pub(super) fn counts(self) -> BTreeMap<Counter, i64> {
        self.counts
    }

    /// Where the store's counters say something else, in words.
    pub(super) fn differences(self, store: &dyn Store) -> Result<Vec<String>, DeskError> {
        let mut wanted: BTreeMap<Vec<u8>, (Counter, i64)> = self
            .counts
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|(counter, count)| (counter.key(), (counter, count)))
            .collect();
        let mut found = Vec::new();
        let mut range = KeyRange::prefix(&[keys::tag::COUNTER]);
        loop {
            let page = store.scan(&range, 1_000, Direction::Forward).map_err(broken)?;
            for (key, value) in page.rows.iter().filter(|(key, _)| keys::is_of_flow(key)) {
                if *key == Counter::FlowSince.key() {
                    continue;
                }
                let there = counted(&value.value);
                match wanted.remove(key) {
                    Some((_, count)) if count == there => {}
                    Some((counter, count)) => found.push(format!(
                        "the counter {counter:?} says {there}, and events say {count}"
                    )),
                    None => found.push(format!(
                        "a counter of what came and went, key {}, says {there}, and events say nothing",
                        crate::text::hexadecimal(key)
                    )),
                }
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { break };
            range = range.beyond(last.clone(), Direction::Forward);
        }
        found.extend(wanted.into_values().map(|(counter, count)| {
            format!("the counter {counter:?} is not there, and events say {count}")
        }));
        Ok(found)
    }
}
