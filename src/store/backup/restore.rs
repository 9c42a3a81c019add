//! Makes a data directory of a backup: every digest is checked before anything is made, and nothing is written over.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::super::files::failed_to;
use super::super::{OpenOptions, Sequence, SledStore, Store as _};
use super::cipher::Identities;
use super::error::BackupError;
use super::names::{self, RECORD};
use super::record::{BackupRecord, FileRecord};
use super::room::{self, Need};
use super::stream::{BackupProgress, Digested, Ends, Meter, check, create, pump};
use super::unfinished::{Unfinished, above, part_of, sync_directory};

/// What there has to be room for beside the restored journal: the database that is made of it. It was measured at as many
/// bytes as the journal (26 MB of a journal of 28 MB), and may be larger while it is being made.
const DATABASE_TIMES: u64 = 2;

/// What is restored, and how.
#[derive(Clone, Copy)]
pub struct RestoreJob<'a> {
    /// The backup.
    pub from: &'a Path,
    /// The data directory to make; it must not be there, or be empty.
    pub to: &'a Path,
    /// What opens an encrypted backup.
    pub identities: &'a Identities,
    /// Sizes of the store that is made.
    pub options: &'a OpenOptions,
    /// Set, it ends the restore, of which nothing is left.
    pub stop: &'a AtomicBool,
    /// Told how far it has come.
    pub progress: &'a dyn Fn(BackupProgress),
}

impl fmt::Debug for RestoreJob<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestoreJob")
            .field("from", &self.from)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The last commit.
    pub sequence: Sequence,
    /// Bytes of the journal and what else was in the backup.
    pub bytes: u64,
    /// How many files.
    pub files: u64,
    /// When the backup was made, as it says.
    pub made: String,
}

impl RestoreJob<'_> {
    /// Checks the backup, makes the data directory beside its name, opens the store there once, verifies it, and gives it
    /// its name.
    ///
    /// # Errors
    /// [`BackupError::Exists`] where something is there, [`BackupError::Bad`] with the file that is not as it was written,
    /// [`BackupError::Key`] where nothing opens it. Until all digests were right nothing is made, and whatever is made under
    /// another name is gone after an error.
    pub fn restore(&self) -> Result<Restored, BackupError> {
        refuse_what_is_there(self.to)?;
        let record = BackupRecord::read(self.from)?;
        self.check_files(&record)?;
        let unpacking = Unpacking { record: &record, from: self.from, identities: self.identities };
        unpacking.try_identities()?;
        let above = above(self.to);
        let bytes = record.bytes().saturating_mul(1 + DATABASE_TIMES);
        room::check(&[Need { at: above, bytes }], above, self.options)?;
        let part = Unfinished::make(part_of(self.to))?;
        let total_bytes = record.bytes();
        let tell =
            |done_bytes| (self.progress)(BackupProgress::Restoring { done_bytes, total_bytes });
        unpacking.unpack(part.path(), self.stop, &tell)?;
        let store = open(&record, part.path(), self.options, self.progress)?;
        store.close()?;
        drop(store);
        check(self.stop)?;
        refuse_what_is_there(self.to)?;
        part.finish(self.to)?;
        Ok(Restored {
            sequence: Sequence(record.sequence),
            bytes: total_bytes,
            files: record.files.len() as u64,
            made: record.made,
        })
    }

    /// Every file is there, none besides, and each as it was written.
    fn check_files(&self, record: &BackupRecord) -> Result<(), BackupError> {
        let known: BTreeSet<String> =
            record.files.iter().map(|file| record.stored_name(file)).collect();
        for entry in fs::read_dir(self.from).map_err(failed_to("list", self.from))? {
            let entry = entry.map_err(failed_to("list", self.from))?;
            let name = entry.file_name();
            if name != RECORD && !name.to_str().is_some_and(|name| known.contains(name)) {
                let what = "it is none of the backup's files";
                return Err(bad(&entry.path(), what));
            }
        }
        let total_bytes = record.stored_bytes();
        let tell =
            |done_bytes| (self.progress)(BackupProgress::Checking { done_bytes, total_bytes });
        let meter = Meter::new(self.stop, &tell);
        for file in &record.files {
            let path = self.from.join(record.stored_name(file));
            let mut stored = open_stored(&path, file)?;
            pump(&mut stored, &mut io::sink(), Ends { from: &path, to: &path }, &meter)?;
            check_stored(stored, &path, file)?;
        }
        Ok(())
    }
}

/// The files of a backup on their way into a data directory.
pub(super) struct Unpacking<'a> {
    pub(super) record: &'a BackupRecord,
    pub(super) from: &'a Path,
    pub(super) identities: &'a Identities,
}

