//! Reading the audit trail: who may read which part of it, and the trace that the reading itself leaves.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::office::{Action, Confidentiality, Purpose, Resource};
use crate::domain::{AuditReading, Entity, EntityId, Event, Refusal};

use super::{Done, Run};

impl Run<'_> {
    /// Records a reading of the trail. Everybody may read what they did themselves; the rest, and what leaves the office
    /// whole, is for whoever may read everybody's trail.
    pub(super) fn read_audit(
        &mut self,
        reading: &AuditReading,
        purpose: &Purpose,
    ) -> Result<Done, DeskError> {
        if purpose.0 != Purpose::AUDIT {
            self.check_purpose(purpose)?;
        }
        let is_near = !reading.is_export
            && (reading.by == Some(self.doer.actor) || self.is_of_led_unit(reading)?);
        if !is_near {
            // Events of cases are in everybody's trail.
            self.authorise_trail(Confidentiality::CaseConfidential)?;
        }
        // A reading about one record stands in that record's own file, where its subject can ask who looked.
        let id = reading.about.clone().unwrap_or(EntityId::Office);
        let confidentiality = match self.work.entity(&id)? {
            // What may not be known to be there is not there for its trail either.
            Some(Entity::Case(case)) if !self.sight_of(&self.actor()?).case(&case) => {
                return Err(DeskError::NotFound(id.to_string()));
            }
            Some(Entity::Person(person)) if !self.sight_of(&self.actor()?).person(&person) => {
                return Err(DeskError::NotFound(id.to_string()));
            }
            Some(Entity::Case(case)) => case.confidentiality,
            Some(Entity::Person(person)) => person.confidentiality,
            Some(_) => Confidentiality::Internal,
            None => return Err(DeskError::NotFound(id.to_string())),
        };
        if !is_near {
            self.authorise_trail(confidentiality)?;
        }
        self.work.happen(
            &self.doer.clone(),
            id,
            Event::AuditRead(reading.clone()),
            Why::purpose(purpose),
        )?;
        Ok(Done::new(format!("Logged under {}.", purpose.0)).leaves_nothing())
    }

    /// Whether it is of somebody, or of a case, in a unit that the actor leads: that trail is theirs to read, as far as they
    /// may see the case.
    fn is_of_led_unit(&mut self, reading: &AuditReading) -> Result<bool, DeskError> {
        let leads = |run: &Self, unit| run.work.directory.leads(run.doer.actor, unit, run.today);
        let by = reading.by.map(|by| self.work.directory.caseworker(by).map(|held| held.unit));
        let by = by.transpose()?;
        if by.is_some_and(|unit| leads(self, unit)) {
            return Ok(true);
        }
        let Some(EntityId::Case(id)) = reading.about else { return Ok(false) };
        if by.is_some() {
            return Ok(false);
        }
        let Some(Entity::Case(case)) = self.work.entity(&EntityId::Case(id))? else {
            return Ok(false);
        };
        Ok(leads(self, case.unit) && self.sight_of(&self.actor()?).case(&case))
    }

    /// Refuses whoever may not read everybody's trail, of every unit: a right that holds in some units would have to be
    /// asked of each event.
    fn authorise_trail(&self, confidentiality: Confidentiality) -> Result<(), DeskError> {
        let actor = self.actor()?;
        let may = |unit| {
            let resource = Resource { unit: Some(unit), ..Resource::of_level(confidentiality) };
            self.sight_of(&actor).may(Action::ReadAudit, &resource)
        };
        if self.work.directory.units.keys().all(|unit| may(*unit)) {
            return Ok(());
        }
        Err(Refusal::new(
            "permit.audit",
            format!("{} may read the trail of their own acts only.", actor.name),
            format!(
                "Read that: casedesk audit show --by {}; everybody's is for auditors and the privacy officer (casedesk office enrol ACCOUNT NAME --role auditor).",
                actor.account
            ),
        )
        .into())
    }
}
