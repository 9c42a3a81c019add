//! Finding people and cases from the keyboard, at a real desk.

use std::sync::Arc;

use casedesk::desk::Change;
use casedesk::domain::cases::Nature;

use crate::harness::TestScreen;
use crate::office::Office;

/// Karimi's screen at an office.
pub(crate) fn screen_at(office: &Office) -> TestScreen {
    TestScreen::open(Arc::new(office.karimi()))
}

fn office() -> Office {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Zara", "Haugen", "1990-01-05", "+4740000001");
    office
}

#[test]
fn ten_keys_find_a_misspelt_name_and_open_the_file() {
    let mut screen = screen_at(&office());
    screen.keys("/mohmdi s<enter>");
    assert!(screen.text().starts_with("P-1  MOHAMMADI, Sara"), "{}", screen.text());
}

#[test]
fn keys_typed_ahead_of_a_slow_desk_reach_the_file_that_opens() {
    let mut screen = screen_at(&office());
    screen.hold().keys("/mohmdi s<enter>n").release();
    assert!(screen.text().starts_with("NEW for P-1"), "{}", screen.text());
    assert!(screen.keys("<esc>").text().starts_with("P-1  MOHAMMADI"), "{}", screen.text());
}

#[test]
fn a_telephone_number_and_a_case_number_find_too_and_the_text_is_still_there_on_return() {
    let office = office();
    let sara = office.person("Sara", "Berg", "1971-01-01", "+4740000002");
    let case = office.case(Some(sara), Nature::Complaint, "Damp");
    let mut screen = screen_at(&office);
    assert!(screen.keys("/4411").text().contains(">1 Mohammadi, Sara"), "{}", screen.text());
    screen.keys("<enter><");
    assert!(screen.text().contains("/ 4411"), "{}", screen.text());
    screen.keys("<esc>/").keys(&case.to_string()).keys("<enter>");
    assert!(screen.text().starts_with(&case.to_string()), "{}", screen.text());
}

#[test]
fn somebody_who_is_not_found_is_registered_with_the_words_that_were_typed() {
    let mut screen = screen_at(&office());
    screen.keys("/ingrid solberg 74");
    screen.keys("<tab>n");
    assert!(screen.text().starts_with("NEW PERSON"), "{}", screen.text());
    screen.keys("<ctrl-d>");
    assert!(screen.text().starts_with("P-3  SOLBERG, Ingrid  b.1974"), "{}", screen.text());
    assert!(screen.text().contains("NOT IDENTIFIED"));
    screen.keys("/ingrid<enter>").changed(Change::Resync);
    assert!(screen.text().starts_with("P-3  SOLBERG"), "{}", screen.text());
}
