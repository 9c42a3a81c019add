//! What goes on wherever somebody is: their contact that runs, and the promises that ring.

use crate::desk::answer::{PresenceAnswer, RunningContact};
use crate::desk::error::DeskError;
use crate::domain::cases::Verification;

use super::{Reader, mask};

impl Reader<'_> {
    pub(super) fn presence(&self) -> Result<PresenceAnswer, DeskError> {
        Ok(PresenceAnswer { contact: self.running_contact()?, rings: Vec::new() })
    }

    fn running_contact(&self) -> Result<Option<RunningContact>, DeskError> {
        let Some(contact) = self.running()? else { return Ok(None) };
        let person = match contact.held.person {
            Some(person) => self.visible_person(person)?,
            None => None,
        };
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
            cases: contact.cases,
        }))
    }
}
