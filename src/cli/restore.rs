//! `casedesk restore`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::backup::show;
use super::error::CliError;
use super::long::{megabytes_per_second, progress_bar, rounded, stop_on_signals};
use crate::store::{Identities, RestoreJob};

/// Makes a data directory of a backup. Nothing is ever written over.
///
/// The data directory must not be there, or be empty. Every file of the backup is compared with its digest before anything
/// is made; then the database is made of the journal, verified, and closed. Where anything is wrong, the file is named and
/// nothing is left.
///
/// An encrypted backup is opened with an identity file as `age-keygen` writes it. One that a passphrase protects is opened
/// with `age -d` first.
///
///   casedesk --data /srv/office-new restore /mnt/backup/monday
///   casedesk --data /srv/office-new restore /mnt/backup/monday --identity key.txt --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Restore {
    /// The backup
    dir: PathBuf,
    /// Open an encrypted backup with the identities in this file; may be given again
    #[arg(long, value_name = "FILE")]
    identity: Vec<PathBuf>,
}

#[derive(Serialize)]
struct RestoredAnswer {
    data: String,
    made: String,
    sequence: u64,
    /// Commits of the journal: each has its own place in the order, from 1 on.
    commits: u64,
    files: u64,
    bytes: u64,
    seconds: f64,
    mb_per_second: f64,
}

impl Restore {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let stop = stop_on_signals()?;
        let data = context.data()?;
        let mut identities = Identities::default();
        for file in &self.identity {
            identities.read(file)?;
        }
        let bar = progress_bar(context.output);
        let begun = Instant::now();
        let restored = RestoreJob {
            from: &self.dir,
            to: &data,
            identities: &identities,
            options: &context.store_options()?,
            stop: &stop,
            progress: &|progress| show(&bar, &progress),
        }
        .restore();
        bar.finish_and_clear();
        let restored = restored?;
        let seconds = begun.elapsed().as_secs_f64();
        let answer = RestoredAnswer {
            data: data.display().to_string(),
            made: restored.made,
            sequence: restored.sequence.0,
            commits: restored.sequence.0,
            files: restored.files,
            bytes: restored.bytes,
            seconds: rounded(seconds),
            mb_per_second: megabytes_per_second(restored.bytes, seconds),
        };
        context.output.show(&answer, RestoredAnswer::lines)
    }
}

impl RestoredAnswer {
    fn lines(&self) -> Vec<String> {
        vec![
            format!(
                "{} is restored up to commit {}, as it was on {}.",
                self.data, self.sequence, self.made
            ),
            format!(
                "{} files, {} bytes, in {} s ({} MB/s). The journal is whole.",
                self.files, self.bytes, self.seconds, self.mb_per_second
            ),
        ]
    }
}
