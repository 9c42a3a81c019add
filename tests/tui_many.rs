//! Many cases at the keyboard: keys in, screen out, on a real desk.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, Desk, ViewKind};
use casedesk::domain::cases::{CaseAct, Nature, Stage};
use casedesk::domain::office::Role;
use casedesk::domain::{CaseId, CaseworkerId};

use crate::harness::{FakeDesk, TestScreen, case_row};
use crate::office::Office;

/// An office with so many cases, Kaya to give them to, and Karimi at the screen.
fn office(cases: usize) -> (Office, TestScreen) {
    let office = Office::new();
    office.enrol("kaya", "M. Kaya", &[Role::Caseworker]);
    for number in 1..=cases {
        let names = [("Sara", "Mohammadi"), ("Luz", "Hernandez"), ("Nora", "Solberg")];
        let (given, family) = names[number % 3];
        let person = office.person(given, family, "1986-03-02", &format!("+4791234{number:03}"));
        office.case(Some(person), Nature::Report, &format!("Matter {number} is not settled"));
    }
    let screen = TestScreen::open(Arc::new(office.karimi()));
    (office, screen)
}

fn file(office: &Office, number: u64) -> casedesk::desk::CaseFileAnswer {
    let desk: Arc<dyn Desk> = Arc::new(office.karimi());
    desk.ask(AskCaseFile { case: CaseId(number), entries: 20 }).unwrap()
}

fn owners(office: &Office, numbers: std::ops::RangeInclusive<u64>) -> Vec<Option<u64>> {
    numbers.map(|number| file(office, number).case.owner.map(|owner| owner.0)).collect()
}

#[test]
fn ten_are_reassigned_in_six_keys_and_come_back_with_one() {
    let (office, mut screen) = office(10);
    screen.keys("2");
    screen.keys("*tka<enter>");
    assert_eq!(owners(&office, 1..=10), [Some(2); 10], "{}", screen.text());
    assert_eq!(screen.status(), "Gave 10 cases to Kaya.   u undoes", "{}", screen.text());
    assert!(!screen.text().contains(" marked"), "what was done is unmarked: {}", screen.text());
    screen.keys("u");
    assert_eq!(owners(&office, 1..=10), [None; 10], "{}", screen.text());
    assert!(screen.status().starts_with("Undone: Gave 10 cases to Kaya."), "{}", screen.text());
}

#[test]
fn enter_that_comes_before_the_names_gives_once_they_are_here() {
    let (office, mut screen) = office(3);
    screen.keys("2*t").hold().keys("ka<enter>gb").release();
    assert_eq!(owners(&office, 1..=3), [Some(2); 3], "{}", screen.text());
    assert!(!screen.text().contains("-- GIVE"), "{}", screen.text());
}

#[test]
fn marks_are_signs_in_the_rows_and_a_number_below_and_stay_with_their_cases() {
    let rows =
        |from: u64, to: u64| (from..to).map(|number| case_row(number, 2)).collect::<Vec<_>>();
    let desk = Arc::new(FakeDesk::new().with_rows(ViewKind::Mine, rows(100, 112)));
    let mut screen = TestScreen::open(desk.clone());
    screen.keys(" j ");
    let text = screen.text();
    assert_eq!(screen.at(), "C-103   4 of 12   2 marked");
    assert!(screen.rows()[4].starts_with(" *  2d  C-100 "), "{text}");
    assert!(screen.rows()[5].starts_with("    2d  C-101 "), "{text}");
    screen.keys("vkkkv");
    assert!(screen.text().contains("   4 marked"), "a range: {}", screen.text());
    desk.set_rows(ViewKind::Mine, rows(102, 105));
    screen.changed_case(100);
    let text = screen.text();
    assert!(text.contains("4 marked, 2 not in this list"), "{text}");
    assert!(screen.rows()[4].starts_with("> gone  C-100"), "{text}");
    screen.keys("j");
    assert!(screen.rows()[4].starts_with(">*  2d  C-102"), "{text}");
    screen.keys("-");
    assert!(!screen.text().contains("marked,"), "{}", screen.text());
    assert!(screen.status().contains("Unmarked 4."), "{}", screen.text());
}

#[test]
fn all_are_marked_beyond_what_the_screen_has_up_to_what_one_act_takes() {
    let rows = (1..501).map(|number| case_row(number, 2)).collect();
    let desk = Arc::new(FakeDesk::new().with_rows(ViewKind::Inbox, rows));
    let mut screen = TestScreen::open(desk);
    screen.keys("2*");
    assert!(screen.text().contains("1 of 500   400 marked"), "{}", screen.text());
    assert!(
        screen.status().contains("one act takes 400, and the list has 500"),
        "{}",
        screen.text()
    );
    screen.keys("3");
    assert!(!screen.text().contains("marked"), "{}", screen.text());
}

#[test]
fn the_preview_counts_who_will_and_says_why_others_will_not() {
    let (office, mut screen) = office(4);
    let kaya = office.sign_in("kaya").unwrap();
    office.on(&kaya, CaseId(2), CaseAct::Claim).unwrap();
    office.on(&kaya, CaseId(3), CaseAct::Claim).unwrap();
    screen.keys("2*tkaya");
    let text = screen.text();
    assert!(text.contains("-- GIVE 4 cases"), "{text}");
    assert!(text.contains("will     2 of 4 are given   one u undoes it all"), "{text}");
    assert!(text.contains("not      C-2, C-3: They have it already."), "{text}");
    screen.keys("<enter>");
    assert!(screen.text().contains("2 marked, 2 not done"), "{}", screen.text());
    assert!(
        screen.status().starts_with("Gave 2 of 4 cases to Kaya. 2 not: C-2, C-3: They have it"),
        "{}",
        screen.text()
    );
    screen.keys("<home>j");
    assert!(screen.text().contains("NOT   done: They have it already."), "{}", screen.text());
}

