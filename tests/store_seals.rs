//! Sealed segments: what the journal has left is compared with what it was then, at every opening and as a whole.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use casedesk::store::{
    Disk, Finding, OpenOptions, Phase, Sequence, SledStore, Store, StoreError, verify_journal,
};
use tempfile::TempDir;

use crate::meddled_disk::{Meddle, MeddledDisk};
use crate::store_damage::{flip, segments};
use crate::store_laws::set;

fn options() -> OpenOptions {
    OpenOptions {
        cache_bytes: 8 * 1024 * 1024,
        segment_bytes_max: 2_000,
        ballast_bytes: 0,
        ..OpenOptions::default()
    }
}

fn open(directory: &Path) -> Result<SledStore, StoreError> {
    SledStore::open(directory, options(), &|_| {})
}

fn fill(store: &SledStore, ids: std::ops::RangeInclusive<u128>, letter: &str) {
    for id in ids {
        set(store, id, &format!("key {id}"), &letter.repeat(400));
    }
}

/// A closed store of a few sealed segments, every value of which is made of `letter`.
fn sealed(letter: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    fill(&store, 1..=20, letter);
    store.close().unwrap();
    directory
}

fn manifest(directory: &Path) -> PathBuf {
    directory.join("journal").join("manifest")
}

fn findings(directory: &Path) -> Vec<Finding> {
    verify_journal(directory, &|_| {}).unwrap()
}

/// The file and the words of the damage that refuses the opening.
fn refusal(directory: &Path) -> (PathBuf, u64, String) {
    match open(directory) {
        Err(StoreError::Damaged { file, byte, what }) => (PathBuf::from(file), byte, what),
        other => panic!("opened or failed otherwise: {other:?}"),
    }
}

#[test]
fn every_segment_but_the_last_is_read_only_and_a_second_process_goes_on_sealing() {
    let directory = sealed("x");
    let store = open(directory.path()).unwrap();
    fill(&store, 21..=40, "x");
    let mut modes: Vec<_> = segments(directory.path())
        .iter()
        .map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.len() > 6);
    assert_eq!(modes.pop(), Some(0o600));
    assert!(modes.iter().all(|mode| *mode == 0o400), "{modes:?}");
    assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
    assert_eq!(findings(directory.path()), []);
}

#[test]
fn a_manifest_made_from_a_walk_is_the_one_that_rotation_wrote() {
    let directory = sealed("x");
    let written = fs::read(manifest(directory.path())).unwrap();
    fs::remove_file(manifest(directory.path())).unwrap();
    drop(open(directory.path()).unwrap());
    assert_eq!(fs::read(manifest(directory.path())).unwrap(), written);
}

#[test]
fn a_manifest_is_not_made_over_a_segment_that_is_not_whole() {
    let directory = sealed("x");
    fs::remove_file(manifest(directory.path())).unwrap();
    let first = segments(directory.path()).swap_remove(0);
    flip(&first, 300);
    let (file, byte, _) = refusal(directory.path());
    assert_eq!((file, byte), (first, 24));
    assert!(!manifest(directory.path()).exists());
}

#[test]
fn a_damaged_manifest_is_refused_with_what_to_do_and_found() {
    let directory = sealed("x");
    let path = manifest(directory.path());
    let written = fs::read(&path).unwrap();
    for at in 0..written.len() {
        flip(&path, at);
        assert_eq!(findings(directory.path()).len(), 1, "byte {at}");
        fs::write(&path, &written).unwrap();
    }
    fs::write(&path, &written[..written.len() - 1]).unwrap();
    let (file, _, what) = refusal(directory.path());
    assert_eq!(file, path);
    assert!(what.contains("moved out of the directory"), "{what}");
    fs::remove_file(&path).unwrap();
    drop(open(directory.path()).unwrap());
}

#[test]
fn another_whole_segment_in_the_place_of_a_sealed_one_is_named() {
    let (one, other) = (sealed("x"), sealed("y"));
    let segment = segments(one.path()).swap_remove(1);
    let stranger = segments(other.path()).swap_remove(1);
    fs::remove_file(&segment).unwrap();
    fs::copy(stranger, &segment).unwrap();
    let found = findings(one.path());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((Path::new(&found[0].file), found[0].byte), (segment.as_path(), 0));
    assert!(found[0].what.contains("not the file that was sealed"), "{found:?}");
}

#[test]
fn a_sealed_segment_that_is_gone_or_shorter_refuses_opening_and_is_found_once() {
    let count = segments(sealed("x").path()).len();
    for at in 0..count {
        let directory = sealed("x");
        let path = segments(directory.path()).swap_remove(at);
        fs::remove_file(&path).unwrap();
        let (file, _, what) = refusal(directory.path());
        assert_eq!(file, path);
        assert!(what.contains("missing"), "{what}");
        assert_eq!(findings(directory.path()).len(), 1, "{at}");
    }
    let directory = sealed("x");
    let path = segments(directory.path()).swap_remove(0);
    let length = fs::metadata(&path).unwrap().len();
    // A segment that ends with a whole frame has nothing wrong in it but its end.
    let frame = (length - 24) / 4;
    for cut in [24, 24 + frame, length - 1] {
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, &bytes[..usize::try_from(cut).unwrap()]).unwrap();
        let (file, byte, what) = refusal(directory.path());
        assert_eq!((file, byte), (path.clone(), cut), "{what}");
        assert_eq!(findings(directory.path()).len(), 1, "cut at {cut}");
        fs::write(&path, &bytes).unwrap();
    }
}

/// Keeps a copy of the journal and the checkpoint from every moment at which a rotation may be cut short.
#[derive(Debug)]
struct Witness {
    data: PathBuf,
    moments: Mutex<Vec<TempDir>>,
}

impl Meddle for Arc<Witness> {
    fn reached(&self, phase: Phase) {
        if phase == Phase::Rotation {
            let moment = tempfile::tempdir().unwrap();
            let journal = moment.path().join("journal");
            fs::create_dir(&journal).unwrap();
            for entry in fs::read_dir(self.data.join("journal")).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), journal.join(entry.file_name())).unwrap();
            }
            self.moments.lock().unwrap().push(moment);
        }
    }
}

#[test]
fn a_crash_between_any_two_steps_of_a_rotation_is_healed_at_the_next_opening() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_owned();
    let witness = Arc::new(Witness { data, moments: Mutex::default() });
    let disk: Arc<dyn Disk> = Arc::new(MeddledDisk(Arc::clone(&witness)));
    let store = SledStore::open(directory.path(), OpenOptions { disk, ..options() }, &|_| {});
    let store = store.unwrap();
    fill(&store, 1..=13, "x");
    drop(store);
    let moments = std::mem::take(&mut *witness.moments.lock().unwrap());
    // Four commits fill a segment: the first rotation has nothing to seal, the others have three steps.
    assert_eq!(moments.len(), 1 + 3 * 3);
    for (at, crashed) in moments.iter().enumerate() {
        let acknowledged = u64::try_from(at.div_ceil(3) * 4).unwrap();
        let store = open(crashed.path()).unwrap();
        assert_eq!(store.sequence(), Sequence(acknowledged), "moment {at}");
        fill(&store, 101..=109, "x");
        assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
        drop(store);
        let read_only = |path: &PathBuf| fs::metadata(path).unwrap().permissions().readonly();
        let segments = segments(crashed.path());
        assert_eq!(segments.iter().filter(|path| read_only(path)).count(), segments.len() - 1);
        drop(open(crashed.path()).unwrap());
    }
}
