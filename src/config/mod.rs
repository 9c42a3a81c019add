//! Where casedesk's data lies, how it works on this machine and what the caseworker prefers, from arguments alone: the
//! environment is handed in.

mod directories;
mod preferences;
mod system;

pub use directories::{Environment, data_directory, preferences_file};
pub use preferences::{ChartSigns, Preferences};
pub use system::{Mode, SYSTEM_FILE, SystemConfig};

use std::path::PathBuf;

/// Why a directory or a preference is not known.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Nothing says where the data lies.
    #[error("there is no data directory: give --data DIR, or set CASEDESK_DATA or HOME")]
    NoDataDirectory,
    /// The preferences file is there and cannot be read.
    #[error("cannot read {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// The preferences file is longer than any such file has reason to be.
    #[error("{} has more than {max} bytes", file.display())]
    TooLong {
        /// The file.
        file: PathBuf,
        /// The limit in bytes.
        max: u64,
    },
    /// A line of the preferences file is not TOML.
    #[error("{}:{line}: {what}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// A field of the preferences file does not exist or has a value of the wrong kind.
    #[error("{}:{line}: `{field}` {what}", file.display())]
    Field {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The field as it is written.
        field: String,
        /// What is wrong with it.
        what: &'static str,
    },
}
