//! Caseworkers who write while their daemon is killed under them: what was acknowledged to them, and what of it the desk has
//! in the end.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::hostile::intake;
use crate::cli::error::CliError;
use crate::desk::{AskCaseFile, AskCaseHeader, Command, Desk, DeskError, Receipt, Request};
use crate::domain::cases::CaseAct;
use crate::domain::time::Instant as Moment;
use crate::domain::{CaseId, EntityId};
use crate::link::{Place, RemoteDesk};

/// Notes on each case.
const NOTES: u64 = 6;
/// Entries of a file that are read: more than anybody writes on one.
const ENTRIES: u32 = 99;
/// How long the desk is looked for by the link itself, and how often the same act is brought again beyond that.
const PATIENCE: Duration = Duration::from_secs(10);
const TRIES_MAX: usize = 10;
/// Errors that are kept to be shown.
const SHOWN_MAX: usize = 5;

/// A case as its writer knows it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    says: String,
    is_claimed: bool,
    notes: Vec<String>,
}

/// What was acknowledged to a writer.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Each case, with what is on it.
    pub(super) cases: BTreeMap<CaseId, Known>,
    /// Commands that were acknowledged.
    pub(super) acknowledged: usize,
    /// Those of them that were sent again, since the conversation broke.
    pub(super) resent: usize,
    /// Commands that were refused or given up; some of them in words.
    pub(super) refused: usize,
    pub(super) shown: Vec<String>,
}

impl Written {
    /// Puts what was acknowledged to another writer to it.
    pub(super) fn add(&mut self, other: Self) {
        self.cases.extend(other.cases);
        self.acknowledged += other.acknowledged;
        self.resent += other.resent;
        self.refused += other.refused;
        self.shown.extend(other.shown);
        self.shown.truncate(SHOWN_MAX);
    }
}

/// Who writes, and until when.
pub(super) struct Writer<'a> {
    /// The account.
    pub(super) account: &'a str,
    /// The first key of its commands.
    pub(super) first_id: u128,
    /// Set when no more is to be begun.
    pub(super) stop: &'a AtomicBool,
    /// Counts what all writers were acknowledged.
    pub(super) acknowledged: &'a AtomicUsize,
    /// When its cases come in.
    pub(super) at: Moment,
}

impl Writer<'_> {
    /// Takes cases in, claims each, and writes notes on it, until it is told to stop. Whatever was begun is brought to the
    /// desk until it is acknowledged.
    pub(super) fn write(&self, desk: RemoteDesk) -> Written {
        let mut writing =
            Writing { writer: self, desk, next_id: self.first_id, written: Written::default() };
        let mut number = 0_u64;
        while !self.stop.load(Ordering::SeqCst) {
            number += 1;
            let says = format!("{} brings matter {number}", self.account);
            let command = Command::RegisterCase(intake(&says, self.at));
            let Some(receipt) = writing.act(&command) else { break };
            let Some(EntityId::Case(case)) = receipt.created.first().cloned() else {
                writing.written.refuse(format!("a receipt of no case: {}", receipt.label));
                break;
            };
            writing.known(case).says = says;
            let claim = Command::Case { case, version: None, act: CaseAct::Claim };
            if writing.act(&claim).is_some() {
                writing.known(case).is_claimed = true;
            }
            for note in 1..=NOTES {
                if self.stop.load(Ordering::SeqCst) {
                    break;
                }
                let text = format!("{} notes {note} on matter {number}", self.account);
                let act = CaseAct::Note { text: text.clone() };
                if writing.act(&Command::Case { case, version: None, act }).is_some() {
                    writing.known(case).notes.push(text);
                }
            }
        }
        writing.written
    }
}

/// Has a writer sit down, who looks for the desk whenever it is away.
pub(super) fn sit_down(data: &Path, account: &str) -> Result<RemoteDesk, CliError> {
    Ok(RemoteDesk::connect_to(Place::of_data(data), Some(account), PATIENCE)?)
}

struct Writing<'a> {
    writer: &'a Writer<'a>,
    desk: RemoteDesk,
    next_id: u128,
    written: Written,
}

