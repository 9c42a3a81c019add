//! Looks at a database that was not closed in order before anybody relies on it.
//!
//! sled panics on damage, and has been seen to hang and to open with rows missing. So a child process opens it first, reads
//! every row, and compares with the journal; whatever becomes of the child, this process learns it within a time limit.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::checkpoint::Checkpoint;
use super::compare::{Difference, Newest};
use super::group::Table as _;
use super::limits::{PROBE_FLOOR, PROBE_PER_MEBIBYTE, PROBE_WORDS_BYTES_MAX};
use super::reader::JournalReader;
use super::segment::{journal_directory, list};
use super::sled_engine::SledEngine;
use super::{Sequence, StoreError, SystemDisk};

/// The exit code of a probe that found nothing wrong.
pub const PROBE_SOUND: u8 = 0;
/// The exit code of a probe that found the database unsound, and says why on stdout.
pub const PROBE_UNSOUND: u8 = 1;
/// The exit code of a probe that could not be made, for reasons that are none of the database's.
pub const PROBE_FAILED: u8 = 3;
/// The exit code of a program in which a thread that matters panicked.
const PANICKED: u8 = 101;

const MEBIBYTE: u64 = 1024 * 1024;

/// A program that calls [`probe_database`] for one data directory and answers with its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The program.
    pub program: PathBuf,
    /// Its arguments, the data directory among them.
    pub arguments: Vec<OsString>,
    /// The least time that it gets.
    pub floor: Duration,
    /// The time that it gets on top of that for every MiB of the journal and the database.
    pub per_mebibyte: Duration,
}

/// What a probe came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probed {
    /// The database is what the journal says.
    Sound,
    /// It is not, or the probe did not survive it.
    Unsound(String),
    /// The probe could not be made.
    Failed(String),
}

impl Probe {
    /// A probe that gets the usual time.
    #[must_use]
    pub fn new(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self { program, arguments, floor: PROBE_FLOOR, per_mebibyte: PROBE_PER_MEBIBYTE }
    }

    /// Runs the probe, and ends it at its limit.
    pub(super) fn run(&self, data: &Path) -> Result<Probed, StoreError> {
        let limit = self.limit(data)?;
        let spawned = Command::new(&self.program)
            .args(&self.arguments)
            // Held open, so that the probe can wait for nothing that comes from here.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => {
                let program = self.program.display();
                return Ok(Probed::Failed(format!("{program} does not start: {error}")));
            }
        };
        let ended = wait_for(&child, limit);
        if !matches!(ended, Ok(true)) {
            // It may have ended by itself meanwhile; either way it is gone and its number is given back below.
            let _gone = child.kill();
        }
        let status = child.wait();
        Ok(match (ended, status) {
            (Ok(true), Ok(status)) => judge(&mut child, status),
            (Ok(false), _) => {
                Probed::Unsound(format!("the probe gave no answer within {} s", limit.as_secs()))
            }
            (Err(error), _) | (_, Err(error)) => Probed::Failed(error.to_string()),
        })
    }

    fn limit(&self, data: &Path) -> Result<Duration, StoreError> {
        let journal: u64 = list(&journal_directory(data))?.iter().map(|one| one.bytes).sum();
        let database = std::fs::metadata(data.join("sled").join("db")).map_or(0, |file| file.len());
        let mebibytes = u32::try_from((journal + database) / MEBIBYTE).unwrap_or(u32::MAX);
        Ok(self.floor.saturating_add(self.per_mebibyte.saturating_mul(mebibytes)))
    }
}

/// Whether the child ends within the limit. It stays there to be waited for, so that its number is nobody else's yet.
fn wait_for(child: &Child, limit: Duration) -> io::Result<bool> {
    let pid = Pid::from_child(child);
    let (sender, ended) = sync_channel(1);
    std::thread::Builder::new().name("probe".to_owned()).spawn(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let waited = waitid(WaitId::Pid(pid), options);
        // Whoever waited may have given up at the limit.
        let _gone = sender.send(waited.map(|_status| true).map_err(io::Error::from));
    })?;
    ended.recv_timeout(limit).unwrap_or(Ok(false))
}

fn judge(child: &mut Child, status: ExitStatus) -> Probed {
    let mut said = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        // Its words are for people; the exit code alone decides.
        let _read = stdout.take(PROBE_WORDS_BYTES_MAX as u64).read_to_end(&mut said);
    }
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    match code {
        Some(PROBE_SOUND) => Probed::Sound,
        Some(PROBE_UNSOUND) => Probed::Unsound(said),
        Some(PANICKED) | None => Probed::Unsound(format!("the probe ended with {status}")),
        Some(_) => Probed::Failed(format!("the probe ended with {status} {said}")),
    }
}

/// Compares the database of a data directory, which nobody has open, with its journal: what the journal says up to the last
/// checkpoint is there, but for keys that later commits wrote, and nothing else. Gives what is wrong in words.
///
/// # Errors
/// [`StoreError::Damaged`] where the journal cannot be read, [`StoreError::Io`] where the system refuses.
pub fn probe_database(data: &Path, cache_bytes: u64) -> Result<Option<String>, StoreError> {
    let checkpoint = Checkpoint::read(data)?.unwrap_or_default();
    let found = compare(data, cache_bytes, checkpoint);
    match found {
        // The journal is read by our own code; only the database below fails in this way.
        Err(StoreError::Engine { action, message }) => {
            Ok(Some(format!("it failed to {action}: {message}")))
        }
        other => other,
    }
}

fn compare(
    data: &Path,
    cache_bytes: u64,
    checkpoint: Checkpoint,
) -> Result<Option<String>, StoreError> {
    let start = checkpoint.sequence;
    let mut newest = Newest::read(JournalReader::open(data, Sequence(1))?, start, &|_| {})?;
    let later = newest.leave_out(JournalReader::open(data, Sequence(start.0 + 1))?)?;
    let last = later.unwrap_or(start);
    let engine = SledEngine::open(Arc::new(SystemDisk), &data.join("sled"), cache_bytes)?;
    let applied = engine.applied()?;
    if applied < start {
        let (applied, start) = (applied.0, start.0);
        return Ok(Some(format!("it ends with commit {applied}, and had commit {start}")));
    }
    // A database that is ahead of the journal shows that the journal has lost its end: opening refuses that, and setting
    // the database aside would hide it.
    let judged = if applied > last { last } else { Sequence(u64::MAX) };
    let scan = |range: &_, limit, direction| engine.scan(range, limit, direction);
    let strangers = newest.compare(&scan, judged, &|_| {})?;
    if strangers.is_empty() && !newest.has_left() {
        return Ok(None);
    }
    let found = newest.explain(strangers, JournalReader::open(data, Sequence(1))?)?;
    // What is said here goes into the log.
    let first = found.first().map_or_else(|| "a row differs".to_owned(), Difference::without_key);
    Ok(Some(match found.len() {
        0 | 1 => first,
        many => format!("{first}, and {} more", many - 1),
    }))
}
