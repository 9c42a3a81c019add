//! How a cell looks in what the terminal knows, and the shortest way from one look to another.

use std::io::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::abilities::{Abilities, Colours, Dialect};

/// A colour of letters or of their ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ink {
    /// The terminal's own.
    #[default]
    Own,
    /// One of the sixteen.
    Basic(u8),
    /// One of the palette, from 16 on.
    Palette(u8),
    /// Red, green and blue.
    True(u8, u8, u8),
}

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Face {
    pub(super) ink: Ink,
    pub(super) ground: Ink,
    pub(super) marks: Modifier,
}

/// Bold and faint, which have one code that ends both.
const INTENSITY: Modifier = Modifier::BOLD.union(Modifier::DIM);

/// Marks, the code that begins each, and the one that ends it.
const CODES: [(Modifier, u8, u8); 7] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl Face {
    /// As ratatui has it, in what the terminal can do.
    pub(super) fn of(cell: &Cell, abilities: Abilities) -> Self {
        let mut marks = cell.modifier;
        if marks.contains(Modifier::RAPID_BLINK) {
            marks |= Modifier::SLOW_BLINK;
        }
        if marks.contains(Modifier::BOLD) {
            marks -= Modifier::DIM;
        }
        Self {
            ink: Ink::of(cell.fg, abilities.colours),
            ground: Ink::of(cell.bg, abilities.colours),
            marks: marks & abilities.marks,
        }
    }

    /// What of it can be seen where there is no letter.
    pub(super) fn on_blank(self) -> Self {
        if self.marks.contains(Modifier::REVERSED) {
            return self;
        }
        let seen = Modifier::UNDERLINED.union(Modifier::CROSSED_OUT);
        Self { ink: Ink::Own, ground: self.ground, marks: self.marks & seen }
    }

    /// Whether what is erased or scrolled in with it is blank and nothing else. Some terminals give erased cells the
    /// ground of the moment.
    pub(super) fn erases_plainly(self) -> bool {
        self.on_blank() == Self::default()
    }

    /// Writes the shortest sequence that leads from this look to another.
    pub(super) fn turn_into(self, to: Self, dialect: Dialect, bytes: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let mut afresh = Codes::default();
        afresh.clear();
        afresh.begin(to.marks);
        afresh.colour(to.ink, Self::default().ink, 0);
        afresh.colour(to.ground, Self::default().ground, 10);
        let ends = self.marks - to.marks;
        let shorter = if ends.is_empty() || dialect >= Dialect::Ansi {
            let mut step = Codes::default();
            step.end(ends);
            // The code that ends bold ends faint too, and the other way round.
            let lost = if ends.intersects(INTENSITY) { INTENSITY } else { Modifier::empty() };
            step.begin(to.marks - (self.marks - lost));
            step.colour(to.ink, self.ink, 0);
            step.colour(to.ground, self.ground, 10);
            if step.0.len() <= afresh.0.len() { step } else { afresh }
        } else {
            afresh
        };
        bytes.extend_from_slice(b"\x1b[");
        bytes.extend_from_slice(&shorter.0);
        bytes.push(b'm');
    }
}

/// The numbers of one sequence. A first number that is left out is 0, which ends everything.
#[derive(Default)]
struct Codes(Vec<u8>, bool);

impl Codes {
    /// Ends everything.
    fn clear(&mut self) {
        self.1 = true;
    }

    fn add(&mut self, code: u8) {
        if !self.0.is_empty() || self.1 {
            self.0.push(b';');
        }
        self.1 = false;
        // Writing to memory does not fail.
        let _ = write!(self.0, "{code}");
    }

    fn add_all(&mut self, codes: &[u8]) {
        for code in codes {
            self.add(*code);
        }
    }

    fn begin(&mut self, marks: Modifier) {
        for (mark, begins, _) in CODES {
            if marks.contains(mark) {
                self.add(begins);
            }
        }
    }

    fn end(&mut self, marks: Modifier) {
        let mut last = 0;
        for (mark, _, ends) in CODES {
            if marks.contains(mark) && last != ends {
                self.add(ends);
                last = ends;
            }
        }
    }

    /// `more` is 0 for letters and 10 for the ground.
    fn colour(&mut self, to: Ink, from: Ink, more: u8) {
        if to == from {
            return;
        }
        match to {
            Ink::Own => self.add(39 + more),
            Ink::Basic(number @ 0..=7) => self.add(30 + more + number),
            Ink::Basic(number) => self.add(82 + more + number),
            Ink::Palette(number) => self.add_all(&[38 + more, 5, number]),
            Ink::True(red, green, blue) => self.add_all(&[38 + more, 2, red, green, blue]),
        }
    }
}

