//! The board: lists, counts, news and preview, and a cursor that stays with its case.

use std::sync::Arc;

use casedesk::desk::{CaseRow, Change, DeskError, ViewKind};
use casedesk::domain::cases::Nature;
use casedesk::domain::{CaseId, UnitId};
use casedesk::tui::thin::{Abilities, Colours};

use crate::harness::{FakeDesk, TestScreen, case_row};
use crate::office::Office;

fn rows(numbers: std::ops::Range<u64>) -> Vec<CaseRow> {
    numbers.map(|number| case_row(number, i64::try_from(number % 9).unwrap() - 2)).collect()
}

fn desk() -> FakeDesk {
    FakeDesk::new()
        .with_rows(ViewKind::Mine, rows(100..112))
        .with_rows(ViewKind::Inbox, rows(100..131))
}

fn is_listed(row: &str) -> bool {
    row.contains(" COM ") && !row.starts_with("--")
}

#[test]
fn the_board_opens_on_ones_own_cases_with_the_first_one_previewed() {
    let desk = desk();
    desk.set_board(|board| {
        board.drafts = 1;
        board.escalations_unseen = 2;
        board.answers = vec![(CaseId(101), "granted, once".to_owned())];
    });
    let mut screen = TestScreen::open(Arc::new(desk));
    let text = screen.text();
    let rows = screen.rows();
    assert!(rows[0].starts_with("HOUSING  Fri 21 Aug 2026 08:02  L. Karimi"), "{text}");
    assert!(rows[0].ends_with("1 draft"), "{text}");
    assert!(rows[1].starts_with("[1Mine 12]2Inbox 31 "), "{text}");
    assert!(rows[2].contains("2 escalations for you to rule on (7)"), "{text}");
    assert!(rows[2].contains("ruling C-101: granted, once"), "{text}");
    assert!(rows[4].starts_with(">  -1d  C-100    COM Rent subsidy late"), "{text}");
    assert_eq!(screen.at(), "C-100   1 of 12");
    assert!(text.contains("asks  July subsidy of C-100 not paid"), "{text}");
    assert!(text.contains("late  decide was due Thu 20 Aug 08:02"), "{text}");
    assert!(text.contains("todo  x income  . lease"), "{text}");
    assert!(screen.footer().starts_with(". next  Enter open  / find  n new"), "{text}");
    assert!(screen.footer().ends_with("help"), "{text}");
    assert!(screen.cursor_row().contains("C-100"), "the cursor stands on the row: {text}");
    assert!(rows.iter().all(|row| row.chars().count() < 80), "the last column stays empty: {text}");
}

#[test]
fn a_digit_chooses_a_list_and_the_keys_move_in_it() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    assert!(screen.keys("2jj").at().contains("C-102   3 of 31"));
    assert!(screen.text().contains("[2Inbox 31]"));
    assert!(screen.keys("k").at().contains("C-101   2 of 31"));
    assert!(screen.keys("<end>").at().contains("C-130   31 of 31"));
    assert!(screen.keys("j").at().contains("C-130   31 of 31"));
    assert!(screen.keys("<home>").at().contains("C-100   1 of 31"));
}

#[test]
fn a_terminal_shows_the_list_as_it_scrolls_under_the_cursor() {
    for abilities in [Abilities::linux(), Abilities::xterm()] {
        let abilities = Abilities { colours: Colours::None, ..abilities };
        let subjects = ["", "字字字字", "סיוע בשכר דירה", "zażółć"];
        let inbox = rows(100..131).into_iter().zip(subjects.into_iter().cycle());
        let inbox = inbox.map(|(row, words)| CaseRow { subject: words.into(), ..row });
        let desk = FakeDesk::new().with_rows(ViewKind::Inbox, inbox.collect());
        let mut screen = TestScreen::open(Arc::new(desk));
        screen.show_on(abilities).keys("2");
        let list = screen.rows().iter().filter(|row| is_listed(row)).count();
        assert!((8..20).contains(&list), "{}", screen.text());
        screen.keys(&"j".repeat(list));
        for key in ["j", "k", "k", "j"].into_iter().flat_map(|key| [key].repeat(list + 2)) {
            screen.keys(key);
            let drawn = screen.rows_drawn();
            assert!(drawn < list, "the list's rows move with what they show: {drawn} of {list}");
        }
        // By pages and ends, with a mark on a row that moves, and with whole frames between.
        for keys in [" ", "<pgdn>", "j", "<pgup>", "k", "<end>", "k", "<home>", "j"] {
            screen.keys(&keys.repeat(9));
            screen.text();
        }
    }
}

