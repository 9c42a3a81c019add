//! The shell around the screens: footer, begun sequences, palette, help, history, refusals.

use std::sync::Arc;

use casedesk::desk::{Command, DeskError, Undoable, ViewKind};
use casedesk::domain::time::{Day, Zone};
use casedesk::domain::{CaseId, EntityId, Refusal};

use crate::harness::{FakeDesk, TestScreen, case_row, now};

fn desk() -> FakeDesk {
    FakeDesk::new().with_rows(ViewKind::Mine, (1..5).map(|number| case_row(number, 1)).collect())
}

#[test]
fn a_begun_sequence_shows_how_it_goes_on() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    let footer = screen.keys("g").footer();
    assert!(footer.starts_with("g ..  b board  c cover  d day"), "{footer}");
    assert!(screen.keys("<esc>").footer().starts_with(". next"));
    assert_eq!(screen.keys("gx").status(), "g x means nothing here.");
    assert_eq!(screen.keys("j").status(), "", "a refusal goes with the next key");
}

#[test]
fn the_palette_finds_an_action_shows_its_keys_and_does_it() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    screen.keys(":overd");
    let text = screen.text();
    assert!(text.starts_with(": overd"), "{text}");
    assert!(screen.rows()[1].starts_with("> overdue         g o"), "{text}");
    assert!(screen.cursor_row().starts_with(": overd"), "{text}");
    assert!(screen.keys("<enter>").text().starts_with("OVERDUE"), "{}", screen.text());
    assert!(screen.keys(":<esc>").text().starts_with("OVERDUE"));
    assert!(screen.keys(":zzzz").text().contains("nothing is called that"));
}

#[test]
fn help_lists_the_keys_of_the_place_and_scrolls() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    screen.keys("?");
    let first = screen.text();
    assert!(first.starts_with("KEYS  board"), "{first}");
    assert!(first.contains("Finds a person or a case."), "{first}");
    let moved = screen.keys("<pgdn>").text();
    assert_ne!(first, moved);
    assert!(screen.keys("<esc>").text().starts_with("HOUSING"));
    for key in ["<f1>", "?"] {
        assert!(screen.keys(key).text().starts_with("KEYS"), "{}", screen.text());
        assert!(screen.keys(key).text().starts_with("HOUSING"), "{key}: {}", screen.text());
    }
}

#[test]
fn a_refusal_is_said_in_full_and_what_was_typed_ahead_is_not_done() {
    let desk = Arc::new(desk());
    let what = "Nothing is free in this queue, for the three cases in it wait for their citizens.";
    let hint = "Choose another queue with 1 to 9, or look at the waiting ones with 8.";
    desk.will_refuse(DeskError::Refused(Refusal::new("claim.empty", what, hint)));
    let mut screen = TestScreen::open(desk.clone());
    screen.hold().keys(".").keys("jj").release();
    let rows = screen.rows();
    let said = rows[rows.len() - 2..].join(" ");
    assert!(said.contains(what) && said.ends_with("with 8."), "{said}");
    assert!(screen.at().contains("C-1   1 of 4"), "{}", screen.text());
    assert!(screen.keys("j").footer().starts_with(". next"), "{}", screen.text());
}

#[test]
fn a_change_by_somebody_else_names_them_and_the_time() {
    let desk = Arc::new(desk());
    let at =
        Zone::named("Europe/Oslo").unwrap().instant(Day::from_parts(2026, 8, 21).unwrap(), 9, 5);
    let entity = EntityId::Case(CaseId(1));
    desk.will_refuse(DeskError::Changed { entity, by: "Moe".to_owned(), at, fields: Vec::new() });
    let mut screen = TestScreen::open(desk);
    screen.keys(".");
    assert!(screen.text().contains("C-1 was changed by Moe at 09:05, so"), "{}", screen.text());
}

