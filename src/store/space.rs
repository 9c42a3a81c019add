//! Room on the disk: how much has to be left, and the ballast that is thrown off when a store has to be opened without it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{failed_to, open_private};
use super::limits::{OPEN_BYTES_MIN, OpenOptions};
use super::{Disk, Health, StoreError};
use crate::text::with_sources;

const BLOCK_BYTES: usize = 1024 * 1024;
/// Room that every commit has to find beside what stays free; few are larger.
const COMMIT_BYTES: u64 = 64 * 1024;

/// The room where a data directory lies.
#[derive(Debug)]
pub(super) struct Space {
    disk: Arc<dyn Disk>,
    data: PathBuf,
    free_bytes_min: u64,
    ballast_bytes: u64,
}

/// Too little room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lack {
    pub(super) free_bytes: u64,
    pub(super) needed_bytes: u64,
}

impl Space {
    pub(super) fn new(data: &Path, options: &OpenOptions) -> Self {
        Self {
            disk: Arc::clone(&options.disk),
            data: data.to_owned(),
            free_bytes_min: options.free_bytes_min,
            ballast_bytes: options.ballast_bytes,
        }
    }

    /// What is missing for `bytes` more to be written. A system that does not say how much is free stops nobody.
    pub(super) fn lack(&self, bytes: u64) -> Option<Lack> {
        // The smallest commit asks for as much as a usual one: otherwise a disk with no more than what has to stay free would
        // have room for none, and still be told to have some.
        let needed_bytes = self.free_bytes_min.saturating_add(bytes.max(COMMIT_BYTES));
        let free_bytes = self.free_bytes()?;
        (free_bytes < needed_bytes).then_some(Lack { free_bytes, needed_bytes })
    }

    /// Whether there is room for commits now.
    pub(super) fn health(&self) -> Health {
        self.lack(0).map_or(Health::Sound, |Lack { free_bytes, needed_bytes }| Health::NoSpace {
            free_bytes,
            needed_bytes,
        })
    }

    /// Throws the ballast off where opening the store may need more than is free; says so.
    pub(super) fn throw_off_ballast(&self) -> Option<String> {
        let path = self.ballast_path();
        let free_bytes = self.free_bytes().filter(|bytes| *bytes < OPEN_BYTES_MIN)?;
        let bytes = std::fs::metadata(&path).ok()?.len();
        let name = path.display();
        Some(match self.disk.remove(&path).map_err(failed_to("remove", &path)) {
            Ok(()) => format!(
                "{free_bytes} bytes were free on the disk, so {name} was removed to make room for {bytes} more"
            ),
            Err(error) => with_sources(&error),
        })
    }

    /// Makes the ballast where there is none and room for it; says why it could not. Without it everything works until the
    /// disk is full, so that a failure is only told.
    pub(super) fn take_ballast(&self) -> Option<String> {
        let path = self.ballast_path();
        let bytes = std::fs::metadata(&path).map_or(0, |found| found.len());
        if bytes >= self.ballast_bytes || self.lack(self.ballast_bytes).is_some() {
            return None;
        }
        let error = self.write_ballast(&path).err()?;
        // Half a ballast is room taken for nothing; if it cannot be removed either, the next opening will.
        let _remains = self.disk.remove(&path);
        Some(with_sources(&error))
    }

    /// Every byte is written, for a file that was only lengthened takes no room, and so that no file system makes less of
    /// them. Nothing is synced: a system that has taken the bytes has set their room aside.
    fn write_ballast(&self, path: &Path) -> Result<(), StoreError> {
        let mut file = open_private(&*self.disk, path)?;
        let block = incompressible();
        let mut place = 0;
        while place < self.ballast_bytes {
            let ahead = usize::try_from(self.ballast_bytes - place).unwrap_or(usize::MAX);
            let part = block.get(..ahead).unwrap_or(&block);
            file.write_all_at(part, place).map_err(failed_to("write", path))?;
            place += part.len() as u64;
        }
        Ok(())
    }

    fn ballast_path(&self) -> PathBuf {
        self.data.join("ballast")
    }

    fn free_bytes(&self) -> Option<u64> {
        self.disk.free_bytes(&self.data).ok()
    }
}

/// Bytes without a pattern that a compressing file system would find; always the same ones.
fn incompressible() -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    while block.len() < BLOCK_BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        block.extend_from_slice(&state.to_le_bytes());
    }
    block
}
