//! What the store asks of a file system, so that a test can record it, delay it, or let it fail.
//!
//! Only what makes a commit durable goes through here: the journal, the checkpoint, and the syncs of the database's file.
//! Reading a journal back is reading files.

use std::fmt::Debug;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// A point in the store's work at which a process may die; each leaves other things behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// A group is written to the journal and not yet synced.
    BeforeSync,
    /// A group is durable, and the database has nothing of it yet.
    AfterSync,
    /// The database has some batches of a group, and not all.
    BetweenBatches,
    /// The journal begins a new segment.
    Rotation,
    /// The database is durable, and the checkpoint does not say so yet.
    Checkpoint,
    /// A snapshot is half written.
    Snapshot,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 6] = [
        Self::BeforeSync,
        Self::AfterSync,
        Self::BetweenBatches,
        Self::Rotation,
        Self::Checkpoint,
        Self::Snapshot,
    ];
}

/// A file system as the store needs it. Everything that it makes is for its owner alone.
pub trait Disk: Debug + Send + Sync {
    /// Opens a file for writing; makes it if there is none, and keeps what is in it.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Gives a file another name; one that has the name already is gone.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a directory, and those above it.
    fn create_directory(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a directory last.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;

    /// Takes the right to write a file from everybody, its owner too.
    fn make_read_only(&self, path: &Path) -> io::Result<()> {
        std::fs::set_permissions(path, Permissions::from_mode(0o400))
    }

    /// Bytes that this user may still write where `path` lies.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;

    /// Told when the store comes to a phase of its work.
    fn reached(&self, _phase: Phase) {}
}

/// An open file of a [`Disk`].
pub trait DiskFile: Debug + Send {
    /// The file's length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Writes all of `bytes` at `place`.
    fn write_all_at(&mut self, bytes: &[u8], place: u64) -> io::Result<()>;

    /// Cuts the file, or lengthens it by zeros.
    fn set_length(&mut self, bytes: u64) -> io::Result<()>;

    /// Returns once the file's bytes and its length are durable. After an error it must not be asked again: the system may
    /// have dropped what it could not write, and a second sync would succeed without it.
    fn sync(&mut self) -> io::Result<()>;
}

/// The system's own files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        let system = rustix::fs::statvfs(path)?;
        Ok(system.f_bavail.saturating_mul(system.f_frsize))
    }
}

impl DiskFile for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn write_all_at(&mut self, bytes: &[u8], place: u64) -> io::Result<()> {
        FileExt::write_all_at(self, bytes, place)
    }

    fn set_length(&mut self, bytes: u64) -> io::Result<()> {
        self.set_len(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}
