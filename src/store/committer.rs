//! The one thread that writes: it groups what is queued, makes a group durable in the journal, applies it, and answers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::checkpoint::Checkpoint;
use super::files::repeat;
use super::frame::{Turn, encode};
use super::group::{Changes, Group};
use super::journal::Journal;
use super::limits::{FRAME_BYTES_MAX, GROUP_BYTES_MAX, GROUP_REQUESTS_MAX, OpenOptions};
use super::recent::Recent;
use super::remembered::Remembered;
use super::segment::Position;
use super::sled_engine::{OwnRows, SledEngine};
use super::snapshotter::SnapshotDue;
use super::space::{Lack, Space};
use super::{Commit, CommitError, Committed, Phase, Sequence, StoreError};
use crate::text::with_sources;

/// What a request comes to.
pub(super) type Answer = Result<Committed, CommitError>;

/// What is asked of the committer.
pub(super) enum Message {
    /// A commit, and where its answer goes.
    Commit(Commit, SyncSender<Answer>),
    /// Make a checkpoint now; the answer says whether it is durable.
    Checkpoint(SyncSender<Result<(), StoreError>>),
    /// Write what is queued, make a last checkpoint, and end.
    Close,
}

/// What the committer shares with readers.
pub(super) struct Shared {
    pub(super) engine: SledEngine,
    /// What readers see over the database, which is nothing unless the database failed in the middle of a group. Shut only
    /// while a group is applied, so that no reader sees half a commit.
    pub(super) gate: RwLock<Changes>,
    /// The newest visible commit.
    pub(super) sequence: AtomicU64,
    /// The acknowledged end of the journal.
    pub(super) end: Mutex<JournalEnd>,
    /// Why nothing is accepted any more, once that is so.
    pub(super) read_only: OnceLock<String>,
    pub(super) space: Space,
    /// Told how long the journal is, so that snapshots are made in time.
    pub(super) snapshot_due: SnapshotDue,
}

/// The acknowledged end of the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct JournalEnd {
    pub(super) position: Position,
    pub(super) sequence: Sequence,
    pub(super) bytes: u64,
    pub(super) segments: u64,
}

/// The committer's own state.
pub(super) struct Committer {
    data: PathBuf,
    options: OpenOptions,
    shared: Arc<Shared>,
    journal: Journal,
    end: JournalEnd,
    bytes_since_checkpoint: u64,
    remembered: Remembered,
    recent: Recent,
    waiting: VecDeque<(Commit, SyncSender<Answer>)>,
    frames: Vec<u8>,
    failed: Option<StoreError>,
}

/// What the committer does next.
enum Next {
    Group,
    Checkpoint,
    Close,
}

/// Why a group is not known to be written.
#[derive(Clone, Copy)]
enum Unwritten {
    /// Nothing of it was written.
    NoSpace(Lack),
    /// It may be in the journal or not: the next opening decides, and a retry with the same id learns it.
    Unknown,
}

impl From<Unwritten> for CommitError {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::NoSpace(Lack { free_bytes, needed_bytes }) => {
                Self::NoSpace { free_bytes, needed_bytes }
            }
            Unwritten::Unknown => Self::Unknown,
        }
    }
}

