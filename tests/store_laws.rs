//! The laws of every store: the same functions on the store in memory and on the one that lasts.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::sync::Arc;
use std::thread;

use casedesk::store::{
    Commit, CommitError, CommitId, Committed, Direction, FRAME_BYTES_MAX, Health, KeyRange, Latest,
    MemoryStore, OpenOptions, Read, Sequence, SledStore, Stamp, Store, VALUE_BYTES_MAX, Versioned,
    Visit, Write,
};

/// Opens the store in a directory with small segments, so that rotation happens in tests too.
pub(crate) fn open(directory: &Path) -> SledStore {
    open_keeping(directory, &[])
}

fn open_keeping(directory: &Path, families_in_memory: &'static [u8]) -> SledStore {
    let options = OpenOptions {
        families_in_memory,
        cache_bytes: 8 * 1024 * 1024,
        segment_bytes_max: 64 * 1024,
        ballast_bytes: 0,
        ..OpenOptions::default()
    };
    SledStore::open(directory, options, &|_| {}).unwrap()
}

/// A commit of plain writes.
pub(crate) fn writes(id: u128, reads: Vec<Read>, writes: Vec<Write>) -> Commit {
    Commit { id: CommitId(id), reads, stamp: Box::new(move |_| Ok(writes)) }
}

pub(crate) fn put(key: &str, value: &str) -> Write {
    Write::Put(key.as_bytes().to_vec(), value.as_bytes().to_vec())
}

/// Commits one value.
pub(crate) fn set(store: &dyn Store, id: u128, key: &str, value: &str) -> Committed {
    store.commit(writes(id, vec![], vec![put(key, value)])).unwrap()
}

/// A stamp that takes the next number and writes a row of that number.
pub(crate) fn numbering(value: Vec<u8>) -> Stamp {
    Box::new(move |latest: &dyn Latest| {
        let counter = latest.latest(b"counter").map_err(|error| error.to_string())?;
        let number =
            counter.map_or(0, |bytes| u64::from_be_bytes(bytes[..].try_into().unwrap())) + 1;
        let mut key = b"row".to_vec();
        key.extend_from_slice(&number.to_be_bytes());
        let counter = Write::Put(b"counter".to_vec(), number.to_be_bytes().to_vec());
        Ok(vec![counter, Write::Put(key, value)])
    })
}

fn text(store: &dyn Store, key: &str) -> Option<String> {
    let found = store.get(key.as_bytes()).unwrap();
    found.map(|found| String::from_utf8(found.value.to_vec()).unwrap())
}

fn keys(store: &dyn Store, range: &KeyRange, limit: usize, direction: Direction) -> String {
    let page = store.scan(range, limit, direction).unwrap();
    let mut keys: Vec<_> =
        page.rows.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
    keys.extend(page.has_more.then(|| "...".to_owned()));
    keys.join(" ")
}

fn seen(store: &dyn Store, key: &str) -> Read {
    let version = store.get(key.as_bytes()).unwrap().map_or(Sequence(0), |found| found.version);
    Read::Key { key: key.as_bytes().to_vec(), version }
}

fn is_conflict(result: &Result<Committed, CommitError>) -> bool {
    matches!(result, Err(CommitError::Conflict))
}

/// Makes an empty store in an empty directory.
type Opener = fn(&Path) -> Arc<dyn Store>;

/// Every engine. Another one joins with a line here, and then has to obey every law of this file.
const ENGINES: [(&str, Opener); 3] = [
    ("memory", |_| Arc::new(MemoryStore::new())),
    ("sled", |directory| Arc::new(open(directory))),
    // Every second family is kept in memory, so that ranges lie in one, in the other and in both.
    ("kept sled", |directory| Arc::new(open_keeping(directory, b"acegikmoqsuwy"))),
];

/// Tries a law on every engine, in a thread of the engine's name, so that a law that is broken says where.
fn on_every_store(law: impl Fn(Arc<dyn Store>) + Sync) {
    for (engine, opener) in ENGINES {
        let directory = tempfile::tempdir().unwrap();
        let store = opener(directory.path());
        thread::scope(|scope| {
            let name = thread::Builder::new().name(engine.to_owned());
            name.spawn_scoped(scope, || law(store)).unwrap();
        });
    }
}

