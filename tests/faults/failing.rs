//! A disk whose syncs fail from a moment on, as those of a disk that dies.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casedesk::desk::{AskCaseFile, Checks, Command, Desk, DeskError, Request};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::store::{Disk, DiskFile, Health, SledStore, Store as _, SystemDisk};

use super::tell;
use super::writers::options;
use crate::harness::TestScreen;
use crate::meddled_disk::{Meddle, MeddledDisk};
use crate::office::Office;

#[derive(Debug, Clone, Default)]
struct Dying {
    is_dead: Arc<AtomicBool>,
}

#[derive(Debug)]
struct DyingFile {
    file: Box<dyn DiskFile>,
    is_dead: Arc<AtomicBool>,
}

impl Meddle for Dying {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let is_dead = Arc::clone(&self.is_dead);
        Ok(Box::new(DyingFile { file: SystemDisk.open(path)?, is_dead }))
    }
}

impl DiskFile for DyingFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn write_all_at(&mut self, bytes: &[u8], place: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, place)
    }

    fn set_length(&mut self, bytes: u64) -> io::Result<()> {
        self.file.set_length(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.is_dead.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error()));
        }
        self.file.sync()
    }
}

#[test]
fn when_the_disk_fails_nothing_more_is_promised_and_everything_is_still_read() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Dying::default();
    let is_dead = Arc::clone(&disk.is_dead);
    let store =
        SledStore::open(directory.path(), options(Arc::new(MeddledDisk(disk))), &|_| {}).unwrap();
    let store = Arc::new(store);
    let office = Office::over(Arc::clone(&store) as Arc<_>);
    let karimi = office.karimi();
    let case = office.case(None, Nature::Report, "The lamp in the yard is out");
    let note = |text: &str| Command::Case {
        case,
        version: None,
        act: CaseAct::Note { text: text.to_owned() },
    };
    office.act(&karimi, note("kept")).unwrap();
    assert_eq!(notes(&karimi, case), ["kept"]);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));

    is_dead.store(true, Ordering::SeqCst);
    let unknown = Request { id: 1 << 100, command: note("perhaps") };
    let first = karimi.execute(unknown.clone()).unwrap_err();
    assert!(matches!(first, DeskError::Lost(_) | DeskError::ReadOnly(_)), "{first:?}");
    is_dead.store(false, Ordering::SeqCst);
    for _ in 0..3 {
        let next = office.act(&karimi, note("refused")).unwrap_err();
        assert!(
            matches!(next, DeskError::ReadOnly(_)),
            "a disk that came back is believed: {next:?}"
        );
    }
    screen.keys("2.");
    assert!(screen.text().contains("C-1"), "{}", screen.text());
    assert!(screen.text().contains("can be saved"), "{}", screen.text());
    assert_eq!(notes(&karimi, case), ["kept"], "what is open is read on");
    let unopened = (&office.karimi() as &dyn Desk).ask(AskCaseFile { case, entries: 99 });
    assert!(matches!(unopened, Err(DeskError::ReadOnly(_))), "{unopened:?}");
    drop((screen, karimi, office));
    assert!(store.close().is_err(), "it closed as if nothing had been");
    drop(store);

    let store = SledStore::open(directory.path(), options(Arc::new(SystemDisk)), &|_| {}).unwrap();
    let store = Arc::new(store);
    let office = Office::over(Arc::clone(&store) as Arc<_>);
    let karimi = office.karimi();
    karimi.execute(unknown).unwrap();
    assert_eq!(notes(&karimi, case), ["perhaps", "kept"]);
    assert_eq!(store.health(), Health::Sound);
    assert_eq!(office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings, Vec::<String>::new());
    tell(
        "failing fsync: one commit not answered, 3 refused though the disk was back, read on; open again: once each",
    );
}

/// The notes on a case, newest first.
fn notes(door: &dyn Desk, case: CaseId) -> Vec<String> {
    let file = door.ask(AskCaseFile { case, entries: 99 }).unwrap();
    let notes = file.timeline.into_iter().filter(|entry| entry.kind == "note");
    notes.map(|entry| entry.text).collect()
}
