//! A commit in the making: what was read, what it decided, and what is to be written.
//!
//! Commands run twice. The first run reads the store, remembers every version, and finds refusals; numbers are guessed
//! from the counters. In the commit's stamp the numbers are certain: where the guess was wrong, the commands run again
//! over what the first run read, so that numbers have no gaps and two creations never conflict.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;

use crate::codec::{FRAME_BYTES_MAX, RECORD_BYTES_MAX, decode_record, to_bytes};
use crate::domain::cases::{Case, Contact, Message, Promise, is_watchable};
use crate::domain::office::Purpose;
use crate::domain::people::{Household, Person};
use crate::domain::time::Instant;
use crate::domain::{
    AccessId, CaseId, CaseworkerId, ContactId, Entity, EntityId, Event, EventRecord, HouseholdId,
    MergeId, MessageId, PersonId, PromiseId, QueueId, Refusal, ServiceId, UnitId, fold,
};
use crate::store::{
    Direction, KeyRange, Latest, Page, Read, Sequence, Store, StoreError, Value, Versioned,
};

use super::chain::touches_directory;
use super::directory::{Directory, directory_key};
use super::error::DeskError;
use super::flow::{self, Flow};
use super::keys::{self, Counter, tag};
use super::records::{Touched, decode_entity, encode_entity};
use super::run::UndoAct;
use super::turns::{self, Move};

/// Keys and values as they were when they were read, which decide nothing.
type PeekedRows = Vec<(Vec<u8>, Value)>;

/// The kinds of records that have numbers, in the order of [`Numbers`].
pub(super) const NUMBERED: [u8; 12] = [
    tag::UNIT,
    tag::QUEUE,
    tag::CASEWORKER,
    tag::PERSON,
    tag::HOUSEHOLD,
    tag::CASE,
    tag::CONTACT,
    tag::MESSAGE,
    tag::SERVICE,
    tag::PROMISE,
    tag::MERGE,
    tag::ACCESS,
];

/// Bytes of a record: what the store takes, less the room that the event of an undo needs around it.
const ENTITY_BYTES_MAX: usize = RECORD_BYTES_MAX - 1_024;
/// Bytes to which an act may let a case grow that does not bring it nearer to its end: an answer and the reasons of a
/// closing still have room then.
const CASE_BYTES_MAX: usize = ENTITY_BYTES_MAX - 5 * 1_024;
/// Bytes of an event: a page of a timeline holds one at least.
const EVENT_BYTES_MAX: usize = RECORD_BYTES_MAX - 128;

/// An identifier that is a number without gaps, counted under the tag of its kind.
pub(super) trait Numbered {
    const KIND: u8;

    fn numbered(number: u64) -> Self;
}

macro_rules! numbered {
    ($($id:ident = $kind:ident;)+) => {
        $(impl Numbered for $id {
            const KIND: u8 = tag::$kind;

            fn numbered(number: u64) -> Self {
                Self(number)
            }
        })+
    };
}

numbered! {
    UnitId = UNIT;
    QueueId = QUEUE;
    CaseworkerId = CASEWORKER;
    PersonId = PERSON;
    HouseholdId = HOUSEHOLD;
    CaseId = CASE;
    ContactId = CONTACT;
    MessageId = MESSAGE;
    ServiceId = SERVICE;
    PromiseId = PROMISE;
    MergeId = MERGE;
    AccessId = ACCESS;
}

/// The last number given to each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Numbers([u64; NUMBERED.len()]);

impl Numbers {
    /// Reads the counters.
    pub(super) fn read<E>(
        mut get: impl FnMut(&[u8]) -> Result<Option<Value>, E>,
    ) -> Result<Self, E> {
        let mut numbers = Self::default();
        for (number, kind) in numbers.0.iter_mut().zip(NUMBERED) {
            *number = get(&Counter::Number(kind).key())?
                .map_or(0, |bytes| counted(&bytes))
                .unsigned_abs();
        }
        Ok(numbers)
    }

