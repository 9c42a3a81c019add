//! Merges and the records that they merged say the same: one is in force where, and only where, its record went into another.

use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::records::decode_entity;
use crate::domain::cases::Stage;
use crate::domain::people::PersonState;
use crate::domain::{Entity, EntityId, Merge};
use crate::store::KeyRange;

use super::{Check, REBUILD, entity_id};

impl Check<'_> {
    pub(super) fn merges(&mut self) -> Result<(), DeskError> {
        self.rows(KeyRange::prefix(&[tag::MERGE]), |check, key, value| {
            if let Some(Ok(Entity::Merge(merge))) =
                entity_id(key).map(|id| decode_entity(&id, value))
            {
                check.merge(&merge)?;
            }
            Ok(())
        })?;
        self.rows(KeyRange::prefix(&[tag::PERSON]), |check, key, value| {
            if let Some(Ok(Entity::Person(person))) =
                entity_id(key).map(|id| decode_entity(&id, value))
                && matches!(person.state, PersonState::Merged(_))
                && check.get(&keys::merged(&EntityId::Person(person.id)))?.is_none()
            {
                check.find(format!("{} went into another record by no merge", person.id), REBUILD);
            }
            Ok(())
        })
    }

    fn merge(&mut self, merge: &Merge) -> Result<(), DeskError> {
        let (merged, survivor) = (merge.merged(), merge.survivor());
        for id in [&merged, &survivor] {
            if self.get(&keys::entity(id))?.is_none() {
                self.find(format!("{} is of {id}, which is not there", merge.id), REBUILD);
            }
        }
        if !merge.is_in_force() {
            return Ok(());
        }
        let Some(bytes) = self.get(&keys::entity(&merged))? else { return Ok(()) };
        let has_gone = match decode_entity(&merged, &bytes) {
            Ok(Entity::Person(person)) => {
                EntityId::Person(person.id) == merged
                    && matches!(person.state, PersonState::Merged(into) if EntityId::Person(into) == survivor)
            }
            Ok(Entity::Case(case)) => case.stage == Stage::DuplicateOf,
            // A record that cannot be read was found as such already.
            _ => true,
        };
        if !has_gone {
            let what = format!("{merged} stands for itself, and {} merged it", merge.id);
            self.find(what, REBUILD);
        }
        Ok(())
    }
}
