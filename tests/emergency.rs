//! Emergency access: opened with a reason for an hour, told at once, shown on every screen, reviewed by a second person.

use std::sync::Arc;

use casedesk::desk::{
    AskAccessReadings, AskAccesses, AskCaseFile, AskNews, AskPersonFile, Checks, Command,
    DeskError, NewsKind,
};
use casedesk::domain::cases::CaseAct;
use casedesk::domain::office::{Behind, Confidentiality, Grant, NewCaseworker, Purpose, Role};
use casedesk::domain::people::PersonChange;
use casedesk::domain::{AccessId, EntityId, Event, UnitId};

use crate::conflicts::{Family, at};
use crate::harness::TestScreen;
use crate::office::Office;

const WHY: &str = "her child waits at the police station";

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    }
}

fn emergency(family: &Family) -> Command {
    Command::OpenEmergency { behind: Behind::Person(family.reza), reason: WHY.to_owned() }
}

#[test]
fn an_access_opens_one_file_for_an_hour_and_every_reading_carries_it() {
    let family = Family::new();
    family.link();
    let (office, rahimi) = (&family.office, &family.rahimi);
    office.act(rahimi, emergency(&family)).unwrap();
    let open = Command::OpenPerson { person: family.reza, purpose: Purpose::unasked() };
    office.act(rahimi, open.clone()).unwrap();
    let case = family.cases[1];
    assert_eq!(at(rahimi).ask(AskPersonFile { person: family.reza }).unwrap().cases.len(), 1);
    assert!(at(rahimi).ask(AskCaseFile { case, entries: 5 }).is_ok());
    office.on(rahimi, case, CaseAct::Note { text: "rang the police".to_owned() }).unwrap();
    // It opens no other file, and nobody decides or claims under it.
    assert!(at(rahimi).ask(AskPersonFile { person: family.mother }).is_err());
    assert!(matches!(office.on(rahimi, case, CaseAct::Claim), Err(DeskError::Closed(_))));
    let events = family.events(&EntityId::Person(family.reza));
    let read = events.iter().rfind(|record| record.event == Event::Opened).unwrap();
    assert_eq!(read.reason.as_deref(), Some("A-1"));
    assert_eq!(read.purpose, Some(Purpose::emergency()));
    office.pass_minutes(60);
    assert!(matches!(office.act(rahimi, open), Err(DeskError::Closed(_))));
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{found:?}");
}

#[test]
fn an_access_has_a_reason_is_told_at_once_and_is_given_back() {
    let family = Family::new();
    let office = &family.office;
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    let karimi = office.karimi();
    let lead = Command::LeadUnit {
        unit: UnitId(1),
        manager: Some(crate::conflicts::who(&karimi)),
        substitute: None,
    };
    office.act(&karimi, lead).unwrap();
    for session in [&officer, &karimi] {
        office.act(session, Command::NoteHere).unwrap();
    }
    family.link();
    office.pass_minutes(1);
    let short =
        Command::OpenEmergency { behind: Behind::Person(family.reza), reason: "urgent".to_owned() };
    assert_eq!(refusal(office.act(&family.rahimi, short)), "emergency.reason");
    let open = Behind::Person(family.nora);
    let needless = Command::OpenEmergency { behind: open, reason: WHY.to_owned() };
    assert_eq!(refusal(office.act(&family.rahimi, needless)), "emergency.needless");
    office.act(&family.rahimi, emergency(&family)).unwrap();
    for session in [&officer, &karimi] {
        let news = at(session).ask(AskNews {}).unwrap();
        let told = news.lines.iter().find(|line| line.kind == NewsKind::Emergency).unwrap();
        assert!(told.why.starts_with("A-1, P-2: her child"), "{}", told.why);
    }
    let mut news = TestScreen::open(Arc::new(karimi.clone()));
    news.keys("gn");
    assert!(news.text().contains("Enter open"), "{}", news.text());
    assert!(news.keys("<enter>").text().contains("EMERGENCY ACCESSES"), "{}", news.text());
    let mut file = TestScreen::open(Arc::new(family.rahimi.clone()));
    file.keys("/p-2<enter>");
    assert!(file.text().contains("Reza"), "{}", file.text());
    let shown = file.keys("B").text();
    assert!(shown.contains("P-2 is closed to you again."), "{shown}");
    assert!(!shown.contains("attempt") && !shown.contains("Reza"), "{shown}");
    assert!(at(&family.rahimi).ask(AskPersonFile { person: family.reza }).is_err());
}

