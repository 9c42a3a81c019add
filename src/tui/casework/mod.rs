//! The inline editors: what is done with a case in the place where its row stands.
//!
//! Board, case screen and person file each own one [`Casework`] and hand it what belongs to it. Every editor is a struct
//! in a file of its own that owns its text and its focus; `editing.rs` opens, sends and keeps drafts for all of them, so
//! that an editor says only what it shows and what it would have done.

mod checklist;
mod classed;
mod classifying;
mod close;
mod correct;
mod deciding;
mod editing;
mod editor;
mod escalate;
mod existing;
mod extending;
mod fill;
mod give;
mod hold;
mod indexing;
mod knowledge;
mod letters;
mod many;
mod meaning;
mod merge;
mod modules;
mod note;
mod open;
mod promising;
mod reopen;
mod repeat;
mod reply;
mod returned;
mod reviewing;
mod screening;
mod steps;
mod subject_picker;
mod suggested;
mod way;
mod why;

pub(super) use checklist::waits_for;
pub use editing::Casework;
