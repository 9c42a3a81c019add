//! A disk that fails, writes short or is full: nothing acknowledged is lost, nothing more is acknowledged, reads go on.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use casedesk::store::{
    CommitError, Committed, Direction, Disk, DiskFile, Health, KeyRange, OpenOptions, OpenProgress,
    Phase, Sequence, SledStore, Store, StoreError, SystemDisk, Write,
};
use tempfile::TempDir;

use crate::store_laws::{put, set, writes};

/// How the chosen operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// With an error of the device, and nothing is done.
    Broken,
    /// Half of a write is done, then the disk is full.
    Short,
}

/// Counts every operation, and fails one of them once; later ones would succeed.
#[derive(Debug, Default)]
struct State {
    done: AtomicU64,
    ahead: AtomicU64,
    fault: Mutex<Option<Fault>>,
    what_failed: Mutex<Option<&'static str>>,
    free_bytes: AtomicU64,
    asks_of_room_fail: AtomicBool,
    panics_between_batches: AtomicBool,
}

#[derive(Debug, Clone, Default)]
struct TestDisk(Arc<State>);

#[derive(Debug)]
struct TestFile {
    disk: TestDisk,
    file: Box<dyn DiskFile>,
}

impl TestDisk {
    fn new() -> Self {
        let disk = Self::default();
        disk.set_free(u64::MAX);
        disk
    }

    /// The operation `number` from now on fails; of those, that is, which the fault may happen to.
    fn fail(&self, number: u64, fault: Fault) {
        *self.0.fault.lock().unwrap() = Some(fault);
        self.0.ahead.store(number, Ordering::SeqCst);
    }

    fn set_free(&self, bytes: u64) {
        self.0.free_bytes.store(bytes, Ordering::SeqCst);
    }

    fn done(&self) -> u64 {
        self.0.done.load(Ordering::SeqCst)
    }

    fn what_failed(&self) -> Option<&'static str> {
        *self.0.what_failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, what: &'static str) -> io::Result<()> {
        self.0.done.fetch_add(1, Ordering::SeqCst);
        match *self.0.fault.lock().unwrap() {
            Some(fault)
                if (fault == Fault::Broken || what == "write")
                    && self.0.ahead.fetch_sub(1, Ordering::SeqCst) == 1 =>
            {
                *self.0.what_failed.lock().unwrap() = Some(what);
                let (broken, full) = (5, 28);
                let code = if fault == Fault::Broken { broken } else { full };
                Err(io::Error::from_raw_os_error(code))
            }
            _ => Ok(()),
        }
    }

    fn is_full(&self) -> bool {
        self.0.free_bytes.load(Ordering::SeqCst) == 0
    }
}

impl Disk for TestDisk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step("open")?;
        Ok(Box::new(TestFile { disk: self.clone(), file: SystemDisk.open(path)? }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename")?;
        SystemDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove")?;
        if path.ends_with("ballast") {
            self.0.free_bytes.fetch_add(fs::metadata(path)?.len(), Ordering::SeqCst);
        }
        SystemDisk.remove(path)
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        self.step("create a directory")?;
        SystemDisk.create_directory(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.step("sync a directory")?;
        SystemDisk.sync_directory(path)
    }

    fn make_read_only(&self, path: &Path) -> io::Result<()> {
        self.step("make read-only")?;
        SystemDisk.make_read_only(path)
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        if self.0.asks_of_room_fail.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(5));
        }
        Ok(self.0.free_bytes.load(Ordering::SeqCst))
    }

    fn reached(&self, phase: Phase) {
        let panics = self.0.panics_between_batches.load(Ordering::SeqCst);
        assert!(!(panics && phase == Phase::BetweenBatches), "the database stops here");
    }
}

impl DiskFile for TestFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn write_all_at(&mut self, bytes: &[u8], place: u64) -> io::Result<()> {
        if self.disk.is_full() {
            return Err(io::Error::from_raw_os_error(28));
        }
        let outcome = self.disk.step("write");
        if outcome.is_err() && *self.disk.0.fault.lock().unwrap() == Some(Fault::Short) {
            self.file.write_all_at(&bytes[..bytes.len() / 2], place)?;
        }
        outcome?;
        self.file.write_all_at(bytes, place)
    }

    fn set_length(&mut self, bytes: u64) -> io::Result<()> {
        self.disk.step("set the length")?;
        self.file.set_length(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.step("sync")?;
        self.file.sync()
    }
}

fn open_on(disk: &TestDisk, directory: &Path) -> Result<SledStore, StoreError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    SledStore::open(directory, OpenOptions { disk, ..options() }, &|_| {})
}

