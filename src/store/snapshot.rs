//! Snapshots: every row of the database in a file, from which and the journal behind it the database can be made anew.
//!
//! A snapshot is a fuzzy checkpoint as in ARIES (Mohan et al. 1992, "ARIES: a transaction recovery method", section 5): it
//! is made while commits go on, page by page, and so holds rows as they were at different moments. S0 is the last commit
//! before the first page was read and S1 the last one after the last page. A row that no commit behind S0 wrote is in it as
//! it was at S0; every other row is written or taken away by a frame behind S0, all of which are replayed over it, and
//! after-images make that exact. So a snapshot is of use only with a journal that reaches S1: before that, its rows are of
//! no state that ever was.
//!
//! It lies at `DATA/snapshots/<S0 in 20 digits>`, in the form that `snapshot_reader` tells. It is written under another
//! name, synced, and renamed. A snapshot that fails hurts nothing: the journal has everything.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::committer::Shared;
use super::files::{create_private_directory, failed_to, open_private, sync_directory};
use super::group::Table as _;
use super::limits::{FINDINGS_MAX, SNAPSHOT_ROWS, SNAPSHOT_SYNC_BYTES, SNAPSHOTS_KEPT};
use super::recovery::OpenProgress;
use super::snapshot_reader::{Counts, SnapshotReader, file_name, footer, header, ids, rows};
use super::{
    Direction, Disk, DiskFile, Finding, KeyRange, Phase, Sequence, StoreError, VerifyProgress,
};

/// What the name of a snapshot that is being written ends with.
const DRAFT: &str = "new";

/// A snapshot that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Its file.
    pub path: PathBuf,
    /// The last commit of which it has everything; frames behind it are replayed over its rows.
    pub from: Sequence,
    /// The last commit of which it may have something; it is of use only with a journal that reaches so far.
    pub to: Sequence,
    /// Rows in it.
    pub rows: u64,
    /// Bytes of its file.
    pub bytes: u64,
}

/// What a snapshot is made of, and for whom.
pub(super) struct Source<'a> {
    pub(super) data: &'a Path,
    pub(super) disk: &'a dyn Disk,
    pub(super) shared: &'a Shared,
    /// Bytes that must be left on the disk when the snapshot is made.
    pub(super) free_bytes_min: u64,
    /// Set when the store is being closed.
    pub(super) is_cancelled: &'a AtomicBool,
}

