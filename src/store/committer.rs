//! The one thread that writes: it groups what is queued, makes a group durable in the journal, applies it, and answers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::applier::Applier;
use super::checkpoint::Checkpoint;
use super::files::repeat;
use super::frame::{Turn, encode};
use super::group::{Changes, Group};
use super::journal::Journal;
use super::limits::{
    APPLY_IDLE, CHECKPOINT_LATE, FRAME_BYTES_MAX, GATHERING, GROUP_BYTES_MAX, GROUP_REQUESTS_MAX,
    HANDED_OVER_BYTES, HANDED_OVER_ROWS, OpenOptions, PENDING_BYTES_MAX, PENDING_ROWS_MAX,
    RUSHED_REQUESTS,
};
use super::recent::Recent;
use super::remembered::Remembered;
use super::segment::Position;
use super::sled_engine::{OwnRows, SledEngine};
use super::snapshotter::SnapshotDue;
use super::space::{Lack, Space};
use super::visible::{View, Visible};
use super::{Commit, CommitError, Committed, Disk, Phase, Sequence, StoreError};
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
    /// What readers see over the database. Shut only while a group is laid there, so that no reader sees half a commit.
    pub(super) gate: RwLock<Visible>,
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
    applier: Applier,
    /// Whether requests come so fast that some are waited for, to be made durable together.
    is_rushed: bool,
    /// Whether something is visible that the database is not even being given.
    has_pending: bool,
    /// Whether something lies over the database at all.
    lies_over: bool,
    waiting: VecDeque<(Commit, SyncSender<Answer>)>,
    frames: Vec<u8>,
    failed: Option<StoreError>,
}

