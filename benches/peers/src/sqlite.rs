//! SQLite behind a committer of the same kind as casedesk's: one thread, groups of up to 256 requests, one transaction.
//!
//! Write-ahead log, `synchronous=FULL` (one sync of the log a transaction), prepared statements, a table `WITHOUT ROWID`,
//! so that a row lies in the key's own tree, and a log that is checkpointed at 32 MiB, as casedesk's journal is. The
//! committer keeps the values at hand that stamps read, as casedesk's does. It does less than casedesk's in one thing: it
//! writes no commit ids.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use casedesk::store::{
    Commit, CommitError, Committed, Direction, KeyRange, Latest, Page, Read, Sequence, Store,
    StoreError, Versioned, Write,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use super::fault::{broken, fatal};

const GROUP_REQUESTS_MAX: usize = 256;
const QUEUE_REQUESTS_MAX: usize = 1024;
const RECENT_VALUES_MAX: usize = 8 * 1024;
const PAGE_BYTES: u64 = 4096;
const LOG_BYTES: u64 = 32 * 1024 * 1024;

const GET: &str = "SELECT version, value FROM rows WHERE key = ?1";
const VERSION: &str = "SELECT version FROM rows WHERE key = ?1";
const PUT: &str = "INSERT INTO rows (key, version, value) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value";
const DELETE: &str = "DELETE FROM rows WHERE key = ?1";

type Answer = Result<Committed, CommitError>;
type Request = (Commit, SyncSender<Answer>);

/// A table of keys with versions and values.
pub(crate) struct SqliteStore {
    requests: Option<SyncSender<Request>>,
    committer: Option<JoinHandle<()>>,
    reader: Mutex<Connection>,
    sequence: Arc<AtomicU64>,
}

impl SqliteStore {
    /// Makes the database in an empty directory.
    pub(crate) fn open(data: &Path, cache_bytes: u64) -> rusqlite::Result<Self> {
        let path = data.join("sqlite.db");
        let writer = connect(&path, cache_bytes)?;
        writer.execute(
            "CREATE TABLE rows (key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID",
            [],
        )?;
        let reader = Mutex::new(connect(&path, cache_bytes)?);
        let sequence = Arc::new(AtomicU64::new(0));
        let (requests, queue) = sync_channel(QUEUE_REQUESTS_MAX);
        let visible = Arc::clone(&sequence);
        let committer = std::thread::spawn(move || {
            let committer = Committer { writer, recent: RefCell::default(), sequence: visible };
            committer.run(&queue);
        });
        Ok(Self { requests: Some(requests), committer: Some(committer), reader, sequence })
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(committer) = self.committer.take() {
            let _outcome = committer.join();
        }
    }
}

fn connect(path: &Path, cache_bytes: u64) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -(cache_bytes.cast_signed() / 1024))?;
    connection.pragma_update(None, "wal_autocheckpoint", (LOG_BYTES / PAGE_BYTES).cast_signed())?;
    Ok(connection)
}

struct Committer {
    writer: Connection,
    /// Values that stamps have read, as the table has them.
    recent: RefCell<HashMap<Vec<u8>, Option<Vec<u8>>>>,
    sequence: Arc<AtomicU64>,
}

impl Committer {
    fn run(self, queue: &Receiver<Request>) {
        while let Ok(first) = queue.recv() {
            let mut group = vec![first];
            while group.len() < GROUP_REQUESTS_MAX
                && let Ok(request) = queue.try_recv()
            {
                group.push(request);
            }
            self.commit_group(group);
        }
    }

    fn commit_group(&self, group: Vec<Request>) {
        let mut newest = Sequence(self.sequence.load(Ordering::Acquire));
        let mut answers = Vec::with_capacity(group.len());
        let mut outcome = self.perform("BEGIN IMMEDIATE");
        for (commit, answer) in group {
            let result = match &outcome {
                Ok(()) => self.accept(commit, Sequence(newest.0 + 1)),
                Err(_) => Err(CommitError::Unknown),
            };
            if let Ok(Committed::New(sequence)) = result {
                newest = sequence;
            }
            answers.push((answer, result));
        }
        if outcome.is_ok() {
            outcome = self.perform("COMMIT");
        }
        if outcome.is_ok() {
            self.sequence.store(newest.0, Ordering::Release);
        }
        for (answer, result) in answers {
            let result = match (&outcome, result) {
                (Err(_), Ok(_)) => Err(CommitError::Unknown),
                (_, result) => result,
            };
            let _gone = answer.send(result);
        }
    }

