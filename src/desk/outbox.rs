//! The outbox: queued messages are handed over once they are durable, and what became of them is recorded.

use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::domain::cases::{Message, MessageState};
use crate::domain::{CaseworkerId, Entity, EntityId, MessageId};
use crate::store::{Direction, KeyRange};

use super::command::Command;
use super::error::DeskError;
use super::keys;
use super::local::{Act, LocalDesk, lock};
use super::records::decode_entity;
use super::run::{MARKED_MAX, REMINDED_MAX, RETURNED_MAX, SWEPT_MAX, watched_until};
use super::work::broken;

/// Messages that one look hands over.
const MESSAGES_MAX: usize = 500;
/// Commands of [`RETURNED_MAX`] cases each that one look returns held cases with.
const RETURNS_MAX: usize = 100;
/// Commands of [`SWEPT_MAX`] cases each that one look sweeps with: twenty thousand cases.
const SWEEPS_MAX: usize = 20_000 / SWEPT_MAX;
/// How often the outbox looks although nobody told it to: held cases return by date, and a message that could not be
/// recorded as sent is looked at again.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The shortest rest between two looks, also where a message cannot be released.
const WAIT_MILLISECONDS_MIN: u64 = 250;
/// A day of the log's ledger line, in UTC.
const DAY_MILLISECONDS: i64 = 24 * 60 * 60 * 1_000;

/// Somebody who takes messages out of the office.
pub trait Post: Send {
    /// Takes a message over. Taking the same message twice must not send it twice.
    ///
    /// # Errors
    /// Why it could not be taken, in a sentence.
    fn hand_over(&self, message: &Message) -> Result<(), String>;
}

/// A folder into which each message is written as a file of its own, for a gateway to pick up.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path; it is made when the first message is written.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

impl Post for Folder {
    /// Writes `M-12.txt`: a header of four lines, an empty line, the text. The file appears whole or not at all, and
    /// writing it again replaces it by the same.
    fn hand_over(&self, message: &Message) -> Result<(), String> {
        let told = |what: &str, error: std::io::Error| {
            format!("cannot {what} {}: {error}", self.path.display())
        };
        std::fs::create_dir_all(&self.path).map_err(|error| told("make", error))?;
        let mut file = tempfile::NamedTempFile::new_in(&self.path)
            .map_err(|error| told("write into", error))?;
        let text = format!(
            "Message: {}\nCase: {}\nChannel: {}\nTo: {}\n\n{}\n",
            message.id,
            message.case,
            message.channel.code(),
            message.address.replace(['\r', '\n'], " "),
            message.text
        );
        file.write_all(text.as_bytes()).map_err(|error| told("write into", error))?;
        file.as_file().sync_all().map_err(|error| told("sync", error))?;
        let path = self.path.join(format!("{}.txt", message.id));
        file.persist(path).map_err(|error| told("name a file in", error.error))?;
        Ok(())
    }
}

