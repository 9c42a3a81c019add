//! Keys as data: the table of actions, the presets, and the user's file laid over them.
//!
//! [`ACTIONS`] is the one table that footer, help, palette and `keys check` read. A [`Keymap`] says which keys mean which
//! action in which [`Context`]; resolving a key is all it does, carrying an action out is the terminal's part.
//! A new action is one line of the table in `actions.rs` and one line in each preset that has a key for it.

mod actions;
mod advice;
mod check;
mod context;
mod file;
mod key;
mod layout;
mod load;
mod map;
mod mention;
mod preset;
mod problem;

pub use actions::{ACTIONS, Action, ActionInfo};
pub use context::Context;
pub use key::{Key, KeyCode, KeyError, Modifiers, parse_sequence, print_sequence};
pub use layout::{LAYOUT_AUTO, LAYOUT_OFF};
pub use map::{Continuation, Keymap, Resolution};
pub use preset::{PRESETS, preset_names};
pub use problem::{Problem, ProblemKind};
