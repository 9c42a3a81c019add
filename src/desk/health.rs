//! Whether the desk can change anything, what to say and do where it cannot, and who is told.

use std::collections::VecDeque;
use std::mem::discriminant;
use std::sync::{Arc, Mutex, OnceLock};

use serde::{Deserialize, Serialize};

use crate::domain::Refusal;
use crate::domain::time::Instant;
use crate::search::SearchError;
use crate::store::{CommitError, Health};
use crate::text::{amount_of_bytes, with_sources};

use super::error::DeskError;
use super::feed::Change;
use super::local::{LocalDesk, lock};

/// Whether changes are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// They are.
    Sound,
    /// Not until there is room on the disk again.
    DiskFull {
        /// Bytes that are free.
        free_bytes: u64,
        /// Bytes that have to be.
        needed_bytes: u64,
    },
    /// Not any more.
    ReadOnly {
        /// Why, in words.
        why: String,
    },
}

/// Something that every screen shows for as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What the line begins with, in capitals: `READ-ONLY`, `DISK FULL`.
    pub heading: String,
    /// What the line says after it, in at most 50 cells.
    pub short: String,
    /// The whole story: what happened, what of it is no loss, what to do. A paragraph each.
    pub story: Vec<String>,
    /// Whether something is wrong that may heal or get worse, rather than merely so.
    pub is_trouble: bool,
}

/// Whether the desk can change anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthAnswer {
    /// Whether changes are accepted.
    pub condition: Condition,
    /// What every screen is to show.
    pub notice: Option<Notice>,
    /// The newest commit.
    pub sequence: u64,
}

/// How grave something in the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It is as it should be.
    Info,
    /// Somebody should look at it.
    Warning,
    /// Something does not work.
    Error,
}

/// Where it is written down what befalls a desk. It holds no content: whatever a record says stays in the record.
pub trait Log: Send + Sync {
    /// Writes a sentence down. Where that cannot be done, nothing else suffers.
    fn note(&self, at: Instant, level: Level, sentence: &str);
}

/// What a desk remembers of its condition, and whom it tells.
#[derive(Default)]
pub(super) struct Care {
    /// Where the data lies, for whoever is to look there.
    place: OnceLock<String>,
    /// What is shown whatever the store's condition is.
    standing: OnceLock<Notice>,
    log: OnceLock<Arc<dyn Log>>,
    /// The condition that the feeds were told of last.
    told: Mutex<Health>,
    /// Places from which a census goes on, by their numbers.
    pub(super) places: Mutex<VecDeque<(u64, Vec<u8>)>>,
}

impl LocalDesk {
    /// Says where the data lies, for the sentences that send somebody there. Only the first saying counts.
    pub fn lies_in(&self, place: &str) {
        // A second saying is of the same place.
        let _ = self.care.place.set(place.to_owned());
    }

    /// Has every screen show a notice for as long as the desk is open, in place of what it says of its store. Only the
    /// first one counts.
    pub fn stand(&self, notice: Notice) {
        let _ = self.care.standing.set(notice);
    }

    /// Has what befalls the desk written down. Only the first log counts.
    pub fn keep_log(&self, log: Arc<dyn Log>) {
        let _ = self.care.log.set(log);
    }

    /// Writes a sentence into the desk's log, if it has one. It must name no citizen.
    pub fn note(&self, level: Level, sentence: &str) {
        if let Some(log) = self.care.log.get() {
            log.note(self.clock.now(), level, sentence);
        }
    }

    /// Looks whether changes are accepted; where that is not as it was, every feed and the log are told.
    pub fn look_at_health(&self) {
        let now = self.store.health();
        {
            let mut told = lock(&self.care.told);
            if discriminant(&*told) == discriminant(&now) {
                return;
            }
            told.clone_from(&now);
        }
        let place = self.place();
        match &now {
            Health::Sound => self.note(Level::Info, "changes are accepted again"),
            Health::NoSpace { free_bytes, needed_bytes } => {
                let what = no_space(place, *free_bytes, *needed_bytes);
                self.note(Level::Error, &format!("disk full: {what}; no change is accepted"));
            }
            Health::ReadOnly { why } => {
                self.note(Level::Error, &format!("read-only: {why}; no change is accepted"));
            }
        }
        self.tell(&Change::Health);
    }

