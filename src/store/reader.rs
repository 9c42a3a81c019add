//! Reads the commits of the journal in order, whoever has the store open.

use std::path::Path;

use super::checkpoint::Checkpoint;
use super::segment::{Position, Segment, journal_directory, list};
use super::walk::{Step, Walk};
use super::{Frame, Sequence, StoreError};

/// The commits of a journal in order, from one of them to the last that was acknowledged.
///
/// It gives [`StoreError::Damaged`] once where the journal is damaged, and ends there. It holds one frame in memory.
pub struct JournalReader {
    walk: Walk,
    from: Sequence,
    checkpoint: Checkpoint,
    is_done: bool,
}

impl JournalReader {
    /// Reads the journal in the data directory `data` from the commit `from` on. What a writer has not finished yet, and
    /// what a power cut left unfinished, is not read.
    pub fn open(data: &Path, from: Sequence) -> Result<Self, StoreError> {
        let checkpoint = Checkpoint::read(data)?.unwrap_or_default();
        Self::bounded(data, from, checkpoint, None)
    }

    /// Reads the journal up to `end`, which is known to be acknowledged.
    pub(super) fn bounded(
        data: &Path,
        from: Sequence,
        checkpoint: Checkpoint,
        end: Option<Position>,
    ) -> Result<Self, StoreError> {
        let mut segments = list(&journal_directory(data))?;
        clip(&mut segments, end);
        // Whole segments before the commit are passed over; the segment that holds it is read from its beginning.
        let earlier = segments.iter().filter(|segment| segment.first <= from).count();
        let walk = match earlier.checked_sub(1) {
            Some(passed) => Walk::from_segment(segments.split_off(passed)),
            None => Walk::over(segments),
        };
        Ok(Self { walk, from, checkpoint, is_done: false })
    }

    /// Bytes that are still to be read.
    #[must_use]
    pub fn bytes_ahead(&self) -> u64 {
        self.walk.bytes_ahead()
    }
}

impl Iterator for JournalReader {
    type Item = Result<Frame, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            match self.walk.step() {
                Ok(Step::Frame(frame)) if frame.sequence < self.from => {}
                Ok(Step::Frame(frame)) => return Some(Ok(frame)),
                Ok(Step::End) => self.is_done = true,
                Ok(Step::Fault(fault)) => {
                    self.is_done = true;
                    let is_torn = fault.is_torn(self.checkpoint.sequence, &self.checkpoint);
                    return if is_torn { None } else { Some(Err(fault.damaged())) };
                }
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Leaves out what stands behind `end`.
pub(super) fn clip(segments: &mut Vec<Segment>, end: Option<Position>) {
    let Some(end) = end else { return };
    segments.retain(|segment| segment.first <= end.segment);
    if let Some(last) = segments.last_mut()
        && last.first == end.segment
    {
        last.bytes = last.bytes.min(end.byte);
    }
}
