//! The audit chain: every event of the timelines once, chained as it was, up to the head, as the journal and the anchors
//! have it.
//!
//! Timelines are not in the order of the chain, so the hashes of a window of events are held, and the timelines are read
//! again for each window.

use std::iter::Peekable;

use crate::codec::decode_record;
use crate::desk::anchors::AnchorSheet;
use crate::desk::chain;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::records::{ChainHead, TimelinePage};
use crate::desk::timeline;
use crate::desk::trail::Trail;
use crate::domain::EventRecord;
use crate::store::KeyRange;
use crate::text::hexadecimal;

use super::{Check, CheckedPart, PROGRESS_ROWS, REBUILD, TAMPERED};

/// What was learned of the whole chain while its first window was read.
#[derive(Default)]
struct Extent {
    events: u64,
    last: u64,
}

/// The hashes of the events from `first` on, where they are there.
struct Window {
    first: u64,
    /// The most that are held.
    most: u64,
    hashes: Vec<Option<[u8; 32]>>,
    /// The hash before the first.
    before: Option<[u8; 32]>,
}

impl Window {
    fn slot(&mut self, sequence: u64) -> Option<&mut Option<[u8; 32]>> {
        let place = sequence.checked_sub(self.first).filter(|place| *place < self.most)?;
        let place = usize::try_from(place).ok()?;
        if self.hashes.len() <= place {
            self.hashes.resize(place + 1, None);
        }
        self.hashes.get_mut(place)
    }

    /// The hash that the event of this sequence was chained to, where it is there.
    fn previous(&self, sequence: u64) -> Option<[u8; 32]> {
        let place = usize::try_from(sequence.checked_sub(self.first)?).ok()?;
        match place.checked_sub(1) {
            None => self.before,
            Some(place) => self.hashes.get(place).copied().flatten(),
        }
    }

    fn holds(&self, sequence: u64) -> bool {
        sequence >= self.first && sequence - self.first < self.hashes.len() as u64
    }
}

