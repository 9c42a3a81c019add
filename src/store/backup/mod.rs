//! Backups: what was acknowledged up to one commit, in a directory of its own, proved by a restore before it has its name.
//!
//! The journal is the truth and is only ever appended to, so that a backup at commit S is the journal's files up to the end
//! of that commit's frame: no writer has to wait for it, in this process or in another.
//!
//! ```text
//! DIR.part/unfinished    says whose directory it is, and is locked while somebody writes there
//! DIR/journal-…          the segments; the last one ends with commit S
//! DIR/backup.json        the record: every file with its bytes and SHA-256; written last, whole or not at all
//! DIR/….age              the same files, where the backup is encrypted; `backup.json` stays plain and names nobody
//! ```
//!
//! A backup is written, proved and finished in three steps, each a type of its own: [`BackupJob::write`] gives a
//! [`WrittenBackup`], [`WrittenBackup::prove`] restores it aside into `DATA/proof-PROCESS` and gives a [`ProvedBackup`], and
//! only [`ProvedBackup::finish`] gives it its name. Whatever is dropped on the way takes its directories with it.
//!
//! An encrypted backup has to be read once more without the office's secret key. So an identity is made for each backup
//! alone: it is one more recipient, lives in memory only, opens the files for the proof, and is forgotten with it. The
//! random bytes of that identity and of the encryption are age's own, straight from the system: a key that follows from an
//! argument would be no secret.

mod cipher;
mod error;
mod limits;
mod names;
mod point;
mod proof;
mod record;
mod restore;
mod room;
mod stream;
mod unfinished;
mod write;

pub use cipher::{Identities, Recipients};
pub use error::BackupError;
pub use point::BackupPoint;
pub use proof::ProvedBackup;
pub use record::{BackupRecord, FileRecord, Note};
pub use restore::{RestoreJob, Restored};
pub use stream::BackupProgress;
pub use write::{BackupJob, WrittenBackup};
