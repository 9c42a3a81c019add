//! What a made office has besides the five units to which its citizens come: a unit below three of them, colleagues of one
//! role each, groups of the operating system, and matters that few may see.

use crate::desk::{Act, Command, DeskError, Holder, UnitChange, View, ViewKind};
use crate::domain::office::{
    Action, CaseworkerState, Confidentiality, NewCaseworker, NewUnit, Purpose, Role, ScopedGrant,
    Shift, Site,
};
use crate::domain::rules::{PublicationKind, PublicationName};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseworkerId, SubjectCode};

use super::data::Home;
use super::office::{ACCOUNT, ADMINISTRATOR, Office, grants, queues};
use super::sender::{self, Sender, act};
use super::tables;

/// Units below the citizens' own: code, name, the unit above.
const UNITS: [(&str, &str, Home); 3] = [
    ("repairs", "Repairs Desk", Home::Housing),
    (SHELTER, "Shelter", Home::Social),
    (ISLANDS, "Islands Counter", Home::Registry),
];
/// The unit whose cases nobody else sees.
const SHELTER: &str = "shelter";
/// The unit by other clocks, and their zone.
pub(super) const ISLANDS: &str = "islands";
const ISLANDS_ZONE: &str = "Atlantic/Azores";
/// Who is there besides those whose work the two years tell of: account, name, unit, roles by their letters.
const STAFF: [(&str, &str, &str, &str); 8] = [
    ("fischer", "H. Fischer", "housing", "s"),
    ("vidal", "C. Vidal", "housing", "r"),
    ("holm", "E. Holm", "housing", "w"),
    (REPAIRER, "A. Bakke", "repairs", "csrwm"),
    ("novak", "P. Novak", "repairs", "c"),
    ("ferreira", "I. Ferreira", SHELTER, "csrwm"),
    ("okafor", "D. Okafor", SHELTER, "csw"),
    ("silva", "M. Silva", ISLANDS, "csrwm"),
];
/// Who alone covers the Repairs Desk, and is away.
const REPAIRER: &str = "bakke";
/// Free cases of Housing that its caseworker of one role claims.
const CLAIMED: usize = 3;
/// Days for which the repairer is away, and for which a right to secrets is given.
const AWAY_DAYS: i32 = 4;
const SECRET_DAYS: i32 = 120;
/// Who has rights to secrets.
const TRUSTED: [(&str, Role); 2] = [("ferreira", Role::Manager), ("okafor", Role::Caseworker)];
/// What is brought to these units alone: code, label, synonyms.
const SUBJECTS: [(&str, &str, &[&str]); 2] = [
    ("SAFE-1", "Shelter from somebody", &["shelter", "threat"]),
    ("ISL-1", "Ferry pass for islanders", &["ferry", "islands"]),
];
/// A group of the operating system that brings a unit, and one that brings a right for one purpose.
const ISLANDS_GROUP: &str = "islands-counter";
const COMPLAINTS_GROUP: &str = "complaints";
/// Who is in which group: account, name, group. The first is enrolled by it.
const IN_GROUPS: [(&str, &str, &str); 2] =
    [("santos", "B. Santos", ISLANDS_GROUP), ("haug", "B. Haug", COMPLAINTS_GROUP)];
/// Where units work: the unit's code, code of the site, name, address.
const SITES: [(&str, &str, &str, &str); 4] = [
    ("townhall", "hall", "Town Hall", "Market Square 1"),
    ("housing", "harbour", "Harbour House", "Quay Street 14"),
    ("housing", "north", "North Counter", "Mill Lane 3"),
    (ISLANDS, "pier", "Pier House", "Ferry Pier 2"),
];
/// What other units are told who meet somebody whom Social knows.
const KNOWN_CONTACT: &str = "Social desk, 02 555 40 04";
/// Who works Housing's queues on which days of the week, Monday first: always somebody who works cases, and somebody in the
/// place of whoever is away.
const HOUSING_ROSTER: [(&str, u8, u8); 8] = [
    (ACCOUNT, 1, 5),
    ("kaya", 1, 5),
    ("rahimi", 1, 3),
    ("moe", 1, 5),
    ("lunde", 3, 5),
    ("holm", 1, 5),
    ("fischer", 1, 5),
    ("vidal", 2, 4),
];
/// When Housing works, in minutes of the day.
const DAY_SHIFT: (u16, u16) = (8 * 60, 16 * 60);
/// When the islands are covered by their own clocks: their counter is open longer.
const ISLANDS_SHIFT: (u16, u16) = (8 * 60 + 30, 15 * 60);

