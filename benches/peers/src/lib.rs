//! What the programs that measure searches share.

pub mod people;
