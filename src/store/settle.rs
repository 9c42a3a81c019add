//! Spares the next opening what the database wrote since it was opened.
//!
//! sled keeps the map of its pages in a file that it writes only when it opens, and reads everything that was written since
//! then at the next opening: 19 s after an import of a million people. So whoever wrote much opens it once more on closing,
//! under the lock of the data directory, and nobody waits in the morning.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Disk;
use super::sled_engine::SledEngine;

/// Opens the database once more when it is dropped, where that is due. It has to be dropped after the engine.
#[derive(Debug)]
pub(super) struct Settler {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    cache_bytes: u64,
    is_due: AtomicBool,
}

impl Settler {
    /// For the database in a directory; nothing is due yet.
    pub(super) fn new(disk: Arc<dyn Disk>, directory: PathBuf, cache_bytes: u64) -> Self {
        Self { disk, directory, cache_bytes, is_due: AtomicBool::new(false) }
    }

    /// The database was closed in order, and much was written to it.
    pub(super) fn make_due(&self) {
        self.is_due.store(true, Ordering::Release);
    }

    /// Whether dropping this takes its time.
    pub(super) fn is_due(&self) -> bool {
        self.is_due.load(Ordering::Acquire)
    }
}

impl Drop for Settler {
    fn drop(&mut self) {
        if self.is_due() {
            let disk = Arc::clone(&self.disk);
            // Where it fails, the next opening finds out what is the matter, and takes as long as it would have.
            let _settled = SledEngine::open(disk, &self.directory, self.cache_bytes)
                .and_then(|engine| engine.make_durable());
        }
    }
}
