//! The thin backend: a terminal shows what was wanted, whatever it can do, and gets few bytes.

use std::mem::take;

use casedesk::tui::paint::{Canvas, Meaning, Paper};
use casedesk::tui::thin::{Abilities, Charset, Colours, Lines, Thin};
use casedesk::tui::{Look, Sheet};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

/// A terminal of a kind, and what it shows.
pub(crate) struct Line {
    terminal: Terminal<Thin<Vec<u8>>>,
    parser: vt100::Parser,
    abilities: Abilities,
    columns: u16,
    rows: u16,
}

impl Line {
    pub(crate) fn new(abilities: Abilities, columns: u16, rows: u16) -> Self {
        let backend = Thin::new(Vec::new(), abilities, columns, rows);
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        let parser = vt100::Parser::new(rows, columns, 0);
        Self { terminal, parser, abilities, columns, rows }
    }

    /// Such a terminal of so many columns and rows, of which nothing is known.
    pub(crate) fn afresh(&self, columns: u16, rows: u16) -> Self {
        Self::new(self.abilities, columns, rows)
    }

    /// Draws a frame; returns what was written.
    pub(crate) fn show(&mut self, frame: &Buffer, cursor: (u16, u16)) -> Vec<u8> {
        let draw = |drawn: &mut ratatui::Frame<'_>| {
            *drawn.buffer_mut() = frame.clone();
            drawn.set_cursor_position(Position::from(cursor));
        };
        self.terminal.draw(draw).unwrap();
        let bytes = take(self.terminal.backend_mut().output());
        self.parser.process(&bytes);
        bytes
    }

    /// Shows what a sheet painted anew, as the program does it, after which the terminal has to show all of it; returns how
    /// many bytes were written.
    pub(crate) fn show_sheet(&mut self, sheet: &Sheet, cursor: Position) -> usize {
        let thin = self.terminal.backend_mut();
        sheet.show(thin, cursor).unwrap();
        let bytes = take(thin.output());
        self.parser.process(&bytes);
        assert_eq!(self.difference(sheet.buffer(), cursor.into(), self.abilities), None);
        bytes.len()
    }

    /// Draws lines of text; returns how many bytes were written.
    fn bytes_for(&mut self, lines: &[String], cursor: (u16, u16)) -> usize {
        let mut frame = Buffer::empty(Rect::new(0, 0, self.columns, self.rows));
        for (y, line) in lines.iter().enumerate() {
            frame.set_string(0, u16::try_from(y).unwrap(), line, Style::new());
        }
        let bytes = self.show(&frame, cursor);
        assert_eq!(self.parser.screen().contents().trim_end(), lines.join("\n").trim_end());
        bytes.len()
    }

    /// Where the terminal shows something else than the frame, if anywhere.
    fn difference(
        &self,
        frame: &Buffer,
        cursor: (u16, u16),
        abilities: Abilities,
    ) -> Option<String> {
        let screen = self.parser.screen();
        if screen.cursor_position() != (cursor.1, cursor.0) {
            return Some(format!("cursor {:?}, not {cursor:?}", screen.cursor_position()));
        }
        frame.area.positions().find_map(|position| {
            let shown = screen.cell(position.y, position.x).unwrap();
            let wanted = frame.cell(position).unwrap();
            if shown.is_wide_continuation() {
                let before = frame.cell((position.x - 1, position.y)).unwrap();
                return (before.symbol() != WIDE).then(|| format!("half a sign at {position}"));
            }
            let is_same = letter(shown.contents()) == letter(wanted.symbol())
                && look(shown) == wanted_look(wanted, abilities);
            let (shown_look, wanted_look) = (look(shown), wanted_look(wanted, abilities));
            let (found, wanted) = (shown.contents(), wanted.symbol());
            (!is_same).then(|| {
                format!("{found:?} {shown_look:?}, not {wanted:?} {wanted_look:?}, at {position}")
            })
        })
    }
}

const WIDE: &str = "字";

fn letter(symbol: &str) -> &str {
    if symbol.is_empty() { " " } else { symbol }
}

/// Letters' colour, ground, bold, faint, slanted, underlined, reversed; what cannot be seen on a blank is left out.
type Seen = (Colour, Colour, [bool; 5]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Own,
    Number(u8),
    True(u8, u8, u8),
}

fn seen(is_blank: bool, ink: Colour, ground: Colour, marks: [bool; 5]) -> Seen {
    let [.., underlined, reversed] = marks;
    if is_blank && !reversed {
        return (Colour::Own, ground, [false, false, false, underlined, reversed]);
    }
    (ink, ground, marks)
}

