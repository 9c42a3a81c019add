//! `backup.json`: what a backup holds, up to which commit, with the size and the digest of every file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::files::{failed_to, replace};
use super::super::{Disk, StoreError};
use super::error::BackupError;
use super::limits::RECORD_BYTES_MAX;
use super::names::{self, RECORD};
use crate::text::hexadecimal;

/// The form of `backup.json` that this program writes.
const FORMAT: u32 = 1;

/// What the caller wants to be found again in a backup, as the head of an audit chain; the store does not look into it.
pub type Note = BTreeMap<String, String>;

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its name, without the ending of encrypted files.
    pub name: String,
    /// Bytes of what it holds.
    pub bytes: u64,
    /// SHA-256 of what it holds, in hexadecimal digits.
    pub sha256: String,
    /// Bytes of the file as it is stored: more, where it is encrypted.
    pub stored_bytes: u64,
    /// SHA-256 of the file as it is stored, in hexadecimal digits.
    pub stored_sha256: String,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRecord {
    /// The form of this record.
    pub format: u32,
    /// The version of the program that made it.
    pub casedesk: String,
    /// When it was made, as the caller writes instants.
    pub made: String,
    /// The last commit in it.
    pub sequence: u64,
    /// Whether its files are encrypted.
    pub encrypted: bool,
    /// Its files.
    pub files: Vec<FileRecord>,
    /// What the caller wants to be found again.
    pub note: Note,
}

/// The record as the file has it: under a digest of its own, so that no figure in it changes unseen.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    backup: BackupRecord,
    sha256: String,
}

impl BackupRecord {
    pub(super) fn new(casedesk: &str, made: &str, sequence: u64, encrypted: bool) -> Self {
        Self {
            format: FORMAT,
            casedesk: casedesk.to_owned(),
            made: made.to_owned(),
            sequence,
            encrypted,
            files: Vec::new(),
            note: Note::new(),
        }
    }

    /// Bytes of what the backup holds, all files together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    /// Bytes of the files as they are stored.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.stored_bytes).fold(0, u64::saturating_add)
    }

    /// The name that a file is stored under.
    pub(super) fn stored_name(&self, file: &FileRecord) -> String {
        names::stored(&file.name, self.encrypted)
    }

    /// Writes `backup.json`, whole or not at all.
    pub(super) fn write(&self, disk: &dyn Disk, directory: &Path) -> Result<(), StoreError> {
        let path = directory.join(RECORD);
        let sealed = Sealed { backup: self.clone(), sha256: self.digest(&path)? };
        let mut text = serde_json::to_vec_pretty(&sealed).map_err(not_written(&path))?;
        text.push(b'\n');
        replace(disk, &path, &text)
    }

    /// Reads the `backup.json` of a backup; refuses one that is not as it was written, and names that are not ours.
    pub(super) fn read(directory: &Path) -> Result<Self, BackupError> {
        let path = directory.join(RECORD);
        let bad = |what: String| BackupError::Bad { file: path.display().to_string(), what };
        let file = File::open(&path).map_err(failed_to("open", &path))?;
        let mut text = Vec::new();
        file.take(RECORD_BYTES_MAX + 1).read_to_end(&mut text).map_err(failed_to("read", &path))?;
        if text.len() as u64 > RECORD_BYTES_MAX {
            return Err(bad(format!("it is longer than {RECORD_BYTES_MAX} bytes")));
        }
        let sealed: Sealed = serde_json::from_slice(&text)
            .map_err(|error| bad(format!("it is no record of a backup: {error}")))?;
        let record = sealed.backup;
        if record.format != FORMAT {
            let format = record.format;
            return Err(bad(format!("this program does not know format {format} of backups")));
        }
        if record.digest(&path)? != sealed.sha256 {
            return Err(bad("it is not as it was written: its own digest differs".to_owned()));
        }
        let mut names = BTreeSet::new();
        for file in &record.files {
            if names::place(&file.name).is_none() || !names.insert(file.name.as_str()) {
                return Err(bad(format!("it names a file that no backup has: {:?}", file.name)));
            }
        }
        Ok(record)
    }

    /// The digest of the record as it is written without spaces.
    fn digest(&self, path: &Path) -> Result<String, StoreError> {
        let text = serde_json::to_vec(self).map_err(not_written(path))?;
        Ok(hexadecimal(&Sha256::digest(text)))
    }
}

fn not_written(path: &Path) -> impl FnOnce(serde_json::Error) -> StoreError {
    let failed = failed_to("write", path);
    move |error| failed(error.into())
}
