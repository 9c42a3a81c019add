//! Backups: what was acknowledged comes back to the byte, whoever writes meanwhile, and what is not a whole backup is
//! refused before anything is made of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use age::secrecy::ExposeSecret as _;
use age::x25519;
use casedesk::desk::{AskCaseFile, Checks, Command, Desk, DeskError};
use casedesk::domain::cases::Nature;
use casedesk::domain::{CaseId, EntityId};
use casedesk::store::{
    BackupError, BackupJob, BackupPoint, BackupProgress, BackupRecord, Committed, Direction, Frame,
    Identities, KeyRange, Note, OpenOptions, Recipients, RestoreJob, Restored, Sequence, SledStore,
    Store, StoreError, Write,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::office::Office;
use crate::store_laws::{open, put, set, writes};

const WRITERS: usize = 8;
/// Commits that are acknowledged before a backup begins.
const BEFORE: usize = 60;
/// What no encrypted backup may show.
const MARKER: &str = "the-lamp-in-the-hall-is-broken";

type Rows = BTreeMap<Vec<u8>, (Vec<u8>, Sequence)>;

/// Where backups and restored stores lie in a test.
struct Place {
    directory: TempDir,
    stop: AtomicBool,
    options: OpenOptions,
    recipients: Recipients,
    identities: Identities,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            stop: AtomicBool::new(false),
            options: OpenOptions { cache_bytes: 8 * 1024 * 1024, ..OpenOptions::default() },
            recipients: Recipients::default(),
            identities: Identities::default(),
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn backup(&self) -> PathBuf {
        self.directory.path().join("backup")
    }

    fn new_data(&self) -> PathBuf {
        self.directory.path().join("new")
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// A closed store of three hundred commits in several segments, one of which says the marker.
    fn filled() -> Self {
        let place = Self::new();
        let store = open(&place.data());
        for id in 1..=300 {
            set(&store, id, &format!("key {}", id % 90), &format!("{MARKER} {}", "x".repeat(600)));
        }
        store.close().unwrap();
        place
    }

    fn with_job<T>(
        &self,
        progress: &dyn Fn(BackupProgress),
        work: impl FnOnce(&BackupJob<'_>) -> T,
    ) -> T {
        let target = self.backup();
        work(&BackupJob {
            target: &target,
            recipients: &self.recipients,
            program: "test",
            made: "2026-08-21T09:14:00Z",
            options: &self.options,
            stop: &self.stop,
            progress,
        })
    }

    fn take(&self, point: &BackupPoint) -> Result<BackupRecord, BackupError> {
        self.with_job(&|_| {}, |job| job.write(point)?.prove(&|_| Ok(Note::new()))?.finish())
    }

    fn restore(&self) -> Result<Restored, BackupError> {
        RestoreJob {
            from: &self.backup(),
            to: &self.new_data(),
            identities: &self.identities,
            options: &self.options,
            stop: &self.stop,
            progress: &|_| {},
        }
        .restore()
    }

    /// The names of everything beside and within the data directory that a backup could have left.
    fn left(&self) -> Vec<String> {
        let names = |path: &Path| -> Vec<String> {
            let entries = fs::read_dir(path).unwrap();
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
        };
        let mut left = names(self.directory.path());
        left.extend(names(&self.data()));
        left.retain(|name| name.contains("part") || name.contains("proof") || name == "backup");
        left
    }
}

/// Every row of a store.
fn rows(store: &dyn Store) -> Rows {
    let everything = KeyRange { from: Vec::new(), to: None };
    let page = store.scan(&everything, usize::MAX - 1, Direction::Forward).unwrap();
    page.rows.into_iter().map(|(key, row)| (key, (row.value.to_vec(), row.version))).collect()
}

/// What the first commits make, one after the other.
fn replayed(frames: &[Frame]) -> Rows {
    let mut rows = Rows::new();
    for frame in frames {
        for write in &frame.writes {
            match write {
                Write::Put(key, value) => rows.insert(key.clone(), (value.clone(), frame.sequence)),
                Write::Delete(key) => rows.remove(key),
            };
        }
    }
    rows
}

/// What writers were told: the commit, and the case that it registered.
type Told = Arc<Mutex<Vec<(u64, CaseId)>>>;

/// Eight writers at one desk, until `work` is done; it begins when some commits have been acknowledged.
fn beside_writers<T>(store: &Arc<SledStore>, work: impl FnOnce(&Told) -> T) -> T {
    let office = Office::over(Arc::clone(store) as Arc<dyn Store>);
    let told = Told::default();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (office, told, is_over) = (&office, &told, &is_over);
            scope.spawn(move || {
                let session = office.karimi();
                for number in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let says = format!("writer {writer}, number {number}");
                    let at = casedesk::desk::Clock::now(&*office.clock);
                    let intake = Office::intake(None, Nature::Report, "HOU-1", &says, at);
                    let request = office.request(Command::RegisterCase(intake));
                    let receipt = loop {
                        match session.execute(request.clone()) {
                            // One caseworker in eight places at once is asked to try again now and then.
                            Err(DeskError::Lost(_)) => {}
                            answered => break answered.unwrap(),
                        }
                    };
                    let Some(EntityId::Case(case)) = receipt.created.first() else {
                        unreachable!("{receipt:?}")
                    };
                    told.lock().unwrap().push((receipt.sequence, *case));
                }
            });
        }
        while told.lock().unwrap().len() < BEFORE {
            // Whoever writes gets the processor meanwhile.
            std::thread::park_timeout(Duration::from_millis(1));
        }
        // Whatever becomes of the work, the writers end.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&told)));
        is_over.store(true, Ordering::Relaxed);
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// The store in `data` is what the original's first commits make, remembers their ids, and has every case told before.
fn assert_is_original_up_to(
    sequence: Sequence,
    data: &Path,
    original: &SledStore,
    before: &[(u64, CaseId)],
) {
    let frames: Vec<Frame> = original
        .journal(Sequence(1))
        .unwrap()
        .map(Result::unwrap)
        .take_while(|frame| frame.sequence <= sequence)
        .collect();
    assert_eq!(frames.last().unwrap().sequence, sequence);
    let store = Arc::new(open(data));
    assert_eq!(store.sequence(), sequence);
    assert!(rows(&*store) == replayed(&frames), "the rows are not those of the journal");
    for frame in &frames {
        let again = store.commit(writes(frame.id.0, vec![], vec![put("again", "")])).unwrap();
        assert_eq!(again, Committed::Repeated(frame.sequence));
    }
    let office = Office::over(store);
    let session = office.karimi();
    let door: &dyn Desk = &session;
    assert!(before.len() >= BEFORE);
    for (told, case) in before {
        assert!(*told <= sequence.0, "commit {told} was acknowledged before the backup began");
        assert_eq!(door.ask(AskCaseFile { case: *case, entries: 1 }).unwrap().case.id, *case);
    }
}

#[test]
fn a_backup_beside_eight_writers_restores_to_what_was_acknowledged() {
    let place = Place::new();
    let original = Arc::new(open(&place.data()));
    let (record, before) = beside_writers(&original, |told| {
        let before = told.lock().unwrap().clone();
        let point = original.backup_point().unwrap();
        let inspect = |store: &Arc<SledStore>| {
            let office = Office::over(Arc::clone(store) as Arc<dyn Store>);
            let found = office.desk.verify(Checks::default(), &|_| {}).unwrap();
            assert_eq!(found.findings, Vec::<String>::new());
            Ok(Note::from([("events".to_owned(), found.events.to_string())]))
        };
        let record = place.with_job(&|_| {}, |job| {
            job.write(&point).unwrap().prove(&inspect).unwrap().finish().unwrap()
        });
        (record, before)
    });
    assert!(record.files.len() > 1, "the journal has segments");
    assert!(original.sequence().0 > record.sequence, "nobody waited for the backup");
    assert_eq!(place.left(), ["backup"]);
    let restored = place.restore().unwrap();
    assert_eq!((restored.sequence.0, restored.bytes), (record.sequence, record.bytes()));
    assert_is_original_up_to(restored.sequence, &place.new_data(), &original, &before);
}

/// Runs the program with nothing of the tester's own environment; gives its line of JSON and its exit code.
fn program(data: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = crate::harness::program()
        .args(["--json", "--data", data.to_str().unwrap()])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(text.matches('\n').count(), 1, "{arguments:?}: {text}{told}");
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

#[test]
fn the_program_backs_up_a_database_that_another_process_writes() {
    let place = Place::new();
    let original = Arc::new(open(&place.data()));
    let (backup, new) = (place.backup(), place.new_data());
    let backup = backup.to_str().unwrap();
    let (taken, before) = beside_writers(&original, |told| {
        let before = told.lock().unwrap().clone();
        (program(&place.data(), &["backup", backup]), before)
    });
    let (taken, code) = taken;
    assert_eq!((&taken["backup"], code), (&backup.into(), 0), "{taken}");
    assert_eq!(place.left(), ["backup"]);
    let (restored, code) = program(&new, &["restore", backup]);
    assert_eq!((&restored["sequence"], code), (&taken["sequence"], 0), "{restored}");
    assert_eq!(restored["commits"], taken["sequence"]);
    let (verified, code) = program(&new, &["verify"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
    let sequence = Sequence(taken["sequence"].as_u64().unwrap());
    assert_is_original_up_to(sequence, &new, &original, &before);
}

#[test]
fn a_backup_of_a_closed_office_is_encrypted_proved_and_restored_by_the_program() {
    let place = Place::new();
    let people = place.file("people.csv", &format!("id,given,family\n1,Sara,{MARKER}\n"));
    let (_, code) = program(&place.data(), &["import", "people", people.to_str().unwrap()]);
    assert_eq!(code, 0);
    let (ours, other) = (x25519::Identity::generate(), x25519::Identity::generate());
    let recipients = place.file("recipients", &format!("# the office's\n{}\n", ours.to_public()));
    let key = place.file("key", &format!("{}\n", ours.to_string().expose_secret()));
    let secret = ours.to_string().expose_secret().to_owned();
    let target = place.backup();
    let slip = ["backup", target.to_str().unwrap(), "--recipients-file", key.to_str().unwrap()];
    let (refused, code) = program(&place.data(), &slip);
    assert_eq!(code, 1);
    assert!(
        !refused.to_string().contains(&secret),
        "a secret that is given by mistake is not told"
    );
    let wrong = place.file("wrong", &format!("{}\n", other.to_string().expose_secret()));
    let (backup, new) = (place.backup(), place.new_data());
    let backup = backup.to_str().unwrap();
    let recipients = recipients.to_str().unwrap();
    let (refused, code) = program(&place.data(), &["backup", backup, "--recipient", "age1x"]);
    assert_eq!((&refused["code"], code), (&"backup.key".into(), 1), "{refused}");
    let arguments = ["backup", backup, "--recipients-file", recipients];
    let (taken, code) = program(&place.data(), &arguments);
    assert_eq!((&taken["encrypted"], code), (&true.into(), 0), "{taken}");
    assert_shows_no_marker(&place.backup());
    let (refused, code) = program(&place.data(), &arguments);
    assert_eq!((&refused["code"], code), (&"backup.exists".into(), 1), "{refused}");
    for identity in [&[][..], &["--identity", wrong.to_str().unwrap()]] {
        let (refused, code) = program(&new, &[&["restore", backup], identity].concat());
        assert_eq!((&refused["code"], code), (&"backup.key".into(), 1), "{refused}");
        assert!(!new.exists());
    }
    let (restored, code) = program(&new, &["restore", backup, "--identity", key.to_str().unwrap()]);
    assert_eq!((&restored["sequence"], code), (&taken["sequence"], 0), "{restored}");
    let (found, _) = program(&new, &["find", MARKER]);
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found}");
    let (refused, code) = program(&new, &["restore", backup]);
    assert_eq!((&refused["code"], code), (&"backup.exists".into(), 1), "{refused}");
}

fn assert_shows_no_marker(directory: &Path) {
    let mut files = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let is_there = bytes.windows(MARKER.len()).any(|window| window == MARKER.as_bytes());
        assert!(!is_there, "{} shows what is encrypted", path.display());
        files += 1;
    }
    assert!(files >= 2);
}

#[test]
fn every_recipient_opens_an_encrypted_backup_and_nobody_else_does() {
    let mut place = Place::filled();
    let keys: Vec<_> = (0..3).map(|_| x25519::Identity::generate()).collect();
    let secret = |at: usize| format!("{}\n", keys[at].to_string().expose_secret());
    for key in &keys[..2] {
        place.recipients.add(&key.to_public().to_string()).unwrap();
    }
    let record = place.take(&BackupPoint::beside(&place.data()).unwrap()).unwrap();
    assert!(record.encrypted && record.files.len() > 1);
    assert_shows_no_marker(&place.backup());
    place.identities.read(&place.file("third", &secret(2))).unwrap();
    assert!(matches!(place.restore(), Err(BackupError::Key { .. })));
    assert!(!place.new_data().exists());
    place.identities = Identities::default();
    place.identities.read(&place.file("second", &secret(1))).unwrap();
    assert_eq!(place.restore().unwrap().sequence, Sequence(300));
}

#[test]
fn a_backup_that_is_not_as_it_was_written_is_refused_by_name_and_nothing_is_made() {
    let place = Place::filled();
    let record = place.take(&BackupPoint::beside(&place.data()).unwrap()).unwrap();
    assert!(record.files.len() > 2);
    let kept: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(place.backup())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    let refused = |bad: &Path, how: &str| {
        let error = place.restore().unwrap_err();
        assert!(
            matches!(&error, BackupError::Bad { file, .. } if *file == bad.display().to_string()),
            "{how}: {} and not {error}",
            bad.display()
        );
        assert!(!place.new_data().exists() && place.left() == ["backup"], "{how}");
    };
    for (path, bytes) in &kept {
        for at in [0, bytes.len() / 2, bytes.len() - 2] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            fs::write(path, &flipped).unwrap();
            refused(path, &format!("byte {at} is flipped"));
        }
        fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
        refused(path, "it is cut");
        fs::remove_file(path).unwrap();
        if path.ends_with("backup.json") {
            let error = place.restore().unwrap_err();
            assert!(error.to_string().contains("backup.json"), "{error}");
        } else {
            refused(path, "it is missing");
            let renamed = path.with_file_name("journal-00000000000000999999");
            fs::write(&renamed, bytes).unwrap();
            refused(&renamed, "it is renamed");
            fs::remove_file(renamed).unwrap();
        }
        fs::write(path, bytes).unwrap();
    }
    let stranger = place.backup().join("journal-00000000000000999999");
    fs::write(&stranger, "more").unwrap();
    refused(&stranger, "it is one too many");
    fs::remove_file(stranger).unwrap();
    place.restore().unwrap();
}

#[test]
fn a_restore_writes_over_nothing() {
    let place = Place::filled();
    place.take(&BackupPoint::beside(&place.data()).unwrap()).unwrap();
    fs::create_dir(place.new_data()).unwrap();
    let mine = place.new_data().join("letter.txt");
    fs::write(&mine, "mine").unwrap();
    assert!(matches!(place.restore(), Err(BackupError::Exists { .. })));
    let names: Vec<_> = fs::read_dir(place.new_data()).unwrap().collect();
    assert_eq!((names.len(), fs::read_to_string(&mine).unwrap().as_str()), (1, "mine"));
    fs::remove_file(mine).unwrap();
    assert_eq!(place.restore().unwrap().sequence, Sequence(300), "an empty directory is taken");
}

#[test]
fn a_backup_that_does_not_prove_itself_has_no_name() {
    let place = Place::filled();
    let point = BackupPoint::beside(&place.data()).unwrap();
    place.with_job(&|_| {}, |job| {
        let written = job.write(&point).unwrap();
        let part = place.directory.path().join("backup.part");
        let copy = part.join("journal-00000000000000000001");
        let mut bytes = fs::read(&copy).unwrap();
        bytes[100] ^= 1;
        fs::write(&copy, bytes).unwrap();
        let error = written.prove(&|_| Ok(Note::new())).unwrap_err();
        assert!(error.to_string().contains("journal-00000000000000000001"), "{error}");
        assert_eq!(place.left(), Vec::<String>::new());
        let inspect = |_: &Arc<SledStore>| Err("a number is missing".to_owned());
        let error = job.write(&point).unwrap().prove(&inspect).unwrap_err();
        assert!(matches!(&error, BackupError::Unproved { what } if what == "a number is missing"));
    });
    assert_eq!(place.left(), Vec::<String>::new());
    // A journal that is damaged where nobody reads it day by day is copied as it is, and named by the proof.
    let segment = place.data().join("journal/00000000000000000001");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[100] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let error = place.take(&point).unwrap_err().to_string();
    assert!(error.contains(segment.to_str().unwrap()) && error.contains("byte"), "{error}");
    let backup = place.backup();
    let (refused, code) = program(&place.data(), &["backup", backup.to_str().unwrap()]);
    assert_eq!(code, 1, "{refused}");
    assert_eq!(place.left(), Vec::<String>::new());
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let place = Place::filled();
    let point = BackupPoint::beside(&place.data()).unwrap();
    let is_due: [fn(BackupProgress) -> bool; 3] = [
        |progress| matches!(progress, BackupProgress::Copying { .. }),
        |progress| matches!(progress, BackupProgress::Restoring { .. }),
        |progress| matches!(progress, BackupProgress::Opening(_)),
    ];
    for is_due in is_due {
        place.stop.store(false, Ordering::Relaxed);
        let stop = |progress| {
            place.stop.fetch_or(is_due(progress), Ordering::Relaxed);
        };
        let stopped =
            place.with_job(&stop, |job| job.write(&point)?.prove(&|_| Ok(Note::new()))?.finish());
        assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
        assert_eq!(place.left(), Vec::<String>::new());
    }
}

#[test]
fn what_dead_tries_left_goes_and_what_is_not_ours_stays() {
    let place = Place::filled();
    let point = BackupPoint::beside(&place.data()).unwrap();
    let (part, proof) = (place.directory.path().join("backup.part"), place.data().join("proof-1"));
    let monday = place.directory.path().join("monday.part");
    for left in [&part, &proof, &monday] {
        fs::create_dir(left).unwrap();
        fs::write(left.join("journal-00000000000000000001"), "half").unwrap();
    }
    assert!(matches!(place.take(&point), Err(BackupError::NotOurs { .. })));
    assert!(part.join("journal-00000000000000000001").exists());
    for left in [&part, &proof, &monday] {
        fs::write(left.join("unfinished"), "casedesk, process 1\n").unwrap();
    }
    place.take(&point).unwrap();
    assert_eq!(place.left(), ["backup"]);
}

#[test]
fn a_backup_that_has_no_room_says_so_before_it_writes() {
    let mut place = Place::filled();
    place.options.free_bytes_min = u64::MAX / 2;
    let error = place.take(&BackupPoint::beside(&place.data()).unwrap()).unwrap_err();
    assert!(matches!(error, BackupError::NoRoom { .. }), "{error}");
    assert_eq!(place.left(), Vec::<String>::new());
}

#[test]
fn a_record_that_names_a_file_elsewhere_is_refused() {
    let place = Place::filled();
    place.take(&BackupPoint::beside(&place.data()).unwrap()).unwrap();
    let path = place.backup().join("backup.json");
    let mut sealed: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let good: BackupRecord = serde_json::from_value(sealed["backup"].clone()).unwrap();
    for name in ["../../outside", "journal-/etc/passwd", "sled-db"] {
        let mut record = good.clone();
        record.files[0].name = name.to_owned();
        // Whoever can write the record can write its digest too.
        let digest = <sha2::Sha256 as sha2::Digest>::digest(serde_json::to_vec(&record).unwrap());
        sealed["sha256"] =
            digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")).into();
        sealed["backup"] = serde_json::to_value(&record).unwrap();
        fs::write(&path, serde_json::to_vec(&sealed).unwrap()).unwrap();
        let error = place.restore().unwrap_err().to_string();
        assert!(error.contains("backup.json") && error.contains(name), "{error}");
        assert!(!place.new_data().exists());
    }
}

#[test]
fn a_journal_that_lost_acknowledged_commits_is_not_backed_up() {
    let place = Place::filled();
    let last =
        fs::read_dir(place.data().join("journal")).unwrap().map(|entry| entry.unwrap().path());
    let last = last.filter(|path| !path.ends_with("manifest")).max().unwrap();
    let file = fs::OpenOptions::new().write(true).open(&last).unwrap();
    file.set_len(file.metadata().unwrap().len() - 1).unwrap();
    let point = BackupPoint::beside(&place.data());
    assert!(matches!(point, Err(StoreError::Damaged { .. })), "{point:?}");
}
