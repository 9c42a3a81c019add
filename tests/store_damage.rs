//! What a store does with a journal that is not what was written: cut off what nobody was told of, refuse the rest, never
//! panic.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use casedesk::store::{
    CommitError, CommitId, Committed, Finding, JournalReader, OpenOptions, Sequence, SledStore,
    Store, StoreError, Write, verify_journal,
};
use tempfile::TempDir;

use crate::store_laws::{put, set, writes};

pub(crate) const COMMITS: u64 = 12;

/// Never makes a checkpoint by itself, so that a test knows where the last one is.
pub(crate) fn open(directory: &Path) -> Result<SledStore, StoreError> {
    SledStore::open(directory, options(), &|_| {})
}

pub(crate) fn options() -> OpenOptions {
    OpenOptions {
        cache_bytes: 8 * 1024 * 1024,
        segment_bytes_max: 2_000,
        checkpoint_idle: Duration::from_secs(3600),
        ballast_bytes: 0,
        ..OpenOptions::default()
    }
}

/// A store as a kill leaves it: twelve commits in a few segments, and a checkpoint after the fifth.
pub(crate) fn killed() -> TempDir {
    static REMAINS: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    let remains = REMAINS.get_or_init(|| {
        let living = tempfile::tempdir().unwrap();
        let store = open(living.path()).unwrap();
        for id in 1..=COMMITS {
            set(&store, id.into(), &format!("key {id}"), &"x".repeat(400));
            if id == 5 {
                store.checkpoint().unwrap();
            }
        }
        files(living.path())
    });
    restored(remains)
}

/// The same store after it was opened again and closed.
pub(crate) fn closed() -> TempDir {
    static REMAINS: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    let remains = REMAINS.get_or_init(|| {
        let directory = killed();
        open(directory.path()).unwrap().close().unwrap();
        files(directory.path())
    });
    restored(remains)
}

/// Every file below a directory, by its path from there.
pub(crate) fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_owned();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found
}

pub(crate) fn restored(files: &[(PathBuf, Vec<u8>)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    directory
}

pub(crate) fn segments(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory.join("journal")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !path.ends_with("manifest"));
    paths.sort();
    paths
}

/// The segment of a commit, and where in it the commit's frame begins and ends.
pub(crate) fn place(directory: &Path, commit: u64) -> (PathBuf, usize, usize) {
    let first = |path: &Path| path.file_name().unwrap().to_str().unwrap().parse::<u64>().unwrap();
    let paths = segments(directory);
    let path = paths.iter().rev().find(|path| first(path) <= commit).unwrap().clone();
    let lengths: Vec<_> = JournalReader::open(directory, Sequence(first(&path)))
        .unwrap()
        .map(|frame| frame.unwrap())
        .take_while(|frame| frame.sequence.0 <= commit)
        .map(|frame| usize::try_from(frame.bytes()).unwrap())
        .collect();
    let end = 24 + lengths.iter().sum::<usize>();
    (path, end - lengths.last().unwrap(), end)
}

pub(crate) fn flip(path: &Path, byte: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[byte] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

pub(crate) fn cut(path: &Path, length: usize) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..length]).unwrap();
}

fn findings(directory: &Path) -> Vec<Finding> {
    verify_journal(directory, &|_| {}).unwrap()
}

fn assert_refused(directory: &Path, path: &Path, at: usize) {
    match open(directory) {
        Err(StoreError::Damaged { file, byte, .. }) => {
            assert_eq!((file, byte), (path.display().to_string(), at as u64));
        }
        other => panic!("opened or failed otherwise: {other:?}"),
    }
}

fn assert_found(directory: &Path, path: &Path, at: usize) {
    let found = findings(directory);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0].file, found[0].byte), (&path.display().to_string(), at as u64));
}

