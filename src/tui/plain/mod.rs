//! The plain mode: the same model, read out in lines and numbers, for screen readers, braille lines and teletypes.
//!
//! [`Plain`] takes a line that was entered, works out what it means here from the live keymap, has the model do it, and
//! says what is new in the order in which one reads. It does no I/O; `driver/plain.rs` does that.

mod doing;
mod help;
mod line;
mod meaning;
mod page;
mod report;
pub(in crate::tui) mod say;
mod session;
mod speech;
mod words;

pub use session::Plain;
pub(in crate::tui) use speech::{Said, Speech, Typing};
