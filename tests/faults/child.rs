//! The process that is killed: this test program again, which works in a directory until it dies.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use casedesk::store::{Phase, SledStore, Store as _};

use super::logbook::{Told, path, read};
use super::writers::{Shift, WRITERS, desk, options, work};
use crate::meddled_disk::{Meddle, MeddledDisk};
use crate::office::TestClock;

const DIRECTORY: &str = "CASEDESK_FAULTS_DIRECTORY";
const CYCLE: &str = "CASEDESK_FAULTS_CYCLE";
const CLOCK: &str = "CASEDESK_FAULTS_CLOCK";
const DEATH: &str = "CASEDESK_FAULTS_DEATH";

/// Of so many cycles one makes snapshots; they take half of the time.
const CYCLES_OF_SNAPSHOTS: u64 = 5;
/// What the child writes once the writers begin.
pub(super) const READY: &str = "ready";

/// Where a directory of fault tests has its data, and where its logbooks.
pub(super) fn parts(directory: &Path) -> (PathBuf, PathBuf) {
    (directory.join("data"), directory.join("logs"))
}

/// How a child is to work, and where it dies by its own hand: in this phase, when it has come to it so many times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders {
    pub(super) cycle: u64,
    pub(super) clock: i64,
    pub(super) death: Option<(Phase, u64)>,
}

/// Starts a child; its stdout says when it is ready.
pub(super) fn start(directory: &Path, orders: Orders) -> Child {
    let (place, times) = orders.death.map_or((usize::MAX, 0), |(phase, times)| {
        (Phase::ALL.iter().position(|one| *one == phase).unwrap(), times)
    });
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "faults::child::works_until_it_is_killed"])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .env(CYCLE, orders.cycle.to_string())
        .env(CLOCK, orders.clock.to_string())
        .env(DEATH, format!("{place} {times}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "it is started by the tests that kill it, and does nothing without them"]
#[expect(clippy::print_stdout, reason = "its parent reads that it is ready")]
fn works_until_it_is_killed() {
    let Some(directory) = env::var_os(DIRECTORY).map(PathBuf::from) else { return };
    let number = |name: &str| env::var(name).unwrap().parse::<i64>().unwrap();
    let (cycle, clock) = (u64::try_from(number(CYCLE)).unwrap(), number(CLOCK));
    let death = env::var(DEATH).unwrap();
    let (place, times) = death.split_once(' ').unwrap();
    let phase = Phase::ALL.get(place.parse::<usize>().unwrap()).copied();
    let disk =
        Arc::new(MeddledDisk(Deadly { phase, left: AtomicU64::new(times.parse().unwrap()) }));
    let (data, logs) = parts(&directory);
    let store = Arc::new(SledStore::open(&data, options(disk), &|_| {}).unwrap());
    let told = (0..WRITERS).flat_map(|writer| read(&path(&logs, writer)).into_values());
    let sequences = told.flat_map(|entry| entry.told).map(|told| match told {
        Told::Done { sequence, .. } => sequence,
        Told::Refused(_) => 0,
    });
    let (newest, last) = (store.sequence().0, sequences.max().unwrap_or(0));
    assert!(newest >= last, "commit {last} was acknowledged, and the store ends with {newest}");
    if phase == Some(Phase::Snapshot) || cycle % CYCLES_OF_SNAPSHOTS == 0 {
        // They are made beside the commits, one after the other, until there is nobody left to make them.
        let snapshots = Arc::clone(&store);
        std::thread::spawn(move || while snapshots.snapshot(&|_| {}).is_ok() {});
    }
    println!("{READY}");
    work(&Shift {
        desk: &desk(&store, cycle, clock),
        clock: &TestClock::at(clock),
        logs: &logs,
        cycle,
        newest,
        is_over: &|| false,
        acknowledged: &|_| {},
    });
}

/// The system's files, and an end to the process.
#[derive(Debug)]
struct Deadly {
    phase: Option<Phase>,
    left: AtomicU64,
}

impl Meddle for Deadly {
    fn reached(&self, phase: Phase) {
        if self.phase == Some(phase) && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // The signal reaches this thread before the call returns.
            let own = rustix::process::getpid();
            rustix::process::kill_process(own, rustix::process::Signal::KILL).unwrap();
        }
    }
}
