//! An office with everything in it that somebody may not see: confidential and secret cases and people in three units of a
//! tree, families, colleagues and merged records; and caseworkers with every kind of right. Whoever and whatever there is
//! has a word of its own, so that an answer that tells of it is known by the word.

use std::sync::Arc;

use casedesk::desk::{AskWho, Command, Desk, Holder, PromiseWish, Session, UnitChange};
use casedesk::domain::cases::{
    CaseAct, Channel, Direction, EscalationLevel, EscalationReason, HoldReason, Keeps, Nature,
    NewContact, OutcomeCode, PromiseAct, Recovery, ReplyAddress,
};
use casedesk::domain::money::DeliveredService;
use casedesk::domain::office::{
    Action, Behind, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId, Purpose,
    QueueKind, Role, ScopedGrant,
};
use casedesk::domain::people::{
    FamilyRole, NewHousehold, PersonChange, Relationship, RelationshipKind,
};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, MessageId, PersonId, PromiseId, UnitId};
use casedesk::store::Store;

use crate::office::Office;
use crate::visibility::publish_secrecy;

/// People of the office, and cases; what is merged later included.
pub(crate) const PEOPLE: u64 = 24;
pub(crate) const CASES: u64 = 64;

/// By its nature a case is as secret as this; a request and a question are as cases are by themselves.
const SECRECY: &str = "code,secrecy\nversion,1\nuse,confidentiality\npolicy,F\n\
    row,when nature,then confidentiality\nc,complaint,confidential\np,report,secret\n\
    s,suggestion,high\n";

pub(crate) const HOUSING: UnitId = UnitId(1);
pub(crate) const ROOFS: UnitId = UnitId(2);
pub(crate) const ROADS: UnitId = UnitId(3);

const NATURES: [Nature; 5] =
    [Nature::Request, Nature::Complaint, Nature::Information, Nature::Report, Nature::Suggestion];

/// A word that only the person or case of this number has.
pub(crate) fn word(kind: &str, number: u64) -> String {
    let syllables = ["ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu"];
    let syllable = |digit: u64| syllables[usize::try_from(digit % 10).unwrap()];
    format!("{kind}{}{}", syllable(number / 10), syllable(number))
}

pub(crate) fn family(person: u64) -> String {
    word("Vu", person)
}

/// One of three, so that people are named alike.
pub(crate) fn given(person: u64) -> String {
    ["Sara", "Omid", "Nora"][usize::try_from(person % 3).unwrap()].to_owned()
}

/// Two pairs of people look like one person each: they are named, born and reached alike.
fn alike(person: u64) -> u64 {
    match person {
        18 => 9,
        21 => 15,
        other => other,
    }
}

pub(crate) fn born(person: u64) -> String {
    format!("19{:02}-03-02", 50 + alike(person))
}

pub(crate) fn matter(case: u64) -> String {
    word("matter", case)
}

pub(crate) fn telephone(person: u64) -> String {
    format!("+47912345{:02}", alike(person))
}

/// Somebody who asks, and what they are there for.
pub(crate) struct Viewer {
    pub(crate) account: &'static str,
    unit: UnitId,
    /// Roles of the record, up to a level, in a unit.
    grants: Vec<(Role, Confidentiality, Option<UnitId>)>,
    /// Narrower rights, of their own or of the group of their account's name.
    rights: Vec<ScopedGrant>,
    is_of_group: bool,
}

impl Viewer {
    /// Whether they hold one role for the whole office, and nothing else.
    pub(crate) fn is_of_role(&self) -> bool {
        let is_whole = |(_, _, unit): &(Role, Confidentiality, Option<UnitId>)| unit.is_none();
        self.unit == HOUSING && self.rights.is_empty() && self.grants.iter().any(is_whole)
    }
}

fn viewer(account: &'static str, unit: UnitId) -> Viewer {
    Viewer { account, unit, grants: Vec::new(), rights: Vec::new(), is_of_group: false }
}

fn right(role: Role, level: Confidentiality) -> ScopedGrant {
    ScopedGrant {
        role,
        verbs: Vec::new(),
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: level,
        purposes: Vec::new(),
        from: None,
        expires: Day::from_parts(2026, 12, 31),
    }
}

