//! Emergency access: opened with a reason for an hour, given back, and reviewed by a second person.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{Case, check_text};
use crate::domain::limits::{
    EMERGENCIES_MAX, EMERGENCY_MINUTES, EMERGENCY_REASON_MIN, LINE_BYTES_MAX,
};
use crate::domain::office::{Action, Behind, EmergencyAccess, EmergencyEvent, Resource};
use crate::domain::{AccessId, Entity, EntityId, Event, PersonId, Refusal};

use super::{Done, Run};

impl Run<'_> {
    /// The actor's open access under which they may do this with a person's file: read it, and nothing else.
    pub(super) fn access_for(&self, action: Action, person: PersonId) -> Option<AccessId> {
        let directory = &self.work.directory;
        let access = || directory.access_to_person(self.doer.actor, person, self.doer.at);
        reads(action).then(access).flatten()
    }

    /// The actor's open access under which they may do this with a case: read it, and note on it.
    pub(super) fn access_for_case(&self, action: Action, case: &Case) -> Option<AccessId> {
        let directory = &self.work.directory;
        let access = || directory.access_to_case(self.doer.actor, case, self.doer.at);
        reads(action).then(access).flatten()
    }

    /// Opens a file or a case against the rules.
    pub(super) fn open_emergency(
        &mut self,
        behind: Behind,
        reason: &str,
    ) -> Result<Done, DeskError> {
        // Whoever reads no file at all, as the administrator, reads none in an emergency either.
        self.authorise(Action::ReadPerson, &Resource::office())?;
        self.authorise(Action::ReadCase, &Resource::office())?;
        let reason = reason.trim();
        check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        if reason.chars().count() < EMERGENCY_REASON_MIN {
            return Err(Refusal::new(
                "emergency.reason",
                format!(
                    "A reason has at least {EMERGENCY_REASON_MIN} letters: it is read by others."
                ),
                "Say what the emergency is.",
            )
            .into());
        }
        let behind = self.what_is_shut(behind)?;
        let open = self.work.directory.open_accesses(self.doer.actor, self.doer.at);
        let open: Vec<AccessId> = open.map(|access| access.id).collect();
        if open.len() >= EMERGENCIES_MAX {
            return Err(Refusal::new(
                "emergency.many",
                format!("{} accesses are open already.", open.len()),
                "Give one of them back first.",
            )
            .into());
        }
        let number = self.work.next::<AccessId>();
        let id = EntityId::Access(number);
        self.work.expect_new(&id);
        let event = EmergencyEvent::Opened {
            behind,
            reason: reason.to_owned(),
            until: self.doer.at.plus_minutes(EMERGENCY_MINUTES),
            told: self.work.directory.told_of_access(self.doer.actor, self.today),
        };
        let why = Why::reason(reason);
        self.work.happen(&self.doer.clone(), id.clone(), Event::Emergency(event), why)?;
        let label = format!(
            "{number}: {behind} is open to you for {EMERGENCY_MINUTES} minutes. Your unit's lead and the privacy officer are told."
        );
        Ok(Done::new(label).made(vec![id]).not_undoable("give it back instead (B)"))
    }

    /// What is to be opened, by its present number.
    ///
    /// # Errors
    /// It is not there, or it opens without.
    fn what_is_shut(&mut self, behind: Behind) -> Result<Behind, DeskError> {
        let actor = self.actor()?;
        let (behind, opens) = match behind {
            Behind::Person(person) => {
                self.work.person(person)?;
                let person = self.current_person(person)?;
                let record = self.work.person(person)?;
                (Behind::Person(person), self.sight_of(&actor).person(&record))
            }
            Behind::Case(case) => {
                self.work.case(case)?;
                let case = self.current_case(case)?;
                let record = self.work.case(case)?;
                (Behind::Case(case), self.sight_of(&actor).case(&record))
            }
        };
        if opens {
            return Err(Refusal::new(
                "emergency.needless",
                format!("{behind} opens to you as it is."),
                "Open it.",
            )
            .into());
        }
        Ok(behind)
    }

    /// Gives an access back before its hour is over.
    pub(super) fn end_emergency(&mut self, id: AccessId) -> Result<Done, DeskError> {
        let access = self.access(id)?;
        if access.by != self.doer.actor {
            return Err(DeskError::NotFound(id.to_string()));
        }
        if !access.is_open(self.doer.at) {
            return Err(Refusal::new("emergency.over", format!("{id} is over."), "").into());
        }
        let event = Event::Emergency(EmergencyEvent::Ended);
        self.work.happen(&self.doer.clone(), EntityId::Access(id), event, Why::default())?;
        Ok(Done::new(format!("{id} is given back: {} is closed again.", access.behind))
            .about(EntityId::Access(id))
            .not_undoable("open it again with a reason"))
    }

    /// Says what was found of an access.
    pub(super) fn review_access(
        &mut self,
        id: AccessId,
        is_justified: bool,
        words: &str,
    ) -> Result<Done, DeskError> {
        self.authorise(Action::ReviewAccess, &Resource::office())?;
        let access = self.access(id)?;
        let refused = |code, what: String, hint| Err(Refusal::new(code, what, hint).into());
        if access.by == self.doer.actor {
            let what = format!("{id} was yours.");
            return refused("review.own", what, "Somebody else reviews it.");
        }
        if access.is_open(self.doer.at) {
            let what = format!("{id} is still open.");
            return refused("review.open", what, "Review it when it is over.");
        }
        if access.review.is_some() {
            let what = format!("{id} was reviewed already.");
            return refused("review.done", what, "What was found stays.");
        }
        let words = words.trim();
        check_text("what you found", words, LINE_BYTES_MAX, false)?;
        if words.is_empty() {
            let what = "Nothing says why.".to_owned();
            return refused("review.words", what, "Say in a word what you found.");
        }
        let event = EmergencyEvent::Reviewed { is_justified, words: words.to_owned() };
        let doer = self.doer.clone();
        self.work.happen(&doer, EntityId::Access(id), Event::Emergency(event), Why::default())?;
        let found = if is_justified { "justified" } else { "not justified" };
        Ok(Done::new(format!("{id} was {found}."))
            .about(EntityId::Access(id))
            .not_undoable("what was found stays"))
    }

    fn access(&mut self, id: AccessId) -> Result<EmergencyAccess, DeskError> {
        match self.work.entity(&EntityId::Access(id))? {
            Some(Entity::Access(access)) => Ok(access),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }
}

/// Whether an action only reads, or notes what was read: an emergency opens no more.
fn reads(action: Action) -> bool {
    use Action as A;
    matches!(action, A::ReadPerson | A::RevealPerson | A::ReadCase | A::NoteCase)
}
