//! Makes the rows and counters of cases anew in a database whose layout is older than the program's.
//!
//! Since layout 2 they name the class of their case. They are made from the records and events themselves, in commits that
//! each fit into a frame; the layout is written last, so that a kill in between is made good by the next opening, and also
//! where an older program wrote meanwhile.

use std::collections::BTreeMap;

use crate::codec::decode_record;
use crate::domain::time::Zone;
use crate::domain::{Entity, fold};
use crate::store::{Direction, KeyRange, Store, Write};

use super::derive::derive;
use super::error::DeskError;
use super::flow::{self, Recount};
use super::keys::{self, Counter, tag};
use super::local::{LAYOUT, layout_key};
use super::records::{TimelinePage, decode_entity};
use super::reindex::Batch;
use super::verify::entity_id;
use super::work::{broken, counted};

/// Rows read at once.
const PAGE_ROWS: usize = 512;

/// How far the rows and counters of cases have been made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    /// Cases done.
    pub done: u64,
    /// Cases in all.
    pub total: u64,
}

/// Whether the rows and counters of a database have to be made anew before it is read.
///
/// # Errors
/// The store cannot be read.
pub fn is_of_older_layout(store: &dyn Store) -> Result<bool, DeskError> {
    let found = store.get(&layout_key()).map_err(broken)?;
    Ok(found.is_some_and(|found| keys::last_number(&found.value) < LAYOUT))
}

/// Makes the rows and counters of cases anew, handing on what is to be written a commit at a time. A record that cannot be
/// read is left out: verifying tells of it.
///
/// # Errors
/// The store cannot be read, or what is handed on cannot be written.
pub fn renew(
    store: &dyn Store,
    zone: &Zone,
    commit: &mut dyn FnMut(Vec<Write>) -> Result<(), DeskError>,
    progress: &dyn Fn(Renewal),
) -> Result<(), DeskError> {
    let mut batch = Batch::default();
    let mut write = |write: Write| batch.push(write).map_or(Ok(()), &mut *commit);
    let mut counts: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
    let total = store.get(&Counter::Number(tag::CASE).key()).map_err(broken)?;
    let total = total.map_or(0, |found| counted(&found.value)).unsigned_abs();
    let mut done = 0_u64;
    each_row(store, KeyRange::prefix(&[tag::CASE]), |key, value| {
        done += 1;
        if done.is_multiple_of(PAGE_ROWS as u64) {
            progress(Renewal { done, total: total.max(done) });
        }
        let Some(Ok(case)) = entity_id(key).map(|id| decode_entity(&id, value)) else {
            return Ok(());
        };
        let derived = derive(&case, zone);
        for (counter, by) in derived.counts {
            *counts.entry(counter.key()).or_default() += by;
        }
        for (key, value) in derived.keys.into_iter().filter(|(_, value)| !value.is_empty()) {
            write(Write::Put(key, value))?;
        }
        Ok(())
    })?;
    for (counter, count) in flows(store, zone)? {
        *counts.entry(counter.key()).or_default() += count;
    }
    each_row(store, KeyRange::prefix(&[tag::COUNTER]), |key, _| {
        let is_over = keys::is_of_class(key) && counts.get(key).is_none_or(|count| *count == 0);
        if is_over { write(Write::Delete(key.to_vec())) } else { Ok(()) }
    })?;
    for (key, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
        write(Write::Put(key, count.to_be_bytes().to_vec()))?;
    }
    // The commit that takes the last of them says that all are made.
    batch.writes.push(Write::Put(layout_key(), LAYOUT.to_be_bytes().to_vec()));
    commit(batch.writes)
}

/// What came into units and left them, counted again from the events of cases.
fn flows(store: &dyn Store, zone: &Zone) -> Result<BTreeMap<Counter, i64>, DeskError> {
    let mut recount = Recount::of(store)?;
    let mut open: Option<(Vec<u8>, Option<Entity>)> = None;
    each_row(store, KeyRange::prefix(&[tag::TIMELINE, tag::CASE]), |key, value| {
        let timeline = key.get(..key.len().saturating_sub(8)).unwrap_or_default();
        let mut entity = open.take().filter(|(known, _)| known == timeline).and_then(|(_, is)| is);
        if let Ok(page) = decode_record::<TimelinePage>(value) {
            for record in &page.records {
                let was = flow::work_of(entity.as_ref());
                entity = fold(entity, record);
                recount.event(record, was, flow::work_of(entity.as_ref()), zone);
            }
        }
        open = Some((timeline.to_vec(), entity));
        Ok(())
    })?;
    Ok(recount.counts())
}

fn each_row(
    store: &dyn Store,
    mut range: KeyRange,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DeskError>,
) -> Result<(), DeskError> {
    loop {
        let page = store.scan(&range, PAGE_ROWS, Direction::Forward).map_err(broken)?;
        for (key, value) in &page.rows {
            each(key, &value.value)?;
        }
        let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { return Ok(()) };
        range = range.beyond(last.clone(), Direction::Forward);
    }
}