/// Every role, narrow and wide, and every way in which a right can be bounded.
pub(crate) fn viewers() -> Vec<Viewer> {
    use Confidentiality as C;
    let narrow =
        ["clerk", "screener", "reviewer", "worker", "manager", "auditor", "officer", "admin"];
    let wide = [
        "clerk2",
        "screener2",
        "reviewer2",
        "worker2",
        "manager2",
        "auditor2",
        "officer2",
        "admin2",
    ];
    let of_roles = |accounts: [&'static str; 8], level| {
        let roles = Role::ALL.into_iter().zip(accounts);
        roles.map(move |(role, account)| Viewer {
            grants: vec![(role, level, None)],
            ..viewer(account, HOUSING)
        })
    };
    let mut all: Vec<Viewer> = of_roles(narrow, C::CaseConfidential).collect();
    all.extend(of_roles(wide, C::Confidential));
    let worker = |account, unit| Viewer {
        grants: vec![(Role::Caseworker, C::CaseConfidential, None)],
        ..viewer(account, unit)
    };
    let in_unit = |unit, with_units_below| ScopedGrant {
        unit: Some(unit),
        with_units_below,
        ..right(Role::Caseworker, C::TopSecret)
    };
    let of_types = |codes: &[&str], level| ScopedGrant {
        case_types: codes.iter().map(|code| (*code).to_owned()).collect(),
        ..right(Role::Caseworker, level)
    };
    let only = |verb, level| ScopedGrant { verbs: vec![verb], ..right(Role::Caseworker, level) };
    let day = |month, day| Day::from_parts(2026, month, day);
    let rights = |viewer, rights: &[ScopedGrant]| Viewer { rights: rights.to_vec(), ..viewer };
    all.extend([
        rights(worker("secret", HOUSING), &[in_unit(HOUSING, false)]),
        rights(worker("tree", ROADS), &[in_unit(HOUSING, true)]),
        rights(viewer("onlyroofs", ROOFS), &[in_unit(ROOFS, true)]),
        rights(viewer("types", ROOFS), &[of_types(&["complaint", "general"], C::Secret)]),
        rights(viewer("requests", ROOFS), &[of_types(&["benefit"], C::Confidential)]),
        rights(viewer("cases", ROOFS), &[only(Action::ReadCase, C::CaseConfidential)]),
        rights(viewer("people", ROOFS), &[only(Action::ReadPerson, C::Confidential)]),
        rights(
            viewer("purpose", ROOFS),
            &[ScopedGrant {
                purposes: vec![Purpose("complaint".to_owned())],
                ..right(Role::Caseworker, C::Confidential)
            }],
        ),
        rights(
            worker("over", ROOFS),
            &[ScopedGrant { expires: day(8, 25), ..in_unit(ROOFS, true) }],
        ),
        rights(worker("later", ROOFS), &[ScopedGrant { from: day(12, 1), ..in_unit(ROOFS, true) }]),
        Viewer { is_of_group: true, ..rights(viewer("grouped", ROADS), &[in_unit(ROADS, false)]) },
        Viewer {
            grants: vec![(Role::Caseworker, C::Secret, Some(ROADS))],
            ..viewer("there", HOUSING)
        },
        Viewer { grants: vec![(Role::Caseworker, C::Confidential, None)], ..viewer("own", ROADS) },
        Viewer { grants: vec![(Role::Caseworker, C::Confidential, None)], ..viewer("mate", ROADS) },
        rights(
            Viewer {
                grants: vec![(Role::Caseworker, C::Confidential, None)],
                ..viewer("urgent", ROOFS)
            },
            &[in_unit(ROOFS, false)],
        ),
        viewer("nothing", HOUSING),
    ]);
    all
}

/// The office, and how it is acted on while it is made.
struct Making<'o> {
    office: &'o Office,
    hands: Vec<Session>,
}

pub(crate) fn who(session: &Session) -> CaseworkerId {
    (session as &dyn Desk).ask(AskWho {}).unwrap().caseworker.id
}

