//! Contacts at the screen: one prompt that begins one, ends one with a letter, and asks a caller who they are.

mod answers;
mod prompt;
mod shell;
mod verifying;

pub(in crate::tui) use prompt::Prompt;
pub(in crate::tui) use shell::{
    act, articles, ask_why, greet, key, open, paste, verify, verifying,
};
