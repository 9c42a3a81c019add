//! Why an import could not begin or go on; a row that cannot be taken is no error.

use std::io;

use crate::desk::DeskError;
use crate::text::nearest;

/// Why an import could not begin, or ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A file could not be opened, read or written.
    #[error("cannot {action} {file}")]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file.
        file: String,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// There is no mapping of this name and no file either.
    #[error("there is no mapping `{name}`{hint}")]
    NoMapping {
        /// What was asked for.
        name: String,
        /// What there is, as the rest of the sentence.
        hint: String,
    },
    /// A mapping says something that cannot be.
    #[error("{file}:{line}: {what}")]
    Mapping {
        /// The mapping's file, or a shipped one's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, with the field's name.
        what: String,
    },
    /// The file has no header, or lacks a column that is needed.
    #[error("{file}: {what}")]
    Header {
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// A row says something that cannot be, in a file of which every row counts.
    #[error("{file}:{line}: {}{reason}", named(column))]
    Row {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The column's name; empty where the row as a whole is to blame.
        column: String,
        /// The reason, as a sentence.
        reason: String,
    },
    /// The file cannot be read on: nothing after this line was looked at.
    #[error("{file}: cannot be read after line {line}")]
    Broken {
        /// The file.
        file: String,
        /// The last line that was read.
        line: u64,
        /// The reader's error.
        #[source]
        source: csv::Error,
    },
    /// The desk did not take a command: rows up to this line may be in, and the next run goes on.
    #[error("the import stopped near line {line}")]
    Desk {
        /// The line of the first row that was not taken.
        line: u64,
        /// The desk's answer.
        #[source]
        source: DeskError,
    },
}

/// A column as it stands before what is wrong in it.
fn named(column: &str) -> String {
    if column.is_empty() { String::new() } else { format!("column `{column}`: ") }
}

/// `; did you mean ...` for the candidate that is few slips away from what was written; empty where none is.
pub(super) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    nearest(written, candidates)
        .map(|candidate| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}
