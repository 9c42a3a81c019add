//! SIGKILL at random moments while the real program writes: what it acknowledged is whole, and nothing is there twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use casedesk::desk::{AskCaseFile, Checks, Command, Desk, LocalDesk, Request};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::{CaseId, EntityId};
use casedesk::link::RemoteDesk;
use casedesk::store::{OpenOptions, SledStore, Store};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::harness::{OWN_DESK, PROGRAM};
use crate::office::{Counted, Office, TestClock};

/// Kills of one run; CI takes the number that the issue asks for.
const KILLS: u64 = 50;
/// Writers at a time.
const WRITERS: u64 = 4;
/// How long the program may take to let others in.
const START_MAX: Duration = Duration::from_secs(20);
/// How often it is looked whether what is waited for has come: whoever is waited for gets the processor meanwhile.
const LOOK: Duration = Duration::from_micros(500);

/// A program that holds the database, in a terminal of its own.
struct Running {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    _terminal: portable_pty::PtyPair,
}

impl Running {
    fn start(data: &Path) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let terminal = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(OWN_DESK);
        command.args(["--data", data.to_str().unwrap()]);
        let child = terminal.slave.spawn_command(command).unwrap();
        let mut reader = terminal.master.try_clone_reader().unwrap();
        // Whoever does not read a terminal stops the program behind it.
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        Self { child, _terminal: terminal }
    }

    fn connect(&mut self, data: &Path) -> RemoteDesk {
        let begin = Instant::now();
        loop {
            match RemoteDesk::connect(data, None) {
                Ok(desk) => return desk,
                Err(error) => {
                    assert!(begin.elapsed() < START_MAX, "it lets nobody in: {error}");
                    assert!(
                        self.child.try_wait().unwrap().is_none(),
                        "it ended by itself: {error}"
                    );
                    std::thread::park_timeout(LOOK);
                }
            }
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What was acknowledged: each case with what it asks and the notes on it.
type Acknowledged = BTreeMap<CaseId, (String, Vec<String>)>;

/// Registers cases and notes on them until the desk is gone; what was answered is remembered.
fn write(
    desk: &RemoteDesk,
    writer: u64,
    round: u64,
    at: casedesk::domain::time::Instant,
    known: &Mutex<Acknowledged>,
    first: &AtomicBool,
) {
    for number in 0_u64.. {
        let says = format!("round {round} writer {writer} number {number}");
        let id =
            (u128::from(round) << 64) | (u128::from(writer) << 48) | u128::from(number * 2 + 1);
        let intake = Office::intake(None, Nature::Report, "HOU-1", &says, at);
        let Ok(receipt) = desk.execute(Request { id, command: Command::RegisterCase(intake) })
        else {
            return;
        };
        let Some(EntityId::Case(case)) = receipt.created.first().cloned() else {
            unreachable!("{receipt:?}")
        };
        known.lock().unwrap().insert(case, (says.clone(), Vec::new()));
        first.store(true, Ordering::SeqCst);
        let text = format!("note on {says}");
        let command =
            Command::Case { case, version: None, act: CaseAct::Note { text: text.clone() } };
        if desk.execute(Request { id: id + 1, command }).is_err() {
            return;
        }
        known.lock().unwrap().entry(case).or_default().1.push(text);
    }
}

#[test]
fn what_was_acknowledged_survives_fifty_kills() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let known: Arc<Mutex<Acknowledged>> = Arc::default();
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    let at = casedesk::domain::time::Instant::from_milliseconds(1_700_000_000_000);
    for round in 1..=KILLS {
        let mut running = Running::start(data);
        let desks: Vec<RemoteDesk> = (0..WRITERS).map(|_| running.connect(data)).collect();
        let first = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0_u64..)
            .zip(desks)
            .map(|(writer, desk)| {
                let (known, first) = (Arc::clone(&known), Arc::clone(&first));
                std::thread::spawn(move || write(&desk, writer, round, at, &known, &first))
            })
            .collect();
        while !first.load(Ordering::SeqCst) {
            std::thread::park_timeout(LOOK);
        }
        // A moment between nothing and 30 ms, from a fixed sequence.
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let until = Instant::now() + Duration::from_micros(chance % 30_000);
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            std::thread::park_timeout(left);
        }
        running.kill();
        for writer in writers {
            writer.join().unwrap();
        }
    }
    check(data, &known.lock().unwrap());
}

fn check(data: &Path, known: &Acknowledged) {
    let store = SledStore::open(data, OpenOptions::default(), &|_| {}).unwrap();
    assert_eq!(store.verify_journal(&|_| {}).unwrap(), []);
    assert_eq!(store.verify_against_journal(&|_| {}).unwrap(), []);
    let store: Arc<dyn Store> = Arc::new(store);
    let desk = LocalDesk::open(
        store,
        Arc::new(TestClock::at(1_800_000_000_000)),
        Arc::new(Counted::from(1)),
    )
    .unwrap();
    let found = desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert_eq!(found.findings, Vec::<String>::new());
    let account = desk.accounts().into_iter().next().unwrap();
    let session = desk.sign_in(&account, None).unwrap();
    let door: &dyn Desk = &session;
    for (case, (says, notes)) in known {
        let file = door.ask(AskCaseFile { case: *case, entries: 99 }).unwrap();
        assert_eq!(file.case.asks, *says);
        let kept: Vec<&str> = file
            .timeline
            .iter()
            .filter(|entry| entry.kind == "note")
            .map(|entry| entry.text.as_str())
            .collect();
        for note in notes {
            assert_eq!(kept.iter().filter(|kept| *kept == note).count(), 1, "{case}: {note}");
        }
        assert!(kept.len() <= 1, "{case} has a note twice: {kept:?}");
    }
    assert!(known.len() > 50, "{} acknowledged cases say too little", known.len());
}
