//! What is told of decision tables: whether a text is sound, and which row would fire.

use serde::{Deserialize, Serialize};

use crate::domain::rules::{Fired, Flaw};

/// Whether the text of a table is sound in this office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCheckAnswer {
    /// What keeps it from being published, in the order of lines.
    pub flaws: Vec<Flaw>,
    /// What whoever publishes it should know: cases that hit no row.
    pub warnings: Vec<Flaw>,
    /// How many rows it has.
    pub rows: u64,
}

/// Which row of a table would fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTryAnswer {
    /// The row, what followed, and the facts that it asked for; no row where none holds.
    pub fired: Fired,
    /// The line of the row in the text.
    pub line: Option<u32>,
    /// Why the row is there, in the words of the table.
    pub note: String,
}
