//! Checking a database against itself, each kind of fault in a file of its own.
//!
//! The journal and the store below it are checked by the store. Memory stays bounded: keys are compared page by page, the
//! hashes of a million events are held at a time, people are compared with the search index by a bit each and two sums,
//! and of findings the first two hundred are told.

mod chain;
mod counters;
mod fold;
mod indexes;
mod merges;
mod records;
mod search;
mod state;

use std::collections::BTreeMap;

use crate::domain::EntityId;
use crate::domain::rules::{PublicationKind, PublicationName};
use crate::domain::time::Zone;
use crate::domain::{
    AccessId, CaseId, CaseworkerId, ContactId, HouseholdId, MergeId, MessageId, PersonId,
    PromiseId, QueueId, ServiceId, SubjectCode, UnitId,
};
use crate::store::{Direction, KeyRange, Store, Value};

use super::anchors::AnchorSheet;
use super::error::DeskError;
use super::keys::{self, Counter, tag};
use super::local::LocalDesk;
use super::trail::Trail;
use super::turns::Eligible;
use super::work::{broken, counted};

/// Rows read at once.
const PAGE_ROWS: usize = 1_000;
/// Findings told one by one; when there are more, their number is told.
const FINDINGS_MAX: usize = 200;
/// Events of the chain whose hashes are held at a time unless asked otherwise: 33 MB.
const WINDOW_EVENTS: u64 = 1_000_000;
/// Rows after which progress is told.
const PROGRESS_ROWS: u64 = 10_000;

/// What to do about a row that differs from the others.
const REBUILD: &str =
    "move the folder `sled` aside and open again, and where it stays, restore a backup";
/// What to do about a chain that is not what was chained.
const TAMPERED: &str = "keep the directory as it is, and compare it with a backup: somebody may have changed what happened";

/// What a check of the desk's records found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// What is wrong, in sentences; empty where nothing is.
    pub findings: Vec<String>,
    /// Findings beyond those told.
    pub findings_more: u64,
    /// Records read.
    pub records: u64,
    /// Index keys compared.
    pub index_keys: u64,
    /// Events in the chain.
    pub events: u64,
    /// Anchors compared.
    pub anchors: u64,
    /// The hash of the last event; zeros where there is none.
    pub head: [u8; 32],
}

impl Verification {
    fn find(&mut self, what: impl std::fmt::Display, remedy: &str) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(format!("{what}: {remedy}"));
        } else {
            self.findings_more += 1;
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What is checked beyond records, indexes, counters, numbers and chain.
#[derive(Debug)]
pub struct Checks {
    /// Whether everything that can be derived is derived again: records from their events, the search index from records.
    pub is_deep: bool,
    /// The chain as the journal has it, where there is a journal.
    pub trail: Option<Trail>,
    /// Anchors to compare the chain with.
    pub anchors: AnchorSheet,
    /// Events of the chain whose hashes are held at a time, 33 bytes each; timelines are read twice for so many.
    pub window_events: u64,
}

impl Default for Checks {
    fn default() -> Self {
        let anchors = AnchorSheet::default();
        Self { is_deep: false, trail: None, anchors, window_events: WINDOW_EVENTS }
    }
}

impl Checks {
    /// Everything that can be checked without a journal and without anchors.
    #[must_use]
    pub fn deep() -> Self {
        Self { is_deep: true, ..Self::default() }
    }
}

/// Which part of a check is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedPart {
    /// Records with their indexes; so many were read.
    Records(u64),
    /// The audit chain; so many events were read.
    Chain(u64),
    /// Records made again of their events; so many events were read.
    Fold(u64),
    /// People in the search index; so many were compared.
    Search(u64),
}

/// What records say that indexes and counters should be.
#[derive(Default)]
struct Expected {
    keys: BTreeMap<u8, u64>,
    counts: BTreeMap<Counter, i64>,
    turns: BTreeMap<QueueId, Eligible>,
    open: u64,
    ended: u64,
}

/// One check of one desk.
struct Check<'d> {
    store: &'d dyn Store,
    zone: Zone,
    found: Verification,
    progress: &'d dyn Fn(CheckedPart),
}

impl LocalDesk {
    /// Checks what the desk keeps: every record and its indexes both ways, counters, numbers and the audit chain; and what
    /// else `checks` say.
    ///
    /// # Errors
    /// The store cannot be read at all; what can be read and is wrong is a finding.
    pub fn verify(
        &self,
        checks: Checks,
        progress: &dyn Fn(CheckedPart),
    ) -> Result<Verification, DeskError> {
        let directory = self.directory();
        let zone =
            directory.office.as_ref().map_or_else(Zone::utc, |office| office.calendar.zone());
        let store = self.store.as_ref();
        let mut check = Check { store, zone, found: Verification::default(), progress };
        let mut expected = Expected::default();
        check.records(&mut expected)?;
        check.indexes(&expected)?;
        check.counters(&expected)?;
        check.chain(checks.trail, checks.anchors, checks.window_events.max(1))?;
        if checks.is_deep {
            check.fold()?;
            check.search()?;
            check.merges()?;
            check.state()?;
        }
        Ok(check.found)
    }
}

