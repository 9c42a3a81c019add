//! Copies files in blocks, with digests on the way, progress, and an ear for whoever wants it to stop.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use super::super::files::failed_to;
use super::super::{OpenProgress, StoreError, VerifyProgress};
use super::error::BackupError;
use super::limits::BLOCK_BYTES;
use crate::text::hexadecimal;

/// How far a backup or a restore has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupProgress {
    /// The files of the journal are being copied.
    Copying {
        /// Bytes copied so far.
        done_bytes: u64,
        /// Bytes to copy in all.
        total_bytes: u64,
    },
    /// The files of a backup are being compared with their digests.
    Checking {
        /// Bytes read so far.
        done_bytes: u64,
        /// Bytes to read in all.
        total_bytes: u64,
    },
    /// The files of a backup are being written where they are restored.
    Restoring {
        /// Bytes written so far.
        done_bytes: u64,
        /// Bytes to write in all.
        total_bytes: u64,
    },
    /// The database is being made of what was restored.
    Opening(OpenProgress),
    /// What was restored is being verified.
    Verifying(VerifyProgress),
}

/// Counts what is copied, tells it, and ends the copying where it is to stop.
pub(super) struct Meter<'a> {
    stop: &'a AtomicBool,
    tell: &'a dyn Fn(u64),
    done: Cell<u64>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(stop: &'a AtomicBool, tell: &'a dyn Fn(u64)) -> Self {
        Self { stop, tell, done: Cell::new(0) }
    }

    fn pass(&self, bytes: usize) -> Result<(), BackupError> {
        check(self.stop)?;
        self.done.set(self.done.get() + bytes as u64);
        (self.tell)(self.done.get());
        Ok(())
    }
}

/// Ends here where it was asked to stop.
pub(super) fn check(stop: &AtomicBool) -> Result<(), BackupError> {
    if stop.load(Ordering::Relaxed) { Err(BackupError::Stopped) } else { Ok(()) }
}

/// Something read or written, with its length and its digest.
pub(super) struct Digested<T> {
    inner: T,
    digest: Sha256,
    bytes: u64,
}

impl<T> Digested<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, digest: Sha256::new(), bytes: 0 }
    }

    /// What it was, its length in bytes, and its SHA-256 in hexadecimal digits.
    pub(super) fn finish(self) -> (T, u64, String) {
        (self.inner, self.bytes, hexadecimal(&self.digest.finalize()))
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Read> Read for Digested<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.pass(buffer.get(..bytes).unwrap_or_default());
        Ok(bytes)
    }
}

impl<T: Write> Write for Digested<T> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let bytes = self.inner.write(buffer)?;
        self.pass(buffer.get(..bytes).unwrap_or_default());
        Ok(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The two ends of a copy, by name, for whoever reads that it failed.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) from: &'a Path,
    pub(super) to: &'a Path,
}

/// Copies all of `from` to `to`.
pub(super) fn pump(
    from: &mut dyn Read,
    to: &mut dyn Write,
    ends: Ends<'_>,
    meter: &Meter<'_>,
) -> Result<(), BackupError> {
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let bytes = match from.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed_to("read", ends.from)(error).into()),
        };
        to.write_all(block.get(..bytes).unwrap_or_default())
            .map_err(failed_to("write", ends.to))?;
        meter.pass(bytes)?;
    }
}

/// A new file for its owner alone; one that is there is never written over.
pub(super) fn create(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed_to("make", path))
}
