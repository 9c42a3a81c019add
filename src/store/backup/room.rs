//! Whether there is room for what is about to be written, asked before anything is.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::super::files::failed_to;
use super::super::{OpenOptions, StoreError};
use super::error::BackupError;

/// Bytes that are to be written somewhere.
#[derive(Clone, Copy)]
pub(super) struct Need<'a> {
    /// A directory that is there.
    pub(super) at: &'a Path,
    pub(super) bytes: u64,
}

/// Refuses where one of these places has too little room; needs on one file system are added up. What a desk that works
/// on `data` keeps free for itself stays free.
pub(super) fn check(
    needs: &[Need<'_>],
    data: &Path,
    options: &OpenOptions,
) -> Result<(), BackupError> {
    let device = |path: &Path| -> Result<u64, StoreError> {
        Ok(fs::metadata(path).map_err(failed_to("look at", path))?.dev())
    };
    let desk = device(data)?;
    for need in needs {
        let here = device(need.at)?;
        let mut needed_bytes = if here == desk { options.free_bytes_min } else { 0 };
        for other in needs {
            if device(other.at)? == here {
                needed_bytes = needed_bytes.saturating_add(other.bytes);
            }
        }
        let free_bytes = options.disk.free_bytes(need.at).map_err(failed_to("look at", need.at))?;
        if free_bytes < needed_bytes {
            let path = need.at.display().to_string();
            return Err(BackupError::NoRoom { path, free_bytes, needed_bytes });
        }
    }
    Ok(())
}

/// Bytes of the files of a directory of files; none where it is missing.
pub(super) fn directory_bytes(path: &Path) -> u64 {
    // A file that goes while it is counted, as a database's may, takes no room.
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .fold(0, u64::saturating_add)
}
