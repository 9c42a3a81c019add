//! Counts, places and macros at the keyboard: keys in, screen out.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, AskMacros, Command, Desk, Macro, ViewKind};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::Role;

use crate::harness::{FakeDesk, TestScreen, case_row};
use crate::office::Office;

fn list(rows: std::ops::Range<u64>) -> Arc<FakeDesk> {
    let rows = rows.map(|number| case_row(number, 2)).collect();
    Arc::new(FakeDesk::new().with_rows(ViewKind::Mine, rows))
}

fn office(cases: usize) -> (Office, TestScreen) {
    let office = Office::new();
    for number in 1..=cases {
        office.case(None, Nature::Report, &format!("Lamp {number} is broken"));
    }
    let screen = TestScreen::open(Arc::new(office.karimi()));
    (office, screen)
}

/// The texts of the notes on a case.
fn notes(office: &Office, number: u64) -> Vec<String> {
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    let file = desk.ask(AskCaseFile { case: CaseId(number), entries: 20 }).unwrap();
    file.timeline.into_iter().filter(|it| it.kind == "note").map(|it| it.words).collect()
}

#[test]
fn a_count_does_the_motion_or_mark_that_follows_so_often() {
    let mut screen = TestScreen::open(list(100..400));
    screen.keys("N12");
    assert!(screen.footer().starts_with("count 12_"), "{}", screen.text());
    screen.keys("j");
    assert!(screen.at().contains("C-112   13 of 300"), "{}", screen.text());
    screen.keys("N3 ");
    assert!(screen.text().contains("16 of 300   3 marked"), "{}", screen.text());
    screen.keys("N999j");
    assert!(screen.text().contains("216 of 300"), "two hundred at the most: {}", screen.text());
    screen.keys("N5a");
    assert!(screen.status().contains("a is none"), "{}", screen.text());
    screen.keys("N5<esc>j");
    assert!(screen.text().contains("217 of 300"), "{}", screen.text());
}

#[test]
fn a_count_waits_for_the_list_as_typed_keys_do() {
    let mut screen = TestScreen::open(list(100..400));
    screen.hold().keys("1N3j").release();
    assert!(screen.at().contains("C-103   4 of 300"), "{}", screen.text());
}

#[test]
fn digits_choose_queues_on_the_board_also_with_the_keys_of_vi() {
    let desk = FakeDesk::new().with_rows(ViewKind::Inbox, vec![case_row(1, 2)]);
    let mut screen = TestScreen::open_with(Arc::new(desk), "vim", (80, 24));
    assert!(screen.keys("2").text().contains("[2Inbox 1]"), "{}", screen.text());
}

#[test]
fn the_places_one_has_been_are_listed_with_what_they_are_about_and_gone_to() {
    let (_office, mut screen) = office(3);
    screen.keys("gj");
    assert!(screen.text().contains("You have been nowhere else yet."), "{}", screen.text());
    screen.keys("<esc>2j<enter><esc>j<enter>gogj");
    let text = screen.text();
    assert!(screen.rows()[2].starts_with(">1 C-3"), "{text}");
    assert!(screen.rows()[2].contains("RPT"), "{text}");
    assert!(screen.rows()[3].starts_with(" 2 board"), "{text}");
    assert!(screen.rows()[4].starts_with(" 3 C-2"), "{text}");
    screen.keys("jj<enter>");
    assert!(screen.rows()[0].starts_with("C-2"), "{}", screen.text());
    screen.keys("gj2");
    assert!(screen.rows()[0].starts_with("C-3"), "{}", screen.text());
}

#[test]
fn keys_are_recorded_named_and_played_once_on_each_marked_row() {
    let (office, mut screen) = office(4);
    screen.keys("2R");
    screen.keys("arang twice<ctrl-d>");
    assert!(screen.footer().starts_with("REC 12"), "{}", screen.text());
    screen.keys("R");
    assert!(screen.text().contains("arang twice<Ctrl-D>"), "all keys are shown: {}", screen.text());
    screen.keys("rang<enter>");
    assert!(screen.status().starts_with("The macro rang is kept."), "{}", screen.text());
    screen.keys("j  Q1");
    assert!(screen.status().starts_with("rang was played on 2 rows."), "{}", screen.text());
    assert_eq!((1..=4).map(|case| notes(&office, case).len()).collect::<Vec<_>>(), [1, 1, 1, 0]);
    screen.keys("jQ<enter>");
    assert_eq!(notes(&office, 4), ["rang twice"], "{}", screen.text());
    let mut again = TestScreen::open(Arc::new(office.karimi()));
    assert!(again.keys("Q").text().contains(">1 rang   arang twice<Ctrl-D>"), "{}", again.text());
}