    fn next(&mut self, kind: u8) -> u64 {
        for (number, known) in self.0.iter_mut().zip(NUMBERED) {
            if known == kind {
                *number += 1;
                return *number;
            }
        }
        0
    }

    /// The kinds whose last number differs from `before`, with the new one.
    pub(super) fn changes(&self, before: &Self) -> Vec<(u8, u64)> {
        let pairs = self.0.iter().zip(before.0).zip(NUMBERED);
        pairs.filter(|((now, then), _)| *now != then).map(|((now, _), kind)| (kind, *now)).collect()
    }
}

/// The value of a counter.
pub(super) fn counted(bytes: &[u8]) -> i64 {
    bytes.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

/// A store or record that cannot be read, as the desk says it.
pub(super) fn broken(error: impl Display) -> DeskError {
    DeskError::Broken(error.to_string())
}

/// Something that a second run asked for and the first one had not read.
enum Wanted {
    Key(Vec<u8>),
    Shown(Vec<u8>),
    ShownRows(KeyRange, usize, Direction),
    Range(KeyRange, usize, Direction),
}

/// Where a run reads.
enum Source {
    /// The store; what is read is remembered with its version.
    Store(Arc<dyn Store>),
    /// What an earlier run read, and nothing else.
    Remembered,
}

/// What was read, so that it can be checked and read again.
#[derive(Debug, Clone, Default)]
pub(super) struct Remembered {
    keys: BTreeMap<Vec<u8>, Option<Versioned>>,
    ranges: Vec<(KeyRange, usize, Direction, Page)>,
}

impl Remembered {
    /// What the store checks of it when the commit's turn comes.
    fn reads(&self) -> Vec<Read> {
        let keys = self.keys.iter().map(|(key, found)| Read::Key {
            key: key.clone(),
            version: found.as_ref().map_or(Sequence(0), |found| found.version),
        });
        let ranges = self.ranges.iter().map(|(range, limit, direction, page)| Read::Range {
            range: range.clone(),
            limit: *limit,
            direction: *direction,
            fingerprint: page.fingerprint(),
        });
        keys.chain(ranges).collect()
    }
}

impl Work {
    /// What the store checks when the commit's turn comes: by whose rights, and, unless it is decided then alone, over what
    /// it was decided.
    pub(super) fn reads(&self, is_in_turn: bool) -> Vec<Read> {
        let mut reads = if is_in_turn { Vec::new() } else { self.remembered.reads() };
        reads.push(Read::Key { key: directory_key(), version: self.directory_before.version });
        reads
    }
}

/// What a work has read or changed. Each lies by itself: most works have a few, and a leaf of the tree has room for eleven.
pub(super) type Slots = BTreeMap<EntityId, Box<Slot>>;

/// A record that the work has read or changed.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) was: Option<Entity>,
    pub(super) is: Option<Entity>,
    pub(super) is_new: bool,
}

/// Who does what, when and why: what every event of an act carries.
#[derive(Debug, Clone)]
pub(super) struct Doer {
    pub(super) actor: CaseworkerId,
    pub(super) on_behalf_of: Option<String>,
    pub(super) unit: UnitId,
    pub(super) at: Instant,
    /// The actor's contact that runs: everything is done under it.
    pub(super) contact: Option<ContactId>,
}