impl Writing<'_> {
    fn known(&mut self, case: CaseId) -> &mut Known {
        self.written.cases.entry(case).or_default()
    }

    /// Brings a command to the desk, under the same key each time, until it is answered.
    fn act(&mut self, command: &Command) -> Option<Receipt> {
        let id = self.next_id;
        self.next_id += 1;
        let before = self.desk.conversations();
        for _ in 0..TRIES_MAX {
            match self.desk.execute(Request { id, command: command.clone() }) {
                Ok(receipt) => {
                    self.written.acknowledged += 1;
                    self.written.resent += usize::from(self.desk.conversations() != before);
                    self.writer.acknowledged.fetch_add(1, Ordering::SeqCst);
                    return Some(receipt);
                }
                Err(DeskError::Lost(_)) => {}
                Err(error) => {
                    self.written.refuse(error.to_string());
                    return None;
                }
            }
        }
        self.written.refuse("the desk was not found again".to_owned());
        None
    }
}

impl Written {
    fn refuse(&mut self, why: String) {
        self.refused += 1;
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(why);
        }
    }
}

/// What of all that the desk has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// Commands that were acknowledged and did not leave what they said.
    pub(super) lost: usize,
    /// Commands that left it more than once, or that nobody sent.
    pub(super) twice: usize,
}

impl Judged {
    fn count(&mut self, times: usize) {
        self.lost += usize::from(times == 0);
        self.twice += times.saturating_sub(1);
    }

    /// Compares a case with its file: what it says, and which notes and claims are on it.
    fn compare(&mut self, known: &Known, says: &str, notes: &[&str], claims: usize) {
        self.count(usize::from(known.says == says));
        if known.is_claimed {
            self.count(claims);
        } else {
            self.twice += claims;
        }
        for note in &known.notes {
            self.count(notes.iter().filter(|one| *one == note).count());
        }
        self.twice +=
            notes.iter().filter(|one| !known.notes.iter().any(|note| note == *one)).count();
    }
}

/// Reads every case of the office, and compares it with what was acknowledged. No case may be there of which no writer knows.
pub(super) fn judge(desk: &dyn Desk, cases: &BTreeMap<CaseId, Known>) -> Result<Judged, CliError> {
    let mut judged = Judged::default();
    for (case, known) in cases {
        let file = match desk.ask(AskCaseFile { case: *case, entries: ENTRIES }) {
            Ok(file) => file,
            Err(DeskError::NotFound(_)) => {
                judged.lost += 1 + usize::from(known.is_claimed) + known.notes.len();
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let of_kind = |kind: &'static str| file.timeline.iter().filter(move |one| one.kind == kind);
        let notes: Vec<&str> = of_kind("note").map(|one| one.text.as_str()).collect();
        judged.compare(known, &file.case.asks, &notes, of_kind("claim").count());
    }
    let last = cases.keys().next_back().map_or(0, |case| case.0);
    for number in 1.. {
        let case = CaseId(number);
        match desk.ask(AskCaseHeader { case }) {
            Ok(_) => judged.twice += usize::from(!cases.contains_key(&case)),
            Err(DeskError::NotFound(_)) if number < last => {}
            Err(DeskError::NotFound(_)) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(judged)
}

/// Waits until so many more are acknowledged than at the beginning, or until the limit; whether they were.
pub(super) fn wait_for_more(acknowledged: &AtomicUsize, more: usize, limit: Duration) -> bool {
    let (before, begun) = (acknowledged.load(Ordering::SeqCst), Instant::now());
    while acknowledged.load(Ordering::SeqCst) < before + more {
        if begun.elapsed() > limit {
            return false;
        }
        super::machine::rest(Duration::from_millis(1));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(notes: &[&str], claims: usize) -> Judged {
        let notes_known = vec!["one".to_owned(), "two".to_owned()];
        let known = Known { says: "lamp".to_owned(), is_claimed: true, notes: notes_known };
        let mut judged = Judged::default();
        judged.compare(&known, "lamp", notes, claims);
        judged
    }

    #[test]
    fn what_is_missing_is_lost_and_what_is_there_again_was_done_twice() {
        assert_eq!(judged(&["one", "two"], 1), Judged::default());
        assert_eq!(judged(&["one"], 0), Judged { lost: 2, twice: 0 });
        assert_eq!(judged(&["one", "two", "two"], 2), Judged { lost: 0, twice: 2 });
        assert_eq!(judged(&["one", "two", "three"], 1), Judged { lost: 0, twice: 1 });
    }
}
