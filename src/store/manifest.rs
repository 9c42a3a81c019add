//! The manifest: what every sealed segment of the journal was, as a whole, when the journal went on to the next.
//!
//! `magic: 8 bytes | format: u32 | count: u32 | seals | crc32c: u32`, where a seal is `first: u64 | last: u64 | bytes: u64 |
//! SHA-256 of the file: 32 bytes`. It is replaced whole at each rotation, once the next segment is there; a segment that a crash
//! left out of it is walked frame by frame when the store is opened, and entered if it is whole. So is every segment of a
//! journal that has no manifest yet.
//!
//! A manifest that is damaged is never made again by itself, not even over segments that walk clean: nothing but a failing
//! disk or a hand leaves half a manifest, and whole frames do not prove that a segment is the one that was sealed. Who
//! opens the store decides, and moves it away; then every segment is walked.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::bytes::{take_array, take_u32, take_u64};
use super::files::{failed_to, make_read_only, replace};
use super::segment::{DIGEST_BYTES, Seal, Segment, list, segment_path};
use super::walk::{Step, Walk};
use super::{Disk, OpenProgress, Sequence, StoreError};

const MAGIC: [u8; 8] = *b"caseseal";
const FORMAT: u32 = 1;
const HEADER_BYTES: u64 = 8 + 4 + 4;
const SEAL_LENGTH: usize = 8 + 8 + 8 + DIGEST_BYTES;
const SEAL_BYTES: u64 = 56;
const CHECKSUM_BYTES: u64 = 4;

/// The seals of a journal in order, without a gap.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) seals: Vec<Seal>,
}

/// The manifest's file in a journal's directory.
pub(super) fn manifest_path(directory: &Path) -> PathBuf {
    directory.join("manifest")
}

impl Manifest {
    /// Reads the manifest; where there is none, nothing is sealed.
    pub(super) fn read(directory: &Path) -> Result<Self, StoreError> {
        let path = manifest_path(directory);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed_to("open", &path)(error)),
        };
        let bytes = file.metadata().map_err(failed_to("look at", &path))?.len();
        let read = parse(&mut BufReader::new(file), bytes).map_err(failed_to("read", &path))?;
        read.map(|seals| Self { seals }).ok_or_else(|| {
            let what = "the manifest is not as it was written; once it is moved out of the directory, the next opening \
                        reads every segment and makes it again if all of them are whole";
            damaged(&path, 0, what.to_owned())
        })
    }

    /// Reads the manifest, compares the segments with it, and enters those that a crash left out or that are older than
    /// manifests.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where a segment is missing or has another length, or where one that is to be entered is not
    /// whole.
    pub(super) fn heal(
        disk: &dyn Disk,
        directory: &Path,
        progress: &dyn Fn(OpenProgress),
    ) -> Result<Self, StoreError> {
        let mut manifest = Self::read(directory)?;
        let mut segments = list(directory)?;
        manifest.compare(directory, &segments)?;
        let Some(last) = segments.pop() else { return Ok(manifest) };
        let left_out = segments.split_off(manifest.seals.len().min(segments.len()));
        if left_out.is_empty() {
            return Ok(manifest);
        }
        manifest.enter(disk, left_out, progress)?;
        let expected = manifest.next();
        if last.first != expected {
            return Err(damaged(&last.path, 0, wrong_first(last.first, expected)));
        }
        manifest.write(disk, directory)?;
        Ok(manifest)
    }

    /// Enters a segment that the journal has left, and replaces the manifest.
    pub(super) fn seal(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        seal: Seal,
    ) -> Result<(), StoreError> {
        self.seals.push(seal);
        self.write(disk, directory)
    }

    /// The commit that follows the last sealed segment.
    fn next(&self) -> Sequence {
        Sequence(self.seals.last().map_or(0, |seal| seal.last.0) + 1)
    }

    fn compare(&self, directory: &Path, segments: &[Segment]) -> Result<(), StoreError> {
        let mut found = segments.iter();
        for seal in &self.seals {
            let path = segment_path(directory, seal.first);
            match found.next() {
                Some(segment) if segment.first == seal.first => {
                    if let Some(what) = seal.length_fault(segment.bytes) {
                        return Err(damaged(&path, segment.bytes.min(seal.bytes), what));
                    }
                }
                Some(stranger) if stranger.first < seal.first => {
                    let what = "the manifest has the segments around this one, and not this one";
                    return Err(damaged(&stranger.path, 0, what.to_owned()));
                }
                _ => return Err(damaged(&path, 0, seal.missing())),
            }
        }
        if self.seals.is_empty() {
            return Ok(());
        }
        let expected = self.next();
        match found.next() {
            Some(segment) if segment.first == expected => Ok(()),
            Some(segment) => Err(damaged(&segment.path, 0, wrong_first(segment.first, expected))),
            None => {
                let what = "the segment that follows the sealed ones is missing";
                Err(damaged(&segment_path(directory, expected), 0, what.to_owned()))
            }
        }
    }

    fn enter(
        &mut self,
        disk: &dyn Disk,
        segments: Vec<Segment>,
        progress: &dyn Fn(OpenProgress),
    ) -> Result<(), StoreError> {
        let mut walk = Walk::from_segment(segments).with_seals();
        let total_bytes = walk.bytes_ahead();
        progress(OpenProgress::Sealing { done_bytes: 0, total_bytes });
        loop {
            let step = walk.step()?;
            if let Some((seal, path)) = walk.take_left() {
                make_read_only(disk, &path)?;
                self.seals.push(seal);
                let done_bytes = total_bytes - walk.bytes_ahead();
                progress(OpenProgress::Sealing { done_bytes, total_bytes });
            }
            match step {
                Step::Frame(_) => {}
                Step::Fault(fault) => return Err(fault.damaged()),
                Step::End => return Ok(()),
            }
        }
    }

    fn write(&self, disk: &dyn Disk, directory: &Path) -> Result<(), StoreError> {
        let mut bytes = Vec::with_capacity((self.seals.len() + 1) * SEAL_LENGTH);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        // More segments than this counts are more bytes than a disk has.
        let count = u32::try_from(self.seals.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&count.to_le_bytes());
        for seal in &self.seals {
            bytes.extend_from_slice(&seal.first.0.to_le_bytes());
            bytes.extend_from_slice(&seal.last.0.to_le_bytes());
            bytes.extend_from_slice(&seal.bytes.to_le_bytes());
            bytes.extend_from_slice(&seal.digest);
        }
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        replace(disk, &manifest_path(directory), &bytes)
    }
}