/// Small segments, so that a few commits rotate; checkpoints only where the test makes them.
fn options() -> OpenOptions {
    OpenOptions {
        cache_bytes: 8 * 1024 * 1024,
        segment_bytes_max: 1_500,
        checkpoint_idle: Duration::from_secs(3600),
        free_bytes_min: 1_000_000,
        ballast_bytes: 0,
        ..OpenOptions::default()
    }
}

const COMMITS: u64 = 7;

fn value(id: u64) -> String {
    format!("{id}").repeat(400)
}

fn ask(store: &SledStore, id: u64) -> Result<Committed, CommitError> {
    store.commit(writes(id.into(), vec![], vec![put(&format!("key {id}"), &value(id))]))
}

fn is_clean(directory: &Path) -> bool {
    fs::read(directory.join("checkpoint")).unwrap()[36] == 1
}

/// Two rotations and a checkpoint; gives what was acknowledged, and the first id that was not.
fn work(store: &SledStore) -> (BTreeMap<u64, Sequence>, Option<u64>) {
    let mut acknowledged = BTreeMap::new();
    for id in 1..=COMMITS {
        match ask(store, id) {
            Ok(Committed::New(sequence)) => acknowledged.insert(id, sequence),
            Ok(other) => panic!("commit {id} was {other:?}"),
            Err(_) => return (acknowledged, Some(id)),
        };
        if id == 4 && store.checkpoint().is_err() {
            return (acknowledged, None);
        }
    }
    (acknowledged, None)
}

/// What must be so in a store that has failed.
fn assert_read_only(store: &SledStore, acknowledged: &BTreeMap<u64, Sequence>, words: &str) {
    for (id, sequence) in acknowledged {
        let row = store.get(format!("key {id}").as_bytes()).unwrap().unwrap();
        assert_eq!((&*row.value, row.version), (value(*id).as_bytes(), *sequence));
        assert_eq!(ask(store, *id).unwrap(), Committed::Repeated(*sequence));
    }
    let all = store.scan(&KeyRange::prefix(b"key"), 99, Direction::Forward).unwrap();
    assert_eq!(all.rows.len(), acknowledged.len());
    assert!(matches!(ask(store, 99), Err(CommitError::Fatal(_))));
    match store.health() {
        Health::ReadOnly { why } => assert!(why.contains(words), "{why}"),
        other @ (Health::Sound | Health::NoSpace { .. }) => panic!("{other:?}"),
    }
}

/// Reopens with a good disk: what was acknowledged is there, and every id asked again gets the right answer.
fn assert_nothing_lost(directory: &Path, acknowledged: &BTreeMap<u64, Sequence>, asked: u64) {
    let store = open_on(&TestDisk::new(), directory).unwrap();
    for id in 1..=asked {
        let again = ask(&store, id).unwrap();
        if let Some(sequence) = acknowledged.get(&id) {
            assert_eq!(again, Committed::Repeated(*sequence));
        }
        let row = store.get(format!("key {id}").as_bytes()).unwrap().unwrap();
        assert_eq!(&*row.value, value(id).as_bytes());
        assert_eq!(ask(&store, id).unwrap(), Committed::Repeated(row.version));
    }
    assert_eq!(store.sequence(), Sequence(asked));
    assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
}

/// Lets each operation of the work fail in turn until none is left; counts those that did, by what they were.
fn fail_each_in_work(fault: Fault) -> BTreeMap<&'static str, u32> {
    let mut failed = BTreeMap::new();
    let mut number = 0;
    loop {
        number += 1;
        let directory = tempfile::tempdir().unwrap();
        let disk = TestDisk::new();
        let store = open_on(&disk, directory.path()).unwrap();
        disk.fail(number, fault);
        let (acknowledged, refused) = work(&store);
        let Some(what) = disk.what_failed() else { return failed };
        *failed.entry(what).or_default() += 1;
        let done = disk.done();
        let words = if fault == Fault::Broken { "os error 5" } else { "os error 28" };
        assert_read_only(&store, &acknowledged, words);
        assert!(store.close().is_err());
        // Nothing is tried again: not the sync, not the write, not a last checkpoint.
        assert_eq!(disk.done(), done, "{what} {number}");
        drop(store);
        assert!(!is_clean(directory.path()));
        let last = acknowledged.len() as u64;
        assert_nothing_lost(directory.path(), &acknowledged, refused.unwrap_or(last));
    }
}

