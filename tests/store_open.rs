//! What opening does with a database that cannot be relied on: it is set aside as it was and made anew from the newest
//! snapshot and the journal, wherever that is interrupted.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use casedesk::store::{
    Direction, Disk, DiskFile, KeyRange, OpenOptions, OpenProgress, Page, Phase, Probe, Sequence,
    SledStore, Store, StoreError, SystemDisk, Write, verify_journal, verify_snapshots,
};
use tempfile::TempDir;

use crate::harness::program;
use crate::store_damage::{
    COMMITS, assert_whole, closed, cut, files, flip, killed, open, options, place, restored,
};
use crate::store_laws::{put, set, writes};

type Files = Vec<(PathBuf, Vec<u8>)>;

/// Damages a file at a place.
type Damage = fn(&Path, usize);

/// Opens a store, and gives the words that are said about it.
fn told(directory: &Path, options: OpenOptions) -> (Result<SledStore, StoreError>, Vec<String>) {
    let words = RefCell::new(Vec::new());
    let store = SledStore::open(directory, options, &|progress| {
        words.borrow_mut().extend(progress.words());
    });
    (store, words.into_inner())
}

fn database(directory: &Path) -> PathBuf {
    directory.join("sled")
}

fn aside(directory: &Path, number: u32) -> PathBuf {
    directory.join(format!("sled.aside-{number}"))
}

/// The database of a store with so many commits, which have other values.
fn stranger(commits: u64) -> Files {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    for id in 1..=commits {
        set(&store, id.into(), &format!("key {id}"), "another office");
    }
    store.close().unwrap();
    drop(store);
    files(&database(directory.path()))
}

/// The database as it was after the first commits of the office itself.
fn older(commits: u64) -> Files {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    for id in 1..=commits {
        set(&store, id.into(), &format!("key {id}"), &"x".repeat(400));
    }
    store.close().unwrap();
    drop(store);
    files(&database(directory.path()))
}

