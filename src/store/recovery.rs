//! Brings the database up to the journal when the store is opened, and refuses where the journal is damaged.

use std::path::Path;

use super::checkpoint::Checkpoint;
use super::frame::Frame;
use super::group::Changes;
use super::segment::{Position, journal_directory, list};
use super::sled_engine::{OwnRows, SledEngine};
use super::walk::{Step, Walk};
use super::{Disk, Sequence, StoreError, Versioned, Write};

/// Bytes of frames that are applied at once while they are replayed.
const REPLAY_BYTES: u64 = 4 * 1024 * 1024;

/// How far opening a store has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenProgress {
    /// Something that an operator should find in the log, in words.
    Noted(String),
    /// The database is being opened.
    Opening,
    /// Segments that the manifest does not have are being read, and entered.
    Sealing {
        /// Bytes read so far.
        done_bytes: u64,
        /// Bytes to read in all.
        total_bytes: u64,
    },
    /// Frames that the database may not have are being replayed.
    Replaying {
        /// Bytes replayed so far.
        done_bytes: u64,
        /// Bytes to replay in all.
        total_bytes: u64,
    },
}

/// What a store begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recovered {
    /// The last commit.
    pub(super) sequence: Sequence,
    /// Where its frame ends; none where there is no segment yet.
    pub(super) end: Option<Position>,
    /// Bytes of all segments up to that end.
    pub(super) journal_bytes: u64,
    /// How many segments there are.
    pub(super) segments: u64,
    /// Bytes that were replayed.
    pub(super) replayed_bytes: u64,
}

/// Replays every frame after the last checkpoint. Frames are after-images, so that those which the database has already
/// do no harm, and those which it lost with its buffers come back.
pub(super) fn recover(
    disk: &dyn Disk,
    data: &Path,
    engine: &SledEngine,
    progress: &dyn Fn(OpenProgress),
) -> Result<Recovered, StoreError> {
    let directory = journal_directory(data);
    let segments = list(&directory)?;
    let checkpoint = Checkpoint::read(data)?.unwrap_or_default();
    let applied = engine.applied()?;
    let (last, position) = starting_point(disk, data, checkpoint, applied)?;
    let bytes_before: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let segment_count = segments.len() as u64;
    let mut walk = Walk::behind(&directory, segments, last, position)?;
    let total_bytes = walk.bytes_ahead();
    let mut replay = Replay::new(engine, last, applied);
    let known = applied.max(checkpoint.sequence);
    let mut cut_bytes = 0;
    loop {
        match walk.step()? {
            Step::Frame(frame) => {
                if replay.add(frame)? {
                    let done_bytes = total_bytes - walk.bytes_ahead();
                    progress(OpenProgress::Replaying { done_bytes, total_bytes });
                }
            }
            Step::Fault(fault) if fault.is_torn(known, &checkpoint) => {
                cut_bytes = walk.bytes_ahead();
                break;
            }
            Step::Fault(fault) => return Err(fault.damaged()),
            Step::End => break,
        }
    }
    let sequence = replay.finish()?;
    let replayed_bytes = total_bytes - cut_bytes;
    if replayed_bytes > 0 {
        progress(OpenProgress::Replaying { done_bytes: replayed_bytes, total_bytes });
    }
    if sequence < known {
        return Err(StoreError::Damaged {
            file: directory.display().to_string(),
            byte: 0,
            what: format!(
                "the journal ends with commit {}, and commit {} was acknowledged",
                sequence.0, known.0
            ),
        });
    }
    Ok(Recovered {
        sequence,
        end: walk.position(),
        journal_bytes: bytes_before - cut_bytes,
        segments: segment_count,
        replayed_bytes,
    })
}

/// Where the replay begins: the last commit before it, and where that one's frame ends.
///
/// A database that is behind the checkpoint has lost what was durable, or was taken away: then nothing that it holds can be
/// relied on, and the whole journal is replayed. The checkpoint is moved to the beginning first, so that a power cut in the
/// middle of it cannot pass a half-replayed database off as a whole one; it still says what was acknowledged.
fn starting_point(
    disk: &dyn Disk,
    data: &Path,
    checkpoint: Checkpoint,
    applied: Sequence,
) -> Result<(Sequence, Position), StoreError> {
    let beginning = Position::default();
    if applied < checkpoint.sequence {
        Checkpoint { position: beginning, is_clean: false, ..checkpoint }.write(disk, data)?;
        return Ok((Sequence(0), beginning));
    }
    let last = if checkpoint.position == beginning { Sequence(0) } else { checkpoint.sequence };
    Ok((last, checkpoint.position))
}

struct Replay<'a> {
    engine: &'a SledEngine,
    changes: Changes,
    own: OwnRows,
    bytes: u64,
    last: Sequence,
    applied: Sequence,
}

impl<'a> Replay<'a> {
    fn new(engine: &'a SledEngine, last: Sequence, applied: Sequence) -> Self {
        Self { engine, changes: Changes::new(), own: OwnRows::default(), bytes: 0, last, applied }
    }

    /// Takes a frame; says whether frames were applied with it.
    fn add(&mut self, frame: Frame) -> Result<bool, StoreError> {
        self.bytes += frame.bytes();
        self.last = frame.sequence;
        self.own.ids.push((frame.id, frame.sequence));
        for write in frame.writes {
            match write {
                Write::Put(key, value) => {
                    let versioned = Versioned { value, version: frame.sequence };
                    self.changes.insert(key, Some(versioned));
                }
                Write::Delete(key) => {
                    self.changes.insert(key, None);
                }
            }
        }
        let is_due = self.bytes >= REPLAY_BYTES;
        if is_due {
            self.apply()?;
        }
        Ok(is_due)
    }

    fn finish(mut self) -> Result<Sequence, StoreError> {
        if self.bytes > 0 {
            self.apply()?;
        }
        Ok(self.last)
    }

    // The database's own sequence never goes back: it says up to where the journal must reach.
    fn apply(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        self.applied = self.applied.max(self.last);
        self.own.applied = self.applied;
        self.engine.apply(&std::mem::take(&mut self.changes), &std::mem::take(&mut self.own))
    }
}