impl Check<'_> {
    pub(super) fn chain(
        &mut self,
        trail: Option<Trail>,
        mut anchors: AnchorSheet,
        most: u64,
    ) -> Result<(), DeskError> {
        let head = match self.get(&keys::chain_head())?.map(|bytes| decode_record(&bytes)) {
            None => ChainHead::default(),
            Some(Ok(head)) => head,
            Some(Err(error)) => {
                self.find(format!("the head of the audit chain cannot be read: {error}"), REBUILD);
                return Ok(());
            }
        };
        self.found.anchors = anchors.len() as u64;
        let mut trail = trail.map(Iterator::peekable);
        let mut extent = None;
        let mut window = Window { first: 1, most, hashes: Vec::new(), before: Some([0; 32]) };
        let last = loop {
            let end = self.collect(&mut window, &mut extent)?;
            self.compare(&window, end, trail.as_mut(), &mut anchors);
            self.recompute(&window)?;
            let newest = window.hashes.last().copied().flatten();
            if window.first + window.hashes.len() as u64 > end {
                break (end, newest.or(window.before).unwrap_or_default());
            }
            window.first += window.hashes.len() as u64;
            window.before = newest;
        };
        self.found.head = last.1;
        self.ends(last, head, trail, anchors);
        Ok(())
    }

    /// Reads the hashes of a window, and of the first one everything else that a page tells. Gives the last sequence.
    fn collect(
        &mut self,
        window: &mut Window,
        extent: &mut Option<Extent>,
    ) -> Result<u64, DeskError> {
        window.hashes.clear();
        let is_first = extent.is_none();
        let mut seen = extent.take().unwrap_or_default();
        let mut before: (Vec<u8>, u64) = (Vec::new(), 0);
        self.events(is_first, |check, pages, record| {
            if is_first {
                check.place(pages, record, &mut before);
                seen.events += 1;
                seen.last = seen.last.max(record.sequence);
                if seen.events.is_multiple_of(PROGRESS_ROWS) {
                    (check.progress)(CheckedPart::Chain(seen.events));
                }
            }
            if let Some(slot) = window.slot(record.sequence) {
                if slot.is_some() {
                    let (sequence, entity) = (record.sequence, &record.entity);
                    check.find(format!("event {sequence} of {entity} is there twice"), TAMPERED);
                }
                *slot = Some(record.hash);
            }
            Ok(())
        })?;
        self.found.events = seen.events;
        // An event may say that it is any number: where they end is not believed beyond what so many can fill.
        let end = seen.last.min(seen.events.saturating_add(window.most));
        let here = end.saturating_sub(window.first - 1).min(window.most);
        window.hashes.resize(usize::try_from(here).unwrap_or(usize::MAX), None);
        *extent = Some(seen);
        Ok(end)
    }

    /// An event stands in its own record's timeline, behind those before it.
    fn place(&mut self, pages: &[u8], record: &EventRecord, before: &mut (Vec<u8>, u64)) {
        let (sequence, entity) = (record.sequence, &record.entity);
        let (tag, timeline) = pages.split_first().unwrap_or((&0, &[]));
        if timeline != keys::entity(entity) {
            let what = format!("event {sequence} of {entity} lies in another timeline");
            self.find(what, TAMPERED);
        }
        if *tag == tag::READING && !timeline::is_reading(&record.event) {
            let what = format!("event {sequence} of {entity} is no reading and lies among them");
            self.find(what, TAMPERED);
        }
        if before.0 != pages {
            *before = (pages.to_vec(), 0);
        }
        if sequence <= before.1 {
            let after = before.1;
            let what = format!("event {sequence} of {entity} stands behind event {after}");
            self.find(what, TAMPERED);
        }
        before.1 = sequence;
    }

    /// Compares the window with what the journal and the anchors say of the same events, and finds the gaps in it.
    fn compare(
        &mut self,
        window: &Window,
        end: u64,
        trail: Option<&mut Peekable<Trail>>,
        anchors: &mut AnchorSheet,
    ) {
        let mut gap: Option<(u64, u64)> = None;
        for (sequence, hash) in (window.first..).zip(&window.hashes) {
            match (hash, &mut gap) {
                (None, Some((_, to))) => *to = sequence,
                (None, gap) => *gap = Some((sequence, sequence)),
                (Some(hash), gap) => {
                    self.gap(gap.take());
                    for wrong in anchors.compare(sequence, hash) {
                        self.find(wrong, TAMPERED);
                    }
                }
            }
        }
        self.gap(gap);
        let Some(trail) = trail else { return };
        // The journal's side is told of as stretches, for one missing commit may have had a thousand events.
        let mut strange: Option<(u64, u64)> = None;
        for (sequence, hash) in (window.first..=end).zip(&window.hashes) {
            let chained = match trail.peek() {
                Some(Ok(record)) if record.sequence == sequence => Some(record.hash),
                Some(Ok(_)) | None => None,
                Some(Err(error)) => {
                    let what = format!("the chain in the journal cannot be read on: {error}");
                    self.find(what, "run `casedesk verify` to see where");
                    None
                }
            };
            if chained.is_some() || matches!(trail.peek(), Some(Err(_))) {
                trail.next();
            }
            match &mut strange {
                Some((_, to)) if chained != *hash && *to + 1 == sequence => *to = sequence,
                _ if chained != *hash => {
                    self.strange(strange.replace((sequence, sequence)));
                }
                _ => {}
            }
        }
        self.strange(strange);
    }

    fn gap(&mut self, gap: Option<(u64, u64)>) {
        let Some((from, to)) = gap else { return };
        let what = if from == to {
            format!("event {from} of the audit chain is missing")
        } else {
            format!("events {from} to {to} of the audit chain are missing")
        };
        self.find(what, TAMPERED);
    }

    fn strange(&mut self, strange: Option<(u64, u64)>) {
        let Some((from, to)) = strange else { return };
        let what = format!("events {from} to {to} differ between the journal and the timelines");
        self.find(what, REBUILD);
    }

    /// Chains every event of the window again, and compares.
    fn recompute(&mut self, window: &Window) -> Result<(), DeskError> {
        self.events(false, |check, _, record| {
            let (sequence, entity) = (record.sequence, &record.entity);
            // Behind an event that is missing, nothing can be chained; that it is missing was told.
            if window.holds(sequence)
                && let Some(previous) = window.previous(sequence)
                && chain::hash(&previous, record).ok() != Some(record.hash)
            {
                let what = format!("event {sequence} of {entity} is not what was chained");
                check.find(what, TAMPERED);
            }
            Ok(())
        })
    }

    /// Whether all that know of the end of the chain know the same.
    fn ends(
        &mut self,
        (last, hash): (u64, [u8; 32]),
        head: ChainHead,
        trail: Option<Peekable<Trail>>,
        mut anchors: AnchorSheet,
    ) {
        if head.sequence != last {
            let says = head.sequence;
            self.find(
                format!("the audit chain ends at {last}, and its head says {says}"),
                TAMPERED,
            );
        } else if head.hash != hash {
            let what = format!("event {last} has another hash than the head of the audit chain");
            self.find(what, TAMPERED);
        }
        if let Some(Ok(record)) = trail.and_then(|mut trail| trail.next()) {
            let sequence = record.sequence;
            let what = format!("event {sequence} is in the journal and in no timeline");
            self.find(what, REBUILD);
        }
        if let Some(wrong) = anchors.finish(last) {
            self.find(wrong, TAMPERED);
        }
    }

    /// Calls `each` with every event but readings, in the order of records, with the key of the record whose timeline it is in.
    pub(super) fn timelines(
        &mut self,
        mut each: impl FnMut(&mut Self, &[u8], &EventRecord) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        self.events_of(tag::TIMELINE, false, &mut |check, pages, record| {
            each(check, pages.get(1..).unwrap_or_default(), record)
        })
    }

    /// Calls `each` with every event, in the order of records, readings last, with what the keys of its pages begin with.
    /// Pages that cannot be read are findings where that is asked for.
    fn events(
        &mut self,
        tells: bool,
        mut each: impl FnMut(&mut Self, &[u8], &EventRecord) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        self.events_of(tag::TIMELINE, tells, &mut each)?;
        self.events_of(tag::READING, tells, &mut each)
    }

    fn events_of(
        &mut self,
        tag: u8,
        tells: bool,
        each: &mut impl FnMut(&mut Self, &[u8], &EventRecord) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        self.rows(KeyRange::prefix(&[tag]), |check, key, value| {
            let pages = key.get(..key.len().saturating_sub(8)).unwrap_or_default();
            match decode_record::<TimelinePage>(value) {
                Ok(page) => {
                    for record in &page.records {
                        each(check, pages, record)?;
                    }
                }
                Err(error) if tells => {
                    let what =
                        format!("page {} of a timeline cannot be read: {error}", hexadecimal(key));
                    check.find(what, REBUILD);
                }
                Err(_told_before) => {}
            }
            Ok(())
        })
    }
}
