//! Up to where a backup goes: the files of the journal, and the end of one commit's frame in the last of them.

use std::path::{Path, PathBuf};

use super::super::checkpoint::Checkpoint;
use super::super::reader::clip;
use super::super::segment::{Position, Segment, journal_directory, list};
use super::super::walk::{Step, Walk};
use super::super::{Sequence, SledStore, StoreError};

/// The journal up to one commit. What stands before it never changes, so that nobody need be kept from writing.
///
/// The journal's list of its sealed segments is left out: it may name as sealed what ends earlier here, the backup's own
/// record says more of each file than it does, and the first opening makes it again of segments that it has walked.
#[derive(Debug, Clone)]
pub struct BackupPoint {
    pub(super) data: PathBuf,
    pub(super) sequence: Sequence,
    pub(super) segments: Vec<Segment>,
}

impl SledStore {
    /// The acknowledged end of the journal: every commit that was answered before is in it.
    pub fn backup_point(&self) -> Result<BackupPoint, StoreError> {
        let end = self.end();
        let mut segments = list(&journal_directory(self.directory()))?;
        clip(&mut segments, Some(end.position));
        Ok(BackupPoint { data: self.directory().to_owned(), sequence: end.sequence, segments })
    }
}

impl BackupPoint {
    /// The end of a journal that another process writes, as its files show it: the last whole frame. A commit that is just
    /// being acknowledged may be in it; one that was acknowledged before always is.
    pub fn beside(data: &Path) -> Result<Self, StoreError> {
        let directory = journal_directory(data);
        // The checkpoint is read before the segments are listed: the journal is then never behind it. Whether it is that
        // of a clean close says nothing here, for somebody has the database open.
        let checkpoint =
            Checkpoint { is_clean: false, ..Checkpoint::read(data)?.unwrap_or_default() };
        let begins_before_all = checkpoint.position == Position::default();
        let mut last = if begins_before_all { Sequence(0) } else { checkpoint.sequence };
        let mut segments = list(&directory)?;
        let mut walk = Walk::behind(&directory, segments.clone(), last, checkpoint.position)?;
        loop {
            match walk.step()? {
                Step::Frame(frame) => last = frame.sequence,
                Step::Fault(fault) if fault.is_torn(checkpoint.sequence, &checkpoint) => break,
                Step::Fault(fault) => return Err(fault.damaged()),
                Step::End => break,
            }
        }
        if last < checkpoint.sequence {
            let what = format!(
                "the journal ends with commit {}, and commit {} was acknowledged",
                last.0, checkpoint.sequence.0
            );
            return Err(StoreError::Damaged {
                file: directory.display().to_string(),
                byte: 0,
                what,
            });
        }
        clip(&mut segments, Some(walk.position().unwrap_or_default()));
        Ok(Self { data: data.to_owned(), sequence: last, segments })
    }

    /// The last commit.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        self.sequence
    }

    /// Bytes of the files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).fold(0, u64::saturating_add)
    }
}
