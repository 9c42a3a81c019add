//! Tests that speak the user's language: keys in, the text of the screen out, on any desk.

mod dice;
mod fake;
mod plain;
pub(crate) mod sample;
mod screen;

pub(crate) use dice::Dice;
pub(crate) use fake::{FakeDesk, case_row, now};
pub(crate) use plain::PlainScreen;
pub(crate) use screen::TestScreen;
