//! What a terminal can do: its colours, its marks, its ways to erase, its charset.

use ratatui::style::Modifier;

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None.
    None,
    /// The sixteen of `30`-`37` and `90`-`97`.
    Sixteen,
    /// The sixteen, a cube of 216, and 24 greys.
    Palette,
    /// Every one.
    True,
}

/// The characters that may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Those of ASCII; a letter stands without its accent, everything else as `?`.
    Ascii,
    /// All, in UTF-8, each in a cell of its own: marks do not join the letter before them, and are left out where there is
    /// no letter that has them.
    Unjoined,
    /// All, in UTF-8.
    Utf8,
}

/// What lines are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// Signs of ASCII.
    #[default]
    Ascii,
    /// The line drawing set of DEC's terminals, which most others have too.
    Dec,
    /// The box drawing characters of Unicode.
    Utf8,
}

/// What a terminal can do. What it cannot is never sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Its colours.
    pub colours: Colours,
    /// The characters that it shows.
    pub charset: Charset,
    /// What lines are drawn with.
    pub lines: Lines,
    /// The marks that letters can have.
    pub marks: Modifier,
    /// Which control sequences it knows.
    pub dialect: Dialect,
    /// The modes into which it can be switched.
    pub modes: Modes,
}

/// Which control sequences a terminal knows, each kind those of the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// A VT100's: margins, erasing to the end of a row; marks are only switched off all together.
    Vt100,
    /// As ECMA-48 has it: marks are switched off one by one.
    Ansi,
    /// A VT220's: characters are erased in the middle of a row.
    Vt220,
}

/// Which modes a terminal can be switched into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modes {
    /// None.
    None,
    /// The alternate screen, and pastes in brackets.
    Pastes,
}

/// The marks that DEC's terminals have.
const DEC_MARKS: Modifier = Modifier::BOLD
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::REVERSED);

/// The marks that terminals of today have.
const ALL_MARKS: Modifier =
    DEC_MARKS.union(Modifier::DIM).union(Modifier::ITALIC).union(Modifier::CROSSED_OUT);

impl Abilities {
    /// A VT100, and what every terminal can do that is not known by name.
    #[must_use]
    pub const fn vt100() -> Self {
        Self {
            colours: Colours::None,
            charset: Charset::Ascii,
            lines: Lines::Ascii,
            marks: DEC_MARKS,
            dialect: Dialect::Vt100,
            modes: Modes::None,
        }
    }

    /// A VT220.
    #[must_use]
    pub const fn vt220() -> Self {
        Self { dialect: Dialect::Vt220, ..Self::vt100() }
    }

    /// The console of Linux: its sixteen colours, no alternate screen, no slanted and no crossed letters.
    #[must_use]
    pub const fn linux() -> Self {
        Self {
            colours: Colours::Sixteen,
            charset: Charset::Unjoined,
            marks: DEC_MARKS.union(Modifier::DIM),
            ..Self::vt220()
        }
    }

    /// A terminal emulator of today with sixteen colours.
    #[must_use]
    pub const fn xterm() -> Self {
        let charset = Charset::Utf8;
        Self { charset, marks: ALL_MARKS, modes: Modes::Pastes, ..Self::linux() }
    }
}