fn put_in_place(directory: &Path, database_files: &Files) {
    fs::remove_dir_all(database(directory)).unwrap();
    for (name, bytes) in database_files {
        let path = database(directory).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Opens a store whose database was damaged: it is whole, and says what it did. Gives whether the database was set aside.
fn opens_whole(directory: &Path, what: &str) -> bool {
    let before = files(&database(directory));
    let (store, words) = told(directory, options());
    let store = store.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_whole(&store, COMMITS);
    let again = writes(COMMITS.into(), vec![], vec![put("again", "")]);
    let repeated = store.commit(again).unwrap();
    assert_eq!(repeated, casedesk::store::Committed::Repeated(Sequence(COMMITS)), "{what}");
    let is_aside = aside(directory, 1).exists();
    assert_eq!(
        words.iter().any(|word| word.contains("sled.aside-1")),
        is_aside,
        "{what} {words:?}"
    );
    if is_aside {
        assert_eq!(names(&files(&aside(directory, 1))), names(&before), "{what}");
    }
    is_aside
}

/// The names of the files that the database has in any case; what sled adds when it is opened is left out.
fn names(files: &Files) -> Vec<PathBuf> {
    let mut names: Vec<_> = files.iter().map(|(name, _)| name.clone()).collect();
    names.retain(|name| !name.to_string_lossy().starts_with("snap"));
    names.sort();
    names
}

#[test]
fn a_database_that_lost_rows_or_is_anothers_is_set_aside_and_made_anew() {
    let directory = killed();
    put_in_place(directory.path(), &older(3));
    assert!(opens_whole(directory.path(), "older"));
    for commits in [2, 5, 9] {
        let directory = killed();
        put_in_place(directory.path(), &stranger(commits));
        assert!(opens_whole(directory.path(), &format!("a stranger's of {commits} commits")));
    }
    let directory = killed();
    for (name, _) in files(&database(directory.path())) {
        fs::remove_file(database(directory.path()).join(name)).unwrap();
    }
    assert!(opens_whole(directory.path(), "emptied"));
}

#[test]
fn a_torn_flipped_or_short_database_is_sound_or_set_aside_and_nothing_is_lost() {
    let mut set_aside = 0;
    let length = fs::read(database(killed().path()).join("db")).unwrap().len();
    let damages: [(&str, Damage); 3] = [
        ("cut", |path, at| cut(path, at)),
        ("flipped", |path, at| flip(path, at)),
        ("torn", |path, at| {
            let mut bytes = fs::read(path).unwrap();
            bytes[at..].fill(0);
            fs::write(path, bytes).unwrap();
        }),
    ];
    for (name, damage) in damages {
        for part in 0..6 {
            let directory = killed();
            let at = length * part / 6 + part;
            damage(&database(directory.path()).join("db"), at);
            set_aside += u32::from(opens_whole(directory.path(), &format!("{name} at {at}")));
        }
    }
    assert!(set_aside >= 6, "{set_aside}");
}

#[test]
fn what_was_set_aside_is_never_written_over() {
    let directory = killed();
    put_in_place(directory.path(), &older(3));
    drop(open(directory.path()).unwrap());
    let first = files(&aside(directory.path(), 1));
    fs::write(database(directory.path()).join("db"), "nothing of sled's").unwrap();
    // It was closed in order, so that nothing but its opening can tell.
    let (store, words) = told(directory.path(), options());
    assert_whole(&store.unwrap(), COMMITS);
    assert!(words.iter().any(|word| word.contains("sled.aside-2")), "{words:?}");
    assert_eq!(files(&aside(directory.path(), 1)), first);
    assert_eq!(fs::read(aside(directory.path(), 2).join("db")).unwrap(), b"nothing of sled's");
}

fn probed_by(script: &str) -> OpenOptions {
    let probe = Probe {
        program: "sh".into(),
        arguments: vec!["-c".into(), script.into()],
        floor: Duration::from_millis(300),
        per_mebibyte: Duration::ZERO,
    };
    OpenOptions { probe: Some(probe), ..options() }
}

#[test]
fn a_probe_that_hangs_dies_or_says_no_sets_the_database_aside() {
    for (script, why) in [
        ("read line", "no answer within"),
        ("kill -SEGV $$", "signal"),
        ("exit 101", "101"),
        ("echo a row is missing; exit 1", "a row is missing"),
    ] {
        let directory = killed();
        let before = files(&database(directory.path()));
        let (store, words) = told(directory.path(), probed_by(script));
        assert_whole(&store.unwrap(), COMMITS);
        assert!(words[0].contains(why), "{words:?}");
        assert_eq!(files(&aside(directory.path(), 1)), before, "{script}");
    }
}

#[test]
fn a_probe_that_says_yes_or_cannot_say_leaves_the_database_where_it_is() {
    for (script, is_noted) in [("exit 0", false), ("echo who knows; exit 3", true)] {
        let directory = killed();
        let (store, words) = told(directory.path(), probed_by(script));
        assert_whole(&store.unwrap(), COMMITS);
        assert_eq!(words.iter().any(|word| word.contains("could not be probed")), is_noted);
        assert!(!aside(directory.path(), 1).exists(), "{words:?}");
    }
    // After a clean close nobody is asked.
    let directory = closed();
    let (store, words) = told(directory.path(), probed_by("exit 1"));
    assert_whole(&store.unwrap(), COMMITS);
    assert_eq!(words, Vec::<String>::new());
}

#[test]
fn the_program_probes_a_database_and_sets_it_aside() {
    let run = |directory: &Path, command: &str| {
        program()
            .args(["--data", directory.to_str().unwrap(), command])
            .env_clear()
            .output()
            .unwrap()
    };
    let directory = killed();
    assert_eq!(run(directory.path(), "probe").status.code(), Some(0));
    put_in_place(directory.path(), &stranger(5));
    let said = run(directory.path(), "probe");
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stdout).contains("a row is "), "{said:?}");
    let said = run(directory.path(), "verify");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(words.contains("sled.aside-1"), "{words}");
    assert!(aside(directory.path(), 1).exists());
    // Keys may hold words of names, and the log holds none.
    let log = fs::read_to_string(directory.path().join("log")).unwrap();
    assert!(log.contains("a row is ") && !log.contains("key "), "{log}");
    let (path, start, _) = place(directory.path(), COMMITS - 1);
    flip(&path, start + 9);
    fs::remove_file(directory.path().join("checkpoint")).unwrap();
    assert_eq!(run(directory.path(), "probe").status.code(), Some(3));
}

