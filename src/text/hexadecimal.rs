//! Bytes as digits.

use std::fmt::Write as _;

/// Bytes as lower-case hexadecimal digits, two a byte, as hashes and keys are shown.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail; its signature says so only by returning a result.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
