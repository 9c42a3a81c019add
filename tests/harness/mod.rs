//! Tests that speak the user's language: keys in, the text of the screen out, on any desk.

mod carried;
mod dice;
mod fake;
mod plain;
mod program;
pub(crate) mod sample;
mod screen;

pub(crate) use carried::{Carried, OVER_SOCKET, is_carried_here, is_over_socket};
pub(crate) use dice::Dice;
pub(crate) use fake::{FakeDesk, case_row, now};
pub(crate) use plain::PlainScreen;
pub(crate) use program::{OWN_DESK, PROGRAM, program};
pub(crate) use screen::TestScreen;
