//! The tutor: guided practice of the eight core tasks on an office that is thrown away, with keys and seconds against the
//! goal.
//!
//! A lesson is data: what it is about, which keys it takes (looked up in the live keymap), where it begins, and the deeds
//! that it wants to see. The coach watches what everybody else does as well - keys, places, commands with their receipts -
//! and never presses anything itself.

mod coach;
mod lesson;

pub use coach::Prepared;
pub(super) use coach::{COACH_ROWS, Coach, Next, skip_key};
