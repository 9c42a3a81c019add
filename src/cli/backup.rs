//! `casedesk backup`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use super::Context;
use super::answer::instant;
use super::error::CliError;
use super::log::{BACKUP_MADE, LogFile};
use super::long::{megabytes_per_second, progress_bar, rounded, stop_on_signals};
use super::open::{Means, open_local, open_store};
use super::output::{self, Output};
use super::verify::part_in_words;
use crate::desk::{Checks, Level, Log as _};
use crate::store::{
    BackupJob, BackupPoint, BackupProgress, BackupRecord, Note, OpenOptions, OpenProgress,
    Recipients, SledStore, StoreError, VerifyProgress,
};
use crate::text::{amount_of_bytes, hexadecimal};

/// Rows after which whoever watches hears of it.
const ROWS_PER_WORD: u64 = 1_000;

/// Writes a backup of everything acknowledged so far, and proves it; the desk may be at work meanwhile.
///
/// DIR becomes the backup and must not be there. The files are written into DIR.part; then they are restored aside in the
/// data directory, opened and verified as `casedesk verify` does it, and only when nothing is wrong DIR appears. A backup
/// that fails or is interrupted leaves no DIR, and the next one takes away what is left of it.
///
/// Where recipients are given, each file is encrypted with age; `backup.json` stays readable and holds sizes and digests
/// only. The proof opens the files with an identity that is made for this one backup, never leaves the memory, and is
/// forgotten with the program; afterwards only the recipients' identities open it. Keep one of them elsewhere.
///
/// A backup has the journal, in which everything is that the desk keeps. Files that went out to `outbox`, and rejected
/// rows of imports, are not in it.
///
///   casedesk backup /mnt/backup/monday
///   casedesk backup /mnt/backup/monday --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
///   casedesk --data NEW restore /mnt/backup/monday --identity key.txt
///
/// Every night at two, by cron (where % has to be written as \%):
///
///   0 2 * * *  casedesk --data /srv/office backup /mnt/backup/$(date +\%F) --recipients-file /etc/casedesk/recipients --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Backup {
    /// The directory that becomes the backup
    dir: PathBuf,
    /// Encrypt to this recipient, which begins with age1; may be given again
    #[arg(long, value_name = "AGE1...")]
    recipient: Vec<String>,
    /// Encrypt to the recipients in this file, one a line
    #[arg(long, value_name = "FILE")]
    recipients_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct BackedUp {
    backup: String,
    sequence: u64,
    files: usize,
    bytes: u64,
    encrypted: bool,
    seconds: f64,
    copy_mb_per_second: f64,
    proof_mb_per_second: f64,
}

impl Backup {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let stop = stop_on_signals()?;
        let data = context.existing_data("backup.none")?;
        let recipients = self.recipients()?;
        let means = Means::of_system()?;
        let options = context.store_options()?;
        let point = point(&data, &means, options.clone(), context.output)?;
        let bar = progress_bar(context.output);
        let progress = |progress: BackupProgress| show(&bar, &progress);
        let made = instant(means.clock.now());
        let job = BackupJob {
            target: &self.dir,
            recipients: &recipients,
            program: env!("CARGO_PKG_VERSION"),
            made: &made,
            options: &options,
            stop: &stop,
            progress: &progress,
        };
        let taken = take(&job, &point, &|store| inspect(store, &means, &bar));
        bar.finish_and_clear();
        let (record, copied, seconds) = taken?;
        let bytes = record.bytes();
        let noted = format!("{BACKUP_MADE} {}, {}", self.dir.display(), amount_of_bytes(bytes));
        LogFile::of(&data).note(means.clock.now(), Level::Info, &noted);
        let answer = BackedUp {
            backup: self.dir.display().to_string(),
            sequence: record.sequence,
            files: record.files.len(),
            bytes,
            encrypted: record.encrypted,
            seconds: rounded(seconds),
            copy_mb_per_second: megabytes_per_second(bytes, copied),
            proof_mb_per_second: megabytes_per_second(bytes, seconds - copied),
        };
        context.output.show(&answer, BackedUp::lines)
    }

    fn recipients(&self) -> Result<Recipients, CliError> {
        let mut recipients = Recipients::default();
        for recipient in &self.recipient {
            recipients.add(recipient)?;
        }
        if let Some(file) = &self.recipients_file {
            recipients.read(file)?;
        }
        Ok(recipients)
    }
}