#[test]
fn a_store_is_sound_and_a_reader_never_sees_half_a_commit() {
    on_every_store(|store| {
        assert_eq!(store.health(), Health::Sound);
        // More rows than one batch of a database below takes.
        let rows =
            |value: u128| (0..450).map(move |key| put(&format!("{key:03}"), &value.to_string()));
        store.commit(writes(1, vec![], rows(1).collect())).unwrap();
        thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for id in 2..40 {
                    store.commit(writes(id, vec![], rows(id).collect())).unwrap();
                }
            });
            while !writer.is_finished() {
                let page = store.scan(&KeyRange::prefix(b""), 999, Direction::Backward).unwrap();
                assert_eq!(page.rows.len(), 450);
                let (_, first) = &page.rows[0];
                assert!(page.rows.iter().all(|(_, row)| row == first), "{first:?}");
            }
        });
    });
}

#[test]
fn a_commit_is_read_with_its_own_version_and_a_deleted_key_is_gone() {
    on_every_store(|store| {
        assert_eq!(store.sequence(), Sequence(0));
        assert_eq!(set(&*store, 1, "a", "one"), Committed::New(Sequence(1)));
        assert_eq!(set(&*store, 2, "b", "two"), Committed::New(Sequence(2)));
        set(&*store, 3, "a", "three");
        let found = store.get(b"a").unwrap().unwrap();
        assert_eq!((&*found.value, found.version), (&b"three"[..], Sequence(3)));
        store.commit(writes(4, vec![], vec![Write::Delete(b"a".to_vec())])).unwrap();
        assert_eq!(store.get(b"a").unwrap(), None);
        assert_eq!(text(&*store, "b").as_deref(), Some("two"));
        assert_eq!(store.sequence(), Sequence(4));
    });
}

#[test]
fn of_two_changes_of_a_key_in_one_commit_the_later_holds() {
    on_every_store(|store| {
        let both = vec![put("a", "one"), Write::Delete(b"a".to_vec()), put("a", "two")];
        store.commit(writes(1, vec![], both)).unwrap();
        assert_eq!(text(&*store, "a").as_deref(), Some("two"));
    });
}

#[test]
fn a_scan_keeps_order_limit_direction_and_borders() {
    use Direction::{Backward, Forward};
    on_every_store(|store| {
        let rows = ["a", "b", "b1", "b2", "bz", "c"].map(|key| put(key, "")).to_vec();
        store.commit(writes(1, vec![], rows)).unwrap();
        let all = KeyRange { from: vec![], to: None };
        assert_eq!(keys(&*store, &all, 9, Forward), "a b b1 b2 bz c");
        assert_eq!(keys(&*store, &all, 6, Backward), "c bz b2 b1 b a");
        assert_eq!(keys(&*store, &all, 2, Forward), "a b ...");
        assert_eq!(keys(&*store, &all, 0, Forward), "...");
        let prefix = KeyRange::prefix(b"b");
        assert_eq!(keys(&*store, &prefix, 9, Forward), "b b1 b2 bz");
        assert_eq!(keys(&*store, &prefix, 3, Backward), "bz b2 b1 ...");
        let half_open = KeyRange { from: b"b1".to_vec(), to: Some(b"bz".to_vec()) };
        assert_eq!(keys(&*store, &half_open, 9, Forward), "b1 b2");
        let reversed = KeyRange { from: b"c".to_vec(), to: Some(b"a".to_vec()) };
        assert_eq!(keys(&*store, &reversed, 9, Backward), "");
        let last = Write::Put(vec![0xFF, 0xFF, 1], vec![]);
        store.commit(writes(2, vec![], vec![last])).unwrap();
        let edge = store.scan(&KeyRange::prefix(&[0xFF, 0xFF]), 9, Forward).unwrap();
        assert_eq!(edge.rows.len(), 1);
    });
}

#[test]
fn what_is_shown_row_by_row_is_what_a_scan_finds_until_enough_was_seen() {
    use Direction::{Backward, Forward};
    on_every_store(|store| {
        let rows = ["a", "b", "b1", "b2", "bz", "c"].map(|key| put(key, "")).to_vec();
        store.commit(writes(1, vec![], rows)).unwrap();
        let visited = |range: &KeyRange, direction, likely, enough| {
            let mut keys: Vec<String> = Vec::new();
            let mut look = |key: &[u8], _: &Versioned| {
                keys.push(String::from_utf8_lossy(key).into_owned());
                keys.len() < enough
            };
            store.visit(&Visit { range, direction, likely }, &mut look).unwrap();
            keys.join(" ")
        };
        let (all, prefix) = (KeyRange { from: vec![], to: None }, KeyRange::prefix(b"b"));
        for likely in [0, 1, 2, 4, 9] {
            assert_eq!(visited(&all, Forward, likely, 9), "a b b1 b2 bz c");
            assert_eq!(visited(&all, Backward, likely, 9), "c bz b2 b1 b a");
            assert_eq!(visited(&prefix, Forward, likely, 9), "b b1 b2 bz");
            assert_eq!(visited(&prefix, Backward, likely, 3), "bz b2 b1");
            assert_eq!(visited(&prefix, Forward, likely, 1), "b");
        }
        let reversed = KeyRange { from: b"c".to_vec(), to: Some(b"a".to_vec()) };
        assert_eq!(visited(&reversed, Backward, 9, 9), "");
    });
}

