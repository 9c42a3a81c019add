//! The made town hall: its units, queues, subjects, and who works there.

use crate::desk::{Act, Command, DeskError, Founding, LocalDesk};
use crate::domain::office::{
    CaseworkerState, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId,
    QueueKind, Role,
};
use crate::domain::time::{Calendar, Day, Instant, OfficeHours};
use crate::domain::{CaseworkerId, SubjectCode, UnitId};

use super::data::{Data, Home};
use super::random::Random;
use super::sender::{self, Sender, act};

/// The account as which the demo signs in: the manager of Housing.
pub const ACCOUNT: &str = "karimi";
/// Who publishes what the manager of Housing proposes.
pub(super) const ADMINISTRATOR: &str = "doyle";
/// An account for each role, to try the office as: the role as it is told, and the account.
pub const ROLES: [(&str, &str); 8] = [
    ("intake clerk", "castillo"),
    ("screener", "fischer"),
    ("reviewer", "vidal"),
    ("caseworker", "holm"),
    ("unit manager", ACCOUNT),
    ("auditor", "walsh"),
    ("privacy officer", "nordby"),
    ("administrator", ADMINISTRATOR),
];
/// The zone of the made town.
const ZONE: &str = "Europe/Brussels";
/// Its money.
pub(super) const CURRENCY: &str = "EUR";
/// Its name.
const OFFICE: &str = "Brightwater Town Hall";
/// The account of the head of the town hall.
const HEAD: &str = "berg";
/// The account of the caseworker of Housing who is away today.
const ABSENT: &str = "moe";

/// What somebody is in their team, beside their roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Post {
    Manager,
    Substitute,
    Member,
}

/// Everybody but the head, who founds the office: account, name, unit (none is the town hall itself), roles by their
/// letters (clerk, screener, reviewer, worker of cases, manager, auditor, privacy officer, x for administrator), post.
const STAFF: [(&str, &str, Option<Home>, &str, Post); 24] = [
    (ACCOUNT, "L. Karimi", Some(Home::Housing), "csrwm", Post::Manager),
    ("kaya", "M. Kaya", Some(Home::Housing), "srwm", Post::Substitute),
    ("rahimi", "N. Rahimi", Some(Home::Housing), "csw", Post::Member),
    (ABSENT, "T. Moe", Some(Home::Housing), "w", Post::Member),
    ("lunde", "O. Lunde", Some(Home::Housing), "rw", Post::Member),
    ("castillo", "A. Castillo", Some(Home::Housing), "c", Post::Member),
    ("hansen", "K. Hansen", Some(Home::Education), "csrwm", Post::Manager),
    ("yilmaz", "E. Yılmaz", Some(Home::Education), "rwm", Post::Substitute),
    ("price", "D. Price", Some(Home::Education), "csw", Post::Member),
    ("flores", "J. Flores", Some(Home::Education), "c", Post::Member),
    ("ortega", "R. Ortega", Some(Home::Property), "csrwm", Post::Manager),
    ("dahl", "I. Dahl", Some(Home::Property), "wm", Post::Substitute),
    ("sadeghi", "P. Sadeghi", Some(Home::Property), "csw", Post::Member),
    ("walker", "H. Walker", Some(Home::Property), "c", Post::Member),
    ("celik", "F. Çelik", Some(Home::Social), "csrwm", Post::Manager),
    ("navarro", "C. Navarro", Some(Home::Social), "rwm", Post::Substitute),
    ("evans", "G. Evans", Some(Home::Social), "csw", Post::Member),
    ("strand", "U. Strand", Some(Home::Social), "c", Post::Member),
    ("moradi", "S. Moradi", Some(Home::Registry), "csrwm", Post::Manager),
    ("haug", "B. Haug", Some(Home::Registry), "cswm", Post::Substitute),
    ("reid", "Y. Reid", Some(Home::Registry), "c", Post::Member),
    ("walsh", "J. Walsh", None, "a", Post::Member),
    ("nordby", "A. Nordby", None, "p", Post::Member),
    (ADMINISTRATOR, "V. Doyle", None, "x", Post::Member),
];

/// The people of one unit.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) unit: UnitId,
    pub(super) manager: CaseworkerId,
    pub(super) substitute: CaseworkerId,
    screeners: Vec<CaseworkerId>,
    clerks: Vec<CaseworkerId>,
    workers: Vec<CaseworkerId>,
}

impl Team {
    /// Somebody who screens.
    pub(super) fn screener(&self, random: &mut Random) -> CaseworkerId {
        random.pick(&self.screeners).copied().unwrap_or(self.manager)
    }

