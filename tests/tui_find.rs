//! Finding people and cases from the keyboard, at a real desk.

use std::sync::Arc;

use casedesk::desk::{Change, Command};
use casedesk::domain::PersonId;
use casedesk::domain::cases::Nature;
use casedesk::domain::people::{FamilyRole, Name, NameKind, NewHousehold, PersonChange};

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
    screen.keys("<esc><esc>/").keys(&case.to_string()).keys("<enter>");
    assert!(screen.text().starts_with(&case.to_string()), "{}", screen.text());
}

#[test]
fn whoever_comes_back_from_a_hit_is_on_it_and_keys_act_there() {
    let office = office();
    office.person("Sarah", "Mohammadi", "1990", "+4740000003");
    for (opens, back) in [("/mohammadi<tab>2", "<"), ("/mohammadi<down><enter>", "<esc>")] {
        let mut screen = screen_at(&office);
        let opened = screen.keys(opens).text();
        assert!(opened.starts_with("P-"), "{opens}: {opened}");
        let shown = screen.keys(back).text();
        assert!(shown.contains(">2 "), "{opens}: {shown}");
        assert!(screen.keys("gb").text().contains("2Inbox"), "{opens}: {}", screen.text());
    }
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

#[test]
fn a_hit_shows_the_other_name_that_matched_and_who_lives_there() {
    let office = office();
    let sara = PersonId(1);
    let name = Name {
        kind: NameKind::Transliteration,
        given: "سارا".to_owned(),
        family: "محمدی".to_owned(),
    };
    let change = PersonChange::Name { index: u32::MAX, name };
    let source = "passport".to_owned();
    let command =
        Command::ChangePerson { person: sara, version: None, change, source, is_verified: false };
    office.act(&office.karimi(), command).unwrap();
    let members = vec![(sara, FamilyRole::Head), (PersonId(2), FamilyRole::Parent)];
    office.act(&office.karimi(), Command::FormHousehold(NewHousehold { members })).unwrap();
    let mut screen = screen_at(&office);
    screen.keys("/محمدی");
    let text = screen.text();
    assert!(text.contains(">1 Mohammadi, Sara"), "{text}");
    assert!(text.contains("also سارا محمدی"), "{text}");
    assert!(text.contains("Zara (parent)   last: none"), "{text}");
    assert!(text.contains("-- P-1"), "{text}");
    assert!(text.contains("محمدی = محمدی"), "{text}");
}

#[test]
fn the_words_that_no_field_takes_are_on_the_file_of_whoever_was_registered() {
    let mut screen = screen_at(&office());
    screen.keys("/ingrid solberg W7 12/3/1974<tab>n<ctrl-d>");
    assert!(screen.text().starts_with("P-3  SOLBERG, Ingrid  b.1974"), "{}", screen.text());
    screen.resize(80, 50);
    assert!(screen.text().contains("W7 ?"), "{}", screen.text());
    assert!(screen.text().contains(" 12/3/1974"), "{}", screen.text());
}

#[test]
fn the_find_key_begins_another_search_whatever_was_looked_for_before() {
    let office = office();
    let sara = office.person("Sara", "Berg", "1971-01-01", "+4740000002");
    let case = office.case(Some(sara), Nature::Complaint, "Damp");
    for back in ["<esc>", "<esc><esc>"] {
        let mut screen = screen_at(&office);
        screen.keys(&format!("/{case}<enter>")).keys(back).keys("/");
        assert!(!screen.text().contains(&case.to_string()), "{back}: {}", screen.text());
        assert!(screen.text().contains("Type what you know"), "{back}: {}", screen.text());
        screen.keys("P-2");
        assert!(screen.text().contains("/ P-2\n"), "{back}: {}", screen.text());
        assert!(screen.keys("<enter>").text().starts_with("P-2  HAUGEN"), "{}", screen.text());
    }
    // Within a text it is a letter, also of one that is gone on with.
    let mut screen = screen_at(&office);
    assert!(screen.keys("/Azadi 12/4").text().contains("/ Azadi 12/4"), "{}", screen.text());
    screen.keys("<esc>/4411<enter><esc><tab>/5");
    assert!(screen.text().contains("/ 4411/5"), "{}", screen.text());
}
