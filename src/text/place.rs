//! Says where in a text a byte lies, for messages about files.

/// Where the lines of a text end, so that each of its many lines is found without reading what stands before it again.
#[derive(Debug)]
pub struct Lines {
    ends: Vec<usize>,
}

impl Lines {
    /// The lines of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// The line of a byte, from 1; the line break is the last of its line.
    #[must_use]
    pub fn at(&self, byte: usize) -> usize {
        self.ends.partition_point(|end| *end < byte) + 1
    }
}

/// The line of a byte, from 1, where it is the only one that is asked for.
#[must_use]
pub fn line_at(text: &str, byte: usize) -> usize {
    Lines::of(text).at(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_the_last_byte_of_its_line() {
        let lines = Lines::of("ab\n\nc");
        assert_eq!([0, 1, 2, 3, 4, 9].map(|byte| lines.at(byte)), [1, 1, 1, 2, 3, 3]);
        assert_eq!(Lines::of("").at(0), 1);
    }
}
