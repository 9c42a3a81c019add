//! How things look: what a cell means is the screen's to say, and what that looks like is said here, once.

use ratatui::style::{Color, Modifier, Style};

use super::thin::Lines;

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
    /// The rule that begins a section: words after `-- `, which stands for a line in the terminal's own signs.
    Rule,
    /// To be heeded: due before long, ringing, not certain.
    Heed,
    /// Kept, checked, done.
    Done,
}

/// How screens say a rule, whatever it is drawn with.
pub(super) const RULE: &str = "--";

/// A rule in signs of Unicode, for which the terminal's line drawing set stands where it has no others.
const RULE_DRAWN: &str = "──";

/// The colours of meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Few colours, of the sixteen that every terminal has, and such as can be read on a dark ground and a light one.
    #[default]
    Default,
    /// None: bold, underlined and reversed alone.
    Mono,
    /// The terminal's own letters on its own ground and the other way round, and nothing faint: what is read best is what
    /// the terminal was set to, and colours that stand out on a dark ground vanish on a light one.
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
    /// What the rules that begin sections are drawn with.
    pub lines: Lines,
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

impl Bidi {
    /// Everybody who can put it in order.
    pub(super) const ALL: [Self; 3] = [Self::App, Self::Terminal, Self::Off];

    /// The word for it in the preferences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Terminal => "terminal",
            Self::Off => "off",
        }
    }

    /// Whoever has that word in the preferences.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bidi| bidi.word() == word)
    }

    /// Who is to put it in order on a terminal, told by what the terminal says of itself in the environment. It is never
    /// asked: one that does not answer would be waited for.
    ///
    /// Konsole, `PuTTY` and macOS's Terminal put rows in order themselves and cannot be told not to. VTE (GNOME Terminal and
    /// its kin, since 0.58) and mlterm do so and can be told, but not through tmux or screen, which keep that to themselves.
    /// Every other one, such as xterm, shows cells as they come.
    #[must_use]
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        let is_multiplexed = is_set("TMUX") || is_set("STY");
        let orders_itself = is_set("KONSOLE_VERSION")
            || term.starts_with("putty")
            || term.starts_with("konsole")
            || variable("TERM_PROGRAM").as_deref() == Some("Apple_Terminal")
            || ((is_set("VTE_VERSION") || is_set("MLTERM")) && is_multiplexed);
        match term.as_str() {
            "dumb" => Self::Off,
            _ if orders_itself => Self::Terminal,
            _ => Self::App,
        }
    }
}

impl Look {
    /// What a meaning looks like.
    pub(super) fn style(self, meaning: Meaning) -> Style {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        match (meaning, self.theme) {
            (Meaning::Plain, _)
            | (Meaning::Faint, Theme::HighContrast)
            | (Meaning::Rule, Theme::Default | Theme::Mono)
            | (Meaning::Done, Theme::Mono | Theme::HighContrast) => plain,
            (Meaning::Faint, _) => plain.add_modifier(Modifier::DIM),
            (Meaning::Strong, _)
            | (Meaning::Alarm, Theme::Mono)
            | (Meaning::Rule, Theme::HighContrast) => bold,
            (Meaning::Alarm, Theme::Default) => bold.fg(Color::Red),
            (Meaning::Alarm, Theme::HighContrast) => bold.add_modifier(Modifier::REVERSED),
            (Meaning::Heed, Theme::Default) => plain.fg(Color::Magenta),
            (Meaning::Done, Theme::Default) => plain.fg(Color::Green),
            (Meaning::Matched, Theme::HighContrast) => bold.add_modifier(Modifier::UNDERLINED),
            (Meaning::Heed, Theme::Mono | Theme::HighContrast) | (Meaning::Matched, _) => {
                underlined
            }
        }
    }

    /// A rule in the terminal's own signs, for words that begin with [`RULE`].
    pub(super) fn ruled(self, words: &str) -> Option<String> {
        let rest = words.strip_prefix(RULE).filter(|_| self.lines != Lines::Ascii)?;
        Some(format!("{RULE_DRAWN}{rest}"))
    }
}
