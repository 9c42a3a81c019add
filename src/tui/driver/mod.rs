//! The only room of the terminal front end that does I/O: keys and signals in, frames out, and the desk on threads.

mod incoming;
mod input;
mod line;
mod opening;
mod output;
mod plain;
mod press;
mod run;
mod signals;
mod terminal;
mod under_way;
mod workers;

pub use plain::{PlainOptions, run_plain};
pub use press::{Pressed, press};
pub use run::{Options, TuiError, run};
pub use terminal::give_back;
