//! Colours help where there are any, and nothing is said by them alone.

use std::sync::Arc;

use casedesk::desk::{DeskError, ViewKind};
use casedesk::tui::thin::Lines;
use casedesk::tui::{Look, Theme};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::harness::{FakeDesk, TestScreen, case_row};

/// Keys after each of which the screen is looked at.
const KEYS: [&str; 9] =
    ["jj", "<f1>", "<esc>:", "<esc>.", "/sara", "<esc>go", "<", "e2atoo much", "<esc><enter>"];

/// The rows of a refusal that takes more than one, and of the footer.
const STATUS_ROWS: u16 = 3;

/// Screens with what is late, due today, refused, looked for and edited, as a theme draws them.
fn screens(look: Look) -> Vec<Buffer> {
    let rows = (100..112).map(|number| case_row(number, i64::try_from(number % 9).unwrap() - 2));
    let desk = FakeDesk::new().with_rows(ViewKind::Mine, rows.collect());
    for _ in 0..KEYS.len() {
        desk.will_refuse(DeskError::ReadOnly("the disk is full".to_owned()));
    }
    let mut screen = TestScreen::open_looking(Arc::new(desk), look);
    KEYS.into_iter().map(|keys| screen.keys(keys).picture().0).collect()
}

fn letters(buffer: &Buffer) -> String {
    buffer.content().iter().map(Cell::symbol).collect()
}

#[test]
fn every_theme_says_the_same_words_and_mono_has_no_colours() {
    let coloured = screens(Look::default());
    let mono = screens(Look { theme: Theme::Mono, ..Look::default() });
    let loud = screens(Look { theme: Theme::HighContrast, ..Look::default() });
    let is_coloured = |cell: &Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    for ((coloured, mono), loud) in coloured.iter().zip(&mono).zip(&loud) {
        assert_eq!(letters(coloured), letters(mono));
        assert_eq!(letters(coloured), letters(loud));
        assert!(!mono.content().iter().any(is_coloured));
        assert!(!loud.content().iter().any(|cell| cell.modifier.contains(Modifier::DIM)));
    }
    assert!(coloured.iter().any(|frame| frame.content().iter().any(is_coloured)));
    let has_marks = |cell: &Cell| cell.modifier.contains(Modifier::BOLD);
    assert!(
        mono.iter().all(|frame| frame.content().iter().any(has_marks)),
        "what is loud stays so"
    );
}

#[test]
fn what_has_a_colour_says_the_same_in_a_word_or_sign() {
    let signs =
        ["!", "late", "LATE", "NOT ", "BROKE", "soon", "kept", "checked", " not ", "refused"];
    // `-2d` and `-3h` are late, `2h` and `40m` are today.
    let is_due_time = |words: &str| {
        let number = words.trim_start_matches('-').trim_end_matches(['d', 'h', 'm']);
        number.parse::<u32>().is_ok() && (words.starts_with('-') || words.ends_with(['h', 'm']))
    };
    for frame in screens(Look::default()) {
        // A refusal is a sentence on the lowest rows, where nothing else stands.
        for y in 0..frame.area.height - STATUS_ROWS {
            let row = (0..frame.area.width).map(|x| frame.cell((x, y)).unwrap());
            let coloured = row.filter(|cell| cell.fg != Color::Reset);
            let words: String = coloured.map(Cell::symbol).collect();
            let words = words.trim();
            let has_sign = signs.iter().any(|sign| words.contains(sign));
            let is_said = words.is_empty() || has_sign || is_due_time(words);
            assert!(is_said, "{words:?} is loud by its colour alone");
        }
    }
}

#[test]
fn a_rule_is_drawn_in_the_signs_of_the_terminal_and_no_words_feign_one() {
    let drawn = screens(Look { lines: Lines::Utf8, ..Look::default() });
    let plain = screens(Look::default());
    for (drawn, plain) in drawn.iter().zip(&plain) {
        assert_eq!(letters(drawn).replace('─', "-"), letters(plain));
    }
    let rules =
        |frames: &[Buffer]| frames.iter().map(letters).filter(|text| text.contains('─')).count();
    assert!(rules(&drawn) >= 3, "{}", rules(&drawn));
    assert_eq!(rules(&plain), 0);
}
