//! Taking a matter in: what the intake form asks, and the case that comes of it.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, HouseholdId, PersonId, QueueId, SubjectCode, Ulid};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, SHOWN_MAX, TEXT_BYTES_MAX};
use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;

use super::act::CaseEvent;
use super::case::{
    About, Case, CaseOrigin, CasePlace, Party, PartyRole, RoleOnCase, SameCheck, SameChoice,
};
use super::decide::{CaseContext, check_text};
use super::general::{clocks_for, general_version, tasks_for};
use super::kinds::{Channel, Nature, Stage};

/// What the intake form holds when it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// How it came.
    pub channel: Channel,
    /// The registry number of a letter.
    pub registry_number: Option<String>,
    /// When the office received it; not after now.
    pub received_at: Instant,
    /// Its nature.
    pub nature: Nature,
    /// Its subject; without one the case waits for screening.
    pub subject: Option<SubjectCode>,
    /// Who asks; nobody for an anonymous matter.
    pub asked_by: Option<PersonId>,
    /// Whom it is about.
    pub about: About,
    /// To whom letters go, where that is not who asks.
    pub addressee: Option<PersonId>,
    /// Where it is.
    pub place: CasePlace,
    /// What the citizen says.
    pub says: String,
    /// What the SAME? line showed, and what was chosen. `AddedTo` makes no case and is not registered here.
    pub same: SameCheck,
}

/// The case that comes of an intake, as its first event.
///
/// A matter taken in by somebody who may screen, with nature and subject settled, is screened in the same act and goes
/// to the unit's inbox; anything else waits in the screening queue.
///
/// # Errors
/// A field is missing, too long or holds what it may not.
pub fn register(
    intake: &Intake,
    id: CaseId,
    ulid: Ulid,
    queues: (QueueId, QueueId),
    subject_label: &str,
    household: Option<HouseholdId>,
    context: &CaseContext<'_>,
) -> Result<CaseEvent, Refusal> {
    check_text("what the citizen says", &intake.says, TEXT_BYTES_MAX, true)?;
    check_text("the place", &intake.place.text, LINE_BYTES_MAX, false)?;
    check_text("the area", &intake.place.area, LINE_BYTES_MAX, false)?;
    if let Some(number) = &intake.registry_number {
        check_text("the registry number", number, CODE_BYTES_MAX, false)?;
    }
    if intake.received_at > context.at {
        return Err(Refusal::new(
            "intake.received",
            "The received date lies in the future.",
            "Enter the day on which the office received it.",
        ));
    }
    if intake.says.trim().is_empty() && intake.subject.is_none() {
        return Err(Refusal::new(
            "intake.empty",
            "There is neither a subject nor a word of what is asked.",
            "Pick a subject, or write what the citizen says.",
        ));
    }
    if intake.same.shown.len() > SHOWN_MAX {
        return Err(Refusal::new(
            "intake.shown",
            format!("The SAME? line shows at most {SHOWN_MAX} cases."),
            "Look again for the same case (SAME?).",
        ));
    }
    if matches!(intake.same.choice, SameChoice::AddedTo(_)) {
        return Err(Refusal::new(
            "intake.same",
            "This contact was added to a case that exists.",
            "Register it as a contact of that case, or choose n for a new one.",
        ));
    }
    let (screening, inbox) = queues;
    let is_screened = context.may_screen && intake.subject.is_some();
    let zone = context.calendar.zone();
    let mut clocks = clocks_for(intake.nature, zone.day(intake.received_at), context.calendar);
    if is_screened && let Some(screen) = clocks.first_mut() {
        screen.stop(context.at);
    }
    let today = zone.day(context.at);
    let role = |role, party| RoleOnCase { party, role, from: today, to: None };
    let asker = intake.asked_by.map_or(Party::Anonymous, Party::Person);
    let mut roles = vec![role(PartyRole::Initiator, asker)];
    if let About::Person(person) = intake.about {
        roles.push(role(PartyRole::About, Party::Person(person)));
    }
    if let Some(person) = intake.addressee {
        roles.push(role(PartyRole::Addressee, Party::Person(person)));
    }
    Ok(CaseEvent::Registered(Box::new(Case {
        id,
        ulid,
        version: 1,
        created_by: context.actor,
        created_at: context.at,
        confidentiality: Confidentiality::CaseConfidential,
        purpose: Purpose("casework".to_owned()),
        case_type: general_version(),
        nature: intake.nature,
        subjects: intake.subject.iter().cloned().collect(),
        subject_label: subject_label.to_owned(),
        roles,
        household: match intake.about {
            About::Household(household) => Some(household),
            About::Same | About::Person(_) => household,
        },
        asks: intake.says.clone(),
        place: intake.place.clone(),
        channel: intake.channel,
        registry_number: intake.registry_number.clone(),
        received_at: intake.received_at,
        registered_at: context.at,
        stage: if is_screened { Stage::Queued } else { Stage::Screening },
        unit: context.unit,
        queue: Some(if is_screened { inbox } else { screening }),
        owner: None,
        last_handler: None,
        clocks,
        tasks: tasks_for(intake.nature),
        hold: None,
        escalations: Vec::new(),
        messages: Vec::new(),
        contacts: Vec::new(),
        outcome: None,
        closed_at: None,
        reopened: 0,
        links: Vec::new(),
        origin: CaseOrigin::Registered,
        same: intake.same.clone(),
    })))
}