impl Check<'_> {
    fn find(&mut self, what: impl std::fmt::Display, remedy: &str) {
        self.found.find(what, remedy);
    }

    fn get(&self, key: &[u8]) -> Result<Option<Value>, DeskError> {
        Ok(self.store.get(key).map_err(broken)?.map(|there| there.value))
    }

    #[expect(clippy::needless_pass_by_value, reason = "a counter is named for this one question")]
    fn counter(&self, counter: Counter) -> Result<u64, DeskError> {
        Ok(self.get(&counter.key())?.map_or(0, |bytes| counted(&bytes)).unsigned_abs())
    }

    /// Calls `each` with every row of a range, in the order of keys.
    fn rows(
        &mut self,
        mut range: KeyRange,
        mut each: impl FnMut(&mut Self, &[u8], &[u8]) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        loop {
            let page = self.store.scan(&range, PAGE_ROWS, Direction::Forward).map_err(broken)?;
            for (key, value) in &page.rows {
                each(self, key, &value.value)?;
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { return Ok(()) };
            range = range.beyond(last.clone(), Direction::Forward);
        }
    }
}

/// The record that a key names, where it is the key of a record.
pub(super) fn entity_id(key: &[u8]) -> Option<EntityId> {
    let number = keys::last_number(key);
    let id = match *key.first()? {
        tag::OFFICE => EntityId::Office,
        tag::UNIT => EntityId::Unit(UnitId(number)),
        tag::QUEUE => EntityId::Queue(QueueId(number)),
        tag::CASEWORKER => EntityId::Caseworker(CaseworkerId(number)),
        tag::SUBJECT => {
            let code = key.get(1..key.len().checked_sub(1)?)?;
            EntityId::Subject(SubjectCode(String::from_utf8(code.to_vec()).ok()?.into()))
        }
        tag::PERSON => EntityId::Person(PersonId(number)),
        tag::HOUSEHOLD => EntityId::Household(HouseholdId(number)),
        tag::CASE => EntityId::Case(CaseId(number)),
        tag::CONTACT => EntityId::Contact(ContactId(number)),
        tag::MESSAGE => EntityId::Message(MessageId(number)),
        tag::SERVICE => EntityId::Service(ServiceId(number)),
        tag::DISTINCTION => {
            EntityId::Distinction(PersonId(keys::number_at(key, 1)), PersonId(number))
        }
        tag::PROMISE => EntityId::Promise(PromiseId(number)),
        tag::ANSWERS => {
            let text = || {
                let text = key.get(2..key.len().checked_sub(1)?)?;
                String::from_utf8(text.to_vec()).ok()
            };
            match key.get(1)? {
                0 => EntityId::Template(text()?),
                1 => EntityId::TextModule(text()?),
                2 => EntityId::RecallTime,
                _ => return None,
            }
        }
        tag::MERGE => EntityId::Merge(MergeId(number)),
        tag::PLAN => EntityId::Plan(CaseId(number)),
        tag::RIGHTS => match key.get(1)? {
            0 => EntityId::Rights(CaseworkerId(number)),
            1 => {
                let name = key.get(2..key.len().checked_sub(1)?)?;
                EntityId::Group(String::from_utf8(name.to_vec()).ok()?)
            }
            _ => return None,
        },
        tag::ACCESS => EntityId::Access(AccessId(number)),
        tag::UNIT_PROFILE => EntityId::UnitProfile(UnitId(number)),
        tag::SIGNING => EntityId::Signing(CaseId(number)),
        tag::PURPOSE => {
            let code = key.get(1..key.len().checked_sub(1)?)?;
            EntityId::Purpose(String::from_utf8(code.to_vec()).ok()?)
        }
        tag::PUBLICATION => {
            let kind = *PublicationKind::ALL.get(usize::from(*key.get(1)?))?;
            // The code ends with a byte of its own; the version follows.
            let code = key.get(2..key.len().checked_sub(9)?)?;
            let code = String::from_utf8(code.to_vec()).ok()?;
            let version = u32::try_from(number).ok()?;
            EntityId::Publication(PublicationName { kind, code, version })
        }
        _ => return None,
    };
    // A longer or shorter key would read as a record that it is not.
    (keys::entity(&id) == key).then_some(id)
}
