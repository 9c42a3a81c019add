//! The made town's families: who they are, where they live, and how one reaches them.

use unicode_normalization::UnicodeNormalization;

use crate::domain::cases::Channel;
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, ContactPointState, FamilyRole, Identity,
    Name, NameKind, NewPerson, RelationshipKind,
};
use crate::domain::time::Day;
use crate::domain::{HouseholdId, PersonId};

use super::data::{Culture, Data, Names, Spelling};
use super::random::Random;

/// The town.
const TOWN: &str = "Brightwater";
/// Streams of chance: one for a family, one for the name of its head, so that another family can share the name.
const FAMILY: u64 = 1;
const HEAD: u64 = 2;
/// Every so many families the head has the very name of another head, or is a sibling of one.
const NAMESAKE_EVERY: u64 = 37;
const SIBLING_EVERY: u64 = 23;

/// Somebody of the town, as far as the rest of the making has to know.
#[derive(Debug, Clone)]
pub(super) struct Resident {
    pub(super) id: PersonId,
    pub(super) role: FamilyRole,
    pub(super) is_adult: bool,
    pub(super) has_email: bool,
    pub(super) has_telephone: bool,
    /// `Mrs Olsen`.
    pub(super) addressed: String,
}

/// People who live together.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// From when on the whole family is on the register.
    pub(super) known_from: i64,
    pub(super) culture: Culture,
    pub(super) street: String,
    pub(super) area: &'static str,
    pub(super) household: Option<HouseholdId>,
    pub(super) members: Vec<Resident>,
}

