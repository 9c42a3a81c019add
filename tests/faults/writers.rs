//! Eight writers at one desk: they register cases, write notes, race for the same cases, and take in many at once.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use casedesk::desk::{
    Act, AskCaseHeader, AskWho, Clock, Command, Desk, DeskError, Entropy, LocalDesk, Receipt,
    Request, Session,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::Role;
use casedesk::domain::{CaseId, EntityId};
use casedesk::store::{Disk, OpenOptions, SledStore};

use super::chance::Chance;
use super::logbook::{Ask, Entry, Logbook, Told, path, read};
use crate::office::{Office, TestClock};

/// Writers at a time.
pub(super) const WRITERS: u64 = 8;
/// Requests that a writer makes again when it begins.
const AGAIN: usize = 2;
/// Cases of one bulk: with their events and index entries they take several batches of the database.
pub(super) const BULK_CASES: u64 = 25;
/// The desk's time in the first cycle: Friday, 21 August 2026, in the morning.
pub(super) const MORNING: i64 = 1_787_296_440_000;

/// Small in everything, so that segments end, checkpoints are made and groups span batches all the time.
pub(super) fn options(disk: Arc<dyn Disk>) -> OpenOptions {
    OpenOptions {
        cache_bytes: 8 * 1024 * 1024,
        segment_bytes_max: 64 * 1024,
        checkpoint_bytes: 96 * 1024,
        checkpoint_idle: Duration::from_millis(20),
        free_bytes_min: 0,
        ballast_bytes: 0,
        families_in_memory: casedesk::desk::FAMILIES_IN_MEMORY,
        disk,
        ..OpenOptions::default()
    }
}

thread_local! {
    static NEXT_ID: Cell<Option<u128>> = const { Cell::new(None) };
}

/// Bytes that count up from a place of their own in each cycle; what a thread has chosen before comes first, so that
/// commits for which the desk draws the id can be retried too.
pub(super) struct Chosen(AtomicU64);

impl Chosen {
    pub(super) fn of_cycle(cycle: u64) -> Self {
        Self(AtomicU64::new((cycle + 1) << 32))
    }
}

impl Entropy for Chosen {
    fn draw(&self) -> [u8; 16] {
        let counted = || u128::from(self.0.fetch_add(1, Ordering::SeqCst)) << 64;
        NEXT_ID.take().unwrap_or_else(counted).to_be_bytes()
    }
}

/// Founds the office with its writers.
pub(super) fn found(store: &Arc<SledStore>) {
    let office = Office::over(Arc::clone(store) as Arc<_>);
    for writer in 0..WRITERS {
        let roles = [Role::Clerk, Role::Screener, Role::Caseworker];
        office.enrol(&account(writer), &format!("W. Writer {writer}"), &roles);
    }
}

fn account(writer: u64) -> String {
    format!("writer{writer}")
}

/// The desk as a cycle opens it.
pub(super) fn desk(store: &Arc<SledStore>, cycle: u64, clock: i64) -> Arc<LocalDesk> {
    let shared = Arc::clone(store) as Arc<_>;
    LocalDesk::open(shared, Arc::new(TestClock::at(clock)), Arc::new(Chosen::of_cycle(cycle)))
        .unwrap()
}

/// What the writers of a cycle share.
pub(super) struct Shift<'a> {
    pub(super) desk: &'a Arc<LocalDesk>,
    pub(super) clock: &'a dyn Clock,
    /// Where the logbooks are.
    pub(super) logs: &'a Path,
    pub(super) cycle: u64,
    /// The newest commit when the store was opened.
    pub(super) newest: u64,
    /// Asked before every request; whoever is told so goes home.
    pub(super) is_over: &'a (dyn Fn() -> bool + Sync),
    /// Told of every commit that was acknowledged.
    pub(super) acknowledged: &'a (dyn Fn(u64) + Sync),
}

/// Lets all writers work until the shift is over: first what the last cycle left unanswered, then new things.
pub(super) fn work(shift: &Shift<'_>) {
    let entries: Vec<_> = (0..WRITERS).map(|writer| read(&path(shift.logs, writer))).collect();
    let claimed =
        entries.iter().flat_map(|book| book.values()).filter_map(|entry| match &entry.ask {
            Ask::Claim(case) => Some(case.0),
            Ask::Register(_) | Ask::Note(..) | Ask::Bulk(_) => None,
        });
    let first_claim = claimed.max().unwrap_or(0) + 1;
    let made = entries.iter().flat_map(|book| book.values()).flat_map(|entry| &entry.told);
    let highest = made.map(|told| if let Told::Done { case, .. } = told { *case } else { 0 }).max();
    let highest = AtomicU64::new(highest.unwrap_or(0));
    std::thread::scope(|scope| {
        for (writer, entries) in (0_u64..).zip(entries) {
            let session = shift.desk.sign_in(&account(writer), None).unwrap();
            let mut writer = Writer {
                shift,
                number: writer,
                session,
                log: Logbook::open(&path(shift.logs, writer)),
                chance: Chance::of(shift.cycle * WRITERS + writer),
                highest: &highest,
                next_claim: first_claim,
                next_id: entries
                    .keys()
                    .next_back()
                    .map_or((u128::from(writer + 1) << 64) | 1, |id| id + 1),
                is_first: true,
            };
            scope.spawn(move || {
                // The order of ids is the order in which they were asked for.
                for (id, entry) in entries.iter().rev().take(AGAIN).rev() {
                    writer.again(*id, entry);
                }
                while writer.one_more() {}
            });
        }
    });
}

