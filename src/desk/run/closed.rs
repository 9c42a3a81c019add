//! Files that are closed to whoever acts: their own, their family's and their colleagues'. An act on one is refused, and
//! the desk notes the attempt on the record.

use std::sync::Arc;

use crate::codec::encode_record;
use crate::desk::command::Command;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::Attempt;
use crate::desk::work::{Mark, Why, broken};
use crate::domain::cases::{Case, CaseAct};
use crate::domain::office::{Action, Resource, RightsEvent};
use crate::domain::people::Person;
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, Event, PersonId, Refusal};

use super::{Done, Run, is_of_rule};

impl Run<'_> {
    /// Refuses a person whose file is closed to the actor.
    pub(super) fn check_person_is_open(&self, person: PersonId) -> Result<(), DeskError> {
        let closed = self.sight_of(&self.actor()?).is_closed(person);
        if closed { Err(DeskError::Closed(EntityId::Person(person))) } else { Ok(()) }
    }

    /// Refuses a case about somebody whose file is closed to the actor.
    pub(super) fn check_case_is_open(&self, case: &Case) -> Result<(), DeskError> {
        let closed = self.work.directory.conflicts.closes_case(self.doer.actor, case);
        if closed { Err(DeskError::Closed(EntityId::Case(case.id))) } else { Ok(()) }
    }

    /// Refuses an action on a person whom the actor's rights do not include or whose file is closed to them, but for what
    /// an emergency access opens.
    pub(super) fn authorise_file(&self, action: Action, person: &Person) -> Result<(), DeskError> {
        if self.access_for(action, person.id).is_some() {
            return Ok(());
        }
        self.authorise(action, &Resource::of_person(person))?;
        self.check_person_is_open(person.id)
    }

    /// As [`Self::authorise_file`], on a case, which is taken as `resource` has it.
    pub(super) fn authorise_on(
        &self,
        action: Action,
        case: &Case,
        resource: &Resource<'_>,
    ) -> Result<(), DeskError> {
        if self.access_for_case(action, case).is_some() {
            return Ok(());
        }
        self.authorise(action, resource).and_then(|()| self.check_case_is_open(case))
    }

    /// Tells a closed file from one that is not there: whoever asks for it by its number hears which it is, where their
    /// rights would include it otherwise.
    pub(super) fn told_from_missing(&mut self, error: DeskError) -> DeskError {
        let DeskError::NotFound(name) = &error else { return error };
        if let Ok(id) = name.parse::<PersonId>() {
            let Ok(person) = self.work.person(id) else { return error };
            let Ok(actor) = self.actor() else { return error };
            let is_kept = self.sight_of(&actor).level(person.confidentiality);
            return self.check_person_is_open(id).err().filter(|_| is_kept).unwrap_or(error);
        }
        if let Ok(id) = name.parse::<CaseId>() {
            let Ok(case) = self.work.case(id) else { return error };
            let Ok(actor) = self.actor() else { return error };
            let is_kept = self.sight_of(&actor).permits_case(&case);
            return self.check_case_is_open(&case).err().filter(|_| is_kept).unwrap_or(error);
        }
        error
    }

    /// Refuses an act that has touched a closed file, whichever way it came there. What was read or noted under an emergency
    /// access carries its number in the trail.
    pub(super) fn check_touched(
        &mut self,
        mark: &Mark,
        command: &Command,
    ) -> Result<(), DeskError> {
        let directory = Arc::clone(&self.work.directory);
        let (actor, at) = (self.doer.actor, self.doer.at);
        let is_free = directory.conflicts.of(actor).is_empty()
            && directory.open_accesses(actor, at).next().is_none();
        if is_free || passes(command) {
            return Ok(());
        }
        let touched: Vec<EntityId> = self.work.touched_since(mark).cloned().collect();
        for id in touched {
            let entity = self.work.slots.get(&id).and_then(|slot| slot.is.as_ref());
            let (access, closed) = match entity {
                Some(Entity::Person(person)) => (
                    directory.access_to_person(actor, person.id, at),
                    directory.conflicts.closes(actor, person.id),
                ),
                Some(Entity::Case(case)) => (
                    directory.access_to_case(actor, case, at),
                    directory.conflicts.closes_case(actor, case),
                ),
                _ => continue,
            };
            match access {
                Some(access) if only_reads(command) => {
                    self.work.tell_reason(mark, &id, &access.to_string());
                }
                _ if closed => return Err(DeskError::Closed(id)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Notes on a record that the actor was turned away from it, and keeps the attempt for the privacy officer.
    pub(super) fn flag_attempt(&mut self, on: &EntityId) -> Result<Done, DeskError> {
        let doer = self.doer.clone();
        self.work.happen(&doer, on.clone(), Event::TurnedAway, Why::default())?;
        let attempt = Attempt { at: doer.at, by: doer.actor, on: on.clone() };
        let value = encode_record(&attempt).map_err(broken)?;
        self.work.put_state(keys::attempt(doer.at, doer.actor, on), Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }

    /// Says who a caseworker is as a citizen, so that their own file, their family's and, to their colleagues, theirs is
    /// closed; or that nobody knows any more.
    pub(super) fn link_person(
        &mut self,
        caseworker: CaseworkerId,
        person: Option<PersonId>,
        reason: &str,
    ) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(caseworker)?.clone();
        self.authorise(Action::RunOffice, &Resource::of_unit(held.unit))?;
        if caseworker == self.doer.actor {
            return Err(Refusal::new(
                "link.own",
                "Nobody says of themselves who they are as a citizen.",
                "Somebody else who runs the office does it.",
            )
            .into());
        }
        let person = match person {
            Some(person) => {
                self.work.person(person)?;
                Some(self.current_person(person)?)
            }
            None => None,
        };
        let known = self.work.directory.rights.get(&caseworker).and_then(|rights| rights.person);
        if known == person {
            return Err(Refusal::new(
                "link.same",
                format!("That is how it stands for {} already.", held.name),
                "There is nothing to do.",
            )
            .into());
        }
        let why = if reason.is_empty() { Why::default() } else { Why::reason(reason) };
        let event = Event::Rights(RightsEvent::PersonLinked(person));
        self.work.happen(&self.doer.clone(), EntityId::Rights(caseworker), event, why)?;
        let label = match person {
            Some(person) => format!(
                "{} is {person} as a citizen: that file and the family's are closed to them, and that file to their unit.",
                held.name
            ),
            None => format!("{} is linked to nobody any more.", held.name),
        };
        Ok(Done::new(label)
            .about(EntityId::Rights(caseworker))
            .not_undoable("link them again instead"))
    }
}

/// Whether an act is one for which an emergency access is there.
fn only_reads(command: &Command) -> bool {
    matches!(
        command,
        Command::OpenPerson { .. }
            | Command::OpenCase { .. }
            | Command::RevealPerson { .. }
            | Command::RevealUnderContact { .. }
            | Command::RevealFields { .. }
            | Command::Case { act: CaseAct::Note { .. }, .. }
    )
}

/// Whether an act may touch files that are closed to whoever does it: nobody chose them, or nothing of them is told.
fn passes(command: &Command) -> bool {
    is_of_rule(command)
        || matches!(
            command,
            Command::SetAttendance { .. }
                | Command::MoveClocks { .. }
                | Command::ImportPeople(_)
                | Command::ImportCases(_)
                | Command::ImportHistories { .. }
        )
}
