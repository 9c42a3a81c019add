//! What a caseworker keeps for themselves: saved views and macros.

use serde::{Deserialize, Serialize};

/// A list with a limit and an order, as a caseworker keeps it for themselves. Everything is kept in words, so that it is
/// read with whatever the words mean then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// What it is called.
    pub name: String,
    /// The word on the strip of the list that it begins from, as `Inbox`.
    pub list: String,
    /// The limit, as it is typed.
    pub limit: String,
    /// The order, as `received` or `-due`.
    pub sort: String,
}

/// The saved views of a caseworker, in the order of their digits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedViews {
    /// The views, each of another name.
    pub views: Vec<SavedView>,
}

/// Bytes of a macro's keys.
pub const MACRO_BYTES_MAX: usize = 4_000;

/// Keys under a name, as a caseworker keeps them for themselves: to be pressed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Macro {
    /// What it is called.
    pub name: String,
    /// Its keys, as they are typed: `tka<Enter>`. They hold every text that was typed while they were recorded.
    pub keys: String,
}
