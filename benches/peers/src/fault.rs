//! Errors of a peer in the words of casedesk's store.

use std::fmt::Display;

use casedesk::store::{CommitError, StoreError};

/// What a peer could not do.
pub(crate) fn broken(action: &'static str, error: impl Display) -> StoreError {
    StoreError::Engine { action, message: error.to_string() }
}

/// The same, where it ends a commit.
pub(crate) fn fatal(action: &'static str, error: impl Display) -> CommitError {
    CommitError::Fatal(broken(action, error))
}
