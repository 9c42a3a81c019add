//! Every screen at every size: usable from 60x20 on, a sentence below that, and never a panic.

use std::sync::Arc;

use casedesk::desk::Desk;

use super::desk::full_desk;
use super::screens::{PLACES, fault_of};
use crate::harness::TestScreen;

fn at_place(desk: &Arc<dyn Desk>, keys: &str) -> TestScreen {
    let mut screen = TestScreen::open(Arc::clone(desk));
    screen.keys(keys);
    screen
}

#[test]
fn every_screen_has_its_heading_its_focus_and_its_footer_from_sixty_by_twenty_on() {
    let desk = full_desk();
    for (place, way) in PLACES {
        let heading = at_place(&desk, way).rows().remove(0);
        let heading = heading.split_whitespace().next().unwrap().to_owned();
        for (columns, rows) in [(80, 24), (60, 20), (200, 60), (0, 0)] {
            let mut screen = at_place(&desk, way);
            if (columns, rows) == (0, 0) {
                // A terminal that does not know its size: the driver draws on the usual one.
                screen.tell_size(0, 0);
            } else {
                screen.resize(columns, rows);
            }
            let words = format!("{place} at {columns}x{rows}:\n{}", screen.text());
            assert!(screen.rows()[0].starts_with(&heading), "no heading on {words}");
            assert!(screen.footer().contains("F1"), "no help in the footer of {words}");
            assert_eq!(fault_of(&screen.picture()), None, "{words}");
            let focus = screen.cursor_row();
            assert!(
                !focus.is_empty() || place == "news",
                "the cursor is on an empty row of {words}"
            );
        }
    }
}

#[test]
fn below_sixty_by_twenty_a_sentence_says_what_is_needed_and_only_leaving_counts() {
    let desk = full_desk();
    for (place, way) in PLACES {
        for (columns, rows) in [(59, 20), (60, 19), (20, 5), (10, 2), (2, 1), (1, 1)] {
            let mut screen = at_place(&desk, way);
            let before = screen.text();
            screen.resize(columns, rows);
            let said = screen.text();
            let words = format!("{place} at {columns}x{rows}: {said}");
            if columns >= 20 {
                assert!(
                    said.contains("60x20") && said.contains(&format!("{columns}x{rows}")),
                    "{words}"
                );
            }
            assert_eq!(fault_of(&screen.picture()), None, "{words}");
            // No key acts on what nobody sees: nothing is claimed, escalated, typed or left.
            screen.keys(".e2a<enter><esc>gb/xyz<tab>").paste("pasted");
            assert!(!screen.has_ended(), "{words}");
            assert_eq!(screen.resize(80, 24).text(), before, "{words}");
            assert!(screen.resize(columns, rows).keys("q").has_ended(), "{words}");
        }
    }
}

#[test]
fn what_was_typed_stays_while_the_terminal_is_too_small_and_after_it_ends() {
    let desk = full_desk();
    let mut screen = at_place(&desk, "2<enter>a");
    screen.keys("rang the landlord").resize(30, 10).keys("x<esc>");
    assert!(screen.resize(80, 24).text().contains("rang the landlord"), "{}", screen.text());
    screen.keys(" twice").resize(30, 10).keys("q");
    assert!(screen.has_ended());
    let text = at_place(&desk, "2<enter>a").text();
    assert!(text.contains("rang the landlord twice"), "{text}");
}

#[test]
fn a_larger_terminal_shows_more_of_the_same() {
    let desk = full_desk();
    let count = |size: (u16, u16)| {
        let mut screen = at_place(&desk, "2");
        screen.resize(size.0, size.1).rows().iter().filter(|row| row.contains(" C-")).count()
    };
    assert!(count((80, 24)) < count((80, 40)) && count((80, 40)) < count((200, 60)));
}
