//! Taking a matter in from the keyboard, at a real desk.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, AskDrafts, AskSubjects, Clock as _, Command, Desk};
use casedesk::domain::cases::{Channel, Direction, Nature, SameChoice, StartedContact};
use casedesk::domain::office::Role;
use casedesk::domain::{CaseId, SubjectCode};

use crate::office::Office;
use crate::tui_find::screen_at;

fn office() -> Office {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office
}

#[test]
fn a_complaint_by_telephone_is_taken_in_ahead_of_a_slow_desk() {
    let office = office();
    let mut screen = screen_at(&office);
    screen.hold().keys("/mohmdi s<enter>ntchou<enter><enter><enter>no heating<ctrl-d>").release();
    assert!(screen.text().starts_with("C-1 COM housing"), "{}", screen.text());
    assert!(screen.status().contains("C-1"), "{}", screen.text());
    assert!(screen.status().ends_with("S shows the receipt with PIN"), "{}", screen.text());
    assert!(screen.keys("S").text().contains("PIN: "), "the key that it names does so");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskCaseFile { case: CaseId(1), entries: 1 }).unwrap();
    assert_eq!(file.case.asks, "no heating");
    assert_eq!(file.case.nature, Nature::Complaint);
    assert_eq!(file.case.same.choice, SameChoice::NothingShown);
}

#[test]
fn a_second_call_on_the_same_is_added_to_the_case_that_is_there() {
    let office = office();
    let mut screen = screen_at(&office);
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>no heating<ctrl-d><");
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>");
    assert!(screen.text().contains("same person, same subject"), "{}", screen.text());
    assert!(screen.text().contains("still needed: SAME?"), "{}", screen.text());
    screen.keys("1still cold<ctrl-d>");
    assert!(screen.text().starts_with("C-1 COM"), "{}", screen.text());
    assert!(screen.text().contains("still cold"), "{}", screen.text());
}

#[test]
fn a_form_that_is_left_is_offered_again_until_it_is_registered() {
    let office = office();
    let mut screen = screen_at(&office);
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>no hea<esc>");
    assert!(screen.text().starts_with("P-1"), "{}", screen.text());
    screen.keys("n");
    let text = screen.text();
    assert!(text.contains("no hea") && text.contains("draft kept 09:14:00"), "{text}");
    screen.keys("ting<ctrl-d>");
    assert!(screen.text().contains("no heating"), "{}", screen.text());
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskDrafts {}).unwrap().drafts, []);
}

/// The keys of a complaint by telephone, without the free text of name and says: the goal of the office.
const COMPLAINT_KEYS_MAX: usize = 13;

/// Presses the keys, with the free text in its place; how many keys that were.
fn take_in(screen: &mut crate::harness::TestScreen, keys: &[&str], says: &str) -> usize {
    for key in keys {
        match *key {
            "NAME" => screen.keys("mohmdi s"),
            "SAYS" => screen.keys(says),
            key => screen.keys(key),
        };
    }
    keys.iter().filter(|key| !matches!(**key, "NAME" | "SAYS")).count()
}

const COMPLAINT: [&str; 15] = [
    "/", "NAME", "<enter>", "n", "t", "c", "h", "o", "u", "<enter>", "<enter>", "<enter>", "n",
    "SAYS", "<ctrl-d>",
];

#[test]
fn a_complaint_by_telephone_takes_thirteen_keys_and_during_a_call_twelve() {
    let office = office();
    let mut screen = screen_at(&office);
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>no heating<ctrl-d>");
    let keys = take_in(&mut screen, &COMPLAINT, "no water either");
    assert!(screen.text().starts_with("C-2 COM housing"), "{}", screen.text());
    assert!(keys <= COMPLAINT_KEYS_MAX, "{keys} keys");
    let karimi = office.karimi();
    let call = StartedContact {
        channel: Channel::Telephone,
        direction: Direction::In,
        person: None,
        telephone: None,
        ivr_path: None,
    };
    office.act(&karimi, Command::StartContact(call)).unwrap();
    let mut screen = screen_at(&office);
    let in_call: Vec<&str> = COMPLAINT.into_iter().filter(|key| *key != "t").collect();
    let keys = take_in(&mut screen, &in_call, "nor light");
    assert!(screen.text().starts_with("C-3 COM housing"), "{}", screen.text());
    assert!(keys < COMPLAINT_KEYS_MAX, "{keys} keys");
}

#[test]
fn what_same_showed_and_what_was_chosen_is_on_record() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "no heating");
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    for at in 0..2 {
        let mut screen = crate::harness::TestScreen::open(Arc::clone(&desk));
        screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>");
        let text = screen.text();
        assert!(text.contains("1     C-1") || text.contains("C-1      COM"), "{text}");
        assert!(text.contains("same person, same subject"), "{text}");
        screen.keys("1still cold<ctrl-d>");
        assert!(screen.text().starts_with("C-1 COM"), "{}", screen.text());
        let file = desk.ask(AskCaseFile { case, entries: 9 }).unwrap();
        assert_eq!(file.case.contacts.len(), at + 2, "{:?}", file.case.contacts);
        let words = file.timeline.first().map(|entry| entry.text.clone());
        assert_eq!(words.as_deref(), Some("still cold"));
    }
}

