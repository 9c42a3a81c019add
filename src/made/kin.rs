//! Who some of the made caseworkers are as citizens, with their families: files that are closed to them and to their
//! colleagues, an emergency in which one was opened, and an attempt at another.

use crate::desk::{Command, DeskError};
use crate::domain::cases::Channel;
use crate::domain::office::{Behind, Purpose};
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, FamilyRole, Name, NameKind, NewHousehold,
    NewPerson, RelationshipKind,
};
use crate::domain::time::Instant;
use crate::domain::{EntityId, PersonId};

use super::data::Home;
use super::make::related;
use super::office::{ACCOUNT, Office};
use super::sender::{self, Sender, act};

/// Offices of fewer people have none of these: they would be a large part of them.
const PEOPLE_MIN: u64 = 100;
/// Somebody who belongs to a caseworker.
#[derive(Clone, Copy)]
struct Kin {
    given: &'static str,
    family: &'static str,
    born: &'static str,
    form_of_address: &'static str,
    street: &'static str,
    /// The account of the caseworker that they are, if they are one.
    account: Option<&'static str>,
}

const fn kin(
    [given, family, born, form_of_address, street]: [&'static str; 5],
    account: Option<&'static str>,
) -> Kin {
    Kin { given, family, born, form_of_address, street, account }
}

const KIN: [Kin; 6] = [
    kin(["Leila", "Karimi", "1979-04-11", "Mrs", "Quay Street 40"], Some(ACCOUNT)),
    kin(["Omid", "Karimi", "1976-09-30", "Mr", "Quay Street 40"], None),
    kin(["Shirin", "Karimi", "1983-12-02", "Mrs", "Mill Lane 88"], None),
    kin(["Navid", "Rahimi", "1990-06-17", "Mr", "Orchard Row 7"], Some("rahimi")),
    kin(["Fatma", "Çelik", "1974-02-25", "Mrs", "Orchard Row 31"], Some("celik")),
    kin(["Kemal", "Çelik", "2009-08-08", "Mr", "Orchard Row 31"], None),
];
/// Who lives together, by place in the list, the head first.
const HOUSEHOLDS: [[(usize, FamilyRole); 2]; 2] = [
    [(0, FamilyRole::Head), (1, FamilyRole::Partner)],
    [(4, FamilyRole::Head), (5, FamilyRole::Child)],
];
/// Who belongs together: the second is what the kind says of the first.
const TIES: [(usize, usize, RelationshipKind); 3] = [
    (0, 1, RelationshipKind::Spouse),
    (0, 2, RelationshipKind::Sibling),
    (4, 5, RelationshipKind::Child),
];
/// The colleague of Housing whose file another one opened in an emergency, by place.
const OPENED: usize = 3;
/// Who opened it, and who tried to without.
const OPENED_BY: &str = "kaya";
const TRIED_BY: &str = "lunde";
const EMERGENCY: &str =
    "Water runs through his ceiling, he does not answer: his wife's number is needed";
/// Minutes after which the access was given back.
const OPEN_MINUTES: i64 = 9;

/// How many households they form.
pub(super) fn households() -> u64 {
    u64::try_from(HOUSEHOLDS.len()).unwrap_or(0)
}

/// Registers them, the first of all citizens; nobody in an office of too few people.
///
/// # Errors
/// As the sender's.
pub(super) fn register(
    sender: &Sender<'_>,
    office: &Office,
    at: Instant,
    people: u64,
) -> Result<Vec<PersonId>, DeskError> {
    if people < PEOPLE_MIN {
        return Ok(Vec::new());
    }
    let clerk = office.team(Home::Registry).manager;
    let registered = (21..)
        .zip(KIN)
        .map(|(number, kin)| act(clerk, at, Command::RegisterPerson(person(number, kin))));
    let receipts = sender.send(registered.collect())?;
    let kin = receipts.iter().map(sender::person).collect::<Result<Vec<_>, _>>()?;
    let mut acts = Vec::new();
    for household in HOUSEHOLDS {
        let member = |(place, role): (usize, FamilyRole)| Some((*kin.get(place)?, role));
        let members = household.into_iter().filter_map(member).collect();
        acts.push(act(clerk, at, Command::FormHousehold(NewHousehold { members })));
    }
    for (one, other, kind) in TIES {
        if let (Some(one), Some(other)) = (kin.get(one), kin.get(other)) {
            acts.push(act(clerk, at, related(*one, *other, kind)));
        }
    }
    sender.send(acts)?;
    Ok(kin)
}

/// Says who they are, and what came of it: an emergency that waits for its review, and an attempt.
///
/// # Errors
/// As the sender's.
pub(super) fn link(
    sender: &Sender<'_>,
    office: &Office,
    kin: &[PersonId],
    at: Instant,
) -> Result<(), DeskError> {
    let linked = KIN.iter().zip(kin).filter_map(|(held, person)| {
        let command = Command::LinkPerson {
            caseworker: office.person(held.account?),
            person: Some(*person),
            reason: "told the office so".to_owned(),
        };
        Some(act(office.head, at, command))
    });
    sender.send(linked.collect())?;
    let Some(person) = kin.get(OPENED).copied() else { return Ok(()) };
    let (opener, purpose) = (office.person(OPENED_BY), Purpose::unasked());
    let open =
        Command::OpenEmergency { behind: Behind::Person(person), reason: EMERGENCY.to_owned() };
    let receipts = sender.send(vec![
        act(office.person(TRIED_BY), at, Command::FlagAttempt(EntityId::Person(person))),
        act(opener, at, open),
        act(opener, at.plus_minutes(1), Command::OpenPerson { person, purpose }),
    ])?;
    let access = receipts.get(1).map(sender::access).transpose()?;
    let ended = access
        .map(|access| act(opener, at.plus_minutes(OPEN_MINUTES), Command::EndEmergency(access)));
    sender.send(ended.into_iter().collect()).map(drop)
}

fn person(number: u32, kin: Kin) -> NewPerson {
    // A number out of the range that is kept for drama: it reaches nobody.
    let telephone = format!("+44 7700 9000{number}");
    NewPerson {
        names: vec![Name {
            kind: NameKind::Official,
            given: kin.given.to_owned(),
            family: kin.family.to_owned(),
        }],
        birth_date: BirthDate::parse(kin.born),
        contact_points: ContactPoint::parse(ContactPointKind::Telephone, &telephone)
            .into_iter()
            .collect(),
        address: Some(Address {
            street: kin.street.to_owned(),
            postcode: "1040".to_owned(),
            place: "Brightwater".to_owned(),
            area: "Harbour".to_owned(),
        }),
        form_of_address: Some(kin.form_of_address.to_owned()),
        languages: vec!["en".to_owned()],
        preferred_channel: Some(Channel::Telephone),
        source: "town register".to_owned(),
        ..NewPerson::default()
    }
}
