//! The ordered key-value store: a trait in plain bytes, and the engines behind it.
//!
//! The journal is the truth and sled is the database that can be rebuilt from it: an acknowledgement rests on one
//! `fdatasync` of the journal and on nothing that sled says. The store knows nothing of cases; keys and values are bytes.
//!
//! ```text
//! DATA/lock         who has the store
//! DATA/journal/     segments of frames, one frame a commit, and the manifest of the sealed segments
//! DATA/sled/        the database
//! DATA/sled.building  the database while it is made anew; it gets its name once it is whole
//! DATA/sled.aside-N databases that could not be relied on, kept as they were
//! DATA/snapshots/   copies of the database's rows, from which it is made anew where it cannot be relied on
//! DATA/checkpoint   up to where the database is durable
//! DATA/ballast      room that is given back when the store is opened on a full disk
//! DATA/proof-*      a backup that is restored aside to prove itself
//! DATA/replica-*    the database as it was once, while somebody looks at it
//! ```
//! What else lies there belongs to others: `anchors` and `outbox` to the desk, `log` and `rejects` to the commands,
//! `desk.sock` to the link.

mod api;
mod applier;
mod backup;
mod bytes;
mod checkpoint;
mod committer;
mod compare;
mod disk;
mod files;
mod frame;
mod group;
mod journal;
mod limits;
mod lock;
mod manifest;
mod memory;
mod pace;
mod probe;
mod reader;
mod rebuild;
mod recent;
mod recovery;
mod remembered;
mod replica;
mod segment;
mod settle;
mod sled_engine;
mod sled_store;
mod snapshot;
mod snapshot_reader;
mod snapshotter;
mod space;
mod verify;
mod visible;
mod walk;

pub use api::*;
pub use backup::{
    BackupError, BackupJob, BackupPoint, BackupProgress, BackupRecord, FileRecord, Identities,
    Note, ProvedBackup, Recipients, RestoreJob, Restored, WrittenBackup,
};
pub use disk::{Disk, DiskFile, Phase, SystemDisk};
pub use frame::Frame;
pub use limits::{
    BATCH_OPERATIONS_MAX, FRAME_BYTES_MAX, KEY_BYTES_MAX, OpenOptions, PROBE_FLOOR,
    PROBE_PER_MEBIBYTE, PROBE_WORDS_BYTES_MAX, REMEMBERED_IDS_MAX, VALUE_BYTES_MAX,
};
pub use memory::MemoryStore;
pub use probe::{PROBE_FAILED, PROBE_SOUND, PROBE_UNSOUND, Probe, probe_database};
pub use reader::JournalReader;
pub use recovery::OpenProgress;
pub use replica::{REPLICA_PREFIX, Replica, remove_replicas_left_behind};
pub use sled_store::{SledStore, StoreStatistics};
pub use snapshot::{SnapshotInfo, verify_snapshots};
pub use verify::{Finding, VerifyProgress, verify_journal};
