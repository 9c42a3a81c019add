//! Turns records and frames into bytes and back; the only room that knows how.
//!
//! A record lies in an envelope of seven bytes, `[type][schema version][key id, 0 for none][crc32c, big-endian]`,
//! before its payload. The checksum covers the first three bytes as well as the payload, so that a flipped version is
//! damage, and never an old record read as a new one. The payload is bincode with variable-length integers: fields have
//! no names in it, so a struct that changes becomes a `CaseV2` beside a frozen `CaseV1`, and enum variants are only
//! appended. `#[serde(skip)]`, `flatten`, `untagged` and `tag` do not work in it. Record types are not recursive: bytes
//! that nest without end would exhaust the stack.
//!
//! bincode is declared unmaintained (RUSTSEC-2025-0141); version 2.0.1 is pinned, and no other room names it.

mod envelope;
mod list;
mod payload;

pub use envelope::{Envelope, Record, decode, decode_record, encode, encode_record, open};
pub use list::EncodedList;
pub use payload::{
    FRAME_BYTES_MAX, RECORD_BYTES_MAX, append_bytes, decode_payload, from_bytes, to_bytes,
};

/// Why a value did not become bytes, or bytes did not become a value.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The bytes are more than a record or frame may have.
    #[error("it takes {bytes} bytes, and {max} is the most")]
    TooLarge {
        /// Bytes found or needed.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// The value has a part that the encoding cannot express.
    #[error("cannot encode the value")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The payload is not one of the type asked for.
    #[error("cannot decode the payload")]
    Decode(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The value ended before its bytes did.
    #[error("{bytes} bytes are left over after the value")]
    LeftOver {
        /// Bytes not consumed.
        bytes: usize,
    },
    /// There are fewer bytes than an envelope has.
    #[error("{bytes} bytes are too few for an envelope")]
    TooShort {
        /// Bytes found.
        bytes: usize,
    },
    /// The checksum does not match: the bytes are not what was written.
    #[error("the checksum says {expected:08x} and the bytes say {found:08x}")]
    Checksum {
        /// The checksum in the envelope.
        expected: u32,
        /// The checksum of what is there.
        found: u32,
    },
    /// The envelope holds a record of another type.
    #[error("it is a record of type {found}, and type {expected} was asked for")]
    WrongType {
        /// The type asked for.
        expected: u8,
        /// The type found.
        found: u8,
    },
    /// The record was written in a schema that this program does not know, most likely by a newer one.
    #[error(
        "a record of type {type_tag} has schema version {version}, which this program cannot read"
    )]
    UnknownVersion {
        /// The record's type.
        type_tag: u8,
        /// The version found.
        version: u8,
    },
    /// The payload is encrypted under a key that is not at hand.
    #[error("the record is encrypted with key {key_id}, which is not at hand")]
    UnknownKey {
        /// The key's number in the envelope.
        key_id: u8,
    },
}
