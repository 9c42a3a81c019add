//! Tests that speak the user's language: keys in, the text of the screen out, on any desk.

mod fake;
mod screen;

pub(crate) use fake::{FakeDesk, case_row, now};
pub(crate) use screen::TestScreen;
