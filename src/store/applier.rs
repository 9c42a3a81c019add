//! Gives the database what is durable, on a thread of its own, so that no commit waits for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::StoreError;
use super::committer::Shared;
use super::files::failed_to;
use super::visible::Batch;

/// The thread, as the committer has it. It ends when it is dropped.
pub(super) struct Applier {
    batches: Option<SyncSender<Arc<Batch>>>,
    outcomes: Receiver<Result<(), StoreError>>,
    is_busy: bool,
    thread: Option<JoinHandle<()>>,
}

impl Applier {
    /// Starts the thread.
    pub(super) fn start(data: &Path, shared: Arc<Shared>) -> Result<Self, StoreError> {
        let (batches, taken) = sync_channel::<Arc<Batch>>(1);
        let (told, outcomes) = sync_channel(1);
        let run = move || {
            for batch in taken {
                if told.send(shared.engine.apply(&batch.changes, &batch.own)).is_err() {
                    return;
                }
            }
        };
        let thread = Builder::new()
            .name("applier".to_owned())
            .spawn(run)
            .map_err(failed_to("start the applier of", data))?;
        Ok(Self { batches: Some(batches), outcomes, is_busy: false, thread: Some(thread) })
    }

    /// Has the database be given these; it must not be busy.
    pub(super) fn begin(&mut self, batch: Arc<Batch>) {
        // A thread that has ended is told of by the next look.
        let sent = self.batches.as_ref().map(|batches| batches.send(batch));
        self.is_busy = sent.is_some();
    }

    /// Whether the database is still being given something; with its error, where it failed.
    pub(super) fn look(&mut self) -> Result<bool, StoreError> {
        if self.is_busy {
            match self.outcomes.try_recv() {
                Ok(outcome) => self.is_done(outcome)?,
                Err(TryRecvError::Empty) => return Ok(true),
                Err(TryRecvError::Disconnected) => return Err(stopped()),
            }
        }
        Ok(false)
    }

    /// Waits until the database has been given everything that was begun.
    pub(super) fn wait(&mut self) -> Result<(), StoreError> {
        if self.is_busy {
            self.outcomes.recv().map_err(|_ended| stopped()).and_then(|it| self.is_done(it))?;
        }
        Ok(())
    }

    fn is_done(&mut self, outcome: Result<(), StoreError>) -> Result<(), StoreError> {
        self.is_busy = false;
        outcome
    }
}

fn stopped() -> StoreError {
    let message = "whoever gives it what is durable stopped without a message".to_owned();
    StoreError::Engine { action: "write", message }
}

impl Drop for Applier {
    fn drop(&mut self) {
        drop(self.batches.take());
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended, too, and what it was given is in the journal.
            let _ended = thread.join();
        }
    }
}
