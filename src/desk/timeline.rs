//! A record's events in pages: a small tail that grows, and sealed pages before it, so that a note costs a few kilobytes.

use crate::codec::{RECORD_BYTES_MAX, decode_record, encode_record};
use crate::domain::{EntityId, EventRecord};
use crate::store::{Direction, Latest, Store, Write};

use super::error::DeskError;
use super::keys;
use super::records::TimelinePage;
use super::work::broken;

/// Bytes of a tail page: what one more note may cost to write again. A smaller tail is sealed more often, and each time up to
/// 16 KiB are written again; for events of half a kilobyte the least of both together is near the root of their product.
const TAIL_BYTES_MAX: usize = 4_096;
/// Bytes of a sealed page, below the limit of a record by room for the envelope.
const SEALED_BYTES_MAX: usize = RECORD_BYTES_MAX - 64;

/// Appends events to a record's timeline. A page number is part of the key; the last page is the tail.
pub(super) fn append(
    latest: &dyn Latest,
    id: &EntityId,
    is_new: bool,
    records: Vec<EventRecord>,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let mut pages: Vec<(u64, TimelinePage)> = Vec::new();
    if !is_new {
        let found = latest
            .latest_scan(&keys::timeline(id).range(), 2, Direction::Backward)
            .map_err(|error| text(&error))?;
        for (key, value) in found.rows.into_iter().rev() {
            let page = decode_record(&value.value).map_err(|error| text(&error))?;
            pages.push((keys::last_number(&key), page));
        }
    }
    let mut tail = pages.pop().unwrap_or_default();
    let mut sealed = pages.pop();
    for record in records {
        let size = |page: &TimelinePage| encode_record(page).map(|bytes| bytes.len());
        let mut grown = tail.1.clone();
        grown.records.push(record.clone());
        if tail.1.records.is_empty() || size(&grown).is_ok_and(|bytes| bytes <= TAIL_BYTES_MAX) {
            tail.1 = grown;
            continue;
        }
        // The tail is full: its events move into the sealed page before it, or become one.
        let joined = sealed.as_ref().map(|(number, page)| {
            let mut joined = page.clone();
            joined.records.extend(tail.1.records.iter().cloned());
            (*number, joined)
        });
        match joined {
            Some((number, page)) if size(&page).is_ok_and(|bytes| bytes <= SEALED_BYTES_MAX) => {
                sealed = Some((number, page));
            }
            _ => {
                if let Some((number, page)) = sealed.take() {
                    put(id, number, &page, writes)?;
                }
                sealed = Some(tail.clone());
                tail.0 += 1;
            }
        }
        tail.1 = TimelinePage { records: vec![record] };
    }
    if let Some((number, page)) = &sealed {
        put(id, *number, page, writes)?;
    }
    put(id, tail.0, &tail.1, writes)
}

fn put(
    id: &EntityId,
    number: u64,
    page: &TimelinePage,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    let bytes = encode_record(page).map_err(|error| error.to_string())?;
    writes.push(Write::Put(keys::timeline(id).number(number).done(), bytes));
    Ok(())
}

/// The newest events of a record, newest first, at most so many; and whether there are older ones.
pub(super) fn newest(
    store: &dyn Store,
    id: &EntityId,
    limit: usize,
) -> Result<(Vec<EventRecord>, bool), DeskError> {
    let mut records = Vec::new();
    let mut range = keys::timeline(id).range();
    loop {
        let page = store.scan(&range, 4, Direction::Backward).map_err(broken)?;
        let Some((last, _)) = page.rows.last() else { return Ok((records, false)) };
        range.to = Some(last.clone());
        for (_, value) in &page.rows {
            let found: TimelinePage = decode_record(&value.value).map_err(broken)?;
            for record in found.records.into_iter().rev() {
                if records.len() == limit {
                    return Ok((records, true));
                }
                records.push(record);
            }
        }
        if !page.has_more {
            return Ok((records, false));
        }
    }
}
