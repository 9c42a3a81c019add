//! The one place that names sled: rows with their versions, applied in small batches, made durable by our own sync.
//!
//! sled's `flush` asks only for `sync_file_range`, so whatever must last is synced here on a handle that stays open, which
//! also learns of write errors that sled's own sync met first. sled panics on damage; every call is guarded, so that the
//! panic becomes an error.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{FlockOperation, flock};

use super::files::{failed_to, open_private, sync_directory};
use super::group::{Changes, OWN_TAG, Table, bounds, is_empty, without_own_keys};
use super::limits::{GROUP_REQUESTS_MAX, REMEMBERED_IDS_MAX};
use super::pace::{Pace, Size};
use super::remembered::slot;
use super::{
    CommitId, Direction, Disk, DiskFile, KeyRange, Page, Phase, Sequence, StoreError, Versioned,
};

/// sled collects garbage only in the thread that flushes, at most half of this time; every round ends with a sync of its
/// file, which competes with the journal's. Twice sled's own 500 ms halves the syncs, and garbage still stays bounded.
const FLUSH_EVERY_MS: u64 = 1_000;

const APPLIED_KEY: [u8; 2] = [OWN_TAG, b'a'];
/// Commit ids, a run of consecutive commits in a row: the first one's sequence in the key, 16 bytes an id in the value. A row
/// a commit was a seventh of all that a commit of six keys wrote.
const RUN_PREFIX: [u8; 2] = [OWN_TAG, b'r'];
/// Commit ids as earlier programs kept them, a row a commit: its slot in the key, sequence and id in the value.
const SLOT_PREFIX: [u8; 2] = [OWN_TAG, b'i'];
const ID_BYTES: usize = 16;
/// Forgotten rows that go with one group: more than a group adds, so that there are never more than a few too many.
const FORGOTTEN_ROWS: usize = 2;
const VERSION_BYTES: usize = 8;

/// A sled database with one tree.
pub(super) struct SledEngine {
    database: sled::Db,
    disk: Arc<dyn Disk>,
    file: Mutex<Box<dyn DiskFile>>,
    file_path: PathBuf,
    has_failed: AtomicBool,
    pace: Pace,
}

/// A batch that is being filled.
#[derive(Default)]
struct Filling {
    batch: sled::Batch,
    size: Size,
}

impl Filling {
    fn insert(&mut self, key: &[u8], value: Vec<u8>) {
        self.size.add(key, &value);
        self.batch.insert(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.size.add(key, &[]);
        self.batch.remove(key);
    }
}

/// The part of a group that is the store's own.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnRows {
    /// The last commit of the group.
    pub(super) applied: Sequence,
    /// The ids of its commits.
    pub(super) ids: Vec<(CommitId, Sequence)>,
}

