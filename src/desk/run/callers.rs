//! What is done under a contact that runs: files opened and revealed for it, cases that it touches, and who the caller is.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{Case, CaseAct, Contact, Direction, Verification, check_text, tried};
use crate::domain::event::ContactEvent;
use crate::domain::limits::{CONTACT_CASES_MAX, TEXT_BYTES_MAX};
use crate::domain::office::{Action, Purpose, Resource};
use crate::domain::people::{MayAsk, Person, PersonState, may_ask};
use crate::domain::{CaseId, ContactId, EntityId, Event, PersonId, Refusal};

use super::{Done, Run};

/// The code of a refusal to open or show the file of somebody about whom the caller may not ask. Whoever has a purpose of
/// their own names it, and goes on.
pub const MAY_NOT_ASK: &str = "contact.may-not-ask";
/// The code of a refusal to show what is masked while a caller has not proved who they are. Whoever does it all the same
/// says so, and that is recorded.
pub const NOT_VERIFIED: &str = "contact.not-verified";

impl Run<'_> {
    /// Why a person's file is opened: for the purpose that was named, or, where nobody was asked for one, under the contact
    /// that runs and for casework where none does.
    ///
    /// # Errors
    /// Nobody named a purpose, and the caller may not ask about this person.
    pub(super) fn why_opened(
        &mut self,
        person: &Person,
        purpose: &Purpose,
    ) -> Result<Why, DeskError> {
        if self.access_for(Action::ReadPerson, person.id).is_some() {
            return Ok(Why::purpose(&Purpose::emergency()));
        }
        let Some(contact) = self.running_contact()? else {
            return if purpose.is_unasked() {
                self.why_file_unasked(person.id)
            } else {
                Ok(Why::purpose(purpose))
            };
        };
        let asks = self.caller_may_ask(&contact, person)?;
        if !purpose.is_unasked() {
            let told = asks.filter(|asks| !asks.is_yes()).map(|asks| format!("; caller {asks}"));
            let reason = format!("{}{}", contact.id, told.unwrap_or_default());
            return Ok(Why { reason: Some(reason), ..Why::purpose(purpose) });
        }
        match asks {
            Some(asks) if !asks.is_yes() => Err(self.not_asked_about(&contact, person, asks)?),
            Some(_) => Ok(under(&contact, "")),
            None => {
                if person.state != PersonState::Annulled {
                    self.contact_happens(contact.id, ContactEvent::PersonSet(Some(person.id)))?;
                }
                Ok(under(&contact, ""))
            }
        }
    }

    /// Why a case is opened.
    ///
    /// # Errors
    /// Nobody named a purpose, and nothing else tells one.
    pub(super) fn why_case_opened(
        &mut self,
        case: &Case,
        purpose: &Purpose,
    ) -> Result<Why, DeskError> {
        if self.access_for_case(Action::ReadCase, case).is_some() {
            return Ok(Why::purpose(&Purpose::emergency()));
        }
        if !purpose.is_unasked() {
            return Ok(Why::purpose(purpose));
        }
        match self.running_contact()? {
            Some(contact) => Ok(under(&contact, "")),
            None => self.why_case_unasked(case),
        }
    }

    /// Shows what is masked under the contact that runs.
    pub(super) fn reveal_under_contact(
        &mut self,
        id: PersonId,
        is_confirmed: bool,
    ) -> Result<Done, DeskError> {
        let person = self.authorise_person(Action::RevealPerson, id)?;
        let Some(contact) = self.running_contact()? else {
            return Err(Refusal::new(
                "contact.none",
                "No contact runs.",
                "Name the purpose for which it is to be shown.",
            )
            .into());
        };
        match self.caller_may_ask(&contact, &person)? {
            Some(asks) if asks.is_yes() => {}
            Some(asks) => return Err(self.not_asked_about(&contact, &person, asks)?),
            None => return Err(self.not_asked_about(&contact, &person, MayAsk::NoProxy)?),
        }
        check_is_not_failed(&contact)?;
        let is_in = contact.held.direction == Direction::In && contact.held.channel.is_live();
        let is_unproved = is_in && !contact.is_verified();
        if is_unproved && !is_confirmed {
            return Err(Refusal::new(
                NOT_VERIFIED,
                "The caller is not verified.",
                "V asks 2 of 4; the same key once more shows it all the same, and that is recorded.",
            )
            .into());
        }
        let why = under(&contact, if is_unproved { "; caller not verified" } else { "" });
        if self.access_for(Action::RevealPerson, id).is_none() {
            let file = Resource::of_person(&person);
            let file = (&EntityId::Person(id), &file);
            self.check_is_for(Action::RevealPerson, file, &why, &Purpose::contact())?;
        }
        self.disclose(&person, why, &format!("Shown and logged under {}.", contact.id))
    }

    /// Why something masked is shown for a purpose that was named.
    ///
    /// # Errors
    /// The caller failed to prove who they are, and it is about them or whom they may ask about.
    pub(super) fn why_revealed(
        &mut self,
        person: &Person,
        purpose: &Purpose,
    ) -> Result<Why, DeskError> {
        let Some(contact) = self.running_contact()? else { return Ok(Why::purpose(purpose)) };
        if self.caller_may_ask(&contact, person)?.is_some_and(MayAsk::is_yes) {
            check_is_not_failed(&contact)?;
        }
        Ok(Why { reason: Some(contact.id.to_string()), ..Why::purpose(purpose) })
    }

    /// Says that the contact that runs touched a case on which something was done, unless the case is somebody else's, or
    /// the act is no more than taking the case.
    pub(super) fn touch_in_contact(&mut self, id: CaseId, act: &CaseAct) -> Result<(), DeskError> {
        if matches!(act, CaseAct::Claim | CaseAct::Release | CaseAct::AcknowledgeEscalation) {
            return Ok(());
        }
        self.touch_case_in_contact(id)
    }

    /// Says that the contact that runs touched a case, unless the case is somebody else's.
    pub(super) fn touch_case_in_contact(&mut self, id: CaseId) -> Result<(), DeskError> {
        let Some(contact) = self.running_contact()? else { return Ok(()) };
        if contact.cases.len() < CONTACT_CASES_MAX && self.is_of_caller(&contact, id)? {
            self.link(&contact, id, "")?;
        }
        Ok(())
    }

    fn is_of_caller(&mut self, contact: &Contact, id: CaseId) -> Result<bool, DeskError> {
        let people = self.work.case(id)?.people();
        let Some(caller) = contact.held.person else { return Ok(true) };
        if people.is_empty() || people.contains(&caller) {
            return Ok(true);
        }
        for person in people {
            let person = self.work.person(person)?;
            if self.caller_may_ask(contact, &person)?.is_some_and(MayAsk::is_yes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Records what a caller answered when asked who they are.
    pub(super) fn verify_caller(
        &mut self,
        id: ContactId,
        questions: &[(String, bool)],
    ) -> Result<Done, DeskError> {
        let contact = self.own_running(id)?;
        let Some(person) = contact.held.person else { return Err(nobody_known()) };
        self.authorise_person(Action::ReadPerson, person)?;
        let verification = tried(questions, contact.verification.as_ref(), self.doer.at)?;
        let label = if verification.is_passed {
            "The caller is verified.".to_owned()
        } else if verification.is_failed() {
            "Not verified, and no try is left: nothing is shown to this caller.".to_owned()
        } else {
            "Not verified; one more try is left.".to_owned()
        };
        self.contact_happens(id, ContactEvent::Verified(verification))?;
        let done = Done::new(label).about(EntityId::Contact(id));
        Ok(done.not_undoable("what was asked was asked"))
    }

    /// Writes down what a running contact is about.
    pub(super) fn set_contact_summary(
        &mut self,
        id: ContactId,
        summary: &str,
    ) -> Result<Done, DeskError> {
        self.own_running(id)?;
        check_text("the summary", summary, TEXT_BYTES_MAX, true)?;
        self.contact_happens(id, ContactEvent::SummarySet(summary.to_owned()))?;
        Ok(Done::new(format!("{id} is summed up.")).about(EntityId::Contact(id)))
    }

    /// Whether a contact's person may ask about somebody; nothing while nobody knows with whom it is.
    fn caller_may_ask(
        &mut self,
        contact: &Contact,
        about: &Person,
    ) -> Result<Option<MayAsk>, DeskError> {
        let Some(caller) = contact.held.person else { return Ok(None) };
        let caller = self.work.person(caller)?;
        let household = match about.household {
            Some(household) => Some(self.work.household(household)?),
            None => None,
        };
        Ok(Some(may_ask(&caller, about, household.as_ref(), self.today)))
    }

    fn not_asked_about(
        &mut self,
        contact: &Contact,
        about: &Person,
        asks: MayAsk,
    ) -> Result<DeskError, DeskError> {
        let caller = match contact.held.person {
            Some(caller) => self.work.person(caller)?.name().listed(),
            None => "A caller whom nobody knows".to_owned(),
        };
        let about = format!("may not ask about {}:", about.name().listed());
        let asks = asks.to_string().replacen("may not ask:", &about, 1);
        Ok(Refusal::new(
            MAY_NOT_ASK,
            format!("{caller} {asks}."),
            "Say nothing of this file in the contact. For a purpose of your own, name it.",
        )
        .into())
    }

    /// An event of a contact's person, recorded with the contact as its reason.
    pub(super) fn opened(&mut self, id: EntityId, why: Why) -> Result<(), DeskError> {
        self.work.happen(&self.doer.clone(), id, Event::Opened, why)
    }
}

fn under(contact: &Contact, more: &str) -> Why {
    let reason = Some(format!("{}{more}", contact.id));
    Why { reason, ..Why::purpose(&Purpose::contact()) }
}

fn check_is_not_failed(contact: &Contact) -> Result<(), DeskError> {
    if contact.verification.as_ref().is_some_and(Verification::is_failed) {
        return Err(Refusal::new(
            "verify.failed",
            "Both tries failed: nothing is shown under this contact.",
            "Ask for a document, or end the contact and call back on a number of the file.",
        )
        .into());
    }
    Ok(())
}

fn nobody_known() -> DeskError {
    Refusal::new(
        "contact.nobody",
        "Nobody knows yet with whom the contact is.",
        "Open the file of whoever calls.",
    )
    .into()
}
