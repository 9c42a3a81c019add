//! The search index says of people what their records say, and nothing else.

use crate::desk::derive::document;
use crate::desk::error::DeskError;
use crate::desk::keys::tag;
use crate::desk::kin::StoredKin;
use crate::desk::read::StoreIndex;
use crate::desk::records::decode_entity;
use crate::desk::work::broken;
use crate::domain::Entity;
use crate::search::{IndexCheck, SearchError};
use crate::store::KeyRange;

use super::{Check, CheckedPart, PROGRESS_ROWS, entity_id};

/// What to do about an index that differs from the people: the journal has it just so, and their records are right.
const REINDEX: &str = "make it anew: casedesk reindex";

impl Check<'_> {
    pub(super) fn search(&mut self) -> Result<(), DeskError> {
        let index = StoreIndex(self.store);
        let mut compared = match IndexCheck::new(&index) {
            Ok(compared) => compared,
            Err(error @ (SearchError::Read(_) | SearchError::Cancelled)) => {
                return Err(broken(error));
            }
            Err(error) => {
                self.find(format!("the search index: {error}"), REINDEX);
                return Ok(());
            }
        };
        let mut people = 0_u64;
        self.rows(KeyRange::prefix(&[tag::PERSON]), |check, key, value| {
            people += 1;
            if people.is_multiple_of(PROGRESS_ROWS) {
                (check.progress)(CheckedPart::Search(people));
            }
            // A record that cannot be read was found as such already.
            if let Some(id) = entity_id(key)
                && let Ok(Entity::Person(person)) = decode_entity(&id, value)
                && let Some(document) =
                    document(&person, &StoredKin(check.store)).map_err(broken)?
            {
                compared.see(&document).map_err(broken)?;
            }
            Ok(())
        })?;
        for wrong in compared.finish().map_err(broken)? {
            self.find(format!("the search index: {wrong}"), REINDEX);
        }
        Ok(())
    }
}
