//! The office that the tutor teaches in: a small made one, with what each lesson needs ready for the learner.

use crate::desk::{AskWho, Command, Desk, DeskError, LocalDesk};
use crate::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, Name, NameKind, NewPerson,
};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, CaseworkerId, PersonId, SubjectCode};

use super::make::{Plan, make_unruled};
use super::office::ACCOUNT;
use super::sender::{self, Sender, act};

const PEOPLE: u64 = 240;
const CASES: u64 = 200;
const SEED: u64 = 8;
/// Whose cases are alike, for what is done with many at once: given and family name, and form of address.
const FLOODED: [[&str; 3]; 10] = [
    ["Agnes", "Thornbury", "Mrs"],
    ["Bilal", "Okafor", "Mr"],
    ["Celia", "Marchetti", "Mrs"],
    ["Dmitri", "Volkonsky", "Mr"],
    ["Eluned", "Pritchard", "Mrs"],
    ["Fergus", "Auchterlonie", "Mr"],
    ["Giulia", "Benedetti", "Mrs"],
    ["Hamish", "Lockerbie", "Mr"],
    ["Ingrid", "Sorensen", "Mrs"],
    ["Joaquim", "Figueiredo", "Mr"],
];
/// Hours before now at which the learner's matters came in.
const HOURS_AGO: i64 = 20;

/// What is ready for the learner, who is [`ACCOUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classroom {
    /// Who calls: Sara Mohammadi.
    pub caller: PersonId,
    /// A case of the learner's that is to be escalated.
    pub escalated: CaseId,
    /// A case of the learner's that can be answered and closed.
    pub answered: CaseId,
    /// A case that another one is the same as.
    pub duplicate: CaseId,
}

/// Makes the office at a desk that has none yet.
///
/// # Errors
/// The store failed; or an act was refused, which is a mistake of the making, and the error names the act.
pub fn classroom(desk: &std::sync::Arc<LocalDesk>, now: Instant) -> Result<Classroom, DeskError> {
    make_unruled(desk, &Plan { people: PEOPLE, cases: CASES, seed: SEED, today: now })?;
    let learner: &dyn Desk = &desk.sign_in(ACCOUNT, None)?;
    let actor = learner.ask(AskWho {})?.caseworker.id;
    let room = Room { sender: Sender::new(desk), actor, at: now.plus_minutes(-HOURS_AGO * 60) };
    let sara = room.person("Sara", "Mohammadi", (1986, 3, 2), "Mrs", 12)?;
    let gareth = room.person("Gareth", "Whitlock", (1961, 10, 19), "Mr", 14)?;
    let says = "Rent arrears of three months; asks for a waiver";
    let escalated = room.case(sara, Nature::Request, "RENT-3", says, true)?;
    let says = "Asks which papers the rent subsidy takes";
    let answered = room.case(gareth, Nature::Information, "RENT-1", says, true)?;
    room.case(gareth, Nature::Complaint, "HOME-1", "Damp in the bedroom", false)?;
    let says = "Damp in the bedroom, second report";
    let duplicate = room.case(gareth, Nature::Complaint, "HOME-1", says, false)?;
    for ((born, house), [given, family, form_of_address]) in (1951..).zip(31..).zip(FLOODED) {
        let asks = room.person(given, family, (born, 5, 17), form_of_address, house)?;
        // No other case has the word, so that it alone limits a list to these.
        let says = format!("Asks for the moving grant after the flood in the cellar of {house}");
        room.case(asks, Nature::Request, "MOVE-1", &says, false)?;
    }
    Ok(Classroom { caller: sara, escalated, answered, duplicate })
}

/// The learner, at the hour at which their matters came in.
struct Room<'d> {
    sender: Sender<'d>,
    actor: CaseworkerId,
    at: Instant,
}

impl Room<'_> {
    fn person(
        &self,
        given: &str,
        family: &str,
        (year, month, day): (i16, i8, i8),
        form_of_address: &str,
        house: u32,
    ) -> Result<PersonId, DeskError> {
        let new = NewPerson {
            names: vec![Name {
                kind: NameKind::Official,
                given: given.to_owned(),
                family: family.to_owned(),
            }],
            birth_date: Day::from_parts(year, month, day).map(BirthDate::Day),
            contact_points: ContactPoint::parse(
                ContactPointKind::Telephone,
                &format!("+32 2 555 44 {house}"),
            )
            .into_iter()
            .collect(),
            address: Some(Address {
                street: format!("Mill Lane {house}"),
                postcode: "1040".to_owned(),
                place: "Brightwater".to_owned(),
                area: "Harbour".to_owned(),
            }),
            form_of_address: Some(form_of_address.to_owned()),
            languages: vec!["en".to_owned()],
            preferred_channel: Some(Channel::Sms),
            source: "told by telephone".to_owned(),
            ..NewPerson::default()
        };
        let receipts =
            self.sender.send(vec![act(self.actor, self.at, Command::RegisterPerson(new))])?;
        receipts.first().map_or_else(|| Err(nothing()), sender::person)
    }

    fn case(
        &self,
        asked_by: PersonId,
        nature: Nature,
        subject: &str,
        says: &str,
        is_claimed: bool,
    ) -> Result<CaseId, DeskError> {
        let intake = Intake {
            channel: Channel::Telephone,
            registry_number: None,
            received_at: self.at,
            nature,
            subject: Some(SubjectCode(subject.into())),
            asked_by: Some(asked_by),
            about: About::Same,
            addressee: None,
            place: CasePlace { text: "Mill Lane 12".to_owned(), area: "Harbour".to_owned() },
            says: says.to_owned(),
            same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
        };
        let receipts =
            self.sender.send(vec![act(self.actor, self.at, Command::RegisterCase(intake))])?;
        let case = receipts.first().map_or_else(|| Err(nothing()), sender::case)?;
        if is_claimed {
            let claim = Command::Case { case, version: None, act: CaseAct::Claim };
            self.sender.send(vec![act(self.actor, self.at, claim)])?;
        }
        Ok(case)
    }
}

fn nothing() -> DeskError {
    DeskError::Broken("an act of the classroom has no receipt".to_owned())
}