#[test]
fn whatever_operation_fails_nothing_acknowledged_is_lost_and_nothing_is_tried_again() {
    let failed = fail_each_in_work(Fault::Broken);
    // Seven frames, three segments, two manifests and a checkpoint; the checkpoint syncs the database too.
    let expected = [
        ("make read-only", 2),
        ("open", 3 + 3 + 2 + 1),
        ("rename", 3 + 2 + 1),
        ("set the length", 3 + 2 + 1),
        ("sync", 7 + 3 + 2 + 2),
        ("sync a directory", 3 + 2 + 1),
        ("write", 7 + 3 + 2 + 1),
    ];
    assert_eq!(failed, BTreeMap::from(expected));
}

#[test]
fn a_short_write_on_a_full_disk_loses_nothing_acknowledged() {
    assert_eq!(fail_each_in_work(Fault::Short), BTreeMap::from([("write", 7 + 3 + 2 + 1)]));
}

/// A journal as a kill leaves it, of which the database is behind and a segment is not in the manifest.
fn killed() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = open_on(&TestDisk::new(), directory.path()).unwrap();
    for id in 1..=COMMITS {
        ask(&store, id).unwrap();
    }
    let remains: Vec<_> = crate::store_damage::files(directory.path())
        .into_iter()
        .filter(|(name, _)| !name.starts_with("sled") && !name.ends_with("manifest"))
        .collect();
    crate::store_damage::restored(&remains)
}

#[test]
fn an_opening_that_fails_anywhere_leaves_a_store_that_opens() {
    let acknowledged: BTreeMap<_, _> = (1..=COMMITS).map(|id| (id, Sequence(id))).collect();
    for number in 1.. {
        let directory = killed();
        let disk = TestDisk::new();
        disk.fail(number, Fault::Broken);
        let opened = open_on(&disk, directory.path());
        if disk.what_failed().is_none() {
            assert!(number > 15, "{number}");
            return;
        }
        assert!(matches!(opened, Err(StoreError::Io { .. })), "{number}: {opened:?}");
        drop(opened);
        assert_nothing_lost(directory.path(), &acknowledged, COMMITS);
    }
}

#[test]
fn a_group_that_the_database_took_in_part_is_acknowledged_and_read_whole() {
    let directory = tempfile::tempdir().unwrap();
    let disk = TestDisk::new();
    let store = open_on(&disk, directory.path()).unwrap();
    let key = |number: u64| format!("key {number:04}");
    let old = (0..150).map(|number| put(&key(number), "old")).collect();
    store.commit(writes(1, vec![], old)).unwrap();
    store.checkpoint().unwrap();
    disk.0.panics_between_batches.store(true, Ordering::SeqCst);
    // A third of the old rows goes, a third is new, and there are some hundred more.
    let new = (0..450)
        .map(|number| match number {
            0..50 => Write::Delete(key(number).into_bytes()),
            _ => put(&key(number), "new"),
        })
        .collect();
    assert_eq!(store.commit(writes(2, vec![], new)).unwrap(), Committed::New(Sequence(2)));
    let assert_whole = |store: &SledStore| {
        assert_eq!(store.sequence(), Sequence(2));
        assert_eq!(store.get(key(7).as_bytes()).unwrap(), None);
        for direction in [Direction::Forward, Direction::Backward] {
            let page = store.scan(&KeyRange::prefix(b"key"), 400, direction).unwrap();
            assert!(!page.has_more && page.rows.len() == 400);
            assert!(page.rows.iter().all(|(_, row)| *row.value == *b"new"));
            let page = store.scan(&KeyRange::prefix(b"key"), 10, direction).unwrap();
            let first = if direction == Direction::Forward { key(50) } else { key(449) };
            assert!(page.has_more && page.rows[0].0 == first.into_bytes());
        }
        let again = store.commit(writes(2, vec![], vec![]));
        assert_eq!(again.unwrap(), Committed::Repeated(Sequence(2)));
    };
    assert_whole(&store);
    // The database is given the group after it was acknowledged, and stops in the middle of it.
    assert!(matches!(store.checkpoint(), Err(StoreError::Engine { .. })));
    assert_whole(&store);
    assert!(matches!(store.commit(writes(3, vec![], vec![])), Err(CommitError::Fatal(_))));
    match store.health() {
        Health::ReadOnly { why } => {
            assert!(why.contains("failed to write") && !why.contains("stops here"), "{why}");
        }
        other @ (Health::Sound | Health::NoSpace { .. }) => panic!("{other:?}"),
    }
    assert!(matches!(store.close(), Err(StoreError::Engine { .. })));
    drop(store);
    assert!(!is_clean(directory.path()));
    let store = open_on(&TestDisk::new(), directory.path()).unwrap();
    assert_whole(&store);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
}

