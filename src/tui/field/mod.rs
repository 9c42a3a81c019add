//! What forms, editors and lists of every screen are made of: a text that is typed, a form, rows with a cursor, a draft.
//!
//! All of them draw only inside their area, whatever its size, and make every text safe before it is shown.

#[cfg(test)]
pub(in crate::tui) mod bench;
mod draft;
mod form;
mod layout;
mod left_out;
mod list;
mod picture;
mod side;
mod text_field;
mod words;

pub use draft::{DraftKeeper, Keeping};
pub use form::{Form, FormField};
pub(in crate::tui) use left_out::say_left_out;
pub use list::Choice;
pub(in crate::tui) use picture::{Picture, place_beside};
pub(in crate::tui) use side::Side;
pub use text_field::{TextField, Written};
pub use words::{case_line, person_number, stage_word};

/// Inputs that are kept back while a form waits for an answer; far more than anybody types ahead.
pub const KEPT_BACK_MAX: usize = 512;
