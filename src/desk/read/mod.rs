//! Answering queries: what each answer is made of, masked, and only of what the actor may see.

mod accesses;
mod alike_rows;
mod answers;
mod attendance;
mod board;
mod call;
mod case_file;
mod census;
mod clocks;
mod closed;
mod colleagues;
mod contacts;
mod day;
mod difference;
mod drafts;
mod duplicates;
mod evidence;
mod extension;
mod fairness;
mod find;
mod handover;
mod header;
mod histories;
mod ledger;
mod limited;
mod lists;
mod macros;
mod mask;
mod merges;
mod near;
mod news;
mod office;
mod opened;
mod overdue;
mod person_file;
mod plan_view;
mod plan_words;
mod presence;
mod promises;
mod readings;
mod rights;
mod rows;
mod rules;
mod seen;
mod signings;
mod similar;
mod steps;
mod suggestions;
mod tables;
mod targets;
mod trail;
mod units;
mod unrouted;
mod verification;
mod why;
mod words;

pub use trail::TRAIL_PAGE_MAX;

use std::sync::Arc;

use crate::domain::cases::{Case, Contact, Message, Stage};
use crate::domain::limits::MERGES_MAX;
use crate::domain::money::Service;
use crate::domain::office::{Action, Caseworker, Resource};
use crate::domain::people::{Household, Person};
use crate::domain::time::{Day, Instant, Zone};
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, HouseholdId, MessageId, PersonId};
use crate::search::{IndexFound, IndexRead, IndexReadError, IndexValue};
use crate::store::{Direction, KeyRange, Page, Store, Value};

use super::commit::{search_key, search_range, search_rows};
use super::directory::Directory;
use super::error::DeskError;
use super::kept::KeptRecord;
use super::keys::{self, Counter};
use super::local::LocalDesk;
use super::query::{Answer, Query};
use super::records::decode_entity;
use super::run::{authorise, check_has_not_left};
use super::sight::Sight;
use super::work::{Doer, broken, counted};

/// Answers one query for one actor at one moment.
pub(super) struct Reader<'d> {
    desk: &'d LocalDesk,
    store: &'d dyn Store,
    directory: Arc<Directory>,
    actor: Caseworker,
    at: Instant,
    /// The zone of the actor's unit, and what day it is there.
    zone: Zone,
    today: Day,
    seen: seen::Seen,
    /// The same of the office: what is counted by day is counted by its days.
    office_zone: Zone,
    office_today: Day,
}

impl<'d> Reader<'d> {
    pub(super) fn new(desk: &'d LocalDesk, actor: CaseworkerId) -> Result<Self, DeskError> {
        let directory = desk.directory();
        let actor = directory.actor(actor)?.clone();
        check_has_not_left(&actor)?;
        let office_zone = directory.office()?.calendar.zone();
        let zone = directory.zone_of(actor.unit)?;
        let at = desk.clock.now();
        let (today, office_today) = (zone.day(at), office_zone.day(at));
        let store = desk.store.as_ref();
        let seen = seen::Seen::default();
        Ok(Self { desk, store, directory, actor, at, zone, today, seen, office_zone, office_today })
    }

