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

/// How large the pages of a timeline become.
#[derive(Clone, Copy)]
pub(super) struct PageSizes {
    /// Bytes of a tail page: what one more event may cost to write again. A smaller tail is sealed more often, and each time the
    /// sealed page before it is written again; the least of both together is near the root of an event's bytes times the
    /// sealed page's.
    tail_max: usize,
    /// Bytes of a sealed page.
    sealed_max: usize,
}

impl PageSizes {
    /// Of what happened to a record, half a kilobyte each. A sealed page is below the limit of a record by room for the
    /// envelope.
    const EVENTS: Self = Self { tail_max: 4_096, sealed_max: RECORD_BYTES_MAX - 64 };
    /// Of its readings, a hundred bytes each: whoever opens it has the newest pages looked through.
    const READINGS: Self = Self { tail_max: 640, sealed_max: 4_096 };

    /// Of events of one kind.
    pub(super) fn of(are_readings: bool) -> Self {
        if are_readings { Self::READINGS } else { Self::EVENTS }
    }
}

/// Whether an event is a reading, which lies apart. Earlier programs put readings among the others.
pub(super) fn is_reading(event: &Event) -> bool {
    *event == Event::Opened
}

/// Appends events behind those whose pages begin with this key. A page number follows it; the last page is the tail.
pub(super) fn append(
    latest: &dyn Latest,
    (of, sizes): (&[u8], PageSizes),
    is_new: bool,
    records: Vec<EventRecord>,
    writes: &mut Vec<Write>,
) -> Result<(), String> {
    let written = BTreeMap::new();
    let mut pages = Pages { latest, of, sizes, number: 0, sealed: None, written };
    let mut tail = if is_new { EncodedList::default() } else { pages.tail()? };
    for record in records {
        let mut own = EncodedList::default();
        own.push(&record).map_err(text)?;
        if !tail.is_empty() && tail.bytes_with(&own).map_err(text)? > sizes.tail_max {
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
    sizes: PageSizes,
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
            if let Some(bytes) = bytes.filter(|bytes| bytes.len() <= self.sizes.sealed_max) {
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
    let mut records: Vec<EventRecord> = Vec::new();
    loop {
        let page = store.scan(&range, 4, Direction::Backward).map_err(broken)?;
        let Some((last, _)) = page.rows.last() else { return Ok((records, false)) };
        range.to = Some(last.clone());
        for (_, value) in &page.rows {
            let mut found: TimelinePage = decode_record(&value.value).map_err(broken)?;
            found.records.reverse();
            let is_cut = records.len() + found.records.len() > limit;
            found.records.truncate(limit - records.len());
            if records.is_empty() {
                records = found.records;
            } else {
                records.append(&mut found.records);
            }
            if is_cut {
                return Ok((records, true));
            }
        }
        if !page.has_more {
            return Ok((records, false));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::CaseId;
    use crate::domain::time::Instant;
    use crate::store::{Page, Sequence, StoreError, Value};

    const OF: &[u8] = b"readings of one";

    /// Rows in memory, all of one commit.
    #[derive(Default)]
    struct Rows(BTreeMap<Vec<u8>, Value>);

    impl Latest for Rows {
        fn latest(&self, key: &[u8]) -> Result<Option<Value>, StoreError> {
            Ok(self.0.get(key).cloned())
        }

        fn latest_scan(
            &self,
            range: &KeyRange,
            limit: usize,
            _direction: Direction,
        ) -> Result<Page, StoreError> {
            let to = range.to.clone().unwrap_or_default();
            let rows = self.0.range(range.from.clone()..to).rev().take(limit);
            let versioned =
                |value: &Value| Versioned { value: Arc::clone(value), version: Sequence(1) };
            let rows = rows.map(|(key, value)| (key.clone(), versioned(value))).collect();
            Ok(Page { rows, has_more: false })
        }

        fn sequence(&self) -> Sequence {
            Sequence(1)
        }
    }

    impl Rows {
        fn append(&mut self, sizes: PageSizes, sequence: u64) {
            let (of, at) = (EntityId::Case(CaseId(1)), Instant::from_milliseconds(0));
            let record = EventRecord { sequence, ..EventRecord::alone(of, at, Event::Opened) };
            let mut writes = Vec::new();
            append(self, (OF, sizes), false, vec![record], &mut writes).unwrap();
            for write in writes {
                let Write::Put(key, value) = write else { panic!("nothing is taken away") };
                self.0.insert(key, value.into());
            }
        }

        fn pages(&self) -> Vec<TimelinePage> {
            self.0.values().map(|value| decode_record(value).unwrap()).collect()
        }
    }

    #[test]
    fn pages_that_were_larger_go_on_with_smaller_ones() {
        let mut rows = Rows::default();
        let all = 1_000;
        for sequence in 0..all {
            // As readings lay in pages as large as those of other events.
            let was = sequence < all / 2;
            rows.append(if was { PageSizes::EVENTS } else { PageSizes::READINGS }, sequence);
        }
        let pages = rows.pages();
        let told = pages.iter().flat_map(|page| &page.records).map(|record| record.sequence);
        assert!(told.eq(0..all), "each is there once, in its order");
        let bytes: Vec<usize> = rows.0.values().map(|value| value.len()).collect();
        let largest = |bytes: &[usize]| bytes.iter().copied().max().unwrap_or_default();
        assert!(largest(&bytes) > PageSizes::READINGS.sealed_max, "the old ones lie as they did");
        let newest = pages.iter().position(|page| page.records.iter().any(|it| it.sequence > 600));
        let newest = bytes.split_at(newest.unwrap()).1;
        assert!(newest.len() > 3 && largest(newest) <= PageSizes::READINGS.sealed_max);
    }
}
