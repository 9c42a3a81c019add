//! What a desk can be asked to do, with what goes with it, and the receipt for it.

mod commands;
mod draft;
mod own;
mod receipt;
mod wishes;

pub use commands::{Command, Request};
pub use draft::{Draft, DraftForm, DraftKey};
pub use own::{MACRO_BYTES_MAX, Macro, SavedView, SavedViews};
pub use receipt::{Receipt, RowResult, Undoable};
pub use wishes::{FilledField, Holder, IntakePromise, PromiseWish, TakeIn};
