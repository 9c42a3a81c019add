//! Reading whether queues were fair: who may, the trace that it leaves, and whether a unit's free cases are listed without
//! names.

use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::office::{Action, Caseworker, Purpose, Resource, UnitProfileEvent};
use crate::domain::time::Day;
use crate::domain::{AuditReading, EntityId, Event, Refusal, UnitId};

use super::{Done, Run, authorise};

/// Refuses whoever may not read how fair the queues of a unit, or of all units, were: it is for auditors and the privacy
/// officer, and for whoever leads that unit or one above it.
pub(in crate::desk) fn check_fairness_right(
    directory: &Directory,
    actor: &Caseworker,
    unit: Option<UnitId>,
    today: Day,
) -> Result<(), DeskError> {
    if let Some(unit) = unit {
        directory.unit(unit)?;
        if directory.above(unit).any(|above| directory.leads(actor.id, above, today)) {
            return Ok(());
        }
    }
    let every = || directory.units.keys().copied().collect::<Vec<UnitId>>();
    let units = unit.map_or_else(every, |unit| vec![unit]);
    for unit in units {
        let resource = Resource::of_unit(unit);
        authorise(directory, actor, Action::ReadAudit, &resource, today).map_err(|_denied| {
            Refusal::new(
                "permit.fairness",
                format!("{} may not read how fair these queues were.", actor.name),
                "Auditors and the privacy officer may, and whoever leads a unit: --unit UNIT.",
            )
        })?;
    }
    Ok(())
}

impl Run<'_> {
    /// Records that somebody reads how fair queues were.
    pub(super) fn read_fairness(&mut self, unit: Option<UnitId>) -> Result<Done, DeskError> {
        let actor = self.actor()?;
        check_fairness_right(&self.work.directory, &actor, unit, self.today)?;
        let id = unit.map_or(EntityId::Office, EntityId::Unit);
        let reading = AuditReading { about: Some(id.clone()), by: None, is_export: false };
        let why = Why::purpose(&Purpose(Purpose::AUDIT.to_owned()));
        self.work.happen(&self.doer.clone(), id, Event::AuditRead(reading), why)?;
        Ok(Done::new("Logged under audit.").leaves_nothing())
    }

    /// Says whether the free cases of a unit are listed without the names of citizens.
    pub(super) fn hide_names(&mut self, unit: UnitId, hides: bool) -> Result<Done, DeskError> {
        self.authorise(Action::RunOffice, &Resource::of_unit(unit))?;
        let name = self.work.directory.unit(unit)?.name.clone();
        let is_hidden = self.work.directory.hides_names(unit);
        let with = if hides { "without" } else { "with" };
        let label = format!("Free cases of {name} are listed {with} names now.");
        if is_hidden != hides {
            let event = Event::UnitProfile(UnitProfileEvent::NamesHidden(hides));
            let id = EntityId::UnitProfile(unit);
            self.work.happen(&self.doer.clone(), id, event, Why::default())?;
        }
        Ok(Done::new(label).not_undoable("set it the other way round: casedesk office names"))
    }
}
