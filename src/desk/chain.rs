//! The audit chain: each event's hash covers the one before it, and a salted commitment to what it says.
//!
//! The commitment, not the payload, goes into the chain, so that a payload can be erased by law and the chain still
//! verifies.

use sha2::{Digest, Sha256};

use crate::codec::{FRAME_BYTES_MAX, to_bytes};
use crate::domain::{EntityId, EventRecord};

use super::records::ChainHead;

/// Sixteen bytes out of a commit's random seed.
pub(super) fn draw(seed: &[u8; 16], ordinal: u64) -> [u8; 16] {
    let digest = Sha256::new().chain_update(seed).chain_update(ordinal.to_be_bytes()).finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    bytes
}

/// Puts an event into its place behind `head`: gives it its sequence and hash, and moves the head.
pub(super) fn link(head: &mut ChainHead, record: &mut EventRecord) -> Result<(), String> {
    record.sequence = head.sequence + 1;
    record.hash = hash(&head.hash, record)?;
    *head = ChainHead { sequence: record.sequence, hash: record.hash };
    Ok(())
}

/// What stands in the chain for a payload.
pub(super) fn commitment(salt: &[u8; 16], payload: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(payload).finalize().into()
}

/// The hash that an event has behind `previous`.
pub(super) fn hash(previous: &[u8; 32], record: &EventRecord) -> Result<[u8; 32], String> {
    let payload = to_bytes(&record.event, FRAME_BYTES_MAX).map_err(|error| error.to_string())?;
    let commitment = commitment(&record.salt, &payload);
    let mut digest = Sha256::new();
    let mut field = |bytes: &[u8]| {
        digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(bytes);
    };
    field(previous);
    field(&record.sequence.to_be_bytes());
    field(&record.at.milliseconds().to_be_bytes());
    field(&record.actor.0.to_be_bytes());
    field(record.on_behalf_of.as_deref().unwrap_or_default().as_bytes());
    field(&record.unit.0.to_be_bytes());
    field(&super::keys::entity(&record.entity));
    field(record.reason.as_deref().unwrap_or_default().as_bytes());
    field(record.purpose.as_ref().map(|purpose| purpose.0.as_str()).unwrap_or_default().as_bytes());
    field(record.rule.as_deref().unwrap_or_default().as_bytes());
    field(&commitment);
    Ok(digest.finalize().into())
}

/// Whether an event is about a record that the directory keeps in memory.
pub(super) fn touches_directory(id: &EntityId) -> bool {
    matches!(
        id,
        EntityId::Office
            | EntityId::Unit(_)
            | EntityId::Queue(_)
            | EntityId::Caseworker(_)
            | EntityId::Subject(_)
            | EntityId::Template(_)
            | EntityId::TextModule(_)
            | EntityId::RecallTime
            | EntityId::Publication(_)
            | EntityId::Rights(_)
            | EntityId::Group(_)
            | EntityId::Access(_)
            | EntityId::UnitProfile(_)
            | EntityId::Purpose(_)
    )
}
