//! The ordered key-value store: a trait in plain bytes, and the engines behind it.

mod api;

pub use api::*;
