//! How things look: what a cell means is the screen's to say, and what that looks like is said here, once.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text means to its reader. Each is told by words or a sign as well, never by its look alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Meaning {
    /// Nothing of its own.
    #[default]
    Plain,
    /// A heading, or what is chosen.
    Strong,
    /// Late, refused, or in danger.
    Alarm,
    /// Said in passing: hints, headings of columns.
    Faint,
    /// A letter that was searched for.
    Matched,
}

/// The colours of meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Few colours, of the sixteen that every terminal has.
    #[default]
    Default,
    /// None: bold, underlined and reversed alone.
    Mono,
    /// Bright on the terminal's own background, and nothing faint.
    HighContrast,
}

/// Who puts right-to-left text into the order in which it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bidi {
    /// casedesk: the terminal shows cells as they come.
    App,
    /// The terminal.
    Terminal,
    /// Nobody: letters stand in the order in which they were typed.
    #[default]
    Off,
}

/// How a terminal is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// Who orders right-to-left text.
    pub bidi: Bidi,
}

impl Theme {
    /// The theme of that name in the preferences.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "default" => Self::Default,
            "mono" => Self::Mono,
            "high-contrast" => Self::HighContrast,
            _ => return None,
        })
    }
}

impl Look {
    /// What a meaning looks like.
    pub(super) fn style(self, meaning: Meaning) -> Style {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        match (meaning, self.theme) {
            (Meaning::Plain, _) | (Meaning::Faint, Theme::HighContrast) => plain,
            (Meaning::Faint, _) => plain.add_modifier(Modifier::DIM),
            (Meaning::Strong, _) | (Meaning::Alarm, Theme::Mono) => bold,
            (Meaning::Alarm, Theme::Default) => bold.fg(Color::Red),
            (Meaning::Alarm, Theme::HighContrast) => bold.fg(Color::LightYellow),
            (Meaning::Matched, _) => bold.add_modifier(Modifier::UNDERLINED),
        }
    }
}
