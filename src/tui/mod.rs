//! The terminal front end: a model, an update without I/O, a view without change, and one room, `driver`, that does the I/O.
//!
//! Keys and answers come in as [`Msg`]; [`update`] changes the [`Model`] and returns [`Effect`]s; the driver carries them
//! out off the loop and sends what came of them back as messages. Every question carries a ticket, and an answer with an
//! old ticket is dropped, so that type-ahead shows only the newest.
//!
//! A screen is a struct in the model that owns its state, its focus and its editors. A new one implements [`Screen`] and
//! has one line in `place.rs` and one in `screens.rs`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a screen takes the actions and keys that it knows and leaves every other to the shell, new ones included"
)]

mod accesses;
mod asking;
mod away;
#[cfg(test)]
mod bench;
mod board;
mod calibrate;
pub mod case;
pub mod casework;
mod chart;
mod colleagues;
mod contact;
mod day;
mod drafts;
mod driver;
mod duplicates;
mod emergency;
pub mod field;
pub mod find;
mod footer;
mod habits;
mod handover;
mod header;
mod help;
mod here;
mod history;
pub mod intake;
mod ledger;
mod look;
mod merge_people;
mod model;
mod money;
mod news;
mod opening;
mod others;
mod overdue;
pub mod paint;
mod palette;
pub mod person;
mod place;
mod plain;
mod promises;
mod purposes;
mod rights;
mod screen;
mod screens;
mod sheet;
mod shell;
mod signings;
mod slip;
mod small;
mod status;
mod stay;
mod stepping;
mod text;
pub mod thin;
mod tutor;
mod update;
mod view;
mod when;
mod whereabouts;
mod which_key;

pub use chart::Charts;
pub use driver::{
    Options, PlainOptions, Pressed, TuiError, give_back as give_back_terminal, press, run,
    run_plain,
};
pub use look::{Bidi, Look, Theme};
pub use model::{Model, REST};
pub use plain::Plain;
pub use screen::{Context, Effect, Go, Handled, Msg, Screen, Shared, Status, Ticket, Towards};
pub use sheet::Sheet;
pub use tutor::Prepared;
pub use update::{take_in, update};
pub use view::view;
pub use whereabouts::Whereabouts;
