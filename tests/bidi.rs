//! Text that is read from right to left: ordered field by field, joined, found again by letters and cursor, and typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use casedesk::desk::Command;
use casedesk::domain::PersonId;
use casedesk::domain::cases::Nature;
use casedesk::domain::people::{Address, BirthDate, Name, NameKind, NewPerson};
use casedesk::keymap::{Key, KeyCode, Modifiers};
use casedesk::text::{
    Direction, Field, direction, field, fields, in_reading_order, row, safe_line, unmarked, width,
};
use casedesk::tui::field::TextField;
use casedesk::tui::thin::Abilities;
use casedesk::tui::{Bidi, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_normalization::UnicodeNormalization as _;

use crate::harness::{Dice, TestScreen};
use crate::office::Office;
use crate::thin::Line;

/// U+200E, which a terminal that orders rows itself is given at the borders of fields.
const MARK: char = '\u{200E}';

/// U+200F, which it is given within them, where the field is read from right to left.
const INNER_MARK: char = '\u{200F}';

impl Dice {
    fn text(&mut self) -> String {
        let parts = [
            "سارا",
            "می\u{200C}خواهم",
            "لا",
            "پچژگکی",
            "שלום",
            "abc",
            "Ayşe",
            "12",
            "۱۴۰۳",
            "00*****312",
            " ",
            "  ",
            "(",
            ")",
            "-",
            "/",
            "،",
            "بِ",
            "漢字",
            "e\u{301}",
            "«",
            "»",
            ".",
            "👩‍👩‍👧",
            "C-20931",
        ];
        let count = self.roll(12);
        (0..count).map(|_| parts[self.roll(parts.len())]).collect()
    }
}

fn ordered(text: &str) -> String {
    let field = Field { text, direction: direction(text) };
    in_reading_order(field).into_iter().map(|glyph| glyph.symbol).collect()
}

/// The letters of a text whatever their order, shape and side: what must be there before and after.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut letters = BTreeMap::new();
    let plain = |letter: char| match letter {
        ')' => '(',
        '»' => '«',
        letter => letter,
    };
    for letter in text
        .nfkc()
        .map(plain)
        .filter(|letter| !matches!(*letter, '\u{200C}' | '\u{200D}' | MARK | INNER_MARK | ' '))
    {
        *letters.entry(letter).or_default() += 1;
    }
    letters
}

#[test]
fn what_is_read_from_right_to_left_is_ordered_and_joined() {
    for (text, shown) in [
        // UAX #9: letters, a number, and Latin within.
        ("אבג", "גבא"),
        ("abc אבג", "abc גבא"),
        ("אבג 12", "12 גבא"),
        ("אבג abc 12", "abc 12 גבא"),
        ("אבג (דה)", "(הד) גבא"),
        ("אבג 1,234.5", "1,234.5 גבא"),
        ("abc", "abc"),
        // Persian, joined; lam and alef in two cells.
        ("سارا", "\u{FE8D}\u{FEAD}\u{FE8E}\u{FEB3}"),
        ("لا", "\u{FE8E}\u{FEDF}"),
        // A number as it was typed, and one of which a part is hidden, in one piece.
        ("۱۲", "۱۲"),
        ("אב 00*****312", "00*****312 בא"),
        ("אב C-20931", "C-20931 בא"),
    ] {
        assert_eq!(ordered(text), shown, "{text}");
    }
}

#[test]
fn names_in_a_sentence_stay_where_they_are_and_so_does_what_stands_beside_them() {
    let shown = |text: &str| -> String {
        let row = row::sentence(text).into_owned();
        let glyphs = fields(&row).into_iter().flat_map(in_reading_order);
        glyphs.map(|glyph| glyph.symbol).collect()
    };
    // Ages, brackets and commas would go to the other side of a name, and the list would be read from its end.
    assert_eq!(shown("אבג (spouse), דה 2, ו 12"), "גבא (spouse), הד 2, ו 12");
    assert_eq!(
        shown("Claimed C-7 from דה, אבג, 1st of 18."),
        "Claimed C-7 from גבא ,הד, 1st of 18."
    );
    assert_eq!(shown("no name, 12"), "no name, 12");
}