/// A commit in the making.
pub(super) struct Work {
    source: Source,
    pub(super) remembered: Remembered,
    /// The first thing that a second run missed.
    wanted: Option<Wanted>,
    pub(super) directory: Arc<Directory>,
    /// The directory before the commit's own changes to it.
    directory_before: Arc<Directory>,
    pub(super) slots: Slots,
    pub(super) events: Vec<EventRecord>,
    /// Open cases that events brought into a unit or took out of it.
    pub(super) flows: Vec<Flow>,
    /// Cases that events brought among the free ones of a queue or took from them.
    pub(super) moves: Vec<Move>,
    /// Values outside the chain: drafts, undo.
    pub(super) state: BTreeMap<Vec<u8>, Option<Value>>,
    /// What is kept for undoing acts, as soon as their place is known.
    pub(super) undo: Option<UndoAct>,
    /// State that the current act has written, with what the commit had there before it.
    state_before: Vec<StateBefore>,
    pub(super) numbers: Numbers,
    pub(super) numbers_before: Numbers,
    /// Records that the current act has touched, with what they were before it.
    touched: Vec<(EntityId, Option<Box<Slot>>)>,
    /// Records made in this commit, by the source and reference that they came with.
    origins: BTreeMap<Vec<u8>, EntityId>,
    /// Values that are only shown.
    peeked: BTreeMap<Vec<u8>, Option<Value>>,
    /// Rows whose values are only shown.
    peeked_rows: Vec<((KeyRange, Direction), PeekedRows)>,
    /// How many minutes a reply waits before it is handed over.
    pub(super) recall_minutes: u32,
    /// Whether a purpose is asked for where nothing tells one.
    pub(super) asks_purposes: bool,
    /// People who are likely the one whom the commit registers, also those whom its actor may not see.
    pub(super) alikes: Vec<PersonId>,
    /// Random bytes of the commit; salts and universal identifiers are drawn from them.
    seed: [u8; 16],
    draws: u64,
}

/// A key of the state, with the write that the commit had for it before an act, if it had one.
type StateBefore = (Vec<u8>, Option<Option<Value>>);

/// Where an act began, so that a refused one leaves nothing behind.
pub(super) struct Mark {
    touched: usize,
    state_before: usize,
    events: usize,
    numbers: Numbers,
    draws: u64,
}

impl Work {
    /// A work that reads the store.
    pub(super) fn new(
        store: Arc<dyn Store>,
        directory: Arc<Directory>,
        seed: [u8; 16],
    ) -> Result<Self, DeskError> {
        let numbers =
            Numbers::read(|key| store.get(key).map(|found| found.map(|found| found.value)))
                .map_err(broken)?;
        Ok(Self {
            source: Source::Store(store),
            remembered: Remembered::default(),
            directory_before: Arc::clone(&directory),
            directory,
            wanted: None,
            slots: BTreeMap::new(),
            events: Vec::new(),
            flows: Vec::new(),
            moves: Vec::new(),
            state: BTreeMap::new(),
            undo: None,
            state_before: Vec::new(),
            numbers,
            numbers_before: numbers,
            touched: Vec::new(),
            origins: BTreeMap::new(),
            peeked: BTreeMap::new(),
            peeked_rows: Vec::new(),
            recall_minutes: 0,
            asks_purposes: false,
            alikes: Vec::new(),
            seed,
            draws: 0,
        })
    }

    /// The same work from the start, over what was read, with other numbers.
    pub(super) fn again(self, numbers: Numbers) -> Self {
        Self {
            source: Source::Remembered,
            directory: Arc::clone(&self.directory_before),
            slots: BTreeMap::new(),
            events: Vec::new(),
            flows: Vec::new(),
            moves: Vec::new(),
            state: BTreeMap::new(),
            undo: None,
            state_before: Vec::new(),
            numbers,
            numbers_before: numbers,
            touched: Vec::new(),
            origins: BTreeMap::new(),
            draws: 0,
            ..self
        }
    }

    /// Reads everything again that was read, as it is when the commit's turn has come.
    pub(super) fn refresh(&mut self, latest: &dyn Latest) -> Result<(), StoreError> {
        for (key, found) in &mut self.remembered.keys {
            *found = latest.latest(key)?.map(newest);
        }
        for (key, value) in &mut self.peeked {
            *value = latest.latest(key)?;
        }
        // What is shown only is read again when it is asked for.
        self.peeked_rows.clear();
        for (range, limit, direction, page) in &mut self.remembered.ranges {
            *page = latest.latest_scan(range, *limit, *direction)?;
        }
        Ok(())
    }

