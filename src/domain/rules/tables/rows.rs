//! A table as its text has it, before anybody has looked at what the words mean.

/// Something that was written, and the line on which it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) line: u32,
}

/// A row as it was written.
#[derive(Debug, Default)]
pub(super) struct SaidRow {
    pub(super) line: u32,
    pub(super) id: String,
    /// Fact and cell.
    pub(super) when: Vec<(Said, String)>,
    /// Output and value.
    pub(super) then: Vec<(Said, String)>,
    pub(super) note: String,
}

/// A table as it was written: its head by keys, and its rows.
#[derive(Debug, Default)]
pub(super) struct SaidTable {
    pub(super) head: Vec<(Said, String)>,
    pub(super) rows: Vec<SaidRow>,
}
