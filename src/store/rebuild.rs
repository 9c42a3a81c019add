//! Opens the database, sets it aside where it cannot be relied on, and makes it anew from the newest sound snapshot and
//! the journal.
//!
//! A database is made under the name `sled.building` and gets its own name when it is durable and whole, so that a kill
//! at any point leaves either no database, which the next opening makes, or a whole one. What is set aside is renamed to
//! `sled.aside-N`, and never touched again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checkpoint::Checkpoint;
use super::files::{failed_to, sync_directory};
use super::group::Changes;
use super::limits::{ASIDES_MAX, OpenOptions};
use super::probe::{Probed, probe_database};
use super::recovery::{OpenProgress, Recovered, Start, recover, replay};
use super::segment::{HEADER_BYTES, Position, journal_directory, list};
use super::sled_engine::{OwnRows, SledEngine};
use super::snapshot::{newest_sound, reaches};
use super::snapshot_reader::{Block, SnapshotReader};
use super::{Disk, Sequence, StoreError};

type Opened = (SledEngine, Recovered);
type Progress<'a> = &'a dyn Fn(OpenProgress);

/// Opens the database of a data directory, and brings it up to the journal.
pub(super) fn open_database(
    data: &Path,
    options: &OpenOptions,
    progress: Progress<'_>,
) -> Result<Opened, StoreError> {
    let mut checkpoint = Checkpoint::read(data)?.unwrap_or_default();
    let directory = data.join("sled");
    if directory.exists() {
        match open_as_it_is(data, options, checkpoint, progress)? {
            Ok(opened) => return Ok(opened),
            Err(why) => {
                let to = set_aside(&*options.disk, data)?;
                progress(OpenProgress::SetAside { to, why });
            }
        }
    }
    if checkpoint.sequence > Sequence(0) || !list(&journal_directory(data))?.is_empty() {
        checkpoint = rebuild(data, options, checkpoint, progress)?;
    }
    let engine = SledEngine::open(Arc::clone(&options.disk), &directory, options.cache_bytes)?;
    let recovered = recover(data, &engine, checkpoint, progress)?;
    Ok((engine, recovered))
}

/// Opens the database that is there, or says why it cannot be relied on.
fn open_as_it_is(
    data: &Path,
    options: &OpenOptions,
    checkpoint: Checkpoint,
    progress: Progress<'_>,
) -> Result<Result<Opened, String>, StoreError> {
    let directory = data.join("sled");
    if checkpoint.sequence > Sequence(0) {
        if checkpoint.position == Position::default() {
            return Ok(Err("it was being made anew, and that was not finished".to_owned()));
        }
        if !directory.join("db").exists() {
            return Ok(Err("its file `db` is missing".to_owned()));
        }
    }
    if !checkpoint.is_clean
        && let Some(why) = probe(data, options, progress)?
    {
        return Ok(Err(why));
    }
    let opened = SledEngine::open(Arc::clone(&options.disk), &directory, options.cache_bytes)
        .and_then(|engine| {
            let (applied, durable) = (engine.applied()?, checkpoint.sequence);
            if applied < durable {
                let (applied, durable) = (applied.0, durable.0);
                return Ok(Err(format!("it ends with commit {applied}, and had commit {durable}")));
            }
            let recovered = recover(data, &engine, checkpoint, progress)?;
            Ok(Ok((engine, recovered)))
        });
    match opened {
        Err(StoreError::Engine { action, message }) => {
            Ok(Err(format!("it failed to {action}: {message}")))
        }
        other => other,
    }
}

/// What is wrong with the database, where something is: a child process finds out, and this one where no child can.
fn probe(
    data: &Path,
    options: &OpenOptions,
    progress: Progress<'_>,
) -> Result<Option<String>, StoreError> {
    progress(OpenProgress::Probing);
    if let Some(probe) = &options.probe {
        match probe.run(data)? {
            Probed::Sound => return Ok(None),
            Probed::Unsound(why) => return Ok(Some(why)),
            Probed::Failed(why) => progress(OpenProgress::Noted(format!(
                "The database could not be probed by another process ({why}); this one does it."
            ))),
        }
    }
    probe_database(data, options.cache_bytes)
}

