//! Opens a file that may be packed, counts how far it is read, and keeps a missing quote from filling the memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::ExchangeError;

const BUFFER_BYTES: usize = 64 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The most bytes that are read without a row coming to its end.
const ROW_BYTES_MAX: u64 = 1024 * 1024;

/// A file as a stream of plain bytes.
pub(super) struct Source {
    /// The bytes, unpacked.
    pub(super) stream: BufReader<Bounded>,
    /// Bytes read of the file as it lies on disk.
    pub(super) done_bytes: Arc<AtomicU64>,
    /// Bytes of the file.
    pub(super) total_bytes: u64,
    /// Told to start again whenever a row ends.
    pub(super) row_bytes: Arc<AtomicU64>,
}

impl Source {
    /// Opens a file, plain or gzip, which its first two bytes tell.
    pub(super) fn open(file: &Path) -> Result<Self, ExchangeError> {
        let failed =
            |source| ExchangeError::Io { action: "open", file: file.display().to_string(), source };
        let opened = File::open(file).map_err(failed)?;
        let total_bytes = opened.metadata().map_err(failed)?.len();
        let done_bytes = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: opened, bytes: Arc::clone(&done_bytes) };
        let mut packed = BufReader::with_capacity(BUFFER_BYTES, counted);
        let is_gzip = packed.fill_buf().map_err(failed)?.starts_with(&GZIP_MAGIC);
        let plain: Box<dyn Read> =
            if is_gzip { Box::new(MultiGzDecoder::new(packed)) } else { Box::new(packed) };
        let row_bytes = Arc::new(AtomicU64::new(0));
        let bounded = Bounded { inner: plain, bytes: Arc::clone(&row_bytes) };
        let stream = BufReader::with_capacity(BUFFER_BYTES, bounded);
        Ok(Self { stream, done_bytes, total_bytes, row_bytes })
    }
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Refuses to read on when one row is longer than any row has reason to be.
pub(super) struct Bounded {
    inner: Box<dyn Read>,
    bytes: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.load(Ordering::Relaxed) > ROW_BYTES_MAX {
            let what = "a row has more than a megabyte: most likely a quotation mark is missing";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let read = self.inner.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
