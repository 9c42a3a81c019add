//! Why a backup or a restore did not happen.

use super::super::StoreError;

/// Why there is no backup, or nothing restored. In each case nothing is left under the name that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be read or written, or the store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something has the name that was asked for.
    #[error("{path} is there already; nothing is written over")]
    Exists {
        /// The name.
        path: String,
    },
    /// The directory to write in is there, and nothing says that an earlier try left it.
    #[error("{path} is there, and is not known to be left over from an earlier try")]
    NotOurs {
        /// The directory.
        path: String,
    },
    /// Another process is writing there.
    #[error("another process is writing in {path}")]
    Busy {
        /// The directory.
        path: String,
    },
    /// There is too little room.
    #[error("{path} has {free_bytes} bytes free, and {needed_bytes} are needed")]
    NoRoom {
        /// Where it was to be written.
        path: String,
        /// Bytes that are free there.
        free_bytes: u64,
        /// Bytes that are needed there.
        needed_bytes: u64,
    },
    /// A file of the backup is not what was written.
    #[error("{file}: {what}")]
    Bad {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A recipient or an identity cannot be used, or opens nothing here.
    #[error("{place}: {what}")]
    Key {
        /// Where it was given: a file with its line, or the command line.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// The backup did not restore to what was acknowledged, so that it is none.
    #[error("the backup did not prove itself, and is gone again: {what}")]
    Unproved {
        /// What the restore aside came to.
        what: String,
    },
    /// It was asked to stop.
    #[error("stopped; nothing is left of it")]
    Stopped,
}
