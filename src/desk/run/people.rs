//! People: registering, changing, opening and revealing their files, and what they received.

use std::sync::Arc;

use crate::desk::answer::Disclosure;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, tag};
use crate::desk::work::Why;
use crate::domain::cases::{CaseEvent, Direction, NewContact, check_text};
use crate::domain::event::{ContactEvent, HouseholdEvent, ServiceEvent};
use crate::domain::limits::{HOUSEHOLD_MEMBERS_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::money::DeliveredService;
use crate::domain::office::{Action, Purpose, Resource};
use crate::domain::people::{
    self, ContactPoint, ContactPointKind, Country, Identity, NewHousehold, NewPerson, Person,
    PersonChange, PersonState, Provenance,
};
use crate::domain::{EntityId, Event, PersonId, Refusal, Ulid};

use super::{Done, Run};

impl Run<'_> {
    pub(super) fn authorise_person(
        &mut self,
        action: Action,
        id: PersonId,
    ) -> Result<Arc<Person>, DeskError> {
        // The right to the act as such comes before the record is read, the record's own confidentiality after.
        self.authorise(action, &Resource::office())?;
        let person = self.work.person(id)?;
        self.check_is_known(&person)?;
        self.authorise_file(action, &person)?;
        Ok(person)
    }

    /// A person's record that was neither taken back nor merged into another; one that the actor may not see is as one that
    /// is not there, so that nobody learns a hidden name by taking them for a caller.
    pub(super) fn living_record(&mut self, id: PersonId) -> Result<Arc<Person>, DeskError> {
        if !self.may_know_person(id)? {
            return Err(DeskError::NotFound(id.to_string()));
        }
        let person = self.work.person(id)?;
        people::refuse_unless_living(&person)?;
        Ok(person)
    }

    pub(super) fn register_person(&mut self, new: &NewPerson) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterPerson, &Resource::office())?;
        if let Some((source, reference)) = &new.origin
            && let Some(known) = self.work.origin(&keys::origin(tag::PERSON, source, reference))?
        {
            let known = PersonId(known);
            if !self.may_know_person(known)? {
                return self.register_beside(new, known);
            }
            if self.work.person(known)?.state == PersonState::Annulled {
                return Err(Refusal::new(
                    "person.origin",
                    format!("{source} {reference} is {known}, whose registration was undone."),
                    "Register the person without that reference, or open the right file.",
                )
                .into());
            }
            return Err(Refusal::new(
                "person.origin",
                format!(
                    "{source} {reference} is here already, as {}.",
                    self.current_person(known)?
                ),
                "Open that file, and correct it there.",
            )
            .into());
        }
        let alikes = self.work.alikes.clone();
        self.register_new(new, &alikes)
    }

    /// Registers somebody whose reference belongs to a person whom the actor may not see: as usual, with the reference as
    /// a number of theirs, and told to whoever may see both.
    fn register_beside(&mut self, new: &NewPerson, known: PersonId) -> Result<Done, DeskError> {
        let mut new = new.clone();
        new.identities.extend(new.origin.take().map(|(scheme, value)| Identity { scheme, value }));
        let mut alikes = self.work.alikes.clone();
        if !alikes.contains(&known) {
            alikes.push(known);
        }
        self.register_new(&new, &alikes)
    }

    fn register_new(&mut self, new: &NewPerson, alikes: &[PersonId]) -> Result<Done, DeskError> {
        let id = self.new_person(new)?;
        self.keep_alikes(id, new, alikes)?;
        let name = self.work.person(id)?.name().listed();
        let doubts = people::doubts(new, self.home(), self.today);
        let label = with_doubts(format!("Registered {name} as {id}."), doubts);
        Ok(Done::new(label).made(vec![EntityId::Person(id)]))
    }

    /// Makes a person's record; the caller has authorised it.
    pub(super) fn new_person(&mut self, new: &NewPerson) -> Result<PersonId, DeskError> {
        let number = self.work.next::<PersonId>();
        let ulid = Ulid::new(self.doer.at, u128::from_be_bytes(self.work.draw()));
        let home = self.home();
        let points = new.contact_points.iter().map(|point| people::at_home(point, home)).collect();
        let new = &NewPerson { contact_points: points, ..new.clone() };
        let event = people::register(new, number, ulid, self.doer.actor, self.doer.at, self.today)?;
        let id = EntityId::Person(number);
        self.work.expect_new(&id);
        if let Some((source, reference)) = &new.origin {
            self.work.has_origin(keys::origin(tag::PERSON, source, reference), id.clone());
        }
        let shown = new.shown.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let why = if shown.is_empty() {
            Why::default()
        } else {
            Why::reason(&format!("none of those shown: {shown}"))
        };
        self.work.happen(&self.doer.clone(), id, Event::Person(event), why)?;
        Ok(number)
    }

    pub(super) fn change_person(
        &mut self,
        id: PersonId,
        version: Option<u64>,
        change: &PersonChange,
        source: &str,
        is_verified: bool,
    ) -> Result<Done, DeskError> {
        let action = Action::RegisterPerson;
        let person = self.authorise_person(action, id)?;
        self.compare_person(&person, version, change)?;
        if let PersonChange::Relationship(relationship) = change {
            self.check_sees(relationship.to)?;
        }
        if let PersonChange::Household(Some(household)) = change {
            self.work.household(*household)?;
        }
        if let PersonChange::Confidentiality(confidentiality) = *change {
            // Whoever hid somebody from themselves could not take it back.
            self.authorise(action, &Resource::of_level(confidentiality))?;
        }
        let provenance = Provenance { source: source.to_owned(), on: self.today, is_verified };
        let mut change = change.clone();
        if let PersonChange::ContactPoint { point, .. } = &mut change {
            *point = people::at_home(point, self.home());
        }
        let change = &change;
        let event = people::decide(&person, change, &provenance)?;
        self.work.happen(
            &self.doer.clone(),
            EntityId::Person(id),
            Event::Person(event),
            Why::default(),
        )?;
        let returned = self.return_what_went_to(&person, change)?;
        // As they are called now: the change may be of the name.
        let name = self.work.person(id)?.name().listed();
        let label = match returned {
            0 => format!("{name}: kept."),
            1 => format!("{name}: kept. 1 message to it counts as come back."),
            some => format!("{name}: kept. {some} messages to it count as come back."),
        };
        let label = with_doubts(label, people::doubt(change, self.home(), self.today));
        Ok(Done::new(label).about(EntityId::Person(id)))
    }

    /// The country whose numbers the office dials without a country code.
    fn home(&self) -> Option<Country> {
        let office = self.work.directory.office.as_ref()?;
        Country::of_zone(&office.calendar.zone)
    }

    pub(super) fn form_household(&mut self, new: &NewHousehold) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterPerson, &Resource::office())?;
        if new.members.is_empty() || new.members.len() > HOUSEHOLD_MEMBERS_MAX {
            return Err(Refusal::new(
                "household.members",
                format!("A household has 1 to {HOUSEHOLD_MEMBERS_MAX} members."),
                "Add its members.",
            )
            .into());
        }
        let number = self.work.next::<crate::domain::HouseholdId>();
        let id = EntityId::Household(number);
        self.work.expect_new(&id);
        self.work.happen(
            &self.doer.clone(),
            id.clone(),
            Event::Household(HouseholdEvent::Formed(new.clone())),
            Why::default(),
        )?;
        for (member, _) in &new.members {
            self.check_sees(*member)?;
            let person = self.work.person(*member)?;
            if let Some(other) = person.household {
                return Err(Refusal::new(
                    "household.one",
                    format!("{} is in {other} already.", person.name().listed()),
                    "A person is in one primary household at a time: take them out of the other first.",
                )
                .into());
            }
            let provenance =
                Provenance { source: number.to_string(), on: self.today, is_verified: false };
            let event =
                people::decide(&person, &PersonChange::Household(Some(number)), &provenance)?;
            self.work.happen(
                &self.doer.clone(),
                EntityId::Person(*member),
                Event::Person(event),
                Why::default(),
            )?;
        }
        Ok(Done::new(format!("Household {number} has {} members.", new.members.len()))
            .made(vec![id]))
    }

    pub(super) fn open_person(
        &mut self,
        id: PersonId,
        purpose: &Purpose,
    ) -> Result<Done, DeskError> {
        self.check_purpose_or_unasked(purpose)?;
        let mut person = self.authorise_person(Action::ReadPerson, id)?;
        let now = self.current_person(id)?;
        if now != id {
            let why = self.why_opened(&person, purpose)?;
            let file = (&EntityId::Person(id), &Resource::of_person(&person));
            self.check_is_for(Action::ReadPerson, file, &why, purpose)?;
            self.opened(EntityId::Person(id), why)?;
            person = self.authorise_person(Action::ReadPerson, now)?;
        }
        let why = self.why_opened(&person, purpose)?;
        let file = (&EntityId::Person(now), &Resource::of_person(&person));
        self.check_is_for(Action::ReadPerson, file, &why, purpose)?;
        let logged = why.purpose.as_ref().map_or("", |purpose| &purpose.0).to_owned();
        self.opened(EntityId::Person(now), why)?;
        let label = format!("Opened {}; logged under {logged}.", person.name().listed());
        Ok(Done::new(label).about(EntityId::Person(now)).leaves_nothing())
    }

    pub(super) fn reveal_person(
        &mut self,
        id: PersonId,
        purpose: &Purpose,
    ) -> Result<Done, DeskError> {
        self.check_purpose(purpose)?;
        let person = self.authorise_person(Action::RevealPerson, id)?;
        let why = self.why_revealed(&person, purpose)?;
        if self.access_for(Action::RevealPerson, id).is_none() {
            let file = (&EntityId::Person(id), &Resource::of_person(&person));
            self.check_is_for(Action::RevealPerson, file, &why, purpose)?;
        }
        self.disclose(&person, why, &format!("Shown and logged under {}.", purpose.0))
    }

    /// Records that numbers and addresses are shown in full, and shows them.
    pub(super) fn disclose(
        &mut self,
        person: &Person,
        why: Why,
        label: &str,
    ) -> Result<Done, DeskError> {
        let id = person.id;
        let mut fields: Vec<(String, String)> = Vec::new();
        for identity in &person.identities {
            fields.push((identity.value.scheme.clone(), identity.value.value.clone()));
        }
        for point in &person.contact_points {
            let ContactPoint { kind, raw, normalised, .. } = &point.value;
            let (field, value) = match kind {
                ContactPointKind::Telephone => ("telephone", normalised),
                ContactPointKind::Email => ("e-mail", raw),
            };
            fields.push((field.to_owned(), value.clone()));
        }
        let names = fields.iter().map(|(field, _)| field.clone()).collect();
        self.work.happen(
            &self.doer.clone(),
            EntityId::Person(id),
            Event::Revealed { fields: names },
            why,
        )?;
        let mut done =
            Done::new(label).about(EntityId::Person(id)).not_undoable("what was seen stays seen");
        done.disclosed = Some(Disclosure { about: EntityId::Person(id), fields });
        Ok(done)
    }

    pub(super) fn record_service(
        &mut self,
        delivered: &DeliveredService,
    ) -> Result<Done, DeskError> {
        self.authorise(Action::RecordService, &Resource::of_unit(delivered.unit))?;
        check_text("the service", &delivered.service, LINE_BYTES_MAX, false)?;
        self.living_record(delivered.recipient)?;
        if let Some(case) = delivered.case {
            self.authorise_note(case)?;
        }
        let number = self.work.next::<crate::domain::ServiceId>();
        let id = EntityId::Service(number);
        self.work.expect_new(&id);
        self.work.happen(
            &self.doer.clone(),
            id.clone(),
            Event::Service(ServiceEvent::Delivered(delivered.clone())),
            Why::default(),
        )?;
        Ok(Done::new(format!("Recorded {} as {number}.", delivered.service)).made(vec![id]))
    }

    pub(super) fn record_contact(&mut self, new: &NewContact) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        if let Some(case) = new.case {
            self.authorise_note(case)?;
        }
        let id = self.new_contact(new)?;
        let label = match new.case {
            Some(case) => format!("Added to {case} as {id}."),
            None => format!("Recorded as {id}."),
        };
        let mut made = vec![EntityId::Contact(id)];
        made.extend(new.case.map(EntityId::Case));
        Ok(Done::new(label).made(made))
    }

    /// Records a contact and adds it to its case; the caller has authorised it.
    pub(super) fn new_contact(
        &mut self,
        new: &NewContact,
    ) -> Result<crate::domain::ContactId, DeskError> {
        check_text("the summary", &new.summary, TEXT_BYTES_MAX, true)?;
        if new.ended_at < new.started_at {
            return Err(Refusal::new(
                "contact.times",
                "The contact ended before it began.",
                "Correct the times.",
            )
            .into());
        }
        if new.direction == Direction::In && new.case.is_none() && new.summary.trim().is_empty() {
            return Err(Refusal::new(
                "contact.outcome",
                "A contact ends in something: a case, or an answer.",
                "Say in a word what was done.",
            )
            .into());
        }
        if let Some(person) = new.person {
            self.living_record(person)?;
        }
        let number = self.work.next::<crate::domain::ContactId>();
        let id = EntityId::Contact(number);
        self.work.expect_new(&id);
        self.work.happen(
            &self.doer.clone(),
            id,
            Event::Contact(ContactEvent::Held(new.clone())),
            Why::default(),
        )?;
        if let Some(case) = new.case {
            self.seen_case(case)?;
            let event = CaseEvent::ContactAdded {
                contact: number,
                channel: new.channel,
                summary: new.summary.clone(),
            };
            self.work.happen(
                &self.doer.clone(),
                EntityId::Case(case),
                Event::Case(event),
                Why::default(),
            )?;
        }
        Ok(number)
    }
}

/// What was done, and what is doubtful about what was kept.
fn with_doubts(label: String, doubts: impl IntoIterator<Item = String>) -> String {
    doubts.into_iter().fold(label, |label, doubt| format!("{label} {doubt}"))
}