#[test]
fn a_commit_whose_reads_have_changed_conflicts_and_writes_nothing() {
    on_every_store(|store| {
        set(&*store, 1, "a", "one");
        let read = seen(&*store, "a");
        let absent = seen(&*store, "b");
        set(&*store, 2, "a", "two");
        let stale = store.commit(writes(3, vec![read], vec![put("c", "")]));
        assert!(is_conflict(&stale));
        assert_eq!(text(&*store, "c"), None);
        store.commit(writes(4, vec![absent.clone()], vec![put("b", "")])).unwrap();
        assert!(is_conflict(&store.commit(writes(5, vec![absent], vec![put("b", "")]))));
        assert_eq!(store.sequence(), Sequence(3));
    });
}

#[test]
fn two_commits_that_each_rest_on_what_the_other_writes_do_not_both_happen() {
    on_every_store(|store| {
        set(&*store, 1, "on duty a", "yes");
        set(&*store, 2, "on duty b", "yes");
        let both = vec![seen(&*store, "on duty a"), seen(&*store, "on duty b")];
        store.commit(writes(3, both.clone(), vec![put("on duty a", "no")])).unwrap();
        assert!(is_conflict(&store.commit(writes(4, both, vec![put("on duty b", "no")]))));
    });
}

#[test]
fn a_row_that_slips_into_a_scanned_range_is_a_conflict() {
    on_every_store(|store| {
        set(&*store, 1, "case 1", "");
        let range = KeyRange::prefix(b"case");
        let read = |limit| Read::Range {
            range: range.clone(),
            limit,
            direction: Direction::Forward,
            fingerprint: store.scan(&range, limit, Direction::Forward).unwrap().fingerprint(),
        };
        let (whole, first) = (read(9), read(1));
        set(&*store, 2, "other", "");
        store.commit(writes(3, vec![whole.clone()], vec![put("x", "")])).unwrap();
        set(&*store, 4, "case 2", "");
        assert!(is_conflict(&store.commit(writes(5, vec![whole], vec![]))));
        assert!(is_conflict(&store.commit(writes(6, vec![first], vec![]))));
        let fresh = read(9);
        store
            .commit(writes(7, vec![fresh.clone()], vec![Write::Delete(b"case 1".to_vec())]))
            .unwrap();
        assert!(is_conflict(&store.commit(writes(8, vec![fresh], vec![]))));
    });
}

#[test]
fn a_commit_id_is_written_once() {
    on_every_store(|store| {
        assert_eq!(set(&*store, 1, "a", "one"), Committed::New(Sequence(1)));
        set(&*store, 2, "a", "two");
        assert_eq!(set(&*store, 1, "a", "one"), Committed::Repeated(Sequence(1)));
        assert_eq!(text(&*store, "a").as_deref(), Some("two"));
    });
}

#[test]
fn a_conflict_does_not_use_up_its_commit_id() {
    on_every_store(|store| {
        let absent = seen(&*store, "a");
        set(&*store, 1, "a", "one");
        assert!(is_conflict(&store.commit(writes(2, vec![absent], vec![put("a", "two")]))));
        assert_eq!(set(&*store, 2, "a", "two"), Committed::New(Sequence(2)));
    });
}

#[test]
fn a_refused_stamp_writes_nothing() {
    on_every_store(|store| {
        let stamp: Stamp = Box::new(|_| Err("not today".to_owned()));
        let refused = store.commit(Commit { id: CommitId(1), reads: vec![], stamp });
        assert!(matches!(refused, Err(CommitError::Refused(words)) if words == "not today"));
        assert_eq!(store.sequence(), Sequence(0));
    });
}

