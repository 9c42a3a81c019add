//! casedesk.

pub mod codec;
pub mod config;
pub mod desk;
pub mod domain;
pub mod keymap;
pub mod made;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