fn look(cell: &vt100::Cell) -> Seen {
    let colour = |colour| match colour {
        vt100::Color::Default => Colour::Own,
        vt100::Color::Idx(number) => Colour::Number(number),
        vt100::Color::Rgb(red, green, blue) => Colour::True(red, green, blue),
    };
    let marks = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
    seen(letter(cell.contents()) == " ", colour(cell.fgcolor()), colour(cell.bgcolor()), marks)
}

fn wanted_look(cell: &Cell, abilities: Abilities) -> Seen {
    let colour = |colour| match (colour, abilities.colours) {
        (Color::Red, Colours::Sixteen | Colours::Palette | Colours::True) => Colour::Number(1),
        (Color::LightYellow, Colours::Sixteen | Colours::Palette | Colours::True) => {
            Colour::Number(11)
        }
        (Color::Indexed(200), Colours::Palette | Colours::True) => Colour::Number(200),
        (Color::Indexed(200), Colours::Sixteen) => Colour::Number(13),
        (Color::Rgb(0, 0, 255), Colours::True) => Colour::True(0, 0, 255),
        (Color::Rgb(0, 0, 255), Colours::Palette) => Colour::Number(21),
        (Color::Rgb(0, 0, 255), Colours::Sixteen) => Colour::Number(12),
        (_, _) => Colour::Own,
    };
    let has = |mark| cell.modifier.contains(mark) && abilities.marks.contains(mark);
    let faint = has(Modifier::DIM) && !has(Modifier::BOLD);
    let marks = [
        has(Modifier::BOLD),
        faint,
        has(Modifier::ITALIC),
        has(Modifier::UNDERLINED),
        has(Modifier::REVERSED),
    ];
    seen(cell.symbol() == " ", colour(cell.fg), colour(cell.bg), marks)
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u16) -> u16 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u16::try_from(self.0 % u64::from(sides)).unwrap()
    }

    fn style(&mut self) -> Style {
        let colours = [Color::Red, Color::LightYellow, Color::Indexed(200), Color::Rgb(0, 0, 255)];
        let marks = [
            Modifier::BOLD,
            Modifier::DIM,
            Modifier::ITALIC,
            Modifier::UNDERLINED,
            Modifier::REVERSED,
        ];
        let mut style = Style::new();
        if self.roll(3) == 0 {
            style = style.fg(colours[usize::from(self.roll(4))]);
        }
        if self.roll(8) == 0 {
            style = style.bg(colours[usize::from(self.roll(4))]);
        }
        while self.roll(3) == 0 {
            style = style.add_modifier(marks[usize::from(self.roll(5))]);
        }
        style
    }

    /// The frame after this one: words here and there, rows that moved, rows that went, nothing at all.
    fn change(&mut self, frame: &mut Buffer) {
        let (columns, rows) = (frame.area.width, frame.area.height);
        for _ in 0..self.roll(4) {
            let (x, y) = (self.roll(columns), self.roll(rows));
            let words = ["a", "ward", "  ", "          ", WIDE, "e\u{301}te", "C-20931 of the 4th"];
            let words = words[usize::from(self.roll(7))].repeat(usize::from(self.roll(3) + 1));
            let style = self.style();
            frame.set_stringn(x, y, &words, usize::from(columns - x), style);
            if words.starts_with(WIDE) && x > 0 {
                // The screens never leave half a wide sign; neither does this one.
                let before = frame.cell_mut((x - 1, y)).unwrap();
                if before.symbol() == WIDE {
                    before.reset();
                }
            }
        }
        match self.roll(8) {
            0 => frame.reset(),
            1..=3 => self.scroll(frame),
            4 => {
                let (y, x) = (self.roll(rows), self.roll(columns));
                (x..columns).for_each(|x| frame.cell_mut((x, y)).unwrap().reset());
            }
            _ => {}
        }
        mend(frame);
    }

    fn scroll(&mut self, frame: &mut Buffer) {
        let (columns, rows) = (frame.area.width, frame.area.height);
        let old = frame.clone();
        let by = self.roll(3) + 1;
        let is_up = self.roll(2) == 0;
        let (top, bottom) = (self.roll(rows / 3), rows - self.roll(rows / 3));
        for y in top..bottom {
            let from = if is_up { y.checked_add(by) } else { y.checked_sub(by) };
            for x in 0..columns {
                let moved = from.filter(|from| (top..bottom).contains(from));
                let cell = moved.map(|from| old.cell((x, from)).unwrap().clone());
                *frame.cell_mut((x, y)).unwrap() = cell.unwrap_or_default();
            }
        }
    }
}

