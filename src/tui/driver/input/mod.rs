//! What comes from the terminal: its bytes in, keys, pastes and what could not be taken out.
//!
//! [`Scanner`](scanner::Scanner) makes keys of bytes, wherever a slow line took them apart; [`Bursts`](bursts::Bursts)
//! tells what was typed from what was pasted; [`Decoder`] is both. They do no I/O and know no clock: they are told the
//! bytes, and how long nothing came. [`Keyboard`] has the terminal and the time, for the loop that waits for it.

mod bursts;
mod decoder;
mod keyboard;
mod letters;
mod reader;
mod scanner;
mod sequences;
mod typed;

pub(super) use decoder::Decoder;
pub(super) use keyboard::Keyboard;
pub(super) use reader::{Lot, listen};
pub(super) use sequences::ASK_FOR_BRACKETS;
pub(super) use typed::Typed;
