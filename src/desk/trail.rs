//! The audit trail in the order of its chain, read from the journal beside whoever has the database open.
//!
//! The database has no index by sequence, and needs none: every commit's frame carries the pages of the timelines that it
//! grew, and the events in them that are newer than the last one seen are the next of the chain.
//!
//! # Checking the chain by hand
//! All hashes are SHA-256, all numbers are eight bytes, big-endian. The hash of an event is taken over these fields, each
//! with its length as a number before it: the hash of the event before (32 zero bytes for the first), its sequence, its
//! instant in milliseconds, its actor's number, the account behind the actor, its unit's number, the key of its record, its
//! reason, its purpose, its rule (texts as UTF-8, nothing where there is none), and its commitment, which is the hash of its
//! 16 bytes of salt followed by the payload: what happened, as the program encodes it.

use std::collections::VecDeque;
use std::path::Path;

use crate::codec::{FRAME_BYTES_MAX, decode_record, to_bytes};
use crate::domain::EventRecord;
use crate::store::{Frame, JournalReader, Sequence, StoreError, Write};

use super::chain;
use super::error::DeskError;
use super::keys::{self, tag};
use super::records::TimelinePage;
use super::work::broken;

/// The events of a journal in the order of the chain. It holds one frame in memory.
pub struct Trail {
    journal: JournalReader,
    /// Events of the frame that was read last.
    next: VecDeque<EventRecord>,
    /// The newest event that was read.
    last: u64,
    bytes_total: u64,
}

impl Trail {
    /// The trail of the data directory `data`; it needs neither the lock nor the database.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        Ok(Self::over(JournalReader::open(data, Sequence(1))?))
    }

    /// The trail of a journal that is read from its first commit on.
    #[must_use]
    pub fn over(journal: JournalReader) -> Self {
        let bytes_total = journal.bytes_ahead();
        Self { journal, next: VecDeque::new(), last: 0, bytes_total }
    }

    /// Bytes of the journal that were read, and that there are.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.bytes_total.saturating_sub(self.journal.bytes_ahead()), self.bytes_total)
    }

    fn take(&mut self, frame: &Frame) -> Result<(), DeskError> {
        let records = events_after(frame, self.last)?;
        self.last = records.last().map_or(self.last, |record| record.sequence);
        self.next.extend(records);
        Ok(())
    }
}

/// The events that a commit added to the chain, in their order: its frame carries the pages of the timelines that it grew,
/// with what stood in them up to the event `last` before.
pub(super) fn events_after(frame: &Frame, last: u64) -> Result<Vec<EventRecord>, DeskError> {
    let mut records: Vec<EventRecord> = Vec::new();
    for write in &frame.writes {
        let Write::Put(key, value) = write else { continue };
        if matches!(key.first(), Some(&(tag::TIMELINE | tag::READING))) {
            let page: TimelinePage =
                decode_record(value).map_err(|error| unreadable(frame, &error))?;
            records.extend(page.records.into_iter().filter(|record| record.sequence > last));
        }
    }
    records.sort_by_key(|record| record.sequence);
    // A page that grew twice in one commit carries the same event twice.
    records.dedup();
    Ok(records)
}

/// The error of a frame that is whole and holds what this program cannot read.
pub(super) fn unreadable(frame: &Frame, error: &dyn std::fmt::Display) -> DeskError {
    DeskError::Broken(format!("commit {} of the journal: {error}", frame.sequence.0))
}

impl Iterator for Trail {
    type Item = Result<EventRecord, DeskError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.next.pop_front() {
                return Some(Ok(record));
            }
            match self.journal.next()? {
                Ok(frame) => {
                    if let Err(error) = self.take(&frame) {
                        return Some(Err(error));
                    }
                }
                Err(error) => return Some(Err(broken(error))),
            }
        }
    }
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trail").field("last", &self.last).finish_non_exhaustive()
    }
}

/// The parts of an event that its hash covers and that its fields do not show as they are hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key of the event's record.
    pub record_key: Vec<u8>,
    /// What happened, as it is encoded.
    pub payload: Vec<u8>,
    /// The hash of the salt and the payload.
    pub commitment: [u8; 32],
}

/// The parts of an event that only the program can encode, for whoever checks the chain without it.
///
/// # Errors
/// The event cannot be encoded.
pub fn sealed(record: &EventRecord) -> Result<Sealed, DeskError> {
    let payload = to_bytes(&record.event, FRAME_BYTES_MAX).map_err(broken)?;
    let commitment = chain::commitment(&record.salt, &payload);
    Ok(Sealed { record_key: keys::entity(&record.entity), payload, commitment })
}

/// Follows the chain event by event and says what does not follow. It remembers one hash.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChainCheck {
    sequence: u64,
    hash: [u8; 32],
}

impl ChainCheck {
    /// What is wrong with the next event, in a sentence.
    #[must_use]
    pub fn follow(&mut self, record: &EventRecord) -> Option<String> {
        let (sequence, entity) = (record.sequence, &record.entity);
        let expected = self.sequence + 1;
        let wrong = if sequence != expected {
            Some(format!("event {sequence} of {entity} stands where event {expected} belongs"))
        } else if chain::hash(&self.hash, record).ok() != Some(record.hash) {
            Some(format!("event {sequence} of {entity} is not what was chained"))
        } else {
            None
        };
        // What follows is judged by what this event says of itself, so that one fault is told once.
        *self = Self { sequence, hash: record.hash };
        wrong
    }

    /// The sequence and hash of the last event.
    #[must_use]
    pub fn last(&self) -> (u64, [u8; 32]) {
        (self.sequence, self.hash)
    }
}