    /// Reads what the last run missed, as it is when the commit's turn has come; whether it missed anything.
    pub(super) fn read_missed(&mut self, latest: &dyn Latest) -> Result<bool, StoreError> {
        match self.wanted.take() {
            None => return Ok(false),
            Some(Wanted::Key(key)) => {
                let found = latest.latest(&key)?.map(newest);
                self.remembered.keys.insert(key, found);
            }
            Some(Wanted::Shown(key)) => {
                let value = latest.latest(&key)?;
                self.peeked.insert(key, value);
            }
            Some(Wanted::ShownRows(range, limit, direction)) => {
                let page = latest.latest_scan(&range, limit, direction)?;
                let rows = page.rows.into_iter().map(|(key, found)| (key, found.value));
                self.peeked_rows.push(((range, direction), rows.collect()));
            }
            Some(Wanted::Range(range, limit, direction)) => {
                let page = latest.latest_scan(&range, limit, direction)?;
                self.remembered.ranges.push((range, limit, direction, page));
            }
        }
        Ok(true)
    }

    /// The second run asked for something that the first one did not read: the commit is refused and begun again, unless
    /// it is one that is decided in its turn, which reads it then.
    fn unread(&mut self, wanted: Wanted) -> DeskError {
        self.wanted.get_or_insert(wanted);
        DeskError::Lost("the second run read more than the first".to_owned())
    }

    /// Begins an act.
    pub(super) fn begin(&mut self) -> Mark {
        self.touched.clear();
        self.state_before.clear();
        self.begin_part()
    }

    /// Begins a part of an act, which can be taken back alone.
    pub(super) fn begin_part(&self) -> Mark {
        Mark {
            touched: self.touched.len(),
            state_before: self.state_before.len(),
            events: self.events.len(),
            numbers: self.numbers,
            draws: self.draws,
        }
    }

    /// Takes a refused act back, or a refused part of one.
    pub(super) fn roll_back(&mut self, mark: &Mark) {
        for (id, before) in self.touched.split_off(mark.touched).into_iter().rev() {
            match before {
                Some(slot) => drop(self.slots.insert(id, slot)),
                None => drop(self.slots.remove(&id)),
            }
        }
        for (key, before) in self.state_before.split_off(mark.state_before).into_iter().rev() {
            match before {
                Some(value) => drop(self.state.insert(key, value)),
                None => drop(self.state.remove(&key)),
            }
        }
        self.events.truncate(mark.events);
        self.flows.retain(|flow| flow.event < mark.events);
        self.moves.retain(|moved| moved.event < mark.events);
        self.numbers = mark.numbers;
        self.draws = mark.draws;
    }

    /// Ends an act that was not refused: later acts of the same commit see the units, caseworkers and subjects that it
    /// set up.
    pub(super) fn settle(&mut self) {
        for (id, _) in &self.touched {
            if touches_directory(id)
                && let Some(entity) = self.slots.get(id).and_then(|slot| slot.is.clone())
            {
                Arc::make_mut(&mut self.directory).take(entity);
            }
        }
    }

    /// Refuses the current act where a record or an event of it would be too large to be written, so that the commit
    /// itself never fails over it. A case that is full can still be brought to its end.
    pub(super) fn check_sizes(&self, mark: &Mark, is_ending: bool) -> Result<(), DeskError> {
        let mut checked: BTreeSet<&EntityId> = BTreeSet::new();
        for (id, before) in self.touched.iter().skip(mark.touched) {
            if !checked.insert(id) {
                continue;
            }
            let Some(now) = self.slots.get(id).and_then(|slot| slot.is.as_ref()) else { continue };
            let is_filling = matches!(id, EntityId::Case(_)) && !is_ending;
            let max = if is_filling { CASE_BYTES_MAX } else { ENTITY_BYTES_MAX };
            let bytes = entity_bytes(now);
            let was = || before.as_ref().and_then(|slot| slot.is.as_ref()).map_or(0, entity_bytes);
            if bytes > max && bytes > was() {
                return Err(full(id, bytes, max));
            }
        }
        for record in self.events.iter().skip(mark.events) {
            let bytes = to_bytes(record, FRAME_BYTES_MAX).map_or(usize::MAX, |bytes| bytes.len());
            if bytes > EVENT_BYTES_MAX {
                return Err(full(&record.entity, bytes, EVENT_BYTES_MAX));
            }
        }
        Ok(())
    }

