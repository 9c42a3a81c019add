//! A backend of ratatui for slow lines: it knows what the terminal shows, and writes the fewest bytes that change it.
//!
//! Two grids are kept: what is wanted, into which screens draw, and what the terminal shows. A frame compares them, tries
//! a few ways to get from one to the other (cell by cell, after scrolling a block of rows, on an emptied screen), and
//! writes the shortest in one piece; where nothing changed, nothing is written. Nothing is ever asked of the terminal, for
//! an answer takes a round trip on a satellite's line and never comes from some terminals.

mod abilities;
mod backend;
mod charset;
mod compare;
mod face;
mod grid;
mod kinds;
mod moves;
mod pen;
mod shift;

pub use abilities::{Abilities, Charset, Colours, Dialect, Lines, Modes};
pub use backend::Thin;
pub(in crate::tui) use charset::in_ascii;
pub use kinds::Surroundings;
pub(in crate::tui) use shift::Shift;
