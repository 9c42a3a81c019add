//! Contacts as they are listed and shown, what they did for their cases, and whom a caller may ask about.

use std::sync::Arc;

use crate::desk::answer::{ContactRecord, ContactsAnswer};
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::domain::cases::{Case, Contact, is_first_contact};
use crate::domain::office::{Action, Resource};
use crate::domain::people::{MayAsk, Person, may_ask};
use crate::domain::{CaseId, ContactId, PersonId};
use crate::store::Direction;

use super::{Reader, mask};

/// Contacts that one answer lists.
const LISTED_MAX: usize = 200;
/// Contacts among which the actor's own newest are looked for.
const SCANNED_MAX: usize = 5_000;
/// Contacts of one case that are looked at.
const OF_CASE_MAX: usize = 200;

impl Reader<'_> {
    /// The actor's contact that runs.
    pub(super) fn running(&self) -> Result<Option<Contact>, DeskError> {
        let page = self.scan(&keys::running_of(self.actor.id).range(), 1, Direction::Forward)?;
        let Some((key, _)) = page.rows.first() else { return Ok(None) };
        let contact = self.contact(ContactId(keys::last_number(key)))?;
        Ok(Some(contact).filter(Contact::is_running))
    }

    /// Contacts, newest first: of a person under all of their numbers, or the actor's own.
    pub(super) fn contact_list(
        &self,
        person: Option<PersonId>,
        limit: u32,
    ) -> Result<ContactsAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let limit = usize::try_from(limit).unwrap_or(LISTED_MAX).clamp(1, LISTED_MAX);
        let keys = if let Some(person) = person {
            let missing = || DeskError::NotFound(person.to_string());
            let current = self.visible_person(person)?.ok_or_else(missing)?;
            self.newest_rows(current.id, keys::contacts_of, SCANNED_MAX)?
        } else {
            let all = keys::Key::new(tag::CONTACT).range();
            let rows = self.scan(&all, SCANNED_MAX, Direction::Backward)?.rows;
            rows.into_iter().map(|(key, _)| key).collect()
        };
        let mut contacts = Vec::new();
        for key in keys {
            let contact = self.contact(ContactId(keys::last_number(&key)))?;
            let is_own = contact.handler == self.actor.id && !contact.is_annulled;
            let is_seen = person.is_some() && self.cases_of_contact(&contact)?.is_some();
            if is_seen || (person.is_none() && is_own) {
                contacts.push(self.contact_record(&contact)?);
            }
            if contacts.len() == limit {
                break;
            }
        }
        Ok(ContactsAnswer { contacts })
    }

    /// One contact: the actor's own, or of somebody whom they may see.
    pub(super) fn contact_shown(&self, id: ContactId) -> Result<ContactRecord, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let contact = self.contact(id)?;
        let is_hidden = match contact.held.person {
            Some(person) => self.visible_person(person)?.is_none(),
            None => false,
        };
        let is_hidden = is_hidden || self.cases_of_contact(&contact)?.is_none();
        if is_hidden && contact.handler != self.actor.id {
            return Err(DeskError::NotFound(id.to_string()));
        }
        self.contact_record(&contact)
    }

    /// The cases of a contact that the actor may see, the one that it was about first; nothing where it had cases, and the
    /// actor may see none of them: what was said in it is about what is hidden.
    pub(super) fn cases_of_contact(
        &self,
        contact: &Contact,
    ) -> Result<Option<Vec<CaseId>>, DeskError> {
        let mut cases: Vec<CaseId> = contact.held.case.into_iter().collect();
        cases.extend(contact.cases.iter().filter(|case| contact.held.case != Some(**case)));
        let had_none = cases.is_empty();
        let mut seen = Vec::with_capacity(cases.len());
        for case in cases {
            if self.sees_case(case)? {
                seen.push(case);
            }
        }
        Ok(Some(seen).filter(|seen| had_none || !seen.is_empty()))
    }

    fn contact_record(&self, contact: &Contact) -> Result<ContactRecord, DeskError> {
        let person = match contact.held.person {
            Some(person) => self.visible_person(person)?,
            None => None,
        };
        let mut cases = Vec::new();
        for id in &contact.cases {
            if let Ok(case) = self.visible_case(*id) {
                cases.push((*id, self.is_done_at_first_contact(&case)?));
            }
        }
        Ok(ContactRecord {
            id: contact.id,
            channel: contact.held.channel,
            direction: contact.held.direction,
            started_at: contact.held.started_at,
            ended_at: (!contact.is_running()).then_some(contact.held.ended_at),
            handler: self.directory.short_name(contact.handler),
            person: person.map(|person| (person.id, person.name().listed())),
            telephone: contact.telephone.as_deref().map(mask::telephone),
            ivr_path: contact.ivr_path.clone(),
            summary: contact.held.summary.clone(),
            cases,
            questions: contact
                .verification
                .iter()
                .flat_map(|held| held.questions.clone())
                .collect(),
            is_verified: contact.is_verified(),
            outcome: contact.outcome,
            article: contact.article.clone(),
            is_annulled: contact.is_annulled,
        })
    }

    /// Whether a case was done at its first contact (R65).
    pub(super) fn is_done_at_first_contact(&self, case: &Case) -> Result<bool, DeskError> {
        if case.closed_at.is_none() {
            return Ok(false);
        }
        let mut contacts = Vec::new();
        for id in case.contacts.iter().take(OF_CASE_MAX) {
            contacts.push(self.contact(*id)?);
        }
        Ok(is_first_contact(case, &contacts, &self.zone))
    }

    /// Whom the lines of a file are about: the person of the contact that runs, or else the one of the file.
    pub(super) fn asker_at(&self, file: &Person) -> Result<Arc<Person>, DeskError> {
        let caller = match self.running()?.and_then(|contact| contact.held.person) {
            Some(caller) => self.visible_person(caller)?,
            None => None,
        };
        Ok(caller.unwrap_or_else(|| Arc::new(file.clone())))
    }

    /// Whether somebody may ask about a person.
    pub(super) fn may_ask_about(
        &self,
        asker: &Person,
        about: &Person,
    ) -> Result<MayAsk, DeskError> {
        let household = match about.household {
            Some(household) => Some(self.household(household)?),
            None => None,
        };
        Ok(may_ask(asker, about, household.as_deref(), self.today))
    }
}
