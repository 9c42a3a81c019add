//! Whatever speaks to the desk, no file is shown before its opening is recorded for a purpose.

use std::sync::Arc;

use casedesk::desk::{
    Ask, AskCaseFile, AskCasePreview, AskContacts, AskFilled, AskForEach, AskHistory,
    AskMergeCandidates, AskMessage, AskModules, AskPersonFile, AskPersonMerge, AskReplyKit,
    Command, DeskError, PURPOSE_NEEDED, Query,
};
use casedesk::domain::cases::{CaseAct, Channel, EachAct, Keeps, Nature};
use casedesk::domain::office::{Behind, Purpose};
use casedesk::domain::{AccessId, CaseId, EntityId, Event, MessageId, PersonId};

use crate::conflicts::{Family, at};
use crate::harness::TestScreen;
use crate::office::Seat;

/// The family, at a desk that asks for purposes.
fn family() -> Family {
    let family = Family::new();
    family.office.desk.ask_for_purposes();
    family
}

/// For what a record was read, and why, each time.
fn readings(family: &Family, on: &EntityId) -> Vec<(String, Option<String>)> {
    let read = family.events(on).into_iter().filter(|record| record.event == Event::Opened);
    read.map(|record| (record.purpose.unwrap().0, record.reason)).collect()
}

fn case_file(by: &Seat, case: CaseId) -> Result<CaseId, DeskError> {
    at(by).ask(AskCaseFile { case, entries: 9 }).map(|file| file.case.id)
}

fn person_file(by: &Seat, person: PersonId) -> Result<String, DeskError> {
    at(by).ask(AskPersonFile { person }).map(|file| file.name)
}

/// The file that a question is refused for.
fn needed<T: std::fmt::Debug>(result: Result<T, DeskError>) -> EntityId {
    match result {
        Err(error) => error.needs_purpose_for().unwrap(),
        shown => unreachable!("nothing is shown, and was {shown:?}"),
    }
}

/// Every question that shows what only an opened file of the case or of its person shows.
fn of_the_files(case: CaseId, person: PersonId) -> Vec<Query> {
    let (text, language) = (String::new(), String::new());
    vec![
        AskCaseFile { case, entries: 9 }.into_query(),
        AskHistory { case }.into_query(),
        AskReplyKit { case }.into_query(),
        AskFilled {
            case,
            addressee: person,
            channel: Channel::Letter,
            template: "done".to_owned(),
        }
        .into_query(),
        AskModules { case: Some(case), subject: None, text, language }.into_query(),
        AskMergeCandidates { case, named: None }.into_query(),
        AskPersonFile { person }.into_query(),
        AskContacts { person: Some(person), limit: 9 }.into_query(),
    ]
}

#[test]
fn a_file_that_nobody_opened_is_opened_by_the_desk_once_and_for_what_tells_its_purpose() {
    let family = family();
    let (moe, nora, case) = (&family.moe, family.nora, family.cases[3]);
    family.office.on(moe, case, CaseAct::Claim).unwrap();
    for _ in 0..3 {
        assert_eq!(case_file(moe, case).unwrap(), case);
        assert!(person_file(moe, nora).unwrap().contains("Solberg"));
        for query in of_the_files(case, nora) {
            at(moe).query(query).unwrap();
        }
    }
    let casework = || "casework".to_owned();
    assert_eq!(readings(&family, &EntityId::Case(case)), [(casework(), None)]);
    let own = (casework(), Some(case.to_string()));
    assert_eq!(readings(&family, &EntityId::Person(nora)), [own]);
}

