//! Numbers and short texts packed into bytes, and read back without trust in what the bytes say.

use super::SearchError;

/// Appends `value` in groups of seven bits, the lowest first.
pub(super) fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(low_byte(value) | 0x80);
        value >>= 7;
    }
    out.push(low_byte(value));
}

/// Appends the length of `bytes`, then the bytes.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn low_byte(value: u64) -> u8 {
    value.to_le_bytes().first().copied().unwrap_or_default() & 0x7f
}

/// Reads packed values from the front of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packed<'a> {
    rest: &'a [u8],
    record: &'static str,
}

impl<'a> Packed<'a> {
    /// A reader of `rest`; errors name `record`.
    pub(super) fn new(rest: &'a [u8], record: &'static str) -> Self {
        Self { rest, record }
    }

    /// Whether everything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes were not read yet.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, SearchError> {
        let (&first, rest) = self.rest.split_first().ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(first)
    }

    /// The next number.
    pub(super) fn number(&mut self) -> Result<u64, SearchError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.damaged())
    }

    /// The next number, which counts or names something small.
    pub(super) fn small(&mut self) -> Result<u32, SearchError> {
        u32::try_from(self.number()?).ok().ok_or_else(|| self.damaged())
    }

    /// The next bytes with their length in front.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], SearchError> {
        let length = usize::try_from(self.number()?).ok().ok_or_else(|| self.damaged())?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(bytes)
    }

    /// The next bytes as text.
    pub(super) fn text(&mut self) -> Result<&'a str, SearchError> {
        std::str::from_utf8(self.bytes()?).ok().ok_or_else(|| self.damaged())
    }

    fn damaged(&self) -> SearchError {
        SearchError::Damaged { record: self.record }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_and_a_cut_one_is_an_error() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, value);
            assert_eq!(Packed::new(&bytes, "test").number().unwrap(), value);
            bytes.pop();
            assert!(Packed::new(&bytes, "test").number().is_err());
        }
    }

    #[test]
    fn a_length_beyond_the_end_is_an_error() {
        assert!(Packed::new(&[9, 1, 2], "test").bytes().is_err());
        assert!(Packed::new(&[0xff; 12], "test").number().is_err());
    }
}
