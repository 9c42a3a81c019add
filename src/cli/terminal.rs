//! What the environment and the caseworker say of the terminal.

use std::env;

use crate::config::Preferences;
use crate::tui::thin::{Abilities, Colours, Lines, Surroundings};
use crate::tui::{Bidi, Look, Theme};

/// What the environment says of the terminal, and what the caseworker has chosen for it.
pub(super) fn surroundings(preferences: &Preferences) -> Surroundings {
    let said = |name: &str| env::var(name).ok().filter(|said| !said.is_empty());
    Surroundings {
        term: said("TERM").unwrap_or_default(),
        colorterm: said("COLORTERM").unwrap_or_default(),
        locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(said).unwrap_or_default(),
        is_without_colours: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        colours: Colours::named(&preferences.colours),
        lines: Lines::named(&preferences.lines),
    }
}

/// How the terminal is drawn on. Where it has no colours, or is to show none, marks say what colours would.
pub(super) fn look(preferences: &Preferences, terminal: Abilities) -> Look {
    let chosen = Theme::named(&preferences.theme).unwrap_or_default();
    let theme = if terminal.colours == Colours::None { Theme::Mono } else { chosen };
    let variable = |name: &str| env::var(name).ok();
    let bidi = Bidi::named(&preferences.bidi).unwrap_or_else(|| Bidi::of_terminal(variable));
    Look { theme, bidi, lines: terminal.lines }
}
