//! For what a file is opened: told by the contact or by one's own case, else asked once a person and day.

use std::sync::Arc;

use casedesk::desk::{Command, DeskError, Holder, PURPOSE_NEEDED, UnitChange};
use casedesk::domain::cases::CaseAct;
use casedesk::domain::office::{
    Confidentiality, NewCaseworker, NewUnit, Purpose, Role, ScopedGrant,
};
use casedesk::domain::{CaseId, EntityId, Event, PersonId, UnitId};

use crate::conflicts::{Family, elsewhere, who};
use crate::harness::TestScreen;

fn family() -> Family {
    let family = Family::new();
    family.office.desk.ask_for_purposes();
    family
}

fn open(person: PersonId) -> Command {
    Command::OpenPerson { person, purpose: Purpose::unasked() }
}

fn look(case: CaseId) -> Command {
    Command::OpenCase { case, purpose: Purpose::unasked() }
}

fn asks<T: std::fmt::Debug>(result: Result<T, DeskError>) -> bool {
    matches!(result, Err(DeskError::Refused(refusal)) if refusal.code == PURPOSE_NEEDED)
}

/// For what a record was read, and why, each time.
fn readings(family: &Family, on: &EntityId) -> Vec<(String, Option<String>)> {
    let read = family.events(on).into_iter().filter(|record| record.event == Event::Opened);
    read.map(|record| (record.purpose.unwrap().0, record.reason)).collect()
}

#[test]
fn a_purpose_is_asked_once_a_person_and_day_and_nothing_is_read_before() {
    let family = family();
    let (office, moe, nora) = (&family.office, &family.moe, family.nora);
    assert!(asks(office.act(moe, open(nora))));
    assert_eq!(readings(&family, &EntityId::Person(nora)), Vec::new());
    let correction = Purpose("correction".to_owned());
    office.act(moe, Command::OpenPerson { person: nora, purpose: correction }).unwrap();
    office.act(moe, open(nora)).unwrap();
    // What was said of the person holds for their cases.
    office.act(moe, look(family.cases[3])).unwrap();
    assert!(asks(office.act(&family.rahimi, open(nora))), "it was another who said it");
    assert!(asks(office.act(moe, open(family.reza))), "it was of another person");
    let told = ("correction".to_owned(), None);
    assert_eq!(readings(&family, &EntityId::Person(nora)), [told.clone(), told.clone()]);
    assert_eq!(readings(&family, &EntityId::Case(family.cases[3])), [told]);
    office.pass_minutes(24 * 60);
    assert!(asks(office.act(moe, open(nora))));
}

#[test]
fn an_own_case_tells_the_purpose_and_is_named_in_the_trail() {
    let family = family();
    let (office, moe, case) = (&family.office, &family.moe, family.cases[3]);
    assert!(asks(office.act(moe, look(case))));
    office.on(moe, case, CaseAct::Claim).unwrap();
    office.act(moe, look(case)).unwrap();
    office.act(moe, open(family.nora)).unwrap();
    let own = ("casework".to_owned(), Some(case.to_string()));
    assert_eq!(readings(&family, &EntityId::Person(family.nora)), [own]);
    assert!(asks(office.act(&family.rahimi, open(family.nora))), "it is no case of hers");
}

#[test]
fn the_screens_ask_with_one_digit_and_then_no_more() {
    let family = family();
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys(&format!("/{}<enter>", family.nora));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("SOLBERG"), "{asked}");
    screen.keys("5");
    assert!(screen.text().contains("SOLBERG, Nora"), "{}", screen.text());
    screen.keys(&format!("/{}<enter>", family.cases[3]));
    assert!(screen.text().contains("Nora"), "{}", screen.text());
    screen.keys(&format!("/{}<enter>", family.cases[1]));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("Reza"), "{asked}");
    screen.keys("1");
    assert!(screen.text().contains("Mohammadi, Reza"), "{}", screen.text());
    assert_eq!(
        readings(&family, &EntityId::Case(family.cases[1])),
        [("casework".to_owned(), None)]
    );
}

