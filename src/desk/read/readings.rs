//! What was read under an emergency access: files that were opened, and what of them was shown in full.

use std::collections::BTreeSet;

use crate::desk::answer::{AccessReading, AccessReadingsAnswer};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::timeline;
use crate::domain::office::{Behind, EmergencyAccess};
use crate::domain::{AccessId, CaseId, Entity, EntityId, Event, EventRecord};
use crate::store::Direction;

use super::Reader;

/// Readings that one answer tells of, the earliest; how many more there were is said.
const READINGS_MAX: usize = 100;
/// Cases of a person that are looked through, the newest.
const CASES_LOOKED_AT_MAX: usize = 500;
/// Events of a file that are looked through, and readings, the newest of each.
const EVENTS_LOOKED_AT_MAX: usize = 5_000;

impl Reader<'_> {
    /// What was read under an access, in order; for whoever may know of the access. Of cases, those alone that the reader
    /// may know of: beside the file itself, which the access names.
    pub(super) fn access_readings(&self, id: AccessId) -> Result<AccessReadingsAnswer, DeskError> {
        let access = match self.entity(&EntityId::Access(id))? {
            Some(Entity::Access(access)) if self.knows_of(&access)? => access,
            _ => return Err(DeskError::NotFound(id.to_string())),
        };
        let mut readings = Vec::new();
        for file in self.files_behind(&access)? {
            let (opened, _) = timeline::newest_readings(self.store, &file, EVENTS_LOOKED_AT_MAX)?;
            let (others, _) = timeline::newest(self.store, &file, EVENTS_LOOKED_AT_MAX)?;
            let records = opened.into_iter().chain(others);
            readings.extend(records.filter_map(|record| reading(record, &access)));
        }
        readings.sort_by_key(|(sequence, _)| *sequence);
        let more = u64::try_from(readings.len().saturating_sub(READINGS_MAX)).unwrap_or(u64::MAX);
        let readings = readings.into_iter().take(READINGS_MAX).map(|(_, reading)| reading);
        Ok(AccessReadingsAnswer { access: id, readings: readings.collect(), more })
    }

    /// The files that an access opened: a case, or a person under every number of theirs with their cases.
    fn files_behind(&self, access: &EmergencyAccess) -> Result<Vec<EntityId>, DeskError> {
        let person = match access.behind {
            Behind::Case(case) => return Ok(vec![EntityId::Case(case)]),
            Behind::Person(person) => person,
        };
        let mut cases = BTreeSet::new();
        let mut files = Vec::new();
        for &number in self.numbers_of(person)?.iter() {
            files.push(EntityId::Person(number));
            let range = keys::of_person(number).range();
            let rows = self.scan(&range, CASES_LOOKED_AT_MAX, Direction::Backward)?.rows;
            cases.extend(rows.iter().map(|(key, _)| CaseId(keys::last_number(key))));
        }
        for case in cases {
            if self.sees_case(case)? {
                files.push(EntityId::Case(case));
            }
        }
        Ok(files)
    }
}

/// An event with its place in the trail, where it is a reading that carries the access's number.
fn reading(record: EventRecord, access: &EmergencyAccess) -> Option<(u64, AccessReading)> {
    let number = access.id.to_string();
    let is_under = |reason: &str| reason.split([';', ',', ' ']).any(|word| word == number);
    if record.actor != access.by || !record.reason.as_deref().is_some_and(is_under) {
        return None;
    }
    let fields = if record.event == Event::Opened {
        Vec::new()
    } else if let Event::Revealed { fields } = record.event {
        fields
    } else {
        return None;
    };
    Some((record.sequence, AccessReading { at: record.at, file: record.entity, fields }))
}
