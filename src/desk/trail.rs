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
use crate::domain::{EntityId, Event, EventRecord};
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
    /// The commit that was read last.
    commit: u64,
    bytes_total: u64,
}

/// One step along a trail.
#[derive(Debug)]
pub(super) enum TrailStep {
    /// The next event.
    Event(Box<EventRecord>),
    /// A commit was read; what it holds of the chain comes next.
    Commit,
    /// The journal holds no more.
    End,
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
        Self::resumed(journal, 0)
    }

    /// The trail behind the event `last`, of a journal that is read from the commit of that event on, or from an earlier one.
    pub(super) fn resumed(journal: JournalReader, last: u64) -> Self {
        let bytes_total = journal.bytes_ahead();
        Self { journal, next: VecDeque::new(), last, commit: 0, bytes_total }
    }

    /// The commit that was read last.
    pub(super) fn commit(&self) -> u64 {
        self.commit
    }

    /// One event more, or one commit read more: whoever bounds their reading counts both, for many commits have no event.
    ///
    /// # Errors
    /// The journal is damaged there, or holds what this program cannot read.
    pub(super) fn step(&mut self) -> Result<TrailStep, DeskError> {
        if let Some(record) = self.next.pop_front() {
            return Ok(TrailStep::Event(Box::new(record)));
        }
        match self.journal.next() {
            Some(Ok(frame)) => self.take(&frame).map(|()| TrailStep::Commit),
            Some(Err(error)) => Err(broken(error)),
            None => Ok(TrailStep::End),
        }
    }

    /// Bytes of the journal that were read, and that there are.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.bytes_total.saturating_sub(self.journal.bytes_ahead()), self.bytes_total)
    }

    fn take(&mut self, frame: &Frame) -> Result<(), DeskError> {
        let records = events_after(frame, self.last)?;
        self.commit = frame.sequence.0;
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
            match self.step() {
                Ok(TrailStep::Event(record)) => return Some(Ok(*record)),
                Ok(TrailStep::Commit) => {}
                Ok(TrailStep::End) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trail").field("last", &self.last).finish_non_exhaustive()
    }
}

/// What an event says, as it is encoded and hashed, for whoever checks the chain without the program.
///
/// # Errors
/// The event cannot be encoded.
pub fn payload(event: &Event) -> Result<Vec<u8>, DeskError> {
    to_bytes(event, FRAME_BYTES_MAX).map_err(broken)
}

/// The key of an event's record, as the event's hash covers it.
#[must_use]
pub fn record_key(record: &EntityId) -> Vec<u8> {
    keys::entity(record)
}

/// Follows the chain event by event and says what does not follow. It remembers one hash.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChainCheck {
    sequence: u64,
    hash: [u8; 32],
}

impl ChainCheck {
    /// Follows the chain behind the event `sequence`, whose hash is known.
    #[must_use]
    pub fn behind(sequence: u64, hash: [u8; 32]) -> Self {
        Self { sequence, hash }
    }

    /// What is wrong with the next event, in a sentence.
    #[must_use]
    pub fn follow(&mut self, record: &EventRecord) -> Option<String> {
        self.follow_telling(record, || format!(" of {}", record.entity))
    }

    /// As [`Self::follow`], for whoever decides which record is named, as ` of C-7`.
    pub(super) fn follow_telling(
        &mut self,
        record: &EventRecord,
        of: impl FnOnce() -> String,
    ) -> Option<String> {
        let sequence = record.sequence;
        let expected = self.sequence + 1;
        let wrong = if sequence != expected {
            Some(format!("event {sequence}{} stands where event {expected} belongs", of()))
        } else if chain::hash(&self.hash, record).ok() != Some(record.hash) {
            Some(format!("event {sequence}{} is not what was chained", of()))
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