    /// The records of which events tell since an act, or a part of one, began.
    pub(super) fn touched_since(&self, mark: &Mark) -> impl Iterator<Item = &EntityId> {
        self.touched.iter().skip(mark.touched).map(|(id, _)| id)
    }

    /// Puts a word before the reason of every event of a record since an act began.
    pub(super) fn tell_reason(&mut self, mark: &Mark, id: &EntityId, word: &str) {
        for record in self.events.iter_mut().skip(mark.events).filter(|it| it.entity == *id) {
            record.reason = Some(match record.reason.take() {
                Some(reason) if reason.starts_with(word) => reason,
                Some(reason) => format!("{word}; {reason}"),
                None => word.to_owned(),
            });
        }
    }

    /// The records that the current act has changed: the version of each now, and what it was before the act.
    pub(super) fn act_changes(&self) -> Touched {
        self.changes_after(0)
    }

    /// As [`Self::act_changes`], of the part of an act that began there.
    pub(super) fn part_changes(&self, mark: &Mark) -> Touched {
        self.changes_after(mark.touched)
    }

    fn changes_after(&self, touched: usize) -> Touched {
        let mut changes = Touched::new();
        for (id, before) in self.touched.iter().skip(touched) {
            if changes.iter().any(|(seen, _, _)| seen == id) {
                continue;
            }
            let was = match before {
                Some(slot) => slot.is.clone(),
                None => self.slots.get(id).and_then(|slot| slot.was.clone()),
            };
            let now = self.slots.get(id).and_then(|slot| slot.is.as_ref());
            if now != was.as_ref() {
                changes.push((id.clone(), now.map_or(0, Entity::version), was));
            }
        }
        changes
    }

    /// The cases that an act, or a part of one, has touched since it began, and whether something could happen to each by
    /// itself before.
    pub(super) fn cases_since(&self, mark: &Mark) -> BTreeMap<CaseId, bool> {
        let mut cases = BTreeMap::new();
        for (id, before) in self.touched.iter().skip(mark.touched) {
            let EntityId::Case(case) = id else { continue };
            let was = before.as_ref().and_then(|slot| slot.is.as_ref());
            let was_watchable = matches!(was, Some(Entity::Case(case)) if is_watchable(case));
            cases.entry(*case).or_insert(was_watchable);
        }
        cases
    }

    /// The value of a key as this commit sees it.
    pub(super) fn get(&mut self, key: &[u8]) -> Result<Option<Value>, DeskError> {
        if let Some(value) = self.state.get(key) {
            return Ok(value.clone());
        }
        if let Some(found) = self.remembered.keys.get(key) {
            return Ok(found.as_ref().map(|found| found.value.clone()));
        }
        let Source::Store(store) = &self.source else {
            return Err(self.unread(Wanted::Key(key.to_vec())));
        };
        let found = store.get(key).map_err(broken)?;
        let value = found.as_ref().map(|found| found.value.clone());
        self.remembered.keys.insert(key.to_vec(), found);
        Ok(value)
    }

    /// A value that is only shown: it is remembered for a second run, and not checked when the commit's turn comes.
    pub(super) fn peek(&mut self, key: &[u8]) -> Result<Option<Value>, DeskError> {
        if let Some(value) = self.peeked.get(key) {
            return Ok(value.clone());
        }
        let Source::Store(store) = &self.source else {
            return Err(self.unread(Wanted::Shown(key.to_vec())));
        };
        let value = store.get(key).map_err(broken)?.map(|found| found.value);
        self.peeked.insert(key.to_vec(), value.clone());
        Ok(value)
    }