/// Makes the office.
pub(crate) fn made(store: Arc<dyn Store>) -> Office {
    let office = Office::over(store);
    publish_secrecy(&office, SECRECY);
    let karimi = office.karimi();
    for (code, parent) in [("roofs", Some(HOUSING)), ("roads", None)] {
        let (code, name) = (code.to_owned(), code.to_uppercase());
        office.act(&karimi, Command::OpenUnit(NewUnit { code, name, parent })).unwrap();
    }
    let queues =
        [(ROOFS, QueueKind::Inbox), (ROOFS, QueueKind::Screening), (ROADS, QueueKind::Inbox)];
    for (unit, kind) in queues {
        let (code, name) = (format!("{unit}/{kind:?}").to_lowercase(), format!("{kind:?}"));
        let new = NewQueue { code, name, unit, kind, ordering: OrderingId::DueFirst };
        office.act(&karimi, Command::OpenQueue(new)).unwrap();
    }
    let known = UnitChange::KnownContact(Some("ask at desk 4".to_owned()));
    office.act(&karimi, Command::ChangeUnit { unit: ROADS, change: known }).unwrap();
    let hands = [("hand1", HOUSING), ("hand2", ROOFS), ("hand3", ROADS)].map(|(account, unit)| {
        let grants = vec![(Role::Manager, Confidentiality::Confidential, None)];
        let units = [HOUSING, ROOFS, ROADS];
        let secret = |unit| ScopedGrant {
            unit: Some(unit),
            ..right(Role::Manager, Confidentiality::TopSecret)
        };
        enrol(
            &office,
            &Viewer { grants, rights: units.map(secret).to_vec(), ..viewer(account, unit) },
        )
    });
    for viewer in viewers() {
        let session = enrol(&office, &viewer);
        // Whoever may read no case has no board to leave.
        let _ = office.act(&session, Command::NoteHere);
    }
    let leads = Command::LeadUnit {
        unit: ROADS,
        manager: Some(who(&office.desk.sign_in("own", None).unwrap())),
        substitute: None,
    };
    office.act(&karimi, leads).unwrap();
    let making = Making { office: &office, hands: hands.into() };
    making.people();
    making.cases();
    making.hand_on();
    making.link();
    office
}

fn enrol(office: &Office, viewer: &Viewer) -> Session {
    let grant =
        |(role, confidentiality_max, unit): &(Role, Confidentiality, Option<UnitId>)| Grant {
            role: *role,
            unit: *unit,
            confidentiality_max: *confidentiality_max,
            expires: Day::from_parts(2026, 12, 31),
        };
    let new = NewCaseworker {
        account: viewer.account.to_owned(),
        name: format!("W. {}", viewer.account),
        unit: viewer.unit,
        grants: viewer.grants.iter().map(grant).collect(),
    };
    let karimi = office.karimi();
    office.act(&karimi, Command::Enrol(new)).unwrap();
    let session = if viewer.is_of_group {
        let groups = [viewer.account.to_owned()];
        office.desk.sign_in_from_system(viewer.account, "A. Group", Some(&groups), None).unwrap()
    } else {
        office.desk.sign_in(viewer.account, None).unwrap()
    };
    for right in &viewer.rights {
        let to = if viewer.is_of_group {
            Holder::Group(viewer.account.to_owned())
        } else {
            Holder::Caseworker(who(&session))
        };
        let (right, reason) = (Box::new(right.clone()), "stands in".to_owned());
        office.act(&karimi, Command::GiveRight { to, right, reason }).unwrap();
    }
    session
}

