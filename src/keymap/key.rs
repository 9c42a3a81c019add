//! A key as casedesk names it, with its spelling in keymap files.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The highest function key that can be written in a keymap.
const FUNCTION_KEY_MAX: u8 = 24;

/// The key itself, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A printed character other than the space; upper case stands for Shift.
    Char(char),
    /// Any of the digits 1 to 9: written `1-9` in a keymap, and never pressed.
    AnyDigit,
    /// The space bar.
    Space,
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Tab with Shift.
    BackTab,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow to the left.
    Left,
    /// Arrow to the right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key, from 1.
    F(u8),
}

/// The keys held down with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Modifiers {
    /// Control.
    pub control: bool,
    /// Alt, which a terminal sends as an Esc before the key.
    pub alt: bool,
    /// Shift, on keys that print nothing; a character carries its own.
    pub shift: bool,
}

/// A key press in one spelling: whatever a keyboard or a terminal calls it, equal presses are equal here.
///
/// A digit is the same key in whatever script the keyboard writes it; only [`Key::written`] tells them apart.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    code: KeyCode,
    modifiers: Modifiers,
    written: Option<char>,
}

impl Key {
    fn meaning(self) -> (KeyCode, Modifiers) {
        (self.code, self.modifiers)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.meaning().hash(state);
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.meaning().cmp(&other.meaning())
    }
}

/// A spelling that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no key: keys are single characters and names such as Enter, PgUp, F5, Ctrl-D, 1-9"
)]
pub struct KeyError(pub String);

/// Names of keys; of several for one key, the first is the one that is shown.
const NAMES: [(&str, KeyCode); 21] = [
    ("Space", KeyCode::Space),
    ("Enter", KeyCode::Enter),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("BackTab", KeyCode::BackTab),
    ("Esc", KeyCode::Esc),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PageUp),
    ("PageUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("PageDown", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("1-9", KeyCode::AnyDigit),
    ("Return", KeyCode::Enter),
];

impl Key {
    /// A key press. Persian and Arabic-Indic digits become the digits that they are, Shift goes into the character, and
    /// Tab with Shift is `BackTab`.
    #[must_use]
    pub fn new(code: KeyCode, modifiers: Modifiers) -> Self {
        let Modifiers { control, alt, shift } = modifiers;
        let written = match code {
            KeyCode::Char(character) if !control && !alt => Some(character),
            _ => None,
        };
        let (code, shift) = if let KeyCode::Char(character) = code {
            let digit_or_character = latin_digit(character);
            match character {
                ' ' => (KeyCode::Space, shift),
                _ if control => (KeyCode::Char(digit_or_character.to_ascii_lowercase()), false),
                _ => (KeyCode::Char(digit_or_character), false),
            }
        } else if code == KeyCode::BackTab || (code == KeyCode::Tab && shift) {
            (KeyCode::BackTab, false)
        } else {
            (code, shift)
        };
        Self { code, modifiers: Modifiers { control, alt, shift }, written }
    }

    /// A key press without modifiers.
    #[must_use]
    pub fn plain(code: KeyCode) -> Self {
        Self::new(code, Modifiers::default())
    }

    /// The press of a character.
    #[must_use]
    pub fn char(character: char) -> Self {
        Self::plain(KeyCode::Char(character))
    }

    /// The press of a character with Control.
    #[must_use]
    pub fn control(character: char) -> Self {
        Self::new(KeyCode::Char(character), Modifiers { control: true, ..Modifiers::default() })
    }

    /// The key without its modifiers.
    #[must_use]
    pub fn code(self) -> KeyCode {
        self.code
    }

    /// What is held down with it.
    #[must_use]
    pub fn modifiers(self) -> Modifiers {
        self.modifiers
    }

    /// The digit 0 to 9 that was pressed, whatever script the keyboard writes it in.
    #[must_use]
    pub fn digit(self) -> Option<u8> {
        match (self.code, self.modifiers.control || self.modifiers.alt) {
            (KeyCode::Char(character), false) => {
                character.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
            }
            _ => None,
        }
    }

    /// The character that the key types where text has the focus.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match (self.code, self.modifiers.control || self.modifiers.alt) {
            (KeyCode::Char(character), false) => Some(character),
            (KeyCode::Space, false) => Some(' '),
            _ => None,
        }
    }

    /// The character as the keyboard writes it: a Persian digit is one.
    #[must_use]
    pub fn written(self) -> Option<char> {
        self.written
    }

    /// Reads a key's spelling: `x`, `X`, `PgUp`, `F5`, `Ctrl-D`, `1-9`; names in any case.
    ///
    /// # Errors
    /// [`KeyError`] with the spelling.
    pub fn parse(spelling: &str) -> Result<Self, KeyError> {
        let error = || KeyError(spelling.to_owned());
        let mut modifiers = Modifiers::default();
        let mut rest = spelling;
        while let Some((head, tail)) = rest.split_once('-').filter(|(_, tail)| !tail.is_empty()) {
            match head.to_ascii_lowercase().as_str() {
                "ctrl" | "c" => modifiers.control = true,
                "alt" | "a" => modifiers.alt = true,
                "shift" | "s" => modifiers.shift = true,
                _ => break,
            }
            rest = tail;
        }
        let code = parse_code(rest).ok_or_else(error)?;
        if modifiers.shift && matches!(code, KeyCode::Char(_) | KeyCode::AnyDigit) {
            // What Shift makes of a character depends on the keyboard: the character itself is to be written.
            return Err(error());
        }
        Ok(Self::new(code, modifiers))
    }

    /// Whether a binding written as this key is meant by that press.
    pub(super) fn is_pressed_by(self, press: Self) -> bool {
        self == press
            || (self.code == KeyCode::AnyDigit && press.digit().is_some_and(|digit| digit > 0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Modifiers { control, alt, shift } = self.modifiers;
        for (held, name) in [(control, "Ctrl-"), (alt, "Alt-"), (shift, "Shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        if let KeyCode::Char(character) = self.code {
            let shown = if control { character.to_ascii_uppercase() } else { character };
            return write!(f, "{shown}");
        }
        if let KeyCode::F(number) = self.code {
            return write!(f, "F{number}");
        }
        let name = NAMES.iter().find(|(_, code)| *code == self.code);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

/// Reads keys that are pressed one after the other, written with spaces between them: `g o`.
///
/// # Errors
/// [`KeyError`] for the first spelling that is no key, or for an empty one.
pub fn parse_sequence(spelling: &str) -> Result<Vec<Key>, KeyError> {
    let keys = spelling.split_whitespace().map(Key::parse).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(KeyError(spelling.to_owned()));
    }
    Ok(keys)
}

/// Writes keys as [`parse_sequence`] reads them.
#[must_use]
pub fn print_sequence(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

fn parse_code(spelling: &str) -> Option<KeyCode> {
    let mut characters = spelling.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return (!character.is_control() && !character.is_whitespace())
            .then_some(KeyCode::Char(character));
    }
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(spelling)) {
        return Some(*code);
    }
    let digits = spelling.strip_prefix(['F', 'f'])?;
    let number: u8 = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
    (1..=FUNCTION_KEY_MAX).contains(&number).then_some(KeyCode::F(number))
}

fn latin_digit(character: char) -> char {
    let zero = match character {
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        _ => return character,
    };
    char::from_digit(u32::from(character) - zero, 10).unwrap_or(character)
}
