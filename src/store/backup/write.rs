//! Writes the files of a backup, each with its digests, into a directory that has not its name yet.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use rustix::fs::{Advice, fadvise};

use super::super::files::failed_to;
use super::super::{OpenOptions, StoreError};
use super::cipher::{Identities, Recipients, encryptor};
use super::error::BackupError;
use super::limits::encrypted_bytes_max;
use super::names;
use super::point::BackupPoint;
use super::record::{BackupRecord, FileRecord};
use super::room::{self, Need};
use super::stream::{BackupProgress, Digested, Ends, Meter, create, pump};
use super::unfinished::{Unfinished, above, exists, part_of, sync_directory};

/// What a backup is made with.
#[derive(Clone, Copy)]
pub struct BackupJob<'a> {
    /// The directory that becomes the backup; it must not be there.
    pub target: &'a Path,
    /// To whom it is encrypted; to nobody, and it is plain.
    pub recipients: &'a Recipients,
    /// The program's version.
    pub program: &'a str,
    /// When it is made, as `backup.json` says it.
    pub made: &'a str,
    /// Sizes of the store that the proof opens, and the disk that is asked for room.
    pub options: &'a OpenOptions,
    /// Set, it ends the backup, of which nothing is left.
    pub stop: &'a AtomicBool,
    /// Told how far it has come.
    pub progress: &'a dyn Fn(BackupProgress),
}

impl fmt::Debug for BackupJob<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupJob").field("target", &self.target).finish_non_exhaustive()
    }
}

/// The files of a backup, written and synced, and not yet proved; dropped, they are gone.
#[derive(Debug)]
pub struct WrittenBackup<'a> {
    pub(super) job: &'a BackupJob<'a>,
    pub(super) point: &'a BackupPoint,
    pub(super) part: Unfinished,
    pub(super) record: BackupRecord,
    /// What the proof opens the files with.
    pub(super) identities: Identities,
}

impl BackupJob<'_> {
    /// Writes the journal up to `point` into `TARGET.part`.
    ///
    /// # Errors
    /// [`BackupError::Exists`] where the target is there, [`BackupError::NotOurs`] where `TARGET.part` is and nobody knows of
    /// it, [`BackupError::NoRoom`] before anything is written, [`BackupError::Stopped`] where that was asked.
    pub fn write<'a>(&'a self, point: &'a BackupPoint) -> Result<WrittenBackup<'a>, BackupError> {
        if exists(self.target)? {
            return Err(BackupError::Exists { path: self.target.display().to_string() });
        }
        self.check_room(point)?;
        Unfinished::clear_beside(self.target)?;
        let part = Unfinished::make(part_of(self.target))?;
        let is_encrypted = !self.recipients.is_empty();
        let (identities, own) = Identities::for_one_backup();
        let mut record = BackupRecord::new(self.program, self.made, point.sequence.0, is_encrypted);
        let total_bytes = point.bytes();
        let tell =
            |done_bytes| (self.progress)(BackupProgress::Copying { done_bytes, total_bytes });
        let meter = Meter::new(self.stop, &tell);
        let recipients = is_encrypted.then_some([self.recipients, &own]);
        let mut add = |name: String, from: &Path, source: &mut dyn Read| {
            let stored = part.path().join(names::stored(&name, is_encrypted));
            let written = Source { name, from, recipients }.write(source, &stored, &meter)?;
            record.files.push(written);
            Ok::<(), BackupError>(())
        };
        for segment in &point.segments {
            let file = segment.path.file_name().unwrap_or_default().to_string_lossy();
            let opened = File::open(&segment.path).map_err(failed_to("open", &segment.path))?;
            add(names::of_journal(&file), &segment.path, &mut opened.take(segment.bytes))?;
        }
        sync_directory(part.path())?;
        Ok(WrittenBackup { job: self, point, part, record, identities })
    }

    /// The copy where it is to lie; beside the data, the copy that is restored, and its database, which is about as large
    /// as the one that is there.
    fn check_room(&self, point: &BackupPoint) -> Result<(), BackupError> {
        let bytes = point.bytes();
        let database = room::directory_bytes(&point.data.join("sled"));
        let copy = if self.recipients.is_empty() { bytes } else { encrypted_bytes_max(bytes) };
        let needs = [
            Need { at: above(self.target), bytes: copy },
            Need { at: &point.data, bytes: bytes.saturating_add(database) },
        ];
        room::check(&needs, &point.data, self.options)
    }
}

/// A file that is to be in the backup.
struct Source<'a> {
    name: String,
    from: &'a Path,
    recipients: Option<[&'a Recipients; 2]>,
}

impl Source<'_> {
    fn write(
        self,
        source: &mut dyn Read,
        to: &Path,
        meter: &Meter<'_>,
    ) -> Result<FileRecord, BackupError> {
        let ends = Ends { from: self.from, to };
        let failed = || failed_to("write", to);
        let mut plain = Digested::new(source);
        let mut stored = Digested::new(create(to)?);
        match self.recipients {
            None => pump(&mut plain, &mut stored, ends, meter)?,
            Some(recipients) => {
                let mut sealed =
                    encryptor(recipients, to)?.wrap_output(&mut stored).map_err(failed())?;
                pump(&mut plain, &mut sealed, ends, meter)?;
                sealed.finish().map_err(failed())?;
            }
        }
        stored.flush().map_err(failed())?;
        let (_, bytes, sha256) = plain.finish();
        let (file, stored_bytes, stored_sha256) = stored.finish();
        sync(&file, to)?;
        Ok(FileRecord { name: self.name, bytes, sha256, stored_bytes, stored_sha256 })
    }
}

/// Makes a file last, and has the system forget it, so that the proof reads what the disk has.
fn sync(file: &File, path: &Path) -> Result<(), StoreError> {
    file.sync_all().map_err(failed_to("sync", path))?;
    // A system that will not forget it proves a little less, and no backup is worse for it.
    let _advised = fadvise(file, 0, None, Advice::DontNeed);
    Ok(())
}