    /// Rows whose values are only shown, as [`Self::peek`] has them.
    pub(super) fn peek_rows(
        &mut self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<PeekedRows, DeskError> {
        if let Some((_, rows)) =
            self.peeked_rows.iter().find(|((known, way), _)| known == range && *way == direction)
        {
            return Ok(rows.clone());
        }
        let Source::Store(store) = &self.source else {
            return Err(self.unread(Wanted::ShownRows(range.clone(), limit, direction)));
        };
        let page = store.scan(range, limit, direction).map_err(broken)?;
        let rows: Vec<_> = page.rows.into_iter().map(|(key, found)| (key, found.value)).collect();
        self.peeked_rows.push(((range.clone(), direction), rows.clone()));
        Ok(rows)
    }

    /// Rows of a range as they were before this commit.
    pub(super) fn scan(
        &mut self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, DeskError> {
        let known = self
            .remembered
            .ranges
            .iter()
            .find(|(seen, rows, way, _)| seen == range && *rows == limit && *way == direction);
        if let Some((_, _, _, page)) = known {
            return Ok(page.clone());
        }
        let Source::Store(store) = &self.source else {
            return Err(self.unread(Wanted::Range(range.clone(), limit, direction)));
        };
        let page = store.scan(range, limit, direction).map_err(broken)?;
        self.remembered.ranges.push((range.clone(), limit, direction, page.clone()));
        Ok(page)
    }

    /// A record as this commit sees it.
    pub(super) fn entity(&mut self, id: &EntityId) -> Result<Option<Entity>, DeskError> {
        if let Some(slot) = self.slots.get(id) {
            return Ok(slot.is.clone());
        }
        let found = self.get(&keys::entity(id))?;
        let entity = found.map(|bytes| decode_entity(id, &bytes)).transpose().map_err(broken)?;
        let slot = Slot { was: entity.clone(), is: entity.clone(), is_new: false };
        self.slots.insert(id.clone(), Box::new(slot));
        Ok(entity)
    }

    pub(super) fn case(&mut self, id: CaseId) -> Result<Arc<Case>, DeskError> {
        match self.entity(&EntityId::Case(id))? {
            Some(Entity::Case(case)) => Ok(case),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn person(&mut self, id: PersonId) -> Result<Arc<Person>, DeskError> {
        match self.entity(&EntityId::Person(id))? {
            Some(Entity::Person(person)) => Ok(person),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn household(&mut self, id: HouseholdId) -> Result<Household, DeskError> {
        match self.entity(&EntityId::Household(id))? {
            Some(Entity::Household(household)) => Ok(household),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn message(&mut self, id: MessageId) -> Result<Message, DeskError> {
        match self.entity(&EntityId::Message(id))? {
            Some(Entity::Message(message)) => Ok(message),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn promise(&mut self, id: PromiseId) -> Result<Promise, DeskError> {
        match self.entity(&EntityId::Promise(id))? {
            Some(Entity::Promise(promise)) if !promise.is_annulled => Ok(promise),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn contact(&mut self, id: ContactId) -> Result<Contact, DeskError> {
        match self.entity(&EntityId::Contact(id))? {
            Some(Entity::Contact(contact)) => Ok(contact),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// A value outside the chain, decoded.
    pub(super) fn state_record<R: crate::codec::Record>(
        &mut self,
        key: &[u8],
    ) -> Result<Option<R>, DeskError> {
        self.get(key)?.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)
    }

    /// Writes a value outside the chain.
    pub(super) fn put_state(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let before = self.state.insert(key.clone(), value.map(Value::from));
        self.state_before.push((key, before));
    }

    /// The next number of a kind.
    pub(super) fn next<I: Numbered>(&mut self) -> I {
        I::numbered(self.numbers.next(I::KIND))
    }

    /// Random bytes of this commit that no other draw gave.
    pub(super) fn draw(&mut self) -> [u8; 16] {
        self.draws += 1;
        super::chain::draw(&self.seed, self.draws)
    }

    /// Says that a record that is about to be made cannot be there yet, so that it is not looked for; nor can the plan of a
    /// case, whose number another run may not have.
    pub(super) fn expect_new(&mut self, id: &EntityId) {
        let plan = if let EntityId::Case(case) = id { Some(EntityId::Plan(*case)) } else { None };
        for id in std::iter::once(id.clone()).chain(plan) {
            self.touched.push((id.clone(), self.slots.get(&id).cloned()));
            self.slots.insert(id, Box::new(Slot { was: None, is: None, is_new: true }));
        }
    }

    /// The record that came with a source and reference, which `key` is made of.
    pub(super) fn origin(&mut self, key: &[u8]) -> Result<Option<u64>, DeskError> {
        if let Some(id) = self.origins.get(key)
            && self.slots.get(id).is_some_and(|slot| slot.is.is_some())
        {
            return Ok(Some(keys::last_number(&keys::entity(id))));
        }
        Ok(self.get(key)?.map(|bytes| keys::last_number(&bytes)))
    }

    /// Says that a record of this commit came with a source and reference.
    pub(super) fn has_origin(&mut self, key: Vec<u8>, id: EntityId) {
        self.origins.insert(key, id);
    }

    /// Records that something happened, and applies it.
    pub(super) fn happen(
        &mut self,
        doer: &Doer,
        id: EntityId,
        event: Event,
        why: Why,
    ) -> Result<(), DeskError> {
        let is_known = self.slots.contains_key(&id);
        if !is_known {
            self.entity(&id)?;
        }
        let why = why.under(doer.contact);
        let record = EventRecord {
            sequence: 0,
            at: doer.at,
            actor: doer.actor,
            on_behalf_of: doer.on_behalf_of.clone(),
            unit: doer.unit,
            entity: id.clone(),
            event,
            reason: why.reason,
            purpose: why.purpose,
            rule: why.rule,
            salt: self.draw(),
            hash: [0; 32],
        };
        if let Some(slot) = self.slots.get_mut(&id) {
            self.touched.push((id, Some(slot.clone())));
            let was = flow::work_of(slot.is.as_ref());
            let stood = turns::standing_of(slot.is.as_ref());
            slot.is = fold(slot.is.take(), &record);
            let is = flow::work_of(slot.is.as_ref());
            self.flows.extend(flow::between(was, is, &record, self.events.len()));
            let stands = turns::standing_of(slot.is.as_ref());
            self.moves.extend(turns::between(stood, stands, self.events.len()));
        }
        // Most acts are one event.
        if self.events.capacity() == 0 {
            self.events.reserve_exact(1);
        }
        self.events.push(record);
        Ok(())
    }
}

/// Why something was done.
#[derive(Debug, Clone, Default)]
pub(super) struct Why {
    pub(super) reason: Option<String>,
    pub(super) purpose: Option<Purpose>,
    pub(super) rule: Option<String>,
}

impl Why {
    pub(super) fn reason(reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..Self::default() }
    }

    pub(super) fn purpose(purpose: &Purpose) -> Self {
        Self { purpose: Some(purpose.clone()), ..Self::default() }
    }

    /// What nothing else says a purpose for is done under the contact that runs, with its number as the reason.
    fn under(self, contact: Option<ContactId>) -> Self {
        let Some(contact) = contact.filter(|_| self.purpose.is_none()) else { return self };
        let reason = self.reason.or_else(|| Some(contact.to_string()));
        Self { reason, purpose: Some(Purpose::contact()), ..self }
    }

    pub(super) fn rule(rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..Self::default() }
    }
}

fn entity_bytes(entity: &Entity) -> usize {
    // What cannot be encoded within a record's limit is too large in any case.
    encode_entity(entity).map_or(usize::MAX, |bytes| bytes.len())
}

fn full(id: &EntityId, bytes: usize, max: usize) -> DeskError {
    let size = if bytes == usize::MAX { "too much".to_owned() } else { format!("{bytes} bytes") };
    Refusal::new(
        "record.full",
        format!("{id} has no room for this: it would take {size}, and {max} bytes is the most."),
        "Shorten it, or take what is new up in a case or file of its own.",
    )
    .into()
}

/// A value as it is when the commit's turn has come: its version is not asked any more.
fn newest(value: Value) -> Versioned {
    Versioned { value, version: Sequence(0) }
}
