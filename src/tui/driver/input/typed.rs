//! What was typed or pasted, and what of it could not be taken.

use crate::keymap::Key;
use crate::tui::screen::Msg;

use super::bursts::PASTE_BYTES_MAX;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui::driver) enum Typed {
    /// Ctrl-Z: the shell is wanted.
    Suspend,
    /// A key.
    Key(Key),
    /// A paste, its line breaks as `\n`.
    Paste(String),
    /// So many bytes of a paste were left out, for it is too long.
    Cut(usize),
    /// A paste whose end did not come.
    Unfinished,
    /// Text that followed a false end of a paste; nothing was done with it.
    FalseEnd,
    /// So many bytes came that are no UTF-8 and mean no key.
    NoLetters(usize),
}

impl Typed {
    /// As the model's message; nothing for what is the driver's own affair.
    pub(in crate::tui::driver) fn message(self) -> Option<Msg> {
        Some(match self {
            Self::Suspend => return None,
            Self::Key(key) => Msg::Key(key),
            Self::Paste(text) => Msg::Paste(text),
            Self::Cut(bytes) => Msg::NotTaken(format!(
                "The paste is longer than {PASTE_BYTES_MAX} bytes: its last {bytes} are left out."
            )),
            Self::Unfinished => Msg::NotTaken(
                "The end of a paste did not come: read what of it is there.".to_owned(),
            ),
            Self::FalseEnd => Msg::NotTaken(
                "The paste pretended to end: what followed in it is left out.".to_owned(),
            ),
            Self::NoLetters(bytes) => Msg::NotTaken(format!(
                "{bytes} bytes came that are no letter: set the terminal to UTF-8."
            )),
        })
    }
}