/// A family with what it takes to register it.
#[derive(Debug)]
pub(super) struct NewFamily {
    pub(super) family: Family,
    pub(super) people: Vec<NewPerson>,
    /// The member, the other member, and what the other one is to the first.
    pub(super) ties: Vec<(usize, usize, RelationshipKind)>,
    /// The family whose head is a sibling of this one's.
    pub(super) sibling: Option<u64>,
    /// Remarks on members.
    pub(super) notes: Vec<(usize, &'static str)>,
}

/// How somebody is called.
#[derive(Debug, Clone, Default)]
struct Called {
    given: Spelling,
    family: Spelling,
    second: Option<&'static str>,
}

/// A member before the record is written.
#[derive(Debug, Clone)]
struct Member {
    called: Called,
    maiden: Option<&'static str>,
    is_woman: bool,
    role: FamilyRole,
    age: i64,
}

/// Makes the family with this number, of at most `room` members.
pub(super) fn family(data: &Data, seed: u64, number: u64, room: usize, today: Day) -> NewFamily {
    let mut random = Random::of(seed, FAMILY, number);
    let namesake =
        (number % NAMESAKE_EVERY == 5).then(|| number.checked_sub(NAMESAKE_EVERY)).flatten();
    let sibling = (namesake.is_none() && number % SIBLING_EVERY == 7)
        .then(|| number.checked_sub(SIBLING_EVERY))
        .flatten();
    let (culture, is_woman, mut called) = head(data, seed, namesake.or(sibling).unwrap_or(number));
    let names = names_of(data, culture);
    if sibling.is_some() {
        called.given = given(names, is_woman, &mut random);
    }
    let mut members = members(names, culture, &called, is_woman, &mut random);
    members.truncate(room.max(1));
    let street = data.areas.get(random.below(data.areas.len()));
    let area = street.map_or("", |area| area.name);
    let street = street.map_or("", |area| random.words(&area.streets));
    let house = random.between(1, 88);
    let street = if random.chance(60) {
        format!("{street} {house}/{}", random.between(1, 24))
    } else {
        format!("{street} {house}")
    };
    let address = Address {
        street: street.clone(),
        postcode: format!(
            "BW{} {}",
            area.split(' ').next().unwrap_or("W1").trim_start_matches('W'),
            random.between(1, 9)
        ),
        place: TOWN.to_owned(),
        area: area.to_owned(),
    };
    let mut made = NewFamily {
        family: Family {
            known_from: 0,
            culture,
            street,
            area,
            household: None,
            members: Vec::new(),
        },
        people: Vec::new(),
        ties: ties(&members, number),
        sibling,
        notes: Vec::new(),
    };
    for (place, member) in members.iter().enumerate() {
        let person = person(member, culture, &address, today, &mut random);
        made.family.members.push(resident(member, &person));
        made.people.push(person);
        if random.chance(8) {
            made.notes.push((place, random.words(data.phrases("person"))));
        }
    }
    made
}

fn names_of(data: &Data, culture: Culture) -> &Names {
    let [(_, first), rest @ ..] = data.cultures();
    rest.iter().find(|(known, _)| *known == culture).map_or(first, |(_, names)| names)
}

/// The head of a family, from a stream of their own.
fn head(data: &Data, seed: u64, number: u64) -> (Culture, bool, Called) {
    let mut random = Random::of(seed, HEAD, number);
    let culture = random.share(
        &[
            (22, Culture::British),
            (21, Culture::Norwegian),
            (19, Culture::Turkish),
            (20, Culture::Persian),
        ],
        Culture::Mexican,
    );
    let names = names_of(data, culture);
    let is_woman = random.chance(52);
    let given = given(names, is_woman, &mut random);
    (culture, is_woman, Called { given, ..surname(names, culture, &mut random) })
}

fn given(names: &Names, is_woman: bool, random: &mut Random) -> Spelling {
    let list = if is_woman { &names.female } else { &names.male };
    random.pick_common(list).copied().unwrap_or_default()
}

/// A family name; Mexicans have their father's and their mother's.
fn surname(names: &Names, culture: Culture, random: &mut Random) -> Called {
    let mut name = || random.pick_common(&names.family).copied().unwrap_or_default();
    let family = name();
    let second = (culture == Culture::Mexican).then(|| name().latin);
    Called { given: Spelling::default(), family, second }
}

fn members(
    names: &Names,
    culture: Culture,
    called: &Called,
    is_woman: bool,
    random: &mut Random,
) -> Vec<Member> {
    // One in four lives alone, a fifth are couples, the others have children, some with a grandparent.
    let (has_partner, children, has_parent) = match random.between(1, 100) {
        1..=24 => (false, 0, false),
        25..=45 => (true, 0, false),
        46..=58 => (false, random.between(1, 2), false),
        59..=92 => (true, random.between(1, 3), false),
        _ => (random.chance(70), random.between(1, 2), true),
    };
    let age = match (children, has_partner) {
        (0, false) => random.between(19, 91),
        (0, true) => random.between(22, 88),
        _ => random.between(26, 52),
    };
    let mut members = vec![Member {
        called: called.clone(),
        maiden: None,
        is_woman,
        role: FamilyRole::Head,
        age,
    }];
    let mut mother_or_father = None;
    if has_partner {
        let own =
            Called { given: given(names, !is_woman, random), ..surname(names, culture, random) };
        let shares = match culture {
            Culture::Mexican | Culture::Persian => 0,
            Culture::Norwegian => 55,
            Culture::Turkish => 90,
            Culture::British => 75,
        };
        let is_shared = random.chance(shares);
        let maiden = (is_shared && random.chance(45)).then_some(own.family.latin);
        let family = if is_shared { called.family } else { own.family };
        mother_or_father = Some(own.family.latin);
        members.push(Member {
            called: Called { family, ..own },
            maiden,
            is_woman: !is_woman,
            role: FamilyRole::Partner,
            age: (age + random.between(-6, 6)).max(19),
        });
    }
    for _ in 0..children {
        let is_woman = random.chance(49);
        let second = (culture == Culture::Mexican)
            .then(|| mother_or_father.or(called.second).unwrap_or_default());
        members.push(Member {
            called: Called { given: given(names, is_woman, random), family: called.family, second },
            maiden: None,
            is_woman,
            role: FamilyRole::Child,
            age: (age - random.between(19, 40)).max(0),
        });
    }
    if has_parent {
        let is_woman = random.chance(65);
        let own =
            Called { given: given(names, is_woman, random), ..surname(names, culture, random) };
        let family = if is_woman { own.family } else { called.family };
        members.push(Member {
            called: Called { family, ..own },
            maiden: None,
            is_woman,
            role: FamilyRole::Parent,
            age: (age + random.between(20, 34)).min(97),
        });
    }
    members
}

/// Couples always say that they are one; parents of children are stated in a third of the families, and follow from the
/// household in the others.
fn ties(members: &[Member], number: u64) -> Vec<(usize, usize, RelationshipKind)> {
    let mut ties = Vec::new();
    for (place, member) in members.iter().enumerate() {
        match member.role {
            FamilyRole::Partner => ties.push((0, place, RelationshipKind::Spouse)),
            FamilyRole::Child if number.is_multiple_of(3) => {
                ties.push((place, 0, RelationshipKind::Parent));
            }
            FamilyRole::Parent => ties.push((0, place, RelationshipKind::Parent)),
            FamilyRole::Head | FamilyRole::Child | FamilyRole::Other => {}
        }
    }
    ties
}

fn resident(member: &Member, person: &NewPerson) -> Resident {
    let reaches = |kind| {
        person.contact_points.iter().any(|point| {
            point.kind == kind
                && (person.is_verified
                    || matches!(
                        point.state,
                        ContactPointState::Unverified | ContactPointState::Verified
                    ))
        })
    };
    let form = person.form_of_address.clone().unwrap_or_default();
    Resident {
        id: PersonId(0),
        role: member.role,
        is_adult: member.age >= 18,
        has_email: reaches(ContactPointKind::Email),
        has_telephone: reaches(ContactPointKind::Telephone),
        addressed: format!("{form} {}", member.called.family.latin).trim().to_owned(),
    }
}

fn person(
    member: &Member,
    culture: Culture,
    address: &Address,
    today: Day,
    random: &mut Random,
) -> NewPerson {
    let is_verified = member.age >= 18 && random.chance(45);
    let has_identity = is_verified || random.chance(35);
    let source = if is_verified {
        "identity card"
    } else if has_identity {
        "town register"
    } else {
        "told at the counter"
    };
    let mut languages = vec![culture.language().to_owned()];
    if culture != Culture::British && random.chance(70) {
        languages.push("en".to_owned());
    }
    NewPerson {
        names: names(member, culture, random),
        birth_date: birth_date(member.age, today, random),
        gender: Some(if member.is_woman { "female" } else { "male" }.to_owned()),
        identities: if has_identity { vec![identity(random)] } else { Vec::new() },
        contact_points: if member.age >= 13 { contact_points(member, random) } else { Vec::new() },
        address: Some(address.clone()),
        form_of_address: (member.age >= 16).then(|| form(member, culture, random).to_owned()),
        languages,
        preferred_channel: (member.age >= 16 && random.chance(55)).then(|| {
            random.share(
                &[
                    (34, Channel::Telephone),
                    (24, Channel::Email),
                    (20, Channel::Sms),
                    (14, Channel::Letter),
                ],
                Channel::WalkIn,
            )
        }),
        source: source.to_owned(),
        is_verified,
        origin: None,
        shown: Vec::new(),
        told_apart: Vec::new(),
    }
}

fn names(member: &Member, culture: Culture, random: &mut Random) -> Vec<Name> {
    let Called { given, family, second } = &member.called;
    let joined =
        second.map_or(family.latin.to_owned(), |second| format!("{} {second}", family.latin));
    let name = |kind, given: &str, family: &str| Name {
        kind,
        given: given.to_owned(),
        family: family.to_owned(),
    };
    let mut names = if culture == Culture::Persian && random.chance(30) {
        vec![
            name(NameKind::Official, given.own, family.own),
            name(NameKind::Transliteration, given.latin, &joined),
        ]
    } else {
        vec![name(NameKind::Official, given.latin, &joined)]
    };
    if culture == Culture::Persian && names.len() == 1 {
        names.push(name(NameKind::Transliteration, given.own, family.own));
    }
    if let Some(maiden) = member.maiden {
        names.push(name(NameKind::Other, given.latin, maiden));
    }
    names
}

/// Most birth dates are known to the day, some to the month, some to the year.
fn birth_date(age: i64, today: Day, random: &mut Random) -> Option<BirthDate> {
    let days =
        age.saturating_mul(365).saturating_add(age / 4).saturating_add(random.between(1, 364));
    let day = today.plus_days(-i32::try_from(days).unwrap_or(0));
    let date = day.date();
    match random.between(1, 100) {
        1..=3 => Some(BirthDate::Year(date.year())),
        4..=5 => Some(BirthDate::Month(date.year(), date.month())),
        6 => None,
        _ => Some(BirthDate::Day(day)),
    }
}

fn identity(random: &mut Random) -> Identity {
    if random.chance(15) {
        return Identity {
            scheme: "passport".to_owned(),
            value: format!("XB{:07}", random.between(0, 9_999_999)),
        };
    }
    Identity {
        scheme: "national-id".to_owned(),
        value: format!("00{:09}", random.between(0, 999_999_999)),
    }
}

/// Numbers out of the ranges that Ofcom and Arcep keep for drama, and the domains that RFC 2606 keeps for examples: none
/// of them reaches anybody.
fn contact_points(member: &Member, random: &mut Random) -> Vec<ContactPoint> {
    let mut points = Vec::new();
    let mut add = |kind, raw: &str, state| {
        if let Ok(point) = ContactPoint::parse(kind, raw) {
            points.push(ContactPoint { state, ..point });
        }
    };
    if random.chance(88) {
        let number = telephone(random);
        add(ContactPointKind::Telephone, &number, state(random));
    }
    if random.chance(12) {
        let number = telephone(random);
        add(ContactPointKind::Telephone, &number, ContactPointState::Unverified);
    }
    if member.age < 82 && random.chance(58) {
        let host = if random.chance(60) { "example.org" } else { "example.net" };
        let called = &member.called;
        let mail = format!(
            "{}.{}{}@{host}",
            plain(called.given.latin),
            plain(called.family.latin),
            random.between(1, 99)
        );
        add(ContactPointKind::Email, &mail, state(random));
    }
    points
}

fn telephone(random: &mut Random) -> String {
    const PLACES: [&str; 8] = ["0113", "0114", "0115", "0116", "0117", "0118", "0121", "0131"];
    let tail = random.between(0, 999);
    match random.between(1, 100) {
        1..=38 => format!("07700 900{tail:03}"),
        39..=56 => format!("+44 7700 900{tail:03}"),
        57..=80 => format!("{} 496 0{tail:03}", random.words(&PLACES)),
        _ => format!("+33 6 39 98 {:02} {:02}", random.between(0, 99), random.between(0, 99)),
    }
}

fn state(random: &mut Random) -> ContactPointState {
    random.share(
        &[
            (52, ContactPointState::Verified),
            (4, ContactPointState::Bounced),
            (3, ContactPointState::Wrong),
            (3, ContactPointState::Retired),
        ],
        ContactPointState::Unverified,
    )
}

/// Lower case letters that every mail server takes.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.to_lowercase().nfd() {
        match letter {
            'ø' => plain.push('o'),
            'å' | 'æ' => plain.push('a'),
            'ı' => plain.push('i'),
            letter if letter.is_ascii_alphabetic() => plain.push(letter),
            _ => {}
        }
    }
    plain
}

fn form(member: &Member, culture: Culture, random: &mut Random) -> &'static str {
    match (culture, member.is_woman) {
        (Culture::Mexican, true) => "Sra.",
        (Culture::Mexican, false) => "Sr.",
        (Culture::British, _) if random.chance(6) => "Dr",
        (Culture::British, true) if random.chance(40) => "Ms",
        (_, true) => "Mrs",
        (_, false) => "Mr",
    }
}
