//! The form of a snapshot's file, and a reader that believes none of it before it is checked.
//!
//! ```text
//! file   = header block* footer
//! header = magic: 8 bytes | format: u32 | S0: u64 | journal bytes at S0: u64 | crc32c: u32
//! block  = length of the payload: u32 | kind: u8 | payload | crc32c of all that: u32
//! rows   = (key length: u32 | key | version: u64 | value length: u32 | value)*, keys ascending over the whole file
//! ids    = (sequence: u64 | commit id: u128)*
//! footer = a block of S1: u64 | rows: u64 | ids: u64 | crc32c of every byte before the footer: u32
//! ```
//! All numbers are little-endian, and nothing stands behind the footer.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::bytes::{take_array, take_run, take_u32, take_u64, take_u128};
use super::files::failed_to;
use super::group::OWN_TAG;
use super::limits::{KEY_BYTES_MAX, SNAPSHOT_BLOCK_BYTES_MAX, VALUE_BYTES_MAX};
use super::{CommitId, Sequence, StoreError, Versioned};

const MAGIC: [u8; 8] = *b"casesnap";
const FORMAT: u32 = 1;
const HEADER_LENGTH: usize = 32;
const BUFFER_BYTES: usize = 256 * 1024;
const ROWS: u8 = 1;
const IDS: u8 = 2;
const FOOTER: u8 = 3;

/// A part of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Rows in the order of their keys.
    Rows(Vec<(Vec<u8>, Versioned)>),
    /// Remembered commit ids.
    Ids(Vec<(CommitId, Sequence)>),
    /// The end: everything was whole, and nothing in it is newer than this commit.
    End(Sequence),
}

/// The bytes of a header.
pub(super) fn header(from: Sequence, journal_bytes: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_LENGTH);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&from.0.to_le_bytes());
    bytes.extend_from_slice(&journal_bytes.to_le_bytes());
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    bytes
}

/// The bytes of a block of rows.
pub(super) fn rows(rows: &[(Vec<u8>, Versioned)]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (key, row) in rows {
        push_run(key, &mut payload);
        payload.extend_from_slice(&row.version.0.to_le_bytes());
        push_run(&row.value, &mut payload);
    }
    block(ROWS, &payload)
}

/// The bytes of a block of commit ids.
pub(super) fn ids(ids: &[(CommitId, Sequence)]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (id, sequence) in ids {
        payload.extend_from_slice(&sequence.0.to_le_bytes());
        payload.extend_from_slice(&id.0.to_le_bytes());
    }
    block(IDS, &payload)
}

/// The bytes of the footer.
pub(super) fn footer(to: Sequence, counts: Counts, checksum: u32) -> Vec<u8> {
    let mut payload = Vec::new();
    for number in [to.0, counts.rows, counts.ids] {
        payload.extend_from_slice(&number.to_le_bytes());
    }
    payload.extend_from_slice(&checksum.to_le_bytes());
    block(FOOTER, &payload)
}

fn block(kind: u8, payload: &[u8]) -> Vec<u8> {
    // A block holds a bounded number of bounded rows, so that its length always fits.
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(payload.len() + 9);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.push(kind);
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    bytes
}

