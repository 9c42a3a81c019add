//! Files and directories that only their owner may read, and the syncs that make them last.

use std::io;
use std::path::Path;

use super::{Disk, DiskFile, StoreError};

/// Makes a [`StoreError::Io`] of what was attempted on which file.
pub(super) fn failed_to(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.display().to_string();
    move |source| StoreError::Io { action, path, source }
}

/// The same error again, for the second and later requests that meet it.
pub(super) fn repeat(error: &StoreError) -> StoreError {
    match error {
        StoreError::Io { action, path, source } => StoreError::Io {
            action,
            path: path.clone(),
            source: source.raw_os_error().map_or_else(
                || io::Error::new(source.kind(), source.to_string()),
                io::Error::from_raw_os_error,
            ),
        },
        StoreError::Held { path, holder } => {
            StoreError::Held { path: path.clone(), holder: holder.clone() }
        }
        StoreError::Damaged { file, byte, what } => {
            StoreError::Damaged { file: file.clone(), byte: *byte, what: what.clone() }
        }
        StoreError::Engine { action, message } => {
            StoreError::Engine { action, message: message.clone() }
        }
        StoreError::Closed => StoreError::Closed,
        StoreError::Copy(why) => StoreError::Copy(why.clone()),
    }
}

/// Makes a directory, and those above it, which only the owner may enter.
pub(super) fn create_private_directory(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    disk.create_directory(path).map_err(failed_to("create the directory", path))
}

/// Makes the names in a directory last.
pub(super) fn sync_directory(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    disk.sync_directory(path).map_err(failed_to("sync the directory", path))
}

/// Opens a file for writing which only the owner may read; makes it if there is none.
pub(super) fn open_private(disk: &dyn Disk, path: &Path) -> Result<Box<dyn DiskFile>, StoreError> {
    disk.open(path).map_err(failed_to("open", path))
}

/// Takes the right to write a file from everybody, its owner too.
pub(super) fn make_read_only(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    disk.make_read_only(path).map_err(failed_to("make read-only", path))
}

/// Writes a file whole or not at all: under another name first, synced, then renamed, and the name synced.
pub(super) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let draft = path.with_extension("new");
    let mut file = open_private(disk, &draft)?;
    file.set_length(0).map_err(failed_to("empty", &draft))?;
    file.write_all_at(bytes, 0).map_err(failed_to("write", &draft))?;
    file.sync().map_err(failed_to("sync", &draft))?;
    disk.rename(&draft, path).map_err(failed_to("rename", &draft))?;
    path.parent().map_or(Ok(()), |directory| sync_directory(disk, directory))
}