#[test]
fn without_a_purpose_nothing_of_a_file_is_shown_and_nothing_is_recorded() {
    let family = family();
    let (office, moe, nora, case) = (&family.office, &family.moe, family.nora, family.cases[3]);
    let (on_case, on_person) = (EntityId::Case(case), EntityId::Person(nora));
    for query in of_the_files(case, nora) {
        let asked = needed(at(moe).query(query.clone()));
        assert!(asked == on_case || asked == on_person, "{query:?}: {asked}");
    }
    assert_eq!(readings(&family, &on_case), []);
    assert_eq!(readings(&family, &on_person), []);
    // What a case is found by needs no purpose.
    at(moe).ask(AskCasePreview { case }).unwrap();
    let complaint = || Purpose("complaint".to_owned());
    office.act(moe, Command::OpenCase { case, purpose: complaint() }).unwrap();
    office.act(moe, Command::OpenPerson { person: nora, purpose: complaint() }).unwrap();
    for query in of_the_files(case, nora) {
        at(moe).query(query).unwrap();
    }
    let told = [("complaint".to_owned(), None)];
    assert_eq!(readings(&family, &on_case), told);
    assert_eq!(readings(&family, &on_person), told);
}

#[test]
fn a_session_that_comes_back_is_not_asked_again_that_day_and_reads_on_record() {
    let family = family();
    let (office, nora) = (&family.office, family.nora);
    let opening = Command::OpenPerson { person: nora, purpose: Purpose("correction".to_owned()) };
    office.act(&family.moe, opening).unwrap();
    let back = office.sign_in("moe").unwrap();
    person_file(&back, nora).unwrap();
    person_file(&back, nora).unwrap();
    let told = ("correction".to_owned(), None);
    assert_eq!(readings(&family, &EntityId::Person(nora)), [told.clone(), told]);
    office.pass_minutes(24 * 60);
    let next_day = office.sign_in("moe").unwrap();
    assert_eq!(needed(person_file(&next_day, nora)), EntityId::Person(nora));
}

#[test]
fn two_people_side_by_side_and_a_message_are_what_their_files_show() {
    let family = family();
    let (office, nora, reza) = (&family.office, family.nora, family.reza);
    let beside = || at(&family.moe).ask(AskPersonMerge { survivor: nora, merged: reza });
    let correction =
        |person| Command::OpenPerson { person, purpose: Purpose("correction".to_owned()) };
    assert_eq!(needed(beside()), EntityId::Person(nora));
    office.act(&family.moe, correction(nora)).unwrap();
    assert_eq!(needed(beside()), EntityId::Person(reza));
    office.act(&family.moe, correction(reza)).unwrap();
    beside().unwrap();
    assert_eq!(readings(&family, &EntityId::Person(nora)).len(), 1);
    // A message, and a letter as it would be sent.
    let (karimi, case) = (&office.karimi(), family.cases[3]);
    office.on(karimi, case, CaseAct::Claim).unwrap();
    let act = || EachAct::Letter { template: Some("done".to_owned()), text: None };
    let previewed = |by: &Seat| {
        at(by).ask(AskForEach { cases: vec![case], act: act(), letter: 0 }).map(|it| it.letter)
    };
    assert!(previewed(karimi).unwrap().is_some());
    let told = [("casework".to_owned(), None)];
    assert_eq!(readings(&family, &EntityId::Case(case)), told);
    office.act(karimi, Command::ForEach { cases: vec![(case, None)], act: act() }).unwrap();
    let other = office.enrol("dahl", "N. Dahl", &[casedesk::domain::office::Role::Caseworker]);
    let message = AskMessage { message: MessageId(1) };
    assert_eq!(needed(at(&other).ask(message)), EntityId::Case(case));
    assert_eq!(readings(&family, &EntityId::Case(case)), told);
}

#[test]
fn a_number_that_was_merged_since_opens_the_case_that_goes_on() {
    let family = Family::new();
    let (office, moe) = (&family.office, &family.moe);
    let first = family.cases[3];
    let second = office.case(Some(family.nora), Nature::Complaint, "Wet stairs, once more");
    case_file(moe, second).unwrap();
    assert_eq!(readings(&family, &EntityId::Case(first)), []);
    let act = CaseAct::Merge { other: first, keeps: Keeps::Other, reason: String::new() };
    office.on(&office.karimi(), second, act).unwrap();
    for _ in 0..2 {
        assert_eq!(case_file(moe, second).unwrap(), first);
    }
    assert_eq!(readings(&family, &EntityId::Case(first)).len(), 1);
    assert_eq!(case_file(moe, first).unwrap(), first);
    assert_eq!(readings(&family, &EntityId::Case(first)).len(), 1);
}

