//! Setting the office up: units, queues, caseworkers and subjects.

use crate::desk::directory::DIRECTORY_ROWS_MAX;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::check_text;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::office::{
    Action, CaseworkerState, Grant, NewCaseworker, NewQueue, NewUnit, OfficeEvent, Resource,
};
use crate::domain::time::{OfficeHours, Zone};
use crate::domain::{CaseworkerId, EntityId, Event, Refusal, SubjectCode, UnitId};
use crate::store::Direction;

use super::{Done, Run};

impl Run<'_> {
    /// The very first commands have nobody to permit them: whoever opens an empty database founds the office.
    pub(super) fn authorise_office(&self) -> Result<(), DeskError> {
        if self.work.directory.caseworkers.is_empty() {
            return Ok(());
        }
        self.authorise(Action::RunOffice, &Resource::whole_office())
    }

    /// As [`Self::authorise_office`], for what is one unit's own: whoever runs that unit does it.
    fn authorise_unit(&self, unit: UnitId) -> Result<(), DeskError> {
        if self.work.directory.caseworkers.is_empty() {
            return Ok(());
        }
        self.authorise(Action::RunOffice, &Resource::of_unit(unit))
    }

    fn office_event(&mut self, id: &EntityId, event: OfficeEvent) -> Result<(), DeskError> {
        self.work.happen(&self.doer.clone(), id.clone(), Event::Office(event), Why::default())
    }

    pub(super) fn set_office(
        &mut self,
        name: &str,
        calendar: &OfficeHours,
        currency: &str,
        is_made: bool,
    ) -> Result<Done, DeskError> {
        self.authorise_office()?;
        check_text("the name", name, LINE_BYTES_MAX, false)?;
        check_text("the currency", currency, 3, false)?;
        if let Err(error) = Zone::named(&calendar.zone) {
            return Err(Refusal::new(
                "office.zone",
                format!("There is no time zone `{}`.", error.0),
                "Name one as Europe/Oslo.",
            )
            .into());
        }
        let is_moved = self
            .work
            .directory
            .office
            .as_ref()
            .is_some_and(|office| office.calendar.zone != calendar.zone);
        if is_moved {
            return Err(Refusal::new(
                "office.moved",
                "The zone of an office stays as it is once it is open.",
                "Deadlines were counted in it.",
            )
            .into());
        }
        let held = self.work.directory.office.as_ref().map(|held| &held.calendar);
        let calendar = next_calendar(calendar, held)?;
        self.office_event(
            &EntityId::Office,
            OfficeEvent::OfficeSet {
                name: name.to_owned(),
                calendar,
                currency: currency.to_owned(),
                is_made,
            },
        )?;
        Ok(Done::new(format!("The office is {name}."))
            .about(EntityId::Office)
            .not_undoable("set it again instead"))
    }

    pub(super) fn open_unit(&mut self, new: &NewUnit) -> Result<Done, DeskError> {
        match new.parent {
            Some(above) => self.authorise_unit(above)?,
            None => self.authorise_office()?,
        }
        check_code("unit", &new.code)?;
        check_room("units", self.work.directory.units.len())?;
        check_text("the name", &new.name, LINE_BYTES_MAX, false)?;
        if self.work.directory.units.values().any(|unit| unit.code == new.code) {
            return Err(taken("unit", &new.code));
        }
        if let Some(parent) = new.parent {
            self.work.directory.unit(parent)?;
        }
        let id = EntityId::Unit(self.work.next::<UnitId>());
        self.work.expect_new(&id);
        self.office_event(&id, OfficeEvent::UnitOpened(new.clone()))?;
        Ok(Done::new(format!("Unit {} is open.", new.name))
            .made(vec![id])
            .not_undoable("a unit stays"))
    }

    pub(super) fn lead_unit(
        &mut self,
        unit: UnitId,
        manager: Option<CaseworkerId>,
        substitute: Option<CaseworkerId>,
    ) -> Result<Done, DeskError> {
        self.authorise_unit(unit)?;
        let name = self.work.directory.unit(unit)?.name.clone();
        for caseworker in manager.iter().chain(&substitute) {
            self.on_roster(*caseworker)?;
        }
        if manager.is_some() && manager == substitute {
            return Err(Refusal::new(
                "unit.substitute",
                "Nobody is their own substitute.",
                "Name somebody else.",
            )
            .into());
        }
        self.office_event(&EntityId::Unit(unit), OfficeEvent::UnitLed { manager, substitute })?;
        Ok(Done::new(format!("{name} is led."))
            .about(EntityId::Unit(unit))
            .not_undoable("set it again instead"))
    }

    pub(super) fn open_queue(&mut self, new: &NewQueue) -> Result<Done, DeskError> {
        self.authorise_unit(new.unit)?;
        check_code("queue", &new.code)?;
        check_room("queues", self.work.directory.queues.len())?;
        check_text("the name", &new.name, LINE_BYTES_MAX, false)?;
        self.work.directory.unit(new.unit)?;
        if self.work.directory.queues.values().any(|queue| queue.code == new.code) {
            return Err(taken("queue", &new.code));
        }
        if self.work.directory.queue_of(new.unit, new.kind).is_some() {
            return Err(Refusal::new(
                "queue.kind",
                "The unit has such a queue already.",
                "A unit has one of a kind.",
            )
            .into());
        }
        let id = EntityId::Queue(self.work.next());
        self.work.expect_new(&id);
        self.office_event(&id, OfficeEvent::QueueOpened(new.clone()))?;
        Ok(Done::new(format!("Queue {} is open.", new.code))
            .made(vec![id])
            .not_undoable("a queue stays"))
    }

    pub(super) fn enrol(&mut self, new: &NewCaseworker) -> Result<Done, DeskError> {
        self.authorise_unit(new.unit)?;
        self.check_gives(&new.grants, &[])?;
        check_code("account", &new.account)?;
        check_room("caseworkers", self.work.directory.caseworkers.len())?;
        check_text("the name", &new.name, LINE_BYTES_MAX, false)?;
        self.work.directory.unit(new.unit)?;
        if self.work.directory.by_account(&new.account).is_some() {
            return Err(taken("account", &new.account));
        }
        let id = EntityId::Caseworker(self.work.next::<CaseworkerId>());
        self.work.expect_new(&id);
        self.office_event(&id, OfficeEvent::CaseworkerEnrolled(new.clone()))?;
        Ok(Done::new(format!("{} is enrolled as {}.", new.name, new.account))
            .made(vec![id])
            .not_undoable("set their state instead"))
    }

    pub(super) fn set_grants(
        &mut self,
        caseworker: CaseworkerId,
        grants: &[Grant],
    ) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(caseworker)?;
        self.authorise_unit(held.unit)?;
        self.check_gives(grants, &held.grants)?;
        let name = held.name.clone();
        if caseworker == self.doer.actor {
            return Err(Refusal::new(
                "grants.self",
                "Nobody sets their own grants.",
                "A second person who runs the office does it.",
            )
            .into());
        }
        self.office_event(
            &EntityId::Caseworker(caseworker),
            OfficeEvent::GrantsSet(grants.to_vec()),
        )?;
        Ok(Done::new(format!("{name} has {} grants.", grants.len()))
            .about(EntityId::Caseworker(caseworker))
            .not_undoable("set them again instead"))
    }

    pub(super) fn set_state(
        &mut self,
        caseworker: CaseworkerId,
        state: CaseworkerState,
    ) -> Result<Done, DeskError> {
        self.authorise_unit(self.work.directory.caseworker(caseworker)?.unit)?;
        let name = self.work.directory.caseworker(caseworker)?.name.clone();
        if let CaseworkerState::Absent { substitute: Some(substitute), .. } = state {
            self.work.directory.caseworker(substitute)?;
            if substitute == caseworker {
                return Err(Refusal::new(
                    "absence.self",
                    "Nobody is their own substitute.",
                    "Name somebody else.",
                )
                .into());
            }
        }
        if state == CaseworkerState::Left {
            self.check_has_no_work(caseworker, &name)?;
        }
        self.office_event(
            &EntityId::Caseworker(caseworker),
            OfficeEvent::CaseworkerStateSet(state),
        )?;
        Ok(Done::new(format!("{name}: noted."))
            .about(EntityId::Caseworker(caseworker))
            .not_undoable("set it again instead"))
    }

    /// Refuses to let somebody go whose cases or answers others wait for.
    fn check_has_no_work(&mut self, caseworker: CaseworkerId, name: &str) -> Result<(), DeskError> {
        let owned = keys::of_owner(caseworker).range();
        if !self.work.scan(&owned, 1, Direction::Forward)?.rows.is_empty() {
            return Err(Refusal::new(
                "left.owner",
                format!("{name} still has cases."),
                "Give them to somebody first: nobody's work leaves with them.",
            )
            .into());
        }
        // The third part holds what they asked others, and that is answered to whoever has the case then.
        for part in [0, 1] {
            let asked = keys::escalated(caseworker).byte(part).range();
            if !self.work.scan(&asked, 1, Direction::Forward)?.rows.is_empty() {
                return Err(Refusal::new(
                    "left.escalation",
                    format!("{name} still has escalations to answer."),
                    "Have them answered or taken back first.",
                )
                .into());
            }
        }
        Ok(())
    }

    pub(super) fn define_subject(
        &mut self,
        code: &SubjectCode,
        label: &str,
        synonyms: &[String],
        parent: Option<&SubjectCode>,
    ) -> Result<Done, DeskError> {
        self.authorise_office()?;
        check_code("subject", &code.0)?;
        if !self.work.directory.subjects.contains_key(code) {
            check_room("subjects", self.work.directory.subjects.len())?;
        }
        check_text("the label", label, LINE_BYTES_MAX, false)?;
        for word in synonyms {
            check_text("the synonym", word, LINE_BYTES_MAX, false)?;
        }
        if parent == Some(code) {
            return Err(Refusal::new(
                "subject.parent",
                "A subject is not above itself.",
                "Name another one.",
            )
            .into());
        }
        self.office_event(
            &EntityId::Subject(code.clone()),
            OfficeEvent::SubjectDefined {
                code: code.clone(),
                label: label.to_owned(),
                synonyms: synonyms.to_vec(),
                parent: parent.cloned(),
            },
        )?;
        Ok(Done::new(format!("Subject {code} is {label}."))
            .about(EntityId::Subject(code.clone()))
            .not_undoable("define it again instead"))
    }
}

