//! Power cuts: what the journal's disk had promised is there, of the rest anything, and the database is torn, older or gone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use casedesk::desk::Checks;
use casedesk::store::{
    Commit, CommitId, Disk, Frame, OpenOptions, Probe, SledStore, Store as _, SystemDisk, Write,
};

use super::chance::Chance;
use super::image::{Database, build};
use super::recorder::{Event, Recorder, copy_directory};
use super::rows::{Rows, frames};
use super::writers::{MORNING, Shift, desk, found, options, work};
use super::{rounds, tell};
use crate::harness::{OWN_DESK, PROGRAM};
use crate::office::TestClock;

/// Commits that are acknowledged while everything is history.
const COMMITS: u64 = 1_500;
/// Of so many images one is cut again while it is being opened.
const IMAGES_OF_SECOND_CUT: u64 = 4;
/// Of so many images one is held against the desk's own rules too.
const IMAGES_OF_DESK: u64 = 10;

/// What was done, from the first file on.
struct Recorded {
    directory: tempfile::TempDir,
    events: Vec<Event>,
    frames: Vec<Frame>,
}

#[test]
fn what_was_acknowledged_survives_power_cuts() {
    let history = record();
    let mut chance = Chance::of(2);
    let images = rounds(200, 2_000);
    let mut counts: BTreeMap<Database, (u64, u64)> = BTreeMap::new();
    let (mut cut_again, mut beyond, mut lost) = (0, 0, Vec::new());
    for image in 0..images {
        let database = Database::ALL[chance.place(Database::ALL.len())];
        let cut = history.cut(&mut chance);
        let words = format!("image {image}, cut after event {cut}, database {}", database.words());
        let place = tempfile::tempdir().unwrap();
        let (data, target) = (history.directory.path().join("data"), place.path().join("data"));
        let events = &history.events[..cut];
        let acknowledged = build(events, (&data, &target), database, &mut chance);
        if image % IMAGES_OF_SECOND_CUT == 0 {
            let recorder = Recorder::new(&target, &place.path().join("copies"));
            let before = recorder.events().len();
            // Whether it opens is seen below.
            let _opened = open(&target, recorder.clone());
            let events = recorder.events();
            let cut = before + chance.place(events.len() - before + 1);
            let again = place.path().join("again");
            build(&events[..cut], (&target, &again), Database::Torn, &mut chance);
            if let Err(why) = history.hold(&again, acknowledged, false) {
                lost.push(format!(
                    "{words}, cut again after event {} of opening: {why}",
                    cut - before
                ));
            }
            cut_again += 1;
        }
        let is_desk_due = image % IMAGES_OF_DESK == 0;
        let reached = history.hold(&target, acknowledged, is_desk_due).unwrap_or_else(|why| {
            lost.push(format!("{words}: {why}"));
            acknowledged
        });
        let count = counts.entry(database).or_default();
        count.0 += 1;
        count.1 += acknowledged;
        beyond += reached - acknowledged;
    }
    let by_database: Vec<_> = counts
        .iter()
        .map(|(database, (images, _))| format!("{} {images}", database.words()))
        .collect();
    tell(&format!(
        "power cuts: {images} images of {} recorded operations and {} commits, all opened; database: {}; {cut_again} cut \
         again while they opened; {} acknowledged commits held, {beyond} more were there whole",
        history.events.len(),
        history.frames.len(),
        by_database.join(", "),
        counts.values().map(|(_, acknowledged)| acknowledged).sum::<u64>(),
    ));
    assert!(lost.is_empty(), "{} images did not hold:\n{}", lost.len(), lost.join("\n"));
    for database in Database::ALL {
        assert!(counts.contains_key(&database), "no image had a database that was {database:?}");
    }
}

/// Lets the writers work over a disk that records.
fn record() -> Recorded {
    let directory = tempfile::tempdir().unwrap();
    let (data, logs) = (directory.path().join("data"), directory.path().join("logs"));
    std::fs::create_dir_all(&logs).unwrap();
    let recorder = Recorder::new(&data, &directory.path().join("copies"));
    let store = SledStore::open(&data, options(Arc::new(recorder.clone())), &|_| {}).unwrap();
    let store = Arc::new(store);
    found(&store);
    recorder.acknowledged(store.sequence().0);
    let count = AtomicU64::new(0);
    work(&Shift {
        desk: &desk(&store, 0, MORNING),
        clock: &TestClock::at(MORNING),
        logs: &logs,
        cycle: 0,
        newest: 0,
        is_over: &|| count.load(Ordering::SeqCst) >= COMMITS,
        acknowledged: &|sequence| {
            recorder.acknowledged(sequence);
            count.fetch_add(1, Ordering::SeqCst);
        },
    });
    store.close().unwrap();
    let frames = frames(&data);
    Recorded { directory, events: recorder.events(), frames }
}

