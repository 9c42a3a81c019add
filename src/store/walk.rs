//! Walks over the journal's frames in order, stops at each fault, and can go on behind it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::checkpoint::Checkpoint;
use super::files::failed_to;
use super::frame::{self, Frame};
use super::limits::{FRAME_BYTES_MAX, GROUP_BYTES_MAX};
use super::segment::{self, HEADER_BYTES, Position, Seal, Segment, check_header};
use super::{Sequence, StoreError};

const BUFFER_BYTES: usize = 256 * 1024;

/// Bytes that a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;
/// Zeros in a part of a sector that say that it was never written: sequences and lengths have seven in a row at the most.
const ZEROS_MIN: usize = 16;

/// A walk over some segments.
pub(super) struct Walk {
    segments: VecDeque<Segment>,
    current: Option<OpenSegment>,
    /// The commit that comes next; unknown behind a fault that may have swallowed some.
    expected: Option<Sequence>,
    buffer: Vec<u8>,
    makes_seals: bool,
    left: Option<(Seal, PathBuf)>,
}

struct OpenSegment {
    segment: Segment,
    file: BufReader<File>,
    byte: u64,
    /// The digest of the file up to `byte`, where it is asked for and every frame so far was whole.
    digest: Option<Sha256>,
}

/// What a walk came to.
#[derive(Debug)]
pub(super) enum Step {
    /// A whole frame, the next in order.
    Frame(Frame),
    /// Bytes that are no frame, or a frame that is not the next.
    Fault(Fault),
    /// The end of the last segment.
    End,
}

/// A place where the journal is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) path: PathBuf,
    pub(super) place: Position,
    pub(super) what: String,
    /// The commit that should stand there.
    pub(super) expected: Sequence,
    /// Whether this may be what a power cut leaves behind: bytes that are no frame, in the last segment, and nothing
    /// after them that was written once they were durable.
    pub(super) may_be_torn: bool,
}

impl Fault {
    /// Whether this is the torn end of the journal, which nobody was told of: no commit up to `known` was torn, and nothing
    /// at all is after a clean close.
    pub(super) fn is_torn(&self, known: Sequence, checkpoint: &Checkpoint) -> bool {
        self.may_be_torn && self.expected > known && !checkpoint.is_clean
    }

    /// The fault as an error.
    pub(super) fn damaged(&self) -> StoreError {
        StoreError::Damaged {
            file: self.path.display().to_string(),
            byte: self.place.byte,
            what: self.what.clone(),
        }
    }
}

impl Walk {
    /// A walk over all of `segments`, which are every segment there is.
    pub(super) fn over(segments: Vec<Segment>) -> Self {
        Self {
            segments: segments.into(),
            current: None,
            expected: Some(Sequence(1)),
            buffer: Vec::new(),
            makes_seals: false,
            left: None,
        }
    }

    /// A walk over segments of which the first need not begin with commit 1.
    pub(super) fn from_segment(segments: Vec<Segment>) -> Self {
        Self { expected: segments.first().map(|segment| segment.first), ..Self::over(segments) }
    }

    /// The same walk, which makes a seal of every segment that it comes to the end of.
    pub(super) fn with_seals(self) -> Self {
        Self { makes_seals: true, ..self }
    }

    /// A walk that begins behind the commit `last`, whose frame ends at `position`.
    pub(super) fn behind(
        directory: &Path,
        segments: Vec<Segment>,
        last: Sequence,
        position: Position,
    ) -> Result<Self, StoreError> {
        let mut walk = Self::over(segments);
        if position.segment == Sequence(0) {
            return Ok(walk);
        }
        walk.segments.retain(|segment| segment.first >= position.segment);
        walk.expected = Some(position.segment);
        let damaged = |path: &Path, byte, what: &str| StoreError::Damaged {
            file: path.display().to_string(),
            byte,
            what: what.to_owned(),
        };
        match walk.segments.front() {
            Some(front) if front.first != position.segment => {
                let what = "the segment before it, which holds the last checkpoint, is missing";
                return Err(damaged(&front.path, 0, what));
            }
            Some(front) if front.bytes < position.byte => {
                let what = "the segment ends before the last checkpoint";
                return Err(damaged(&front.path, front.bytes, what));
            }
            Some(_) => {}
            None => {
                let what = "the segment that holds the last checkpoint is missing";
                return Err(damaged(directory, 0, what));
            }
        }
        if let Some(fault) = walk.open_next()? {
            return Err(fault.damaged());
        }
        walk.expected = Some(Sequence(last.0 + 1));
        walk.jump_to(position.byte)?;
        Ok(walk)
    }

    /// Where the walk stands, once it has opened a segment.
    pub(super) fn position(&self) -> Option<Position> {
        self.current.as_ref().map(|open| Position { segment: open.segment.first, byte: open.byte })
    }

    /// Bytes that are still ahead.
    pub(super) fn bytes_ahead(&self) -> u64 {
        let here = self.current.as_ref().map_or(0, |open| open.segment.bytes - open.byte);
        self.segments.iter().fold(here, |sum, segment| sum + segment.bytes)
    }