/// Refuses one more than the directory reads into memory.
pub(super) fn check_room(things: &str, have: usize) -> Result<(), DeskError> {
    if have >= DIRECTORY_ROWS_MAX {
        return Err(Refusal::new(
            "office.full",
            format!("An office has at most {DIRECTORY_ROWS_MAX} {things}."),
            "Use one that is there.",
        )
        .into());
    }
    Ok(())
}

/// The calendar as the office keeps it: a change is a new version, whose number clocks name as what they were counted with.
fn next_calendar(
    calendar: &OfficeHours,
    held: Option<&OfficeHours>,
) -> Result<OfficeHours, DeskError> {
    let refused = |what: &str, advice: &str| Refusal::new("office.calendar", what, advice).into();
    let is_none = |(open, close): &(i8, i8)| *open < 0 || open >= close || *close > 24;
    if calendar.week.iter().flatten().any(is_none) {
        return Err(refused("A day's hours begin before they end.", "Set them as 8 to 16."));
    }
    if !calendar.closed.is_sorted() {
        return Err(refused("The closed days are not in order.", "Name the earliest first."));
    }
    let version = held.map_or(1, |held| {
        let is_same = held.week == calendar.week && held.closed == calendar.closed;
        if is_same { held.version } else { held.version.saturating_add(1) }
    });
    Ok(OfficeHours { version, ..calendar.clone() })
}

pub(super) fn check_code(what: &str, code: &str) -> Result<(), DeskError> {
    check_text(what, code, CODE_BYTES_MAX, false)?;
    if code.is_empty() || code.chars().any(char::is_whitespace) {
        return Err(Refusal::new(
            "code",
            format!("`{code}` is no code of a {what}."),
            "Use one word without spaces.",
        )
        .into());
    }
    Ok(())
}

fn taken(what: &str, code: &str) -> DeskError {
    Refusal::new(
        "code.taken",
        format!("The {what} {code} is there already."),
        "Choose another code.",
    )
    .into()
}