    /// Checks the reads, stamps and writes. A refusal comes before anything is written, so that nothing has to be undone
    /// within the group.
    fn accept(&self, commit: Commit, sequence: Sequence) -> Answer {
        for read in &commit.reads {
            if !holds(&self.writer, read).map_err(CommitError::Fatal)? {
                return Err(CommitError::Conflict);
            }
        }
        let writes =
            (commit.stamp)(&Now { committer: self, sequence }).map_err(CommitError::Refused)?;
        let version = sequence.0.cast_signed();
        let mut recent = self.recent.borrow_mut();
        for write in writes {
            match write {
                Write::Put(key, value) => {
                    let mut put = self.statement(PUT)?;
                    put.execute(params![key, version, value])
                        .map_err(|error| fatal("write", error))?;
                    if let Some(known) = recent.get_mut(&key) {
                        *known = Some(value);
                    }
                }
                Write::Delete(key) => {
                    let mut delete = self.statement(DELETE)?;
                    delete.execute(params![key]).map_err(|error| fatal("write", error))?;
                    if let Some(known) = recent.get_mut(&key) {
                        *known = None;
                    }
                }
            }
        }
        Ok(Committed::New(sequence))
    }

    fn statement(&self, text: &str) -> Result<CachedStatement<'_>, CommitError> {
        self.writer.prepare_cached(text).map_err(|error| fatal("write", error))
    }

    fn perform(&self, text: &str) -> Result<(), CommitError> {
        self.statement(text)?.execute([]).map(drop).map_err(|error| fatal("commit", error))
    }
}

/// What a stamp sees.
struct Now<'a> {
    committer: &'a Committer,
    sequence: Sequence,
}

impl Latest for Now<'_> {
    fn latest(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut recent = self.committer.recent.borrow_mut();
        if let Some(known) = recent.get(key) {
            return Ok(known.clone());
        }
        let found = get(&self.committer.writer, key)?.map(|found| found.value);
        if recent.len() >= RECENT_VALUES_MAX {
            recent.clear();
        }
        recent.insert(key.to_vec(), found.clone());
        Ok(found)
    }

    fn latest_scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        scan(&self.committer.writer, range, limit, direction)
    }

    fn sequence(&self) -> Sequence {
        self.sequence
    }
}

impl Store for SqliteStore {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        get(&self.reader.lock().unwrap_or_else(PoisonError::into_inner), key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        scan(&reader, range, limit, direction)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let closed = || CommitError::Fatal(StoreError::Closed);
        let (answer, outcome) = sync_channel(1);
        let requests = self.requests.as_ref().ok_or_else(closed)?;
        requests.send((commit, answer)).map_err(|_ended| closed())?;
        outcome.recv().unwrap_or(Err(CommitError::Unknown))
    }

    fn sequence(&self) -> Sequence {
        Sequence(self.sequence.load(Ordering::Acquire))
    }
}

fn holds(connection: &Connection, read: &Read) -> Result<bool, StoreError> {
    match read {
        Read::Key { key, version } => {
            let seen = connection
                .prepare_cached(VERSION)
                .and_then(|mut found| found.query_row([key], |row| row.get::<_, i64>(0)).optional())
                .map_err(|error| broken("read", error))?;
            Ok(seen.unwrap_or(0) == version.0.cast_signed())
        }
        Read::Range { range, limit, direction, fingerprint } => {
            Ok(scan(connection, range, *limit, *direction)?.fingerprint() == *fingerprint)
        }
    }
}

fn get(connection: &Connection, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
    let found = connection.prepare_cached(GET).and_then(|mut found| {
        found.query_row([key], |row| Ok(versioned(row.get(0)?, row.get(1)?))).optional()
    });
    found.map_err(|error| broken("read", error))
}

fn scan(
    connection: &Connection,
    range: &KeyRange,
    limit: usize,
    direction: Direction,
) -> Result<Page, StoreError> {
    let order = match direction {
        Direction::Forward => "ASC",
        Direction::Backward => "DESC",
    };
    let text = format!(
        "SELECT key, version, value FROM rows WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) \
         ORDER BY key {order} LIMIT ?3"
    );
    let found = connection.prepare_cached(&text).and_then(|mut found| {
        let wanted = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
        let rows = found.query_map(params![range.from, range.to, wanted], |row| {
            Ok((row.get(0)?, versioned(row.get(1)?, row.get(2)?)))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    let mut rows = found.map_err(|error| broken("read", error))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Page { rows, has_more })
}

fn versioned(version: i64, value: Vec<u8>) -> Versioned {
    Versioned { value, version: Sequence(version.cast_unsigned()) }
}