impl Ink {
    fn of(colour: Color, known: Colours) -> Self {
        if known == Colours::None {
            return Self::Own;
        }
        match colour {
            Color::Reset => Self::Own,
            Color::Black => Self::Basic(0),
            Color::Red => Self::Basic(1),
            Color::Green => Self::Basic(2),
            Color::Yellow => Self::Basic(3),
            Color::Blue => Self::Basic(4),
            Color::Magenta => Self::Basic(5),
            Color::Cyan => Self::Basic(6),
            Color::Gray => Self::Basic(7),
            Color::DarkGray => Self::Basic(8),
            Color::LightRed => Self::Basic(9),
            Color::LightGreen => Self::Basic(10),
            Color::LightYellow => Self::Basic(11),
            Color::LightBlue => Self::Basic(12),
            Color::LightMagenta => Self::Basic(13),
            Color::LightCyan => Self::Basic(14),
            Color::White => Self::Basic(15),
            Color::Indexed(number @ 0..=15) => Self::Basic(number),
            Color::Indexed(number) if known >= Colours::Palette => Self::Palette(number),
            Color::Indexed(number) => {
                let (red, green, blue) = of_palette(number);
                Self::nearest(red, green, blue)
            }
            Color::Rgb(red, green, blue) => match known {
                Colours::True => Self::True(red, green, blue),
                Colours::Palette => {
                    let step = |part: u8| part.saturating_sub(35) / 40;
                    Self::Palette(16 + 36 * step(red) + 6 * step(green) + step(blue))
                }
                Colours::None | Colours::Sixteen => Self::nearest(red, green, blue),
            },
        }
    }

    /// One of the sixteen: which parts are there at all, and whether the strongest is a strong one.
    fn nearest(red: u8, green: u8, blue: u8) -> Self {
        let strongest = red.max(green).max(blue);
        let has = |part: u8| u8::from(part > strongest / 2 && strongest > 64);
        let bright = if strongest > 192 { 8 } else { 0 };
        Self::Basic(has(red) + 2 * has(green) + 4 * has(blue) + bright)
    }
}

/// The colour of a number of the palette, from 16 on.
fn of_palette(number: u8) -> (u8, u8, u8) {
    if number >= 232 {
        let grey = 8 + 10 * (number - 232);
        return (grey, grey, grey);
    }
    let step = |of: u8| if of == 0 { 0 } else { 55 + 40 * of };
    let number = number.saturating_sub(16);
    (step(number / 36), step(number / 6 % 6), step(number % 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(from: Face, to: Face, dialect: Dialect) -> String {
        let mut bytes = Vec::new();
        from.turn_into(to, dialect, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn the_shorter_of_resetting_and_switching_off_is_taken() {
        let plain = Face::default();
        let bold = Face { marks: Modifier::BOLD, ..plain };
        let faint = Face { marks: Modifier::DIM, ..plain };
        let late = Face { ink: Ink::Basic(1), ..bold };
        let loud = Face { ink: Ink::Basic(9), ..bold };
        let (old, new) = (Dialect::Vt100, Dialect::Vt220);
        assert_eq!(turned(plain, bold, new), "\x1b[1m");
        assert_eq!(turned(bold, plain, new), "\x1b[m");
        assert_eq!(turned(plain, loud, new), "\x1b[1;91m");
        assert_eq!(turned(late, bold, new), "\x1b[39m");
        assert_eq!(turned(late, loud, new), "\x1b[91m");
        assert_eq!(turned(bold, faint, new), "\x1b[;2m");
        let underlined = Face { marks: Modifier::UNDERLINED, ink: Ink::Palette(200), ..plain };
        let both = Face { marks: Modifier::BOLD | Modifier::UNDERLINED, ..underlined };
        assert_eq!(turned(both, underlined, new), "\x1b[22m");
        assert_eq!(turned(both, underlined, old), "\x1b[;4;38;5;200m", "a VT100 cannot switch off");
        assert_eq!(turned(both, both, new), "");
    }

    #[test]
    fn a_colour_that_the_terminal_has_not_becomes_one_that_it_has() {
        assert_eq!(Ink::of(Color::Rgb(255, 30, 30), Colours::Sixteen), Ink::Basic(9));
        assert_eq!(Ink::of(Color::Indexed(28), Colours::Sixteen), Ink::Basic(2));
        assert_eq!(Ink::of(Color::Indexed(1), Colours::True), Ink::Basic(1));
        assert_eq!(Ink::of(Color::Rgb(255, 0, 0), Colours::Palette), Ink::Palette(196));
        assert_eq!(Ink::of(Color::Red, Colours::None), Ink::Own);
    }
}