fn push_run(run: &[u8], out: &mut Vec<u8>) {
    // Keys and values have limits far below this.
    out.extend_from_slice(&u32::try_from(run.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(run);
}

/// How much a snapshot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) ids: u64,
}

/// Reads a snapshot block by block, and holds one of them in memory.
#[derive(Debug)]
pub(super) struct SnapshotReader {
    path: PathBuf,
    file: BufReader<File>,
    bytes: u64,
    done: u64,
    from: Sequence,
    journal_bytes: u64,
    checksum: u32,
    counts: Counts,
    last_key: Vec<u8>,
    newest: Sequence,
    is_over: bool,
}

impl SnapshotReader {
    /// Opens a snapshot and checks its header.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(failed_to("open", path))?;
        let bytes = file.metadata().map_err(failed_to("look at", path))?.len();
        let mut reader = Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(BUFFER_BYTES, file),
            bytes,
            done: 0,
            from: Sequence(0),
            journal_bytes: 0,
            checksum: 0,
            counts: Counts::default(),
            last_key: Vec::new(),
            newest: Sequence(0),
            is_over: false,
        };
        let header = reader.take(HEADER_LENGTH)?;
        let (from, journal_bytes) = parse_header(&header)
            .ok_or_else(|| reader.damaged("its header is not as it was written"))?;
        if path.file_name().and_then(|name| name.to_str()) != Some(&file_name(from)) {
            return Err(reader.damaged("its header names another commit than its file name"));
        }
        (reader.from, reader.journal_bytes) = (from, journal_bytes);
        reader.pass(&header);
        Ok(reader)
    }

    /// The snapshot's file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// S0: frames behind it belong over the rows.
    pub(super) fn from(&self) -> Sequence {
        self.from
    }

    /// Bytes that the journal had when the snapshot was begun.
    pub(super) fn journal_bytes(&self) -> u64 {
        self.journal_bytes
    }

    /// Bytes of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that are read and checked.
    pub(super) fn done_bytes(&self) -> u64 {
        self.done
    }

    /// The next part; nothing behind the end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the place of the block that is not as it was written.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>, StoreError> {
        if self.is_over {
            return Ok(None);
        }
        let mut bytes = self.take(4)?;
        let length =
            take_u32(&mut bytes.as_slice()).and_then(|length| usize::try_from(length).ok());
        let length = length
            .filter(|length| *length <= SNAPSHOT_BLOCK_BYTES_MAX)
            .ok_or_else(|| self.damaged("no block is as long"))?;
        bytes.extend_from_slice(&self.take(length + 5)?);
        let whole = bytes
            .split_last_chunk::<4>()
            .filter(|(body, checksum)| crc32c::crc32c(body) == u32::from_le_bytes(**checksum));
        let (body, _) = whole.ok_or_else(|| self.damaged("a block fails its checksum"))?;
        let contents = body.get(4..).and_then(|contents| contents.split_first());
        let parsed = contents.and_then(|(kind, payload)| match *kind {
            ROWS => self.parse_rows(payload).map(Block::Rows),
            IDS => self.parse_ids(payload).map(Block::Ids),
            FOOTER => self.parse_footer(payload).map(Block::End),
            _ => None,
        });
        let block = parsed.ok_or_else(|| {
            self.damaged("a block has a good checksum and contents that make no sense")
        })?;
        self.pass(&bytes);
        if matches!(block, Block::End(_)) {
            self.is_over = true;
            if self.done < self.bytes {
                return Err(self.damaged("bytes stand behind its end"));
            }
        }
        Ok(Some(block))
    }

    /// Reads the rest; gives the last commit that the snapshot may have something of, and how much it holds.
    pub(super) fn check(
        mut self,
        progress: &dyn Fn(u64),
    ) -> Result<(Sequence, Counts), StoreError> {
        let mut to = self.from;
        while let Some(block) = self.next_block()? {
            progress(self.done);
            if let Block::End(end) = block {
                to = end;
            }
        }
        Ok((to, self.counts))
    }

    fn parse_rows(&mut self, mut payload: &[u8]) -> Option<Vec<(Vec<u8>, Versioned)>> {
        let mut rows: Vec<(Vec<u8>, Versioned)> = Vec::new();
        while !payload.is_empty() {
            let key = take_run(&mut payload)?;
            let version = Sequence(take_u64(&mut payload)?);
            let value = take_run(&mut payload)?;
            let is_row = *key.first()? != OWN_TAG
                && key.len() <= KEY_BYTES_MAX
                && value.len() <= VALUE_BYTES_MAX
                && key > self.last_key.as_slice();
            if !is_row {
                return None;
            }
            self.last_key = key.to_vec();
            self.newest = self.newest.max(version);
            rows.push((key.to_vec(), Versioned { value: value.into(), version }));
        }
        self.counts.rows += rows.len() as u64;
        Some(rows)
    }

    fn parse_ids(&mut self, mut payload: &[u8]) -> Option<Vec<(CommitId, Sequence)>> {
        let mut ids = Vec::new();
        while !payload.is_empty() {
            let sequence = Sequence(take_u64(&mut payload)?);
            ids.push((CommitId(take_u128(&mut payload)?), sequence));
        }
        self.counts.ids += ids.len() as u64;
        Some(ids)
    }

    fn parse_footer(&self, mut payload: &[u8]) -> Option<Sequence> {
        let to = Sequence(take_u64(&mut payload)?);
        let counts = Counts { rows: take_u64(&mut payload)?, ids: take_u64(&mut payload)? };
        let checksum = take_u32(&mut payload)?;
        let is_whole = payload.is_empty()
            && counts == self.counts
            && checksum == self.checksum
            && to >= self.from
            && to >= self.newest;
        is_whole.then_some(to)
    }

    fn take(&mut self, bytes: usize) -> Result<Vec<u8>, StoreError> {
        let mut taken = Vec::new();
        (&mut self.file)
            .take(bytes as u64)
            .read_to_end(&mut taken)
            .map_err(failed_to("read", &self.path))?;
        if taken.len() == bytes { Ok(taken) } else { Err(self.damaged("it ends before its end")) }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.done += bytes.len() as u64;
        self.checksum = crc32c::crc32c_append(self.checksum, bytes);
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged {
            file: self.path.display().to_string(),
            byte: self.done,
            what: what.to_owned(),
        }
    }
}

/// The name of the snapshot that was begun after the commit `from`.
pub(super) fn file_name(from: Sequence) -> String {
    format!("{:020}", from.0)
}

fn parse_header(header: &[u8]) -> Option<(Sequence, u64)> {
    let (body, checksum) = header.split_last_chunk::<4>()?;
    let mut rest = body;
    let is_header = crc32c::crc32c(body) == u32::from_le_bytes(*checksum)
        && take_array(&mut rest)? == MAGIC
        && take_u32(&mut rest)? == FORMAT;
    if is_header { Some((Sequence(take_u64(&mut rest)?), take_u64(&mut rest)?)) } else { None }
}
