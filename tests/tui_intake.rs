//! Taking a matter in from the keyboard, at a real desk.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, AskDrafts, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{Nature, SameChoice};

use crate::harness::TestScreen;
use crate::office::Office;

fn office() -> Office {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office
}

#[test]
fn a_complaint_by_telephone_is_taken_in_ahead_of_a_slow_desk() {
    let office = office();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.hold().keys("/mohmdi s<enter>ntchou<enter><enter><enter>no heating<ctrl-d>").release();
    assert!(screen.text().starts_with("C-1 COM housing"), "{}", screen.text());
    assert!(screen.status().contains("C-1"), "{}", screen.text());
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
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
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
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
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
