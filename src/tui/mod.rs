//! The terminal front end: a model, an update without I/O, a view without change, and one driver that does the I/O.
//!
//! Keys and answers come in as [`Msg`]; [`update`](update::update) changes the [`Model`] and returns [`Effect`]s; the
//! driver carries them out off the loop and sends what came of them back as messages. Every question carries a ticket,
//! and an answer with an old ticket is dropped, so that type-ahead shows only the newest.

pub mod field;
pub mod find;
pub mod intake;
pub mod person;
mod screen;

pub use screen::{Context, Effect, Go, Handled, Msg, Screen, Shared, Status, Ticket};