#[test]
fn an_undo_that_comes_too_late_says_to_do_the_opposite() {
    let desk = Arc::new(desk());
    let at =
        Zone::named("Europe/Oslo").unwrap().instant(Day::from_parts(2026, 8, 21).unwrap(), 9, 20);
    let entity = EntityId::Case(CaseId(1));
    desk.will_refuse(DeskError::Changed { entity, by: "Moe".to_owned(), at, fields: Vec::new() });
    let mut screen = TestScreen::open(desk);
    screen.keys("u");
    let rows = screen.rows();
    let said = rows[rows.len() - 2..].join(" ");
    let expected =
        "C-1 was changed by Moe at 09:20 since, so your act stays. Do the opposite instead.";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn undo_says_what_it_undid_and_beforehand_what_cannot_be() {
    let desk = Arc::new(desk());
    desk.will_do("Took back: claimed C-1.", None, Undoable::Nothing);
    let mut screen = TestScreen::open(desk.clone());
    assert_eq!(screen.keys("u").status(), "Took back: claimed C-1.");
    assert_eq!(desk.commands(), [Command::Undo]);
    desk.will_do("Sent M-1.", None, Undoable::No("it has left the house".to_owned()));
    assert_eq!(screen.keys("u").status(), "Sent M-1.   cannot be undone: it has left the house");
}

#[test]
fn why_explains_the_row_under_the_cursor() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    let text = screen.keys("jw").text();
    assert!(text.contains("Answer within 10 working days"), "{text}");
}

#[test]
fn q_ends_casedesk_from_the_board_only() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    screen.keys("goq");
    assert!(!screen.has_ended() && screen.text().starts_with("HOUSING"));
    assert!(screen.status().contains("once more ends casedesk"));
    screen.keys("<esc>");
    assert!(!screen.has_ended());
    assert!(screen.keys("q").has_ended());
}

#[test]
fn the_mainframe_keys_are_the_ones_in_the_footer_and_in_help() {
    let mut screen = TestScreen::open_with(Arc::new(desk()), "mainframe", (80, 24));
    screen.keys("go");
    assert!(screen.keys("<f1><f8>").text().contains("F12"), "{}", screen.text());
    assert!(screen.keys("<f3><f3>").text().starts_with("HOUSING"));
}

#[test]
fn all_is_drawn_anew_whatever_lies_over_the_screen_and_that_stays() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    for over in ["", "/", ":ove", "<f1>", "RjR", "c", "n"] {
        screen.keys(over).keys("<f5>");
        let shown = screen.rows_at_once()[1..20].to_vec();
        for key in ["<ctrl-l>", "<f5>"] {
            let before = screen.redraws();
            screen.keys(key);
            assert_eq!(screen.redraws(), before + 1, "{over}{key}");
            assert_eq!(screen.rows_at_once()[1..20], shown, "{over}{key}");
        }
        screen.keys("<esc><esc>gb");
    }
    let before = screen.resize(20, 5).redraws();
    assert_eq!(screen.keys("<ctrl-l>").redraws(), before + 1, "{}", screen.text());
}

#[test]
fn an_escape_typed_on_with_a_letter_is_two_keys() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    assert!(screen.keys("g<alt-j>").at().contains("C-2   2 of 4"), "{}", screen.text());
}

/// Frames after a motion are drawn in a way of their own, and compared with whole ones by [`TestScreen`].
#[test]
fn a_cursor_that_moves_leaves_nothing_of_another_frame() {
    let desk = Arc::new(desk());
    let mut screen = TestScreen::open(desk.clone());
    assert!(screen.text().contains("\n>"), "{}", screen.text());
    assert!(screen.keys("jjkG").rows_at_once().iter().any(|row| row.starts_with('>')));
    // The screen is left by the first half of a key, and the second moves the board's cursor before anything is loaded.
    assert!(!screen.keys("<home>go").text().starts_with("HOUSING"));
    screen.hold().keys("<alt-j>");
    assert!(screen.rows_at_once()[0].starts_with("HOUSING"));
    screen.release();
    desk.set_rows(ViewKind::Mine, Vec::new());
    let mut empty = TestScreen::open(desk);
    empty.text();
    assert!(!empty.keys("jkG").rows_at_once().iter().any(|row| row.starts_with('>')));
}

#[test]
fn time_passes_in_the_header_and_the_counts_are_read_again() {
    let desk = Arc::new(desk());
    let mut screen = TestScreen::open(desk.clone());
    desk.set_rows(ViewKind::Late, vec![case_row(9, -1)]);
    screen.tick(now().plus_minutes(1));
    assert!(
        screen.text().contains("08:03") && screen.text().contains("6LATE 1"),
        "{}",
        screen.text()
    );
}

#[test]
fn a_paste_goes_where_the_focus_is() {
    let mut screen = TestScreen::open(Arc::new(desk()));
    assert!(screen.keys(":").paste("over\u{1b}due").text().starts_with(": overdue"));
    assert!(screen.keys("<esc>").paste("q").text().starts_with("HOUSING"));
}