    /// The next frame, fault or end. A fault is given again until [`Walk::pass_fault`] goes on.
    pub(super) fn step(&mut self) -> Result<Step, StoreError> {
        loop {
            match &self.current {
                Some(open) if open.byte < open.segment.bytes => return self.read_frame(),
                _ => {
                    self.leave();
                    if self.segments.is_empty() {
                        return Ok(Step::End);
                    }
                    if let Some(fault) = self.open_next()? {
                        return Ok(Step::Fault(fault));
                    }
                }
            }
        }
    }

    /// The seal of the segment that the walk has come to the end of, with its file, if it was walked from its beginning and
    /// is whole.
    pub(super) fn take_left(&mut self) -> Option<(Seal, PathBuf)> {
        self.left.take()
    }

    fn leave(&mut self) {
        let Some(open) = &mut self.current else { return };
        if let (Some(digest), Some(next)) = (open.digest.take(), self.expected) {
            let (first, bytes) = (open.segment.first, open.segment.bytes);
            let last = Sequence(next.0.saturating_sub(1));
            let seal = Seal { first, last, bytes, digest: digest.finalize().into() };
            self.left = Some((seal, open.segment.path.clone()));
        }
    }

    /// Goes to the next whole frame behind a fault, or to the next segment.
    pub(super) fn pass_fault(&mut self) -> Result<(), StoreError> {
        self.expected = None;
        let Some(open) = &mut self.current else { return Ok(()) };
        // The fault may itself be a good frame in a wrong place, so the search begins at its own first byte.
        let rest = open.rest(open.segment.bytes)?;
        let skipped = frame::find(&rest, Sequence(1)).map_or(rest.len(), |(skipped, _)| skipped);
        let byte = open.byte + skipped as u64;
        self.jump_to(byte)
    }

    fn open_next(&mut self) -> Result<Option<Fault>, StoreError> {
        let Some(segment) = self.segments.pop_front() else { return Ok(None) };
        let mut file = File::open(&segment.path).map_err(failed_to("open", &segment.path))?;
        let header = check_header(&mut file, &segment)?;
        let expected = self.expected.unwrap_or(segment.first);
        let gap = format!(
            "the segment begins with commit {}, and commit {} was to follow",
            segment.first.0, expected.0
        );
        let what = header.err().or_else(|| (segment.first != expected).then_some(gap));
        let fault = what.map(|what| Fault {
            path: segment.path.clone(),
            place: Position { segment: segment.first, byte: 0 },
            what,
            expected,
            may_be_torn: false,
        });
        self.expected = Some(segment.first);
        let byte = HEADER_BYTES.min(segment.bytes);
        let is_sealed = self.makes_seals && fault.is_none();
        let digest = is_sealed.then(|| Sha256::new_with_prefix(segment::header(segment.first)));
        let file = BufReader::with_capacity(BUFFER_BYTES, file);
        self.current = Some(OpenSegment { segment, file, byte, digest });
        Ok(fault)
    }

    fn jump_to(&mut self, byte: u64) -> Result<(), StoreError> {
        let Some(open) = &mut self.current else { return Ok(()) };
        open.file.seek(SeekFrom::Start(byte)).map_err(failed_to("read", &open.segment.path))?;
        open.byte = byte;
        open.digest = None;
        Ok(())
    }

    fn read_frame(&mut self) -> Result<Step, StoreError> {
        let is_last = self.segments.is_empty();
        let Some(open) = &mut self.current else { return Ok(Step::End) };
        let place = Position { segment: open.segment.first, byte: open.byte };
        open.fill(&mut self.buffer)?;
        let (what, expected, is_frame) = match frame::decode(&self.buffer) {
            Ok(frame) => {
                let expected = self.expected.unwrap_or(frame.sequence);
                if frame.sequence == expected {
                    open.byte += self.buffer.len() as u64;
                    if let Some(digest) = &mut open.digest {
                        digest.update(&self.buffer);
                    }
                    self.expected = Some(Sequence(expected.0 + 1));
                    return Ok(Step::Frame(frame));
                }
                let found = frame.sequence.0;
                (
                    format!("commit {found} stands where {} was to follow", expected.0),
                    expected,
                    true,
                )
            }
            Err(fault) => {
                let expected = self.expected.unwrap_or(Sequence(0));
                (format!("{fault} (commit {})", expected.0), expected, false)
            }
        };
        let may_be_torn = is_last && !is_frame && open.may_be_torn(expected)?;
        let path = open.segment.path.clone();
        open.file.seek(SeekFrom::Start(place.byte)).map_err(failed_to("read", &path))?;
        Ok(Step::Fault(Fault { path, place, what, expected, may_be_torn }))
    }
}

