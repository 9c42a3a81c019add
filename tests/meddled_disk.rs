//! The system's files, with something of a test in between.

use std::fmt::Debug;
use std::io;
use std::path::Path;

use casedesk::store::{Disk, DiskFile, Phase, SystemDisk};

/// What a test does to a disk; the rest stays the system's.
pub(crate) trait Meddle: Debug + Send + Sync {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        SystemDisk.open(path)
    }

    fn reached(&self, _phase: Phase) {}
}

#[derive(Debug)]
pub(crate) struct MeddledDisk<M>(pub(crate) M);

impl<M: Meddle> Disk for MeddledDisk<M> {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove(path)
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_directory(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        SystemDisk.sync_directory(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        SystemDisk.free_bytes(path)
    }

    fn reached(&self, phase: Phase) {
        self.0.reached(phase);
    }
}
