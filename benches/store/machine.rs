//! What the figures were taken on, so that they can be read as ratios.

use std::fmt;
use std::fs::{File, canonicalize, read_to_string};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::load::Failure;

/// How many syncs the disk is tried with.
const TRIES: usize = 101;

/// A machine and a disk.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) processor: String,
    pub(crate) kernel: String,
    pub(crate) file_system: String,
    /// The median time of an append of 4 KiB with its `fdatasync`.
    pub(crate) sync_microseconds: u64,
}

impl Machine {
    /// Looks at the machine, and tries the disk that `data` lies on.
    pub(crate) fn look(data: &Path) -> Result<Self, Failure> {
        let processors = read_to_string("/proc/cpuinfo")?;
        let model =
            processors.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
        Ok(Self {
            cores: std::thread::available_parallelism()?.get(),
            processor: model.unwrap_or("unknown").to_owned(),
            kernel: read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            file_system: file_system(&canonicalize(data)?)?,
            sync_microseconds: u64::try_from(sync_time(data)?.as_micros())?,
        })
    }

    /// Whether the directory lies in memory, where a sync costs nothing.
    pub(crate) fn is_in_memory(&self) -> bool {
        ["tmpfs", "ramfs", "overlay on tmpfs"].contains(&self.file_system.as_str())
    }
}

/// The processors' work so far, since the machine began: all of it, and this process's own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    all: Duration,
    own: Duration,
}

impl Work {
    /// The work until now.
    pub(crate) fn now() -> Result<Self, Failure> {
        let all = read_to_string("/proc/stat")?;
        // After the line's name: user, nice, system, idle, waiting for a disk, interrupts (two), stolen.
        let cells = all.lines().next().unwrap_or_default().split_whitespace().skip(1);
        let all = hundredths(cells.enumerate().filter(|(place, _)| matches!(place, 0..3 | 5..8)))?;
        let own = read_to_string("/proc/self/stat")?;
        // A program's name may hold anything; after it, the twelfth and thirteenth are its own time and the system's.
        let (_, cells) = own.rsplit_once(')').ok_or("/proc/self/stat has no name")?;
        let cells = cells.split_whitespace().enumerate();
        let own = hundredths(cells.filter(|(place, _)| matches!(place, 11 | 12)))?;
        Ok(Self { all, own })
    }

    /// This process's work since `earlier`, and that of all others.
    pub(crate) fn since(self, earlier: Self) -> (Duration, Duration) {
        let own = self.own.saturating_sub(earlier.own);
        (own, self.all.saturating_sub(earlier.all).saturating_sub(own))
    }
}

/// The sum of cells that are hundredths of a second.
fn hundredths<'a>(cells: impl Iterator<Item = (usize, &'a str)>) -> Result<Duration, Failure> {
    let mut sum = 0;
    for (_, cell) in cells {
        sum += cell.parse::<u64>()?;
    }
    Ok(Duration::from_millis(sum * 10))
}

/// The kind of the file system that `path` lies on: the mount with the longest part of its name.
fn file_system(path: &Path) -> Result<String, Failure> {
    let mounts = read_to_string("/proc/self/mounts")?;
    let found = mounts.lines().filter_map(|line| {
        let mut cells = line.split(' ').skip(1);
        let (at, kind) = (cells.next()?, cells.next()?);
        path.starts_with(at).then_some((at.len(), kind))
    });
    Ok(found.max_by_key(|(length, _)| *length).map_or("unknown", |(_, kind)| kind).to_owned())
}

fn sync_time(data: &Path) -> Result<Duration, Failure> {
    let mut file: File = tempfile::tempfile_in(data)?;
    let mut times = Vec::with_capacity(TRIES);
    for _ in 0..TRIES {
        let begun = Instant::now();
        file.write_all(&[0xA5; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(TRIES / 2).copied().unwrap_or_default())
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cores, processor, kernel, file_system, sync_microseconds } = self;
        write!(
            f,
            "{cores} cores of {processor}, Linux {kernel}, {file_system}, an fdatasync of 4 KiB takes \
             {sync_microseconds} us"
        )
    }
}
