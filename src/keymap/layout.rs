//! Keyboards that type no Latin letters, or have them elsewhere: what a key types there, and what it is on a Latin one.

use super::context::Context;
use super::key::{Key, KeyCode, Modifiers};
use super::map::{Keymap, Resolution, Shown};
use super::problem::ProblemKind;
use crate::text::nearest;

/// Layouts of one keymap.
pub(super) const LAYOUTS_MAX: usize = 64;

/// Characters of one layout.
pub(super) const LAYOUT_KEYS_MAX: usize = 256;

/// What a layout is called that means every one that can be told from Latin keyboards.
pub const LAYOUT_AUTO: &str = "auto";

/// What a layout is called that means none.
pub const LAYOUT_OFF: &str = "off";

/// One keyboard.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub(super) name: String,
    /// What a key types there, and what it types on a Latin keyboard.
    pub(super) keys: Vec<(char, char)>,
}

/// Which keyboards are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Chosen {
    /// All of them, for characters that no Latin keyboard has.
    #[default]
    Auto,
    /// None.
    Off,
    /// The one at this place, for all its characters.
    One(usize),
}

impl Layout {
    fn meant(&self, typed: char) -> Option<char> {
        self.keys.iter().find(|(there, _)| *there == typed).map(|(_, latin)| *latin)
    }

    /// Whether Latin letters are typed on it, so that its keys cannot be told from those of a Latin keyboard.
    fn types_latin(&self) -> bool {
        self.keys.iter().any(|(there, _)| there.is_ascii_alphabetic())
    }

    /// What is printed on the key of a Latin character; the character itself where it is typed there, too.
    fn printed(&self, latin: char) -> Option<String> {
        if latin.is_ascii_digit() || (self.types_latin() && latin.is_ascii_alphabetic()) {
            return None;
        }
        let on = |meant: char| self.keys.iter().find(|(_, of)| *of == meant).map(|(on, _)| *on);
        let on_key = on(latin)?;
        if latin.is_ascii_uppercase()
            && let Some(below) = on(latin.to_ascii_lowercase())
            && on_key.to_lowercase().ne(std::iter::once(below))
        {
            // Above the letters of a script without capitals lie marks and signs that a line of text cannot show.
            return Some(format!("Shift-{below}"));
        }
        Some(on_key.to_string())
    }
}

impl Keymap {
    /// Chooses the keyboard by its name, or [`LAYOUT_AUTO`], or [`LAYOUT_OFF`]; whether there is one of that name.
    pub fn choose_layout(&mut self, name: &str) -> bool {
        self.chosen = match name {
            LAYOUT_AUTO => Chosen::Auto,
            LAYOUT_OFF => Chosen::Off,
            _ => match self.layouts.iter().position(|layout| layout.name == name) {
                Some(place) => Chosen::One(place),
                None => return false,
            },
        };
        self.shown = Shown::default();
        true
    }

    /// What is wrong with the name of a keyboard that cannot be chosen: there is none, and which one may be meant.
    #[must_use]
    pub fn unknown_layout(&self, name: &str) -> ProblemKind {
        let known = self.layouts.iter().map(|layout| layout.name.as_str());
        let suggestion = nearest(name, known.chain([LAYOUT_AUTO, LAYOUT_OFF])).map(str::to_owned);
        ProblemKind::UnknownLayout { name: name.to_owned(), suggestion }
    }

    /// The key at the same place of a Latin keyboard, for a character typed on a keyboard that is looked up.
    #[must_use]
    pub fn by_position(&self, key: Key) -> Option<Key> {
        let (KeyCode::Char(typed), modifiers) = (key.code(), key.modifiers()) else { return None };
        if modifiers != Modifiers::default() {
            return None;
        }
        let latin = match self.chosen {
            Chosen::Off => None,
            Chosen::One(place) => self.layouts.get(place).and_then(|layout| layout.meant(typed)),
            Chosen::Auto if typed.is_ascii() => None,
            Chosen::Auto => self
                .layouts
                .iter()
                .filter(|layout| !layout.types_latin())
                .find_map(|layout| layout.meant(typed)),
        }?;
        Some(Key::char(latin))
    }

    /// The key that is meant by a press, and what it means: itself, unless it means nothing here, no text has the focus, and
    /// the key at its place on a Latin keyboard means something.
    #[must_use]
    pub fn meant(&self, context: Context, pending: &[Key], key: Key) -> (Key, Resolution) {
        let resolution = self.resolve(context, pending, key);
        if context.is_text() && pending.is_empty() || resolution != Resolution::Unbound {
            return (key, resolution);
        }
        let latin =
            self.by_position(key).map(|latin| (latin, self.resolve(context, pending, latin)));
        latin.filter(|(_, meant)| *meant != Resolution::Unbound).unwrap_or((key, resolution))
    }

    /// Keys as the chosen keyboard has them, written one after the other.
    #[must_use]
    pub fn print(&self, keys: &[Key]) -> String {
        keys.iter().map(|key| self.print_key(*key)).collect::<Vec<_>>().join(" ")
    }

    fn print_key(&self, key: Key) -> String {
        let chosen = match self.chosen {
            Chosen::One(place) => self.layouts.get(place),
            Chosen::Auto | Chosen::Off => None,
        };
        let plain = key.modifiers() == Modifiers::default();
        let printed = match (key.code(), chosen) {
            (KeyCode::Char(latin), Some(layout)) if plain => layout.printed(latin),
            _ => None,
        };
        printed.unwrap_or_else(|| key.to_string())
    }
}