    #[expect(clippy::too_many_lines, reason = "one line for each question")]
    pub(super) fn answer(
        &self,
        query: Query,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, DeskError> {
        Ok(match query {
            Query::Who(_) => Answer::Who(Box::new(self.who()?)),
            Query::Board(question) => Answer::Board(Box::new(self.board(question.unit)?)),
            Query::Cases(question) => Answer::Cases(Box::new(self.cases(&question, is_cancelled)?)),
            Query::CasePreview(question) => {
                Answer::CasePreview(Box::new(self.preview(question.case)?))
            }
            Query::CaseFile(question) => {
                Answer::CaseFile(Box::new(self.case_file(question.case, question.entries)?))
            }
            Query::PersonFile(question) => {
                Answer::PersonFile(Box::new(self.person_file(question.person)?))
            }
            Query::Find(question) => {
                Answer::Find(Box::new(self.find(&question.text, question.limit, is_cancelled)?))
            }
            Query::Subjects(question) => {
                Answer::Subjects(Box::new(self.subjects(&question.text, question.limit)?))
            }
            Query::Similar(question) => Answer::Similar(Box::new(self.similar(&question)?)),
            Query::GiveTargets(question) => {
                Answer::GiveTargets(Box::new(self.give_targets(&question.text)?))
            }
            Query::EscalationTargets(question) => {
                Answer::EscalationTargets(Box::new(self.escalation_targets(question.case)?))
            }
            Query::Why(question) => Answer::Why(Box::new(self.why(question.case)?)),
            Query::Overdue(_) => Answer::Overdue(Box::new(self.overdue()?)),
            Query::Queues(_) => Answer::Queues(Box::new(self.queues()?)),
            Query::Ledger(question) => Answer::Ledger(Box::new(self.ledger(question.after)?)),
            Query::Office(_) => Answer::Office(Box::new(self.office()?)),
            Query::Draft(question) => Answer::Draft(Box::new(self.draft(&question.key)?)),
            Query::Drafts(_) => Answer::Drafts(Box::new(self.drafts()?)),
            Query::Message(question) => {
                Answer::Message(Box::new(self.message_read(question.message)?))
            }
            Query::Health(_) => Answer::Health(Box::new(self.desk.health())),
            Query::Census(question) => Answer::Census(Box::new(self.census(question.place)?)),
            Query::Alike(question) => {
                Answer::Alike(Box::new(self.alike(&question.person, question.limit)?))
            }
            Query::Duplicates(question) => {
                Answer::Duplicates(Box::new(self.duplicates(&question)?))
            }
            Query::Likely(_) => Answer::Likely(Box::new(self.likely()?)),
            Query::ReplyKit(question) => Answer::ReplyKit(Box::new(self.reply_kit(question.case)?)),
            Query::Filled(question) => Answer::Filled(Box::new(self.filled(&question)?)),
            Query::Modules(question) => Answer::Modules(Box::new(self.modules(&question)?)),
            Query::Library(question) => {
                Answer::Library(Box::new(self.library(question.language.as_deref())?))
            }
            Query::Call(question) => {
                Answer::Call(Box::new(self.call(&question.number, is_cancelled)?))
            }
            Query::Macros(_) => Answer::Macros(Box::new(self.macros()?)),
            Query::ForEach(question) => Answer::ForEach(Box::new(self.desk.try_each(
                Doer {
                    actor: self.actor.id,
                    on_behalf_of: None,
                    unit: self.actor.unit,
                    at: self.at,
                    contact: None,
                },
                &question.cases,
                &question.act,
                question.letter,
            )?)),
            Query::Presence(_) => Answer::Presence(Box::new(self.presence()?)),
            Query::News(_) => Answer::News(Box::new(self.news()?)),
            Query::Day(_) => Answer::Day(Box::new(self.day()?)),
            Query::Colleagues(_) => Answer::Colleagues(Box::new(self.colleagues()?)),
            Query::CaseIds(question) => {
                Answer::CaseIds(Box::new(self.case_ids(&question, is_cancelled)?))
            }
            Query::Frequencies(question) => {
                Answer::Frequencies(Box::new(self.frequencies(&question, is_cancelled)?))
            }
            Query::Views(_) => Answer::Views(Box::new(self.views()?)),
            Query::LimitWords(_) => Answer::LimitWords(Box::new(self.limit_words()?)),
            Query::Promises(question) => {
                Answer::Promises(Box::new(self.promises(question.whose, question.filter)?))
            }
            Query::Reach(question) => Answer::Reach(Box::new(self.reach(question.person)?)),
            Query::PromiseRates(_) => Answer::PromiseRates(Box::new(self.promise_rates()?)),
            Query::Places(_) => Answer::Places(Box::new(self.cut_off_places()?)),
            Query::Verification(_) => Answer::Verification(Box::new(self.verification()?)),
            Query::Contacts(question) => {
                Answer::Contacts(Box::new(self.contact_list(question.person, question.limit)?))
            }
            Query::Contact(question) => {
                Answer::Contact(Box::new(self.contact_shown(question.contact)?))
            }
            Query::MergeCandidates(question) => {
                Answer::MergeCandidates(Box::new(self.merge_candidates(&question)?))
            }
            Query::Suggestion(question) => {
                Answer::Suggestion(Box::new(self.suggestion(&question)?))
            }
            Query::PersonMerge(question) => Answer::PersonMerge(Box::new(
                self.person_merge(question.survivor, question.merged)?,
            )),
            Query::Calendar(question) => Answer::Calendar(Box::new(self.calendar(&question.unit)?)),
            Query::ClockMoves(question) => {
                Answer::ClockMoves(Box::new(self.clock_moves(&question.proposed, question.after)?))
            }
            Query::Rules(question) => Answer::Rules(Box::new(self.rules(question.kind)?)),
            Query::RulesText(question) => {
                Answer::RulesText(Box::new(self.rules_text(&question.name)?))
            }
            Query::TableCheck(question) => {
                Answer::TableCheck(Box::new(self.table_check(&question.text)))
            }
            Query::TableTry(question) => Answer::TableTry(Box::new(self.table_try(&question)?)),
            Query::History(question) => Answer::History(Box::new(self.history(question.case)?)),
            Query::Grants(question) => {
                Answer::Grants(Box::new(self.grants(question.whose.as_ref())?))
            }
            Query::Attendance(question) => {
                Answer::Attendance(Box::new(self.attendance(&question.about)?))
            }
            Query::Fairness(question) => {
                Answer::Fairness(Box::new(self.fairness(&question, is_cancelled)?))
            }
            Query::Units(_) => Answer::Units(Box::new(self.units()?)),
            Query::Handover(question) => {
                Answer::Handover(Box::new(self.handover(question.caseworker, &question.also)?))
            }
            Query::CaseHeader(question) => {
                Answer::CaseHeader(Box::new(self.case_header(question.case)?))
            }
            Query::Accesses(_) => Answer::Accesses(Box::new(self.accesses()?)),
            Query::Signings(_) => Answer::Signings(Box::new(self.signings()?)),
            Query::Trail(question) => Answer::Trail(Box::new(self.trail(&question, is_cancelled)?)),
            Query::TrailCheck(question) => {
                Answer::TrailCheck(Box::new(self.trail_check(&question, is_cancelled)?))
            }
            Query::ClosedFiles(_) => Answer::ClosedFiles(Box::new(self.closed_files()?)),
            Query::Purposes(_) => Answer::Purposes(Box::new(self.purposes())),
            Query::AccessReadings(question) => {
                Answer::AccessReadings(Box::new(self.access_readings(question.access)?))
            }
        })
    }

    /// A message, for whoever may see its case.
    fn message_read(&self, message: MessageId) -> Result<Message, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let message = self.message_shown(message)?;
        if !self.sees_case(message.case)? {
            return Err(DeskError::NotFound(message.id.to_string()));
        }
        Ok(message)
    }

