//! The files of the journal: their names, their headers, their order.
//!
//! A segment is named after its first commit in 20 digits, so that the names' order is the commits' order, and begins
//! with `magic: 8 bytes | format: u32 | first sequence: u64 | crc32c: u32`. It is made under another name, synced and then
//! renamed, so that a segment without a good header is damage and never half-made.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::bytes::{take_array, take_u32, take_u64};
use super::files::{failed_to, replace};
use super::{Disk, Sequence, StoreError};

/// Bytes of a segment's header.
pub(super) const HEADER_BYTES: u64 = 24;
const HEADER_LENGTH: usize = 24;
const MAGIC: [u8; 8] = *b"casejrnl";
const FORMAT: u32 = 1;
const NAME_DIGITS: usize = 20;
const READ_BYTES: usize = 256 * 1024;

/// Bytes of a segment's digest.
pub(super) const DIGEST_BYTES: usize = 32;

/// A place in the journal: the end of a frame, or the end of a segment's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Position {
    /// The first commit of the segment; 0 means before every segment.
    pub(super) segment: Sequence,
    /// Bytes from the segment's beginning.
    pub(super) byte: u64,
}

/// What a segment was, as a whole, when the journal went on to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seal {
    /// The first commit in it.
    pub(super) first: Sequence,
    /// The last commit in it.
    pub(super) last: Sequence,
    /// The file's length.
    pub(super) bytes: u64,
    /// SHA-256 of the whole file, which `sha256sum` gives too. A crc32c would say nothing here: over frames that each end
    /// with their own it comes to the same whatever is in them.
    pub(super) digest: [u8; DIGEST_BYTES],
}

impl Seal {
    /// What is wrong, in words, where the file has so many bytes now.
    pub(super) fn length_fault(&self, bytes: u64) -> Option<String> {
        let was = self.bytes;
        let what =
            || format!("the sealed segment has {bytes} bytes, and had {was} when it was sealed");
        (bytes != was).then(what)
    }

    /// Says that the file is not there.
    pub(super) fn missing(&self) -> String {
        let (first, last) = (self.first.0, self.last.0);
        format!("the sealed segment, which has the commits {first} to {last}, is missing")
    }
}

/// One file of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The commit that the file is named after.
    pub(super) first: Sequence,
    pub(super) path: PathBuf,
    /// The file's length when it was listed, or less where its end is not yet acknowledged.
    pub(super) bytes: u64,
}

/// The journal's directory in a data directory.
pub(super) fn journal_directory(data: &Path) -> PathBuf {
    data.join("journal")
}

/// The file of the segment that begins with `first`.
pub(super) fn segment_path(directory: &Path, first: Sequence) -> PathBuf {
    directory.join(format!("{:0NAME_DIGITS$}", first.0))
}

/// The segments in order; other files are none of the journal's.
///
/// Every name is read before any length is asked for: a writer is done with a segment before the next one has a name, so
/// that beside a writer too every segment but the last is as long as it will ever be.
pub(super) fn list(directory: &Path) -> Result<Vec<Segment>, StoreError> {
    let failed = || failed_to("list", directory);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed())? {
        names.extend(first_in_name(&entry.map_err(failed())?.file_name()));
    }
    names.sort_unstable();
    let look = |first| {
        let path = segment_path(directory, first);
        let bytes = std::fs::metadata(&path).map_err(failed_to("look at", &path))?.len();
        Ok(Segment { first, path, bytes })
    };
    names.into_iter().map(look).collect()
}

/// Makes a segment with nothing in it but its header, whole or not at all.
pub(super) fn create(
    disk: &dyn Disk,
    directory: &Path,
    first: Sequence,
) -> Result<PathBuf, StoreError> {
    let path = segment_path(directory, first);
    replace(disk, &path, &header(first))?;
    Ok(path)
}

/// The header of the segment that begins with `first`; a good one has no other bytes.
pub(super) fn header(first: Sequence) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&FORMAT.to_le_bytes());
    header.extend_from_slice(&first.0.to_le_bytes());
    header.extend_from_slice(&crc32c::crc32c(&header).to_le_bytes());
    header
}

/// The digest of a file so far.
pub(super) fn digest_of(path: &Path) -> Result<Sha256, StoreError> {
    let mut file = File::open(path).map_err(failed_to("open", path))?;
    let mut part = vec![0_u8; READ_BYTES];
    let mut digest = Sha256::new();
    loop {
        match file.read(&mut part).map_err(failed_to("read", path))? {
            0 => return Ok(digest),
            read => digest.update(part.get(..read).unwrap_or_default()),
        }
    }
}

/// Reads a segment's header off `file`; says in words what is wrong with it.
pub(super) fn check_header(
    file: &mut File,
    segment: &Segment,
) -> Result<Result<(), String>, StoreError> {
    if segment.bytes < HEADER_BYTES {
        return Ok(Err("the segment is shorter than its header".to_owned()));
    }
    let mut header = [0_u8; HEADER_LENGTH];
    file.read_exact(&mut header).map_err(failed_to("read", &segment.path))?;
    Ok(parse_header(&header, segment.first))
}

fn parse_header(header: &[u8; HEADER_LENGTH], first: Sequence) -> Result<(), String> {
    let (body, checksum) = header.split_at(HEADER_LENGTH - 4);
    if take_u32(&mut &*checksum) != Some(crc32c::crc32c(body)) {
        return Err("the segment's header fails its checksum".to_owned());
    }
    let mut rest = body;
    if take_array(&mut rest) != Some(MAGIC) {
        return Err("the file is not a segment of a journal".to_owned());
    }
    match take_u32(&mut rest) {
        Some(FORMAT) => {}
        format => {
            let format = format.unwrap_or_default();
            return Err(format!("this program does not know format {format} of the journal"));
        }
    }
    if take_u64(&mut rest) == Some(first.0) {
        Ok(())
    } else {
        Err("the segment's header names another first commit than its file name".to_owned())
    }
}

fn first_in_name(name: &OsStr) -> Option<Sequence> {
    let name = name.to_str()?;
    let is_segment = name.len() == NAME_DIGITS && name.bytes().all(|byte| byte.is_ascii_digit());
    if is_segment { name.parse().ok().map(Sequence) } else { None }
}
