//! Damage: bits that flip, files that end early, and tails of zeros, in every kind of file, closed in order or killed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use casedesk::store::{Frame, Phase, SledStore, SystemDisk};

use super::chance::Chance;
use super::child::{Orders, parts, start};
use super::judge::{Verdict, judge};
use super::kills::follow;
use super::logbook::{Told, path, read};
use super::recorder::copy_directory;
use super::rows::{Rows, frames};
use super::writers::{MORNING, WRITERS, found, options};
use super::{rounds, tell};

/// Groups that are written before the directory is left as it is.
const GROUPS: u64 = 120;
/// How long writing them may take.
const WORK_MAX: Duration = Duration::from_secs(60);
/// Of so many damaged directories one is opened by the real program too.
const TRIALS_OF_PROGRAM: u64 = 3;
/// Files that hold nothing that anybody wrote.
const EMPTY_OF_MEANING: [&str; 2] = ["lock", "desk.sock"];

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    Flip,
    Truncation,
    ZeroedTail,
}

/// What came of it; all of these are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// It did not open, and the damage was named.
    Refused,
    /// It opened with every row, and verifying names the damage.
    Found,
    /// It opened with every row, and the database was made again.
    Rebuilt,
    /// It opened, as one that was closed in order, and failed when the damage was read; the next opening made the database
    /// again.
    RebuiltAfterReading,
    /// It opened with every row, and nothing is wrong.
    Harmless,
    /// The end of a journal that was not closed, gone like one that a power cut tore: nothing on the disk can say that it was
    /// acknowledged.
    TakenForTorn,
}

/// A directory as it was left, with what it must have.
struct Left {
    name: &'static str,
    data: PathBuf,
    acknowledged: u64,
    /// The digest of all rows after a commit, as far as it was asked for.
    digests: HashMap<u64, u64>,
    frames: Vec<Frame>,
}

#[test]
fn damage_is_refused_or_repaired_and_loses_nothing_silently() {
    let directory = tempfile::tempdir().unwrap();
    let mut left = leave(directory.path());
    let mut chance = Chance::of(4);
    let trials = rounds(50, 500);
    let mut table: BTreeMap<(String, Harm), BTreeMap<Outcome, u64>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for trial in 0..trials {
        let one = &mut left[chance.place(2)];
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        copy_directory(&one.data, &data);
        let (kind, file) = choose(&data, &mut chance);
        let harm = [Harm::Flip, Harm::Truncation, Harm::ZeroedTail][chance.place(3)];
        let what = damage(&file, harm, &mut chance);
        let name = file.strip_prefix(&data).unwrap().display();
        let words = format!("trial {trial}, {}, {name}, {what}", one.name);
        if trial % TRIALS_OF_PROGRAM == 0 {
            let aside = place.path().join("program");
            copy_directory(&data, &aside);
            wrong.extend(program(&aside).map(|why| format!("{words}: {why}")));
        }
        match one.outcome(&data, &kind) {
            Ok(outcome) => *table.entry((kind, harm)).or_default().entry(outcome).or_default() += 1,
            Err(why) => wrong.push(format!("{words}: {why}")),
        }
    }
    tell(&format!(
        "damage: {trials} damaged directories, {} of them opened by the program too",
        trials.div_ceil(TRIALS_OF_PROGRAM)
    ));
    for ((kind, harm), outcomes) in &table {
        tell(&format!("  {kind:<18} {harm:?}: {outcomes:?}"));
    }
    assert!(wrong.is_empty(), "{} went wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Two directories with the same history: one whose process was killed, and one that was closed in order afterwards.
fn leave(directory: &Path) -> [Left; 2] {
    let (data, logs) = parts(directory);
    fs::create_dir(&logs).unwrap();
    let store = SledStore::open(&data, options(Arc::new(SystemDisk)), &|_| {}).unwrap();
    found(&Arc::new(store));
    let death = Some((Phase::AfterSync, GROUPS));
    let mut child = start(directory, Orders { cycle: 0, clock: MORNING, death });
    let end = follow(child.stdout.take().unwrap());
    end.recv_timeout(WORK_MAX).unwrap();
    let _ended = end.recv_timeout(WORK_MAX);
    child.kill().unwrap();
    child.wait().unwrap();
    let closed = directory.join("closed");
    copy_directory(&data, &closed);
    let store = SledStore::open(&closed, options(Arc::new(SystemDisk)), &|_| {}).unwrap();
    store.close().unwrap();
    let told = (0..WRITERS).flat_map(|writer| read(&path(&logs, writer)).into_values());
    let acknowledged = told
        .flat_map(|entry| entry.told)
        .map(|told| if let Told::Done { sequence, .. } = told { sequence } else { 0 })
        .max()
        .unwrap();
    let frames = frames(&closed);
    let left = |name, data, acknowledged| Left {
        name,
        data,
        acknowledged,
        digests: HashMap::new(),
        frames: frames.clone(),
    };
    [left("killed", data, acknowledged), left("closed", closed, frames.len() as u64)]
}

/// Any file, each kind as often as every other: a few kinds have nearly all of the bytes.
fn choose(data: &Path, chance: &mut Chance) -> (String, PathBuf) {
    let mut kinds: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut directories = vec![data.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(data).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                directories.push(path);
            } else if path.metadata().unwrap().len() > 0
                && !EMPTY_OF_MEANING.contains(&name.as_str())
            {
                kinds.entry(name).or_default().push(path);
            }
        }
    }
    // Segments differ in their numbers only; the last of them is of a kind of its own.
    let mut by_kind: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let segments: Vec<String> = kinds.keys().filter(|name| is_segment(name)).cloned().collect();
    for (name, paths) in kinds {
        let kind = match &name {
            name if Some(name) == segments.last() => "journal, last".to_owned(),
            name if is_segment(name) => "journal, earlier".to_owned(),
            name if name.starts_with("sled/snap.") => "sled/snap".to_owned(),
            name if name.starts_with("snapshots/") => "snapshots".to_owned(),
            name => name.clone(),
        };
        by_kind.entry(kind).or_default().extend(paths);
    }
    let place = chance.place(by_kind.len());
    let (kind, mut paths) = by_kind.into_iter().nth(place).unwrap();
    paths.sort();
    let path = paths.swap_remove(chance.place(paths.len()));
    (kind, path)
}