impl Source<'_> {
    /// Makes a snapshot, and removes what is older than the newest two sound ones; tells how many rows are written.
    pub(super) fn take(&self, progress: &dyn Fn(u64)) -> Result<SnapshotInfo, StoreError> {
        self.check_room()?;
        let directory = snapshot_directory(self.data);
        create_private_directory(self.disk, &directory)?;
        sync_directory(self.disk, self.data)?;
        self.remove_drafts(&directory)?;
        // The journal's length is asked first, so that it is never more than what the journal had at S0.
        let journal_bytes = self.shared.end().bytes;
        let from = Sequence(self.shared.sequence.load(Ordering::Acquire));
        let path = directory.join(file_name(from));
        let draft = path.with_extension(DRAFT);
        let written = self.write(&draft, from, journal_bytes, progress);
        let (to, counts, bytes) = match written {
            Ok(written) => written,
            Err(error) => {
                // Half a snapshot is room taken for nothing; if it cannot be removed either, the next one will.
                let _removed = self.disk.remove(&draft);
                return Err(error);
            }
        };
        self.disk.rename(&draft, &path).map_err(failed_to("rename", &draft))?;
        sync_directory(self.disk, &directory)?;
        self.keep_newest()?;
        Ok(SnapshotInfo { path, from, to, rows: counts.rows, bytes })
    }

    fn write(
        &self,
        draft: &Path,
        from: Sequence,
        journal_bytes: u64,
        progress: &dyn Fn(u64),
    ) -> Result<(Sequence, Counts, u64), StoreError> {
        let mut out = Draft::begin(self.disk, draft)?;
        out.append(&header(from, journal_bytes))?;
        let mut counts = Counts::default();
        let mut range = KeyRange { from: Vec::new(), to: None };
        loop {
            self.go_on()?;
            let page = self
                .shared
                .read(|engine| engine.scan(&range, SNAPSHOT_ROWS, Direction::Forward))?;
            let Some((last, _)) = page.rows.last() else { break };
            range.from.clone_from(last);
            range.from.push(0);
            out.append(&rows(&page.rows))?;
            counts.rows += page.rows.len() as u64;
            progress(counts.rows);
            if !page.has_more {
                break;
            }
        }
        // Ids of commits behind S0 come with their frames, so that these need no gate.
        let mut remembered = self.shared.remembered()?;
        remembered.sort_unstable_by_key(|(_, sequence)| *sequence);
        for some in remembered.chunks(SNAPSHOT_ROWS) {
            self.go_on()?;
            out.append(&ids(some))?;
            counts.ids += some.len() as u64;
        }
        let newest = remembered.last().map_or(from, |(_, sequence)| *sequence);
        let to = Sequence(self.shared.sequence.load(Ordering::Acquire)).max(newest);
        let end = footer(to, counts, out.checksum);
        out.append(&end)?;
        let bytes = out.finish()?;
        Ok((to, counts, bytes))
    }

    fn go_on(&self) -> Result<(), StoreError> {
        self.disk.reached(Phase::Snapshot);
        self.check_cancelled()
    }

    fn check_cancelled(&self) -> Result<(), StoreError> {
        if self.is_cancelled.load(Ordering::Acquire) { Err(StoreError::Closed) } else { Ok(()) }
    }

    /// A snapshot must never be what fills the disk.
    fn check_room(&self) -> Result<(), StoreError> {
        let free = self.disk.free_bytes(self.data).map_err(failed_to("look at", self.data))?;
        let needed = self.free_bytes_min.saturating_add(self.shared.engine.size_on_disk()?);
        if free >= needed {
            return Ok(());
        }
        let what = format!("a snapshot needs {needed} bytes free, and {free} are");
        let full = io::Error::new(io::ErrorKind::StorageFull, what);
        Err(failed_to("make a snapshot of", self.data)(full))
    }

    /// A killed process leaves its draft, under a name that no later snapshot has: one at a time is made, so that every
    /// draft is such a one.
    fn remove_drafts(&self, directory: &Path) -> Result<(), StoreError> {
        for entry in std::fs::read_dir(directory).map_err(failed_to("list", directory))? {
            let path = entry.map_err(failed_to("list", directory))?.path();
            if path.extension().is_some_and(|ending| ending == DRAFT) {
                self.disk.remove(&path).map_err(failed_to("remove", &path))?;
            }
        }
        Ok(())
    }

    fn keep_newest(&self) -> Result<(), StoreError> {
        let mut sound = 0;
        for path in paths(self.data)? {
            if sound >= SNAPSHOTS_KEPT {
                self.disk.remove(&path).map_err(failed_to("remove", &path))?;
            } else if self.is_sound(&path)? {
                sound += 1;
            }
        }
        Ok(())
    }

    /// Whether everything in a snapshot is as it was written. Whoever closes the store does not wait for the whole file.
    fn is_sound(&self, path: &Path) -> Result<bool, StoreError> {
        let read = SnapshotReader::open(path).and_then(|mut reader| {
            while reader.next_block()?.is_some() {
                self.check_cancelled()?;
            }
            Ok(())
        });
        match read {
            Ok(()) => Ok(true),
            Err(StoreError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A snapshot that is being written.
struct Draft {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    bytes: u64,
    synced: u64,
    checksum: u32,
}

impl Draft {
    fn begin(disk: &dyn Disk, path: &Path) -> Result<Self, StoreError> {
        let mut file = open_private(disk, path)?;
        file.set_length(0).map_err(failed_to("empty", path))?;
        Ok(Self { path: path.to_owned(), file, bytes: 0, synced: 0, checksum: 0 })
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all_at(bytes, self.bytes).map_err(failed_to("write", &self.path))?;
        self.bytes += bytes.len() as u64;
        self.checksum = crc32c::crc32c_append(self.checksum, bytes);
        if self.bytes - self.synced >= SNAPSHOT_SYNC_BYTES { self.sync() } else { Ok(()) }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.synced = self.bytes;
        self.file.sync().map_err(failed_to("sync", &self.path))
    }

    fn finish(mut self) -> Result<u64, StoreError> {
        self.sync()?;
        Ok(self.bytes)
    }
}

/// The newest snapshot in which everything is as it was written; those that are passed over are told.
pub(super) fn newest_sound(
    data: &Path,
    progress: &dyn Fn(OpenProgress),
) -> Result<Option<SnapshotReader>, StoreError> {
    for path in paths(data)? {
        match SnapshotReader::open(&path).and_then(|reader| reader.check(&|_| {})) {
            Ok(_) => return SnapshotReader::open(&path).map(Some),
            Err(error @ StoreError::Damaged { .. }) => {
                progress(OpenProgress::Noted(format!("A snapshot is passed over: {error}.")));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Refuses where the journal ends before S1 of the snapshot at `path`.
pub(super) fn reaches(path: &Path, to: Sequence, last: Sequence) -> Result<(), StoreError> {
    if last >= to {
        return Ok(());
    }
    let (last, to) = (last.0, to.0);
    let what = format!("the journal ends with commit {last}, and this snapshot has commit {to}");
    Err(StoreError::Damaged { file: path.display().to_string(), byte: 0, what })
}

/// Bytes that the journal had when the newest snapshot was begun.
pub(super) fn newest_journal_bytes(data: &Path) -> Option<u64> {
    let path = paths(data).ok()?.into_iter().next()?;
    SnapshotReader::open(&path).ok().map(|reader| reader.journal_bytes())
}

/// Reads every snapshot in the data directory `data`, without the database and without the lock. At most 100 places are
/// reported, one a snapshot.
pub fn verify_snapshots(
    data: &Path,
    progress: &dyn Fn(VerifyProgress),
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for path in paths(data)? {
        let checked = SnapshotReader::open(&path).and_then(|reader| {
            let total_bytes = reader.bytes();
            reader.check(&|done_bytes| {
                progress(VerifyProgress::Snapshot { done_bytes, total_bytes });
            })
        });
        match checked {
            Ok(_) => {}
            // An open desk has made a newer one and taken this one away.
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(StoreError::Damaged { file, byte, what }) if findings.len() < FINDINGS_MAX => {
                findings.push(Finding { file, byte, what });
            }
            Err(StoreError::Damaged { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(findings)
}

fn snapshot_directory(data: &Path) -> PathBuf {
    data.join("snapshots")
}

/// The snapshots, newest first; other files are none.
fn paths(data: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let directory = snapshot_directory(data);
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed_to("list", &directory)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed_to("list", &directory))?.file_name();
        let number = name.to_str().and_then(|name| name.parse().ok()).map(Sequence);
        if let Some(from) = number
            && name.to_str() == Some(&file_name(from))
        {
            names.push(directory.join(name));
        }
    }
    names.sort_unstable();
    names.reverse();
    Ok(names)
}
