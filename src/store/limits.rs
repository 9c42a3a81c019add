//! Every limit of the store, in one place.

use std::sync::Arc;
use std::time::Duration;

use super::{Disk, Probe, SystemDisk};

/// The longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 1024;

/// The longest value, in bytes: the database below puts larger ones into files of their own, which it never syncs.
pub const VALUE_BYTES_MAX: usize = 16 * 1024;

/// The longest frame of the journal, and so the largest commit, in bytes.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// Requests that one group may hold.
pub(super) const GROUP_REQUESTS_MAX: usize = 256;

/// Requests of one group from which on the next group waits for more: a sync for each of a thousand commits a second would
/// take the machine's time from whoever asks.
pub(super) const RUSHED_REQUESTS: usize = 3;

/// How long such a group waits. It is less than what a disk takes for a sync, and more than what lies between two of many
/// requests.
pub(super) const GATHERING: Duration = Duration::from_millis(2);

/// Bytes of frames that one group may hold, so that large commits do not fill the memory; also the longest tail of the
/// journal that a power cut may tear, because a group is synced before the next one is written.
pub(super) const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Requests that wait for the committer; who asks while the queue is full waits for a place.
pub(super) const QUEUE_REQUESTS_MAX: usize = 1024;

/// Operations of one batch of the database: batches of 4,000 took 8.9 GB of memory, batches of 200 took 0.27 GB.
pub const BATCH_OPERATIONS_MAX: usize = 200;

/// Bytes of keys and values of one batch, but for the row that fills it, and of what is written between two flushes.
pub(super) const BATCH_BYTES_MAX: usize = 64 * 1024;

/// Rows that wait when the database is given them, unless it is busy with earlier ones.
pub(super) const HANDED_OVER_ROWS: usize = 1_000;

/// Bytes that were written of what waits when the database is given it, unless it is busy.
pub(super) const HANDED_OVER_BYTES: usize = 2 * 1024 * 1024;

/// Rows that may wait: with as many, commits wait for the database.
pub(super) const PENDING_ROWS_MAX: usize = 64_000;

/// Bytes that may have been written of what waits.
pub(super) const PENDING_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How many times the bytes after which a checkpoint is due may be written before commits wait for it.
pub(super) const CHECKPOINT_LATE: u64 = 4;

/// How long nothing is asked for before the database is given what waits: while requests come one behind the other, each
/// of them finds the committer free.
pub(super) const APPLY_IDLE: Duration = Duration::from_millis(5);

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

/// The least time that a probe of the database gets before it is taken for hanging.
pub const PROBE_FLOOR: Duration = Duration::from_secs(30);

/// Time that a probe gets on top of that for every MiB of the journal and of the database, which it reads whole: ten times
/// what a slow disk takes.
pub const PROBE_PER_MEBIBYTE: Duration = Duration::from_millis(100);

/// Bytes that are read of what a probe says.
pub const PROBE_WORDS_BYTES_MAX: usize = 1024;

/// Rows of one block of a snapshot: with the store's own row they make one batch of the database when they are loaded.
pub(super) const SNAPSHOT_ROWS: usize = BATCH_OPERATIONS_MAX - 2;

/// The longest block of a snapshot: so many of the largest rows.
pub(super) const SNAPSHOT_BLOCK_BYTES_MAX: usize =
    SNAPSHOT_ROWS * (KEY_BYTES_MAX + VALUE_BYTES_MAX + 16);

/// Bytes of a snapshot after which it is synced, so that the journal's sync never waits for a long one.
pub(super) const SNAPSHOT_SYNC_BYTES: u64 = 8 * 1024 * 1024;

/// Sound snapshots that are kept.
pub(super) const SNAPSHOTS_KEPT: usize = 2;

/// Databases that may lie set aside in one data directory.
pub(super) const ASIDES_MAX: u32 = 10_000;

/// Sizes and times of one opened store that an operator or a test may choose.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Bytes of memory for the database's page cache.
    pub cache_bytes: u64,
    /// Bytes after which the journal begins a new segment; no segment is longer.
    pub segment_bytes_max: u64,
    /// Bytes of frames after which a checkpoint is due. It is made beside the commits; only where the disk cannot follow do
    /// they wait, so that a little more is replayed mostly, and four times as much at most, when the store is opened after a
    /// kill.
    pub checkpoint_bytes: u64,
    /// How long nothing is committed before a checkpoint is made of what there is.
    pub checkpoint_idle: Duration,
    /// Bytes that have to be free where the data directory lies for a commit to be accepted.
    pub free_bytes_min: u64,
    /// Bytes that are kept in a file of no use, to be given back when the store has to be opened on a full disk; 0 for
    /// none.
    pub ballast_bytes: u64,
    /// Bytes by which the journal grows while the store is open before the database is opened once more on closing: what
    /// is less, the next opening reads in a fraction of a second.
    pub settle_bytes: u64,
    /// Bytes by which the journal grows before the next snapshot is made.
    pub snapshot_bytes: u64,
    /// First bytes of the keys whose rows are kept in memory as well, because many questions read them; those first that
    /// are to stay there longest. They are read before the first commit is made.
    pub families_in_memory: &'static [u8],
    /// Bytes that these may take; a family that finds no room is read from the database.
    pub families_bytes_max: usize,
    /// What looks at the database before it is opened, where it was not closed in order; without it this process does so
    /// itself, and then a database that hangs is waited for.
    pub probe: Option<Probe>,
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
            settle_bytes: 64 * 1024 * 1024,
            snapshot_bytes: 512 * 1024 * 1024,
            families_in_memory: &[],
            families_bytes_max: 128 * 1024 * 1024,
            probe: None,
            disk: Arc::new(SystemDisk),
        }
    }
}
