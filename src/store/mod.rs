//! The ordered key-value store: a trait in plain bytes, and the engines behind it.
//!
//! The journal is the truth and sled is the database that can be rebuilt from it: an acknowledgement rests on one
//! `fdatasync` of the journal and on nothing that sled says. The store knows nothing of cases; keys and values are bytes.
//!
//! ```text
//! DATA/lock         who has the store
//! DATA/journal/     segments of frames, one frame a commit, and the manifest of the sealed segments
//! DATA/sled/        the database
//! DATA/checkpoint   up to where the database is durable
//! DATA/ballast      room that is given back when the store is opened on a full disk
//! ```

mod api;
mod bytes;
mod checkpoint;
mod committer;
mod disk;
mod files;
mod frame;
mod group;
mod journal;
mod limits;
mod lock;
mod manifest;
mod memory;
mod reader;
mod recent;
mod recovery;
mod remembered;
mod segment;
mod sled_engine;
mod sled_store;
mod space;
mod verify;
mod walk;

pub use api::*;
pub use disk::{Disk, DiskFile, Phase, SystemDisk};
pub use frame::Frame;
pub use limits::{
    BATCH_OPERATIONS_MAX, FRAME_BYTES_MAX, KEY_BYTES_MAX, OpenOptions, REMEMBERED_IDS_MAX,
    VALUE_BYTES_MAX,
};
pub use memory::MemoryStore;
pub use reader::JournalReader;
pub use recovery::OpenProgress;
pub use sled_store::{SledStore, StoreStatistics};
pub use verify::{Finding, VerifyProgress, verify_journal};