#[test]
fn what_was_opened_under_one_emergency_is_opened_again_under_the_next() {
    let family = Family::new();
    family.link();
    let (office, rahimi, reza) = (&family.office, &family.rahimi, family.reza);
    let emergency = || Command::OpenEmergency {
        behind: Behind::Person(reza),
        reason: "her child is taken ill at his school".to_owned(),
    };
    for access in 1..=2 {
        office.act(rahimi, emergency()).unwrap();
        person_file(rahimi, reza).unwrap();
        person_file(rahimi, reza).unwrap();
        office.act(rahimi, Command::EndEmergency(AccessId(access))).unwrap();
        assert!(matches!(person_file(rahimi, reza), Err(DeskError::Closed(_))));
    }
    let read = readings(&family, &EntityId::Person(reza));
    let under = |access: &str| ("emergency".to_owned(), Some(access.to_owned()));
    assert_eq!(read, [under("A-1"), under("A-2")]);
}

#[test]
fn an_editor_on_a_row_asks_for_the_purpose_and_goes_on_when_the_file_is_open() {
    let family = family();
    let case = EntityId::Case(family.cases[3]);
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys("2jjj");
    assert!(screen.cursor_row().contains("C-4"), "{}", screen.text());
    screen.keys("r");
    let asked = screen.text();
    assert!(asked.contains("open C-4: for which purpose? It is recorded."), "{asked}");
    assert!(asked.contains(" 5 complaint"), "{asked}");
    assert_eq!(readings(&family, &case), []);
    screen.keys("8");
    assert!(screen.text().contains("Pick the purpose with its digit."), "{}", screen.text());
    screen.keys("5");
    let editor = screen.text();
    assert!(editor.contains("-- REPLY C-4") && !editor.contains("for which purpose?"), "{editor}");
    assert!(editor.contains("1 it is done"), "the templates are here: {editor}");
    assert_eq!(readings(&family, &case), [("complaint".to_owned(), None)]);
    // Whatever is done there later is done with the file that is open.
    screen.keys("<esc>r");
    assert!(screen.text().contains("-- REPLY C-4"), "{}", screen.text());
    assert!(!screen.text().contains("for which purpose?"), "{}", screen.text());
    assert_eq!(readings(&family, &case).len(), 1);
}

#[test]
fn whoever_leaves_the_question_for_a_purpose_has_opened_nothing() {
    let family = family();
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys("2jjjr");
    assert!(screen.text().contains("open C-4: for which purpose?"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(!screen.text().contains("for which purpose?"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.cursor_row().contains("C-4"), "{}", screen.text());
    assert_eq!(readings(&family, &EntityId::Case(family.cases[3])), []);
}

#[test]
fn a_form_for_somebody_asks_for_which_purpose_their_file_is_opened() {
    let family = family();
    let nora = EntityId::Person(family.nora);
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys("ntc<enter>solberg<enter><enter>");
    let asked = screen.text();
    assert!(asked.contains("open P-4: for which purpose?"), "{asked}");
    assert!(!asked.contains("NEW for P-4 Solberg"), "{asked}");
    screen.keys("1");
    assert!(screen.text().contains("NEW for P-4 Solberg, Nora"), "{}", screen.text());
    assert_eq!(readings(&family, &nora), [("casework".to_owned(), None)]);
}

#[test]
fn the_refusal_names_the_file_also_where_a_right_is_for_other_purposes() {
    let refused = |what: &str| {
        DeskError::Refused(casedesk::domain::Refusal::new(PURPOSE_NEEDED, what, ""))
            .needs_purpose_for()
    };
    let case = Some(EntityId::Case(CaseId(7)));
    assert_eq!(refused("Your right to C-7 is not for casework."), case);
    assert_eq!(
        refused("No contact runs and no case is yours for which C-7 would be opened."),
        case
    );
    assert_eq!(refused("Nothing is named."), None);
}