#[test]
fn no_letter_is_lost_and_every_cell_is_kept() {
    let mut dice = Dice(9);
    for _ in 0..2_000 {
        let text = safe_line(&dice.text()).into_owned();
        for direction in [Direction::LeftToRight, Direction::RightToLeft] {
            let glyphs = in_reading_order(Field { text: &text, direction });
            let shown: String = glyphs.iter().map(|glyph| glyph.symbol.as_str()).collect();
            assert_eq!(letters(&shown), letters(&text), "{text:?}");
            assert_eq!(glyphs.iter().map(|glyph| glyph.cells).sum::<usize>(), width(&text));
            for glyph in &glyphs {
                assert_eq!(width(&glyph.symbol), glyph.cells, "{:?} in {text:?}", glyph.symbol);
            }
            let mut cells: Vec<usize> = glyphs
                .iter()
                .flat_map(|glyph| glyph.typed_at..glyph.typed_at + glyph.cells)
                .collect();
            cells.sort_unstable();
            assert!(cells.into_iter().eq(0..width(&text)), "every cell is somebody's: {text:?}");
        }
    }
}

#[test]
fn a_row_is_made_of_fields_and_measured_without_their_marks() {
    let mut dice = Dice(4);
    for _ in 0..2_000 {
        let (one, two) = (dice.text(), dice.text());
        let cells = dice.roll(20);
        let fitted = [row::fit(&one, cells), row::fit_right(&two, cells)];
        assert!(fitted.iter().all(|text| width(text) == cells), "{fitted:?}");
        let line = format!("> {} {}", fitted[0], fitted[1]);
        assert_eq!(row::safe_line(&line), line, "made safe twice, it is the same");
        assert_eq!(
            fields(&line).iter().map(|field| width(field.text)).sum::<usize>(),
            3 + 2 * cells
        );
        assert_eq!(safe_line(&unmarked(&line)), unmarked(&line), "nothing is left of the marks");
        for line in row::wrap(&one, cells.max(2), 9) {
            assert!(width(&line) <= cells.max(2), "{line:?} in {cells}");
            assert_eq!(row::safe_line(&line), line, "{one:?}");
        }
    }
}

#[test]
fn somebody_elses_marks_are_shown_and_part_nothing() {
    assert_eq!(row::safe_line("a\u{1F}b"), "a^_b");
    assert_eq!(row::safe_line("سارا\u{1E}"), field("سارا^^"));
    assert_eq!(fields("a"), [Field { text: "a", direction: Direction::LeftToRight }]);
}

#[test]
fn the_lines_of_a_persian_text_are_persian_whatever_they_begin_with() {
    let lines = row::wrap("سلام abc سلام", 4, 9);
    assert_eq!(lines.len(), 3);
    for line in &lines {
        for field in fields(line) {
            assert!(field.text != "سلام" || field.direction == Direction::RightToLeft, "{line:?}");
        }
    }
}

