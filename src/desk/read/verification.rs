//! Who a caller is: the next two questions from their file, with the answers as far as the file shows them to anybody.

use crate::desk::answer::{VerificationAnswer, VerifyQuestion};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::domain::cases::{CallerFact, Contact, Verification, next_questions};
use crate::domain::people::{ContactPointKind, Person, is_same_telephone};
use crate::domain::{ContactId, Refusal, ServiceId};
use crate::store::Direction;

use super::{Reader, mask};

/// Relatives whom an answer names.
const RELATIVES_NAMED: usize = 6;
/// Contacts that are looked at for one that was before this one.
const CONTACTS_SCANNED: usize = 8;

impl Reader<'_> {
    /// The questions for the person of the actor's contact that runs.
    pub(super) fn verification(&self) -> Result<VerificationAnswer, DeskError> {
        let nobody = || {
            Refusal::new(
                "contact.nobody",
                "There is no caller to verify: no contact with somebody known runs.",
                "Begin it with c, and open the file of whoever calls.",
            )
        };
        let contact = self.running()?.ok_or_else(nobody)?;
        let person = match contact.held.person {
            Some(person) => self.visible_person(person)?,
            None => None,
        };
        let person = person.ok_or_else(nobody)?;
        let facts = self.facts_of(&person, &contact)?;
        let known: Vec<CallerFact> = facts.iter().map(|(fact, _)| *fact).collect();
        let pair = next_questions(&known, contact.verification.as_ref(), contact.id.0)?;
        let question = |fact: CallerFact| {
            let answer = facts.iter().find(|(known, _)| *known == fact);
            VerifyQuestion {
                fact: fact.code().to_owned(),
                question: fact.question().to_owned(),
                answer: answer.map(|(_, answer)| answer.clone()).unwrap_or_default(),
            }
        };
        let tries = contact.verification.as_ref().map_or(0, Verification::tries);
        Ok(VerificationAnswer {
            contact: contact.id,
            person: (person.id, person.name().listed()),
            attempt: u32::try_from(tries + 1).unwrap_or(u32::MAX),
            questions: pair.into_iter().map(question).collect(),
        })
    }

    /// What the file knows that a caller can be asked for, with the answer; numbers by their ends.
    fn facts_of(
        &self,
        person: &Person,
        contact: &Contact,
    ) -> Result<Vec<(CallerFact, String)>, DeskError> {
        let mut facts = Vec::new();
        let mut know = |fact, answer: Option<String>| {
            facts.extend(answer.filter(|answer| !answer.is_empty()).map(|answer| (fact, answer)));
        };
        know(CallerFact::BirthDate, person.birth_date.as_ref().map(|fact| fact.value.to_string()));
        know(CallerFact::Telephone, telephones(person, contact));
        let relatives: Vec<String> = self
            .near(person)?
            .iter()
            .take(RELATIVES_NAMED)
            .map(|near| format!("{} ({})", near.person.name().spoken(), near.relation))
            .collect();
        know(CallerFact::Relative, Some(relatives.join(", ")));
        know(CallerFact::Address, person.address.as_ref().map(|fact| fact.value.line()));
        know(CallerFact::LastContact, self.contact_before(contact)?);
        let services = keys::services_of(person.id).range();
        let newest = self.scan(&services, 1, Direction::Forward)?.rows;
        let last = match newest.first() {
            Some((key, _)) => {
                let delivered = self.service(ServiceId(keys::last_number(key)))?.delivered;
                Some(format!("{}, {}", delivered.service, delivered.on))
            }
            None => None,
        };
        know(CallerFact::LastService, last);
        let ends = person
            .identities
            .iter()
            .map(|fact| format!("{} {}", fact.value.scheme, mask::identity(&fact.value.value)));
        know(CallerFact::Identity, Some(ends.collect::<Vec<_>>().join(", ")));
        Ok(facts)
    }

    /// The last contact before this one: its day and way.
    fn contact_before(&self, contact: &Contact) -> Result<Option<String>, DeskError> {
        let Some(person) = contact.held.person else { return Ok(None) };
        let range = keys::contacts_of(person).range();
        for (key, _) in self.scan(&range, CONTACTS_SCANNED, Direction::Forward)?.rows {
            let id = ContactId(keys::last_number(&key));
            if id != contact.id {
                let held = self.contact(id)?.held;
                let day = self.zone.day(held.started_at);
                return Ok(Some(format!(
                    "{day}, {} {}",
                    held.channel.label(),
                    held.direction.label()
                )));
            }
        }
        Ok(None)
    }
}

/// The person's telephone numbers by their ends, without the one that calls, which proves nothing.
fn telephones(person: &Person, contact: &Contact) -> Option<String> {
    let calling = contact.telephone.as_deref();
    let ends: Vec<String> = person
        .contact_points
        .iter()
        .map(|fact| &fact.value)
        .filter(|point| point.kind == ContactPointKind::Telephone)
        .filter(|point| {
            calling.is_none_or(|calling| !is_same_telephone(calling, &point.normalised))
        })
        .map(|point| mask::telephone(&point.normalised))
        .collect();
    Some(ends.join(", ")).filter(|ends| !ends.is_empty())
}