impl SledEngine {
    /// Opens the database, or makes an empty one.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        directory: &Path,
        cache_bytes: u64,
    ) -> Result<Self, StoreError> {
        let file_path = directory.join("db");
        let is_new = !file_path.exists();
        let config = sled::Config::new()
            .path(directory)
            .cache_capacity(cache_bytes)
            .use_compression(false)
            .flush_every_ms(Some(FLUSH_EVERY_MS));
        wait_for_own_threads(&file_path);
        let database = guarded("open", || config.open())?;
        let file = open_private(&*disk, &file_path)?;
        let (file, has_failed) = (Mutex::new(file), AtomicBool::new(false));
        let pace = Pace::default();
        let engine = Self { database, disk, file, file_path, has_failed, pace };
        if is_new {
            engine.sync_new_database(directory)?;
        }
        Ok(engine)
    }

    /// The last commit that was applied, as far as the database knows.
    pub(super) fn applied(&self) -> Result<Sequence, StoreError> {
        let row = self.ask("read", || self.database.get(APPLIED_KEY))?;
        row.map_or(Ok(Sequence(0)), |row| {
            row.first_chunk().map(|bytes| Sequence(u64::from_be_bytes(*bytes))).ok_or_else(bad_row)
        })
    }

    /// The remembered commit ids, in no order; one may be there twice, and some may be older than the last that count.
    pub(super) fn remembered(&self) -> Result<Vec<(CommitId, Sequence)>, StoreError> {
        let mut remembered = self.in_slots()?;
        let runs = self
            .ask("read", || self.database.scan_prefix(RUN_PREFIX).collect::<Result<Vec<_>, _>>())?;
        for (key, ids) in runs {
            let first = run_begin(&key).ok_or_else(bad_row)?;
            let ids = ids.chunks_exact(ID_BYTES).filter_map(<[u8]>::first_chunk);
            let ids = ids.map(|id| CommitId(u128::from_be_bytes(*id)));
            remembered.extend(ids.zip((first..).map(Sequence)));
        }
        Ok(remembered)
    }

    /// The commit ids that an earlier program kept.
    fn in_slots(&self) -> Result<Vec<(CommitId, Sequence)>, StoreError> {
        self.ask("read", || {
            self.database.scan_prefix(SLOT_PREFIX).values().collect::<Result<Vec<_>, _>>()
        })?
        .iter()
        .map(|row| {
            let (sequence, id) = row.split_first_chunk().ok_or_else(bad_row)?;
            let id = id.first_chunk().ok_or_else(bad_row)?;
            Ok((CommitId(u128::from_be_bytes(*id)), Sequence(u64::from_be_bytes(*sequence))))
        })
        .collect()
    }

    /// Keeps the commit ids of an earlier program as this one does. The new rows come first, so that a kill in the middle
    /// leaves an id twice and none out.
    pub(super) fn take_over_slots(&self) -> Result<(), StoreError> {
        let mut ids = self.in_slots()?;
        if ids.is_empty() {
            return Ok(());
        }
        ids.sort_unstable_by_key(|(_, sequence)| *sequence);
        let own = OwnRows { applied: self.applied()?, ids };
        self.apply(&Changes::new(), &own)?;
        let mut filling = Filling::default();
        for (_, sequence) in &own.ids {
            let mut key = SLOT_PREFIX.to_vec();
            key.extend_from_slice(&slot(*sequence).to_be_bytes());
            filling.remove(&key);
            self.apply_if_full(&mut filling)?;
        }
        self.apply_batch(filling, || {})
    }

    /// The oldest runs of which no commit counts any more once `applied` is there.
    fn forgotten(&self, applied: Sequence) -> Result<Vec<sled::IVec>, StoreError> {
        let Some(oldest) = applied.0.checked_sub(REMEMBERED_IDS_MAX + GROUP_REQUESTS_MAX as u64)
        else {
            return Ok(Vec::new());
        };
        self.ask("read", || {
            let runs = self.database.scan_prefix(RUN_PREFIX).keys().take(FORGOTTEN_ROWS);
            runs.filter(|key| {
                key.as_ref().map_or(true, |key| run_begin(key).is_some_and(|begin| begin < oldest))
            })
            .collect()
        })
    }

    /// Applies a group, in batches; the sequence goes with the last.
    pub(super) fn apply(&self, changes: &Changes, own: &OwnRows) -> Result<(), StoreError> {
        let mut filling = Filling::default();
        for run in own.ids.chunk_by(|(_, one), (_, next)| next.0 == one.0 + 1) {
            for run in run.chunks(GROUP_REQUESTS_MAX) {
                let Some((_, first)) = run.first() else { continue };
                let mut key = RUN_PREFIX.to_vec();
                key.extend_from_slice(&first.0.to_be_bytes());
                let ids: Vec<u8> = run.iter().flat_map(|(id, _)| id.0.to_be_bytes()).collect();
                filling.insert(&key, ids);
                self.apply_if_full(&mut filling)?;
            }
        }
        for key in self.forgotten(own.applied)? {
            filling.remove(&key);
            self.apply_if_full(&mut filling)?;
        }
        for (key, change) in changes {
            match change {
                Some(versioned) => filling.insert(key.as_slice(), encode(versioned)),
                None => filling.remove(key.as_slice()),
            }
            self.apply_if_full(&mut filling)?;
        }
        filling.insert(&APPLIED_KEY, own.applied.0.to_be_bytes().to_vec());
        self.apply_batch(filling, || {})
    }

    /// Makes everything that was applied durable. After an error it must not be asked again: the system may have dropped
    /// what it could not write, and a second sync would succeed without it.
    pub(super) fn make_durable(&self) -> Result<(), StoreError> {
        self.flush()?;
        self.sync_file()
    }

    fn sync_file(&self) -> Result<(), StoreError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.sync().map_err(failed_to("sync", &self.file_path))
    }

    fn sync_new_database(&self, directory: &Path) -> Result<(), StoreError> {
        self.sync_file()?;
        let configuration = directory.join("conf");
        open_private(&*self.disk, &configuration)?
            .sync()
            .map_err(failed_to("sync", &configuration))?;
        sync_directory(&*self.disk, directory)?;
        directory.parent().map_or(Ok(()), |above| sync_directory(&*self.disk, above))
    }

    /// Bytes of the database on disk.
    pub(super) fn size_on_disk(&self) -> Result<u64, StoreError> {
        self.ask("measure", || self.database.size_on_disk())
    }

    fn apply_if_full(&self, filling: &mut Filling) -> Result<(), StoreError> {
        if !filling.size.is_full() {
            return Ok(());
        }
        self.apply_batch(std::mem::take(filling), || self.disk.reached(Phase::BetweenBatches))
    }

    /// Applies a batch, and flushes the database where it was given as much as it may be since the last time.
    fn apply_batch(&self, filling: Filling, then: impl FnOnce()) -> Result<(), StoreError> {
        let Filling { batch, size } = filling;
        // A test that stops behind it stops the database in the middle of a group, so that is guarded too.
        self.write("write", || {
            self.database.apply_batch(batch)?;
            then();
            Ok(())
        })?;
        if self.pace.has_written(size) { self.flush() } else { Ok(()) }
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.write("flush", || self.database.flush())?;
        self.pace.has_flushed();
        Ok(())
    }

    /// The number of the write that the database is at, if it is at one.
    pub(super) fn write_under_way(&self) -> Option<u64> {
        self.pace.under_way()
    }

    /// Whether the database ever failed since it was opened: then nothing that it holds is above suspicion.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire)
    }

    fn write<T>(
        &self,
        action: &'static str,
        call: impl FnOnce() -> Result<T, sled::Error>,
    ) -> Result<T, StoreError> {
        self.pace.watched(|| self.ask(action, call))
    }

    fn ask<T>(
        &self,
        action: &'static str,
        call: impl FnOnce() -> Result<T, sled::Error>,
    ) -> Result<T, StoreError> {
        self.watch(guarded(action, call))
    }

    fn watch<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.has_failed.store(true, Ordering::Release);
        }
        result
    }
}

