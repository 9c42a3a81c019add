//! Rows of other systems: each judged alone, each known again by its source and reference.

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::work::Why;
use crate::domain::cases::{CaseImport, ImportChange, import_change, imported};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::people::{
    self, NewPerson, Person, PersonChange, PersonEvent, PersonState, Provenance,
};
use crate::domain::{CaseId, EntityId, Event, PersonId, Refusal, Ulid};

use super::{Done, Run};

/// Rows of one import command; its events and records have to fit one frame.
pub const IMPORT_ROWS_MAX: usize = 250;

impl Run<'_> {
    fn check_rows(&self, rows: usize) -> Result<(), DeskError> {
        self.authorise(Action::Import, &Resource::office())?;
        if rows > IMPORT_ROWS_MAX {
            return Err(Refusal::new(
                "import.rows",
                format!(
                    "One import command takes {IMPORT_ROWS_MAX} rows, and this one has {rows}."
                ),
                "Send them in several.",
            )
            .into());
        }
        Ok(())
    }

    pub(super) fn import_cases(&mut self, rows: &[CaseImport]) -> Result<Done, DeskError> {
        self.check_rows(rows.len())?;
        let queue =
            self.work.directory.queue_of(self.doer.unit, QueueKind::Inbox).map(|queue| queue.id);
        let queue = queue.ok_or_else(|| {
            Refusal::new(
                "queue.none",
                "Your unit has no inbox.",
                "Open one: casedesk office open-queue.",
            )
        })?;
        let calendar = self.calendar()?;
        let context = self.case_context(&calendar, self.doer.unit);
        let mut results = Vec::with_capacity(rows.len());
        for row in rows {
            let key = keys::origin(tag::CASE, &row.source, &row.reference);
            let known = self.work.origin(&key)?.map(CaseId);
            let result = match known {
                Some(id) => {
                    let case = self.work.case(id)?;
                    match import_change(&case, row, queue, &context) {
                        Ok(ImportChange::Unchanged) => RowResult::Unchanged(EntityId::Case(id)),
                        Ok(ImportChange::Conflict) => RowResult::Conflict(EntityId::Case(id)),
                        Ok(ImportChange::Update(event)) => {
                            let why = Why::rule("import");
                            self.work.happen(
                                &self.doer.clone(),
                                EntityId::Case(id),
                                Event::Case(*event),
                                why,
                            )?;
                            RowResult::Updated(EntityId::Case(id))
                        }
                        Err(refusal) => RowResult::Rejected(refusal),
                    }
                }
                None => self.new_import(row, key, queue, &context)?,
            };
            results.push(result);
        }
        let mut done = Done::new(format!("{} rows are in.", results.len()))
            .not_undoable("correct them at their source");
        done.rows = results;
        Ok(done)
    }

    fn new_import(
        &mut self,
        row: &CaseImport,
        key: Vec<u8>,
        queue: crate::domain::QueueId,
        context: &crate::domain::cases::CaseContext<'_>,
    ) -> Result<RowResult, DeskError> {
        let numbers = self.work.numbers;
        let number = self.work.next::<CaseId>();
        let ulid = Ulid::new(self.doer.at, u128::from_be_bytes(self.work.draw()));
        match imported(row, number, ulid, queue, context) {
            Ok(event) => {
                let id = EntityId::Case(number);
                self.work.expect_new(&id);
                self.work.has_origin(key, id.clone());
                self.work.happen(
                    &self.doer.clone(),
                    id.clone(),
                    Event::Case(event),
                    Why::rule("import"),
                )?;
                Ok(RowResult::Created(id))
            }
            Err(refusal) => {
                self.work.numbers = numbers;
                Ok(RowResult::Rejected(refusal))
            }
        }
    }

    pub(super) fn import_people(&mut self, rows: &[NewPerson]) -> Result<Done, DeskError> {
        self.check_rows(rows.len())?;
        let mut results = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((source, reference)) = &row.origin else {
                results.push(RowResult::Rejected(Refusal::new(
                    "import.origin",
                    "The row has no source and reference.",
                    "Each row needs the source's own key.",
                )));
                continue;
            };
            let key = keys::origin(tag::PERSON, source, reference);
            let result = match self.work.origin(&key)?.map(PersonId) {
                Some(id) => self.import_known(id, row)?,
                None => self.import_new(row)?,
            };
            results.push(result);
        }
        let mut done = Done::new(format!("{} rows are in.", results.len()))
            .not_undoable("correct them at their source");
        done.rows = results;
        Ok(done)
    }

    fn import_new(&mut self, row: &NewPerson) -> Result<RowResult, DeskError> {
        let numbers = self.work.numbers;
        match self.new_person(row) {
            Ok(id) => Ok(RowResult::Created(EntityId::Person(id))),
            Err(DeskError::Refused(refusal)) => {
                self.work.numbers = numbers;
                Ok(RowResult::Rejected(refusal))
            }
            Err(error) => Err(error),
        }
    }

    /// A row of somebody who is here already: what the source says is taken over where nobody here has said otherwise.
    fn import_known(&mut self, id: PersonId, row: &NewPerson) -> Result<RowResult, DeskError> {
        let person = self.work.person(id)?;
        let changes = differences(&person, row);
        if changes.is_empty() {
            return Ok(RowResult::Unchanged(EntityId::Person(id)));
        }
        if matches!(person.state, PersonState::Merged(_)) {
            return Ok(RowResult::Conflict(EntityId::Person(self.current_person(id)?)));
        }
        if person.version > 1 && person.has_other_source(&row.source) {
            return Ok(RowResult::Conflict(EntityId::Person(id)));
        }
        let provenance =
            Provenance { source: row.source.clone(), on: self.today, is_verified: row.is_verified };
        let mut events: Vec<PersonEvent> = Vec::new();
        for change in changes {
            match people::decide(&person, &change, &provenance) {
                Ok(event) => events.push(event),
                Err(refusal) => return Ok(RowResult::Rejected(refusal)),
            }
        }
        for event in events {
            self.work.happen(
                &self.doer.clone(),
                EntityId::Person(id),
                Event::Person(event),
                Why::rule("import"),
            )?;
        }
        Ok(RowResult::Updated(EntityId::Person(id)))
    }
}

/// What a row says otherwise than the record.
fn differences(person: &Person, row: &NewPerson) -> Vec<PersonChange> {
    let mut changes = Vec::new();
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    for (at, name) in row.names.iter().enumerate() {
        if person.names.get(at).map(|fact| &fact.value) != Some(name) {
            changes.push(PersonChange::Name { index: index(at), name: name.clone() });
        }
    }
    if let Some(birth_date) = row.birth_date
        && person.birth_date.as_ref().map(|fact| fact.value) != Some(birth_date)
    {
        changes.push(PersonChange::BirthDate(birth_date));
    }
    for (at, identity) in row.identities.iter().enumerate() {
        if person.identities.get(at).map(|fact| &fact.value) != Some(identity) {
            changes.push(PersonChange::Identity { index: index(at), identity: identity.clone() });
        }
    }
    for (at, point) in row.contact_points.iter().enumerate() {
        if person.contact_points.get(at).map(|fact| &fact.value.raw) != Some(&point.raw) {
            changes.push(PersonChange::ContactPoint { index: index(at), point: point.clone() });
        }
    }
    if let Some(address) = &row.address
        && person.address.as_ref().map(|fact| &fact.value) != Some(address)
    {
        changes.push(PersonChange::Address(address.clone()));
    }
    changes
}