#[test]
fn the_household_and_the_place_are_reasons_to_ask_same() {
    let office = office();
    let gareth = office.person("Gareth", "Whitlock", "1970-01-01", "+989121234412");
    office.case(Some(gareth), Nature::Report, "lift");
    let reza = office.person("Reza", "Mohammadi", "1984-01-01", "+989121234413");
    let member = |person, role| (person, role);
    let household = casedesk::domain::people::NewHousehold {
        members: vec![
            member(casedesk::domain::PersonId(1), casedesk::domain::people::FamilyRole::Head),
            member(reza, casedesk::domain::people::FamilyRole::Partner),
        ],
    };
    office.act(&office.karimi(), Command::FormHousehold(household)).unwrap();
    office.case(Some(reza), Nature::Report, "lift");
    let mut screen = screen_at(&office);
    screen.keys("/mohmdi s<enter>nt");
    screen.keys("phou<enter><enter><enter>");
    let text = screen.text();
    assert!(text.contains("household, Reza"), "{text}");
    assert!(text.contains("same subject, same place"), "{text}");
}

#[test]
fn whoever_may_not_take_in_is_told_and_keeps_the_words() {
    let office = office();
    office.enrol("clerk", "A. Clerk", &[Role::Clerk]);
    let clerk = office.sign_in("clerk").unwrap();
    let mut screen = crate::harness::TestScreen::open(Arc::new(clerk));
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>no heating<ctrl-d>");
    assert!(screen.text().starts_with("C-1 COM housing"), "{}", screen.text());
    let mut screen = crate::harness::TestScreen::open(Arc::new(office.sign_in("clerk").unwrap()));
    screen.keys("/mohmdi s<enter>ntchou<enter><enter><enter>nmore");
    let set = Command::SetGrants {
        caseworker: casedesk::domain::CaseworkerId(2),
        grants: vec![casedesk::domain::office::Grant {
            role: Role::Auditor,
            unit: None,
            confidentiality_max: casedesk::domain::office::Confidentiality::Confidential,
            expires: None,
        }],
    };
    office.act(&office.karimi(), set).unwrap();
    screen.keys("<ctrl-d>");
    assert!(screen.status().contains("may not take matters in"), "{}", screen.text());
    assert!(screen.text().contains("more"), "{}", screen.text());
}

#[test]
fn the_subjects_that_the_unit_takes_in_these_days_stand_first() {
    let office = office();
    let define = |code: &str, label: &str| Command::DefineSubject {
        code: SubjectCode(code.into()),
        label: label.to_owned(),
        synonyms: Vec::new(),
        parent: None,
    };
    office.act(&office.karimi(), define("RENT-1", "rent subsidy, apply")).unwrap();
    office.act(&office.karimi(), define("RENT-2", "rent subsidy, late")).unwrap();
    let order = || {
        let karimi = office.karimi();
        let desk: &dyn Desk = &karimi;
        let found = desk.ask(AskSubjects { text: "ren".to_owned(), limit: 2 }).unwrap();
        found.subjects.into_iter().map(|subject| subject.code.0).collect::<Vec<_>>()
    };
    assert_eq!(order(), ["RENT-1", "RENT-2"]);
    let intake = Office::intake(None, Nature::Report, "RENT-2", "late", office.clock.now());
    office.act(&office.karimi(), Command::RegisterCase(intake)).unwrap();
    assert_eq!(order(), ["RENT-2", "RENT-1"]);
}

#[test]
fn a_name_typed_where_a_letter_picks_goes_to_who_asks_and_picks_nothing() {
    let office = office();
    for name in ["Sara", "sara", "P-1", "karim"] {
        let mut screen = screen_at(&office);
        screen.keys("n").keys(name);
        let text = screen.text();
        let asked = text.lines().find(|line| line.contains("asked by")).unwrap_or_default();
        assert!(asked.contains(name), "{name}: {text}");
        let picked =
            [" >t tel", " >s sms", " >k kiosk", " >c ", " >r ", " >s sugg", " >p ", " >i "];
        assert!(!picked.iter().any(|it| text.contains(it)), "nothing is picked by {name}: {text}");
        assert!(screen.status().contains("the name of who asks"), "{}", screen.status());
        screen.keys("<ctrl-n>");
    }
    // Found, they are who asks; what stands above is asked then.
    let mut screen = screen_at(&office);
    screen.keys("nSara<enter><enter>");
    let text = screen.text();
    assert!(text.contains("Mohammadi, Sara") && text.contains("still needed: via"), "{text}");
    screen.keys("tc");
    assert!(screen.text().contains(">t tel") && screen.text().contains(">c complaint"));
    screen.keys("hou<enter><enter><enter>no heating<ctrl-d>");
    assert!(screen.text().starts_with("C-1 COM housing"), "{}", screen.text());
}

#[test]
fn where_it_is_known_who_asks_another_letter_is_refused_as_no_choice() {
    let office = office();
    let mut screen = screen_at(&office);
    screen.keys("/mohmdi s<enter>nS");
    assert!(screen.status().contains("Pick with one of the letters"), "{}", screen.status());
    assert!(!screen.text().contains(">s sms"), "{}", screen.text());
    screen.keys("t");
    assert!(screen.text().contains(">t tel"), "{}", screen.text());
}
