//! A key acts on the record that was drawn when it was pressed, whatever the desk tells between the frame and the key.

use std::sync::Arc;

use casedesk::desk::{AskWho, CaseRow, Change, Command, Desk, PromiseWish, Undoable, ViewKind};
use casedesk::domain::cases::{CaseAct, Channel, Nature, PromiseAct};
use casedesk::domain::office::Role;
use casedesk::domain::time::Instant;
use casedesk::domain::{CaseId, PromiseId};

use crate::harness::{FakeDesk, TestScreen, case_row, now};
use crate::office::{Office, Seat};

/// Cases due on the second day from now.
fn rows(numbers: impl IntoIterator<Item = u64>) -> Vec<CaseRow> {
    numbers.into_iter().map(|number| case_row(number, 2)).collect()
}

fn desk() -> Arc<FakeDesk> {
    Arc::new(FakeDesk::new().with_rows(ViewKind::Mine, rows(100..105)))
}

/// An office with three cases of Sara Mohammadi's that nobody has, and Moe, a colleague.
fn office() -> (Office, Seat) {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for number in 1..=3 {
        office.case(Some(sara), Nature::Complaint, &format!("Matter {number} is not settled"));
    }
    let moe = office.enrol("moe", "Moe Hansen", &[Role::Caseworker]);
    (office, moe)
}

fn at(office: &Office) -> Instant {
    (&office.karimi() as &dyn Desk).ask(AskWho {}).unwrap().at
}

fn claim(office: &Office, by: &Seat, case: u64) {
    let command = Command::Case { case: CaseId(case), version: None, act: CaseAct::Claim };
    office.act(by, command).unwrap();
}

#[test]
fn a_row_that_somebody_takes_away_stays_until_the_cursor_leaves_it() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("j");
    desk.set_rows(ViewKind::Mine, rows([100, 102, 103, 104]));
    screen.changed_case(101);
    assert!(screen.cursor_row().starts_with("> gone  C-101"), "{}", screen.text());
    assert!(screen.text().contains("\ngone  not in this list any more"), "{}", screen.text());
    // The key is about the record under the cursor, and not about the one that would be there now.
    desk.will_do("Opened.", None, Undoable::Nothing);
    screen.keys("e");
    assert!(screen.text().contains("-- ESCALATE C-101"), "{}", screen.text());
    screen.keys("<esc>j");
    assert!(screen.cursor_row().contains("C-102"), "{}", screen.text());
    assert!(!screen.text().contains("C-101"), "{}", screen.text());
    assert_eq!(screen.at(), "C-102   2 of 4");
}

#[test]
fn a_last_row_that_is_gone_goes_with_the_next_move_and_so_does_the_only_one() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("<end>");
    desk.set_rows(ViewKind::Mine, rows(100..104));
    screen.changed_case(104);
    assert!(screen.cursor_row().starts_with("> gone  C-104"), "{}", screen.text());
    assert_eq!(screen.keys("j").at(), "C-103   4 of 4");
    desk.set_rows(ViewKind::Mine, Vec::new());
    screen.changed(Change::Resync);
    assert!(screen.cursor_row().starts_with("> gone  C-103"), "{}", screen.text());
    assert!(screen.keys("j").text().contains("You have no cases."), "{}", screen.text());
}

#[test]
fn a_key_pressed_before_a_change_was_drawn_is_about_what_was_drawn() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    // Rows come above and between, and the one below the cursor goes; nobody has seen it yet.
    desk.set_rows(ViewKind::Mine, rows([90, 91, 100, 102, 103, 104]));
    screen.unseen().changed_case(101);
    screen.keys("j").seen();
    assert!(screen.cursor_row().starts_with("> gone  C-101"), "{}", screen.text());
    // The rows that came lie above, and the cursor's row where it was.
    let listed: Vec<_> = screen.rows().into_iter().filter(|row| row.contains("d  C-")).collect();
    assert_eq!(listed.len(), 6, "{}", screen.text());
}