/// A disk that keeps what a kill at each of its calls leaves behind, tells of snapshots, and holds one where it is asked to.
#[derive(Debug, Default)]
struct Watched {
    directory: PathBuf,
    left: Mutex<Vec<Files>>,
    snapshot: Option<(SyncSender<()>, Mutex<Receiver<()>>)>,
    is_held_once: AtomicBool,
}

impl Watched {
    fn keep(&self) {
        if !self.directory.as_os_str().is_empty() {
            self.left.lock().unwrap().push(files(&self.directory));
        }
    }
}

impl Disk for Watched {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.keep();
        SystemDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.keep();
        SystemDisk.rename(from, to)?;
        self.keep();
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove(path)
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_directory(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.keep();
        SystemDisk.sync_directory(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        SystemDisk.free_bytes(path)
    }

    fn reached(&self, phase: Phase) {
        if phase == Phase::Snapshot
            && let Some((begun, go_on)) = &self.snapshot
            && !self.is_held_once.swap(true, Ordering::SeqCst)
        {
            begun.send(()).unwrap();
            go_on.lock().unwrap().recv().unwrap();
        }
    }
}

#[test]
fn a_kill_at_any_point_of_making_the_database_anew_is_finished_by_the_next_opening() {
    let directory = killed();
    let store = open(directory.path()).unwrap();
    store.snapshot(&|_| {}).unwrap();
    drop(store);
    fs::write(database(directory.path()).join("db"), "nothing of sled's").unwrap();
    let watched =
        Arc::new(Watched { directory: directory.path().to_owned(), ..Watched::default() });
    let disk = Arc::clone(&watched);
    let store = SledStore::open(directory.path(), OpenOptions { disk, ..options() }, &|progress| {
        if matches!(progress, OpenProgress::Rebuilding { .. } | OpenProgress::SetAside { .. }) {
            watched.keep();
        }
    });
    assert_whole(&store.unwrap(), COMMITS);
    let left = std::mem::take(&mut *watched.left.lock().unwrap());
    assert!(left.len() > 12, "{}", left.len());
    let mut half_made = 0;
    for remains in &left {
        half_made += u32::from(remains.iter().any(|(name, _)| name.starts_with("sled.building")));
        let directory = restored(remains);
        assert_whole(&open(directory.path()).unwrap(), COMMITS);
        assert!(!directory.path().join("sled.building").exists());
        assert!(!aside(directory.path(), 2).exists());
    }
    assert!(half_made > 3, "{half_made}");
}

fn rows(store: &SledStore) -> Page {
    let all = KeyRange { from: Vec::new(), to: None };
    store.scan(&all, usize::MAX - 1, Direction::Forward).unwrap()
}

/// Four threads that write, change and take away rows until they are told to stop.
fn under_load(store: &SledStore, then: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    let (begun, has_begun) = sync_channel(4);
    thread::scope(|scope| {
        for writer in 0..4_u128 {
            let (is_over, begun) = (&is_over, begun.clone());
            scope.spawn(move || {
                for turn in 0_u128.. {
                    let row = format!("row {:03}", (turn * 7 + writer) % 1_000).into_bytes();
                    let write = if turn % 5 == 4 {
                        Write::Delete(row)
                    } else {
                        Write::Put(row, turn.to_be_bytes().to_vec())
                    };
                    store.commit(writes(1_000 + turn * 4 + writer, vec![], vec![write])).unwrap();
                    if turn == 50 {
                        begun.send(()).unwrap();
                    }
                    if turn > 50 && is_over.load(Ordering::SeqCst) {
                        return;
                    }
                }
            });
        }
        for _ in 0..4 {
            has_begun.recv().unwrap();
        }
        then();
        is_over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn a_snapshot_under_load_restores_exactly_what_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    for id in 0..600 {
        set(&store, id, &format!("row {id:03}"), "early");
    }
    let mut made = None;
    under_load(&store, || made = Some(store.snapshot(&|_| {}).unwrap()));
    let made = made.unwrap();
    assert!(made.from >= Sequence(800) && made.to >= made.from && made.rows > 0, "{made:?}");
    assert_eq!(verify_snapshots(directory.path(), &|_| {}).unwrap(), []);
    let (before, last) = (rows(&store), store.sequence());
    drop(store);
    fs::remove_dir_all(database(directory.path())).unwrap();
    // The journal before the snapshot is not read: only the snapshot can have these rows.
    let (early, start, _) = place(directory.path(), 5);
    flip(&early, start + 9);
    let store = open(directory.path()).unwrap();
    assert_eq!((rows(&store), store.sequence()), (before, last));
    let again = writes(599, vec![], vec![put("again", "")]);
    assert_eq!(store.commit(again).unwrap(), casedesk::store::Committed::Repeated(Sequence(600)));
    flip(&early, start + 9);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
}

#[test]
fn a_due_snapshot_is_made_beside_the_commits_and_stops_none() {
    let directory = tempfile::tempdir().unwrap();
    let (begun, has_begun) = sync_channel(1);
    let (go_on, may_go_on) = sync_channel(1);
    let snapshot = Some((begun, Mutex::new(may_go_on)));
    let disk = Arc::new(Watched { snapshot, ..Watched::default() });
    let store = SledStore::open(
        directory.path(),
        OpenOptions { disk, snapshot_bytes: 1_000, ..options() },
        &|_| {},
    )
    .unwrap();
    for id in 1..=3 {
        set(&store, id, &format!("key {id}"), &"x".repeat(400));
    }
    has_begun.recv_timeout(Duration::from_secs(60)).unwrap();
    for id in 4..=9 {
        set(&store, id, &format!("key {id}"), &"x".repeat(400));
    }
    go_on.send(()).unwrap();
    assert_whole(&store, 9);
    store.snapshot(&|_| {}).unwrap();
    assert_eq!(store.snapshot_failure(), None);
    store.close().unwrap();
    assert!(matches!(store.snapshot(&|_| {}), Err(StoreError::Closed)));
    assert_eq!(verify_snapshots(directory.path(), &|_| {}).unwrap(), []);
}

/// A closed store with snapshots after its fourth, eighth and last commit, and without its database.
fn with_snapshots() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    for id in 1..=COMMITS {
        set(&store, id.into(), &format!("key {id}"), &"x".repeat(400));
        if id % 4 == 0 {
            store.snapshot(&|_| {}).unwrap();
        }
    }
    drop(store);
    fs::remove_dir_all(database(directory.path())).unwrap();
    directory
}

fn snapshot(directory: &Path, from: u64) -> PathBuf {
    directory.join("snapshots").join(format!("{from:020}"))
}

#[test]
fn the_newest_two_sound_snapshots_are_kept() {
    let directory = with_snapshots();
    let kept: Vec<_> = fs::read_dir(directory.path().join("snapshots")).unwrap().collect();
    assert_eq!(kept.len(), 2);
    flip(&snapshot(directory.path(), 12), 70);
    let draft = snapshot(directory.path(), 11).with_extension("new");
    fs::write(&draft, "what a killed process left").unwrap();
    let store = open(directory.path()).unwrap();
    set(&store, 77, "more", "");
    store.snapshot(&|_| {}).unwrap();
    assert!(!draft.exists());
    // The damaged one in between does not count.
    assert!(snapshot(directory.path(), 13).exists() && snapshot(directory.path(), 8).exists());
}

#[test]
fn no_flipped_byte_and_no_cut_of_a_snapshot_goes_unnoticed() {
    let directory = with_snapshots();
    let path = snapshot(directory.path(), 12);
    let good = fs::read(&path).unwrap();
    let places = (0..good.len()).filter(|at| *at < 64 || at % 97 == 0 || at + 60 > good.len());
    for at in places {
        let mut bad = good.clone();
        bad[at] ^= 0x21;
        for bytes in [&bad[..], &good[..at], &[&good[..], &good[..=at]].concat()[..]] {
            fs::write(&path, bytes).unwrap();
            let found = verify_snapshots(directory.path(), &|_| {}).unwrap();
            assert_eq!(found.len(), 1, "byte {at}");
            assert_eq!(found[0].file, path.display().to_string());
        }
    }
}

#[test]
fn a_damaged_snapshot_is_passed_over_and_the_one_before_it_serves() {
    let directory = with_snapshots();
    flip(&snapshot(directory.path(), 12), 200);
    let (early, start, _) = place(directory.path(), 2);
    flip(&early, start + 9);
    let (store, words) = told(directory.path(), options());
    let store = store.unwrap();
    flip(&early, start + 9);
    assert_whole(&store, COMMITS);
    assert!(words[0].contains("passed over") && words[0].contains("00012"), "{words:?}");
    drop(store);
    // Where no snapshot is whole, the journal has everything.
    fs::remove_dir_all(database(directory.path())).unwrap();
    flip(&snapshot(directory.path(), 8), 200);
    assert_whole(&open(directory.path()).unwrap(), COMMITS);
}

#[test]
fn a_snapshot_that_the_journal_does_not_reach_is_refused_as_damage() {
    let directory = with_snapshots();
    let (path, start, _) = place(directory.path(), COMMITS);
    cut(&path, start);
    fs::remove_file(directory.path().join("checkpoint")).unwrap();
    assert_eq!(verify_journal(directory.path(), &|_| {}).unwrap(), []);
    match open(directory.path()) {
        Err(StoreError::Damaged { file, what, .. }) => {
            assert_eq!(file, snapshot(directory.path(), 12).display().to_string());
            assert!(what.contains("commit 11") && what.contains("commit 12"), "{what}");
        }
        other => panic!("opened or failed otherwise: {other:?}"),
    }
}

/// The names of sled's own snapshots of its page map.
fn page_maps(data: &Path) -> Vec<String> {
    let names = fs::read_dir(data.join("sled")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut maps: Vec<_> = names.filter(|name| name.starts_with("snap.")).collect();
    maps.sort();
    maps
}

#[test]
fn a_store_that_wrote_much_puts_its_database_in_order_when_it_goes() {
    let options =
        |settle_bytes| OpenOptions { settle_bytes, ballast_bytes: 0, ..OpenOptions::default() };
    let directory = tempfile::tempdir().unwrap();
    let open = |bytes| SledStore::open(directory.path(), options(bytes), &|_| {}).unwrap();
    drop(open(u64::MAX));
    for (round, bytes) in [(1_u128, u64::MAX), (2, 1_000)] {
        let store = open(bytes);
        let opened = page_maps(directory.path());
        for id in 0..20 {
            set(&store, round * 100 + id, &format!("key {round} {id}"), &"x".repeat(200));
        }
        store.close().unwrap();
        let is_due = store.has_to_settle();
        drop(store);
        assert_eq!(is_due, round == 2);
        assert_eq!(page_maps(directory.path()) != opened, is_due, "{opened:?}");
    }
    let store = open(u64::MAX);
    for (round, id) in (1..=2).flat_map(|round| (0..20).map(move |id| (round, id))) {
        assert!(store.get(format!("key {round} {id}").as_bytes()).unwrap().is_some());
    }
}