impl Table for SledEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        if key.first() == Some(&OWN_TAG) {
            return Ok(None);
        }
        let row = self.ask("read", || self.database.get(key))?;
        self.watch(row.map(|row| decode(&row)).transpose())
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let range = without_own_keys(range);
        if is_empty(&range) {
            return Ok(Page::default());
        }
        let wanted = limit.saturating_add(1);
        let found = self.ask("read", || {
            let rows = self.database.range::<&[u8], _>(bounds(&range));
            match direction {
                Direction::Forward => rows.take(wanted).collect::<Result<Vec<_>, _>>(),
                Direction::Backward => rows.rev().take(wanted).collect(),
            }
        })?;
        let has_more = found.len() > limit;
        let rows = found.iter().take(limit).map(|(key, row)| Ok((key.to_vec(), decode(row)?)));
        Ok(Page { rows: self.watch(rows.collect())?, has_more })
    }
}

/// The first commit of a run.
fn run_begin(key: &[u8]) -> Option<u64> {
    key.get(RUN_PREFIX.len()..)?.first_chunk().map(|begin| u64::from_be_bytes(*begin))
}

fn encode(versioned: &Versioned) -> Vec<u8> {
    let mut row = Vec::with_capacity(VERSION_BYTES + versioned.value.len());
    row.extend_from_slice(&versioned.version.0.to_be_bytes());
    row.extend_from_slice(&versioned.value);
    row
}

fn decode(row: &[u8]) -> Result<Versioned, StoreError> {
    let (version, value) = row.split_first_chunk().ok_or_else(bad_row)?;
    Ok(Versioned { value: value.into(), version: Sequence(u64::from_be_bytes(*version)) })
}

fn bad_row() -> StoreError {
    StoreError::Engine { action: "read", message: "a row is shorter than its version".to_owned() }
}

