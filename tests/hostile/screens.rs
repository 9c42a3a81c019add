//! Every screen, overlay and editor at a desk whose every string is hostile: what comes to the cells is harmless, fits its
//! row, and leaves the last column empty.

use std::collections::BTreeMap;
use std::sync::Arc;

use casedesk::desk::Desk;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr as _;

use super::desk::{HostileDesk, Mood, full_desk};
use super::payload::{harm_in, heavy, pieces};
use super::rewriting::Words;
use crate::harness::TestScreen;

/// Columns and rows at which everything is looked at.
pub(super) const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (200, 60)];

/// Each place, and how one comes there from the board.
pub(super) const PLACES: [(&str, &str); 16] = [
    ("board", ""),
    ("inbox", "2"),
    ("overdue", "go"),
    ("ledger", "gr"),
    ("duplicates", "gl"),
    ("merge of people", "gl<enter>"),
    ("promises", "gp"),
    ("find", "/mohammadi sara"),
    // By number: a search by name is looked at in its own place, and this one is come to again and again.
    ("person", "/p-241<enter>"),
    ("case", "2<enter>"),
    ("intake", "/p-241<enter>n"),
    ("news", "gn"),
    ("day", "gd"),
    ("colleagues", "gc"),
    ("new person", "/nobody of that name<tab>n"),
    ("drafts", "gw"),
];

/// What is pressed at each place: every key that means anything at all in one of the contexts, and what comes after where
/// it opened an editor.
const KEYS: &str = ": <f1> . u w c ct co cw cl V gj gm N R Q = ! <f5> <tab> <enter> <down> <pgdn> <end> e r a h t s x X p P m A K \
                    b S ) <space> v * f + F o y 1 2 4 9 M z i D <f2> <f4> <ctrl-d> e2a r1 x1 s1 f<enter> iy pa y1";

/// How often a sign that something hostile was shown harmlessly was seen, by place.
type Seen = BTreeMap<&'static str, usize>;

/// What is wrong with a picture, if anything.
pub(super) fn fault_of(picture: &(Buffer, Position)) -> Option<String> {
    let (buffer, cursor) = picture;
    let columns = buffer.area.width;
    if cursor.x >= columns || cursor.y >= buffer.area.height {
        return Some(format!("the cursor stands outside, at {cursor}"));
    }
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < columns {
            let symbol = buffer[(x, y)].symbol();
            let cells = u16::try_from(symbol.width()).unwrap().max(1);
            if let Some(harm) = harm_in(symbol) {
                return Some(format!("row {y}, column {x}: {harm}"));
            }
            if x + cells > columns - 1 && symbol != " " {
                return Some(format!(
                    "row {y}: {symbol:?} of {cells} cells reaches the last column"
                ));
            }
            x += cells;
        }
    }
    None
}

fn look(screen: &mut TestScreen, place: &'static str, pressed: &str, seen: &mut Seen) {
    let picture = screen.picture();
    if let Some(fault) = fault_of(&picture) {
        let size = picture.0.area.as_size();
        unreachable!("{place}, after {pressed:?}, at {size}: {fault}\n{}", screen.text());
    }
    let text = screen.text();
    let signs = ["<202E>", "^[", "<200B>", "<009B>", "<FEFF>", "<E0041>", "<+"];
    *seen.entry(place).or_default() += signs.iter().filter(|sign| text.contains(**sign)).count();
}

fn at_place(desk: &Arc<HostileDesk>, keys: &str) -> TestScreen {
    let mut screen = TestScreen::open(Arc::clone(desk) as Arc<dyn Desk>);
    screen.keys(keys);
    screen
}

/// Which screen it is, and which keys it offers.
fn whereabouts(screen: &mut TestScreen) -> (String, String) {
    let heading = screen.rows()[0].split_whitespace().next().unwrap_or_default().to_owned();
    (heading, screen.footer())
}

#[test]
fn whatever_a_desk_answers_every_screen_and_editor_shows_it_harmless_and_in_its_cells() {
    let inner = full_desk();
    let mut seen = Seen::new();
    let pieces = pieces();
    for (turn, (place, way)) in PLACES.into_iter().enumerate() {
        let words = Words::of(pieces.clone(), turn * 7);
        let desk = Arc::new(HostileDesk::new(Arc::clone(&inner), words));
        for size in SIZES {
            let mut screen = at_place(&desk, way);
            look(screen.resize(size.0, size.1), place, "", &mut seen);
        }
        // The places with the most editors are pressed at with all keys, and the others with every fourth, each its own.
        let is_main = ["board", "person", "case"].contains(&place);
        for size in SIZES {
            let mut screen = at_place(&desk, way);
            let before = whereabouts(screen.resize(size.0, size.1));
            for (key, keys) in KEYS.split_whitespace().enumerate() {
                let is_passed_by = !is_main && key % 4 != turn % 4;
                if is_passed_by || SIZES[key % SIZES.len()] != size {
                    continue;
                }
                look(screen.keys(keys), place, keys, &mut seen);
                screen.paste("typed ").keys("<right><left>");
                look(&mut screen, place, keys, &mut seen);
                // To come here again takes most of the time, so that is done only where leaving did not lead here.
                if whereabouts(screen.keys("<esc>")) != before {
                    screen = at_place(&desk, way);
                    screen.resize(size.0, size.1);
                }
            }
        }
    }
    for (place, _) in PLACES {
        assert!(seen[place] > 0, "nothing hostile was seen on {place}: {seen:?}");
    }
}

#[test]
fn whatever_a_desk_refuses_with_every_screen_says_it_harmless() {
    let inner = full_desk();
    let mut seen = Seen::new();
    for (place, way) in PLACES {
        let desk = Arc::new(HostileDesk::new(Arc::clone(&inner), Words::of(pieces(), 0)));
        for keys in ["", "<f5>", "u", ".", "e2a<enter>", "a<f5>"] {
            desk.set(Mood::Answers);
            let mut screen = at_place(&desk, way);
            desk.set(Mood::Refuses);
            for (columns, rows) in SIZES {
                look(screen.keys(keys).resize(columns, rows), place, keys, &mut seen);
            }
        }
    }
    assert!(seen.values().sum::<usize>() > 100, "{seen:?}");
}

#[test]
fn piles_of_ten_thousand_marks_and_lines_of_a_mebibyte_come_to_every_screen_as_their_beginning() {
    let inner = full_desk();
    let mut texts = vec![String::new(); 6];
    texts.extend(heavy());
    for (place, way) in PLACES {
        let words = Words::of(texts.clone(), 0);
        let desk = Arc::new(HostileDesk::new(Arc::clone(&inner), words));
        look(&mut at_place(&desk, way), place, "", &mut Seen::new());
    }
}

#[test]
fn a_hostile_limit_is_refused_in_harmless_words_and_so_is_a_hostile_search() {
    let mut seen = Seen::new();
    let mut screen = TestScreen::open(full_desk());
    for piece in pieces() {
        for words in [
            format!("unit:{piece}"),
            format!("{piece}:x"),
            format!("due<{piece}"),
            format!("(\"{piece}"),
        ] {
            screen.keys("f").paste(&words);
            look(&mut screen, "board", &words, &mut seen);
            look(screen.keys("<enter>"), "board", &words, &mut seen);
            screen.keys("<esc><esc>gb");
        }
        look(screen.keys("/").paste(&piece), "find", &piece, &mut seen);
        screen.keys("<esc>gb");
    }
}