impl Committer {
    pub(super) fn new(
        data: PathBuf,
        options: OpenOptions,
        shared: Arc<Shared>,
        journal: Journal,
    ) -> Self {
        let end = *shared.end.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            data,
            options,
            shared,
            journal,
            end,
            bytes_since_checkpoint: 0,
            remembered: Remembered::default(),
            recent: Recent::default(),
            waiting: VecDeque::new(),
            frames: Vec::new(),
            failed: None,
        }
    }

    /// Serves requests until the store is closed.
    pub(super) fn run(mut self, requests: &Receiver<Message>) -> Result<(), StoreError> {
        // Remembered ids are read here and not while the store opens, so that the first screen need not wait for them.
        let engine = &self.shared.engine;
        match engine.take_over_slots().and_then(|()| engine.remembered()) {
            Ok(mut ids) => {
                ids.sort_unstable_by_key(|(_, sequence)| *sequence);
                for (id, sequence) in ids {
                    self.remembered.remember(id, sequence);
                }
            }
            Err(error) => self.fail(error),
        }
        loop {
            match self.next(requests) {
                Next::Group => self.commit_group(),
                Next::Checkpoint => self.checkpoint_or_fail(),
                Next::Close => break,
            }
        }
        while !self.waiting.is_empty() {
            self.commit_group();
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.checkpoint(!self.shared.engine.has_failed()),
        }
    }

    fn next(&mut self, requests: &Receiver<Message>) -> Next {
        if self.bytes_since_checkpoint >= self.options.checkpoint_bytes && self.failed.is_none() {
            return Next::Checkpoint;
        }
        if self.waiting.is_empty() {
            let is_due_when_idle = self.bytes_since_checkpoint > 0 && self.failed.is_none();
            let message = if is_due_when_idle {
                requests.recv_timeout(self.options.checkpoint_idle)
            } else {
                requests.recv().map_err(RecvTimeoutError::from)
            };
            match message {
                Ok(message) => {
                    if let Some(next) = self.take(message) {
                        return next;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Next::Checkpoint,
                Err(RecvTimeoutError::Disconnected) => return Next::Close,
            }
        }
        while self.waiting.len() < GROUP_REQUESTS_MAX {
            match requests.try_recv() {
                Ok(message) => {
                    if let Some(next) = self.take(message) {
                        return next;
                    }
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        Next::Group
    }

    fn take(&mut self, message: Message) -> Option<Next> {
        match message {
            Message::Commit(commit, answer) => {
                self.waiting.push_back((commit, answer));
                None
            }
            Message::Checkpoint(answer) => {
                while !self.waiting.is_empty() {
                    self.commit_group();
                }
                self.checkpoint_or_fail();
                let outcome = self.failed.as_ref().map_or(Ok(()), |error| Err(repeat(error)));
                // Who asked may have gone; the checkpoint is made all the same.
                let _gone = answer.send(outcome);
                None
            }
            Message::Close => Some(Next::Close),
        }
    }

    fn commit_group(&mut self) {
        if let Some(error) = &self.failed {
            for (commit, answer) in self.waiting.drain(..) {
                let known = self.remembered.find(commit.id).map(Committed::Repeated);
                let _gone = answer.send(known.ok_or_else(|| CommitError::Fatal(repeat(error))));
            }
            return;
        }
        let shared = Arc::clone(&self.shared);
        let recent = RefCell::new(std::mem::take(&mut self.recent));
        let mut group = Group::new(&shared.engine, &recent);
        let mut own = OwnRows { applied: self.end.sequence, ids: Vec::new() };
        let mut answers = Vec::new();
        let mut unreadable = None;
        self.frames.clear();
        while answers.len() < GROUP_REQUESTS_MAX
            && self.frames.len() + FRAME_BYTES_MAX <= GROUP_BYTES_MAX
            && let Some((commit, answer)) = self.waiting.pop_front()
        {
            let result = self.accept(commit, &mut group, &mut own);
            if let Err(CommitError::Fatal(error)) = &result {
                unreadable = unreadable.or_else(|| Some(repeat(error)));
            }
            answers.push((answer, result));
        }
        let changes = group.into_changes();
        let outcome = self.write(&own);
        if outcome.is_ok() {
            recent.borrow_mut().follow(&changes);
            self.apply(changes, &own);
        }
        if let Some(error) = unreadable {
            self.fail(error);
        }
        self.recent = recent.into_inner();
        let written_before = Sequence(own.applied.0 - own.ids.len() as u64);
        for (answer, result) in answers {
            let result = match (result, outcome) {
                (Ok(Committed::New(sequence) | Committed::Repeated(sequence)), Err(unwritten))
                    if sequence > written_before =>
                {
                    Err(unwritten.into())
                }
                // It was decided over what is not written now.
                (
                    Err(CommitError::Conflict | CommitError::Refused(_)),
                    Err(unwritten @ Unwritten::NoSpace(_)),
                ) => Err(unwritten.into()),
                (other, _) => other,
            };
            let _gone = answer.send(result);
        }
    }

    /// Decides about one request, and appends its frame to the group's.
    fn accept(&mut self, commit: Commit, group: &mut Group<'_>, own: &mut OwnRows) -> Answer {
        let in_group = || own.ids.iter().find(|(id, _)| *id == commit.id).map(|(_, at)| *at);
        if let Some(sequence) = self.remembered.find(commit.id).or_else(in_group) {
            return Ok(Committed::Repeated(sequence));
        }
        let sequence = Sequence(own.applied.0 + 1);
        let writes = group.prepare(&commit.reads, commit.stamp, sequence)?;
        // A group has at most 256 requests, so the place always fits.
        let place_in_group = u16::try_from(own.ids.len()).unwrap_or(u16::MAX);
        let turn = Turn { sequence, place_in_group };
        encode(turn, commit.id, &writes, &mut self.frames)
            .map_err(|bytes| CommitError::TooLarge { bytes, max: FRAME_BYTES_MAX })?;
        group.accept(writes, sequence);
        own.applied = sequence;
        own.ids.push((commit.id, sequence));
        Ok(Committed::New(sequence))
    }

    /// Makes a group durable in the journal.
    fn write(&mut self, own: &OwnRows) -> Result<(), Unwritten> {
        let Some((_, first)) = own.ids.first() else { return Ok(()) };
        if let Some(lack) = self.shared.space.lack(self.frames.len() as u64) {
            return Err(Unwritten::NoSpace(lack));
        }
        let appended = self.journal.append(*first, &self.frames).map_err(|error| {
            self.fail(error);
            Unwritten::Unknown
        })?;
        self.end.position = appended.position;
        self.end.sequence = own.applied;
        self.end.bytes += appended.bytes;
        self.end.segments += u64::from(appended.is_new_segment);
        self.bytes_since_checkpoint += appended.bytes;
        *self.shared.end.lock().unwrap_or_else(PoisonError::into_inner) = self.end;
        Ok(())
    }

    /// Makes a durable group visible. A database that fails in the middle of it is not asked to write again: readers see
    /// the group whole over it, and the next opening applies it from the journal.
    fn apply(&mut self, changes: Changes, own: &OwnRows) {
        if own.ids.is_empty() {
            return;
        }
        self.options.disk.reached(Phase::AfterSync);
        let mut gate = self.shared.gate.write().unwrap_or_else(PoisonError::into_inner);
        let outcome = self.shared.engine.apply(&changes, own);
        if outcome.is_err() {
            *gate = changes;
        }
        self.shared.sequence.store(own.applied.0, Ordering::Release);
        drop(gate);
        self.shared.snapshot_due.grown_to(self.end.bytes);
        for (id, sequence) in &own.ids {
            self.remembered.remember(*id, *sequence);
        }
        if let Err(error) = outcome {
            self.fail(error);
        }
    }

    /// From now on nothing is accepted; the first error is the one that is told.
    fn fail(&mut self, error: StoreError) {
        if self.failed.is_none() {
            let _first = self.shared.read_only.set(with_sources(&error));
            self.failed = Some(error);
        }
    }

    fn checkpoint_or_fail(&mut self) {
        if self.failed.is_some() {
            return;
        }
        match self.checkpoint(false) {
            // Where the disk was full when the store was opened, there may be room for it again, which needs no words.
            Ok(()) => drop(self.shared.space.take_ballast()),
            Err(error) => self.fail(error),
        }
    }

    fn checkpoint(&mut self, is_clean: bool) -> Result<(), StoreError> {
        self.shared.engine.make_durable()?;
        self.options.disk.reached(Phase::Checkpoint);
        let checkpoint =
            Checkpoint { sequence: self.end.sequence, position: self.end.position, is_clean };
        checkpoint.write(&*self.options.disk, &self.data)?;
        self.bytes_since_checkpoint = 0;
        Ok(())
    }
}