#[test]
fn a_terminal_is_told_by_what_it_says_of_itself() {
    for (variables, bidi) in [
        (&[("TERM", "xterm")][..], Bidi::App),
        (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7006")], Bidi::App),
        (&[("TERM", "tmux"), ("VTE_VERSION", "7006"), ("TMUX", "/tmp/x")], Bidi::Terminal),
        (&[("TERM", "xterm"), ("KONSOLE_VERSION", "220400")], Bidi::Terminal),
        (&[("TERM", "xterm"), ("MLTERM", "3.9.3")], Bidi::App),
        (&[("TERM", "mlterm")], Bidi::App),
        (&[("TERM", "tmux-256color"), ("MLTERM", "3.9"), ("TMUX", "/tmp/1")], Bidi::Terminal),
        (&[("TERM", "dumb")], Bidi::Off),
        (&[], Bidi::App),
    ] {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(Bidi::of_terminal(variable), bidi, "{variables:?}");
    }
}

/// An office whose citizens, matters and words are Persian, without a Latin letter in any of them.
fn office() -> Office {
    let office = Office::new();
    let sara = register(&office, "سارا", "محمدی", "1986-03-02");
    let reza = register(&office, "رضا", "احمدی\u{200C}نژاد", "1984-01-05");
    let pejman = register(&office, "سارا", "محمدی\u{200C}فر", "1986-03-02");
    office.case(Some(sara), Nature::Complaint, "یارانه اجاره تیرماه نرسیده است. مهلت صاحب\u{200C}خانه دوشنبه تمام می\u{200C}شود و او می\u{200C}پرسد چه کسی تصمیم می\u{200C}گیرد و کی.");
    office.case(Some(reza), Nature::Request, "کمک هزینه اسباب\u{200C}کشی");
    office.case(Some(pejman), Nature::Report, "آسانسور خراب است");
    office
}

fn register(office: &Office, given: &str, family: &str, born: &str) -> PersonId {
    let person = NewPerson {
        names: vec![Name {
            kind: NameKind::Official,
            given: given.to_owned(),
            family: family.to_owned(),
        }],
        birth_date: BirthDate::parse(born),
        address: Some(Address {
            street: "خیابان آزادی ۱۲".to_owned(),
            postcode: "۰۱۸۴".to_owned(),
            place: "تهران".to_owned(),
            area: "هفت".to_owned(),
        }),
        source: "told by telephone".to_owned(),
        ..NewPerson::default()
    };
    let receipt = office.act(&office.karimi(), Command::RegisterPerson(person)).unwrap();
    match receipt.created.first() {
        Some(casedesk::domain::EntityId::Person(person)) => *person,
        other => unreachable!("a person was registered, and the receipt says {other:?}"),
    }
}

fn screen(office: &Office, bidi: Bidi) -> TestScreen {
    TestScreen::open_looking(Arc::new(office.karimi()), Look { bidi, ..Look::default() })
}

/// Keys to each screen and editor, each from the board, and some words that are there.
const STORIES: [(&str, &str); 30] = [
    ("2", "C-1"),
    ("2<down>", "C-2"),
    ("2a", "NOTE"),
    ("/محمدی", "P-1"),
    ("/محمدی<down>", "P-3"),
    ("/p-1<enter>", "P-1"),
    ("/p-1<enter>i", "P-1"),
    ("/p-1<enter>D", "LIKELY"),
    ("/c-1<enter>", "timeline"),
    ("/c-1<enter>aاو دوباره زنگ زد", "NOTE"),
    ("/c-1<enter>aاو دوباره زنگ زد<ctrl-d>", "timeline"),
    ("/c-1<enter>.", "C-1"),
    ("/c-1<enter>s", "C-1"),
    ("/c-1<enter>e", "ESCALATE"),
    ("/c-1<enter>h", "HOLD"),
    ("/c-1<enter>t", "GIVE"),
    ("/c-1<enter>x", "CLOSE"),
    ("/c-1<enter>r", "REPLY"),
    ("/c-1<enter>p2", "PROMISE"),
    ("/c-1<enter>p+2h<enter>", "timeline"),
    ("/c-1<enter>m", "MERGE"),
    ("/c-1<enter>w", ""),
    ("/c-1<enter>S", ""),
    ("/p-1<enter>n", "NEW for P-1"),
    ("/p-1<enter>nسلام", "NEW for P-1"),
    ("gl", "LIKELY"),
    ("gd", "OVERNIGHT"),
    ("gn", ""),
    ("/c-1<enter>p+2h<enter>gp", ""),
    ("2F", ""),
];

/// Where the Latin letters and digits of a row stand, by cell.
fn latin(row: &[String]) -> Vec<(usize, &str)> {
    let is_latin =
        |symbol: &&str| symbol.chars().next().is_some_and(|one| one.is_ascii_alphanumeric());
    row.iter().map(String::as_str).enumerate().filter(|(_, symbol)| is_latin(symbol)).collect()
}

/// What a terminal that puts whole rows in order would show of a row.
fn ordered_by_terminal(row: &[String]) -> Vec<String> {
    let text: String = row.concat();
    let information = BidiInfo::new(&text, Some(Level::ltr()));
    let Some(paragraph) = information.paragraphs.first() else { return Vec::new() };
    let levels = information.reordered_levels(paragraph, paragraph.range.clone());
    let mut at = 0;
    let mut of_cells = Vec::new();
    for cell in row {
        // A mark before the letter of a cell is none of the cell's own.
        let own = at + cell.find(|one| ![MARK, INNER_MARK].contains(&one)).unwrap_or(0);
        of_cells.push(levels.get(own).copied().unwrap_or(Level::ltr()));
        at += cell.len();
    }
    BidiInfo::reorder_visual(&of_cells).into_iter().map(|place| row[place].clone()).collect()
}

fn is_read_from_right_to_left(symbol: &str) -> bool {
    symbol.chars().any(|letter| matches!(bidi_class(letter), BidiClass::R | BidiClass::AL))
}

#[test]
fn on_every_screen_columns_stay_and_no_letter_is_lost_in_any_order() {
    let mut wrong = Vec::new();
    for (keys, words) in STORIES {
        let at = |bidi| {
            let office = office();
            let mut screen = screen(&office, bidi);
            screen.keys(keys);
            (screen.text(), screen.cells())
        };
        let (text, typed) = at(Bidi::Off);
        let shown = at(Bidi::App).1;
        let marked = at(Bidi::Terminal).1;
        if !text.contains(words) {
            wrong.push(format!("{keys}: {words} is not there\n{text}"));
        }
        if ["^^", "^_", "^]"].iter().any(|mark| text.contains(mark)) {
            wrong.push(format!("{keys}: a mark of a field is shown\n{text}"));
        }
        let is_persian = typed.iter().flatten().any(|cell| is_read_from_right_to_left(cell));
        if !is_persian && !["gd", "gn"].contains(&keys) {
            wrong.push(format!("{keys}: nothing Persian is there\n{text}"));
        }
        for ((typed, shown), marked) in typed.iter().zip(&shown).zip(&marked) {
            let unmarked = |cell: &String| cell.replace([MARK, INNER_MARK], "");
            let by_terminal: Vec<String> =
                ordered_by_terminal(marked).iter().map(unmarked).collect();
            for (is_so, what) in [
                (letters(&shown.concat()) == letters(&typed.concat()), "a letter is lost"),
                (latin(shown) == latin(typed), "the columns of casedesk"),
                (marked.iter().map(unmarked).eq(typed.iter().cloned()), "what the marks are in"),
                (latin(&by_terminal) == latin(typed), "the columns of a terminal"),
            ] {
                if !is_so {
                    let rows = [typed, shown, &by_terminal].map(|row| row.concat());
                    wrong.push(format!("{keys}: {what}\n{}", rows.join("\n")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_persian_columns_beside_each_other_do_not_change_places() {
    let office = office();
    let mut screen = screen(&office, Bidi::App);
    screen.keys("2");
    let row = screen.rows().into_iter().find(|row| row.contains("C-2")).unwrap();
    let name = ordered("احمدی\u{200C}نژاد، رضا");
    assert!(!name.is_empty() && row.contains(&ordered("رضا")), "{row}");
    let both = format!("{} {}", row::fit("سارا", 6), row::fit("رضا", 6));
    let shown: Vec<String> = fields(&both)
        .into_iter()
        .map(|field| in_reading_order(field).into_iter().map(|glyph| glyph.symbol).collect())
        .collect();
    assert_eq!(shown.concat().nfkc().collect::<String>(), "اراس   اضر   ");
}

#[test]
fn letters_that_were_searched_for_are_marked_where_they_are_shown() {
    let office = office();
    let mut screen = screen(&office, Bidi::App);
    screen.keys("/احمدی");
    let matched: String = screen
        .meant(ratatui::style::Modifier::UNDERLINED)
        .iter()
        .flat_map(|symbol| symbol.nfkc().collect::<Vec<_>>())
        .filter(|letter| *letter != '\u{200C}')
        .collect();
    assert!(matched.contains("یدمحا"), "{matched:?} in\n{}", screen.text());
}

#[test]
fn the_cursor_stands_on_the_letter_that_comes_next_wherever_it_is_shown() {
    let office = office();
    let mut screen = screen(&office, Bidi::App);
    screen.keys("/سارا");
    let (column, line) = screen.cursor();
    assert_eq!((column, line), (2, 1), "behind the last letter, at the left:\n{}", screen.text());
    for (keys, under) in [("<left>", "\u{FE8D}"), ("<left>", "\u{FEAD}"), ("<home>", "\u{FEB3}")] {
        screen.keys(keys);
        let (column, line) = screen.cursor();
        assert_eq!(screen.cells()[line][column], under, "{}", screen.text());
    }
    screen.keys("12 ");
    assert!(screen.rows()[1].starts_with("/ "), "{}", screen.text());
}

#[test]
fn a_non_joiner_is_typed_kept_and_taken_away_with_its_letter() {
    let office = office();
    let mut screen = screen(&office, Bidi::Terminal);
    screen.keys("/c-1<enter>aمی\u{200C}خواهم");
    assert!(screen.text().contains("می\u{200C}خواهم"), "{}", screen.text());
    screen.keys("<ctrl-d>");
    assert!(screen.text().contains("می\u{200C}خواهم"), "{}", screen.text());
    screen.keys("aمی\u{200C}<backspace>");
    let text = screen.text();
    assert!(!text.contains("NOTE می") && text.contains('م'), "{text}");
}

#[test]
fn the_order_is_chosen_by_looking_and_said_to_the_preferences() {
    let office = office();
    let mut screen = screen(&office, Bidi::Off);
    screen.keys(":right-to-left<enter>");
    let rows = screen.rows();
    assert!(rows[0].starts_with("RIGHT TO LEFT"), "{}", screen.text());
    let row = |word: &str| rows.iter().find(|row| row.ends_with(word)).unwrap();
    assert!(row("off").starts_with(">3 سارا"), "the one that is used is chosen: {rows:?}");
    assert!(row("app").contains(&ordered("سارا محمدی (12)")), "{rows:?}");
    assert!(row("terminal").contains("سارا محمدی (12)") && row("terminal").contains(MARK));
    screen.keys("1");
    assert!(screen.status().contains("bidi = \"app\""), "{}", screen.status());
    screen.keys("2");
    assert!(screen.text().contains(&ordered("محمدی")), "{}", screen.text());
}

/// Files of screens that take the plain functions of the text room: those that order text themselves, and the backend.
const PLAIN_TEXT: [&str; 7] =
    ["plain", "text.rs", "paint.rs", "sheet.rs", "field/layout.rs", "field/text_field.rs", "thin"];

#[test]
fn screens_take_text_from_the_room_that_marks_fields() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap();
            if PLAIN_TEXT.iter().any(|plain| name.starts_with(plain)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = std::fs::read_to_string(&path).unwrap();
                let is_plain = source.contains("crate::text") && !name.ends_with("tests.rs");
                assert!(!is_plain, "{}: name crate::tui::text", path.display());
            }
        }
    }
}

#[test]
fn a_row_that_the_terminal_puts_in_order_is_written_without_a_jump() {
    let row = Rect::new(0, 0, 40, 1);
    let mut line = Line::new(Abilities::xterm(), 40, 1);
    let mut frame = Buffer::empty(row);
    line.show(&frame, (0, 0));
    for (x, symbol) in [(0, ">"), (4, "\u{200E}\u{200F}ا"), (5, "ب\u{200F}\u{200E}"), (30, "x")] {
        frame.cell_mut(Position::new(x, 0)).unwrap().set_symbol(symbol);
    }
    let blanks = " ".repeat(24);
    let whole = format!(">   \u{200E}\u{200F}اب\u{200F}\u{200E}{blanks}x");
    for marker in [">", "*"] {
        frame.cell_mut(Position::ORIGIN).unwrap().set_symbol(marker);
        let bytes = String::from_utf8(line.show(&frame, (0, 0))).unwrap();
        assert!(bytes.contains(&whole.replace('>', marker)), "{bytes:?}");
    }
}

#[test]
fn text_is_edited_by_clusters_and_stays_as_it_was_written() {
    let mut text = TextField::block(1_000);
    text.set("بِمی\u{200C}");
    text.key(Key::plain(KeyCode::Backspace));
    assert_eq!(text.text(), "بِم", "a letter goes with its non-joiner");
    text.key(Key::plain(KeyCode::Left));
    text.key(Key::plain(KeyCode::Left));
    assert_eq!(text.cursor(), 0, "a letter with its mark is one step");
    text.key(Key::plain(KeyCode::Delete));
    assert_eq!(text.text(), "م");
    for letter in "۱۲".chars() {
        text.key(Key::char(letter));
    }
    assert_eq!(text.text(), "۱۲م", "the digits of the keyboard");
    let mut line = TextField::line(1_000);
    line.key(Key::char('۱'));
    assert_eq!(line.text(), "1", "a line is read by casedesk");
    text.set("سلام می\u{200C}خواهم");
    for _ in 0..4 {
        text.key(Key::new(KeyCode::Left, Modifiers { control: true, ..Modifiers::default() }));
        let before = text.before_cursor();
        assert!(!text.after_cursor().starts_with('\u{200C}'), "inside a cluster: {before:?}");
    }
}