#[test]
fn enter_opens_the_row_that_was_drawn_though_the_list_has_another_order_by_then() {
    let (office, moe) = office();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("4");
    let drawn = screen.cursor_row();
    assert!(drawn.contains("C-1 "), "{drawn}");
    // Moe claims it; the frame with that has not come when Enter is pressed.
    screen.unseen();
    claim(&office, &moe, 1);
    screen.keys("<enter>").seen();
    assert!(screen.text().starts_with("C-1 "), "{}", screen.text());
}

#[test]
fn what_became_of_the_row_under_the_cursor_is_said_in_words() {
    let (office, moe) = office();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("4j");
    claim(&office, &moe, 2);
    screen.heard();
    let row = screen.cursor_row();
    assert!(row.starts_with("> gone  C-2") && row.contains("taken: "), "{}", screen.text());
    assert!(screen.text().contains("\ngone  taken: "), "{}", screen.text());
    // Whoever does what rests on nobody having it is told, and still stands on it.
    screen.keys("tm<enter>");
    assert!(screen.text().contains("C-2 was changed by Hansen"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.cursor_row().starts_with("> gone  C-2"), "{}", screen.text());
    screen.keys("j");
    assert!(screen.cursor_row().contains("C-3"), "{}", screen.text());
}

#[test]
fn a_row_that_ones_own_act_takes_away_goes_at_once() {
    let (office, _) = office();
    for number in 1..=3 {
        claim(&office, &office.karimi(), number);
    }
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("tm<enter>");
    assert!(!screen.text().contains("gone"), "{}", screen.text());
    assert!(screen.cursor_row().contains("C-2"), "{}", screen.text());
}

#[test]
fn two_lines_come_at_once_and_the_rest_for_whoever_rests() {
    let mut screen = TestScreen::open(desk());
    screen.keys("j");
    let rows = screen.rows_at_once();
    let at = rows.iter().position(|row| row.starts_with("-- C-101")).unwrap();
    assert!(rows[at].contains("COM Rent subsidy late") && rows[at].contains("Mohammadi, Sara"));
    assert!(rows[at].ends_with("    of 5"), "no number follows the cursor: {}", rows[at]);
    assert!(rows[at + 1].starts_with("has   nobody"), "{}", rows[at + 1]);
    assert!(rows[at + 1].contains("decide due Sun 23 Aug 08:02"), "{}", rows[at + 1]);
    assert!(rows[at + 1].ends_with("tel"), "{}", rows[at + 1]);
    assert!(rows[at + 2..rows.len() - 2].iter().all(String::is_empty), "{rows:?}");
    // `rows` is what one sees who rests.
    let rows = screen.rows();
    assert!(rows[at].ends_with(" 2 of 5"), "{}", rows[at]);
    assert!(rows[at + 2].starts_with("asks  July subsidy of C-101"), "{rows:?}");
    screen.keys("j");
    let text = screen.rows_at_once().join("\n");
    assert!(!text.contains("asks"), "nothing of the case before is beside the new one: {text}");
}

#[test]
fn a_walk_over_rows_asks_for_no_preview_until_one_rests() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    let before = desk.preview_questions();
    screen.keys("jjjj");
    assert_eq!(desk.preview_questions(), before);
    assert!(screen.text().contains("asks  July subsidy of C-104"), "{}", screen.text());
    assert_eq!(desk.preview_questions(), before + 1);
}

#[test]
fn a_change_that_comes_while_one_walks_takes_no_key_and_moves_no_focus() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    screen.unseen().keys("j");
    desk.set_rows(ViewKind::Mine, rows([95, 100, 101, 102, 103, 104]));
    screen.changed_case(95);
    screen.keys("j").seen();
    assert_eq!(screen.at(), "C-102   4 of 6");
    let due = now().plus_minutes(1);
    screen.tick(due);
    assert_eq!(screen.at(), "C-102   4 of 6");
}

