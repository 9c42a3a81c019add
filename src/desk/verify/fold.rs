//! Folding the events of each record makes the record as it is, and there is no record without events.

use crate::desk::error::DeskError;
use crate::desk::flow::{self, Recount};
use crate::desk::keys::{self, tag};
use crate::desk::records::decode_entity;
use crate::domain::{Entity, EntityId, fold};
use crate::store::{Direction, KeyRange};
use crate::text::hexadecimal;

use super::records::RECORDS;
use super::{Check, CheckedPart, PROGRESS_ROWS, REBUILD, TAMPERED, entity_id};

/// A record in the making of its events.
struct Folded {
    timeline: Vec<u8>,
    id: EntityId,
    entity: Option<Entity>,
}

impl Check<'_> {
    pub(super) fn fold(&mut self) -> Result<(), DeskError> {
        // The pages of one record follow each other, so that one record is held at a time.
        let mut folded: Option<Folded> = None;
        let (mut events, mut timelines) = (0_u64, 0_u64);
        let mut recount = Recount::of(self.store)?;
        let zone = self.zone.clone();
        self.timelines(|check, timeline, record| {
            events += 1;
            if events.is_multiple_of(PROGRESS_ROWS) {
                (check.progress)(CheckedPart::Fold(events));
            }
            let before = match folded.take() {
                Some(open) if open.timeline == timeline => open.entity,
                done => {
                    timelines += u64::from(done.is_some());
                    check.folded(done)?;
                    None
                }
            };
            let was = flow::work_of(before.as_ref());
            let entity = fold(before, record);
            recount.event(record, was, flow::work_of(entity.as_ref()), &zone);
            folded =
                Some(Folded { timeline: timeline.to_vec(), id: record.entity.clone(), entity });
            Ok(())
        })?;
        timelines += u64::from(folded.is_some());
        self.folded(folded)?;
        for what in recount.differences(self.store)? {
            self.find(what, REBUILD);
        }
        // Each timeline has its record, so that as many records have a timeline each.
        if timelines != self.found.records {
            self.without_timelines()?;
        }
        Ok(())
    }

    fn folded(&mut self, folded: Option<Folded>) -> Result<(), DeskError> {
        let Some(Folded { id, entity, .. }) = folded else { return Ok(()) };
        match self.get(&keys::entity(&id))?.map(|bytes| decode_entity(&id, &bytes)) {
            None => self.find(format!("{id} has a timeline and no record"), REBUILD),
            // A record that cannot be read was found as such already.
            Some(Err(_unreadable)) => {}
            Some(Ok(there)) if Some(&there) == entity.as_ref() => {}
            Some(Ok(_)) => self.find(format!("{id} is not what its events make of it"), TAMPERED),
        }
        Ok(())
    }

    fn without_timelines(&mut self) -> Result<(), DeskError> {
        for kind in RECORDS {
            self.rows(KeyRange::prefix(&[kind]), |check, key, _| {
                let pages = KeyRange::prefix(&[&[tag::TIMELINE], key].concat());
                let page = check.store.scan(&pages, 1, Direction::Forward);
                if page.map_err(crate::desk::work::broken)?.rows.is_empty() {
                    let id = entity_id(key).map_or_else(|| hexadecimal(key), |id| id.to_string());
                    check.find(format!("{id} has a record and no events"), TAMPERED);
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
