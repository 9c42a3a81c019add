//! Decision tables, after DMN's unique and first hit policies: rows of conditions over facts in which there is no person.

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;

use super::{Condition, Fact};

/// What a table decides. Its output columns follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TableUse {
    /// Which case type handles a matter: output `type`.
    Classify,
    /// Where a case goes: outputs `unit` and, where it is not the inbox, `queue`.
    Route,
    /// Which terms its clocks have instead of the type's: outputs by clock, as `decide` = `10 working days`.
    Clocks,
    /// How widely it may be seen: output `confidentiality`; never lower than the type's own.
    Confidentiality,
}

/// How many rows may hold, and which of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitPolicy {
    /// U: at most one row holds; the checker proves it.
    Unique,
    /// F: the first row that holds counts.
    First,
}

/// An input column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its fact.
    pub fact: Fact,
}

/// A row: conditions, and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its id within the table, unique: what is stored on the cases where it fired.
    pub id: String,
    /// The line of the text, from 1.
    pub line: u32,
    /// One for each input column, in their order.
    pub conditions: Vec<Condition>,
    /// Output column and value, in the order of the table's outputs.
    pub outputs: Vec<(String, String)>,
    /// Why, in a sentence: shown by "why?".
    pub note: String,
}

/// A decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionTable {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// What it decides.
    pub decides: TableUse,
    /// How many rows may hold.
    pub policy: HitPolicy,
    /// Whether every case has to hit a row.
    pub is_complete: bool,
    /// Its inputs.
    pub inputs: Vec<Column>,
    /// Its outputs.
    pub outputs: Vec<String>,
    /// Its rows, in order.
    pub rows: Vec<TableRow>,
}

/// A row that fired, as it is stored on the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// What was decided.
    pub decides: TableUse,
    /// The table's code; `type` where the case type itself said it, and no table.
    pub table: String,
    /// Its version.
    pub version: u32,
    /// The row's id; empty where no row held.
    pub row: String,
    /// What followed, in words: output and value.
    pub outputs: Vec<(String, String)>,
    /// The facts that the row asked for, in words: fact and value.
    pub facts: Vec<(String, String)>,
    /// When.
    pub at: Instant,
}

impl DecisionTable {
    /// The row of an id, as it is stored on the cases where it fired.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&TableRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}

impl TableRow {
    /// What follows for an output.
    #[must_use]
    pub fn output(&self, named: &str) -> Option<&str> {
        self.outputs.iter().find(|(output, _)| output == named).map(|(_, value)| value.as_str())
    }
}

impl Fired {
    /// What stands in the events that follow from it, as `routing@1/r4`.
    #[must_use]
    pub fn rule(&self) -> String {
        let row = if self.row.is_empty() { "none" } else { &self.row };
        format!("{}@{}/{row}", self.table, self.version)
    }
}