impl Making<'_> {
    fn change(&self, person: PersonId, change: PersonChange) {
        let source = "told".to_owned();
        let is_verified = false;
        let change = Command::ChangePerson { person, version: None, change, source, is_verified };
        self.office.act(&self.hands[0], change).unwrap();
    }

    /// Twenty-four people: families, one who is known under two numbers, and some whom not everybody may see.
    fn people(&self) {
        let office = self.office;
        for number in 1..=PEOPLE {
            office.person(&given(number), &family(number), &born(number), &telephone(number));
        }
        for members in [&[1, 2, 3][..], &[5, 6, 7], &[12, 13], &[18, 19], &[20, 21]] {
            let roles = [FamilyRole::Head, FamilyRole::Partner, FamilyRole::Child];
            let members = members.iter().map(|number| PersonId(*number)).zip(roles).collect();
            office.act(&self.hands[0], Command::FormHousehold(NewHousehold { members })).unwrap();
        }
        for (child, parent) in [(4, 5), (8, 1), (14, 12), (12, 15), (22, 19), (9, 23)] {
            let relationship = Relationship {
                to: PersonId(parent),
                kind: RelationshipKind::Child,
                from: None,
                until: None,
                source: "told".to_owned(),
            };
            self.change(PersonId(child), PersonChange::Relationship(relationship));
        }
        for number in 1..=PEOPLE {
            let level = match number % 8 {
                3 => Confidentiality::Confidential,
                5 => Confidentiality::Secret,
                6 => Confidentiality::CaseConfidential,
                _ => continue,
            };
            self.change(PersonId(number), PersonChange::Confidentiality(level));
        }
        for (survivor, merged) in [(12, 11), (2, 10)] {
            let merge = Command::MergePeople {
                survivor: PersonId(survivor),
                merged: PersonId(merged),
                versions: None,
                chosen: Vec::new(),
                reason: "same passport".to_owned(),
            };
            office.act(&self.hands[0], merge).unwrap();
        }
    }

    /// Cases of everybody, of every nature, in every unit, at every age and in every state.
    fn cases(&self) {
        let office = self.office;
        let clerk = office.desk.sign_in("clerk", None).unwrap();
        for number in 1..=CASES {
            if number % 20 == 0 {
                office.pass_minutes(9 * 24 * 60);
            }
            office.pass_minutes(7);
            let person = (number % 11 != 0).then_some(PersonId(1 + number * 5 % PEOPLE));
            let nature = NATURES[usize::try_from(number * 3 % 5 + number / 32).unwrap() % 5];
            let says = format!("The grant, {}", matter(number));
            let subject = ["HOU-1", "HOU-1", "STR-1"][usize::try_from(number % 3).unwrap()];
            let subject = if number % 7 == 0 { "HOU-1" } else { subject };
            let intake = Office::intake(person, nature, subject, &says, office.clock_now());
            let taken = if number % 13 == 0 && person.is_some_and(|it| it.0 % 8 < 3) {
                office.act(&clerk, Command::RegisterCase(intake.clone()))
            } else {
                office.act(&self.hands[0], Command::RegisterCase(intake.clone()))
            };
            let intake =
                |code: &str| Office::intake(person, nature, code, &says, office.clock_now());
            if taken.is_err() {
                office.act(&self.hands[0], Command::RegisterCase(intake("HOU-1"))).unwrap();
            }
            let unit = [HOUSING, ROOFS, ROADS][usize::try_from(number / 2 % 3).unwrap()];
            let to = casedesk::domain::cases::GiveTo::Unit(unit);
            let give = CaseAct::Give { to, words: "yours".to_owned() };
            if unit != HOUSING && office.on(&self.hands[0], CaseId(number), CaseAct::Claim).is_ok()
            {
                office.on(&self.hands[0], CaseId(number), give).unwrap();
            }
            let hand = &self.hands[usize::try_from(unit.0 - 1).unwrap()];
            self.story(hand, CaseId(number), person, unit);
        }
        for number in [17, 44] {
            // One that is seen by more goes into one that is seen by fewer, and the other way round.
            let merge = |this, other| {
                let (keeps, reason) = (Keeps::Other, "the same".to_owned());
                let other = CaseId(other);
                office.on(&self.hands[0], CaseId(this), CaseAct::Merge { other, keeps, reason })
            };
            let _ = merge(number, number + 1);
            let _ = merge(number + 4, number + 3);
            let _ = merge(number + 6, number + 8);
        }
    }

    /// What becomes of a case; some acts are refused where it already stands otherwise.
    fn story(&self, hand: &Session, case: CaseId, person: Option<PersonId>, unit: UnitId) {
        let office = self.office;
        let own = matter(case.0);
        let on = |act| office.on(hand, case, act);
        let claimed = case.0 % 10 < 7 && on(CaseAct::Claim).is_ok();
        let _ = match (case.0 % 10, person) {
            _ if !claimed => on(CaseAct::Note { text: format!("noted {own}") }),
            (0 | 8, Some(addressee)) => {
                let to = ReplyAddress { addressee, channel: Channel::Letter };
                on(CaseAct::Reply { to, template: None, text: format!("We look into {own}") })
            }
            (1, _) => {
                let until = Day::from_parts(2026, 12, 10).unwrap();
                let words = format!("papers {own}");
                on(CaseAct::Hold { reason: HoldReason::Citizen, until, words })
            }
            (2, _) => {
                let ask = format!("May we? {own}");
                let (level, reason) = (EscalationLevel::Supervisor, EscalationReason::OverLimit);
                on(CaseAct::Escalate { level, reason, ask })
            }
            (3, _) => {
                let to = casedesk::domain::cases::GiveTo::Caseworker(CaseworkerId(2));
                on(CaseAct::Give { to, words: format!("for you {own}") })
            }
            (4, _) => {
                for index in 0..4 {
                    let _ = on(CaseAct::SetTask { index, is_done: true });
                }
                let (outcome, reasons) = (Some(OutcomeCode::Answered), format!("told so {own}"));
                on(CaseAct::Close { outcome, reasons, not_notified: Some("rang".to_owned()) })
            }
            (5, Some(to)) => {
                let due_at = office.clock_now().plus_minutes(60 * i64::try_from(case.0).unwrap());
                let (what, case) = (format!("ring about {own}"), Some(case));
                let channel = Channel::Telephone;
                let wish = PromiseWish { to, case, what, channel, due_at, owner: None };
                office.act(hand, Command::MakePromise(wish))
            }
            (6, Some(recipient)) => office.act(
                hand,
                Command::RecordService(DeliveredService {
                    service: format!("subsidy {own}"),
                    recipient,
                    household: None,
                    amount: None,
                    quantity: Some(1),
                    on: Day::from_parts(2026, 8, 21).unwrap(),
                    unit,
                    case: Some(case),
                }),
            ),
            _ => on(CaseAct::Release),
        };
        if case.0 % 4 == 1 {
            let at = office.clock_now();
            let contact = NewContact {
                channel: Channel::Telephone,
                direction: Direction::In,
                person,
                started_at: at,
                ended_at: at.plus_minutes(3),
                summary: format!("rang about {own}"),
                case: (case.0 % 8 == 1).then_some(case),
            };
            let summary = if contact.case.is_some() { contact.summary } else { "rang".to_owned() };
            let contact = NewContact { summary, ..contact };
            let _ = office.act(hand, Command::RecordContact(contact));
        }
    }

    /// Gives cases to those who ask later, who answer some: a part of what they have then is closed to them afterwards.
    fn hand_on(&self) {
        let office = self.office;
        let accounts = [["worker2", "secret"], ["urgent", "over"], ["own", "mate"]];
        for number in 1..=CASES {
            let unit = usize::try_from(number / 2 % 3).unwrap();
            let place = match number % 4 {
                1 | 2 => 0,
                3 => 1,
                _ => continue,
            };
            let session = office.desk.sign_in(accounts[unit][place], None).unwrap();
            let to = casedesk::domain::cases::GiveTo::Caseworker(who(&session));
            let give = CaseAct::Give { to, words: format!("for you {}", matter(number)) };
            let given = office.on(&self.hands[unit], CaseId(number), give);
            let addressee = PersonId(1 + number * 5 % PEOPLE);
            if given.is_ok() && number % 11 != 0 && number % 3 == 0 && number % 10 != 0 {
                let to = ReplyAddress { addressee, channel: Channel::Letter };
                let text = format!("It is mine now, {}", matter(number));
                let _ = office.on(
                    &session,
                    CaseId(number),
                    CaseAct::Reply { to, template: None, text },
                );
            }
        }
    }

    /// Says who of the office is whom of the people, and opens a closed file in an emergency.
    fn link(&self) {
        let office = self.office;
        for promise in [PromiseId(1), PromiseId(2)] {
            let recovery = Recovery::Nothing;
            let why = "was out".to_owned();
            let act =
                if promise.0 == 1 { PromiseAct::Keep } else { PromiseAct::Break { why, recovery } };
            for hand in &self.hands {
                let act = act.clone();
                let _ = office.act(hand, Command::Promise { promise, version: None, act });
            }
        }
        for message in (1..=CASES).map(MessageId) {
            let failure = Some("no such house".to_owned());
            let _ = office.act(&self.hands[0], Command::DeliverMessage { message, failure });
        }
        for (account, person) in [("own", 12), ("urgent", 18), ("worker2", 16)] {
            let session = office.desk.sign_in(account, None).unwrap();
            let (caseworker, reason) = (who(&session), "told".to_owned());
            let link = Command::LinkPerson { caseworker, person: Some(PersonId(person)), reason };
            office.act(&office.karimi(), link).unwrap();
            if account == "urgent" {
                let reason = "nobody else is here".to_owned();
                let behind = Behind::Person(PersonId(19));
                office.act(&session, Command::OpenEmergency { behind, reason }).unwrap();
            }
        }
    }
}