/// Takes away halves of wide signs and what stands behind whole ones, as widgets do.
fn mend(frame: &mut Buffer) {
    let (columns, rows) = (frame.area.width, frame.area.height);
    for y in 0..rows {
        for x in 0..columns {
            if frame.cell((x, y)).unwrap().symbol() != WIDE {
                continue;
            }
            if x + 1 == columns {
                frame.cell_mut((x, y)).unwrap().reset();
            } else {
                frame.cell_mut((x + 1, y)).unwrap().reset();
            }
        }
    }
}

fn kinds() -> [Abilities; 6] {
    let utf8 = Charset::Utf8;
    [
        Abilities { charset: utf8, ..Abilities::vt100() },
        Abilities { charset: utf8, ..Abilities::vt220() },
        Abilities { charset: utf8, ..Abilities::linux() },
        Abilities::xterm(),
        Abilities { colours: Colours::Palette, ..Abilities::xterm() },
        Abilities { colours: Colours::True, lines: Lines::Utf8, ..Abilities::xterm() },
    ]
}

#[test]
fn a_terminal_of_any_kind_shows_what_was_wanted_after_every_frame() {
    for (number, abilities) in (1..).zip(kinds()) {
        for round in 1..=12_u64 {
            let mut dice = Dice(round * 7_919 + number);
            let (columns, rows) = (dice.roll(50) + 5, dice.roll(18) + 3);
            let mut line = Line::new(abilities, columns, rows);
            let mut frame = Buffer::empty(Rect::new(0, 0, columns, rows));
            for step in 0..60 {
                dice.change(&mut frame);
                let cursor = (dice.roll(columns), dice.roll(rows));
                let bytes = line.show(&frame, cursor);
                if let Some(difference) = line.difference(&frame, cursor, abilities) {
                    let bytes = String::from_utf8_lossy(&bytes);
                    unreachable!(
                        "{abilities:?}, round {round}, step {step}: {difference}\n{bytes:?}"
                    );
                }
                assert!(line.show(&frame, cursor).is_empty(), "nothing changed");
            }
        }
    }
}

fn rows_of_a_list(from: usize, cursor: usize) -> Vec<String> {
    let mut rows = vec!["HOUSING  Fri 21 Aug 2026 08:02  L. Karimi".to_owned()];
    rows.extend((from..from + 16).enumerate().map(|(at, number)| {
        let marker = if at == cursor { '>' } else { ' ' };
        format!(
            "{marker}  {number}d  C-{} COM Rent subsidy late, {}",
            20_000 + number * 37,
            number * number
        )
    }));
    rows.push("-- detail".to_owned());
    rows.push("j next".to_owned());
    rows
}

#[test]
fn a_marker_moves_for_a_few_bytes_and_a_list_scrolls_for_one_row() {
    let mut line = Line::new(Abilities::xterm(), 80, 24);
    line.bytes_for(&rows_of_a_list(1, 3), (0, 4));
    let moved = line.bytes_for(&rows_of_a_list(1, 4), (0, 5));
    assert!(moved <= 6, "{moved} bytes");
    line.bytes_for(&rows_of_a_list(1, 15), (0, 16));
    let scrolled = line.bytes_for(&rows_of_a_list(2, 15), (0, 16));
    assert!(scrolled <= 75, "{scrolled} bytes down");
    line.bytes_for(&rows_of_a_list(2, 0), (0, 1));
    let scrolled = line.bytes_for(&rows_of_a_list(1, 0), (0, 1));
    assert!(scrolled <= 75, "{scrolled} bytes up");
}

#[test]
fn what_was_cleared_is_drawn_whole() {
    let mut line = Line::new(Abilities::vt220(), 40, 20);
    let rows = rows_of_a_list(1, 3);
    let rows: Vec<String> = rows.iter().map(|row| row.chars().take(38).collect()).collect();
    let rows: Vec<String> = rows.iter().map(|row: &String| row.trim_end().to_owned()).collect();
    let first = line.bytes_for(&rows, (0, 4));
    assert_eq!(line.bytes_for(&rows, (0, 4)), 0);
    line.terminal.clear().unwrap();
    line.parser.process(b"\x1b[2;5Hsomebody else's words\x1b[31;7m");
    assert_eq!(line.bytes_for(&rows, (0, 4)), first);
}