    /// Somebody at the counter or the telephone, who may not screen.
    pub(super) fn clerk(&self, random: &mut Random) -> CaseworkerId {
        random.pick(&self.clerks).copied().unwrap_or(self.manager)
    }

    /// Somebody who works cases and does not lead the unit.
    pub(super) fn worker(&self, random: &mut Random) -> CaseworkerId {
        random.pick(&self.workers).copied().unwrap_or(self.substitute)
    }
}

/// The office as it was set up.
#[derive(Debug)]
pub(super) struct Office {
    pub(super) head: CaseworkerId,
    pub(super) absent: CaseworkerId,
    pub(super) calendar: Calendar,
    pub(super) caseworkers: u64,
    /// By their accounts.
    people: Vec<(&'static str, CaseworkerId)>,
    teams: Vec<(Home, Team)>,
    /// Units below the citizens' own, by their codes.
    branches: Vec<(&'static str, UnitId)>,
    fallback: Team,
}

impl Office {
    /// Who has this account; the head where nobody has it.
    pub(super) fn person(&self, account: &str) -> CaseworkerId {
        self.known_person(account).unwrap_or(self.head)
    }

    /// Who has this account, if anybody has.
    pub(super) fn known_person(&self, account: &str) -> Option<CaseworkerId> {
        self.people.iter().find(|(own, _)| *own == account).map(|(_, id)| *id)
    }

    /// Takes in who was enrolled later.
    pub(super) fn add_person(&mut self, account: &'static str, id: CaseworkerId) {
        self.people.push((account, id));
        self.caseworkers += 1;
    }

    /// The unit of this code; the town hall where none has it.
    pub(super) fn unit(&self, code: &str) -> UnitId {
        let branch = self.branches.iter().find(|(own, _)| *own == code).map(|(_, unit)| *unit);
        let team = || self.teams.iter().find(|(home, _)| home.code() == code);
        branch.or_else(|| team().map(|(_, team)| team.unit)).unwrap_or(self.fallback.unit)
    }

    /// Takes in a unit that was opened below one of the citizens' own.
    pub(super) fn add_unit(&mut self, code: &'static str, id: UnitId) {
        self.branches.push((code, id));
    }

    /// The team of a unit.
    pub(super) fn team(&self, home: Home) -> &Team {
        self.teams.iter().find(|(own, _)| *own == home).map_or(&self.fallback, |(_, team)| team)
    }

    /// How many units there are, the town hall included.
    pub(super) fn units(&self) -> u64 {
        u64::try_from(self.teams.len() + self.branches.len()).unwrap_or(0) + 1
    }
}

/// When the made office works: Monday to Friday but for the days that close every office.
pub(super) fn hours(first: Day, last: Day) -> OfficeHours {
    let mut hours = OfficeHours::weekdays(ZONE);
    for year in first.date().year()..=last.date().year() + 1 {
        let days = [(1, 1), (5, 1), (12, 25), (12, 26)];
        hours
            .closed
            .extend(days.iter().filter_map(|(month, day)| Day::from_parts(year, *month, *day)));
    }
    hours
}

/// Sets the office up.
///
/// # Errors
/// As the sender's.
pub(super) fn open(
    desk: &LocalDesk,
    sender: &Sender<'_>,
    data: &Data,
    hours: &OfficeHours,
    at: Instant,
) -> Result<Office, DeskError> {
    let head = desk.found(&Founding {
        office: OFFICE.to_owned(),
        zone: ZONE.to_owned(),
        currency: CURRENCY.to_owned(),
        is_made: true,
        unit: ("townhall".to_owned(), "Town Hall".to_owned()),
        account: HEAD.to_owned(),
        name: "S. Berg".to_owned(),
        at,
    })?;
    let town_hall = UnitId(1);
    let by_head = |command| act(head, at, command);
    let mut commands = vec![by_head(Command::SetOffice {
        name: OFFICE.to_owned(),
        calendar: hours.clone(),
        currency: CURRENCY.to_owned(),
        is_made: true,
    })];
    commands.extend(Home::ALL.map(|home| {
        by_head(Command::OpenUnit(NewUnit {
            code: home.code().to_owned(),
            name: home.label().to_owned(),
            parent: Some(town_hall),
        }))
    }));
    let receipts = sender.send(commands)?;
    let units = receipts.iter().skip(1).map(sender::unit).collect::<Result<Vec<_>, _>>()?;
    let units: Vec<(Home, UnitId)> = Home::ALL.into_iter().zip(units).collect();
    let unit_of = |home: Option<Home>| {
        units.iter().find(|(own, _)| Some(*own) == home).map_or(town_hall, |(_, unit)| *unit)
    };
    let mut acts: Vec<Act> =
        units.iter().flat_map(|(home, unit)| queues(home.code(), *unit)).map(by_head).collect();
    acts.extend(subjects(data).map(by_head));
    sender.send(acts)?;
    let enrolled = STAFF.iter().map(|(account, name, home, roles, _)| {
        by_head(Command::Enrol(NewCaseworker {
            account: (*account).to_owned(),
            name: (*name).to_owned(),
            unit: unit_of(*home),
            grants: grants(
                roles,
                home.filter(|_| *account != ACCOUNT).map(|home| unit_of(Some(home))),
            ),
        }))
    });
    let receipts = sender.send(enrolled.collect())?;
    let ids = receipts.iter().map(sender::caseworker).collect::<Result<Vec<_>, _>>()?;
    let teams: Vec<(Home, Team)> =
        units.iter().map(|(home, unit)| (*home, team(*home, *unit, head, &ids))).collect();
    let led = teams.iter().map(|(_, team)| {
        by_head(Command::LeadUnit {
            unit: team.unit,
            manager: Some(team.manager),
            substitute: Some(team.substitute),
        })
    });
    sender.send(led.collect())?;
    let people: Vec<_> =
        STAFF.iter().zip(&ids).map(|((account, ..), id)| (*account, *id)).collect();
    let absent = people.iter().find(|(account, _)| *account == ABSENT);
    Ok(Office {
        head,
        absent: absent.map_or(head, |(_, id)| *id),
        people,
        calendar: Calendar::from(hours),
        caseworkers: u64::try_from(ids.len()).unwrap_or(0) + 1,
        teams,
        branches: Vec::new(),
        fallback: Team {
            unit: town_hall,
            manager: head,
            substitute: head,
            screeners: Vec::new(),
            clerks: Vec::new(),
            workers: Vec::new(),
        },
    })
}

/// Sends the caseworker who is away on leave.
///
/// # Errors
/// As the sender's.
pub(super) fn send_on_leave(
    sender: &Sender<'_>,
    office: &Office,
    at: Instant,
    until: Day,
) -> Result<(), DeskError> {
    let state =
        CaseworkerState::Absent { until, substitute: Some(office.team(Home::Housing).substitute) };
    let command = Command::SetCaseworkerState { caseworker: office.absent, state };
    sender.send(vec![act(office.team(Home::Housing).manager, at, command)]).map(drop)
}

pub(super) fn queues(of: &str, unit: UnitId) -> [Command; 2] {
    [(QueueKind::Screening, "screening", "Screening"), (QueueKind::Inbox, "inbox", "Inbox")].map(
        |(kind, code, name)| {
            Command::OpenQueue(NewQueue {
                code: format!("{of}/{code}"),
                name: name.to_owned(),
                unit,
                kind,
                ordering: OrderingId::DueFirst,
            })
        },
    )
}

fn subjects(data: &Data) -> impl Iterator<Item = Command> {
    data.matters.iter().map(|matter| Command::DefineSubject {
        code: SubjectCode(matter.code.into()),
        label: matter.label.to_owned(),
        synonyms: matter.synonyms.iter().map(|word| (*word).to_owned()).collect(),
        parent: matter.parent.map(|code| SubjectCode(code.into())),
    })
}

pub(super) fn grants(roles: &str, unit: Option<UnitId>) -> Vec<Grant> {
    let role = |letter| match letter {
        'c' => Some(Role::Clerk),
        's' => Some(Role::Screener),
        'r' => Some(Role::Reviewer),
        'w' => Some(Role::Caseworker),
        'm' => Some(Role::Manager),
        'a' => Some(Role::Auditor),
        'p' => Some(Role::PrivacyOfficer),
        'x' => Some(Role::Administrator),
        _ => None,
    };
    let grant = |role| Grant {
        role,
        unit,
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    };
    roles.chars().filter_map(role).map(grant).collect()
}

fn team(home: Home, unit: UnitId, head: CaseworkerId, ids: &[CaseworkerId]) -> Team {
    let mut team = Team {
        unit,
        manager: head,
        substitute: head,
        screeners: Vec::new(),
        clerks: Vec::new(),
        workers: Vec::new(),
    };
    for ((_, _, own, roles, post), id) in STAFF.iter().zip(ids) {
        if *own != Some(home) {
            continue;
        }
        match post {
            Post::Manager => team.manager = *id,
            Post::Substitute => team.substitute = *id,
            Post::Member => {}
        }
        if roles.contains('s') {
            team.screeners.push(*id);
        }
        if *roles == "c" {
            team.clerks.push(*id);
        }
        if roles.contains('w') && *post != Post::Manager {
            team.workers.push(*id);
        }
    }
    team
}