impl OpenSegment {
    /// Fills `buffer` with the frame that begins here, or with as much of it as there is.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<(), StoreError> {
        buffer.clear();
        self.take_into(buffer, 4)?;
        if let Ok(length) = frame::length(buffer) {
            self.take_into(buffer, length - 4)?;
        }
        Ok(())
    }

    fn take_into(&mut self, buffer: &mut Vec<u8>, bytes: usize) -> Result<(), StoreError> {
        let ahead = self.segment.bytes - self.byte - buffer.len() as u64;
        (&mut self.file)
            .take(ahead.min(bytes as u64))
            .read_to_end(buffer)
            .map_err(failed_to("read", &self.segment.path))?;
        Ok(())
    }

    /// The bytes from here on, but not more than `bytes_max`.
    fn rest(&mut self, bytes_max: u64) -> Result<Vec<u8>, StoreError> {
        let failed = || failed_to("read", &self.segment.path);
        self.file.seek(SeekFrom::Start(self.byte)).map_err(failed())?;
        let mut rest = Vec::new();
        let ahead = self.segment.bytes - self.byte;
        (&mut self.file).take(ahead.min(bytes_max)).read_to_end(&mut rest).map_err(failed())?;
        Ok(rest)
    }

    /// A group is written at once and synced before the next one, so a power cut can tear any part of the last group and
    /// nothing else: whatever stands before a frame of a later group was durable, and is damaged if it is not whole.
    ///
    /// What was torn is missing or zero, and never merely different: a file ends early, or a sector of it was never
    /// written. Anything else is damage, in the last frame too, for that may be one that somebody was told of.
    fn may_be_torn(&mut self, expected: Sequence) -> Result<bool, StoreError> {
        let limit = GROUP_BYTES_MAX as u64;
        if self.segment.bytes - self.byte > limit {
            return Ok(false);
        }
        let rest = self.rest(limit)?;
        if !has_unwritten_sector(&rest, self.byte) && !ends_early(&rest) {
            return Ok(false);
        }
        let mut ahead = rest.as_slice();
        while let Some((at, frame)) = frame::find(ahead, expected) {
            if frame.group_start() > expected {
                return Ok(false);
            }
            let next = at + usize::try_from(frame.bytes()).unwrap_or(FRAME_BYTES_MAX);
            ahead = ahead.get(next..).unwrap_or_default();
        }
        Ok(true)
    }
}

/// Whether a sector of these bytes, which stand at `byte` in their file, was never written and so reads as zeros. A part of
/// a sector counts from so many bytes on that no frame has as many zeros there by chance.
fn has_unwritten_sector(bytes: &[u8], byte: u64) -> bool {
    let first = SECTOR_BYTES - usize::try_from(byte % SECTOR_BYTES as u64).unwrap_or(0);
    let (begun, whole) = bytes.split_at(first.min(bytes.len()));
    let is_zero = |part: &[u8]| part.len() >= ZEROS_MIN && part.iter().all(|byte| *byte == 0);
    is_zero(begun) || whole.chunks(SECTOR_BYTES).any(is_zero)
}

/// Whether the file ends before the frame that begins here does: not where only the frame's length was changed, which
/// another frame behind it or a checksum at the file's end shows.
fn ends_early(bytes: &[u8]) -> bool {
    if bytes.len() < 4 {
        return true;
    }
    if frame::length(bytes).map_or(true, |length| length <= bytes.len()) {
        return false;
    }
    let behind = bytes.get(1..).unwrap_or_default();
    frame::find(behind, Sequence(1)).is_none() && !frame::is_whole_but_for_its_length(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::frame::{Turn, encode};
    use super::super::segment::{create, list};
    use super::super::{CommitId, SystemDisk, Write};
    use super::*;

    /// A journal of a group of one commit, a group of three, and of one more where that is asked for, with
    /// the frame of the commit `bad`, of which a sector was not written.
    fn fault_of(bad: u64, with_third_group: bool) -> Fault {
        let directory = tempfile::tempdir().unwrap();
        let path = create(&SystemDisk, directory.path(), Sequence(1)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let last = if with_third_group { 5 } else { 4 };
        for (sequence, place_in_group) in [(1, 0), (2, 0), (3, 1), (4, 2), (5, 0)] {
            if sequence > last {
                break;
            }
            let writes = [Write::Put(b"key".to_vec(), vec![7; 1_500])];
            let turn = Turn { sequence: Sequence(sequence), place_in_group };
            let start = bytes.len();
            encode(turn, CommitId(1), &writes, &mut bytes).unwrap();
            if sequence == bad {
                let sector = start.next_multiple_of(SECTOR_BYTES);
                bytes[sector..sector + SECTOR_BYTES].fill(0);
            }
        }
        std::fs::write(&path, bytes).unwrap();
        let mut walk = Walk::over(list(directory.path()).unwrap());
        loop {
            match walk.step().unwrap() {
                Step::Frame(_) => {}
                Step::Fault(fault) => return fault,
                Step::End => panic!("the bad byte was not seen"),
            }
        }
    }

    #[test]
    fn any_commit_of_the_last_group_may_be_torn_and_none_before_it() {
        for bad in 1..=4 {
            let fault = fault_of(bad, false);
            assert_eq!((fault.expected, fault.may_be_torn), (Sequence(bad), bad > 1));
            assert!(!fault_of(bad, true).may_be_torn, "commit {bad} before a third group");
        }
        assert!(fault_of(5, true).may_be_torn);
    }
}