/// Opens the units, enrols who works there, says what few may see, and to whom groups bring what.
///
/// # Errors
/// As the sender's.
pub(super) fn open(
    sender: &Sender<'_>,
    office: &mut Office,
    at: Instant,
    today: Day,
) -> Result<(), DeskError> {
    let head = office.head;
    let by_head = |command| act(head, at, command);
    let opened = UNITS.map(|(code, name, above)| {
        by_head(Command::OpenUnit(NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            parent: Some(office.team(above).unit),
        }))
    });
    for ((code, ..), receipt) in UNITS.iter().zip(sender.send(opened.into())?) {
        office.add_unit(code, sender::unit(&receipt)?);
    }
    let enrolled = STAFF.map(|(account, name, unit, roles)| {
        let unit = office.unit(unit);
        by_head(Command::Enrol(NewCaseworker {
            account: account.to_owned(),
            name: name.to_owned(),
            unit,
            grants: grants(roles, Some(unit)),
        }))
    });
    for ((account, ..), receipt) in STAFF.iter().zip(sender.send(enrolled.into())?) {
        office.add_person(account, sender::caseworker(&receipt)?);
    }
    let mut acts: Vec<Act> = UNITS
        .iter()
        .flat_map(|(code, ..)| queues(code, office.unit(code)))
        .chain(SUBJECTS.iter().map(|(code, label, synonyms)| Command::DefineSubject {
            code: SubjectCode((*code).into()),
            label: (*label).to_owned(),
            synonyms: synonyms.iter().map(|word| (*word).to_owned()).collect(),
            parent: None,
        }))
        .chain(led(office))
        .chain(profiles(office))
        .chain(rights(office, today))
        .map(by_head)
        .collect();
    let name =
        PublicationName { kind: PublicationKind::Table, code: "secrecy".to_owned(), version: 1 };
    let propose = Command::ProposeRules {
        kind: name.kind,
        code: name.code.clone(),
        text: tables::SECRECY.to_owned(),
        from: None,
    };
    acts.push(act(office.person(ACCOUNT), at, propose));
    acts.push(act(office.person(ADMINISTRATOR), at, Command::PublishRules { name }));
    sender.send(acts).map(drop)
}

/// The codes of these units.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    UNITS.iter().map(|(code, ..)| *code)
}

fn led(office: &Office) -> impl Iterator<Item = Command> {
    let leaders = [("repairs", REPAIRER), (SHELTER, "ferreira"), (ISLANDS, "silva")];
    leaders.into_iter().map(|(unit, leader)| Command::LeadUnit {
        unit: office.unit(unit),
        manager: Some(office.person(leader)),
        substitute: None,
    })
}

fn profiles(office: &Office) -> impl Iterator<Item = Command> {
    let change = |code: &str, change| Command::ChangeUnit { unit: office.unit(code), change };
    let sites = ["townhall", "housing", ISLANDS].map(|unit| {
        let own = SITES.iter().filter(|(of, ..)| *of == unit);
        let site = |(_, code, name, address): &(&str, &str, &str, &str)| Site {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            address: (*address).to_owned(),
        };
        change(unit, UnitChange::Sites(own.map(site).collect()))
    });
    let others = [
        change(ISLANDS, UnitChange::Zone(Some(ISLANDS_ZONE.to_owned()))),
        change("social", UnitChange::KnownContact(Some(KNOWN_CONTACT.to_owned()))),
        Command::HideNames { unit: office.unit("education"), hides: true },
    ];
    sites.into_iter().chain(others)
}

