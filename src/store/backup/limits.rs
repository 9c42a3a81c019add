//! Every limit of backups, in one place.

/// Bytes of a `backup.json`: a record of a file takes about 250, so that this is a journal of some 4 TiB.
pub(super) const RECORD_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Bytes of a file of recipients or identities.
pub(super) const KEYS_BYTES_MAX: u64 = 64 * 1024;

/// Bytes that are copied at a time.
pub(super) const BLOCK_BYTES: usize = 256 * 1024;

/// Bytes by which encryption may lengthen a file: a header of some recipients, and 16 bytes in each 64 KiB.
pub(super) const fn encrypted_bytes_max(bytes: u64) -> u64 {
    bytes + bytes / 4_096 + 64 * 1024
}
