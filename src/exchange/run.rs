//! Carries the rows of a file to the desk, a few commands at a time, and counts what becomes of each.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::ExchangeError;
use super::rejects::Rejects;
use super::report::{Progress, Report};
use super::table::{Fault, Row, Table};
use crate::desk::{Command, Desk, DeskError, IMPORT_ROWS_MAX, Receipt, Request, RowResult};
use crate::domain::time::Day;

/// Rows of one command: enough that a commit's `fdatasync` is shared by many, few enough that a frame holds them.
pub const ROWS_PER_COMMAND_MAX: usize = 200;

const _: () =
    assert!(ROWS_PER_COMMAND_MAX <= IMPORT_ROWS_MAX, "the desk takes no more rows at once");

/// Bytes of text in one command, so that 200 long rows still fit into a frame of the link.
const BYTES_PER_COMMAND_MAX: usize = 96 * 1024;

/// Commands that are on their way at once. Keys are unique within a file, so that their order does not matter.
const COMMANDS_IN_FLIGHT: usize = 2;

/// Doubtful rows that are written down; a file with more is wrong as a whole, and all of them are counted.
const DOUBTS_KEPT_MAX: u64 = 1_000;

/// Rows after which progress is told.
const ROWS_PER_PROGRESS: u64 = 1_000;

/// Gives each command its idempotency key.
pub type Ids<'a> = &'a (dyn Fn() -> u128 + Sync);

/// What an import needs beside the file.
pub struct Job<'a> {
    /// The door.
    pub desk: &'a dyn Desk,
    /// Keys for commands.
    pub ids: Ids<'a>,
    /// The directory for rejected rows; it is made with the first one.
    pub rejects: &'a Path,
    /// The day that names the file of rejected rows.
    pub today: Day,
    /// Set from outside to stop after the commands that are on their way.
    pub stop: &'a AtomicBool,
    /// Told now and then how far it has come.
    pub progress: &'a dyn Fn(Progress),
}

/// A row that can be imported.
pub(super) struct Taken<T> {
    /// The source's key: the second row with it is not imported.
    pub(super) key: String,
    /// The record.
    pub(super) record: T,
    /// Bytes of its texts, roughly.
    pub(super) bytes: usize,
    /// What is doubtful about it, although it is taken.
    pub(super) doubts: Vec<Fault>,
}

/// Makes records of rows.
pub(super) trait RowReader {
    /// What a row becomes.
    type Record;

    /// Reads a row.
    ///
    /// # Errors
    /// The row cannot be taken, for this reason.
    fn read(&mut self, row: &Row) -> Result<Taken<Self::Record>, Fault>;

    /// Commands that the rows read so far need done before they go.
    fn before(&mut self) -> Vec<Command>;

    /// The command that imports records.
    fn command(&self, records: Vec<Self::Record>) -> Command;
}

struct Sent {
    rows: Vec<Row>,
    command: Command,
}

struct Done {
    rows: Vec<Row>,
    outcome: Result<Receipt, DeskError>,
}

/// Imports all rows of a table.
pub(super) fn run<R: RowReader>(
    job: &Job<'_>,
    table: &mut Table,
    source: &str,
    reader: R,
) -> Result<Report, ExchangeError> {
    let (sender, queue) = sync_channel::<Sent>(1);
    let queue = Mutex::new(queue);
    let (done_sender, done) = channel::<Done>();
    let tally = Tally {
        report: Report::default(),
        rejects: Rejects::new(job.rejects, source, job.today),
        doubts: Rejects::new(job.rejects, &format!("{source}-doubts"), job.today),
        done,
    };
    thread::scope(|scope| {
        for _ in 0..COMMANDS_IN_FLIGHT {
            let (desk, ids, queue, done) = (job.desk, job.ids, &queue, done_sender.clone());
            scope.spawn(move || carry(desk, ids, queue, &done));
        }
        drop(done_sender);
        let mut import =
            Import { job, reader, tally, keys: HashSet::new(), hasher: RandomState::new() };
        let send = |sent: Sent| sender.send(sent).is_ok();
        let read = import.read_all(table, &send);
        // Nothing more is sent: the workers end, and with them the list of what is done.
        drop(sender);
        let mut tally = import.tally;
        while let Ok(done) = tally.done.recv() {
            tally.count(done)?;
        }
        tally.report.last_line = table.last_line();
        (job.progress)(table.progress());
        tally.rejects.finish()?;
        tally.doubts.finish()?;
        read.map(|()| tally.report)
    })
}

