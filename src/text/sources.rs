//! An error, with what caused it.

use std::error::Error;

/// An error with what caused it, and what caused that, in one sentence.
#[must_use]
pub fn with_sources(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
