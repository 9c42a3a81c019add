//! Bounds of sight beside the level: a right on some types or in one unit, and files that are closed by kinship and work.

use casedesk::desk::{AskWho, Command, Desk, DeskError, Holder, Query, Session};
use casedesk::domain::cases::Nature;
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, NewUnit, Role, ScopedGrant};
use casedesk::domain::people::{FamilyRole, NewHousehold};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseworkerId, PersonId, UnitId};

use crate::office::Office;
use crate::visibility::{
    OPEN_TO_ALL, comparable, enrol_narrow, first_difference, office, questions, shortest,
    tell_stories, viewer,
};

fn who(session: &Session) -> CaseworkerId {
    (session as &dyn Desk).ask(AskWho {}).unwrap().caseworker.id
}

fn enrol(office: &Office, account: &str, unit: UnitId) -> Session {
    let grant = Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let new = NewCaseworker {
        account: account.to_owned(),
        name: format!("B. {account}"),
        unit,
        grants: vec![grant],
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    office.desk.sign_in(account, None).unwrap()
}

/// What two offices answer one caseworker otherwise, where a file that is closed counts as one that is not there.
fn differences(one: &Session, other: &Session) -> Vec<String> {
    let answer = |session: &Session, query: &Query| {
        comparable(match session.query(query.clone()) {
            Err(DeskError::Closed(on)) => Err(DeskError::NotFound(on.to_string())),
            other => other,
        })
    };
    let differ = questions().into_iter().filter_map(|query| {
        let (one, other) = (answer(one, &query), answer(other, &query));
        (one != other).then(|| format!("{query:?}\n{}", first_difference(&one, &other)))
    });
    differ.collect()
}

fn roads(office: &Office) -> UnitId {
    let new = NewUnit { code: "roads".to_owned(), name: "Roads".to_owned(), parent: None };
    office.act(&office.karimi(), Command::OpenUnit(new)).unwrap();
    UnitId(2)
}

/// Somebody of Housing who sees cases as they are by themselves, and confidential ones within these bounds.
fn bounded(office: &Office, case_types: &[&str], unit: Option<UnitId>) -> Session {
    let session = enrol(office, "bounded", UnitId(1));
    let right = ScopedGrant {
        role: Role::Caseworker,
        verbs: Vec::new(),
        unit,
        with_units_below: false,
        case_types: case_types.iter().map(|code| (*code).to_owned()).collect(),
        confidentiality_max: Confidentiality::Confidential,
        purposes: Vec::new(),
        from: None,
        expires: Day::from_parts(2026, 12, 31),
    };
    let (to, reason) = (Holder::Caseworker(who(&session)), "stands in".to_owned());
    let give = Command::GiveRight { to, right: Box::new(right), reason };
    office.act(&office.karimi(), give).unwrap();
    session
}

#[test]
fn a_right_on_some_types_or_in_one_unit_shows_nothing_of_the_others() {
    let (without, with) = (office(0), office(9));
    let roads = [&without, &with].map(roads)[0];
    let both = |case_types: &[&str], unit| {
        [&without, &with].map(|office| bounded(office, case_types, unit))
    };
    let [one, other] = both(&["benefit"], None);
    let differ = differences(&one, &other);
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), shortest(&differ));
    let (without, with) = (office(0), office(9));
    for office in [&without, &with] {
        crate::visible_bounds::roads(office);
    }
    let [one, other] = [&without, &with].map(|office| bounded(office, &[], Some(roads)));
    let differ = differences(&one, &other);
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), shortest(&differ));
    // Where they are of the type that the right names, they are there.
    let (without, with) = (office(0), office(9));
    let [one, other] =
        [&without, &with].map(|office| bounded(office, &["general", "complaint"], None));
    assert!(!differences(&one, &other).is_empty());
}

/// An office whose viewer is Nora, who lives with Ida, and has Kaya as a colleague; with cases of the three, or without.
fn kindred(is_hidden: bool) -> Office {
    let office = Office::new();
    let unit = roads(&office);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Omid", "Rahimi", "1979-11-20", "+989121234422");
    let nora = office.person("Nora", "Solberg", "1970-05-06", "+4791234570");
    let ida = office.person("Ida", "Nordmann", "1999-05-07", "+4791234571");
    let kaya = office.person("Kaya", "Demir", "1988-01-09", "+4791234572");
    let members = vec![(nora, FamilyRole::Head), (ida, FamilyRole::Child)];
    office.act(&office.karimi(), Command::FormHousehold(NewHousehold { members })).unwrap();
    enrol_narrow(&office, Role::Caseworker);
    let worker = viewer(&office, Role::Caseworker);
    let moe = enrol(&office, "moe", UnitId(1));
    let far = enrol(&office, "far", unit);
    for _ in 0..OPEN_TO_ALL {
        office.case(Some(sara), Nature::Request, "A moving grant, please");
        office.pass_minutes(5);
    }
    tell_stories(&office, &worker, sara, 1);
    if is_hidden {
        for _ in 0..9 {
            office.case(Some(nora), Nature::Request, "Something of her own, the grant");
        }
        tell_stories(&office, &far, nora, OPEN_TO_ALL + 1);
        for person in [ida, kaya] {
            office.case(Some(person), Nature::Request, "Something near, the grant");
        }
    }
    let link = |session: &Session, person: PersonId| {
        let (caseworker, reason) = (who(session), "told at the enrolment".to_owned());
        let link = Command::LinkPerson { caseworker, person: Some(person), reason };
        office.act(&office.karimi(), link).unwrap();
    };
    link(&worker, nora);
    link(&moe, kaya);
    office
}

#[test]
fn cases_of_oneself_the_family_and_colleagues_change_no_byte_of_any_answer() {
    let (without, with) = (kindred(false), kindred(true));
    let [one, other] = [&without, &with].map(|office| viewer(office, Role::Caseworker));
    let differ = differences(&one, &other);
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), shortest(&differ));
}
