//! People who may be one: telling them apart, and what is kept of a registration that looks like somebody who is here.

use crate::codec::encode_record;
use crate::desk::derive::is_found;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::Likely;
use crate::desk::work::{Why, broken};
use crate::domain::cases::check_text;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{DistinctionEvent, NewPerson, in_order};
use crate::domain::{Entity, EntityId, Event, PersonId, Refusal};

use super::{Done, Run};

impl Run<'_> {
    /// Says that two people are not one, or takes that back.
    pub(super) fn tell_apart(
        &mut self,
        (one, other): (PersonId, PersonId),
        reason: Option<&str>,
        is_withdrawn: bool,
    ) -> Result<Done, DeskError> {
        self.authorise(Action::ComparePeople, &Resource::office())?;
        check_text("the reason", reason.unwrap_or_default(), LINE_BYTES_MAX, false)?;
        for person in [one, other] {
            self.check_sees(person)?;
        }
        if one == other {
            return Err(Refusal::new(
                "duplicates.one",
                format!("{one} is one person."),
                "Name two people.",
            )
            .into());
        }
        let (one, other) = in_order(one, other);
        let held = self.work.entity(&EntityId::Distinction(one, other))?;
        let is_told = matches!(held, Some(Entity::Distinction(told)) if told.is_in_force);
        if is_told != is_withdrawn {
            let (code, what) = if is_told {
                ("duplicates.told", format!("{one} and {other} are told apart already."))
            } else {
                ("duplicates.untold", format!("{one} and {other} were not told apart."))
            };
            let next = "Look at the list again: casedesk duplicates.";
            return Err(Refusal::new(code, what, next).into());
        }
        let event = if is_withdrawn { DistinctionEvent::Withdrawn } else { DistinctionEvent::Told };
        self.distinguish(one, other, event, reason)?;
        let label = if is_withdrawn {
            format!("{one} and {other} may be the same again.")
        } else {
            format!("{one} and {other} are not the same; they are listed no more.")
        };
        Ok(Done::new(label).about(EntityId::Distinction(one, other)))
    }

    fn distinguish(
        &mut self,
        one: PersonId,
        other: PersonId,
        event: DistinctionEvent,
        reason: Option<&str>,
    ) -> Result<(), DeskError> {
        let (one, other) = in_order(one, other);
        let why = reason.map_or_else(Why::default, Why::reason);
        let id = EntityId::Distinction(one, other);
        self.work.happen(&self.doer.clone(), id, Event::Distinction(event), why)
    }

    /// Records that somebody lists who is likely the same.
    pub(super) fn list_duplicates(&mut self, person: Option<PersonId>) -> Result<Done, DeskError> {
        self.authorise(Action::ComparePeople, &Resource::office())?;
        let id = match person {
            Some(person) => {
                self.check_sees(person)?;
                EntityId::Person(person)
            }
            None => EntityId::Office,
        };
        self.work.happen(&self.doer.clone(), id, Event::DuplicatesListed, Why::default())?;
        Ok(Done::new("Logged.").leaves_nothing())
    }

    /// Keeps what was found of likely duplicates when `id` was registered: whom the clerk told apart from them, and who is
    /// likely the same all the same, for whoever may compare people. Of some of the latter the clerk may learn nothing, so
    /// none of them changes a record, an event or a count of what the clerk did.
    pub(super) fn keep_alikes(
        &mut self,
        id: PersonId,
        new: &NewPerson,
        alikes: &[PersonId],
    ) -> Result<(), DeskError> {
        let mut told: Vec<PersonId> = Vec::new();
        for &other in &new.told_apart {
            // A number that names nobody whom the clerk may see has nothing to be kept for.
            if !told.contains(&other) && other != id && self.may_see_person(other)? {
                let reason = format!("seen when {id} was registered");
                self.distinguish(id, other, DistinctionEvent::Told, Some(&reason))?;
                told.push(other);
            }
        }
        for &other in alikes {
            let (one, other) = in_order(id, other);
            let value = encode_record(&Likely { at: self.doer.at }).map_err(broken)?;
            self.work.put_state(keys::likely(one, other), Some(value));
        }
        Ok(())
    }

    /// Whether there is a person of this number, not taken back, whom the actor may see.
    fn may_see_person(&mut self, id: PersonId) -> Result<bool, DeskError> {
        Ok(self.may_know_person(id)? && is_found(self.work.person(id)?.as_ref()))
    }

    /// Refuses an act on somebody whom the actor may not see as one on somebody who is not there.
    pub(super) fn check_sees(&mut self, id: PersonId) -> Result<(), DeskError> {
        if self.may_see_person(id)? { Ok(()) } else { Err(DeskError::NotFound(id.to_string())) }
    }

    /// Whether there is a person of this number, taken back or not, of whom the actor may know.
    pub(super) fn may_know_person(&mut self, id: PersonId) -> Result<bool, DeskError> {
        let person = match self.work.person(id) {
            Ok(person) => person,
            Err(DeskError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        Ok(self.sight_of(&self.actor()?).person(&person))
    }
}