fn carry(desk: &dyn Desk, ids: Ids<'_>, queue: &Mutex<Receiver<Sent>>, done: &Sender<Done>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Sent { rows, command }) = next else { return };
        let outcome = desk.execute(Request { id: ids(), command });
        if done.send(Done { rows, outcome }).is_err() {
            return;
        }
    }
}

struct Import<'a, R> {
    job: &'a Job<'a>,
    reader: R,
    tally: Tally,
    /// Digests of the keys read so far, with a secret of this run, so that no file can make two keys collide.
    keys: HashSet<u64>,
    hasher: RandomState,
}

impl<R: RowReader> Import<'_, R> {
    fn read_all(
        &mut self,
        table: &mut Table,
        send: &dyn Fn(Sent) -> bool,
    ) -> Result<(), ExchangeError> {
        let mut rows = Vec::new();
        let mut records = Vec::new();
        let mut bytes = 0;
        loop {
            if self.job.stop.load(Ordering::Relaxed) {
                self.tally.report.is_stopped = true;
                break;
            }
            let Some((row, fault)) = table.next()? else { break };
            let progress = table.progress();
            if progress.rows.is_multiple_of(ROWS_PER_PROGRESS) {
                (self.job.progress)(progress);
            }
            if let Some(taken) = self.take(&row, fault)? {
                bytes += taken.bytes;
                rows.push(row);
                records.push(taken.record);
            }
            if rows.len() >= ROWS_PER_COMMAND_MAX || bytes >= BYTES_PER_COMMAND_MAX {
                bytes = 0;
                self.send(std::mem::take(&mut rows), std::mem::take(&mut records), send)?;
            }
        }
        if rows.is_empty() { Ok(()) } else { self.send(rows, records, send) }
    }

    /// The row as a record, unless it is rejected or repeated.
    fn take(
        &mut self,
        row: &Row,
        fault: Option<Fault>,
    ) -> Result<Option<Taken<R::Record>>, ExchangeError> {
        let read = match fault {
            Some(fault) => Err(fault),
            None => self.reader.read(row),
        };
        match read {
            Ok(taken) if self.keys.insert(self.hasher.hash_one(&taken.key)) => {
                self.tally.doubt(row, &taken.doubts)?;
                Ok(Some(taken))
            }
            Ok(_) => {
                self.tally.report.repeated += 1;
                Ok(None)
            }
            Err(fault) => {
                self.tally.report.rejected += 1;
                self.tally.rejects.add(row, &fault)?;
                Ok(None)
            }
        }
    }

    fn send(
        &mut self,
        rows: Vec<Row>,
        records: Vec<R::Record>,
        send: &dyn Fn(Sent) -> bool,
    ) -> Result<(), ExchangeError> {
        let line = rows.first().map_or(0, |row| row.line);
        for command in self.reader.before() {
            let request = Request { id: (self.job.ids)(), command };
            let done = self.job.desk.execute(request);
            done.map_err(|source| ExchangeError::Desk { line, source })?;
        }
        let command = self.reader.command(records);
        if !send(Sent { rows, command }) {
            let source = DeskError::Lost("nobody carries the rows any more".to_owned());
            return Err(ExchangeError::Desk { line, source });
        }
        while let Ok(done) = self.tally.done.try_recv() {
            self.tally.count(done)?;
        }
        Ok(())
    }
}

struct Tally {
    report: Report,
    rejects: Rejects,
    doubts: Rejects,
    done: Receiver<Done>,
}

impl Tally {
    /// Counts a row that is taken although something about it is doubtful, and keeps the first of them.
    fn doubt(&mut self, row: &Row, doubts: &[Fault]) -> Result<(), ExchangeError> {
        if doubts.is_empty() {
            return Ok(());
        }
        self.report.doubtful += 1;
        if self.report.doubtful > DOUBTS_KEPT_MAX {
            return Ok(());
        }
        doubts.iter().try_for_each(|doubt| self.doubts.add(row, doubt))
    }

    fn count(&mut self, done: Done) -> Result<(), ExchangeError> {
        let line = done.rows.first().map_or(0, |row| row.line);
        let receipt = done.outcome.map_err(|source| ExchangeError::Desk { line, source })?;
        if receipt.rows.len() != done.rows.len() {
            let what = format!("it answered {} rows of {}", receipt.rows.len(), done.rows.len());
            return Err(ExchangeError::Desk { line, source: DeskError::Lost(what) });
        }
        for (row, result) in done.rows.iter().zip(&receipt.rows) {
            self.report.count(result);
            if let RowResult::Rejected(refusal) = result {
                self.rejects.add(row, &Fault::of("", refusal.what.as_str()))?;
            }
        }
        Ok(())
    }
}