struct Writer<'a> {
    shift: &'a Shift<'a>,
    number: u64,
    session: Session,
    log: Logbook,
    chance: Chance,
    /// The highest case that anybody was told of.
    highest: &'a AtomicU64,
    next_claim: u64,
    next_id: u128,
    is_first: bool,
}

impl Writer<'_> {
    /// Asks for something again: for an answer that never came, or as somebody does who has lost it.
    fn again(&mut self, id: u128, entry: &Entry) {
        let told = self.request(id, &entry.ask);
        if let Some(Told::Done { sequence, .. }) = told
            && entry.told.is_empty()
            && sequence <= self.shift.newest
        {
            self.log.was_done_already(id);
        }
    }

    /// Does one thing; says whether to go on.
    fn one_more(&mut self) -> bool {
        if (self.shift.is_over)() {
            return false;
        }
        let id = self.next_id;
        self.next_id += 1;
        let words = format!("cycle {} writer {} number {id}", self.shift.cycle, self.number);
        let highest = self.highest.load(Ordering::SeqCst);
        let is_first = std::mem::take(&mut self.is_first);
        let ask = match self.chance.below(100) {
            _ if is_first && self.shift.cycle % WRITERS == self.number => Ask::Bulk(words),
            0 => Ask::Bulk(words),
            1..40 if self.next_claim <= highest => {
                self.next_claim += 1;
                Ask::Claim(CaseId(self.next_claim - 1))
            }
            40..65 if highest > 0 => Ask::Note(CaseId(self.chance.below(highest) + 1), words),
            _ => Ask::Register(words),
        };
        self.log.ask(id, &ask);
        self.request(id, &ask).is_some()
    }

    /// Makes a request until it is answered; there is no answer where the desk writes nothing any more.
    fn request(&mut self, id: u128, ask: &Ask) -> Option<Told> {
        loop {
            let told = match self.attempt(id, ask) {
                Ok(told) => told,
                Err(DeskError::Refused(refusal)) => Told::Refused(refusal.code),
                Err(DeskError::Lost(_)) => continue,
                Err(_) => return None,
            };
            if let Told::Done { sequence, case, .. } = told {
                (self.shift.acknowledged)(sequence);
                self.highest.fetch_max(case, Ordering::SeqCst);
            }
            self.log.told(id, &told);
            return Some(told);
        }
    }

    fn attempt(&self, id: u128, ask: &Ask) -> Result<Told, DeskError> {
        let at = self.shift.clock.now();
        let intake = |says: &str| {
            Command::RegisterCase(Office::intake(None, Nature::Report, "HOU-1", says, at))
        };
        let case_act = |case, act| Command::Case { case, version: None, act };
        let command = match ask {
            Ask::Register(says) => intake(says),
            Ask::Note(case, text) => case_act(*case, CaseAct::Note { text: text.clone() }),
            Ask::Claim(case) => case_act(*case, CaseAct::Claim),
            Ask::Bulk(says) => {
                let door: &dyn Desk = &self.session;
                let actor = door.ask(AskWho {})?.caseworker.id;
                let acts = (0..BULK_CASES).map(|place| Act {
                    actor,
                    at,
                    command: intake(&format!("{says} place {place}")),
                });
                NEXT_ID.set(Some(id));
                let receipts = self.session.desk().execute_all(acts.collect())?;
                let receipt = receipts.into_iter().next().unwrap()?;
                return Ok(Told::Done { sequence: receipt.sequence, case: 0, due: 0 });
            }
        };
        let receipt = self.session.execute(Request { id, command })?;
        self.done(ask, &receipt)
    }

    fn done(&self, ask: &Ask, receipt: &Receipt) -> Result<Told, DeskError> {
        let sequence = receipt.sequence;
        if !matches!(ask, Ask::Register(_)) {
            return Ok(Told::Done { sequence, case: 0, due: 0 });
        }
        let Some(EntityId::Case(case)) = receipt.created.first() else {
            unreachable!("a case was registered, and the receipt says {receipt:?}")
        };
        let door: &dyn Desk = &self.session;
        let header = door.ask(AskCaseHeader { case: *case })?;
        let due = header.due.map_or(0, |(_, at)| at.milliseconds());
        Ok(Told::Done { sequence, case: case.0, due })
    }
}
