//! The tutor: its eight lessons, played with the keys that it names.

use std::sync::Arc;

use casedesk::desk::{Entropy, LocalDesk};
use casedesk::domain::time::Instant;
use casedesk::made::{ACCOUNT, classroom};
use casedesk::store::MemoryStore;
use casedesk::tui::Prepared;

use crate::harness::TestScreen;
use crate::office::{Counted, TestClock};

/// Fri 20 Nov 2026, 10:00 in Brussels.
const NOW: i64 = 1_795_165_200_000;

/// The keys of each lesson, and what the coach has counted in the end.
const LESSONS: [(&str, u32); 8] = [
    ("/mohmdi s<enter>", 10),
    ("/mohmdi s<enter>ntcren<enter><enter><enter>nher July subsidy is missing<ctrl-d>", 13),
    (".", 1),
    ("e2a<enter>", 4),
    ("r1<ctrl-d>x1<enter>", 6),
    ("m<enter>u", 3),
    ("fflood<enter>*tka<enter>", 7),
    ("go<enter>", 3),
];

fn taught() -> TestScreen {
    let clock = Arc::new(TestClock::at(NOW));
    let entropy: Arc<dyn Entropy> = Arc::new(Counted::from(1));
    let desk = LocalDesk::open(Arc::new(MemoryStore::new()), clock, entropy).unwrap();
    let room = classroom(&desk, Instant::from_milliseconds(NOW)).unwrap();
    let session = desk.sign_in(ACCOUNT, None).unwrap();
    let mut screen = TestScreen::open(Arc::new(session));
    screen.teach(Prepared {
        caller: room.caller,
        escalated: room.escalated,
        answered: room.answered,
        duplicate: room.duplicate,
    });
    screen
}

#[test]
fn every_lesson_ends_within_its_goal_with_the_keys_that_it_names() {
    let mut screen = taught();
    for (at, (keys, counted)) in LESSONS.into_iter().enumerate() {
        screen.keys("<enter>").keys(keys);
        let text = screen.text();
        let done = format!("Done: {counted} keys, within the goal");
        assert!(text.contains(&done), "lesson {}: {text}", at + 1);
        screen.keys("<enter>");
    }
    assert!(screen.text().contains("TUTOR  done"), "{}", screen.text());
}

#[test]
fn the_ten_cases_are_of_ten_people_and_nothing_else_has_their_word() {
    let mut screen = taught();
    screen.keys("nnnnnn<enter>fflood");
    assert!(screen.text().contains("10 of "), "{}", screen.text());
    screen.keys("<enter>");
    let text = screen.text();
    for name in ["Thornbury", "Okafor", "Marchetti", "Lockerbie"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(!text.contains("Mohammadi"), "{text}");
}

#[test]
fn a_key_on_the_introduction_is_neither_counted_nor_gone_on_with() {
    let mut screen = taught();
    screen.keys("jg<enter>");
    assert!(screen.text().contains("keys 0 (goal 10)"), "{}", screen.text());
    screen.keys("/mohmdi s<enter>");
    assert!(screen.text().contains("Done: 10 keys"), "{}", screen.text());
}
