//! Power cuts under a real file system: ext4 on a loop device, whose blocks are copied while the writers are stopped.
//!
//! The copy has what the file system had given to the device: everything that was synced, and of the rest what the system
//! had written back by itself; what was only in the system's memory is lost, as in a power cut. It does not show a device
//! that loses or reorders what it was given between two flushes: the image tests do that. Mounting takes rights that not
//! every machine gives; then it says so and shows nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use casedesk::store::{SledStore, SystemDisk};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::chance::Chance;
use super::check::{Survived, check};
use super::child::{Orders, parts, start};
use super::kills::follow;
use super::writers::{MORNING, found, options};
use super::{rounds, tell};

/// Bytes of the device.
const DEVICE_BYTES: u64 = 96 * 1024 * 1024;
/// Cuts on one file system; then a new one is made, so that checks stay short.
const CUTS_OF_DEVICE: u64 = 10;
/// How long a child may take to begin.
const START_MAX: Duration = Duration::from_secs(30);

/// A file system that is mounted as long as this lives.
struct Mounted(PathBuf);

impl Mounted {
    fn new(arguments: &[&str], place: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(place).unwrap();
        run("mount", &[arguments, &[place.to_str().unwrap()]].concat())?;
        Ok(Self(place.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily, for a process that is still dying may hold it.
        let _gone = run("umount", &["--lazy", self.0.to_str().unwrap()]);
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(format!("{program}: {words}")) }
}

fn device(directory: &Path) -> Result<PathBuf, String> {
    let device = directory.join("device");
    std::fs::File::create(&device).unwrap().set_len(DEVICE_BYTES).unwrap();
    run("mkfs.ext4", &["-q", "-F", device.to_str().unwrap()])?;
    Ok(device)
}

#[test]
fn what_was_acknowledged_is_on_an_ext4_whose_power_went() {
    let cuts = rounds(10, 200);
    let mut survived = Survived::default();
    let mut cut = 0;
    while cut < cuts {
        let end = cuts.min(cut + CUTS_OF_DEVICE);
        match cut_often(cut..end, &mut survived) {
            Ok(()) => cut = end,
            Err(why) => {
                tell(&format!("ext4 on a loop device: skipped, {why}"));
                return;
            }
        }
    }
    tell(&format!(
        "ext4 on a loop device: {cuts} copies of its blocks while eight writers worked, all mounted and opened; {} requests \
         acknowledged before the copies, all there",
        survived.acknowledged
    ));
}

fn cut_often(cuts: std::ops::Range<u64>, survived: &mut Survived) -> Result<(), String> {
    let directory = tempfile::tempdir().unwrap();
    let device = device(directory.path())?;
    let (data, logs) = parts(directory.path());
    std::fs::create_dir(&logs).unwrap();
    let _mounted = Mounted::new(&["-o", "loop", device.to_str().unwrap()], &data)?;
    let store = SledStore::open(&data, options(Arc::new(SystemDisk)), &|_| {}).unwrap();
    found(&Arc::new(store));
    let mut chance = Chance::of(3 + cuts.start);
    for cycle in cuts {
        let orders = Orders { cycle, clock: MORNING, death: None };
        let mut child = start(directory.path(), orders);
        let ready = follow(child.stdout.take().unwrap());
        ready.recv_timeout(START_MAX).unwrap();
        let _time_passed = ready.recv_timeout(Duration::from_micros(chance.below(400_000)));
        // Stopped, it acknowledges nothing while the blocks are copied.
        let process = Pid::from_child(&child);
        kill_process(process, Signal::STOP).unwrap();
        waitpid(Some(process), WaitOptions::UNTRACED).unwrap();
        let copy = directory.path().join("copy");
        let copied =
            run("cp", &["--sparse=always", device.to_str().unwrap(), copy.to_str().unwrap()]);
        child.kill().unwrap();
        child.wait().unwrap();
        copied?;
        let place = directory.path().join("after");
        let _after = Mounted::new(&["-o", "loop", copy.to_str().unwrap()], &place)?;
        *survived += check(&place, &logs);
    }
    Ok(())
}