#[test]
fn a_recording_that_the_palette_begins_and_ends_has_neither_in_it() {
    let (_office, mut screen) = office(3);
    screen.keys(":macro<enter>");
    assert!(screen.status().contains("until R ends it"), "{}", screen.text());
    screen.keys("jj:record<enter>");
    let shown = screen.text();
    assert!(shown.contains("MACRO"), "{shown}");
    assert!(screen.rows().iter().any(|row| row.trim_end() == " keys  jj"), "{shown}");
}

#[test]
fn a_macro_stops_at_the_first_refusal_and_says_at_which_key_and_the_rest_stays_marked() {
    let (office, _) = office(4);
    let kaya = office.enrol("kaya", "M. Kaya", &[Role::Caseworker]);
    for case in [1, 3, 4] {
        office.on(&office.karimi(), CaseId(case), CaseAct::Claim).unwrap();
    }
    office.on(&kaya, CaseId(2), CaseAct::Claim).unwrap();
    let lunde = office.enrol("lunde", "A. Lunde", &[Role::Caseworker]);
    let hold = Macro { name: "hold".to_owned(), keys: "anoted<Ctrl-D>hc+7<Enter>".to_owned() };
    office.act(&lunde, Command::KeepMacro(hold)).unwrap();
    for case in [1, 3] {
        let to = casedesk::domain::cases::GiveTo::Caseworker(casedesk::domain::CaseworkerId(3));
        let give = CaseAct::Give { to, words: String::new() };
        office.on(&office.karimi(), CaseId(case), give).unwrap();
    }
    let mut screen = TestScreen::open(Arc::new(lunde));
    screen.keys("2*Q1");
    let status = screen.status();
    let text = screen.text();
    assert!(
        text.contains("hold stopped at key 12 of 12, Enter on C-2: Somebody else works C-2."),
        "{text}\n{status}"
    );
    let marked = screen.rows().into_iter().filter(|row| row.get(1..2) == Some("*"));
    assert_eq!(marked.count(), 3, "{text}");
    assert_eq!((1..=4).map(|case| notes(&office, case).len()).collect::<Vec<_>>(), [1, 1, 0, 0]);
}

#[test]
fn a_macro_plays_no_macro_and_esc_stops_one_that_waits() {
    let (office, mut screen) = office(2);
    let keep = |name: &str, keys: &str| {
        let kept = Macro { name: name.to_owned(), keys: keys.to_owned() };
        office.act(&office.karimi(), Command::KeepMacro(kept)).unwrap();
    };
    keep("itself", "jQ1");
    screen.keys("2Q1");
    assert!(
        screen.text().contains("itself stopped at key 2 of 3, Q: A macro plays no macro."),
        "{}",
        screen.text()
    );
    keep("a note", "athe first<Ctrl-D>athe second<Ctrl-D>");
    screen.keys("<home>Q1").hold();
    assert!(notes(&office, 1).len() == 2, "{}", screen.text());
    screen.release().keys("Q").hold().keys("1<esc>").release();
    assert!(screen.text().contains("a note stopped"), "{}", screen.text());
    assert!(notes(&office, 1).len() < 4);
}

#[test]
fn a_macro_is_edited_as_text_and_dropped_and_wrong_keys_are_told() {
    let (office, mut screen) = office(1);
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    screen.keys("2RjRmove<enter>Qi<tab><backspace><lt>Entre><enter>".replace("<lt>", "<").as_str());
    assert!(screen.status().contains("`Entre` is no key"), "{}", screen.text());
    screen.keys("<backspace><backspace><backspace>er><enter>");
    let macros = desk.ask(AskMacros {}).unwrap().macros;
    assert_eq!(macros[0].keys, "<Enter>", "{}", screen.text());
    screen.keys("Q1");
    assert!(screen.rows()[0].starts_with("C-1"), "{}", screen.text());
    screen.keys("Qx");
    assert!(screen.status().starts_with("The macro move is dropped."), "{}", screen.text());
    assert!(desk.ask(AskMacros {}).unwrap().macros.is_empty());
}

#[test]
fn macros_are_their_own_casesworkers_and_no_more_than_fifty() {
    let (office, _) = office(0);
    let kaya = office.enrol("kaya", "M. Kaya", &[Role::Caseworker]);
    let keep = |number: usize| {
        let kept = Macro { name: format!("m{number}"), keys: "j".to_owned() };
        office.act(&kaya, Command::KeepMacro(kept))
    };
    for number in 0..50 {
        keep(number).unwrap();
    }
    assert!(keep(50).unwrap_err().to_string().contains("50 macros"));
    assert!(keep(7).is_ok(), "one in the place of another");
    let desk: &dyn Desk = &office.karimi();
    assert!(desk.ask(AskMacros {}).unwrap().macros.is_empty());
}