impl Unpacking<'_> {
    /// Refuses identities that do not open the first file.
    fn try_identities(&self) -> Result<(), BackupError> {
        let Some(file) = self.record.files.first().filter(|_| self.record.encrypted) else {
            return Ok(());
        };
        let path = self.from.join(self.record.stored_name(file));
        self.identities.open(open_stored(&path, file)?, &path).map(drop)
    }

    /// Writes every file to where it belongs below `to`, synced, and checks all digests on the way.
    pub(super) fn unpack(
        &self,
        to: &Path,
        stop: &AtomicBool,
        tell: &dyn Fn(u64),
    ) -> Result<(), BackupError> {
        let meter = Meter::new(stop, tell);
        let mut directories = BTreeSet::new();
        for file in &self.record.files {
            let from = self.from.join(self.record.stored_name(file));
            let Some(place) = names::place(&file.name) else {
                return Err(bad(&from, "no backup has a file of this name"));
            };
            let place = to.join(place);
            let above = above(&place);
            if directories.insert(above.to_owned()) {
                let made = DirBuilder::new().mode(0o700).create(above);
                made.map_err(failed_to("make", above))?;
            }
            self.unpack_file(file, Ends { from: &from, to: &place }, &meter)?;
        }
        for directory in directories.iter().map(std::path::PathBuf::as_path).chain([to]) {
            sync_directory(directory)?;
        }
        Ok(())
    }

    fn unpack_file(
        &self,
        file: &FileRecord,
        ends: Ends<'_>,
        meter: &Meter<'_>,
    ) -> Result<(), BackupError> {
        let mut stored = open_stored(ends.from, file)?;
        let mut plain = Digested::new(create(ends.to)?);
        if self.record.encrypted {
            let opened = self.identities.open(&mut stored, ends.from)?;
            // However much a file claims to hold: no more is written than the record says.
            pump(&mut opened.take(file.bytes.saturating_add(1)), &mut plain, ends, meter)?;
        } else {
            pump(&mut stored, &mut plain, ends, meter)?;
        }
        check_stored(stored, ends.from, file)?;
        let (target, bytes, sha256) = plain.finish();
        if (bytes, &sha256) != (file.bytes, &file.sha256) {
            return Err(bad(ends.from, "what it holds is not what was written"));
        }
        Ok(target.sync_all().map_err(failed_to("sync", ends.to))?)
    }
}

/// Opens the store that was unpacked into `data`, which makes its database, and verifies its journal up to the last commit.
pub(super) fn open(
    record: &BackupRecord,
    data: &Path,
    options: &OpenOptions,
    progress: &dyn Fn(BackupProgress),
) -> Result<SledStore, BackupError> {
    let options = OpenOptions { free_bytes_min: 0, ballast_bytes: 0, ..options.clone() };
    let store =
        SledStore::open(data, options, &|opening| progress(BackupProgress::Opening(opening)))?;
    let sequence = store.sequence();
    if sequence.0 != record.sequence {
        let what = format!(
            "it says that commit {} is the last, and the journal ends with commit {}",
            record.sequence, sequence.0
        );
        return Err(BackupError::Bad { file: RECORD.to_owned(), what });
    }
    let verified =
        store.verify_journal(&|verifying| progress(BackupProgress::Verifying(verifying)))?;
    match verified.first() {
        None => Ok(store),
        Some(finding) => Err(BackupError::Bad {
            file: finding.file.clone(),
            what: format!("byte {}: {}", finding.byte, finding.what),
        }),
    }
}

/// A stored file of the length that the record says, to be read with its digest.
fn open_stored(path: &Path, file: &FileRecord) -> Result<Digested<File>, BackupError> {
    let opened = match File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(bad(path, "it is missing"));
        }
        Err(error) => return Err(failed_to("open", path)(error).into()),
    };
    let bytes = opened.metadata().map_err(failed_to("look at", path))?.len();
    if bytes != file.stored_bytes {
        let expected = file.stored_bytes;
        return Err(bad(path, &format!("it has {bytes} bytes, and {expected} were written")));
    }
    Ok(Digested::new(opened))
}

/// Reads what is left of a stored file, and compares all of it with the record.
fn check_stored(
    mut stored: Digested<File>,
    path: &Path,
    file: &FileRecord,
) -> Result<(), BackupError> {
    io::copy(&mut stored, &mut io::sink()).map_err(failed_to("read", path))?;
    let (_, bytes, sha256) = stored.finish();
    if (bytes, &sha256) == (file.stored_bytes, &file.stored_sha256) {
        Ok(())
    } else {
        Err(bad(path, "its SHA-256 is not that of what was written"))
    }
}

/// Nothing is written over: not a file, not a link, not a directory with anything in it.
fn refuse_what_is_there(to: &Path) -> Result<(), BackupError> {
    let is_free = match fs::symlink_metadata(to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(failed_to("look at", to)(error).into()),
        Ok(there) if !there.is_dir() => false,
        Ok(_) => fs::read_dir(to).map_err(failed_to("list", to))?.next().is_none(),
    };
    if is_free { Ok(()) } else { Err(BackupError::Exists { path: to.display().to_string() }) }
}

fn bad(path: &Path, what: &str) -> BackupError {
    BackupError::Bad { file: path.display().to_string(), what: what.to_owned() }
}