#[test]
fn what_is_too_large_or_not_the_callers_is_refused() {
    on_every_store(|store| {
        let value = vec![7; VALUE_BYTES_MAX];
        let row = |number: usize| {
            Write::Put(number.to_be_bytes().map(|byte| byte + 1).to_vec(), value.clone())
        };
        let fits = FRAME_BYTES_MAX / VALUE_BYTES_MAX - 1;
        let many = |count| (0..count).map(row).collect::<Vec<_>>();
        store.commit(writes(1, vec![], many(fits))).unwrap();
        let too_many = store.commit(writes(2, vec![], many(fits + 1)));
        assert!(matches!(too_many, Err(CommitError::TooLarge { max: FRAME_BYTES_MAX, .. })));
        let long = Write::Put(vec![1], vec![7; VALUE_BYTES_MAX + 1]);
        let too_long = store.commit(writes(3, vec![], vec![long]));
        assert!(matches!(too_long, Err(CommitError::TooLarge { max: VALUE_BYTES_MAX, .. })));
        let own = Write::Put(vec![0, b'a'], vec![]);
        let refused = store.commit(writes(4, vec![], vec![own]));
        assert!(matches!(refused, Err(CommitError::Refused(_))));
        assert_eq!(store.get(&[0, b'a']).unwrap(), None);
        assert_eq!(store.sequence(), Sequence(1));
    });
}

#[test]
fn a_stamp_sees_every_earlier_commit_and_scans_them_in_order() {
    on_every_store(|store| {
        set(&*store, 1, "a1", "");
        let writers: Vec<_> = (2..34)
            .map(|id| {
                let store = Arc::clone(&store);
                thread::spawn(move || {
                    let stamp: Stamp = Box::new(move |latest| {
                        let range = KeyRange::prefix(b"a");
                        let page = latest.latest_scan(&range, 100, Direction::Backward).unwrap();
                        // Every writer so far removed one row and added one behind it.
                        assert_eq!(page.rows.len(), 1);
                        let (newest, _) = page.rows.into_iter().next().unwrap();
                        let added = format!("a{}", latest.sequence().0 + 100);
                        Ok(vec![Write::Delete(newest), put(&added, "")])
                    });
                    store.commit(Commit { id: CommitId(id), reads: vec![], stamp }).unwrap()
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let range = KeyRange::prefix(b"a");
        assert_eq!(keys(&*store, &range, 9, Direction::Forward), "a133");
    });
}

#[test]
fn thirty_two_writers_take_numbers_without_a_conflict_and_without_a_gap() {
    on_every_store(|store| {
        let writers: Vec<_> = (0..32_u128)
            .map(|writer| {
                let store = Arc::clone(&store);
                thread::spawn(move || {
                    for turn in 0..10 {
                        let id = CommitId(writer * 10 + turn + 1);
                        let stamp = numbering(id.0.to_be_bytes().to_vec());
                        store.commit(Commit { id, reads: vec![], stamp }).unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let rows = store.scan(&KeyRange::prefix(b"row"), 999, Direction::Forward).unwrap().rows;
        for (at, (key, row)) in (1_u64..).zip(&rows) {
            assert_eq!((&key[3..], row.version), (&at.to_be_bytes()[..], Sequence(at)));
        }
        assert_eq!(rows.len(), 320);
    });
}

#[test]
fn a_store_opened_again_has_everything_and_still_knows_its_commit_ids() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for id in 1..=50_u128 {
        set(&store, id, &format!("key {id}"), &"x".repeat(4_000));
    }
    assert!(store.statistics().unwrap().segments > 2);
    let before = store.scan(&KeyRange::prefix(b""), 99, Direction::Forward).unwrap();
    store.close().unwrap();
    assert!(matches!(
        store.commit(writes(99, vec![], vec![])),
        Err(CommitError::Fatal(casedesk::store::StoreError::Closed))
    ));
    drop(store);
    let store = open(directory.path());
    assert_eq!(store.scan(&KeyRange::prefix(b""), 99, Direction::Forward).unwrap(), before);
    assert_eq!(set(&store, 17, "a", ""), Committed::Repeated(Sequence(17)));
    assert_eq!(set(&store, 51, "a", ""), Committed::New(Sequence(51)));
}

#[test]
fn a_second_opening_learns_who_has_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let _store = open(directory.path());
    let second = SledStore::open(directory.path(), OpenOptions::default(), &|_| {});
    let words = second.unwrap_err().to_string();
    assert!(words.contains(&format!("process {}", std::process::id())), "{words}");
}
