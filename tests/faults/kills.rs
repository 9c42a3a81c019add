//! SIGKILL while eight writers work: in every phase of the store's work, at any moment, and while it opens.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use casedesk::store::{Phase, SledStore, SystemDisk};

use super::chance::Chance;
use super::check::{Survived, check};
use super::child::{Orders, READY, parts, start};
use super::writers::{MORNING, found, options};
use super::{rounds, tell};

/// Cycles in one directory; then a new one begins, so that checks stay short.
const CYCLES_OF_DIRECTORY: u64 = 20;
/// Cycles after which everything is held against the logbooks.
const CYCLES_OF_CHECK: u64 = 10;
/// How long a child may work before it is killed where it stands.
const WORK_MAX: Duration = Duration::from_secs(10);
/// Milliseconds of a year of 365 days.
const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;

/// Where a child is to die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Death {
    /// In a phase, by its own hand.
    In(Phase),
    /// At any moment after its writers began.
    Working,
    /// At any moment after it was started.
    Opening,
}

impl Death {
    fn words(self) -> &'static str {
        match self {
            Self::In(Phase::BeforeSync) => "before fsync",
            Self::In(Phase::AfterSync) => "after fsync, before apply",
            Self::In(Phase::BetweenBatches) => "between batches",
            Self::In(Phase::Rotation) => "rotation",
            Self::In(Phase::Checkpoint) => "checkpoint",
            Self::In(Phase::Snapshot) => "snapshot",
            Self::Working => "any moment of work",
            Self::Opening => "any moment of opening",
        }
    }

    /// How often the phase is passed before the one that kills: rare ones come rarely.
    fn times(phase: Phase, chance: &mut Chance) -> u64 {
        1 + match phase {
            Phase::BeforeSync | Phase::AfterSync => chance.below(15),
            Phase::BetweenBatches => 0,
            Phase::Rotation | Phase::Checkpoint => chance.below(2),
            Phase::Snapshot => chance.below(3),
        }
    }
}

const DEATHS: [Death; 8] = [
    Death::In(Phase::BeforeSync),
    Death::In(Phase::AfterSync),
    Death::In(Phase::BetweenBatches),
    Death::In(Phase::Rotation),
    Death::In(Phase::Checkpoint),
    Death::In(Phase::Snapshot),
    Death::Working,
    Death::Opening,
];

#[test]
fn what_was_acknowledged_survives_kills_in_every_phase() {
    let kills = kill_often("kills", rounds(64, 5_000), &|_| MORNING);
    for death in DEATHS {
        assert!(kills.contains_key(&death), "no child died in: {}", death.words());
    }
}

#[test]
fn a_clock_that_jumps_ten_years_either_way_changes_no_order_and_no_deadline() {
    let years = [0, 10, -10, 0, -10, 10];
    let clock = |cycle: u64| MORNING + years[usize::try_from(cycle).unwrap() % years.len()] * YEAR;
    kill_often("clock jumps of ten years at each kill", rounds(30, 600), &clock);
}

/// Kills a child in each cycle, and checks; gives how many died where.
fn kill_often(name: &str, cycles: u64, clock: &dyn Fn(u64) -> i64) -> BTreeMap<Death, u64> {
    let mut chance = Chance::of(1);
    let mut survived = Survived::default();
    let mut kills: BTreeMap<Death, u64> = BTreeMap::new();
    let mut cycle = 0;
    while cycle < cycles {
        let directory = tempfile::tempdir().unwrap();
        let (data, logs) = parts(directory.path());
        std::fs::create_dir(&logs).unwrap();
        let store = SledStore::open(&data, options(Arc::new(SystemDisk)), &|_| {}).unwrap();
        found(&Arc::new(store));
        let end = cycles.min(cycle + CYCLES_OF_DIRECTORY);
        while cycle < end {
            let wanted = DEATHS[usize::try_from(cycle).unwrap() % DEATHS.len()];
            let death = kill_one(directory.path(), cycle, clock(cycle), wanted, &mut chance);
            *kills.entry(death).or_default() += 1;
            cycle += 1;
            if cycle == end {
                survived += check(&data, &logs);
            } else if cycle.is_multiple_of(CYCLES_OF_CHECK) {
                check(&data, &logs);
            }
        }
    }
    let by_phase: Vec<_> =
        kills.iter().map(|(death, count)| format!("{} {count}", death.words())).collect();
    tell(&format!(
        "{name}: {cycles} cycles, {} requests acknowledged, by phase: {}; asked again: {} answered alike, {} had been done \
         unknown to who asked; {} never answered; claims: {} won, {} lost; {} cases in {} commits",
        survived.acknowledged,
        by_phase.join(", "),
        survived.repeated,
        survived.done_already,
        survived.unanswered,
        survived.claims.0,
        survived.claims.1,
        survived.cases,
        survived.commits,
    ));
    kills
}

/// Runs one child to its death, and says where it died.
fn kill_one(directory: &Path, cycle: u64, clock: i64, wanted: Death, chance: &mut Chance) -> Death {
    let death = match wanted {
        Death::In(phase) => Some((phase, Death::times(phase, chance))),
        Death::Working | Death::Opening => None,
    };
    let mut child = start(directory, Orders { cycle, clock, death });
    let ready = follow(child.stdout.take().unwrap());
    let moment = Duration::from_micros(chance.below(25_000));
    if wanted != Death::Opening {
        let _ready_or_gone = ready.recv_timeout(WORK_MAX);
    }
    let patience = if death.is_some() { WORK_MAX } else { moment };
    let is_gone = ready.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected);
    // A child that is dead already does not mind.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert_eq!(status.signal(), Some(9), "cycle {cycle}, {wanted:?}: {words}");
    assert!(!words.contains("panicked"), "cycle {cycle}, {wanted:?}: {words}");
    if death.is_some() && !is_gone { Death::Working } else { wanted }
}

/// Says once that the child is ready; the channel ends with the child.
pub(super) fn follow(stdout: std::process::ChildStdout) -> Receiver<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.ends_with(READY) {
                // A parent that listens no more has seen enough.
                let _unheard = sender.send(());
            }
        }
    });
    receiver
}
