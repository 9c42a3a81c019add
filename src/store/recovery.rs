//! Brings the database up to the journal when the store is opened, and refuses where the journal is damaged.

use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::frame::Frame;
use super::group::Changes;
use super::segment::{Position, journal_directory, list, segment_path};
use super::sled_engine::{OwnRows, SledEngine};
use super::walk::{Step, Walk};
use super::{Sequence, StoreError, Versioned, Write};

/// Bytes of frames that are applied at once while they are replayed.
const REPLAY_BYTES: u64 = 16 * 1024 * 1024;

/// How far opening a store has come, and what was done about what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenProgress {
    /// The database is being opened.
    Opening,
    /// Segments that the manifest does not have are being read, and entered.
    Sealing {
        /// Bytes read so far.
        done_bytes: u64,
        /// Bytes to read in all.
        total_bytes: u64,
    },
    /// The database was not closed in order, and is looked at before it is opened.
    Probing,
    /// Frames that the database may not have are being replayed.
    Replaying {
        /// Bytes replayed so far.
        done_bytes: u64,
        /// Bytes to replay in all.
        total_bytes: u64,
    },
    /// The database could not be relied on; it lies under another name, as it was.
    SetAside {
        /// Where it lies now.
        to: PathBuf,
        /// What was wrong with it.
        why: String,
    },
    /// The database is being made anew from the newest sound snapshot and the journal.
    Rebuilding {
        /// Bytes of both read so far.
        done_bytes: u64,
        /// Bytes of both to read in all.
        total_bytes: u64,
    },
    /// The database was made anew, up to this commit.
    Rebuilt(Sequence),
    /// The end of the journal, which nobody was told of, was torn and is cut off.
    CutTorn {
        /// The file.
        file: PathBuf,
        /// Bytes cut off.
        bytes: u64,
    },
    /// Something else that whoever looks after the system should read.
    Noted(String),
}

impl OpenProgress {
    /// What happened, in words for a log; nothing for mere progress.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Opening
            | Self::Sealing { .. }
            | Self::Probing
            | Self::Replaying { .. }
            | Self::Rebuilding { .. } => None,
            Self::SetAside { to, why } => Some(format!(
                "The database could not be relied on ({why}). It was moved to {}, and is made anew from the journal: \
                 nothing that was acknowledged is lost.",
                to.display()
            )),
            Self::Rebuilt(last) => {
                Some(format!("The database was made anew, up to commit {}.", last.0))
            }
            Self::CutTorn { file, bytes } => Some(format!(
                "The last {bytes} bytes of {} were torn and are cut off; nobody was told that they were written.",
                file.display()
            )),
            Self::Noted(words) => Some(words.clone()),
        }
    }
}

/// What a store begins with.
#[derive(Debug, Clone)]
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
    /// Bytes behind the end that were torn.
    pub(super) cut_bytes: u64,
}

/// Where a replay begins, and what it must reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// The last commit before the first frame that is read.
    pub(super) last: Sequence,
    /// Where that one's frame ends.
    pub(super) position: Position,
    /// Frames up to this one are read and not applied, for the database has them.
    pub(super) applied: Sequence,
    /// The newest commit that is known to have been acknowledged.
    pub(super) known: Sequence,
}

/// Replays every frame after the last checkpoint. Frames are after-images, so that those which the database has already
/// do no harm, and those which it lost with its buffers come back.
pub(super) fn recover(
    data: &Path,
    engine: &SledEngine,
    checkpoint: Checkpoint,
    progress: &dyn Fn(OpenProgress),
) -> Result<Recovered, StoreError> {
    let is_from_beginning = checkpoint.position == Position::default();
    let last = if is_from_beginning { Sequence(0) } else { checkpoint.sequence };
    let start = Start {
        last,
        position: checkpoint.position,
        applied: last,
        known: engine.applied()?.max(checkpoint.sequence),
    };
    let told = |done_bytes, total_bytes| {
        progress(OpenProgress::Replaying { done_bytes, total_bytes });
    };
    let recovered = replay(data, engine, checkpoint, start, &told)?;
    if let Some(end) = recovered.end
        && recovered.cut_bytes > 0
    {
        let file = segment_path(&journal_directory(data), end.segment);
        progress(OpenProgress::CutTorn { file, bytes: recovered.cut_bytes });
    }
    Ok(recovered)
}

/// Applies the frames behind `start` to the database, and tells how many bytes of how many are done.
pub(super) fn replay(
    data: &Path,
    engine: &SledEngine,
    checkpoint: Checkpoint,
    start: Start,
    progress: &dyn Fn(u64, u64),
) -> Result<Recovered, StoreError> {
    let directory = journal_directory(data);
    let segments = list(&directory)?;
    let bytes_before: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let segment_count = segments.len() as u64;
    let mut walk = Walk::behind(&directory, segments, start.last, start.position)?;
    let total_bytes = walk.bytes_ahead();
    let mut replay = Replay::new(engine, start.last, engine.applied()?);
    let mut cut_bytes = 0;
    loop {
        match walk.step()? {
            Step::Frame(frame) if frame.sequence <= start.applied => replay.last = frame.sequence,
            Step::Frame(frame) => {
                if replay.add(frame)? {
                    progress(total_bytes - walk.bytes_ahead(), total_bytes);
                }
            }
            Step::Fault(fault) if fault.is_torn(start.known, &checkpoint) => {
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
        progress(replayed_bytes, total_bytes);
    }
    if sequence < start.known {
        return Err(StoreError::Damaged {
            file: directory.display().to_string(),
            byte: 0,
            what: format!(
                "the journal ends with commit {}, and commit {} was acknowledged",
                sequence.0, start.known.0
            ),
        });
    }
    Ok(Recovered {
        sequence,
        end: walk.position(),
        journal_bytes: bytes_before - cut_bytes,
        segments: segment_count,
        replayed_bytes,
        cut_bytes,
    })
}

/// Frames on their way into a database, in batches that do not fill the memory.
pub(super) struct Replay<'a> {
    engine: &'a SledEngine,
    changes: Changes,
    own: OwnRows,
    bytes: u64,
    last: Sequence,
    applied: Sequence,
}

impl<'a> Replay<'a> {
    /// Into a database that has the commits up to `applied`, behind the commit `last`.
    pub(super) fn new(engine: &'a SledEngine, last: Sequence, applied: Sequence) -> Self {
        Self { engine, changes: Changes::new(), own: OwnRows::default(), bytes: 0, last, applied }
    }

    /// Takes a frame; says whether frames were applied with it.
    pub(super) fn add(&mut self, frame: Frame) -> Result<bool, StoreError> {
        self.bytes += frame.bytes();
        self.last = frame.sequence;
        self.own.ids.push((frame.id, frame.sequence));
        for write in frame.writes {
            match write {
                Write::Put(key, value) => {
                    let versioned = Versioned { value: value.into(), version: frame.sequence };
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

    /// Applies what is left; gives the last commit.
    pub(super) fn finish(mut self) -> Result<Sequence, StoreError> {
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
