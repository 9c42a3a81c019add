//! Hostile text in every field of every screen, title, error and answer of the command line is shown harmless, whoever
//! brought it past the door; and the door refuses what it can.

mod command_line;
mod desk;
mod door;
mod payload;
mod rewriting;
mod screens;
mod sizes;
