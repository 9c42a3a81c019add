//! Promises on the screen: made in a line, listed by their times, ringing in the header, and ended in place.

mod ending;
mod line;
mod list;
mod making;
mod ring;
mod screen;
mod words;

pub(in crate::tui) use line::{After, Line};
pub(in crate::tui) use list::PromiseList;
pub(in crate::tui) use making::About;
pub(in crate::tui) use ring::{RING_FORMS, is_new, next_ring, ring_words};
pub(in crate::tui) use screen::PromisesScreen;
pub(in crate::tui) use words::{board_line, open_words};
