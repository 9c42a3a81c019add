//! The office's rules as texts: which there are, and how far each has come. Everybody works by them, so everybody reads them.

use crate::desk::answer::{RulesAnswer, RulesLine};
use crate::desk::directory::DIRECTORY_ROWS_MAX;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::decode_entity;
use crate::desk::verify::entity_id;
use crate::desk::work::broken;
use crate::domain::rules::{
    Publication, PublicationKind, PublicationName, PublicationState, RulesText,
};
use crate::domain::{CaseworkerId, Entity, EntityId};
use crate::store::Direction;

use super::Reader;

impl Reader<'_> {
    pub(super) fn rules(&self, kind: Option<PublicationKind>) -> Result<RulesAnswer, DeskError> {
        let range = keys::rules_of(kind).range();
        let rows = self.scan(&range, DIRECTORY_ROWS_MAX, Direction::Forward)?.rows;
        let mut lines = Vec::new();
        for (key, found) in rows {
            let id = entity_id(&key).ok_or_else(|| broken("a key of no text of rules"))?;
            if let Entity::Publication(held) = decode_entity(&id, &found.value).map_err(broken)? {
                lines.push(self.rules_line(*held));
            }
        }
        Ok(RulesAnswer { lines })
    }

    pub(super) fn rules_text(&self, name: &PublicationName) -> Result<Publication, DeskError> {
        match self.entity(&EntityId::Publication(name.clone()))? {
            Some(Entity::Publication(held)) => Ok(*held),
            _ => Err(DeskError::NotFound(name.to_string())),
        }
    }

    fn rules_line(&self, held: Publication) -> RulesLine {
        let named = |id: CaseworkerId| {
            let caseworker = self.directory.caseworkers.get(&id);
            caseworker.map_or_else(|| id.to_string(), |caseworker| caseworker.name.clone())
        };
        let published_by = match held.state {
            PublicationState::Published { by, .. } => Some(named(by)),
            PublicationState::Proposed | PublicationState::Withdrawn => None,
        };
        let read = RulesText::read(held.name.kind, &held.text).ok();
        RulesLine {
            title: read.as_ref().map_or_else(String::new, RulesText::title),
            is_readable: read.is_some(),
            is_in_force: self.directory.rules.is_in_force(&held.name, self.today),
            from: held.from,
            proposed_by: named(held.proposed_by),
            proposed_at: held.proposed_at,
            published_by,
            name: held.name,
            state: held.state,
        }
    }
}
