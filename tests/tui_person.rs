//! The person's file from the keyboard, at a real desk.

use casedesk::desk::{AskPersonFile, Desk};
use casedesk::domain::PersonId;
use casedesk::domain::cases::Nature;
use casedesk::domain::people::ContactPointState;

use crate::harness::TestScreen;
use crate::office::Office;
use crate::tui_find::screen_at;

fn office() -> Office {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Nika", "Mohammadi", "2020-05-01", "+989121234412");
    office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    office
}

fn opened(office: &Office) -> TestScreen {
    let mut screen = screen_at(office);
    screen.keys("/p-1<enter>");
    assert!(screen.text().starts_with("P-1  MOHAMMADI, Sara"), "{}", screen.text());
    screen
}

#[test]
fn a_household_is_formed_and_its_members_are_a_digit_away() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<up>");
    for _ in 0..20 {
        screen.keys("<down>");
    }
    screen.keys("<enter>P-2 child<ctrl-d><esc>");
    assert!(screen.text().contains("1 child    Mohammadi, Nika"), "{}", screen.text());
    assert!(screen.keys("1").text().starts_with("P-2  MOHAMMADI, Nika"), "{}", screen.text());
    assert!(screen.text().contains("1 parent   Mohammadi, Sara"), "{}", screen.text());
    assert!(screen.keys("<").text().starts_with("P-1"));
    assert!(screen.keys("2").text().starts_with("C-1"), "{}", screen.text());
}

#[test]
fn a_wrong_number_is_marked_and_a_new_one_added_with_its_source() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("i<down><down><down><down>w");
    screen.keys("<down><enter>+47 40 00 00 03<enter><enter><esc>");
    let text = screen.text();
    assert!(text.contains("wrong") && text.contains("T2 "), "{text}");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let file = desk.ask(AskPersonFile { person: PersonId(1) }).unwrap();
    assert_eq!(file.contact_points[0].state, ContactPointState::Wrong);
    assert_eq!(file.contact_points.len(), 2);
    let sources: Vec<&str> = file.fields.iter().map(|field| field.source.as_str()).collect();
    assert!(sources.contains(&"told by telephone"), "{sources:?}");
}

#[test]
fn what_is_masked_is_shown_once_it_is_recorded_and_masked_again_on_return() {
    let office = office();
    let mut screen = opened(&office);
    assert!(!screen.text().contains("+989121234411"));
    screen.keys("z1");
    assert!(screen.text().contains("+989121234411"), "{}", screen.text());
    screen.keys("1<");
    assert!(!screen.text().contains("+989121234411"), "{}", screen.text());
}

#[test]
fn a_case_is_worked_from_the_file_without_leaving_it() {
    let office = office();
    let mut screen = opened(&office);
    screen.keys("a");
    screen.keys("She rang again<ctrl-d>");
    assert!(screen.text().starts_with("P-1  MOHAMMADI"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.text().contains("She rang again"), "{}", screen.text());
}
