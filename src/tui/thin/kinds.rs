//! Which kind of terminal this is, by what the environment says of it: nothing is asked of the terminal itself.

use super::abilities::{Abilities, Charset, Colours, Dialect, Lines};

/// What the environment says of a terminal, and what the caseworker wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that says something.
    pub locale: String,
    /// Whether `NO_COLOR` is set to something.
    pub is_without_colours: bool,
    /// The colours that the caseworker has chosen; they hold against everything else.
    pub colours: Option<Colours>,
    /// The lines that the caseworker has chosen.
    pub lines: Option<Lines>,
}

/// Emulators that know all that xterm does, of what is sent here. `st` and `vte` are whole names or come with a hyphen.
const LIKE_XTERM: [&str; 17] = [
    "xterm",
    "tmux",
    "putty",
    "alacritty",
    "foot",
    "kitty",
    "wezterm",
    "ghostty",
    "konsole",
    "gnome",
    "contour",
    "mlterm",
    "mintty",
    "rio",
    "iterm",
    "st-",
    "vte-",
];

/// Those of them with a palette, whose names do not say so.
const HAVE_PALETTE: [&str; 6] = ["alacritty", "foot", "kitty", "wezterm", "ghostty", "contour"];

impl Surroundings {
    /// Whether the locale is one of UTF-8. Where there is none, it is not.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        let locale = self.locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }
}

impl Abilities {
    /// What a terminal in these surroundings can do. Of one whose name is not known, nothing is expected that a VT100
    /// could not do.
    ///
    /// Lines are ASCII unless something else was chosen: `-- ` is one byte a cell, stands on every terminal, and is read
    /// out as what it is.
    #[must_use]
    pub fn of(surroundings: &Surroundings) -> Self {
        let kind = by_name(&surroundings.term);
        let colours = match surroundings.colours {
            Some(chosen) => chosen,
            None if surroundings.is_without_colours => Colours::None,
            None => colours(kind, surroundings),
        };
        let is_utf8 = surroundings.is_utf8();
        let charset = match kind.charset {
            _ if !is_utf8 => Charset::Ascii,
            // DEC's own terminals have no UTF-8, but whoever is called so today and has such a locale is none of them.
            Charset::Ascii | Charset::Utf8 => Charset::Utf8,
            Charset::Unjoined => Charset::Unjoined,
        };
        Self { colours, charset, lines: surroundings.lines.unwrap_or_default(), ..kind }
    }
}

fn by_name(term: &str) -> Abilities {
    let begins = |name: &&str| term.starts_with(*name);
    if LIKE_XTERM.iter().any(begins) || term == "st" || term == "vte" {
        Abilities::xterm()
    } else if ["screen", "rxvt", "Eterm"].iter().any(begins) {
        Abilities { dialect: Dialect::Ansi, ..Abilities::xterm() }
    } else if term.starts_with("linux") {
        Abilities::linux()
    } else if ["vt2", "vt3", "vt4", "vt5"].iter().any(begins) {
        Abilities::vt220()
    } else {
        Abilities::vt100()
    }
}

fn colours(kind: Abilities, surroundings: &Surroundings) -> Colours {
    let Surroundings { term, colorterm, .. } = surroundings;
    let begins = |name: &&str| term.starts_with(*name);
    if kind.colours == Colours::None || term.ends_with("-mono") || term.ends_with("-m") {
        Colours::None
    } else if matches!(colorterm.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
        Colours::True
    } else if term.contains("256color") || HAVE_PALETTE.iter().any(begins) {
        Colours::Palette
    } else {
        kind.colours
    }
}

impl Colours {
    /// Those of that name in the preferences; nothing where the terminal's kind is to decide.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "16" => Self::Sixteen,
            "256" => Self::Palette,
            "true" => Self::True,
            _ => return None,
        })
    }
}

impl Lines {
    /// Those of that name in the preferences; nothing where casedesk is to decide.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ascii" => Self::Ascii,
            "dec" => Self::Dec,
            "utf-8" => Self::Utf8,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::abilities::Modes;
    use super::*;

    fn of(term: &str, colorterm: &str, locale: &str) -> Abilities {
        let [term, colorterm, locale] = [term, colorterm, locale].map(str::to_owned);
        Abilities::of(&Surroundings { term, colorterm, locale, ..Surroundings::default() })
    }

    #[test]
    fn a_terminal_is_known_by_its_name_and_by_nothing_that_it_answers() {
        let utf8 = "nb_NO.UTF-8";
        let linux = of("linux", "", utf8);
        assert_eq!((linux.colours, linux.charset), (Colours::Sixteen, Charset::Unjoined));
        assert_eq!((linux.modes, linux.dialect), (Modes::None, Dialect::Vt220));
        let vt220 = of("vt220", "", "C");
        assert_eq!((vt220.colours, vt220.charset), (Colours::None, Charset::Ascii));
        assert_eq!((vt220.modes, vt220.dialect), (Modes::None, Dialect::Vt220));
        assert_eq!(of("vt102", "", "").dialect, Dialect::Vt100);
        let xterm = of("xterm-256color", "truecolor", "en_US.utf8");
        assert_eq!((xterm.colours, xterm.charset), (Colours::True, Charset::Utf8));
        assert_eq!(xterm.modes, Modes::Pastes);
        assert_eq!(of("tmux-256color", "", utf8).colours, Colours::Palette);
        assert_eq!(of("screen", "", utf8).dialect, Dialect::Ansi);
        assert_eq!(of("putty", "", "").colours, Colours::Sixteen);
        assert_eq!(of("rxvt-unicode", "", utf8).modes, Modes::Pastes);
        let unknown = of("wy60", "truecolor", utf8);
        assert_eq!((unknown.colours, unknown.modes), (Colours::None, Modes::None));
        assert_eq!(of("", "", ""), Abilities::vt100());
    }

    #[test]
    fn no_color_takes_the_colours_away_unless_they_were_chosen() {
        let bare = Surroundings {
            term: "xterm-256color".to_owned(),
            is_without_colours: true,
            ..Surroundings::default()
        };
        assert_eq!(Abilities::of(&bare).colours, Colours::None);
        let chosen = Surroundings { colours: Some(Colours::Sixteen), ..bare };
        assert_eq!(Abilities::of(&chosen).colours, Colours::Sixteen);
    }
}