#[test]
fn an_empty_list_says_what_to_do_next() {
    let mut screen = TestScreen::open(Arc::new(FakeDesk::new()));
    assert!(screen.text().contains("You have no cases. . claims the next free one"));
    for digit in 2..=9 {
        screen.keys(&digit.to_string());
        let text = screen.text();
        assert!(
            text.contains("Noth") || text.contains("No ") || text.contains("Everything"),
            "{text}"
        );
    }
}

#[test]
fn a_list_of_fourteen_thousand_is_walked_in_windows() {
    let desk = Arc::new(FakeDesk::new().with_rows(ViewKind::Inbox, rows(1..14_001)));
    let mut screen = TestScreen::open(desk.clone());
    assert!(screen.keys("2<end>").at().contains("C-14000   14000 of 14000"));
    assert!(screen.keys("<pgup>").at().contains("C-13990   13990 of 14000"));
    screen.keys("<home>").keys(&"<pgdn>".repeat(100));
    assert!(screen.at().contains("C-1001   1001 of 14000"), "{}", screen.text());
    screen.keys(&"j".repeat(500)).keys(&"k".repeat(1_000));
    assert!(screen.at().contains("C-501   501 of 14000"), "{}", screen.text());
    assert!(desk.row_questions() < 60, "{}", desk.row_questions());
    let listed = screen.rows().iter().filter(|row| is_listed(row)).count();
    assert_eq!(listed, 11);
}

#[test]
fn keys_typed_ahead_mean_the_list_that_is_still_coming() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    screen.hold().keys("2jjj").release();
    assert!(screen.at().contains("C-103   4 of 31"), "{}", screen.text());
}

#[test]
fn the_cursor_stays_with_its_case_and_goes_to_the_next_when_that_is_gone() {
    let desk = Arc::new(desk());
    let mut screen = TestScreen::open(desk.clone());
    screen.keys("jjj");
    desk.set_rows(ViewKind::Mine, rows(90..112));
    screen.changed(Change::Lists(vec![UnitId(1)]));
    assert!(screen.at().contains("C-103   14 of 22"), "{}", screen.text());
    assert!(screen.text().contains("[1Mine 22]"), "{}", screen.text());
    let without: Vec<_> = rows(90..112).into_iter().filter(|row| row.id != CaseId(103)).collect();
    desk.set_rows(ViewKind::Mine, without);
    screen.changed(Change::Lists(vec![UnitId(1)]));
    assert!(screen.cursor_row().starts_with("> gone  C-103"), "{}", screen.text());
    assert!(screen.keys("j").at().contains("C-104   14 of 21"), "{}", screen.text());
    desk.set_rows(ViewKind::Mine, Vec::new());
    screen.changed(Change::Resync).keys("j");
    assert!(screen.text().contains("You have no cases."), "{}", screen.text());
}

#[test]
fn overdue_shows_the_units_and_opens_the_late_list_of_one() {
    let desk = FakeDesk::new().with_rows(ViewKind::Late, rows(7..9));
    let mut screen = TestScreen::open(Arc::new(desk));
    screen.keys("go");
    let text = screen.text();
    assert!(text.contains("> Housing") && text.contains("Roads"), "{text}");
    assert!(!screen.footer().contains("1-9"), "there are six ages: {text}");
    screen.keys("j<enter>");
    let text = screen.text();
    assert!(text.starts_with("ROADS"), "{text}");
    assert!(text.contains("[6LATE 2]") && screen.at() == "C-7   1 of 2", "{text}");
}

#[test]
fn what_a_citizen_wrote_is_shown_harmless() {
    let mut row = case_row(1, 2);
    row.subject = "a\u{1b}[2Jb\u{202e}c".into();
    let desk = FakeDesk::new().with_rows(ViewKind::Mine, vec![row]);
    let mut screen = TestScreen::open(Arc::new(desk));
    assert!(screen.text().contains("a^[[2Jb<202E>c"), "{}", screen.text());
}