#[test]
fn a_right_for_one_purpose_opens_and_shows_for_that_purpose_alone() {
    let family = Family::new();
    let (office, nora, case) = (&family.office, family.nora, family.cases[3]);
    let new = NewCaseworker {
        account: "dahl".to_owned(),
        name: "N. Dahl".to_owned(),
        unit: UnitId(1),
        grants: Vec::new(),
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    let dahl = &office.sign_in("dahl").unwrap();
    let complaint = Purpose("complaint".to_owned());
    let right = ScopedGrant {
        role: Role::Caseworker,
        verbs: Vec::new(),
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: vec![complaint.clone()],
        from: None,
        expires: None,
    };
    let (to, reason) = (Holder::Caseworker(who(dahl)), "the ombudsman asks".to_owned());
    let give = Command::GiveRight { to, right: Box::new(right), reason };
    office.act(&office.karimi(), give).unwrap();
    // Where nobody was asked, the purpose is asked for; another one than the right is for is refused.
    assert!(asks(office.act(dahl, open(nora))));
    assert!(asks(office.act(dahl, look(case))));
    let refused = |command| match office.act(dahl, command) {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    };
    let casework = || Purpose("casework".to_owned());
    let other = "permit.other-purpose";
    assert_eq!(refused(Command::OpenPerson { person: nora, purpose: casework() }), other);
    assert_eq!(refused(Command::RevealPerson { person: nora, purpose: casework() }), other);
    assert_eq!(refused(Command::OpenCase { case, purpose: casework() }), other);
    assert_eq!(readings(&family, &EntityId::Person(nora)), Vec::new());
    office.act(dahl, Command::OpenPerson { person: nora, purpose: complaint.clone() }).unwrap();
    office.act(dahl, Command::RevealPerson { person: nora, purpose: complaint.clone() }).unwrap();
    office.act(dahl, Command::OpenCase { case, purpose: complaint }).unwrap();
    // What was said holds for the day.
    office.act(dahl, open(nora)).unwrap();
}

#[test]
fn what_is_masked_on_a_case_is_shown_for_a_purpose_that_an_own_case_tells() {
    let family = Family::new();
    let case = family.cases[3];
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys(&format!("/{case}<enter>z"));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("+4791234570"), "{asked}");
    screen.keys("<esc>");
    assert!(!screen.text().contains("for which purpose?"), "{}", screen.text());
    screen.keys("z5");
    assert!(screen.text().contains("in full; the reading is recorded"), "{}", screen.text());
    family.office.on(&family.moe, case, CaseAct::Claim).unwrap();
    screen.keys("<esc><f5>z");
    assert!(screen.text().contains("in full; the reading is recorded"), "{}", screen.text());
    let shown = family.events(&EntityId::Person(family.nora)).into_iter();
    let shown = shown.filter(|record| matches!(record.event, Event::Revealed { .. }));
    let purposes: Vec<String> = shown.map(|record| record.purpose.unwrap().0).collect();
    assert_eq!(purposes, ["complaint", "casework"]);
}

#[test]
fn the_day_for_which_a_purpose_holds_is_that_of_whoever_said_it() {
    let family = family();
    let (office, nora) = (&family.office, family.nora);
    let unit = NewUnit { code: "quay".to_owned(), name: "Quay".to_owned(), parent: None };
    office.act(&office.karimi(), Command::OpenUnit(unit)).unwrap();
    let zone = UnitChange::Zone(Some("America/New_York".to_owned()));
    let change = Command::ChangeUnit { unit: UnitId(2), change: zone };
    office.act(&office.karimi(), change).unwrap();
    let berg = elsewhere(office, "berg", UnitId(2), Role::Caseworker);
    // Saturday at the office, and Friday evening there.
    office.pass_minutes(16 * 60);
    let correction = Purpose("correction".to_owned());
    office.act(&berg, Command::OpenPerson { person: nora, purpose: correction }).unwrap();
    office.pass_minutes(1);
    office.act(&berg, open(nora)).unwrap();
    office.on(&family.moe, family.cases[3], CaseAct::Claim).unwrap();
    let taken = office.on(&berg, family.cases[3], CaseAct::Claim).unwrap_err();
    assert!(taken.to_string().contains("since 19:15"), "{taken}");
}
