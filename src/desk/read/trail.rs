//! The audit trail by pages, read from the journal where the desk is: what the actor may not know of is left out here, so that
//! it never leaves the desk. And what may be shown of the office as it was.

use std::collections::BTreeMap;

use crate::codec::decode_record;
use crate::desk::answer::{
    ClosedFilesAnswer, HiddenEvent, SaidEvent, TrailAnswer, TrailCheckAnswer, TrailEvent,
    TrailLine, TrailPlace,
};
use crate::desk::behind::{cases_of, people_of};
use crate::desk::error::DeskError;
use crate::desk::query::{AskTrail, AskTrailCheck};
use crate::desk::records::ChainHead;
use crate::desk::run::{check_reads_all, check_trail_right};
use crate::desk::trail::{ChainCheck, Trail, TrailStep, payload};
use crate::desk::work::broken;
use crate::desk::{chain, keys, timeline};
use crate::domain::office::{Action, Confidentiality, Resource};
use crate::domain::{
    AuditReading, CaseId, Entity, EntityId, Event, EventRecord, PersonId, Refusal, fold,
};
use crate::store::Sequence;

use super::Reader;

/// Events that one page of the trail is made of, and that are followed at once.
pub const TRAIL_PAGE_MAX: u32 = 500;
/// Commits that are read for one page; many have no event.
const COMMITS_MAX: u32 = 2_000;
/// Bytes of events after which a page ends: an answer has room for one of the largest more.
const PAGE_BYTES_MAX: usize = 256 * 1024;
/// Bytes that an event takes on the way without what it says, about.
const LINE_BYTES: usize = 256;
/// Events of a record among which its reading is looked for at first.
const READINGS_LOOKED_AT: usize = 64;
/// Minutes for which a reading that was recorded may go on.
const READING_MINUTES: i64 = 24 * 60;
/// Events of a record from which it is made once more, or counted again: more than any record has.
const EVENTS_MAX: usize = 100_000;

/// What comes next on a page.
enum Ahead {
    Event(Box<EventRecord>),
    /// The page has looked at enough.
    Enough,
    /// There is no more.
    End,
}

/// A stretch of the trail that is read for one page.
struct Stretch<'r> {
    reader: &'r Reader<'r>,
    trail: Trail,
    /// Whether the trail was opened for an earlier page, so that the journal may have grown since.
    is_kept: bool,
    /// Behind the last event that was read.
    place: TrailPlace,
    /// Events that may still be read.
    left: u32,
    /// Commits that may still be read.
    commits_left: u32,
}

impl Stretch<'_> {
    fn step(&mut self) -> Result<Ahead, DeskError> {
        while self.left > 0 && self.commits_left > 0 {
            match self.trail.step()? {
                TrailStep::Event(record) => {
                    self.left -= 1;
                    self.place = TrailPlace { commit: self.trail.commit(), event: record.sequence };
                    return Ok(Ahead::Event(record));
                }
                TrailStep::Commit => {
                    self.commits_left -= 1;
                    self.place.commit = self.trail.commit();
                }
                TrailStep::End if self.is_kept => {
                    self.is_kept = false;
                    self.trail = self.reader.open_trail(self.place)?;
                }
                TrailStep::End => return Ok(Ahead::End),
            }
        }
        Ok(Ahead::Enough)
    }

    /// Where it ends; what goes on from there is kept for the next page.
    fn end(self, is_done: bool) -> TrailPlace {
        if !is_done {
            let reader = self.reader;
            reader.desk.trails.keep(reader.actor.id, self.place, self.trail);
        }
        self.place
    }
}

/// Whether an event is of the part that is read.
fn is_meant(record: &EventRecord, reading: &AuditReading) -> bool {
    let is_about = |about: &EntityId| match (&record.entity, about) {
        // One that tells two people apart is about both.
        (EntityId::Distinction(one, other), EntityId::Person(person)) => {
            one == person || other == person
        }
        (entity, about) => entity == about,
    };
    reading.by.is_none_or(|by| record.actor == by) && reading.about.as_ref().is_none_or(is_about)
}