#[test]
fn a_larger_terminal_shows_more_of_the_same_and_a_tiny_one_still_the_list() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    screen.resize(140, 50);
    let listed =
        |screen: &mut TestScreen| screen.rows().iter().filter(|row| is_listed(row)).count();
    assert_eq!(listed(&mut screen), 12);
    assert!(screen.text().contains(" who "), "{}", screen.text());
    screen.resize(132, 43);
    let below = |screen: &mut TestScreen| {
        screen.rows().iter().rev().position(|row| row.starts_with("-- C-100")).unwrap()
    };
    assert_eq!(
        below(&mut screen),
        2 + 16 - 1,
        "list and detail share what is more: {}",
        screen.text()
    );
    screen.resize(60, 20);
    assert!(listed(&mut screen) >= 3, "{}", screen.text());
    screen.resize(3, 2).resize(0, 0);
}

#[test]
fn a_desk_that_cannot_answer_says_so_and_the_board_goes_on() {
    let desk = Arc::new(desk());
    desk.will_refuse(DeskError::ReadOnly("the disk is full".to_owned()));
    let mut screen = TestScreen::open(desk);
    screen.keys(".");
    let said = screen.text();
    assert!(said.contains("\nNothing can be saved now: the disk is full."), "{said}");
    assert!(screen.keys("j").at().contains("C-101   2 of 12"));
}

/// An office with so many free cases, and Karimi at the screen.
fn office(cases: usize) -> (Office, TestScreen) {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for number in 1..=cases {
        office.case(Some(sara), Nature::Complaint, &format!("Matter {number} is not settled"));
    }
    let screen = TestScreen::open(Arc::new(office.karimi()));
    (office, screen)
}

#[test]
fn claiming_opens_the_case_and_undo_gives_it_back() {
    let (_office, mut screen) = office(3);
    assert!(screen.text().contains("[1Mine 0]2Inbox 3 3Screen 0 4Free 3"), "{}", screen.text());
    screen.keys(".");
    assert!(screen.rows()[0].contains("C-1"), "{}", screen.text());
    assert!(screen.status().starts_with("Claimed C-1 from "), "{}", screen.text());
    assert!(screen.status().ends_with("u undoes"), "{}", screen.text());
    assert!(screen.keys("<esc>").at().contains("C-1   1 of 1"), "{}", screen.text());
    screen.keys("u");
    assert!(screen.text().contains("[1Mine 0]2Inbox 3 3Screen 0 4Free 3"), "{}", screen.text());
    assert!(screen.text().contains("You have no cases."), "{}", screen.text());
}

#[test]
fn the_next_case_of_the_list_is_opened_from_the_case() {
    let (_office, mut screen) = office(3);
    let opened = |screen: &mut TestScreen| screen.rows()[0].split(' ').next().unwrap().to_owned();
    assert_eq!(opened(screen.keys("2j<enter>")), "C-2", "{}", screen.text());
    assert_eq!(opened(screen.keys(")")), "C-3");
    assert_eq!(opened(screen.keys("((")), "C-1");
    assert!(screen.keys("(").status().contains("ends here"), "{}", screen.text());
    assert!(screen.keys("<esc>").at().contains("C-1   1 of 3"), "{}", screen.text());
}

#[test]
fn back_and_forward_go_through_what_was_opened_and_the_board_stays_as_it_was() {
    let (_office, mut screen) = office(3);
    screen.keys("2jj<enter>go");
    assert!(screen.keys("<").text().starts_with("C-3"), "{}", screen.text());
    assert!(screen.keys("<").at().contains("C-3   3 of 3"), "{}", screen.text());
    assert!(screen.keys(">>").text().starts_with("OVERDUE"));
    assert!(screen.keys(">").status().contains("no screen to go forward to"));
    assert!(screen.keys("gb").at().contains("C-3   3 of 3"));
}

#[test]
fn a_case_is_worked_below_the_list_and_the_cursor_stays_on_it() {
    let (_office, mut screen) = office(3);
    screen.keys(".<esc>.<esc>ja");
    let text = screen.text();
    assert!(text.contains("-- C-2\n"), "{text}");
    assert!(screen.rows()[5].contains("C-2"), "the list stays: {text}");
    screen.keys("Rings again on Monday");
    assert!(screen.text().contains("Rings again on Monday"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.rows()[5].starts_with('>'), "{}", screen.text());
    assert!(screen.rows()[5].contains('"'), "the draft is flagged: {}", screen.text());
    assert!(screen.keys("a").text().contains("Rings again on Monday"), "{}", screen.text());
    screen.keys("<ctrl-d>");
    assert!(screen.at().contains("C-2   2 of 2"), "{}", screen.text());
    assert!(!screen.rows()[5].contains('"'), "{}", screen.text());
}