#[test]
fn nothing_is_sent_of_which_nothing_would_be_done_and_the_words_stay() {
    let (office, mut screen) = office(2);
    screen.keys("2*hc+7<tab>the lease<enter>");
    assert!(screen.status().contains("None of them would be"), "{}", screen.text());
    assert!(screen.text().contains("the lease"), "{}", screen.text());
    assert!(screen.text().contains("Nobody has claimed it."), "{}", screen.text());
    screen.keys("<esc>");
    screen.keys("h");
    assert!(screen.text().contains("the lease"), "kept as a draft: {}", screen.text());
    assert!(file(&office, 1).case.hold.is_none());
}

#[test]
fn letters_are_shown_as_each_reader_gets_them_and_sent_at_once() {
    let (office, mut screen) = office(3);
    for number in 1..=3 {
        office.on(&office.karimi(), CaseId(number), CaseAct::Claim).unwrap();
    }
    screen.keys("1*r");
    assert!(screen.text().contains("-- REPLY 3 cases"), "{}", screen.text());
    screen.keys("1");
    let text = screen.text();
    assert!(text.contains("letter   1 of 3, C-1 to Hernandez, Luz by letter"), "{text}");
    assert!(text.contains("| Dear Luz Hernandez,"), "{text}");
    // The rest of a letter comes before the next one, to its last line.
    let text = screen.keys("<pgdn>").text();
    assert!(text.contains("1 of 3, C-1 to Hernandez, Luz by letter   row 7 of 12"), "{text}");
    assert!(text.contains("| Housing, Town of Testing"), "{text}");
    screen.keys("<pgdn>");
    assert!(screen.text().contains("2 of 3, C-2 to Solberg, Nora"), "{}", screen.text());
    assert!(screen.text().contains("| Dear Nora Solberg,"), "{}", screen.text());
    screen.keys("<pgdn><pgdn><pgdn><pgdn><pgdn>");
    assert!(screen.text().contains("3 of 3, C-3 to Mohammadi, Sara"), "{}", screen.text());
    screen.keys("<ctrl-d>");
    assert!(screen.status().starts_with("Letters on 3 cases are queued."), "{}", screen.text());
    assert!(file(&office, 2).messages[0].text.contains("Dear Nora Solberg,"));
    assert!(screen.rows()[4].contains(" T m"), "{}", screen.text());
}

#[test]
fn the_last_act_is_done_again_on_a_row_and_on_what_is_marked() {
    let (office, mut screen) = office(5);
    screen.keys("2=");
    assert!(screen.status().contains("Nothing was done yet"), "{}", screen.text());
    screen.keys("arang the landlord<ctrl-d>j=");
    assert!(screen.status().starts_with("Again: Noted on C-2."), "{}", screen.text());
    screen.keys("j  =");
    assert!(screen.status().starts_with("Again: Noted on 2 cases."), "{}", screen.text());
    let notes = |number| {
        let entries = file(&office, number).timeline;
        entries
            .into_iter()
            .filter(|entry| entry.text == "rang the landlord" || entry.words == "rang the landlord")
            .count()
    };
    assert_eq!((1..=5).map(notes).collect::<Vec<_>>(), [1, 1, 1, 1, 0], "{}", screen.text());
    screen.keys("<home>tka<enter>");
    screen.keys("j<enter>=");
    assert!(screen.status().starts_with("Again: C-2 is with Kaya now."), "{}", screen.text());
    assert_eq!(owners(&office, 1..=2), [Some(2), Some(2)]);
}

#[test]
fn a_letter_is_done_again_only_from_its_template() {
    let (office, mut screen) = office(2);
    let karimi = CaseworkerId(1);
    for number in 1..=2 {
        office.on(&office.karimi(), CaseId(number), CaseAct::Claim).unwrap();
        assert_eq!(file(&office, number).case.owner, Some(karimi));
    }
    screen.keys("1r1<ctrl-d>");
    // The case that was answered is due later now, so that it stands below.
    screen.keys("k=");
    assert!(screen.status().starts_with("Again: M-2 to Solberg, Nora"), "{}", screen.text());
    assert!(file(&office, 2).messages[0].text.contains("Dear Nora Solberg,"));
    screen.keys("r<enter>My own words<ctrl-d>=");
    assert!(screen.status().contains("That reply was in your own words"), "{}", screen.text());
    assert_eq!(file(&office, 1).messages.len(), 1);
}

#[test]
fn many_are_closed_with_one_outcome_and_what_lacks_a_letter_stays() {
    let (office, mut screen) = office(3);
    for number in 1..=3 {
        office.on(&office.karimi(), CaseId(number), CaseAct::Claim).unwrap();
    }
    screen.keys("1  r1<ctrl-d>*x");
    assert!(screen.text().contains("-- CLOSE 3 cases"), "{}", screen.text());
    screen.keys("1<enter>");
    let stages: Vec<Stage> = (1..=3).map(|number| file(&office, number).case.stage).collect();
    assert_eq!(stages[..2], [Stage::Closed, Stage::Closed], "{}", screen.text());
    assert!(screen.text().contains("1 of 1   1 marked, 1 not done"), "{}", screen.text());
    assert!(
        screen.text().contains("NOT   done: The citizen has not been told."),
        "{}",
        screen.text()
    );
}