#[test]
fn a_second_person_reviews_an_access_once_and_in_words() {
    let family = Family::new();
    let office = &family.office;
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    family.link();
    office.act(&family.rahimi, emergency(&family)).unwrap();
    let review = |words: &str| Command::ReviewAccess {
        access: AccessId(1),
        is_justified: true,
        words: words.to_owned(),
    };
    assert_eq!(refusal(office.act(&officer, review("it was"))), "review.open");
    office.pass_minutes(61);
    assert!(office.act(&family.moe, review("it was")).is_err(), "a caseworker reviews nothing");
    assert_eq!(refusal(office.act(&officer, review(" "))), "review.words");
    let waiting = at(&officer).ask(AskAccesses {}).unwrap();
    assert!(waiting.may_review && !waiting.lines[0].is_due);
    office.pass_minutes(3 * 24 * 60);
    assert!(at(&officer).ask(AskAccesses {}).unwrap().lines[0].is_due);
    office.act(&officer, review("the police confirm it")).unwrap();
    assert_eq!(refusal(office.act(&officer, review("once more"))), "review.done");
    // Others see their own accesses alone.
    assert_eq!(at(&family.moe).ask(AskAccesses {}).unwrap().lines.len(), 0);
    assert_eq!(at(&family.rahimi).ask(AskAccesses {}).unwrap().lines.len(), 1);
}

#[test]
fn the_administrator_has_no_emergency() {
    let family = Family::new();
    let admin = family.office.enrol("root", "A. Admin", &[Role::Administrator]);
    let open =
        Command::OpenEmergency { behind: Behind::Person(family.nora), reason: WHY.to_owned() };
    assert!(refusal(family.office.act(&admin, open)).starts_with("permit."));
    assert!(at(&admin).ask(AskPersonFile { person: family.nora }).is_err());
}

