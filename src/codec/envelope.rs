//! The envelope of a record: what it is, in which schema, and whether it is whole.

use super::CodecError;
use super::payload::{RECORD_BYTES_MAX, decode_payload, to_bytes};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes before a payload.
pub(super) const ENVELOPE_BYTES: usize = 7;

/// The key id of a payload that is not encrypted.
const NO_KEY: u8 = 0;

/// A type that the store keeps: its tag, its present schema, and the way up from older ones.
pub trait Record: Serialize + DeserializeOwned {
    /// The type's tag in the envelope; never given to another type.
    const TYPE: u8;
    /// The schema that is written today.
    const VERSION: u8;

    /// Reads a payload of an older schema: decodes the frozen struct of that version with [`decode_payload`] and
    /// converts it.
    ///
    /// # Errors
    /// [`CodecError::UnknownVersion`] for every version that is not named; the default names none.
    fn upgrade(version: u8, _payload: &[u8]) -> Result<Self, CodecError> {
        Err(CodecError::UnknownVersion { type_tag: Self::TYPE, version })
    }
}

/// A record's envelope, opened and found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The type of the record.
    pub type_tag: u8,
    /// The schema of its payload.
    pub version: u8,
    /// The encoded value.
    pub payload: &'a [u8],
}

/// Encodes a record with the tag and version of its type.
///
/// # Errors
/// As [`encode`].
pub fn encode_record<R: Record>(record: &R) -> Result<Vec<u8>, CodecError> {
    encode(R::TYPE, R::VERSION, record)
}

/// Decodes a record, by way of [`Record::upgrade`] where it was written in another schema.
///
/// # Errors
/// As [`decode`], and whatever the upgrade finds.
pub fn decode_record<R: Record>(bytes: &[u8]) -> Result<R, CodecError> {
    let envelope = open_as(R::TYPE, bytes)?;
    if envelope.version == R::VERSION {
        decode_payload(envelope.payload)
    } else {
        R::upgrade(envelope.version, envelope.payload)
    }
}

/// Encodes a value in an envelope of the given type and schema version.
///
/// # Errors
/// [`CodecError::TooLarge`] above [`RECORD_BYTES_MAX`], envelope included, and [`CodecError::Encode`].
pub fn encode<T: Serialize + ?Sized>(
    type_tag: u8,
    version: u8,
    value: &T,
) -> Result<Vec<u8>, CodecError> {
    enclose(type_tag, version, &to_bytes(value, RECORD_BYTES_MAX - ENVELOPE_BYTES)?)
}

/// Puts a payload into an envelope.
pub(super) fn enclose(type_tag: u8, version: u8, payload: &[u8]) -> Result<Vec<u8>, CodecError> {
    let bytes = ENVELOPE_BYTES + payload.len();
    if bytes > RECORD_BYTES_MAX {
        return Err(CodecError::TooLarge { bytes, max: RECORD_BYTES_MAX });
    }
    let head = [type_tag, version, NO_KEY];
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + payload.len());
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&checksum(head, payload).to_be_bytes());
    bytes.extend_from_slice(payload);
    Ok(bytes)
}

/// Decodes a value that [`encode`] put into an envelope of exactly this type and schema version.
///
/// # Errors
/// As [`open`], [`CodecError::WrongType`], [`CodecError::UnknownVersion`], and as [`decode_payload`].
pub fn decode<T: DeserializeOwned>(
    type_tag: u8,
    version: u8,
    bytes: &[u8],
) -> Result<T, CodecError> {
    let envelope = open_as(type_tag, bytes)?;
    if envelope.version != version {
        return Err(CodecError::UnknownVersion { type_tag, version: envelope.version });
    }
    decode_payload(envelope.payload)
}

/// Opens an envelope of any type and proves that it is whole, without decoding what is in it; for `verify`.
///
/// # Errors
/// [`CodecError::TooLarge`], [`CodecError::TooShort`], [`CodecError::Checksum`] and [`CodecError::UnknownKey`].
pub fn open(bytes: &[u8]) -> Result<Envelope<'_>, CodecError> {
    if bytes.len() > RECORD_BYTES_MAX {
        return Err(CodecError::TooLarge { bytes: bytes.len(), max: RECORD_BYTES_MAX });
    }
    let Some((&[type_tag, version, key_id, a, b, c, d], payload)) =
        bytes.split_first_chunk::<ENVELOPE_BYTES>()
    else {
        return Err(CodecError::TooShort { bytes: bytes.len() });
    };
    let expected = u32::from_be_bytes([a, b, c, d]);
    let found = checksum([type_tag, version, key_id], payload);
    if expected != found {
        return Err(CodecError::Checksum { expected, found });
    }
    if key_id != NO_KEY {
        return Err(CodecError::UnknownKey { key_id });
    }
    Ok(Envelope { type_tag, version, payload })
}

pub(super) fn open_as(expected: u8, bytes: &[u8]) -> Result<Envelope<'_>, CodecError> {
    let envelope = open(bytes)?;
    if envelope.type_tag != expected {
        return Err(CodecError::WrongType { expected, found: envelope.type_tag });
    }
    Ok(envelope)
}

fn checksum(head: [u8; 3], payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&head), payload)
}