pub(crate) fn assert_whole(store: &SledStore, commits: u64) {
    assert_eq!(store.sequence(), Sequence(commits));
    for id in 1..=commits {
        let row = store.get(format!("key {id}").as_bytes()).unwrap().unwrap();
        assert_eq!(row.version, Sequence(id));
    }
    assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
    let frames = JournalReader::open(store.directory(), Sequence(4)).unwrap();
    let sequences: Vec<_> = frames.map(|frame| frame.unwrap().sequence.0).collect();
    assert_eq!(sequences, (4..=commits).collect::<Vec<_>>());
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_and_its_ids_are_known() {
    let directory = killed();
    assert_eq!(findings(directory.path()), []);
    let store = open(directory.path()).unwrap();
    assert_whole(&store, COMMITS);
    let again = writes(COMMITS.into(), vec![], vec![put("a", "")]);
    assert_eq!(store.commit(again).unwrap(), Committed::Repeated(Sequence(COMMITS)));
}

#[test]
fn a_torn_last_frame_is_cut_off_wherever_it_tore() {
    let (_, start, end) = place(killed().path(), COMMITS);
    for length in [start + 1, start + 3, start + 4, start + 40, end - 1] {
        let directory = killed();
        // A database that had the commit already would prove that it was acknowledged.
        fs::remove_dir_all(directory.path().join("sled")).unwrap();
        let (path, ..) = place(directory.path(), COMMITS);
        cut(&path, length);
        assert_eq!(findings(directory.path()), []);
        let store = open(directory.path()).unwrap();
        assert_whole(&store, COMMITS - 1);
        assert_eq!(fs::metadata(&path).unwrap().len(), start as u64);
        set(&store, 99, &format!("key {COMMITS}"), "again");
        assert_whole(&store, COMMITS);
    }
}

#[test]
fn zeros_behind_the_last_frame_are_a_torn_end_and_old_commits_are_not() {
    let directory = killed();
    let (path, _, end) = place(directory.path(), COMMITS);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0; 700]);
    fs::write(&path, &bytes).unwrap();
    assert_whole(&open(directory.path()).unwrap(), COMMITS);

    let directory = killed();
    let (path, start, _) = place(directory.path(), COMMITS);
    let last = bytes[start..end].to_vec();
    bytes.truncate(end);
    bytes.extend_from_slice(&last);
    fs::write(&path, &bytes).unwrap();
    assert_found(directory.path(), &path, end);
    assert_refused(directory.path(), &path, end);
}

#[test]
fn a_flipped_byte_behind_the_checkpoint_is_refused_with_file_and_byte() {
    for commit in [6, 8, COMMITS - 1, COMMITS] {
        for offset in [0, 1, 2, 3, 5, 13, 60, 300] {
            let directory = killed();
            // Without the database nothing but the bytes themselves tells damage from what was torn.
            fs::remove_dir_all(directory.path().join("sled")).unwrap();
            let (path, start, _) = place(directory.path(), commit);
            flip(&path, start + offset);
            assert_found(directory.path(), &path, start);
            assert_refused(directory.path(), &path, start);
        }
    }
}

