//! The checkpoint: up to where the journal is also durable in the database.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::bytes::{take_array, take_u32, take_u64};
use super::files::{failed_to, replace};
use super::segment::Position;
use super::{Disk, Sequence, StoreError};

const MAGIC: [u8; 8] = *b"casechck";
const FORMAT: u32 = 1;
/// Magic, format, three numbers, the flag, and the checksum.
const CHECKPOINT_BYTES: u64 = 8 + 4 + 3 * 8 + 1 + 4;

/// Up to where the database is known to be durable; frames behind it are replayed when the store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Checkpoint {
    /// The last commit whose changes are durable in the database.
    pub(super) sequence: Sequence,
    /// Where that commit's frame ends.
    pub(super) position: Position,
    /// Whether the store was closed after it, so that nothing stands behind it and the database was left in order.
    pub(super) is_clean: bool,
}

/// The checkpoint's file in a data directory.
pub(super) fn checkpoint_path(data: &Path) -> PathBuf {
    data.join("checkpoint")
}

impl Checkpoint {
    /// Reads the checkpoint, if one was ever made.
    pub(super) fn read(data: &Path) -> Result<Option<Self>, StoreError> {
        let path = checkpoint_path(data);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed_to("open", &path)(error)),
        };
        // A byte more than a checkpoint has shows that it is none.
        let mut bytes = Vec::new();
        file.take(CHECKPOINT_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed_to("read", &path))?;
        // The file is replaced whole, so that no power cut leaves half of it: a bad one is damage.
        Self::parse(&bytes).map(Some).ok_or_else(|| StoreError::Damaged {
            file: path.display().to_string(),
            byte: 0,
            what: "the checkpoint is not as it was written; without the file, the whole journal is read again"
                .to_owned(),
        })
    }

    /// Replaces the checkpoint, whole or not at all.
    pub(super) fn write(&self, disk: &dyn Disk, data: &Path) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.sequence.0.to_le_bytes());
        bytes.extend_from_slice(&self.position.segment.0.to_le_bytes());
        bytes.extend_from_slice(&self.position.byte.to_le_bytes());
        bytes.push(u8::from(self.is_clean));
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        replace(disk, &checkpoint_path(data), &bytes)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_last_chunk::<4>()?;
        if crc32c::crc32c(body) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let mut rest = body;
        if take_array(&mut rest)? != MAGIC || take_u32(&mut rest)? != FORMAT {
            return None;
        }
        let sequence = Sequence(take_u64(&mut rest)?);
        let segment = Sequence(take_u64(&mut rest)?);
        let byte = take_u64(&mut rest)?;
        let [clean] = take_array(&mut rest)?;
        let position = Position { segment, byte };
        rest.is_empty().then_some(Self { sequence, position, is_clean: clean == 1 })
    }
}