fn is_segment(name: &str) -> bool {
    name.strip_prefix("journal/").is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Harms a file, and says how.
fn damage(path: &Path, harm: Harm, chance: &mut Chance) -> String {
    let mut bytes = fs::read(path).unwrap();
    let length = bytes.len();
    // As often near the end as anywhere: that is where torn and damaged are hard to tell apart.
    let place = if chance.percent(50) {
        length - 1 - chance.place(length.min(4096))
    } else {
        chance.place(length)
    };
    let words = match harm {
        Harm::Flip => {
            let bit = chance.below(8);
            bytes[place] ^= 1 << bit;
            format!("bit {bit} of byte {place} flipped")
        }
        Harm::Truncation => {
            bytes.truncate(place);
            format!("cut to {place} of {length} bytes")
        }
        Harm::ZeroedTail => {
            bytes[place..].fill(0);
            format!("zeros from byte {place} of {length} on")
        }
    };
    fs::write(path, bytes).unwrap();
    words
}

impl Left {
    /// What became of a damaged copy of this directory; an error is a loss that nobody is told of, or a crash.
    fn outcome(&mut self, data: &Path, kind: &str) -> Result<Outcome, String> {
        let (mut verdict, mut is_read_first) = (judge(data)?, false);
        if self.name == "closed"
            && matches!(&verdict, Verdict::Failed(why) if why.contains("failed to read"))
        {
            is_read_first = true;
            verdict = judge(data)?;
        }
        let (last, digest, findings) = match verdict {
            Verdict::Refused(_) => return Ok(Outcome::Refused),
            Verdict::Failed(why) => return Err(format!("it does not open: {why}")),
            Verdict::Opened { last, digest, findings } => (last, digest, findings),
        };
        let frames = &self.frames;
        let wanted =
            *self.digests.entry(last).or_insert_with(|| Rows::after(frames, last).digest());
        if digest != wanted {
            return Err(format!("other rows than after commit {last}, {findings} findings"));
        }
        if last < self.acknowledged {
            // Nothing but the journal's own end knows what was acknowledged after the last checkpoint.
            let is_end = kind == "journal, last" && self.name == "killed" && findings == 0;
            let words = format!("it ends with {last}, and {} was acknowledged", self.acknowledged);
            return if is_end { Ok(Outcome::TakenForTorn) } else { Err(words) };
        }
        let is_rebuilt = fs::read_dir(data)
            .unwrap()
            .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("sled."));
        Ok(match (findings, is_rebuilt) {
            (0, false) => Outcome::Harmless,
            (0, true) if is_read_first => Outcome::RebuiltAfterReading,
            (0, true) => Outcome::Rebuilt,
            _ => Outcome::Found,
        })
    }
}

/// Opens a damaged directory as people do; says what nobody should see.
fn program(data: &Path) -> Option<String> {
    let commands: [&[&str]; 3] =
        [&["verify", "--json"], &["find", "nobody", "--json"], &["queue", "list", "--json"]];
    commands.iter().find_map(|arguments| {
        let output = crate::harness::program()
            .args(["--data", data.to_str().unwrap(), "--as", "karimi"])
            .args(*arguments)
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_known = output.status.code().is_some_and(|code| [0, 1].contains(&code));
        let is_seen = words.contains("panicked") || !is_known;
        is_seen.then(|| format!("{arguments:?} ended with {}: {words}", output.status))
    })
}