    /// After a commit that succeeded: a condition that was bad has healed.
    pub(super) fn look_after_success(&self) {
        if *lock(&self.care.told) != Health::Sound {
            self.look_at_health();
        }
    }

    /// The answer to [`AskHealth`](super::AskHealth). Asking is looking.
    pub(super) fn health(&self) -> HealthAnswer {
        self.look_at_health();
        let condition = match self.store.health() {
            Health::Sound => Condition::Sound,
            Health::NoSpace { free_bytes, needed_bytes } => {
                Condition::DiskFull { free_bytes, needed_bytes }
            }
            Health::ReadOnly { why } => Condition::ReadOnly { why },
        };
        let standing = self.care.standing.get().cloned();
        HealthAnswer {
            notice: standing.or_else(|| notice(&condition, self.place())),
            condition,
            sequence: self.store.sequence().0,
        }
    }

    /// What whoever acted is told of a commit that did not happen; the others see the notice.
    pub(super) fn commit_failed(&self, error: CommitError) -> DeskError {
        self.look_at_health();
        match error {
            CommitError::Conflict => DeskError::Lost("it was changed meanwhile".to_owned()),
            CommitError::Refused(_) if self.is_building_index() => SearchError::Unfinished.into(),
            CommitError::Refused(why) => DeskError::Broken(why),
            CommitError::TooLarge { .. } => Refusal::new(
                "commit.large",
                format!("Too much at once: {error}."),
                "Do it in several parts.",
            )
            .into(),
            CommitError::NoSpace { free_bytes, needed_bytes } => {
                let place = self.place();
                Refusal::new(
                    DISK_FULL,
                    format!(
                        "The disk is full: {}. Nothing was saved.",
                        no_space(place, free_bytes, needed_bytes)
                    ),
                    format!(
                        "What was acknowledged before is safe. Make room where {place} lies, then do it once more."
                    ),
                )
                .into()
            }
            CommitError::Unknown => match self.store.health() {
                Health::ReadOnly { why } => DeskError::ReadOnly(format!(
                    "{why}; whether this act was saved shows when casedesk is opened again"
                )),
                Health::Sound | Health::NoSpace { .. } => DeskError::Lost(error.to_string()),
            },
            CommitError::Fatal(source) => DeskError::ReadOnly(with_sources(&source)),
        }
    }

    fn place(&self) -> &str {
        self.care.place.get().map_or("the data directory", String::as_str)
    }
}

/// The code of the refusal of a change for which the disk has no room.
pub const DISK_FULL: &str = "disk.full";

fn no_space(place: &str, free_bytes: u64, needed_bytes: u64) -> String {
    let (free, needed) = (amount_of_bytes(free_bytes), amount_of_bytes(needed_bytes));
    format!("{free} are free in {place}, and {needed} have to be")
}

/// What every screen shows of a condition.
fn notice(condition: &Condition, place: &str) -> Option<Notice> {
    let safe = "Whatever was acknowledged is safe on the disk. Reading goes on: lists, search, and the files that are \
                open. No other file opens meanwhile, for nobody could record that it was read.";
    let (heading, short, happened, unsaved, to_do) = match condition {
        Condition::Sound => return None,
        Condition::DiskFull { free_bytes, needed_bytes } => (
            "DISK FULL",
            "nothing is saved until there is room".to_owned(),
            format!("The disk is nearly full: {}.", no_space(place, *free_bytes, *needed_bytes)),
            "Nothing new is saved until there is room. What you type stays on the screen, but cannot be kept as a \
             draft: leave it open."
                .to_owned(),
            format!(
                "What to do: make room where {place} lies. casedesk sees it by itself and goes on; then do once more \
                 what was refused."
            ),
        ),
        Condition::ReadOnly { why } => (
            "READ-ONLY",
            "nothing can be saved any more".to_owned(),
            format!("The store has stopped writing: {why}."),
            "Nothing new can be saved. What you type stays on the screen and nowhere else: write it down before you \
             close casedesk."
                .to_owned(),
            format!(
                "What to do: look at the disk where {place} lies, then close casedesk and open it again. `casedesk \
                 doctor` and `casedesk verify` say how things are."
            ),
        ),
    };
    let story = vec![happened, safe.to_owned(), unsaved, to_do];
    Some(Notice { heading: heading.to_owned(), short, story, is_trouble: true })
}