#[test]
fn what_is_too_confidential_opens_in_an_emergency_too() {
    let family = Family::new();
    let office = &family.office;
    let secret = Command::ChangePerson {
        person: family.nora,
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "court".to_owned(),
        is_verified: true,
    };
    let grant = Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let new = NewCaseworker {
        account: "dahl".to_owned(),
        name: "N. Dahl".to_owned(),
        unit: UnitId(1),
        grants: vec![grant],
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    let dahl = &office.sign_in("dahl").unwrap();
    office.act(&family.moe, secret).unwrap();
    let hidden = at(dahl).ask(AskPersonFile { person: family.nora });
    assert!(matches!(hidden, Err(DeskError::NotFound(_))));
    let open =
        Command::OpenEmergency { behind: Behind::Person(family.nora), reason: WHY.to_owned() };
    office.act(dahl, open).unwrap();
    assert!(at(dahl).ask(AskPersonFile { person: family.nora }).is_ok());
}

#[test]
fn one_key_from_the_refusal_opens_it_and_the_first_row_says_so_until_it_is_given_back() {
    let family = Family::new();
    family.link();
    let mut screen = TestScreen::open(Arc::new(family.rahimi.clone()));
    screen.keys(&format!("/{}<enter>", family.reza));
    let refused = screen.text();
    assert!(refused.contains("In an emergency, B opens"), "{refused}");
    screen.keys("Burgent<enter>");
    assert!(screen.text().contains("why: urgent"), "{}", screen.text());
    screen.keys(": her child waits<enter>");
    let shown = screen.text();
    assert!(shown.contains("MOHAMMADI, Reza"), "{shown}");
    assert!(screen.rows()[0].contains("EMERGENCY P-2 60 min"), "{}", screen.rows()[0]);
    screen.keys("gb");
    assert!(screen.rows()[0].contains("EMERGENCY P-2 60 min"), "{}", screen.rows()[0]);
    screen.keys(&format!("/{}<enter>B", family.reza));
    let shown = screen.text();
    assert!(!shown.contains("EMERGENCY P-2") && !shown.contains("Reza"), "{shown}");
}

#[test]
fn the_privacy_officer_finds_on_one_list_what_to_review_and_who_was_turned_away() {
    let family = Family::new();
    let office = &family.office;
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    let mut screen = TestScreen::open(Arc::new(officer.clone()));
    screen.keys("gv");
    assert!(
        screen.text().contains("no access to a closed file that you may see"),
        "{}",
        screen.text()
    );
    family.link();
    assert!(at(&family.rahimi).ask(AskPersonFile { person: family.reza }).is_err());
    office.act(&family.rahimi, emergency(&family)).unwrap();
    let board = || TestScreen::open(Arc::new(officer.clone())).text();
    assert!(!board().contains("emergency access to review"), "{}", board());
    office.pass_minutes(61);
    assert!(board().contains("1 emergency access to review (g"), "{}", board());
    let is_offered = |shown: &str| shown.contains("y justified");
    assert!(!is_offered(&screen.text()), "{}", screen.text());
    screen.keys("<f5>");
    let shown = screen.text();
    assert!(shown.contains("to review") && shown.contains("turned away"), "{shown}");
    assert!(is_offered(&shown), "{shown}");
    screen.keys("ythe police confirm it<enter>");
    let shown = screen.text();
    assert!(shown.contains("justified, Holm: the police confirm it"), "{shown}");
    assert!(!is_offered(&shown), "it was reviewed: {shown}");
    assert!(!board().contains("emergency access to review"), "{}", board());
    assert!(screen.keys("<enter>").text().starts_with("P-"), "{}", screen.text());
}

#[test]
fn the_reviewer_sees_what_was_opened_and_shown_in_full_under_an_access_and_nothing_else() {
    let family = Family::new();
    let office = &family.office;
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    let (person, case) = (family.reza, family.cases[1]);
    // A reading of before, and what a colleague reads meanwhile, are none of the access.
    let open = |person| Command::OpenPerson { person, purpose: Purpose("complaint".to_owned()) };
    office.act(&family.rahimi, open(person)).unwrap();
    family.link();
    office.act(&family.rahimi, emergency(&family)).unwrap();
    let readings = |seat| at(seat).ask(AskAccessReadings { access: AccessId(1) });
    assert!(readings(&officer).unwrap().readings.is_empty());
    office.act(&family.moe, open(family.nora)).unwrap();
    office.act(&family.rahimi, open(person)).unwrap();
    let opened = Command::OpenCase { case, purpose: Purpose::unasked() };
    office.act(&family.rahimi, opened).unwrap();
    let shown = Command::RevealPerson { person, purpose: Purpose("complaint".to_owned()) };
    office.act(&family.rahimi, shown).unwrap();
    let read = readings(&officer).unwrap();
    let told: Vec<(String, Vec<String>)> = read
        .readings
        .iter()
        .map(|reading| (reading.file.to_string(), reading.fields.clone()))
        .collect();
    let expected = [("P-2", vec![]), ("C-2", vec![]), ("P-2", vec!["telephone".to_owned()])];
    assert_eq!(told, expected.map(|(file, fields)| (file.to_owned(), fields)));
    assert_eq!((read.more, readings(&family.rahimi).unwrap()), (0, read));
    assert!(matches!(readings(&family.moe), Err(DeskError::NotFound(_))), "it is another's");
    office.pass_minutes(61);
    let mut screen = TestScreen::open(Arc::new(officer.clone()));
    let shown = screen.keys("gv").text();
    assert!(
        shown.contains("read 09:14 P-2 opened; 09:14 C-2 opened; 09:14 P-2 telephone"),
        "{shown}"
    );
    // What there is no room for is counted.
    office.act(&family.rahimi, emergency(&family)).unwrap();
    for _ in 0..40 {
        office.act(&family.rahimi, open(person)).unwrap();
    }
    let shown = screen.keys("<f5>").text();
    assert!(shown.contains("opened; and ") && shown.contains(" more"), "{shown}");
}

#[test]
fn whoever_reads_the_trail_finds_no_file_named_that_is_closed_to_them() {
    let family = Family::new();
    let office = &family.office;
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    let auditor = office.enrol("lie", "A. Lie", &[Role::Auditor]);
    family.link();
    assert!(at(&family.rahimi).ask(AskPersonFile { person: family.reza }).is_err());
    office.act(&family.rahimi, emergency(&family)).unwrap();
    let listed = |seat| {
        let answer = at(seat).ask(AskAccesses {}).unwrap();
        (answer.lines.len(), answer.attempts.len())
    };
    assert_eq!((listed(&officer), listed(&auditor)), ((1, 1), (1, 1)));
    let link = Command::LinkPerson {
        caseworker: crate::conflicts::who(&auditor),
        person: Some(family.reza),
        reason: String::new(),
    };
    office.act(&office.karimi(), link).unwrap();
    assert_eq!((listed(&officer), listed(&auditor)), ((1, 1), (0, 0)));
}

#[test]
fn an_access_that_waits_for_its_review_stays_on_the_list_however_many_were_reviewed_since() {
    let office = Office::new();
    let officer = office.enrol("holm", "P. Holm", &[Role::PrivacyOfficer]);
    let rahimi = office.enrol("rahimi", "S. Rahimi", &[Role::Caseworker]);
    let sara = office.person("Sara", "Rahimi", "1986-03-02", "+4791234567");
    let link = Command::LinkPerson {
        caseworker: crate::conflicts::who(&rahimi),
        person: Some(sara),
        reason: String::new(),
    };
    office.act(&office.karimi(), link).unwrap();
    for number in 1..=202 {
        let (behind, reason) = (Behind::Person(sara), WHY.to_owned());
        office.act(&rahimi, Command::OpenEmergency { behind, reason }).unwrap();
        office.act(&rahimi, Command::EndEmergency(AccessId(number))).unwrap();
        let (access, words) = (AccessId(number), "it was right".to_owned());
        if number > 1 {
            let review = Command::ReviewAccess { access, is_justified: true, words };
            office.act(&officer, review).unwrap();
        }
    }
    let lines = at(&officer).ask(AskAccesses {}).unwrap().lines;
    assert_eq!((lines[0].access.id, lines.len()), (AccessId(1), 200));
    assert!(lines[1..].iter().all(|line| line.access.review.is_some()));
}