#[test]
fn a_terminal_without_utf8_gets_ascii_in_as_many_cells() {
    let mut line = Line::new(Abilities::vt220(), 60, 4);
    let mut frame = Buffer::empty(Rect::new(0, 0, 60, 4));
    frame.set_string(0, 0, "Åse Bjørnsdóttir, Şükran Çelik… “yes” 字|", Style::new());
    frame.set_string(0, 1, "── people ─ e\u{301}te\u{300} ساره|", Style::new());
    let bytes = line.show(&frame, (0, 0));
    assert!(bytes.is_ascii(), "{bytes:?}");
    let contents = line.parser.screen().contents();
    let rows: Vec<&str> = contents.lines().collect();
    assert_eq!(rows[0], "Ase Bjornsdottir, Sukran Celik. \"yes\" ??|");
    assert_eq!(rows[1], "-- people - ete ????|");
    let console = &mut Line::new(Abilities::linux(), 60, 4);
    let bytes = console.show(&frame, (0, 0));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("ét\u{e8} ساره|"), "marks are part of their letter: {text:?}");
}

#[test]
fn lines_are_drawn_in_the_terminals_own_set_and_letters_after_them_are_letters() {
    let abilities = Abilities { lines: Lines::Dec, ..Abilities::vt220() };
    let mut line = Line::new(abilities, 40, 4);
    let mut frame = Buffer::empty(Rect::new(0, 0, 40, 4));
    frame.set_string(0, 0, "── people", Style::new());
    frame.set_string(0, 2, "──", Style::new());
    let text = String::from_utf8(line.show(&frame, (0, 0))).unwrap();
    assert_eq!(
        text,
        "\x1b[r\x1b[4l\x1b(B\x1b[m\x1b[H\x1b[J\x1b(0qq \x1b(Bpeople\r\n\n\x1b(0qq\x1b(B\x1b[H"
    );
    frame.set_string(0, 2, "ab─q", Style::new());
    let text = String::from_utf8(line.show(&frame, (0, 0))).unwrap();
    assert_eq!(text, "\n\nab\x1b(0q\x1b(Bq\x1b[H");
}

#[test]
fn nothing_is_sent_that_the_terminal_does_not_know() {
    let everything = Style::new()
        .fg(Color::Rgb(1, 2, 200))
        .bg(Color::Indexed(99))
        .add_modifier(Modifier::all() - Modifier::HIDDEN);
    for abilities in
        [Abilities::vt100(), Abilities::vt220(), Abilities::linux(), Abilities::xterm()]
    {
        let mut line = Line::new(abilities, 40, 4);
        let mut frame = Buffer::empty(Rect::new(0, 0, 40, 4));
        frame.set_string(0, 0, "words that stand here for long now", everything);
        let mut text = String::from_utf8(line.show(&frame, (0, 0))).unwrap();
        frame.set_string(8, 0, "                ", Style::reset());
        text.push_str(&String::from_utf8(line.show(&frame, (0, 0))).unwrap());
        assert!(!text.contains("[?") && !text.contains("8;5;"), "{abilities:?}: {text:?}");
        let has_colours = text.contains(";104;") || text.contains("44") || text.contains("105");
        assert_eq!(has_colours, abilities.colours != Colours::None, "{text:?}");
        assert_eq!(text.contains("\x1b[16X"), abilities != Abilities::vt100(), "{text:?}");
    }
}

#[test]
fn rows_of_a_sheet_that_change_and_rows_that_stay_are_what_the_terminal_shows() {
    const ROWS: usize = 6;
    let words = ["", "plain", "字 and 字字", "Åse Øverli", "שלום", "a word at the very end of it"];
    let area = Rect::new(0, 0, 40, 6);
    let abilities = Abilities::xterm();
    let mut line = Line::new(abilities, area.width, area.height);
    let mut sheet = Sheet::new(area);
    let mut kept = 0;
    for step in 0..120 {
        let mut paper = Paper::new(&mut sheet, Look::default());
        let mut canvas = Canvas::new(area, &mut paper);
        for row in 0..ROWS {
            // Lower rows change less often.
            let turn = step / (row + 1) + row;
            let meaning = if turn.is_multiple_of(4) { Meaning::Alarm } else { Meaning::Plain };
            let column = canvas.put(row, turn % 5, words[turn % words.len()], meaning);
            canvas.put(row, column + 1, words[(turn / 3) % words.len()], Meaning::Plain);
        }
        canvas.mean(step % ROWS, step % 11, Meaning::Strong);
        drop(paper);
        let changed = sheet.changed().map(|(_, y, _)| y).collect::<std::collections::BTreeSet<_>>();
        kept += ROWS - changed.len();
        let cursor = (u16::try_from(step % 40).unwrap(), 3);
        line.show_sheet(&sheet, Position::from(cursor));
    }
    assert!(kept > 100, "most rows stay as they are");
}
