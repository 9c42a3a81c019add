//! What lies in a data directory, and what the system says of the process that has it open.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use crate::domain::time::Instant;
use crate::store::{Disk as _, SystemDisk};

/// Files that are measured at most; beyond that the sizes say less than there is.
const FILES_MAX: usize = 100_000;
/// The most that is read of a file of the system's.
const TEXT_BYTES_MAX: u64 = 64 * 1024;
/// Where the system takes log lines.
const SYSLOG: &str = "/dev/log";

/// Something that lies in the data directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Thing {
    /// Its name there.
    pub(super) name: String,
    /// Bytes of it and of all that is in it.
    pub(super) bytes: u64,
    /// Seconds since it was written.
    pub(super) age_seconds: Option<i64>,
}

/// What lies in a data directory.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Premises {
    /// Bytes of the journal.
    pub(super) journal_bytes: u64,
    /// Its segments.
    pub(super) segments: usize,
    /// Bytes of the database.
    pub(super) database_bytes: u64,
    /// Snapshots, oldest first.
    pub(super) snapshots: Vec<Thing>,
    /// Databases that were set aside.
    pub(super) set_aside: Vec<Thing>,
    /// The file that leaves room to open the store on a full disk.
    pub(super) ballast: Option<Thing>,
    /// Anchors of the audit chain.
    pub(super) anchors: Option<Thing>,
    /// Bytes that may still be written there.
    pub(super) free_bytes: Option<u64>,
    /// Whether the system takes log lines.
    pub(super) has_syslog: bool,
}

impl Premises {
    /// Looks at a data directory. What cannot be looked at counts as not there.
    pub(super) fn look(data: &Path, now: Instant) -> Self {
        let thing = |path: PathBuf| thing(&path, now);
        let journal = entries(&data.join("journal"));
        // Segments and snapshots are named after a commit; drafts of them have an ending.
        let is_of_a_commit = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.len() == 20 && name.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_aside = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("sled.aside-")
        };
        Self {
            journal_bytes: size(&data.join("journal")),
            segments: journal.iter().filter(|path| is_of_a_commit(path)).count(),
            database_bytes: size(&data.join("sled")),
            snapshots: entries(&data.join("snapshots"))
                .into_iter()
                .filter(is_of_a_commit)
                .filter_map(thing)
                .collect(),
            set_aside: entries(data).into_iter().filter(is_aside).filter_map(thing).collect(),
            ballast: thing(data.join("ballast")),
            anchors: thing(data.join("anchors")),
            free_bytes: SystemDisk.free_bytes(data).ok(),
            has_syslog: Path::new(SYSLOG).exists(),
        }
    }
}

/// Seconds since a file was written, as far as the system knows.
pub(super) fn age_seconds(path: &Path, now: Instant) -> Option<i64> {
    let written = fs::metadata(path).ok()?.modified().ok()?;
    let since = written.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let written = i64::try_from(since.as_millis()).ok()?;
    Some(now.milliseconds().saturating_sub(written).max(0) / 1_000)
}

/// Who says that they have the data directory open, and the number of their process.
pub(super) fn holder(data: &Path) -> Option<(String, u32)> {
    let text = text(&data.join("lock"))?;
    let holder = text.trim().to_owned();
    let process = holder.split_whitespace().nth(1)?.parse().ok()?;
    Some((holder, process))
}

/// Bytes of memory that a process has, where the system tells.
pub(super) fn memory_bytes(process: u32) -> Option<u64> {
    let status = text(Path::new(&format!("/proc/{process}/status")))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib.saturating_mul(1024))
}

/// A text file's beginning.
fn text(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(TEXT_BYTES_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}

fn thing(path: &Path, now: Instant) -> Option<Thing> {
    let age_seconds = age_seconds(path, now);
    let name = path.file_name()?.to_string_lossy().into_owned();
    path.exists().then(|| Thing { name, bytes: size(path), age_seconds })
}

/// What lies in a directory, by name.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> =
        found.filter_map(Result::ok).map(|entry| entry.path()).take(FILES_MAX).collect();
    paths.sort_unstable();
    paths
}

/// Bytes of a file, or of all files below a directory.
fn size(path: &Path) -> u64 {
    let mut left = vec![path.to_owned()];
    let mut bytes: u64 = 0;
    for _ in 0..FILES_MAX {
        let Some(next) = left.pop() else { break };
        // A link leads elsewhere: what it names takes no room here.
        match fs::symlink_metadata(&next) {
            Ok(found) if found.is_dir() => left.extend(entries(&next)),
            Ok(found) => bytes = bytes.saturating_add(found.len()),
            Err(_gone) => {}
        }
    }
    bytes
}
