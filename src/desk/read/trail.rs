//! What of the audit trail the actor may know: its events are read from the journal, and whoever shows them leaves out those
//! of records that are hidden from the actor.

use crate::desk::answer::{ClosedFilesAnswer, UnseenAnswer};
use crate::desk::behind::{cases_of, people_of};
use crate::desk::error::DeskError;
use crate::desk::timeline;
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, Entity, EntityId, EventRecord, PersonId, Refusal, fold};

use super::Reader;

/// Records that can be asked about at once.
pub const UNSEEN_ASKED_MAX: usize = 1_000;
/// Events of a record from which it is made once more, or counted again: more than any record has.
const EVENTS_MAX: usize = 100_000;

impl Reader<'_> {
    /// Which of these records the actor may not know of, with those that are not there: the two look alike.
    pub(super) fn unseen(&self, records: &[EntityId]) -> Result<UnseenAnswer, DeskError> {
        if records.len() > UNSEEN_ASKED_MAX {
            let what = format!("At most {UNSEEN_ASKED_MAX} records can be asked about at once.");
            return Err(Refusal::new("trail.many", what, "Ask for fewer at once.").into());
        }
        let mut unseen = Vec::new();
        for id in records {
            if !self.sees_record(id)? {
                unseen.push(id.clone());
            }
        }
        Ok(UnseenAnswer { records: unseen })
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