fn guarded<T>(
    action: &'static str,
    call: impl FnOnce() -> Result<T, sled::Error>,
) -> Result<T, StoreError> {
    let failed = |message| StoreError::Engine { action, message };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(source))) if is_refusal_of_the_system(&source) => {
            Err(StoreError::Io { action, path: "the database".to_owned(), source })
        }
        Ok(Err(error)) => Err(failed(error.to_string())),
        // Its words may hold rows, and with them words of names; they would come to the screen and into the log.
        Err(_panic) => Err(failed("it stopped on bytes that are not as it wrote them".to_owned())),
    }
}

/// Waits until a database that this process has dropped is let go of: sled's threads keep its file locked a moment longer,
/// and whoever opened it again at once would be refused. Nobody else has it, for the data directory is locked.
fn wait_for_own_threads(file_path: &Path) {
    if let Ok(file) = File::open(file_path) {
        // Whatever is wrong with the file is told by opening it.
        let _lock_or_not = flock(&file, FlockOperation::LockExclusive);
    }
}

/// Whether the system refuses, as on a full disk or where another process has the file, and the file itself may be sound.
fn is_refusal_of_the_system(error: &io::Error) -> bool {
    // sled words this one itself.
    if error.to_string().contains("could not acquire lock") {
        return true;
    }
    let is_of_the_file = matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::InvalidInput
            | ErrorKind::NotFound
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
    );
    // A sector that cannot be read is damage: what can be made again need not be read.
    let is_unreadable = error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
    error.raw_os_error().is_some() && !is_of_the_file && !is_unreadable
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::Checkpoint;
    use super::super::{OpenOptions, SledStore, Store as _, SystemDisk};
    use super::*;

    #[test]
    fn a_database_that_failed_a_reader_is_not_left_as_one_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let open = || SledStore::open(directory.path(), OpenOptions::default(), &|_| {}).unwrap();
        let is_clean = || Checkpoint::read(directory.path()).unwrap().unwrap().is_clean;
        drop(open());
        assert!(is_clean());
        let sled = directory.path().join("sled");
        let engine = SledEngine::open(Arc::new(SystemDisk), &sled, 1 << 20).unwrap();
        engine.database.insert(b"short", b"row").unwrap();
        drop(engine);
        let store = open();
        assert!(matches!(store.get(b"short"), Err(StoreError::Engine { .. })));
        drop(store);
        assert!(!is_clean());
    }

    fn engine(directory: &Path) -> SledEngine {
        SledEngine::open(Arc::new(SystemDisk), directory, 1 << 20).unwrap()
    }

    fn id_of(sequence: u64) -> (CommitId, Sequence) {
        (CommitId(u128::from(sequence) << 64), Sequence(sequence))
    }

    #[test]
    fn the_ids_that_count_are_remembered_and_the_rows_of_the_others_go() {
        let directory = tempfile::tempdir().unwrap();
        let engine = engine(directory.path());
        let last = 2 * REMEMBERED_IDS_MAX;
        let all: Vec<_> = (1..=last).map(id_of).collect();
        for ids in all.chunks(200) {
            let own = OwnRows { applied: ids.last().unwrap().1, ids: ids.to_vec() };
            engine.apply(&Changes::new(), &own).unwrap();
        }
        let mut remembered = engine.remembered().unwrap();
        remembered.sort_unstable_by_key(|(_, sequence)| *sequence);
        let counting = remembered.split_off(remembered.len() - 100_000);
        assert!(counting.iter().copied().eq((last - REMEMBERED_IDS_MAX + 1..=last).map(id_of)));
        assert!(remembered.len() < 1_000, "{} rows too many", remembered.len());
    }

    #[test]
    fn ids_that_an_earlier_program_kept_are_taken_over_once() {
        let directory = tempfile::tempdir().unwrap();
        let engine = engine(directory.path());
        for (id, sequence) in (99_990..100_020).map(id_of) {
            let mut key = SLOT_PREFIX.to_vec();
            key.extend_from_slice(&slot(sequence).to_be_bytes());
            let row = [&sequence.0.to_be_bytes()[..], &id.0.to_be_bytes()].concat();
            engine.database.insert(key, row).unwrap();
        }
        let before = engine.remembered().unwrap();
        engine.take_over_slots().unwrap();
        assert_eq!(engine.in_slots().unwrap(), []);
        let mut after = engine.remembered().unwrap();
        after.sort_unstable();
        assert!(after.into_iter().eq((99_990..100_020).map(id_of)));
        assert_eq!(before.len(), 30);
    }
}