#[test]
fn a_full_disk_refuses_commits_before_anything_is_written_and_heals_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let disk = TestDisk::new();
    let store = open_on(&disk, directory.path()).unwrap();
    set(&store, 1, "a", "one");
    // Exactly what has to stay free, and ten bytes: there is no room for the smallest commit, and nobody is told otherwise.
    disk.set_free(1_000_010);
    assert!(matches!(store.health(), Health::NoSpace { free_bytes: 1_000_010, .. }));
    let done = disk.done();
    let refused = store.commit(writes(2, vec![], vec![put("a", "two")]));
    match refused {
        Err(CommitError::NoSpace { free_bytes: 1_000_010, needed_bytes }) => {
            assert_eq!(needed_bytes, 1_000_000 + 64 * 1024);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(disk.done(), done);
    assert_eq!(store.get(b"a").unwrap().unwrap().version, Sequence(1));
    assert_eq!(set(&store, 1, "a", "one"), Committed::Repeated(Sequence(1)));
    disk.set_free(999_999);
    let expected = Health::NoSpace { free_bytes: 999_999, needed_bytes: 1_065_536 };
    assert_eq!(store.health(), expected);
    disk.0.asks_of_room_fail.store(true, Ordering::SeqCst);
    assert_eq!(store.health(), Health::Sound);
    assert_eq!(set(&store, 2, "a", "two"), Committed::New(Sequence(2)));
    disk.0.asks_of_room_fail.store(false, Ordering::SeqCst);
    assert!(store.commit(writes(3, vec![], vec![])).is_err());
    disk.set_free(u64::MAX);
    assert_eq!(store.health(), Health::Sound);
    assert_eq!(set(&store, 3, "a", "three"), Committed::New(Sequence(3)));
}

/// Opens with a ballast; gives what was noted.
fn open_with_ballast(disk: &TestDisk, directory: &Path) -> (SledStore, Vec<String>) {
    let notes = Mutex::new(Vec::new());
    let note = |progress| {
        if let OpenProgress::Noted(words) = progress {
            notes.lock().unwrap().push(words);
        }
    };
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let options = OpenOptions { disk, ballast_bytes: 1_500_000, ..options() };
    let store = SledStore::open(directory, options, &note).unwrap();
    (store, notes.into_inner().unwrap())
}

#[test]
fn a_store_on_a_full_disk_opens_with_the_room_of_its_ballast_and_takes_it_back_later() {
    let directory = tempfile::tempdir().unwrap();
    let ballast = directory.path().join("ballast");
    let disk = TestDisk::new();
    let (store, notes) = open_with_ballast(&disk, directory.path());
    assert_eq!(notes, [""; 0]);
    let blocks = std::os::unix::fs::MetadataExt::blocks(&fs::metadata(&ballast).unwrap());
    assert!(blocks * 512 >= 1_500_000);
    set(&store, 1, "a", "one");
    drop(store);

    disk.set_free(0);
    let (store, notes) = open_with_ballast(&disk, directory.path());
    assert!(notes.len() == 1 && notes[0].contains("was removed to make room"), "{notes:?}");
    assert!(!ballast.exists());
    assert_eq!(&*store.get(b"a").unwrap().unwrap().value, b"one");
    disk.set_free(500_000);
    assert!(matches!(store.health(), Health::NoSpace { free_bytes: 500_000, .. }));
    let refused = store.commit(writes(2, vec![], vec![]));
    assert!(matches!(refused, Err(CommitError::NoSpace { .. })));

    disk.set_free(2_400_000);
    set(&store, 2, "a", "two");
    store.checkpoint().unwrap();
    assert!(!ballast.exists());
    disk.set_free(2_500_000);
    store.checkpoint().unwrap();
    assert_eq!(fs::metadata(&ballast).unwrap().len(), 1_500_000);
    assert_eq!(store.health(), Health::Sound);
}

#[test]
fn a_ballast_that_cannot_be_made_is_noted_and_stops_nobody() {
    let directory = tempfile::tempdir().unwrap();
    drop(open_on(&TestDisk::new(), directory.path()).unwrap());
    let disk = TestDisk::new();
    // The first write is the checkpoint's, and the ballast takes two.
    disk.fail(3, Fault::Short);
    let (store, notes) = open_with_ballast(&disk, directory.path());
    assert!(notes.len() == 1 && notes[0].contains("os error 28"), "{notes:?}");
    assert!(!directory.path().join("ballast").exists());
    assert_eq!(set(&store, 1, "a", "one"), Committed::New(Sequence(1)));
}
