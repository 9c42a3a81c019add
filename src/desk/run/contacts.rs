//! Contacts that run: begun, known with whom and about what, and ended with an outcome; and matters taken in under them.

use crate::desk::command::{Command, TakeIn};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::{
    CaseEvent, Contact, ContactOutcome, Direction, NewContact, PlanEvent, SameChoice,
    StartedContact, check_suggested, check_text,
};
use crate::domain::event::ContactEvent;
use crate::domain::limits::{CONTACT_CASES_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, ContactId, Entity, EntityId, Event, PersonId, PromiseId, Refusal};
use crate::store::Direction as Towards;

use super::{Done, Run, is_of_rule};

/// Promises to one person among which the one of a contact is looked for.
const PROMISES_SCANNED: usize = 256;

fn still_runs(running: &Contact) -> DeskError {
    Refusal::new(
        "contact.running",
        format!("{} still runs.", running.id),
        "End it first: c and the letter of how it ended.",
    )
    .into()
}

impl Run<'_> {
    /// The contact of the actor that runs, if one does.
    pub(super) fn running_contact(&mut self) -> Result<Option<Contact>, DeskError> {
        let range = keys::running_of(self.doer.actor).range();
        let page = self.work.scan(&range, 1, Towards::Forward)?;
        let Some((key, _)) = page.rows.first() else { return Ok(None) };
        let contact = self.work.contact(ContactId(keys::last_number(key)))?;
        if !contact.is_running() {
            return Ok(None);
        }
        self.with_current_person(contact).map(Some)
    }

    /// A contact with the record that stands for its person now: they may have been merged while it runs.
    fn with_current_person(&mut self, mut contact: Contact) -> Result<Contact, DeskError> {
        if let Some(person) = contact.held.person {
            contact.held.person = Some(self.current_person(person)?);
        }
        Ok(contact)
    }

    /// Notes the contact under which the act is done, where one runs. What rules do, and what leaves no event, is done
    /// under none; beginning and ending say themselves which contact they are of.
    pub(super) fn note_contact(&mut self, command: &Command) -> Result<(), DeskError> {
        let is_silent = matches!(
            command,
            Command::SaveDraft(_)
                | Command::DropDraft(_)
                | Command::NoteHere
                | Command::KeepPlace(_)
                | Command::ForgetPlace { .. }
                | Command::StartContact(_)
                | Command::SetContactPerson { .. }
                | Command::SetContactSummary { .. }
                | Command::VerifyCaller { .. }
                | Command::EndContact { .. }
        );
        if !is_silent && !is_of_rule(command) && !self.work.directory.caseworkers.is_empty() {
            self.doer.contact = self.running_contact()?.map(|contact| contact.id);
        }
        Ok(())
    }

    /// What a contact that was undone is put back to. What it learnt since without an act that could be undone stays: with
    /// whom it is, and what the caller proved.
    ///
    /// # Errors
    /// It would run again, and another one does.
    pub(super) fn contact_put_back(
        &mut self,
        before: Contact,
        now: Contact,
        is_newest: bool,
    ) -> Result<Contact, DeskError> {
        if before.is_running()
            && !now.is_running()
            && let Some(running) = self.running_contact()?
        {
            return Err(still_runs(&running));
        }
        if is_newest {
            return Ok(before);
        }
        let held = NewContact { person: now.held.person, ..before.held };
        Ok(Contact { held, verification: now.verification, ..before })
    }

    pub(super) fn start_contact(&mut self, new: &StartedContact) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        if let Some(running) = self.running_contact()? {
            return Err(still_runs(&running));
        }
        for text in new.telephone.iter().chain(&new.ivr_path) {
            check_text("what the telephone showed", text, LINE_BYTES_MAX, false)?;
        }
        if let Some(person) = new.person {
            self.living_record(person)?;
        }
        let number = self.work.next::<ContactId>();
        let id = EntityId::Contact(number);
        self.work.expect_new(&id);
        self.contact_happens(number, ContactEvent::Started(new.clone()))?;
        if new.direction == Direction::In {
            self.note_interruption()?;
        }
        let about = self.link_what_rings(number, new)?;
        let (channel, direction) = (new.channel.label(), new.direction.label());
        let label = format!("{number} runs: {channel} {direction}.{about}");
        Ok(Done::new(label).made(vec![id]))
    }

    /// Links a contact that the office began with the cases of the promises that ring for it; gives what is said of it.
    fn link_what_rings(
        &mut self,
        number: ContactId,
        new: &StartedContact,
    ) -> Result<String, DeskError> {
        let Some(person) = new.person.filter(|_| new.direction == Direction::Out) else {
            return Ok(String::new());
        };
        let contact = self.work.contact(number)?;
        let mut about = Vec::new();
        for case in self.cases_that_ring(person, new.channel)?.into_iter().take(CONTACT_CASES_MAX) {
            self.link(&contact, case, "")?;
            about.push(case.to_string());
        }
        let is_about = (!about.is_empty()).then(|| format!(" It is about {}.", about.join(", ")));
        Ok(is_about.unwrap_or_default())
    }

    pub(super) fn set_contact_person(
        &mut self,
        id: ContactId,
        person: Option<PersonId>,
    ) -> Result<Done, DeskError> {
        self.own_running(id)?;
        let with = match person {
            Some(person) => self.living_record(person)?.name().listed(),
            None => "nobody known".to_owned(),
        };
        self.contact_happens(id, ContactEvent::PersonSet(person))?;
        Ok(Done::new(format!("{id} is with {with}.")).about(EntityId::Contact(id)))
    }

    pub(super) fn add_contact_case(
        &mut self,
        id: ContactId,
        case: CaseId,
    ) -> Result<Done, DeskError> {
        let contact = self.own_running(id)?;
        self.authorise_note(case)?;
        self.link(&contact, case, "")?;
        Ok(Done::new(format!("{id} is about {case}.")).about(EntityId::Contact(id)))
    }

    pub(super) fn end_contact(
        &mut self,
        id: ContactId,
        outcome: ContactOutcome,
        summary: &str,
        article: Option<&str>,
    ) -> Result<Done, DeskError> {
        let contact = self.own_running(id)?;
        check_text("the summary", summary, TEXT_BYTES_MAX, true)?;
        if let Some(article) = article {
            check_text("the text that was the answer", article, LINE_BYTES_MAX, false)?;
        }
        if outcome == ContactOutcome::NotReached && contact.held.direction == Direction::In {
            return Err(Refusal::new(
                "contact.outcome",
                "Whoever turned to the office was reached.",
                "Choose another outcome.",
            )
            .into());
        }
        self.check_outcome(&contact, outcome)?;
        if let Some(article) = article {
            self.count_use(article)?;
        }
        let event = ContactEvent::Ended {
            outcome,
            summary: summary.to_owned(),
            article: article.map(str::to_owned),
        };
        self.contact_happens(id, event)?;
        let promises = self.promises_after_contact(&contact, outcome)?;
        let label = format!("{id} ended: {}.{promises}", outcome.label());
        Ok(Done::new(label).about(EntityId::Contact(id)))
    }

    /// Refuses an outcome of which the record knows nothing.
    fn check_outcome(
        &mut self,
        contact: &Contact,
        outcome: ContactOutcome,
    ) -> Result<(), DeskError> {
        let (what, hint) = if outcome == ContactOutcome::CaseWork && contact.cases.is_empty() {
            (
                "The contact has touched no case.",
                "Take the matter in (n), or add the open case: c and +.",
            )
        } else if outcome == ContactOutcome::Promised && !self.is_promised_in(contact)? {
            (
                "Nothing was promised in this contact.",
                "Promise it with a time first, or take the matter in (n).",
            )
        } else {
            return Ok(());
        };
        Err(Refusal::new("contact.outcome", what, hint).into())
    }

    /// Whether something was promised in a contact, to whoever it is with.
    fn is_promised_in(&mut self, contact: &Contact) -> Result<bool, DeskError> {
        let Some(person) = contact.held.person else { return Ok(false) };
        for number in self.numbers_of(person)? {
            let range = keys::promises_to(number).range();
            let page = self.work.scan(&range, PROMISES_SCANNED, Towards::Backward)?;
            for (key, _) in page.rows {
                let promise = EntityId::Promise(PromiseId(keys::last_number(&key)));
                if let Some(Entity::Promise(promise)) = self.work.entity(&promise)?
                    && promise.promised.made_in == Some(contact.id)
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Takes a matter in as the intake form holds it, all or nothing.
    pub(super) fn take_in(&mut self, matter: &TakeIn) -> Result<Done, DeskError> {
        let intake = &matter.intake;
        let running = self.running_contact()?.filter(|contact| {
            let is_same = contact.held.person.is_none() || contact.held.person == intake.asked_by;
            contact.held.channel == intake.channel && is_same
        });
        let (case, mut done) = match intake.same.choice {
            SameChoice::AddedTo(case) => {
                self.authorise(Action::RegisterCase, &Resource::office())?;
                self.authorise_note(case)?;
                let contact = self.contact_of_intake(matter, running.as_ref(), case)?;
                self.contact_happens(contact, ContactEvent::SameChosen(intake.same.clone()))?;
                let made = vec![EntityId::Contact(contact), EntityId::Case(case)];
                (case, Done::new(format!("Added to {case} as {contact}.")).made(made))
            }
            SameChoice::New | SameChoice::NothingShown => {
                let (case, label) = self.new_case(intake)?;
                if let Some(suggested) = &matter.suggested {
                    check_suggested(suggested)?;
                    let event = PlanEvent::Suggested(suggested.clone());
                    self.happen_to_plan(case, event, &Why::default())?;
                }
                let contact = self.contact_of_intake(matter, running.as_ref(), case)?;
                let made = vec![EntityId::Case(case), EntityId::Contact(contact)];
                (case, Done::new(label).made(made))
            }
        };
        if let Some(promise) = &matter.promise {
            let promised = self.promise_at_intake(intake, case, promise)?;
            done.label = format!("{} {promised}", done.label);
        }
        Ok(done)
    }

    /// The contact that brought a matter: the one that runs, or one that is recorded now; linked with the case.
    fn contact_of_intake(
        &mut self,
        matter: &TakeIn,
        running: Option<&Contact>,
        case: CaseId,
    ) -> Result<ContactId, DeskError> {
        let intake = &matter.intake;
        let Some(running) = running else {
            return self.new_contact(&NewContact {
                channel: intake.channel,
                direction: Direction::In,
                person: intake.asked_by,
                started_at: intake.received_at,
                // What came earlier and is entered now was over when it came.
                ended_at: if intake.channel.is_live() { self.doer.at } else { intake.received_at },
                summary: intake.says.clone(),
                case: Some(case),
            });
        };
        if running.held.person.is_none() && intake.asked_by.is_some() {
            self.contact_happens(running.id, ContactEvent::PersonSet(intake.asked_by))?;
        }
        self.link(running, case, &intake.says)?;
        if running.held.summary.is_empty() && !intake.says.is_empty() {
            self.contact_happens(running.id, ContactEvent::SummarySet(intake.says.clone()))?;
        }
        Ok(running.id)
    }

    /// Says on both sides that a contact touched a case.
    pub(super) fn link(
        &mut self,
        contact: &Contact,
        case: CaseId,
        words: &str,
    ) -> Result<(), DeskError> {
        let contact = self.work.contact(contact.id)?;
        if contact.cases.contains(&case) {
            return Ok(());
        }
        if contact.cases.len() >= CONTACT_CASES_MAX {
            return Err(Refusal::new(
                "contact.cases",
                format!("{} touches {CONTACT_CASES_MAX} cases already.", contact.id),
                "End it, and begin another.",
            )
            .into());
        }
        self.seen_case(case)?;
        self.contact_happens(contact.id, ContactEvent::CaseAdded(case))?;
        let event = CaseEvent::ContactAdded {
            contact: contact.id,
            channel: contact.held.channel,
            summary: words.to_owned(),
        };
        let id = EntityId::Case(case);
        self.work.happen(&self.doer.clone(), id, Event::Case(event), Why::default())?;
        self.follow(case)
    }

    /// A contact of the actor's own that runs.
    pub(super) fn own_running(&mut self, id: ContactId) -> Result<Contact, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        let contact = self.work.contact(id)?;
        if contact.handler != self.doer.actor {
            return Err(DeskError::NotFound(id.to_string()));
        }
        if !contact.is_running() {
            let refusal = Refusal::new("contact.over", format!("{id} has ended."), "");
            return Err(refusal.into());
        }
        self.with_current_person(contact)
    }

    pub(super) fn contact_happens(
        &mut self,
        id: ContactId,
        event: ContactEvent,
    ) -> Result<(), DeskError> {
        let entity = EntityId::Contact(id);
        self.work.happen(&self.doer.clone(), entity, Event::Contact(event), Why::default())
    }
}
