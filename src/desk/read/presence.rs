//! What goes on wherever somebody is: their contact that runs, and the promises that ring.

use crate::desk::answer::{PresenceAnswer, RunningContact};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::domain::ContactId;
use crate::domain::cases::Contact;
use crate::store::Direction;

use super::Reader;

impl Reader<'_> {
    pub(super) fn presence(&self) -> Result<PresenceAnswer, DeskError> {
        Ok(PresenceAnswer { contact: self.running_contact()?, rings: self.rings()? })
    }

    fn running_contact(&self) -> Result<Option<RunningContact>, DeskError> {
        let range = keys::running_of(self.actor.id).range();
        let page = self.scan(&range, 1, Direction::Forward)?;
        let Some((key, _)) = page.rows.first() else { return Ok(None) };
        let contact = self.contact(ContactId(keys::last_number(key)))?;
        let person = match contact.held.person {
            Some(person) => self.visible_person(person)?,
            None => None,
        };
        Ok(Some(contact).filter(Contact::is_running).map(|contact| RunningContact {
            contact: contact.id,
            channel: contact.held.channel,
            direction: contact.held.direction,
            person: person.map(|person| (person.id, person.name().listed())),
            started_at: contact.held.started_at,
            is_verified: contact.is_verified(),
            cases: contact.cases,
        }))
    }
}
