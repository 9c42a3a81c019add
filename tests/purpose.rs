//! For what a file is opened: told by the contact or by one's own case, else asked once a person and day.

use std::sync::Arc;

use casedesk::desk::{Command, DeskError, PURPOSE_NEEDED};
use casedesk::domain::cases::CaseAct;
use casedesk::domain::office::Purpose;
use casedesk::domain::{CaseId, EntityId, Event, PersonId};

use crate::conflicts::Family;
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
