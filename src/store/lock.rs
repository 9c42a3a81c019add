//! The lock on a data directory: one process has it, and others learn which.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::StoreError;
use super::files::failed_to;

/// The most that is read of what a holder wrote about itself.
const HOLDER_BYTES_MAX: u64 = 256;

/// Held as long as this lives; the system gives it back even when the process is killed.
#[derive(Debug)]
pub(super) struct DataLock {
    file: File,
}

impl DataLock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(data: &Path) -> Result<Self, StoreError> {
        let path = data.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed_to("open", &path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                return Err(StoreError::Held {
                    path: data.display().to_string(),
                    holder: holder(&file),
                });
            }
            Err(errno) => return Err(failed_to("lock", &path)(errno.into())),
        }
        let name = format!("process {} on {}\n", std::process::id(), host());
        file.set_len(0).map_err(failed_to("empty", &path))?;
        // The name is for others to read; a disk without room for it must not keep the holder out.
        let _nameless = file.write_all(name.as_bytes());
        Ok(Self { file })
    }
}

impl Drop for DataLock {
    fn drop(&mut self) {
        // Closing the file would do, were it not for a child process that is just being started: until it runs its own
        // program it has the file open too, and the lock with it.
        let _given_back = flock(&self.file, FlockOperation::Unlock);
    }
}

fn holder(file: &File) -> String {
    let mut text = String::new();
    let read = file.take(HOLDER_BYTES_MAX).read_to_string(&mut text);
    let text = text.trim();
    if read.is_err() || text.is_empty() { "another process".to_owned() } else { text.to_owned() }
}

fn host() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this host".to_owned())
}