#[test]
fn a_flipped_byte_in_a_commit_that_the_database_has_is_never_torn() {
    let directory = closed();
    let (path, start, _) = place(directory.path(), COMMITS);
    flip(&path, start + 60);
    assert_found(directory.path(), &path, start);
    // Opening does not read what the checkpoint covers; a verification of the open store does.
    let store = open(directory.path()).unwrap();
    assert_eq!(store.verify_journal(&|_| {}).unwrap().len(), 1);
    assert!(matches!(store.verify_against_journal(&|_| {}), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_flipped_byte_before_the_checkpoint_is_found_by_verify() {
    for commit in 1..=5 {
        let directory = killed();
        let (path, start, end) = place(directory.path(), commit);
        flip(&path, end - 1);
        assert_found(directory.path(), &path, start);
    }
}

#[test]
fn every_damaged_place_is_found_and_the_gap_behind_it_is_not_counted_again() {
    let directory = killed();
    let places = [2, 7, 9].map(|commit| place(directory.path(), commit));
    for (path, start, _) in &places {
        flip(path, start + 50);
    }
    let found: Vec<_> = findings(directory.path()).iter().map(|finding| finding.byte).collect();
    assert_eq!(found, places.map(|(_, start, _)| start as u64));
}

#[test]
fn damaged_headers_and_missing_and_short_segments_are_found_and_refused() {
    let count = segments(killed().path()).len();
    assert!(count >= 3);
    for at in 1..count {
        let directory = killed();
        let path = segments(directory.path()).swap_remove(at);
        flip(&path, 3);
        assert_found(directory.path(), &path, 0);
    }
    for length in [0, 10, 24, 100, 600] {
        let directory = killed();
        // The second segment holds the checkpoint and frames behind it, and is not the last.
        let path = segments(directory.path()).swap_remove(1);
        cut(&path, length);
        assert_eq!(findings(directory.path()).len(), 1, "cut at {length}");
        assert!(matches!(open(directory.path()), Err(StoreError::Damaged { .. })));
        fs::remove_file(&path).unwrap();
        assert_eq!(findings(directory.path()).len(), 1);
        assert!(matches!(open(directory.path()), Err(StoreError::Damaged { .. })));
    }
}

#[test]
fn a_journal_that_ends_before_an_acknowledged_commit_is_refused() {
    let directory = closed();
    let (path, start, _) = place(directory.path(), COMMITS);
    cut(&path, start);
    assert_found(directory.path(), &path, start);
    assert_refused(directory.path(), &path, start);
    fs::remove_dir_all(directory.path().join("journal")).unwrap();
    assert!(matches!(open(directory.path()), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_damaged_checkpoint_is_refused_and_without_it_the_journal_is_read_again() {
    let directory = killed();
    let path = directory.path().join("checkpoint");
    flip(&path, 20);
    assert_found(directory.path(), &path, 0);
    assert_refused(directory.path(), &path, 0);
    fs::remove_file(&path).unwrap();
    assert_whole(&open(directory.path()).unwrap(), COMMITS);
}

#[test]
fn a_database_that_was_taken_away_is_made_again_from_the_journal() {
    let directory = closed();
    fs::remove_dir_all(directory.path().join("sled")).unwrap();
    assert_whole(&open(directory.path()).unwrap(), COMMITS);
}

#[test]
fn making_the_database_again_does_not_forget_what_was_acknowledged() {
    let directory = closed();
    fs::remove_dir_all(directory.path().join("sled")).unwrap();
    let (path, start, _) = place(directory.path(), COMMITS);
    flip(&path, start + 60);
    // The second opening finds a database that is half made.
    assert_refused(directory.path(), &path, start);
    assert_refused(directory.path(), &path, start);
    flip(&path, start + 60);
    assert_whole(&open(directory.path()).unwrap(), COMMITS);
}

#[test]
fn a_damaged_database_is_an_error_or_is_whole_but_never_a_panic() {
    for part in 1..12 {
        let directory = closed();
        let path = directory.path().join("sled").join("db");
        let length = fs::read(&path).unwrap().len();
        flip(&path, length * part / 12);
        let outcome =
            open(directory.path()).map(|store| store.verify_against_journal(&|_| {}).is_ok());
        assert!(!matches!(outcome, Err(StoreError::Damaged { .. })), "{outcome:?}");
    }
}

#[test]
fn a_store_that_cannot_write_its_journal_is_read_only_and_says_why() {
    let directory = killed();
    let store = open(directory.path()).unwrap();
    fs::remove_dir_all(directory.path().join("journal")).unwrap();
    let long = |id| writes(id, vec![], vec![put("long", &"x".repeat(3_000))]);
    assert!(matches!(store.commit(long(50)), Err(CommitError::Unknown)));
    let fatal = store.commit(long(50));
    assert!(matches!(fatal, Err(CommitError::Fatal(StoreError::Io { .. }))), "{fatal:?}");
    assert!(matches!(store.commit(long(51)), Err(CommitError::Fatal(_))));
    assert!(store.get(b"key 12").unwrap().is_some());
    assert!(store.get(b"long").unwrap().is_none());
    assert!(matches!(store.close(), Err(StoreError::Io { .. })));
}

#[test]
fn a_row_that_differs_from_the_journal_is_named() {
    let directory = closed();
    let other = tempfile::tempdir().unwrap();
    let store = open(other.path()).unwrap();
    for id in 1..=COMMITS {
        let value = if id == 3 { "y".repeat(400) } else { "x".repeat(400) };
        let key = if id == 4 { "stranger".to_owned() } else { format!("key {id}") };
        let rows = vec![Write::Put(key.into_bytes(), value.into_bytes())];
        store.commit(writes(CommitId(id.into()).0, vec![], rows)).unwrap();
    }
    store.close().unwrap();
    drop(store);
    fs::remove_dir_all(directory.path().join("sled")).unwrap();
    for (name, bytes) in files(other.path()) {
        if name.starts_with("sled") {
            fs::create_dir_all(directory.path().join(&name).parent().unwrap()).unwrap();
            fs::write(directory.path().join(&name), bytes).unwrap();
        }
    }
    let store = open(directory.path()).unwrap();
    let found = store.verify_against_journal(&|_| {}).unwrap();
    let words: Vec<_> = found.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[0].contains("no commit of the journal explains it"));
    assert!(words[1].contains("commit 3") && words[2].contains("commit 4"), "{words:?}");
}
