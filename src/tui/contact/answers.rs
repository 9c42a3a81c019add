//! The texts of the office's knowledge that a digit of the prompt answers with (R92).

use super::super::screen::Shared;

/// Texts that have a digit.
const DIGITS: usize = 9;

/// A text of the office's knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Article {
    /// Its code, as the contact records it.
    pub(in crate::tui) code: String,
    /// What it is called.
    pub(in crate::tui) title: String,
}

/// The texts for what is on the screen, the likeliest first, at most as many as there are digits.
pub(super) fn articles(_shared: &Shared) -> Vec<Article> {
    let known: Vec<Article> = Vec::new();
    known.into_iter().take(DIGITS).collect()
}