/// The thread that hands messages over and returns held cases, until its desk is gone.
#[derive(Debug)]
pub struct Outbox {
    sender: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Outbox {
    /// Starts looking. The first look is at once: messages may have been queued when the program was killed.
    #[must_use]
    pub fn start(desk: &Arc<LocalDesk>, post: Box<dyn Post>) -> Self {
        let (sender, receiver) = sync_channel(1);
        *lock(&desk.outbox) = Some(sender.clone());
        let desk: Weak<LocalDesk> = Arc::downgrade(desk);
        let thread = std::thread::spawn(move || {
            let (mut has_rested, mut counted_on) = (false, None);
            let mut looked_at = desk.upgrade().map(|desk| desk.clock.now());
            loop {
                let Some(held) = desk.upgrade() else { return };
                // What fails now stays queued, and is looked at again.
                let _ = held.deliver(post.as_ref());
                let until_due = held.until_next_is_due();
                let _ = held.return_held();
                let _ = held.mark_late();
                let _ = held.sweep();
                let _ = held.watch_cover();
                let _ = held.remind_asked();
                held.look_at_health();
                if let Some(since) = looked_at.replace(held.clock.now()) {
                    held.tell_what_ran_out(since);
                }
                // Once a day, and not by a program that is here for a moment only.
                let today = held.clock.now().milliseconds().div_euclid(DAY_MILLISECONDS);
                if has_rested && counted_on.replace(today) != Some(today) {
                    // What cannot be counted now is counted tomorrow, and `reconcile` says why.
                    let _ = held.note_ledger();
                }
                drop(held);
                has_rested = match receiver.recv_timeout(until_due.min(LOOK_EVERY)) {
                    Ok(()) => false,
                    Err(RecvTimeoutError::Timeout) => true,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// Stops after the look that is going on.
    pub fn stop(mut self, desk: &LocalDesk) {
        *lock(&desk.outbox) = None;
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to hand over that the next start does not find.
            let _ = thread.join();
        }
    }
}

impl LocalDesk {
    /// Hands over the messages whose time to be recalled is over, and records what became of each. Gives how many were
    /// looked at.
    ///
    /// # Errors
    /// The store cannot read or write; what was not recorded is handed over again.
    pub fn deliver(&self, post: &dyn Post) -> Result<usize, DeskError> {
        self.release()?;
        let mut looked_at = 0;
        for key in self.queued()? {
            let id = EntityId::Message(MessageId(keys::last_number(&key)));
            let Some(found) = self.store.get(&keys::entity(&id)).map_err(broken)? else { continue };
            let Entity::Message(message) = decode_entity(&id, &found.value).map_err(broken)? else {
                continue;
            };
            if message.state != MessageState::Queued {
                continue;
            }
            looked_at += 1;
            let failure = post.hand_over(&message).err();
            let command = Command::DeliverMessage { message: message.id, failure };
            // One that cannot be recorded stays queued, and does not keep those behind it.
            self.execute_all(vec![self.own_act(message.by, command)])?;
        }
        Ok(looked_at)
    }

    /// Ends the time of messages that have waited long enough. It is an event of its own, before anything is handed over:
    /// from then on no recall can come between the handing over and its record.
    fn release(&self) -> Result<(), DeskError> {
        let mut range = keys::outbox().range();
        let now = self.clock.now();
        range.to = Some(keys::outbox().signed(now.milliseconds().saturating_add(1)).done());
        let page = self.store.scan(&range, MESSAGES_MAX, Direction::Forward).map_err(broken)?;
        let mut acts = Vec::with_capacity(page.rows.len());
        for (key, _) in page.rows {
            let message = MessageId(keys::last_number(&key));
            let Some(by) = self.writer(message)? else { continue };
            acts.push(self.own_act(by, Command::ReleaseMessage { message }));
        }
        if !acts.is_empty() {
            self.execute_all(acts)?;
        }
        Ok(())
    }

    /// Who wrote a message.
    fn writer(&self, id: MessageId) -> Result<Option<CaseworkerId>, DeskError> {
        let id = EntityId::Message(id);
        let Some(found) = self.store.get(&keys::entity(&id)).map_err(broken)? else {
            return Ok(None);
        };
        let found = decode_entity(&id, &found.value).map_err(broken)?;
        Ok(if let Entity::Message(message) = found { Some(message.by) } else { None })
    }

    /// How long it is until the next message can be recalled no more; very long where none waits.
    fn until_next_is_due(&self) -> Duration {
        let page = self.store.scan(&keys::outbox().range(), 1, Direction::Forward);
        let first = page.ok().and_then(|page| page.rows.into_iter().next());
        first.map_or(Duration::MAX, |(key, _)| {
            let wait = keys::signed_at(&key, 1).saturating_sub(self.clock.now().milliseconds());
            Duration::from_millis(u64::try_from(wait).unwrap_or(0).max(WAIT_MILLISECONDS_MIN))
        })
    }

    /// The keys of queued messages of every unit. Those that failed lie beside them, wait for a person, and are passed by.
    fn queued(&self) -> Result<Vec<Vec<u8>>, DeskError> {
        let mut queued = Vec::new();
        for unit in self.directory().units.keys() {
            let range = keys::mail(*unit).byte(0).range();
            let rows = MESSAGES_MAX.saturating_sub(queued.len());
            if rows == 0 {
                break;
            }
            let page = self.store.scan(&range, rows, Direction::Forward).map_err(broken)?;
            queued.extend(page.rows.into_iter().map(|(key, _)| key));
        }
        Ok(queued)
    }

    /// Returns held cases to their queues whose day has come by the clock of their unit.
    ///
    /// # Errors
    /// The store cannot read or write.
    pub fn return_held(&self) -> Result<(), DeskError> {
        let directory = self.directory();
        let Some(office) = &directory.office else { return Ok(()) };
        let now = self.clock.now();
        let mut today = office.calendar.zone().day(now);
        for unit in directory.units.keys() {
            today = today.max(directory.zone_of(*unit)?.day(now));
        }
        let Some(first) = directory.caseworkers.keys().next() else { return Ok(()) };
        for _ in 0..RETURNS_MAX {
            let act = self.own_act(*first, Command::ReturnHeld { today });
            for result in self.execute_all(vec![act])? {
                if result?.rows.len() < RETURNED_MAX {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Notes the promises whose time has passed, each once, so that whoever leads the unit is told. None is ended by that.
    ///
    /// # Errors
    /// The store cannot read or write.
    pub fn mark_late(&self) -> Result<(), DeskError> {
        let directory = self.directory();
        let Some(first) = directory.caseworkers.keys().next() else { return Ok(()) };
        for _ in 0..RETURNS_MAX {
            let until = self.clock.now();
            let range = keys::promises_in_time();
            let range = KeyRange {
                from: keys::promises_in_time().done(),
                to: Some(range.signed(until.milliseconds()).done()),
            };
            // Where nothing is late, nothing is committed either.
            if self.store.scan(&range, 1, Direction::Forward).map_err(broken)?.rows.is_empty() {
                return Ok(());
            }
            for result in
                self.execute_all(vec![self.own_act(*first, Command::MarkLate { until })])?
            {
                if result?.rows.len() < MARKED_MAX {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Lets cases whose moment has come escalate, lapse to the next level, or return from parking. Gives how many were
    /// looked at.
    ///
    /// # Errors
    /// The store cannot read or write.
    pub fn sweep(&self) -> Result<usize, DeskError> {
        let directory = self.directory();
        let Some(first) = directory.caseworkers.keys().next() else { return Ok(0) };
        let mut swept = 0;
        for _ in 0..SWEEPS_MAX {
            let until = self.clock.now();
            // Where nothing is due, nothing is committed either.
            let due = self.store.scan(&watched_until(until), 1, Direction::Forward);
            if due.map_err(broken)?.rows.is_empty() {
                break;
            }
            let act = self.own_act(*first, Command::Sweep { until });
            for result in self.execute_all(vec![act])? {
                swept += result?.rows.len();
            }
        }
        Ok(swept)
    }

    /// Has the citizens reminded who were asked for something and have not answered half way; each once.
    ///
    /// # Errors
    /// The store cannot read or write.
    pub fn remind_asked(&self) -> Result<(), DeskError> {
        let directory = self.directory();
        let Some(first) = directory.caseworkers.keys().next() else { return Ok(()) };
        for _ in 0..RETURNS_MAX {
            let until = self.clock.now();
            let to = Some(keys::asked().signed(until.milliseconds()).done());
            let range = KeyRange { from: keys::asked().done(), to };
            // Where nobody is to be reminded, nothing is committed either.
            if self.store.scan(&range, 1, Direction::Forward).map_err(broken)?.rows.is_empty() {
                return Ok(());
            }
            let act = self.own_act(*first, Command::RemindAsked { until });
            for result in self.execute_all(vec![act])? {
                if result?.rows.len() < REMINDED_MAX {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn own_act(&self, actor: CaseworkerId, command: Command) -> Act {
        Act { actor, at: self.clock.now(), command }
    }
}
