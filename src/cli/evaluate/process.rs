//! What the system says of this process: its processor time, its memory, and the bytes that it wrote.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The unit in which a file system counts a file's blocks, whatever its own are.
const BLOCK_BYTES: u64 = 512;

/// Runs `work` and gives its time on the wall and of this thread's processor.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration, Duration) {
    let (begun, cpu) = (Instant::now(), thread_cpu());
    let done = work();
    (done, begun.elapsed(), thread_cpu().saturating_sub(cpu))
}

/// Processor time that this thread had so far.
fn thread_cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The most memory that this process ever had at once, in bytes; none where the system has no `/proc`.
pub(super) fn resident_bytes_max() -> Option<u64> {
    let kibibytes = line_of("/proc/self/status", "VmHWM:")?;
    Some(kibibytes * 1024)
}

/// Bytes that this process handed to the system for writing so far; none where the system has no `/proc`.
pub(super) fn written_bytes() -> Option<u64> {
    line_of("/proc/self/io", "wchar:")
}

/// The number behind a name in a file of such lines.
fn line_of(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_whitespace().next()?.parse().ok()
}

/// Bytes that the files of a directory occupy, those below it included. A file that goes while it is looked at counts
/// nothing.
pub(super) fn disk_bytes(directory: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(directory) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(of) if of.is_dir() => disk_bytes(&entry.path()),
        Ok(of) => of.blocks() * BLOCK_BYTES,
        Err(_gone) => 0,
    });
    sizes.sum()
}