impl Reader<'_> {
    /// A page of the trail, for whoever may read it and has recorded that they do.
    pub(super) fn trail(
        &self,
        question: &AskTrail,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<TrailAnswer, DeskError> {
        let reading = &question.reading;
        let about = self.entity(reading.about.as_ref().unwrap_or(&EntityId::Office))?;
        let rights = (self.sight(), self.today);
        check_trail_right(&self.directory, &self.actor, rights, reading, about.as_ref())?;
        let until = self.recorded(reading)?;
        let (mut lines, mut bytes, mut known) = (Vec::new(), 0, BTreeMap::new());
        let mut stretch = self.stretch(question.after, question.most)?;
        let mut is_done = false;
        while !is_done && bytes < PAGE_BYTES_MAX {
            if is_cancelled() {
                return Err(DeskError::GivenUp);
            }
            let record = match stretch.step()? {
                Ahead::Event(record) if record.sequence <= until => record,
                Ahead::Event(_) | Ahead::End => {
                    is_done = true;
                    break;
                }
                Ahead::Enough => break,
            };
            is_done = record.sequence == until;
            if is_meant(&record, reading)
                && let Some((line, more)) = self.line(*record, reading.is_export, &mut known)?
            {
                lines.push(line);
                bytes += more;
            }
        }
        let place = stretch.end(is_done);
        Ok(TrailAnswer { lines, place, until, is_done })
    }

    /// Follows the chain over some events and says what does not follow; for whoever may read all of the trail, and whoever
    /// runs the office, who is shown nothing of it.
    pub(super) fn trail_check(
        &self,
        question: &AskTrailCheck,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<TrailCheckAnswer, DeskError> {
        if self.authorise(Action::RunOffice, &Resource::office()).is_err() {
            let level = Confidentiality::CaseConfidential;
            check_reads_all(&self.directory, &self.actor, self.sight(), level)?;
        }
        // The head first: the journal has all that the database knows of.
        let head = self.store.get(&keys::chain_head()).map_err(broken)?;
        let head: ChainHead = head
            .map(|found| decode_record(&found.value).map_err(broken))
            .transpose()?
            .unwrap_or_default();
        let mut stretch = self.stretch(question.after, question.most)?;
        let mut check = ChainCheck::behind(question.after.event, question.hash);
        let (mut findings, mut hashes, mut known) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut is_done = question.after.event >= head.sequence;
        while !is_done {
            if is_cancelled() {
                return Err(DeskError::GivenUp);
            }
            match stretch.step() {
                Ok(Ahead::Event(record)) => {
                    let is_seen = self.may_know(&record.entity, &mut known)?;
                    let of =
                        || if is_seen { format!(" of {}", record.entity) } else { String::new() };
                    findings.extend(check.follow_telling(&record, of));
                    hashes.push((record.sequence, record.hash));
                    if record.sequence == head.sequence && record.hash != head.hash {
                        let last = head.sequence;
                        findings.push(format!(
                            "event {last} is another one than the database ends with"
                        ));
                    }
                    is_done = record.sequence >= head.sequence;
                }
                Ok(Ahead::Enough) => break,
                Ok(Ahead::End) => {
                    let (last, head) = (check.last().0, head.sequence);
                    findings.push(format!(
                        "the journal ends with event {last}, and the database with event {head}"
                    ));
                    is_done = true;
                }
                Err(error) => {
                    findings.push(format!(
                        "the chain cannot be read on: {error}; `casedesk verify` says where the journal is damaged"
                    ));
                    is_done = true;
                }
            }
        }
        let place = stretch.end(is_done);
        Ok(TrailCheckAnswer { findings, hashes, place, head: head.sequence, is_done })
    }

    /// The event that recorded this reading: the newest one of the actor's, of the last day.
    fn recorded(&self, reading: &AuditReading) -> Result<u64, DeskError> {
        let id = reading.about.as_ref().unwrap_or(&EntityId::Office);
        let event = Event::AuditRead(reading.clone());
        // It is among the newest but where much has happened to the record since.
        for most in [READINGS_LOOKED_AT, EVENTS_MAX] {
            let (records, has_more) = timeline::newest(self.store, id, most)?;
            let own =
                |record: &&EventRecord| record.actor == self.actor.id && record.event == event;
            if let Some(found) = records.iter().find(own) {
                if self.at.minutes_since(found.at) < READING_MINUTES {
                    return Ok(found.sequence);
                }
                break;
            }
            if !has_more {
                break;
            }
        }
        Err(Refusal::new(
            "trail.unrecorded",
            "This reading of the audit trail was not recorded within the last day.",
            "Begin again: casedesk audit records each reading before anything is shown.",
        )
        .into())
    }

    /// An event as the reader may know of it, and how many bytes it takes on the way; nothing where it is not to be shown.
    fn line(
        &self,
        record: EventRecord,
        is_export: bool,
        known: &mut BTreeMap<EntityId, bool>,
    ) -> Result<Option<(TrailLine, usize)>, DeskError> {
        let is_seen = self.may_know(&record.entity, known)?;
        if !is_seen && !is_export {
            return Ok(None);
        }
        let payload = payload(&record.event)?;
        let commitment = chain::commitment(&record.salt, &payload);
        let (sequence, at, hash) = (record.sequence, record.at, record.hash);
        if !is_seen {
            let hidden = HiddenEvent { sequence, at, commitment, hash };
            return Ok(Some((TrailLine::Hidden(hidden), LINE_BYTES)));
        }
        let is_whole = is_export && self.may_know_named(&record, known)?;
        let bytes = LINE_BYTES + if is_whole { payload.len() } else { 0 };
        let what = record.event.label().to_owned();
        let EventRecord {
            actor,
            on_behalf_of,
            unit,
            entity,
            event,
            reason,
            purpose,
            rule,
            salt,
            ..
        } = record;
        let bytes = bytes + reason.as_ref().map_or(0, String::len);
        let said = is_whole.then_some(SaidEvent { salt, event });
        let event = TrailEvent {
            sequence,
            at,
            actor,
            on_behalf_of,
            unit,
            entity,
            what,
            reason,
            purpose,
            rule,
            commitment,
            hash,
            said,
        };
        Ok(Some((TrailLine::Event(Box::new(event)), bytes)))
    }

    /// Whether every case and person that an event names may be known to be there; not where it cannot be said whom it names.
    fn may_know_named(
        &self,
        record: &EventRecord,
        known: &mut BTreeMap<EntityId, bool>,
    ) -> Result<bool, DeskError> {
        let Some(named) = record.named() else { return Ok(false) };
        for id in named {
            if !self.may_know(&id, known)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As [`Self::sees_record`], which is asked once a page.
    fn may_know(
        &self,
        id: &EntityId,
        known: &mut BTreeMap<EntityId, bool>,
    ) -> Result<bool, DeskError> {
        if let Some(known) = known.get(id) {
            return Ok(*known);
        }
        let is_seen = self.sees_record(id)?;
        known.insert(id.clone(), is_seen);
        Ok(is_seen)
    }

    /// Reads on in the journal behind a place.
    fn stretch(&self, after: TrailPlace, most: u32) -> Result<Stretch<'_>, DeskError> {
        let kept = self.desk.trails.take(self.actor.id, after);
        let is_kept = kept.is_some();
        let trail = kept.map_or_else(|| self.open_trail(after), Ok)?;
        let left = most.clamp(1, TRAIL_PAGE_MAX);
        Ok(Stretch { reader: self, trail, is_kept, place: after, left, commits_left: COMMITS_MAX })
    }

    fn open_trail(&self, after: TrailPlace) -> Result<Trail, DeskError> {
        let journal = self.store.commits_from(Sequence(after.commit.max(1))).map_err(broken)?;
        let journal = journal.ok_or_else(|| {
            let what = "This office lies in memory and keeps no journal.";
            Refusal::new("trail.none", what, "The audit trail is that of an office on a disk.")
        })?;
        Ok(Trail::resumed(journal, after.event))
    }

    /// The people whose files are closed to the actor today, for a look at the office as it was: they are closed there too.
    pub(super) fn closed_files(&self) -> Result<ClosedFilesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        Ok(ClosedFilesAnswer { people: self.sight().conflicts().to_vec() })
    }

    /// Whether every case and person that a record is of, or names, may be known to be there. Records of the office itself
    /// name none.
    fn sees_record(&self, id: &EntityId) -> Result<bool, DeskError> {
        match id {
            EntityId::Case(case) | EntityId::Plan(case) | EntityId::Signing(case) => {
                self.sees_case_named(*case)
            }
            EntityId::Person(person) => self.sees_person_named(*person),
            EntityId::Distinction(one, other) => {
                Ok(self.sees_person_named(*one)? && self.sees_person_named(*other)?)
            }
            EntityId::Household(_)
            | EntityId::Contact(_)
            | EntityId::Message(_)
            | EntityId::Service(_)
            | EntityId::Promise(_)
            | EntityId::Merge(_) => {
                let Some(entity) = self.last_known(id)? else { return Ok(false) };
                for case in cases_of(&entity) {
                    if !self.sees_case_named(case)? {
                        return Ok(false);
                    }
                }
                for person in people_of(&entity) {
                    if !self.sees_person_named(person)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            EntityId::Office
            | EntityId::Unit(_)
            | EntityId::Queue(_)
            | EntityId::Caseworker(_)
            | EntityId::Subject(_)
            | EntityId::Template(_)
            | EntityId::TextModule(_)
            | EntityId::RecallTime
            | EntityId::Publication(_)
            | EntityId::Rights(_)
            | EntityId::Group(_)
            | EntityId::Access(_)
            | EntityId::UnitProfile(_)
            | EntityId::Purpose(_) => Ok(true),
        }
    }

    fn sees_case_named(&self, id: CaseId) -> Result<bool, DeskError> {
        Ok(match self.last_known(&EntityId::Case(id))? {
            Some(Entity::Case(case)) => self.sight().case(&case),
            _ => false,
        })
    }

    fn sees_person_named(&self, id: PersonId) -> Result<bool, DeskError> {
        Ok(match self.last_known(&EntityId::Person(id))? {
            Some(Entity::Person(person)) => self.sight().person(&person),
            _ => false,
        })
    }

    /// Everything that happened to a record, in order.
    pub(super) fn history_of(&self, id: &EntityId) -> Result<Vec<EventRecord>, DeskError> {
        let (mut records, _) = timeline::newest(self.store, id, EVENTS_MAX)?;
        records.sort_by_key(|record| record.sequence);
        Ok(records)
    }

    /// A record, or as it was last where it was taken back since.
    fn last_known(&self, id: &EntityId) -> Result<Option<Entity>, DeskError> {
        if let Some(entity) = self.entity(id)? {
            return Ok(Some(entity));
        }
        let records = self.history_of(id)?;
        let (mut entity, mut last) = (None, None);
        for record in &records {
            entity = fold(entity, record);
            last = entity.clone().or(last);
        }
        Ok(last)
    }
}
