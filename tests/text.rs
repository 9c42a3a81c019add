//! Text that others wrote is shown harmless, refused where it must be, and measured in cells.

use casedesk::text::{
    ELLIPSIS, MARKS_PER_BASE_MAX, TextRefusal, accept_block, accept_line, clip, fit, fit_right,
    safe_block, safe_line, width, wrap,
};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::harness::Dice;

impl Dice {
    fn hostile_text(&mut self) -> String {
        let nasty = [
            "\u{1b}]52;c;aGk=\u{7}",
            "\u{9b}31m",
            "\u{202e}",
            "\u{2066}",
            "\u{e0041}",
            "\u{301}",
            "\u{200d}",
            "\u{200c}",
            "\r",
            "\n",
            "\t",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{fffd}",
            "\u{3164}",
            "\u{7f}",
            "\0",
            "سارا",
            "می\u{200c}خواهم",
            "👩‍👩‍👧",
            "漢字",
            "e\u{301}",
            "Ayşe",
            "word ",
            " ",
            "\u{fe0f}",
            "\u{e000}",
        ];
        let mut text = String::new();
        for _ in 0..self.roll(30) {
            if self.roll(4) == 0 {
                let number = u32::try_from(self.roll(0x11_0000)).unwrap();
                text.extend(char::from_u32(number));
            } else {
                text.push_str(nasty[self.roll(nasty.len())]);
            }
        }
        text
    }
}

fn obeys_or_hides(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0x061C | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFFD
            | 0xE_0000..=0xE_0FFF)
}

#[test]
fn controls_are_shown_in_caret_form() {
    assert_eq!(safe_line("a\u{1b}[31mb\u{7}\u{0}\u{7f}"), "a^[[31mb^G^@^?");
}

#[test]
fn second_controls_directions_tags_and_the_replacement_are_shown_by_number() {
    assert_eq!(safe_line("\u{9b}31m"), "<009B>31m");
    assert_eq!(safe_line("Sara\u{202e}arik"), "Sara<202E>arik");
    assert_eq!(safe_line("x\u{e0041}"), "x<E0041>");
    assert_eq!(safe_line("\u{fffd}\u{3164}\u{85}"), "<FFFD><3164><0085>");
}

#[test]
fn persian_and_joined_emoji_stay_as_they_are() {
    for text in ["می\u{200c}خواهم", "👩\u{200d}👩\u{200d}👧", "Ayşe Yıldırım", "İ", "नमस्ते", "محمّدی"]
    {
        assert!(matches!(safe_line(text), Cow::Borrowed(_)), "{text} was changed");
    }
}

#[test]
fn a_pile_of_marks_is_cut_to_four_and_counted() {
    let pile = format!("Z{}b", "\u{301}".repeat(50));
    let kept = "\u{301}".repeat(MARKS_PER_BASE_MAX);
    assert_eq!(safe_line(&pile), format!("Z{kept}<+46>b"));
}

#[test]
fn a_chain_of_joined_pictures_ends_where_pictures_do() {
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    assert_eq!(safe_line(family), family);
    let chain = "👩\u{200d}".repeat(40);
    let shown = safe_line(&chain);
    assert!(shown.contains("<200D>"));
    let longest = shown.graphemes(true).map(|grapheme| grapheme.matches('👩').count()).max();
    assert!(longest <= Some(4), "{shown}");
}

#[test]
fn a_mark_without_a_base_does_not_fall_on_what_stands_before_the_text() {
    assert_eq!(safe_line("\u{301}a"), "\u{25cc}\u{301}a");
    assert_eq!(safe_block("a\n\u{301}b"), ["a", "\u{25cc}\u{301}b"]);
}

#[test]
fn line_breaks_are_spaces_in_a_line_and_lines_in_a_block() {
    assert_eq!(safe_line("one\r\ntwo\nthree\tfour"), "one two three four");
    assert_eq!(safe_block("one\r\ntwo\n\n\tthree\n"), ["one", "two", "", "    three"]);
    assert_eq!(safe_block(""), [""]);
}

#[test]
fn a_carriage_return_alone_never_goes_back_over_the_line() {
    assert_eq!(safe_line("paid\rnot "), "paid^Mnot ");
    assert_eq!(safe_block("paid\rnot \nend"), ["paid^Mnot ", "end"]);
}

#[test]
fn nothing_hostile_is_left_whatever_comes_and_showing_twice_changes_nothing() {
    let mut dice = Dice(0x5eed);
    for _ in 0..4_000 {
        let text = dice.hostile_text();
        let line = safe_line(&text).into_owned();
        assert!(!line.chars().any(obeys_or_hides), "{text:?} became {line:?}");
        assert_eq!(safe_line(&line), line, "{text:?} is not settled");
        for row in safe_block(&text) {
            assert!(!row.chars().any(obeys_or_hides), "{text:?} has the row {row:?}");
        }
        for grapheme in line.graphemes(true) {
            let marks =
                grapheme.chars().filter(|&c| unicode_normalization::char::is_combining_mark(c));
            let bases =
                grapheme.chars().filter(|&c| !unicode_normalization::char::is_combining_mark(c));
            assert!(marks.count() <= MARKS_PER_BASE_MAX * bases.count().max(1));
        }
    }
}

