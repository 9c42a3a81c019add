//! Bytes: what lies on the disk, what a process wrote, what it holds in memory.

use std::fs::{File, read_dir, read_to_string};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{Advice, fadvise};

use super::load::Failure;

/// Bytes that the files below `path` take on the disk.
pub(crate) fn on_disk(path: &Path) -> Result<u64, Failure> {
    let found = path.symlink_metadata()?;
    // Blocks are of 512 bytes, whatever the file system's own are.
    let own = found.blocks() * 512;
    if !found.is_dir() {
        return Ok(own);
    }
    let mut bytes = own;
    for entry in read_dir(path)? {
        bytes += on_disk(&entry?.path())?;
    }
    Ok(bytes)
}

/// Takes the files below `path` out of the system's cache, so that the next reading comes from the disk.
pub(crate) fn forget(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        for entry in read_dir(path)? {
            forget(&entry?.path())?;
        }
    } else if path.is_file() {
        let file = File::open(path)?;
        file.sync_all()?;
        fadvise(&file, 0, None, Advice::DontNeed)?;
    }
    Ok(())
}

/// Bytes that this process had written to a disk so far: the kernel counts each page that is made dirty, whole and when it
/// is made dirty.
pub(crate) fn written() -> Result<u64, Failure> {
    figure("/proc/self/io", "write_bytes:")
}

/// Bytes of memory of a process: now, and at most.
pub(crate) fn memory(process: u32) -> Result<(u64, u64), Failure> {
    let status = format!("/proc/{process}/status");
    Ok((figure(&status, "VmRSS:")? * 1024, figure(&status, "VmHWM:")? * 1024))
}

/// Makes the most memory so far this process's memory now.
pub(crate) fn begin_peak() -> Result<(), Failure> {
    Ok(std::fs::write("/proc/self/clear_refs", "5")?)
}

fn figure(file: &str, name: &str) -> Result<u64, Failure> {
    let text = read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    Ok(number.ok_or_else(|| format!("{file} has no {name}"))?.parse()?)
}

/// Megabytes, for a table.
pub(crate) fn mega(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// A ratio of two counts, for a table.
pub(crate) fn ratio(of: u64, to: u64) -> String {
    let tenths = of.saturating_mul(10) / to.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}
