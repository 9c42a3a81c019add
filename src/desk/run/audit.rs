//! Reading the audit trail: who may read which part of it, and the trace that the reading itself leaves.

use crate::desk::chain::touches_directory;
use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::sight::Sight;
use crate::desk::work::Why;
use crate::domain::office::{Action, Caseworker, Confidentiality, Purpose, Resource};
use crate::domain::time::Day;
use crate::domain::{AuditReading, Entity, EntityId, Event, Refusal};

use super::{Done, Run};

impl Run<'_> {
    /// Records a reading of the trail, for whoever [`check_trail_right`] lets read it.
    pub(super) fn read_audit(
        &mut self,
        reading: &AuditReading,
        purpose: &Purpose,
    ) -> Result<Done, DeskError> {
        if purpose.0 != Purpose::AUDIT {
            self.check_purpose(purpose)?;
        }
        // A reading about one record stands in that record's own file, where its subject can ask who looked.
        let id = reading.about.clone().unwrap_or(EntityId::Office);
        let about = self.work.entity(&id)?;
        let actor = self.actor()?;
        let directory = &self.work.directory;
        let sight = self.sight_of(&actor);
        check_trail_right(directory, &actor, (sight, self.today), reading, about.as_ref())?;
        self.work.happen(
            &self.doer.clone(),
            id,
            Event::AuditRead(reading.clone()),
            Why::purpose(purpose),
        )?;
        Ok(Done::new(format!("Logged under {}.", purpose.0)).leaves_nothing())
    }
}

/// Refuses whoever may not read this part of the trail; `about` is the record that is meant, or the office, where it is there.
/// Everybody may read what they did themselves, and whoever leads a unit the trail of somebody, or of a case, in it; the rest,
/// and what leaves the office whole, is for whoever may read everybody's trail.
pub(in crate::desk) fn check_trail_right(
    directory: &Directory,
    actor: &Caseworker,
    (sight, today): (Sight<'_>, Day),
    reading: &AuditReading,
    about: Option<&Entity>,
) -> Result<(), DeskError> {
    check_part(reading.about.as_ref())?;
    let is_near = !reading.is_export
        && (reading.by == Some(actor.id)
            || is_of_led_unit(directory, actor, (sight, today), reading, about)?);
    if !is_near {
        // Events of cases are in everybody's trail.
        check_reads_all(directory, actor, sight, Confidentiality::CaseConfidential)?;
    }
    let missing = || {
        let id = reading.about.clone().unwrap_or(EntityId::Office);
        Err(DeskError::NotFound(id.to_string()))
    };
    let confidentiality = match about {
        // What may not be known to be there is not there for its trail either.
        Some(Entity::Case(case)) if !sight.case(case) => return missing(),
        Some(Entity::Person(person)) if !sight.person(person) => return missing(),
        Some(Entity::Case(case)) => case.confidentiality,
        Some(Entity::Person(person)) => person.confidentiality,
        Some(_) => Confidentiality::Internal,
        None => return missing(),
    };
    if is_near { Ok(()) } else { check_reads_all(directory, actor, sight, confidentiality) }
}

/// Refuses a reading about a record that belongs to a case or person, whether it is there or not: its trail is told with theirs,
/// for whoever may see them.
fn check_part(about: Option<&EntityId>) -> Result<(), DeskError> {
    let is_whole = |about: &EntityId| {
        matches!(about, EntityId::Case(_) | EntityId::Person(_)) || touches_directory(about)
    };
    if about.is_none_or(is_whole) {
        return Ok(());
    }
    Err(Refusal::new(
        "trail.part",
        "The trail is read whole, or of a case, a person or a record of the office.",
        "Read that of the case or person: casedesk audit show --case C-1.",
    )
    .into())
}

/// Whether it is of somebody, or of a case, in a unit that the actor leads: that trail is theirs to read, as far as they may
/// see the case.
fn is_of_led_unit(
    directory: &Directory,
    actor: &Caseworker,
    (sight, today): (Sight<'_>, Day),
    reading: &AuditReading,
    about: Option<&Entity>,
) -> Result<bool, DeskError> {
    let leads = |unit| directory.leads(actor.id, unit, today);
    if let Some(by) = reading.by {
        return Ok(leads(directory.caseworker(by)?.unit));
    }
    Ok(match about {
        Some(Entity::Case(case)) => leads(case.unit) && sight.case(case),
        _ => false,
    })
}

/// Refuses whoever may not read everybody's trail, of every unit: a right that holds in some units would have to be asked of
/// each event.
pub(in crate::desk) fn check_reads_all(
    directory: &Directory,
    actor: &Caseworker,
    sight: Sight<'_>,
    confidentiality: Confidentiality,
) -> Result<(), DeskError> {
    let may = |unit| {
        let resource = Resource { unit: Some(unit), ..Resource::of_level(confidentiality) };
        sight.may(Action::ReadAudit, &resource)
    };
    if directory.units.keys().all(|unit| may(*unit)) {
        return Ok(());
    }
    Err(Refusal::new(
        "permit.audit",
        format!("{} may not read everybody's trail at once.", actor.name),
        format!(
            "Say whose or of what: casedesk audit show --by {}, or --case NUMBER; everybody's is for auditors and the privacy officer (casedesk office enrol ACCOUNT NAME --role auditor).",
            actor.account
        ),
    )
    .into())
}
