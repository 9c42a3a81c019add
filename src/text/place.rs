//! Says where in a text a byte lies, for messages about files.

/// The line of a byte, from 1.
#[must_use]
pub fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