#[test]
fn a_promise_that_somebody_ends_stays_under_the_cursor() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let karimi = office.karimi();
    for minutes in [60, 90, 120] {
        let due_at = at(&office).plus_minutes(minutes);
        let wish = PromiseWish {
            to: sara,
            case: None,
            what: String::new(),
            channel: Channel::Telephone,
            due_at,
            owner: None,
        };
        office.act(&karimi, Command::MakePromise(wish)).unwrap();
    }
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("9j");
    assert!(screen.text().contains("-- R-2 "), "{}", screen.text());
    let act = PromiseAct::Release { words: "She rang off".to_owned() };
    office.act(&karimi, Command::Promise { promise: PromiseId(2), version: None, act }).unwrap();
    screen.heard();
    assert!(screen.cursor_row().starts_with(">gone "), "{}", screen.text());
    assert!(screen.text().contains("-- R-2 "), "{}", screen.text());
    screen.keys("j");
    assert!(screen.text().contains("-- R-3 "), "{}", screen.text());
    assert!(!screen.text().contains("gone"), "{}", screen.text());
}

#[test]
fn a_digit_and_enter_mean_the_hits_that_were_drawn() {
    let office = Office::new();
    for name in ["Ahmadi", "Azadi", "Bakke"] {
        office.person("Sara", name, "1986-03-02", "");
    }
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("/sara<tab>");
    let drawn: Vec<_> = screen.rows().into_iter().filter(|row| row.contains("Sara")).collect();
    let second = drawn.iter().find(|row| row.starts_with(" 2 ")).cloned().unwrap();
    let name = second.split_whitespace().nth(1).unwrap().to_uppercase();
    // Somebody registers one more who comes first, and nobody has seen that when the digit is pressed.
    screen.unseen();
    office.person("Sara", "Aas", "1986-03-02", "");
    screen.keys("2").seen();
    assert!(screen.text().contains(&name), "{name} {}", screen.text());
}

#[test]
fn what_comes_above_the_list_moves_no_row_of_it() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let karimi = office.karimi();
    for number in 1..=3 {
        office.case(Some(sara), Nature::Complaint, &format!("Matter {number} is not settled"));
        claim(&office, &karimi, number);
    }
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    let (row, drawn) = (screen.keys("j").cursor().1, screen.cursor_row());
    for minutes in [5, 10] {
        let wish = PromiseWish {
            to: sara,
            case: None,
            what: String::new(),
            channel: Channel::Telephone,
            due_at: at(&office).plus_minutes(minutes),
            owner: None,
        };
        office.act(&karimi, Command::MakePromise(wish)).unwrap();
        screen.heard();
        assert!(screen.text().contains("! 09:19 ring Mohammadi, Sara"), "{}", screen.text());
        assert_eq!((screen.cursor().1, screen.cursor_row()), (row, drawn.clone()));
    }
}

#[test]
fn lines_of_news_that_come_and_go_take_the_rows_that_are_there() {
    let desk = desk();
    let mut screen = TestScreen::open(desk.clone());
    let row = screen.keys("j").cursor().1;
    let alarms = |desk: &FakeDesk, units: u64| {
        desk.set_board(|board| {
            board.unrouted = units;
            board.messages_failed = units;
            board.letters_returned = units;
            board.duplicates = units;
            board.answers = (0..units).map(|case| (CaseId(case), "granted".to_owned())).collect();
        });
    };
    for units in [3, 0, 9] {
        alarms(&desk, units);
        screen.changed(Change::Resync);
        assert_eq!(screen.text().contains("UNROUTED"), units > 0, "{}", screen.text());
        assert_eq!(screen.cursor().1, row, "{}", screen.text());
    }
}

#[test]
fn enter_opens_the_late_cases_of_the_unit_that_was_drawn() {
    let (office, _) = office();
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("go");
    let unit = screen.cursor_row().split_whitespace().nth(1).unwrap().to_uppercase();
    screen.unseen();
    office.case(None, Nature::Complaint, "One more is late");
    screen.keys("2").seen();
    assert!(screen.text().starts_with(&unit), "{unit} {}", screen.text());
    assert!(screen.text().contains("Nothing has been late for so long"), "{}", screen.text());
}
