//! Records that are one list, to which something is appended without decoding what is in it.

use serde::Serialize;

use super::CodecError;
use super::envelope::{ENVELOPE_BYTES, Record, enclose, open_as};
use super::payload::{RECORD_BYTES_MAX, decode_count, to_bytes};

/// The values of a record that is a struct of one list and nothing else, as they are encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EncodedList {
    count: u64,
    values: Vec<u8>,
}

impl EncodedList {
    /// Opens a record of such a type, and proves that it is whole. One of an older schema is decoded and encoded anew.
    ///
    /// # Errors
    /// As [`decode_record`](super::decode_record).
    pub fn open<R: Record>(bytes: &[u8]) -> Result<Self, CodecError> {
        let envelope = open_as(R::TYPE, bytes)?;
        if envelope.version == R::VERSION {
            return Self::of_payload(envelope.payload);
        }
        let renewed = R::upgrade(envelope.version, envelope.payload)?;
        Self::of_payload(&to_bytes(&renewed, RECORD_BYTES_MAX)?)
    }

    fn of_payload(payload: &[u8]) -> Result<Self, CodecError> {
        let (count, values) = decode_count(payload)?;
        Ok(Self { count, values: values.to_vec() })
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Appends a value of the list's type.
    ///
    /// # Errors
    /// [`CodecError::Encode`], and [`CodecError::TooLarge`] for a value that no record could hold.
    pub fn push<T: Serialize>(&mut self, value: &T) -> Result<(), CodecError> {
        self.values.extend(to_bytes(value, RECORD_BYTES_MAX)?);
        self.count += 1;
        Ok(())
    }

    /// Appends all of another list of the same type.
    pub fn extend(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
        self.count += other.count;
    }

    /// Bytes of the record that it would be with all of another list of the same type behind it.
    ///
    /// # Errors
    /// [`CodecError::Encode`].
    pub fn bytes_with(&self, more: &Self) -> Result<usize, CodecError> {
        let count = to_bytes(&(self.count + more.count), RECORD_BYTES_MAX)?;
        Ok(ENVELOPE_BYTES + count.len() + self.values.len() + more.values.len())
    }

    /// The record.
    ///
    /// # Errors
    /// [`CodecError::TooLarge`] above [`RECORD_BYTES_MAX`], envelope included.
    pub fn close<R: Record>(&self) -> Result<Vec<u8>, CodecError> {
        let mut payload = to_bytes(&self.count, RECORD_BYTES_MAX)?;
        payload.extend_from_slice(&self.values);
        enclose(R::TYPE, R::VERSION, &payload)
    }
}