/// What the committer does next.
enum Next {
    Group,
    Apply,
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
    ) -> Result<Self, StoreError> {
        let applier = Applier::start(&data, Arc::clone(&options.disk), Arc::clone(&shared))?;
        let end = *shared.end.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self {
            data,
            options,
            shared,
            journal,
            end,
            bytes_since_checkpoint: 0,
            remembered: Remembered::default(),
            recent: Recent::default(),
            applier,
            is_rushed: false,
            has_pending: false,
            lies_over: false,
            waiting: VecDeque::new(),
            frames: Vec::new(),
            failed: None,
        })
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
        if let Err(error) = self.shared.keep_families(&self.options) {
            self.fail(error);
        }
        loop {
            match self.next(requests) {
                Next::Group => self.commit_group(),
                Next::Apply => self.hand_over(),
                Next::Checkpoint => self.checkpoint_or_fail(),
                Next::Close => break,
            }
        }
        while !self.waiting.is_empty() {
            self.commit_group();
        }
        self.apply_all();
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.checkpoint(!self.shared.engine.has_failed()),
        }
    }

    fn next(&mut self, requests: &Receiver<Message>) -> Next {
        // The database could not be made durable beside the commits for a long time: now they wait for it.
        let late = self.options.checkpoint_bytes.saturating_mul(CHECKPOINT_LATE);
        if self.bytes_since_checkpoint >= late && self.failed.is_none() {
            return Next::Checkpoint;
        }
        if self.waiting.is_empty() {
            let is_well = self.failed.is_none();
            let lies_over = is_well && self.lies_over;
            let message = if lies_over {
                requests.recv_timeout(APPLY_IDLE)
            } else if is_well && self.bytes_since_checkpoint > 0 {
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
                Err(RecvTimeoutError::Timeout) if lies_over => return Next::Apply,
                Err(RecvTimeoutError::Timeout) => return Next::Checkpoint,
                Err(RecvTimeoutError::Disconnected) => return Next::Close,
            }
        }
        if self.is_rushed {
            gather();
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
        let gate = shared.visible();
        let table = View { engine: &shared.engine, visible: &gate };
        let mut group = Group::new(&table, &recent);
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
        drop(gate);
        self.is_rushed = own.ids.len() >= RUSHED_REQUESTS;
        let outcome = self.write(&own);
        let written_before = Sequence(own.applied.0 - own.ids.len() as u64);
        if outcome.is_ok() && !own.ids.is_empty() {
            recent.borrow_mut().follow(&changes);
            self.show(changes, own);
        }
        if let Some(error) = unreadable {
            self.fail(error);
        }
        self.recent = recent.into_inner();
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

    /// Makes a durable group visible.
    fn show(&mut self, changes: Changes, own: OwnRows) {
        self.options.disk.reached(Phase::AfterSync);
        for (id, sequence) in &own.ids {
            self.remembered.remember(*id, *sequence);
        }
        let mut gate = self.shared.gate.write().unwrap_or_else(PoisonError::into_inner);
        let sequence = own.applied.0;
        gate.show(changes, own);
        self.shared.sequence.store(sequence, Ordering::Release);
        let (rows, bytes) = gate.pending_size();
        drop(gate);
        self.has_pending = true;
        self.lies_over = true;
        self.shared.snapshot_due.grown_to(self.end.bytes);
        if rows >= PENDING_ROWS_MAX || bytes >= PENDING_BYTES_MAX {
            self.apply_all();
        } else if rows >= HANDED_OVER_ROWS || bytes >= HANDED_OVER_BYTES || self.needs_checkpoint()
        {
            self.hand_over();
        }
    }

    /// Has the database be given what waits, unless it is being given something already. One that fails in the middle is
    /// not asked to write again: readers go on to see everything over it, and the next opening applies it from the journal.
    fn hand_over(&mut self) {
        match self.applier.look() {
            Ok(true) => {}
            Ok(false) if self.failed.is_some() => {}
            Ok(false) => {
                // Nobody but the committer shuts the gate: it reads behind it itself while it decides.
                let mut gate = self.shared.gate.write().unwrap_or_else(PoisonError::into_inner);
                gate.has_left();
                if self.has_pending {
                    let batch = gate.leave();
                    drop(gate);
                    let checkpoint = self.needs_checkpoint().then(|| self.checkpoint_now(false));
                    if checkpoint.is_some() {
                        self.bytes_since_checkpoint = 0;
                    }
                    self.applier.begin(batch, checkpoint);
                }
                self.lies_over = self.has_pending;
                self.has_pending = false;
            }
            Err(error) => self.fail(error),
        }
    }

    fn needs_checkpoint(&self) -> bool {
        self.bytes_since_checkpoint >= self.options.checkpoint_bytes
    }

    /// The checkpoint that stands for everything until now.
    fn checkpoint_now(&self, is_clean: bool) -> Checkpoint {
        Checkpoint { sequence: self.end.sequence, position: self.end.position, is_clean }
    }

    /// Waits until the database has been given everything.
    fn apply_all(&mut self) {
        loop {
            if let Err(error) = self.applier.wait() {
                self.fail(error);
            }
            if !self.has_pending || self.failed.is_some() {
                return;
            }
            self.hand_over();
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
        self.apply_all();
        if let Some(error) = &self.failed {
            return Err(repeat(error));
        }
        let checkpoint = self.checkpoint_now(is_clean);
        self.shared.make_durable(checkpoint, &*self.options.disk, &self.data)?;
        self.bytes_since_checkpoint = 0;
        Ok(())
    }
}

/// Lets requests come together.
#[expect(
    clippy::disallowed_methods,
    reason = "a wait at the channel would wake for each request of a group"
)]
fn gather() {
    std::thread::sleep(GATHERING);
}

impl Shared {
    /// Makes everything durable that the database was given, and writes that down.
    pub(super) fn make_durable(
        &self,
        checkpoint: Checkpoint,
        disk: &dyn Disk,
        data: &Path,
    ) -> Result<(), StoreError> {
        self.engine.make_durable()?;
        disk.reached(Phase::Checkpoint);
        checkpoint.write(disk, data)
    }
}