/// Rights beside the roles: to secrets, with an end, and those of groups.
fn rights(office: &Office, today: Day) -> Vec<Command> {
    let right = |role, unit| ScopedGrant {
        role,
        verbs: Vec::new(),
        unit,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: Vec::new(),
        from: None,
        expires: None,
    };
    let give = |to, right, reason: &str| Command::GiveRight {
        to,
        right: Box::new(right),
        reason: reason.to_owned(),
    };
    let group = |name: &str| Holder::Group(name.to_owned());
    let islands = office.unit(ISLANDS);
    let mut given: Vec<Command> = TRUSTED
        .map(|(account, role)| {
            let secret = ScopedGrant {
                confidentiality_max: Confidentiality::Secret,
                expires: Some(today.plus_days(SECRET_DAYS)),
                ..right(role, Some(office.unit(SHELTER)))
            };
            give(Holder::Caseworker(office.person(account)), secret, "works for the shelter")
        })
        .into();
    given.extend([Role::Clerk, Role::Caseworker].map(|role| {
        give(group(ISLANDS_GROUP), right(role, Some(islands)), "whoever is posted there")
    }));
    let complaints = ScopedGrant {
        verbs: vec![Action::ReadPerson, Action::ReadCase, Action::NoteCase],
        purposes: Purpose::known("complaint").into_iter().collect(),
        ..right(Role::Reviewer, None)
    };
    given.push(give(group(COMPLAINTS_GROUP), complaints, "looks into complaints"));
    let reason = "whoever is posted there".to_owned();
    given.push(Command::SetGroupUnit {
        group: ISLANDS_GROUP.to_owned(),
        unit: Some(islands),
        reason,
    });
    given
}

/// Lets the groups be seen with which people sign in, and sets the rosters: the repairer is away, and nobody covers the
/// Repairs Desk. Gives how many were enrolled by a group. `has_work`: the caseworker of one role claims some of it.
///
/// # Errors
/// As the sender's.
pub(super) fn staff_today(
    sender: &Sender<'_>,
    office: &Office,
    at: Instant,
    today: Day,
    has_work: bool,
) -> Result<u64, DeskError> {
    let seen = IN_GROUPS.map(|(account, name, group)| {
        let command = Command::SignIn {
            account: account.to_owned(),
            name: name.to_owned(),
            groups: vec![group.to_owned()],
        };
        // A newcomer has no number until the command gives them one.
        act(office.known_person(account).unwrap_or(CaseworkerId(0)), at, command)
    });
    sender.send(seen.into())?;
    let newcomers = IN_GROUPS.iter().filter(|(account, ..)| office.known_person(account).is_none());
    let newcomers = u64::try_from(newcomers.count()).unwrap_or(0);
    let by_head = |command| act(office.head, at, command);
    let roster = |code: &str, shifts| {
        by_head(Command::ChangeUnit { unit: office.unit(code), change: UnitChange::Roster(shifts) })
    };
    let housing = HOUSING_ROSTER.iter().flat_map(|(account, first, last)| {
        shifts(office.person(account), *first..=*last, DAY_SHIFT)
    });
    let state = CaseworkerState::Absent { until: today.plus_days(AWAY_DAYS), substitute: None };
    sender.send(vec![
        roster("housing", housing.collect()),
        roster("repairs", shifts(office.person(REPAIRER), 1..=5, DAY_SHIFT)),
        roster(ISLANDS, shifts(office.person("silva"), 1..=5, ISLANDS_SHIFT)),
        by_head(Command::SetCaseworkerState { caseworker: office.person(REPAIRER), state }),
        by_head(Command::WatchCover),
    ])?;
    if has_work {
        let view = View { kind: ViewKind::Inbox, unit: office.unit("housing") };
        let claim = act(office.person("holm"), at, Command::ClaimNext(view));
        sender.send(vec![claim; CLAIMED])?;
    }
    Ok(newcomers)
}

fn shifts(
    caseworker: CaseworkerId,
    weekdays: std::ops::RangeInclusive<u8>,
    (from_minute, to_minute): (u16, u16),
) -> Vec<Shift> {
    weekdays.map(|weekday| Shift { caseworker, weekday, from_minute, to_minute }).collect()
}
