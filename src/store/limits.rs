//! Every limit of the store, in one place.

use std::sync::Arc;
use std::time::Duration;

use super::{Disk, SystemDisk};

/// The longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 1024;

/// The longest value, in bytes: the database below puts larger ones into files of their own, which it never syncs.
pub const VALUE_BYTES_MAX: usize = 16 * 1024;

/// The longest frame of the journal, and so the largest commit, in bytes.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// Requests that one group may hold.
pub(super) const GROUP_REQUESTS_MAX: usize = 256;

/// Bytes of frames that one group may hold, so that large commits do not fill the memory; also the longest tail of the
/// journal that a power cut may tear, because a group is synced before the next one is written.
pub(super) const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Requests that wait for the committer; who asks while the queue is full waits for a place.
pub(super) const QUEUE_REQUESTS_MAX: usize = 1024;

/// Operations of one batch of the database: batches of 4,000 took 8.9 GB of memory, batches of 200 took 0.27 GB.
pub const BATCH_OPERATIONS_MAX: usize = 200;

/// Commit ids that are remembered, so that a late retry is still the same commit.
pub const REMEMBERED_IDS_MAX: u64 = 100_000;

/// Values that the committer keeps at hand for the stamps: counters, chain heads and sums that every commit reads.
pub(super) const RECENT_VALUES_MAX: usize = 8 * 1024;

/// Bytes of keys and values that the committer keeps at hand for the stamps.
pub(super) const RECENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Damaged places that one verification reports before it stops counting.
pub(super) const FINDINGS_MAX: usize = 100;

/// Bytes that opening a store may need: as many frames as a checkpoint is behind (32 MiB by default) are applied to the
/// database again, which writes about as much once more of its own. With less free than this, the ballast goes first.
pub(super) const OPEN_BYTES_MIN: u64 = 64 * 1024 * 1024;

/// Sizes and times of one opened store that an operator or a test may choose.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Bytes of memory for the database's page cache.
    pub cache_bytes: u64,
    /// Bytes after which the journal begins a new segment; no segment is longer.
    pub segment_bytes_max: u64,
    /// Bytes of frames after which a checkpoint is due: as much is replayed at most when the store is opened after a kill.
    pub checkpoint_bytes: u64,
    /// How long nothing is committed before a checkpoint is made of what there is.
    pub checkpoint_idle: Duration,
    /// Bytes that have to be free where the data directory lies for a commit to be accepted.
    pub free_bytes_min: u64,
    /// Bytes that are kept in a file of no use, to be given back when the store has to be opened on a full disk; 0 for
    /// none.
    pub ballast_bytes: u64,
    /// Where files are written.
    pub disk: Arc<dyn Disk>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            segment_bytes_max: 64 * 1024 * 1024,
            checkpoint_bytes: 32 * 1024 * 1024,
            checkpoint_idle: Duration::from_secs(2),
            free_bytes_min: 256 * 1024 * 1024,
            ballast_bytes: 16 * 1024 * 1024,
            disk: Arc::new(SystemDisk),
        }
    }
}
