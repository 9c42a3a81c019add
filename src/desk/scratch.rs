//! A file without a name for what does not fit into memory: it goes with whoever holds it, however they end.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::search::Scratch;

/// Bytes appended to a file that nobody else can open, and that nothing is left of after a kill.
#[derive(Debug)]
pub struct ScratchFile {
    file: File,
    end: u64,
}

impl ScratchFile {
    /// An empty file on the disk of `directory`.
    ///
    /// # Errors
    /// No file can be made there.
    pub fn new_in(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(directory)?, end: 0 })
    }
}

impl Scratch for ScratchFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.end)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, from)
    }
}
