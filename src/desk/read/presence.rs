//! What goes on wherever somebody is: their contact that runs, and the promises that ring.

use crate::desk::answer::{PresenceAnswer, RunningContact};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::domain::cases::{Contact, Verification};
use crate::domain::office::{Action, Resource};
use crate::domain::{Entity, EntityId, PersonId, PromiseId};
use crate::store::Direction;

use super::{Reader, mask};

/// Open promises to one person among which the one of a contact is looked for.
const PROMISES_SCANNED: usize = 64;

impl Reader<'_> {
    pub(super) fn presence(&self) -> Result<PresenceAnswer, DeskError> {
        Ok(PresenceAnswer {
            contact: self.running_contact()?,
            rings: self.rings()?,
            emergencies: self.open_accesses(),
            reviews_due: self.reviews_due(),
            signings_due: self.signings_due()?,
            purposes: self.directory.purposes.in_force(self.today).into_iter().cloned().collect(),
            reviews_waiting: self.reviews_waiting(),
        })
    }

    /// How many accesses of others wait for a review by the actor.
    fn reviews_waiting(&self) -> u64 {
        if !self.sight().may(Action::ReviewAccess, &Resource::office()) {
            return 0;
        }
        let waiting = self.directory.reviews_waiting(self.actor.id, self.at);
        u64::try_from(waiting).unwrap_or(u64::MAX)
    }

    fn running_contact(&self) -> Result<Option<RunningContact>, DeskError> {
        let Some(contact) = self.running()? else { return Ok(None) };
        let person = match contact.held.person {
            Some(person) => self.visible_person(person)?,
            None => None,
        };
        let is_promised = match &person {
            Some(person) => self.is_promised_in(&contact, person.id)?,
            None => false,
        };
        let cases = self.cases_of_contact(&contact)?.unwrap_or_default();
        let verification = contact.verification.as_ref();
        Ok(Some(RunningContact {
            contact: contact.id,
            channel: contact.held.channel,
            direction: contact.held.direction,
            person: person.map(|person| (person.id, person.name().listed())),
            started_at: contact.held.started_at,
            is_verified: contact.is_verified(),
            is_failed: verification.is_some_and(Verification::is_failed),
            telephone: contact.telephone.as_deref().map(mask::telephone),
            ivr_path: contact.ivr_path,
            summary: contact.held.summary,
            cases,
            is_promised,
        }))
    }

    /// Whether something was promised in a contact, to whoever it is with, and is still to be kept.
    fn is_promised_in(&self, contact: &Contact, person: PersonId) -> Result<bool, DeskError> {
        for &number in self.numbers_of(person)?.iter() {
            let range = keys::promises_to(number).byte(0).range();
            for (key, _) in self.scan(&range, PROMISES_SCANNED, Direction::Backward)?.rows {
                let id = EntityId::Promise(PromiseId(keys::last_number(&key)));
                if let Some(Entity::Promise(promise)) = self.entity(&id)?
                    && promise.promised.made_in == Some(contact.id)
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