impl BackedUp {
    fn lines(&self) -> Vec<String> {
        let how = if self.encrypted { ", encrypted" } else { "" };
        vec![
            format!(
                "{} has everything up to commit {}: {} files, {} bytes{how}.",
                self.backup, self.sequence, self.files, self.bytes
            ),
            format!(
                "Restored aside and verified: nothing is wrong. {} s; copied at {} MB/s, proved at {} MB/s.",
                self.seconds, self.copy_mb_per_second, self.proof_mb_per_second
            ),
        ]
    }
}

/// Up to where the backup goes. The database is opened where it is free, so that the journal's end is put in order, and
/// closed again before anything is copied: whoever wants to work need not wait for the backup.
fn point(
    data: &Path,
    means: &Means,
    options: OpenOptions,
    output: Output,
) -> Result<BackupPoint, CliError> {
    match open_store(data, means, options, output) {
        Ok(store) => {
            let point = store.backup_point()?;
            store.close()?;
            Ok(point)
        }
        Err(StoreError::Held { .. }) => Ok(BackupPoint::beside(data)?),
        // The journal is the truth, and may be sound where the database is not: the proof shows whether it is.
        Err(error @ StoreError::Engine { .. }) => {
            output::tell(&format!("Only the journal is backed up, for {error}."));
            Ok(BackupPoint::beside(data)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a backup, and tells how many seconds the copy took, and all of it.
fn take(
    job: &BackupJob<'_>,
    point: &BackupPoint,
    inspect: &dyn Fn(&Arc<SledStore>) -> Result<Note, String>,
) -> Result<(BackupRecord, f64, f64), CliError> {
    let begun = Instant::now();
    let written = job.write(point)?;
    let copied = begun.elapsed().as_secs_f64();
    let record = written.prove(inspect)?.finish()?;
    Ok((record, copied, begun.elapsed().as_secs_f64()))
}

/// What the desk itself finds in the restored database; gives the chain's end, so that it can be compared with an anchor.
fn inspect(store: &Arc<SledStore>, means: &Means, bar: &ProgressBar) -> Result<Note, String> {
    let tell = |part| {
        let (what, rows) = part_in_words(part);
        if rows.is_multiple_of(ROWS_PER_WORD) {
            bar.set_message(format!("verifying {what}: {rows}"));
        }
    };
    let desk = open_local(store, means).map_err(|error| error.message())?;
    let found = desk.verify(Checks::default(), &tell).map_err(|error| error.to_string())?;
    match found.findings.into_iter().next() {
        Some(finding) => Err(finding),
        None => Ok(Note::from([
            ("audit_events".to_owned(), found.events.to_string()),
            ("audit_hash".to_owned(), hexadecimal(&found.head)),
        ])),
    }
}

/// Draws how far a backup or a restore has come.
pub(super) fn show(bar: &ProgressBar, progress: &BackupProgress) {
    let (what, &done, &total) = match progress {
        BackupProgress::Copying { done_bytes, total_bytes } => ("copying", done_bytes, total_bytes),
        BackupProgress::Checking { done_bytes, total_bytes } => {
            ("checking digests", done_bytes, total_bytes)
        }
        BackupProgress::Restoring { done_bytes, total_bytes } => {
            ("restoring", done_bytes, total_bytes)
        }
        // A word for the log of an office is none about a copy of it.
        BackupProgress::Opening(
            OpenProgress::Noted(_)
            | OpenProgress::SetAside { .. }
            | OpenProgress::Rebuilt(_)
            | OpenProgress::CutTorn { .. },
        ) => return,
        BackupProgress::Opening(OpenProgress::Opening | OpenProgress::Probing) => {
            ("opening", &0, &1)
        }
        BackupProgress::Opening(OpenProgress::Sealing { done_bytes, total_bytes }) => {
            ("sealing the journal", done_bytes, total_bytes)
        }
        BackupProgress::Opening(
            OpenProgress::Replaying { done_bytes, total_bytes }
            | OpenProgress::Rebuilding { done_bytes, total_bytes },
        ) => ("making the database", done_bytes, total_bytes),
        BackupProgress::Verifying(VerifyProgress::Journal { done_bytes, total_bytes }) => {
            ("verifying the journal", done_bytes, total_bytes)
        }
        BackupProgress::Verifying(VerifyProgress::Snapshot { done_bytes, total_bytes }) => {
            ("verifying the snapshots", done_bytes, total_bytes)
        }
        BackupProgress::Verifying(VerifyProgress::Database { done_rows, total_rows }) => {
            ("verifying the database", done_rows, total_rows)
        }
    };
    bar.set_length(total);
    bar.set_position(done);
    if bar.message() != what {
        bar.set_message(what);
    }
}
