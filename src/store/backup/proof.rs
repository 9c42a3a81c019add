//! Proves a backup by restoring exactly what was written, and only then gives it its name.

use std::sync::Arc;

use super::super::{SledStore, StoreError};
use super::error::BackupError;
use super::record::{BackupRecord, Note};
use super::restore::{Unpacking, open};
use super::stream::{BackupProgress, check};
use super::unfinished::{Unfinished, exists};
use super::write::{BackupJob, WrittenBackup};

/// A backup that was restored and found to be what was acknowledged; it has not its name yet.
#[derive(Debug)]
pub struct ProvedBackup<'a> {
    job: &'a BackupJob<'a>,
    part: Unfinished,
    record: BackupRecord,
}

impl<'a> WrittenBackup<'a> {
    /// Restores the files aside, in the data directory, and verifies what comes of them: every frame, every row against the
    /// journal, the last commit, and what `inspect` looks at, which gives the note for `backup.json` or says what is wrong.
    ///
    /// # Errors
    /// [`BackupError::Unproved`] where anything differs; the files are gone then.
    pub fn prove(
        self,
        inspect: &dyn Fn(&Arc<SledStore>) -> Result<Note, String>,
    ) -> Result<ProvedBackup<'a>, BackupError> {
        let Self { job, point, part, mut record, identities } = self;
        let aside = Unfinished::for_proof(&point.data)?;
        // What is wrong with the copy is wrong with the file that it was copied from, and that one is there to be looked at.
        let told = |what: String| {
            let (copy, original) = (aside.path().display().to_string(), point.data.display());
            BackupError::Unproved { what: what.replace(&copy, &original.to_string()) }
        };
        let unproved = |error: BackupError| {
            let is_no_verdict = matches!(
                error,
                BackupError::Stopped
                    | BackupError::Busy { .. }
                    | BackupError::Store(StoreError::Io { .. })
            );
            if is_no_verdict { error } else { told(error.to_string()) }
        };
        let total_bytes = record.bytes();
        let tell =
            |done_bytes| (job.progress)(BackupProgress::Restoring { done_bytes, total_bytes });
        Unpacking { record: &record, from: part.path(), identities: &identities }
            .unpack(aside.path(), job.stop, &tell)
            .map_err(unproved)?;
        let store =
            Arc::new(open(&record, aside.path(), job.options, job.progress).map_err(unproved)?);
        check(job.stop)?;
        let findings = store
            .verify_against_journal(&|progress| (job.progress)(BackupProgress::Verifying(progress)))
            .map_err(|error| told(error.to_string()))?;
        if let Some(finding) = findings.first() {
            return Err(told(format!("{}: {}", finding.file, finding.what)));
        }
        check(job.stop)?;
        record.note = inspect(&store).map_err(told)?;
        store.close().map_err(|error| told(error.to_string()))?;
        drop(store);
        check(job.stop)?;
        Ok(ProvedBackup { job, part, record })
    }
}

impl ProvedBackup<'_> {
    /// Writes `backup.json`, gives the backup its name, and returns the record once all of it is durable.
    pub fn finish(self) -> Result<BackupRecord, BackupError> {
        let Self { job, part, record } = self;
        record.write(&*job.options.disk, part.path())?;
        if BackupRecord::read(part.path())? != record {
            let what = "backup.json reads otherwise than it was written".to_owned();
            return Err(BackupError::Unproved { what });
        }
        if exists(job.target)? {
            return Err(BackupError::Exists { path: job.target.display().to_string() });
        }
        part.finish(job.target)?;
        Ok(record)
    }
}