#[test]
fn intake_refuses_what_a_terminal_obeys_and_says_where() {
    assert_eq!(
        accept_line("abc\u{1b}[2J", 100).unwrap_err().to_string(),
        "character 4 is U+001B, a control character: take it out"
    );
    for hostile in ["\u{9b}", "\u{202e}", "\u{2066}", "\u{e0041}", "\u{ffff}", "\r", "\0", "\u{7f}"]
    {
        let text = format!("é{hostile}");
        for refusal in [accept_line(&text, 100), accept_block(&text, 100)] {
            let refusal = refusal.unwrap_err();
            assert!(
                matches!(refusal, TextRefusal::Character { place: 2, .. }),
                "{hostile:?}: {refusal}"
            );
        }
    }
}

#[test]
fn line_breaks_and_tabs_belong_in_blocks_only() {
    assert_eq!(accept_block("one\r\n\ttwo\n", 100).unwrap(), "one\n\ttwo\n");
    assert_eq!(accept_line("one\ntwo", 100), Err(TextRefusal::LineBreak { place: 4 }));
    assert!(matches!(accept_line("a\tb", 100), Err(TextRefusal::Character { place: 2, .. })));
}

#[test]
fn names_of_five_cultures_are_accepted_as_they_are() {
    for name in [
        "Hernández Ruiz, Luz",
        "Yıldırım",
        "Bjørnstjerne Åse",
        "محمدی\u{200c}نژاد، سارا",
        "O'Neill-Whitlock",
    ] {
        assert_eq!(accept_line(name, 100).unwrap(), name);
    }
}

#[test]
fn the_limit_counts_bytes_and_is_named_in_the_refusal() {
    assert!(accept_line("سارا", 8).is_ok());
    assert_eq!(accept_line("سارا", 7), Err(TextRefusal::TooLong { bytes: 8, max: 7 }));
}

#[test]
fn widths_are_cells() {
    assert_eq!(width("Sara"), 4);
    assert_eq!(width("漢字"), 4);
    assert_eq!(width("e\u{301}"), 1);
    assert_eq!(width("می\u{200c}خواهم"), 7);
    assert_eq!(width("سلام"), 4, "lam-alef takes two cells on a terminal that does not shape");
}

#[test]
fn fitted_text_takes_exactly_its_cells() {
    assert_eq!(fit("Mohammadi", 6), "Moham…");
    assert_eq!(fit("Sara", 6), "Sara  ");
    assert_eq!(fit_right("-2d", 6), "   -2d");
    assert_eq!(fit("漢字漢字", 4), "漢… ");
    assert_eq!(fit("abc", 0), "");
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let text = dice.hostile_text();
        let safe = safe_line(&text);
        let cells = dice.roll(40);
        assert_eq!(width(&fit(&safe, cells)), cells, "{text:?} in {cells}");
        assert_eq!(width(&fit_right(&safe, cells)), cells, "{text:?} in {cells}");
        assert!(width(&clip(&safe, cells)) <= cells);
    }
}

#[test]
fn wrapped_text_breaks_at_words_and_says_that_it_goes_on() {
    let text = "Landlord's notice runs out on Monday";
    assert_eq!(wrap(text, 16, 5), ["Landlord's", "notice runs out", "on Monday"]);
    assert_eq!(wrap(text, 16, 2), ["Landlord's", "notice runs out…"]);
    assert_eq!(wrap("abcdefgh", 3, 9), ["abc", "def", "gh"]);
    assert_eq!(wrap("", 10, 3), [""]);
    assert!(wrap("abc", 0, 3).is_empty());
    assert!(wrap("abc", 3, 0).is_empty());
}

#[test]
fn wrapping_loses_no_word_and_no_line_is_too_long() {
    let mut dice = Dice(99);
    for _ in 0..2_000 {
        let text = dice.hostile_text();
        let safe = safe_line(&text);
        let cells = 2 + dice.roll(30);
        let lines = wrap(&safe, cells, usize::MAX);
        for line in &lines {
            assert!(
                width(line) <= cells || line.graphemes(true).count() == 1,
                "{line:?} in {cells}"
            );
        }
        let without_spaces = |text: &str| text.replace(' ', "");
        assert_eq!(without_spaces(&lines.concat()), without_spaces(safe.trim_end()));
        let some = wrap(&safe, cells, 2);
        assert!(some.len() <= 2);
        assert!(lines.len() <= 2 || some.last().unwrap().ends_with(ELLIPSIS));
    }
}
