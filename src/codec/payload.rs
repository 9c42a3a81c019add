//! The encoding of a value without an envelope, always with a limit.

use super::CodecError;
use bincode::config::{self, Configuration, Limit, LittleEndian, Varint};
use bincode::serde::{decode_from_slice, encode_into_std_write, encode_to_vec};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The most bytes that a record takes, envelope included: sled puts larger values into files that it never syncs.
pub const RECORD_BYTES_MAX: usize = 16 * 1024;

/// The most bytes that any frame of the link takes.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// The decoder counts a number at its full width while the bytes hold it in as few as one, and the widest number has
/// 16: with this factor everything that was encoded within a limit is decoded within it.
const WIDENING: usize = 16;

const MEMORY_BYTES_MAX: usize = FRAME_BYTES_MAX * WIDENING;
const RECORD_MEMORY_BYTES_MAX: usize = RECORD_BYTES_MAX * WIDENING;

fn record_configuration() -> Configuration<LittleEndian, Varint, Limit<RECORD_MEMORY_BYTES_MAX>> {
    config::standard().with_limit()
}

fn frame_configuration() -> Configuration<LittleEndian, Varint, Limit<MEMORY_BYTES_MAX>> {
    config::standard().with_limit()
}

/// Encodes a value in at most `bytes_max` bytes, without an envelope; for frames, whose length and checksum lie
/// elsewhere.
///
/// # Errors
/// [`CodecError::TooLarge`] above `bytes_max` or [`FRAME_BYTES_MAX`], and [`CodecError::Encode`].
pub fn to_bytes<T: Serialize + ?Sized>(value: &T, bytes_max: usize) -> Result<Vec<u8>, CodecError> {
    let bytes = encode_to_vec(value, frame_configuration())
        .map_err(|error| CodecError::Encode(Box::new(error)))?;
    within(&bytes, bytes_max.min(FRAME_BYTES_MAX))?;
    Ok(bytes)
}

/// Encodes a value as [`to_bytes`] does, behind what is there; where it does not fit, nothing is put there.
///
/// # Errors
/// As those of [`to_bytes`].
pub fn append_bytes<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    value: &T,
    bytes_max: usize,
) -> Result<usize, CodecError> {
    let begin = out.len();
    let written = encode_into_std_write(value, out, frame_configuration())
        .map_err(|error| CodecError::Encode(Box::new(error)));
    let bytes = out.len() - begin;
    let whole = written.and_then(|_| within_length(bytes, bytes_max.min(FRAME_BYTES_MAX)));
    if whole.is_err() {
        out.truncate(begin);
    }
    whole.map(|()| bytes)
}

/// Decodes a value that [`to_bytes`] encoded, from all of the bytes and from at most `bytes_max`.
///
/// # Errors
/// [`CodecError::TooLarge`] before anything is read, [`CodecError::Decode`], [`CodecError::LeftOver`].
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8], bytes_max: usize) -> Result<T, CodecError> {
    within(bytes, bytes_max.min(FRAME_BYTES_MAX))?;
    let (value, consumed) = decode_from_slice(bytes, frame_configuration())
        .map_err(|error| CodecError::Decode(Box::new(error)))?;
    all_consumed(bytes, consumed)?;
    Ok(value)
}

/// Decodes the payload of a record, for a [`super::Record::upgrade`] that reads an older struct.
///
/// # Errors
/// As [`from_bytes`], with [`RECORD_BYTES_MAX`] as the limit.
pub fn decode_payload<T: DeserializeOwned>(payload: &[u8]) -> Result<T, CodecError> {
    within(payload, RECORD_BYTES_MAX)?;
    let (value, consumed) = decode_from_slice(payload, record_configuration())
        .map_err(|error| CodecError::Decode(Box::new(error)))?;
    all_consumed(payload, consumed)?;
    Ok(value)
}

/// How many values a list has, and the rest of its payload: the values, one behind the other.
pub(super) fn decode_count(payload: &[u8]) -> Result<(u64, &[u8]), CodecError> {
    let (count, consumed) = decode_from_slice(payload, record_configuration())
        .map_err(|error| CodecError::Decode(Box::new(error)))?;
    Ok((count, payload.get(consumed..).unwrap_or_default()))
}

fn within(bytes: &[u8], max: usize) -> Result<(), CodecError> {
    within_length(bytes.len(), max)
}

fn within_length(bytes: usize, max: usize) -> Result<(), CodecError> {
    if bytes > max {
        return Err(CodecError::TooLarge { bytes, max });
    }
    Ok(())
}

fn all_consumed(bytes: &[u8], consumed: usize) -> Result<(), CodecError> {
    match bytes.len().saturating_sub(consumed) {
        0 => Ok(()),
        bytes => Err(CodecError::LeftOver { bytes }),
    }
}
