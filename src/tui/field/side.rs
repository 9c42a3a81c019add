//! The choice between what a field holds now, what was typed, and what it held before both.

use crate::keymap::Key;

/// Which of the three is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Side {
    /// 1: what somebody else has written.
    Current,
    /// 2: what was typed here.
    Yours,
    /// 3: what it was before both.
    Original,
}

impl Side {
    /// The side that a key takes.
    pub(in crate::tui) fn of(key: Key) -> Option<Self> {
        match key.digit()? {
            1 => Some(Self::Current),
            2 => Some(Self::Yours),
            3 => Some(Self::Original),
            _ => None,
        }
    }
}