/// Opens an image as the program does: a process of its own looks at the database first.
fn open(data: &Path, disk: impl Disk + 'static) -> Result<SledStore, String> {
    let program = PROGRAM.into();
    let probe = Probe::new(
        program,
        [&OWN_DESK.map(Into::into)[..], &["--data".into(), data.into(), "probe".into()]].concat(),
    );
    let options = OpenOptions { probe: Some(probe), ..options(Arc::new(disk)) };
    SledStore::open(data, options, &|_| {}).map_err(|error| error.to_string())
}

impl Recorded {
    /// Where the power goes: after any event, and as often right after one that is not durable by itself.
    fn cut(&self, chance: &mut Chance) -> usize {
        let cut = chance.place(self.events.len() + 1);
        let is_loose = |event: &Event| {
            !matches!(
                event,
                Event::Sync { .. }
                    | Event::SyncDirectory { .. }
                    | Event::Database { .. }
                    | Event::Acknowledged(_)
            )
        };
        let next = self.events[cut..].iter().position(is_loose);
        match next {
            Some(next) if chance.percent(50) => cut + next + 1,
            _ => cut,
        }
    }

    /// Opens an image, and holds every row of it against the commits up to the last one that it has, which is not before
    /// the last one that was acknowledged; gives that one, or says what is wrong.
    fn hold(&self, data: &Path, acknowledged: u64, is_desk_due: bool) -> Result<u64, String> {
        let store = open(data, SystemDisk)?;
        let last = store.sequence().0;
        if last < acknowledged {
            return Err(format!("it ends with {last}, and {acknowledged} was acknowledged"));
        }
        if Rows::read(&store).map_err(|error| error.to_string())? != Rows::after(&self.frames, last)
        {
            return Err(format!("other rows than after commit {last}"));
        }
        let mut found = store.verify_journal(&|_| {}).unwrap();
        if is_desk_due {
            found.extend(store.verify_against_journal(&|_| {}).unwrap());
            let store = Arc::new(store);
            let records = desk(&store, 1, MORNING).verify(Checks::deep(), &|_| {}).unwrap();
            if !records.is_sound() {
                return Err(records.findings.join("; "));
            }
            store.close().unwrap();
        }
        if found.is_empty() { Ok(last) } else { Err(format!("{found:?}")) }
    }
}

/// Bytes that a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;
/// Bytes of a segment before its first frame.
const HEADER_BYTES: usize = 24;

/// A journal of two groups of one commit each, of which the first is durable and the second begins so many bytes before the
/// end of a sector and ends so many bytes in another; the sector of that place was never written.
fn torn_at(head: usize, tail: usize, is_head_missing: bool) -> Result<u64, String> {
    let place = tempfile::tempdir().unwrap();
    let (data, image) = (place.path().join("data"), place.path().join("image"));
    let options =
        OpenOptions { checkpoint_idle: Duration::from_secs(3600), ..options(Arc::new(SystemDisk)) };
    let store = SledStore::open(&data, options.clone(), &|_| {}).unwrap();
    let empty = set(&store, 1, 0);
    let start = 2 * SECTOR_BYTES - head;
    // What a frame has around its value is learnt from the first one.
    set(&store, 2, start - HEADER_BYTES - 2 * empty);
    let end = 4 * SECTOR_BYTES + tail;
    set(&store, 3, end - start - empty);
    copy_directory(&data, &image);
    let segment = image.join("journal").join("00000000000000000001");
    let mut bytes = std::fs::read(&segment).unwrap();
    assert_eq!(bytes.len(), end);
    let missing = if is_head_missing { start..2 * SECTOR_BYTES } else { 4 * SECTOR_BYTES..end };
    bytes[missing].fill(0);
    std::fs::write(segment, bytes).unwrap();
    std::fs::remove_dir_all(image.join("sled")).unwrap();
    SledStore::open(&image, options, &|_| {})
        .map(|store| store.sequence().0)
        .map_err(|error| error.to_string())
}

/// Commits a value of so many bytes, and gives how much more its frame had.
fn set(store: &SledStore, id: u128, bytes: usize) -> usize {
    let before = store.statistics().unwrap().journal_bytes;
    let writes = vec![Write::Put(format!("key {id}").into_bytes(), vec![7; bytes])];
    store
        .commit(Commit { id: CommitId(id), reads: vec![], stamp: Box::new(move |_| Ok(writes)) })
        .unwrap();
    let grown = store.statistics().unwrap().journal_bytes - before;
    usize::try_from(grown).unwrap() - bytes - if before == 0 { HEADER_BYTES } else { 0 }
}

#[test]
fn a_group_of_which_any_few_bytes_were_alone_in_their_sector_may_be_torn() {
    let mut refused = Vec::new();
    for bytes in [1, 2, 3, 4, 5, 8, 12, 15, 16, 17, 100, 511] {
        for is_head_missing in [true, false] {
            let opened = torn_at(bytes, bytes, is_head_missing);
            if opened != Ok(2) {
                refused.push(format!("{bytes} bytes, head {is_head_missing}: {opened:?}"));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
