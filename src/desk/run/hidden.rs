//! What whoever acts may not see is answered as what is not there: with the same error, before anything else is said of it.

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::domain::cases::Case;
use crate::domain::office::{Action, Resource};
use crate::domain::people::Person;
use crate::domain::{CaseId, PersonId};

use super::Run;

impl Run<'_> {
    /// Refuses a case that the actor may not see as if it were not there. Whoever may see no case at all is told that, of
    /// every number.
    pub(super) fn check_is_seen(&self, case: &Case) -> Result<(), DeskError> {
        let actor = self.actor()?;
        let sight = self.sight_of(&actor);
        if sight.case(case) || !sight.may(Action::ReadCase, &Resource::office()) {
            return Ok(());
        }
        Err(DeskError::NotFound(case.id.to_string()))
    }

    /// The same of a person whom the actor's rights hide; that a file is closed to them is said by whoever opens it.
    pub(super) fn check_is_known(&self, person: &Person) -> Result<(), DeskError> {
        let actor = self.actor()?;
        let sight = self.sight_of(&actor);
        let is_known = sight.person(person) || sight.level(person.confidentiality);
        if is_known || !sight.may(Action::ReadPerson, &Resource::office()) {
            return Ok(());
        }
        Err(DeskError::NotFound(person.id.to_string()))
    }

    /// What a link that is made says of the one that was there; of whom the actor may not see, only that there was one.
    pub(super) fn linked_before(&mut self, before: Option<PersonId>) -> Result<String, DeskError> {
        let Some(before) = before else { return Ok(String::new()) };
        let actor = self.actor()?;
        let known = self.work.person(before).ok();
        let is_seen =
            known.is_some_and(|person| self.sight_of(&actor).level(person.confidentiality));
        Ok(if is_seen {
            format!(" Before, they were {before}.")
        } else {
            " Before, they were somebody else.".to_owned()
        })
    }

    /// A case that an act names beside the one that it is on.
    pub(super) fn seen_case(&mut self, id: CaseId) -> Result<Arc<Case>, DeskError> {
        let case = self.work.case(id)?;
        self.check_is_seen(&case)?;
        Ok(case)
    }
}