/// Reads seal by seal and stops at the first that makes no sense, so that a count in the file allocates nothing.
fn parse(from: &mut impl Read, bytes: u64) -> io::Result<Option<Vec<Seal>>> {
    if bytes < HEADER_BYTES + CHECKSUM_BYTES {
        return Ok(None);
    }
    let mut header = [0_u8; 16];
    from.read_exact(&mut header)?;
    let mut checksum = crc32c::crc32c(&header);
    let mut rest = header.as_slice();
    let is_known = take_array(&mut rest) == Some(MAGIC) && take_u32(&mut rest) == Some(FORMAT);
    let count = u64::from(take_u32(&mut rest).unwrap_or_default());
    if !is_known || bytes != HEADER_BYTES + count * SEAL_BYTES + CHECKSUM_BYTES {
        return Ok(None);
    }
    let mut seals: Vec<Seal> = Vec::new();
    for _ in 0..count {
        let mut entry = [0_u8; SEAL_LENGTH];
        from.read_exact(&mut entry)?;
        checksum = crc32c::crc32c_append(checksum, &entry);
        let follows = |seal: &Seal| {
            let is_next = seals.last().is_none_or(|last| seal.first.0 == last.last.0 + 1);
            is_next && seal.first <= seal.last && seal.last.0 < u64::MAX
        };
        match parse_seal(&entry).filter(follows) {
            Some(seal) => seals.push(seal),
            None => return Ok(None),
        }
    }
    let mut written = [0_u8; 4];
    from.read_exact(&mut written)?;
    Ok((u32::from_le_bytes(written) == checksum).then_some(seals))
}

fn parse_seal(mut entry: &[u8]) -> Option<Seal> {
    Some(Seal {
        first: Sequence(take_u64(&mut entry)?),
        last: Sequence(take_u64(&mut entry)?),
        bytes: take_u64(&mut entry)?,
        digest: take_array(&mut entry)?,
    })
}

fn damaged(path: &Path, byte: u64, what: String) -> StoreError {
    StoreError::Damaged { file: path.display().to_string(), byte, what }
}

fn wrong_first(first: Sequence, expected: Sequence) -> String {
    format!("the segment begins with commit {}, and commit {} was to follow", first.0, expected.0)
}