/// Gives the database another name, one that nothing has; says which.
fn set_aside(disk: &dyn Disk, data: &Path) -> Result<PathBuf, StoreError> {
    let from = data.join("sled");
    let free = (1..=ASIDES_MAX)
        .map(|number| data.join(format!("sled.aside-{number}")))
        .find(|path| path.symlink_metadata().is_err());
    let to = free.ok_or_else(|| {
        let what = "too many databases lie set aside".to_owned();
        failed_to("set aside", &from)(io::Error::new(io::ErrorKind::AlreadyExists, what))
    })?;
    disk.rename(&from, &to).map_err(failed_to("set aside", &from))?;
    sync_directory(disk, data)?;
    Ok(to)
}

/// Makes the database anew; gives the checkpoint that holds for it.
fn rebuild(
    data: &Path,
    options: &OpenOptions,
    checkpoint: Checkpoint,
    progress: Progress<'_>,
) -> Result<Checkpoint, StoreError> {
    let disk = &options.disk;
    let building = data.join("sled.building");
    match std::fs::remove_dir_all(&building) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(failed_to("remove", &building)(error));
        }
        _ => {}
    }
    let snapshot = newest_sound(data, progress)?;
    let engine = SledEngine::open(Arc::clone(disk), &building, options.cache_bytes)?;
    let recovered = fill(data, &engine, checkpoint, snapshot, progress)?;
    engine.make_durable()?;
    drop(engine);
    sync_directory(&**disk, &building)?;
    let directory = data.join("sled");
    disk.rename(&building, &directory).map_err(failed_to("rename", &building))?;
    sync_directory(&**disk, data)?;
    let position = recovered.end.unwrap_or_default();
    let made = Checkpoint { sequence: recovered.sequence, position, is_clean: false };
    made.write(&**disk, data)?;
    progress(OpenProgress::Rebuilt(made.sequence));
    Ok(made)
}

/// Loads the snapshot, if there is one, and replays the journal behind it.
fn fill(
    data: &Path,
    engine: &SledEngine,
    checkpoint: Checkpoint,
    snapshot: Option<SnapshotReader>,
    progress: Progress<'_>,
) -> Result<Recovered, StoreError> {
    let segments = list(&journal_directory(data))?;
    let mut start = Start {
        last: Sequence(0),
        position: Position::default(),
        applied: Sequence(0),
        known: checkpoint.sequence,
    };
    let snapshot_bytes = snapshot.as_ref().map_or(0, SnapshotReader::bytes);
    if let Some(snapshot) = &snapshot {
        start.applied = snapshot.from();
        let holds_next = |first: Sequence| first.0 <= snapshot.from().0 + 1;
        if let Some(segment) = segments.iter().rev().find(|segment| holds_next(segment.first)) {
            start.last = Sequence(segment.first.0.saturating_sub(1));
            start.position = Position { segment: segment.first, byte: HEADER_BYTES };
        }
    }
    let journal_bytes: u64 = segments
        .iter()
        .filter(|segment| segment.first >= start.position.segment)
        .map(|segment| segment.bytes)
        .sum();
    let total_bytes = snapshot_bytes + journal_bytes;
    let told = |done_bytes| progress(OpenProgress::Rebuilding { done_bytes, total_bytes });
    told(0);
    if let Some(snapshot) = snapshot {
        let path = snapshot.path().to_owned();
        let to = load(engine, snapshot, &told)?;
        let reached = replay(data, engine, checkpoint, start, &|done, _total| {
            told(snapshot_bytes + done);
        })?;
        reaches(&path, to, reached.sequence)?;
        return Ok(reached);
    }
    replay(data, engine, checkpoint, start, &|done, _total| told(done))
}

/// Loads the rows of a snapshot, a block a batch; gives the last commit that it may have something of.
fn load(
    engine: &SledEngine,
    mut snapshot: SnapshotReader,
    told: &dyn Fn(u64),
) -> Result<Sequence, StoreError> {
    let from = snapshot.from();
    let mut to = from;
    while let Some(block) = snapshot.next_block()? {
        let mut own = OwnRows::default();
        let mut changes = Changes::new();
        match block {
            Block::Rows(rows) => {
                changes = rows.into_iter().map(|(key, row)| (key, Some(row))).collect();
            }
            Block::Ids(ids) => own.ids = ids,
            Block::End(end) => to = end,
        }
        // Nothing relies on the sequence before the last block has set it for good.
        own.applied = from;
        engine.apply(&changes, &own)?;
        told(snapshot.done_bytes());
    }
    Ok(to)
}
