//! A disk that fills up: writes stop before it is full, and where it is full all the same nothing acknowledged is lost.
//!
//! The disk is a small tmpfs in a mount namespace of its own, made by a child process of this test program; where the
//! system does not allow that, it says so and shows nothing.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use casedesk::desk::{AskQueues, Desk};
use casedesk::store::{Health, OpenOptions, SledStore, Store as _, SystemDisk};

use super::check::check;
use super::child::parts;
use super::tell;
use super::writers::{MORNING, Shift, desk, found, options, work};
use crate::office::TestClock;

const DIRECTORY: &str = "CASEDESK_FAULTS_DISK";
const DISK_BYTES: u64 = 24 * 1024 * 1024;
const FREE_BYTES_MIN: u64 = 6 * 1024 * 1024;

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let namespaces: [&[&str]; 2] = [&["-m"], &["-rm"]];
    let is_allowed = |arguments: &&&[&str]| {
        let tried = Command::new("unshare").args(**arguments).arg("true").output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let Some(namespace) = namespaces.iter().find(is_allowed) else {
        tell("full disk: skipped, this system gives no mount namespace");
        return;
    };
    let output = Command::new("unshare")
        .args(*namespace)
        .arg(env::current_exe().unwrap())
        .args(["--exact", "faults::disk::works_on_a_small_disk"])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for line in said.lines().filter_map(|line| line.find("full disk").and_then(|at| line.get(at..)))
    {
        tell(line);
    }
}

#[test]
#[ignore = "it is started in a mount namespace of its own, and does nothing without it"]
fn works_on_a_small_disk() {
    let Some(directory) = env::var_os(DIRECTORY).map(PathBuf::from) else { return };
    for (name, free_bytes_min) in [("stopped early", FREE_BYTES_MIN), ("to the last byte", 0)] {
        let place = directory.join(name.replace(' ', "-"));
        let (data, logs) = parts(&place);
        std::fs::create_dir_all(&data).unwrap();
        std::fs::create_dir_all(&logs).unwrap();
        mount(&format!("size={DISK_BYTES}"), &data);
        let story = Story { data, logs, free_bytes_min };
        let (acknowledged, health) = story.fill();
        let again = story.reopen();
        mount(&format!("remount,size={}", DISK_BYTES * 4), &story.data);
        let more = story.write(1, 200).0;
        let survived = check(&story.data, &story.logs);
        tell(&format!(
            "full disk, {name}: {acknowledged} requests acknowledged until {health}; opened on the full disk: {again}; with \
             room again {more} more; {} acknowledged in all, all there",
            survived.acknowledged
        ));
    }
}

fn mount(how: &str, place: &Path) {
    let arguments = ["-t", "tmpfs", "-o", how, "tmpfs", place.to_str().unwrap()];
    let status = Command::new("mount").args(arguments).status().unwrap();
    assert!(status.success(), "mount {how}: {status}");
}

struct Story {
    data: PathBuf,
    logs: PathBuf,
    free_bytes_min: u64,
}

impl Story {
    fn open(&self) -> Arc<SledStore> {
        let options = OpenOptions {
            free_bytes_min: self.free_bytes_min,
            ballast_bytes: 2 * 1024 * 1024,
            ..options(Arc::new(SystemDisk))
        };
        Arc::new(SledStore::open(&self.data, options, &|_| {}).unwrap())
    }

    /// Writes until nothing is accepted any more; gives how much was acknowledged, and in words why it ended.
    fn fill(&self) -> (u64, String) {
        let store = self.open();
        found(&store);
        drop(store);
        self.write(0, u64::MAX)
    }

    /// Lets the writers work until so many requests are acknowledged or the store takes no more; then everything is read.
    fn write(&self, cycle: u64, enough: u64) -> (u64, String) {
        let store = self.open();
        let count = AtomicU64::new(0);
        let desk = desk(&store, cycle, MORNING);
        let is_full = AtomicBool::new(false);
        work(&Shift {
            desk: &desk,
            clock: &TestClock::at(MORNING),
            logs: &self.logs,
            cycle,
            newest: store.sequence().0,
            is_over: &|| {
                let is_sound = store.health() == Health::Sound;
                is_full.fetch_or(!is_sound, Ordering::SeqCst);
                !is_sound || count.load(Ordering::SeqCst) >= enough
            },
            acknowledged: &|_| {
                count.fetch_add(1, Ordering::SeqCst);
            },
        });
        let door: &dyn Desk = &desk.sign_in("karimi", None).unwrap();
        assert!(!door.ask(AskQueues {}).unwrap().queues.is_empty(), "nothing can be read");
        let health = match store.health() {
            Health::Sound => "nothing more was asked".to_owned(),
            Health::NoSpace { .. } => "too little was free".to_owned(),
            Health::ReadOnly { why } => format!("it was read-only ({why})"),
        };
        // A store that is read-only says so once more when it is closed.
        let _closed = store.close();
        (count.load(Ordering::SeqCst), health)
    }

    /// Opens on the disk that is still full, and reads.
    fn reopen(&self) -> String {
        let store = self.open();
        let desk = desk(&store, 9, MORNING);
        let door: &dyn Desk = &desk.sign_in("karimi", None).unwrap();
        door.ask(AskQueues {}).unwrap();
        match store.health() {
            Health::Sound => "all read, and room to write".to_owned(),
            Health::NoSpace { .. } => "all read, nothing accepted".to_owned(),
            Health::ReadOnly { why } => format!("all read, read-only: {why}"),
        }
    }
}