    fn authorise(&self, action: Action, resource: &Resource<'_>) -> Result<(), DeskError> {
        authorise(&self.directory, &self.actor, action, resource, self.today)
    }

    /// What the actor may see and do today.
    fn sight(&self) -> Sight<'_> {
        Sight::new(&self.directory, &self.actor, self.today, self.at)
    }

    fn get(&self, key: &[u8]) -> Result<Option<Value>, DeskError> {
        Ok(self.store.get(key).map_err(broken)?.map(|found| found.value))
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, DeskError> {
        self.store.scan(range, limit, direction).map_err(broken)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a counter is named for this one question")]
    fn count(&self, counter: Counter) -> Result<u64, DeskError> {
        Ok(self.get(&counter.key())?.map_or(0, |bytes| counted(&bytes)).unsigned_abs())
    }

    fn entity(&self, id: &EntityId) -> Result<Option<Entity>, DeskError> {
        let Some(bytes) = self.get(&keys::entity(id))? else { return Ok(None) };
        Ok(Some(decode_entity(id, &bytes).map_err(broken)?))
    }

    /// A record of a kind that the desk keeps, shared with whoever else reads it.
    fn kept(&self, id: &EntityId) -> Result<Option<KeptRecord>, DeskError> {
        let before = match self.desk.kept.record(id) {
            Ok(kept) => return Ok(Some(kept)),
            Err(before) => before,
        };
        let record = self.entity(id)?.and_then(KeptRecord::of);
        if let Some(record) = &record {
            self.desk.kept.keep(id, before, record);
        }
        Ok(record)
    }

    fn case(&self, id: CaseId) -> Result<Arc<Case>, DeskError> {
        match self.kept(&EntityId::Case(id))? {
            Some(KeptRecord::Case(case)) => Ok(case),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// A case that the actor may see, or the one that it was merged into; one that they may not see looks like one that is
    /// not there.
    fn visible_case(&self, id: CaseId) -> Result<Arc<Case>, DeskError> {
        let mut case = self.case(id)?;
        let is_visible = self.may_see(&case);
        if is_visible && case.stage == Stage::DuplicateOf {
            case = self.case(self.current_case(id)?)?;
        }
        if is_visible && self.may_see(&case) {
            Ok(case)
        } else {
            Err(DeskError::NotFound(id.to_string()))
        }
    }

    fn person(&self, id: PersonId) -> Result<Arc<Person>, DeskError> {
        match self.kept(&EntityId::Person(id))? {
            Some(KeptRecord::Person(person)) => Ok(person),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// A person whom the actor may see, or nobody. A number that was merged leads to the record that stands for it.
    fn visible_person(&self, id: PersonId) -> Result<Option<Arc<Person>>, DeskError> {
        let mut found = self.visible_record(id)?;
        for _ in 0..MERGES_MAX {
            match found.as_ref().and_then(|person| person.state.merged_into()) {
                Some(into) => found = self.visible_record(into)?,
                None => break,
            }
        }
        Ok(found)
    }

    /// The record of that number itself, merged or not, if the actor may see it.
    fn visible_record(&self, id: PersonId) -> Result<Option<Arc<Person>>, DeskError> {
        match self.person(id) {
            Ok(person) => Ok(self.may_see_record(&person).then_some(person)),
            Err(DeskError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn household(&self, id: HouseholdId) -> Result<Arc<Household>, DeskError> {
        match self.kept(&EntityId::Household(id))? {
            Some(KeptRecord::Household(household)) => Ok(household),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    fn message(&self, id: MessageId) -> Result<Message, DeskError> {
        match self.entity(&EntityId::Message(id))? {
            Some(Entity::Message(message)) => Ok(message),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// A message as it is answered: where it goes stands masked.
    fn message_shown(&self, id: MessageId) -> Result<Message, DeskError> {
        let message = self.message(id)?;
        Ok(Message { address: mask::address(message.channel, &message.address), ..message })
    }

    fn contact(&self, id: crate::domain::ContactId) -> Result<Contact, DeskError> {
        match self.entity(&EntityId::Contact(id))? {
            Some(Entity::Contact(contact)) => Ok(contact),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    fn service(&self, id: crate::domain::ServiceId) -> Result<Service, DeskError> {
        match self.entity(&EntityId::Service(id))? {
            Some(Entity::Service(service)) => Ok(service),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }
}

/// The search index as the store has it now.
pub(super) struct StoreIndex<'s>(pub(super) &'s dyn Store);

impl IndexRead for StoreIndex<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        let found =
            self.0.get(&search_key(key)).map_err(|error| IndexReadError(Box::new(error)))?;
        Ok(found.map(|found| found.value))
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let page = self.0.scan(&search_range(from, to), limit, Direction::Forward);
        Ok(search_rows(page.map_err(|error| IndexReadError(Box::new(error)))?))
    }
}
