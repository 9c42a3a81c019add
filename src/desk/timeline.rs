//! A record's events in pages: a small tail that grows, and sealed pages before it, so that a note costs a few kilobytes.
//!
//! That it was opened lies in pages of its own: what happened to a record is found however often it is read.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Display;

use crate::codec::{CodecError, EncodedList, RECORD_BYTES_MAX, decode_record};
use crate::domain::{CaseworkerId, EntityId, Event, EventRecord};
use crate::store::{Direction, KeyRange, Latest, Store, Versioned, Visit, Write};

use super::error::DeskError;
use super::keys;
use super::records::TimelinePage;
use super::work::broken;

/// Bytes of a tail page: what one more note may cost to write again. A smaller tail is sealed more often, and each time up to
/// 16 KiB are written again; for events of half a kilobyte the least of both together is near the root of their product.
const TAIL_BYTES_MAX: usize = 4_096;
/// Bytes of a sealed page, below the limit of a record by room for the envelope.
const SEALED_BYTES_MAX: usize = RECORD_BYTES_MAX - 64;

/// Whether an event is a reading, which lies apart. Earlier programs put readings among the others.
pub(super) fn is_reading(event: &Event) -> bool {
    *event == Event::Opened
}

/// Appends events behind those whose pages begin with this key. A page number follows it; the last page is the tail.
pub(super) fn append(
    latest: &dyn Latest,
    of: &[u8],
    is_new: bool,
    records: Vec<EventRecord>,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    let mut pages = Pages { latest, of, number: 0, sealed: None, written: BTreeMap::new() };
    let mut tail = if is_new { EncodedList::default() } else { pages.tail()? };
    for record in records {
        let mut own = EncodedList::default();
        own.push(&record).map_err(text)?;
        if !tail.is_empty() && tail.bytes_with(&own).map_err(text)? > TAIL_BYTES_MAX {
            // The tail is full: its events move into the sealed page before it, or become one.
            pages.seal(std::mem::take(&mut tail))?;
        }
        tail.extend(&own);
    }
    let bytes = closed(&tail)?;
    pages.written.insert(pages.number, bytes);
    let written = std::mem::take(&mut pages.written).into_iter();
    writes.extend(written.map(|(page, bytes)| Write::Put(pages.key(page), bytes)));
    Ok(())
}

/// The pages of a timeline to which events are appended.
struct Pages<'a> {
    latest: &'a dyn Latest,
    /// What their keys begin with.
    of: &'a [u8],
    /// Where the tail lies; the page before it is sealed.
    number: u64,
    /// The sealed page before the tail, once this commit has written it.
    sealed: Option<EncodedList>,
    /// Pages that have become others, encoded.
    written: BTreeMap<u64, Vec<u8>>,
}

impl Pages<'_> {
    fn key(&self, page: u64) -> Vec<u8> {
        [self.of, &page.to_be_bytes()].concat()
    }

    /// The tail as it is.
    fn tail(&mut self) -> Result<EncodedList, String> {
        let range = KeyRange::prefix(self.of);
        let found = self.latest.latest_scan(&range, 1, Direction::Backward).map_err(text)?;
        let Some((key, value)) = found.rows.first() else { return Ok(EncodedList::default()) };
        self.number = keys::last_number(key);
        EncodedList::open::<TimelinePage>(&value.value).map_err(text)
    }

    /// Moves a full tail into the sealed page before it, or, where that is full too, seals it by itself.
    fn seal(&mut self, tail: EncodedList) -> Result<(), String> {
        let before = self.number.checked_sub(1);
        if let Some(before) = before
            && let Some(mut joined) = self.sealed_at(before)?
        {
            joined.extend(&tail);
            let bytes = closed(&joined).ok();
            if let Some(bytes) = bytes.filter(|bytes| bytes.len() <= SEALED_BYTES_MAX) {
                self.written.insert(before, bytes);
                self.sealed = Some(joined);
                return Ok(());
            }
        }
        self.written.insert(self.number, closed(&tail)?);
        self.number += 1;
        self.sealed = Some(tail);
        Ok(())
    }

    fn sealed_at(&mut self, number: u64) -> Result<Option<EncodedList>, String> {
        if let Some(sealed) = self.sealed.take() {
            return Ok(Some(sealed));
        }
        let found = self.latest.latest(&self.key(number)).map_err(text)?;
        found.map(|bytes| EncodedList::open::<TimelinePage>(&bytes).map_err(text)).transpose()
    }
}

fn closed(page: &EncodedList) -> Result<Vec<u8>, String> {
    page.close::<TimelinePage>().map_err(text)
}

fn text(error: impl Display) -> String {
    error.to_string()
}

/// Who opened a record, each with the place of their reading in the chain, oldest first. Readings that earlier programs put
/// among the other events are not there.
pub(super) fn readers(
    store: &dyn Store,
    id: &EntityId,
) -> Result<VecDeque<(u64, CaseworkerId)>, DeskError> {
    let mut readers = VecDeque::new();
    let mut unreadable = None;
    let mut take = |value: &Versioned| -> Result<(), CodecError> {
        let page: TimelinePage = decode_record(&value.value)?;
        readers.extend(page.records.iter().map(|record| (record.sequence, record.actor)));
        Ok(())
    };
    let visited = store.visit(&Visit::all(&keys::readings(id).range()), &mut |_, value| {
        unreadable = take(value).err();
        unreadable.is_none()
    });
    visited.map_err(broken)?;
    unreadable.map_or(Ok(readers), |error| Err(broken(error)))
}

/// The newest events of a record, newest first, at most so many; and whether there are older ones.
pub(super) fn newest(
    store: &dyn Store,
    id: &EntityId,
    limit: usize,
) -> Result<(Vec<EventRecord>, bool), DeskError> {
    newest_in(store, keys::timeline(id).range(), limit)
}

/// As [`newest`], of the readings of a record. Those that earlier programs put among the other events are not there.
pub(super) fn newest_readings(
    store: &dyn Store,
    id: &EntityId,
    limit: usize,
) -> Result<(Vec<EventRecord>, bool), DeskError> {
    newest_in(store, keys::readings(id).range(), limit)
}

fn newest_in(
    store: &dyn Store,
    mut range: KeyRange,
    limit: usize,
) -> Result<(Vec<EventRecord>, bool), DeskError> {
    let mut records = Vec::new();
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
