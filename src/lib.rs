//! casedesk.

pub mod cli;
pub mod codec;
pub mod config;
pub mod desk;
pub mod domain;
pub mod exchange;
pub mod keymap;
pub mod link;
pub mod made;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
