//! `casedesk verify`.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::{Means, open_local, open_store};
use super::output::{self, Output};
use crate::store::{Finding, SledStore, StoreError, VerifyProgress, verify_journal};

/// Records after which whoever watches hears of it.
const RECORDS_PER_WORD: u64 = 50_000;

/// Checks that everything is as it was written: the journal, the database against it, and the office's records.
///
/// Beside an open desk only the journal can be read, and the answer says so. Findings name file and byte; a finding ends
/// the program with 1.
///
///   casedesk verify --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Verify {}

#[derive(Serialize)]
struct Verified {
    ok: bool,
    findings: Vec<FindingAnswer>,
    /// What was checked: `journal`, `database`, `records`.
    checked: Vec<&'static str>,
    /// Records read, where the desk could be opened.
    records: Option<u64>,
    /// Index keys compared with them.
    index_keys: Option<u64>,
    /// Events in the chain.
    events: Option<u64>,
    /// Commits in the journal, where the database could be opened.
    commits: Option<u64>,
    /// Bytes of the journal, where the database could be opened.
    journal_bytes: Option<u64>,
    /// Bytes of the database, where it could be opened.
    database_bytes: Option<u64>,
}

#[derive(Serialize)]
struct FindingAnswer {
    file: String,
    byte: u64,
    what: String,
}

impl Verify {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        let data = context.data()?;
        if !data.join("journal").is_dir() {
            let what = format!("There is no database in {}.", data.display());
            return Err(CliError::refused("verify.none", what, "Give its directory: --data DIR."));
        }
        let mut verified = Verified::new();
        verified.check(&data, context.output)?;
        verified.ok = verified.findings.is_empty();
        context.output.show(&verified, Verified::lines)?;
        if verified.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl Verified {
    fn new() -> Self {
        Self {
            ok: true,
            findings: Vec::new(),
            checked: Vec::new(),
            records: None,
            index_keys: None,
            events: None,
            commits: None,
            journal_bytes: None,
            database_bytes: None,
        }
    }

    /// The journal first, which needs neither lock nor database; the rest only where it is whole, for everything else is
    /// judged by it.
    fn check(&mut self, data: &Path, output: Output) -> Result<(), CliError> {
        let tell = teller(output);
        self.add("journal", verify_journal(data, &tell)?);
        if !self.findings.is_empty() {
            return Ok(());
        }
        let store = match open_store(data, output) {
            Ok(store) => Arc::new(store),
            Err(StoreError::Held { holder, .. }) => {
                output::tell(&format!(
                    "The database is open ({holder}): only the journal was checked."
                ));
                return Ok(());
            }
            Err(StoreError::Damaged { file, byte, what }) => {
                self.add("database", vec![Finding { file, byte, what }]);
                return Ok(());
            }
            Err(error @ StoreError::Engine { .. }) => {
                let file = data.join("sled").display().to_string();
                self.add("database", vec![Finding { file, byte: 0, what: error.to_string() }]);
                return Ok(());
            }
            Err(error @ (StoreError::Io { .. } | StoreError::Closed | StoreError::Copy(_))) => {
                return Err(error.into());
            }
        };
        let found = store.verify_against_journal(&tell)?;
        self.add("database", found);
        let sizes = store.statistics()?;
        self.commits = Some(sizes.sequence.0);
        self.journal_bytes = Some(sizes.journal_bytes);
        self.database_bytes = Some(sizes.sled_bytes);
        self.check_records(&store, output)?;
        Ok(store.close()?)
    }

    /// The desk's own check: every index against its record, the counters, the numbers and the chain. A desk that does
    /// not open is a finding too.
    fn check_records(&mut self, store: &Arc<SledStore>, output: Output) -> Result<(), CliError> {
        let file = store.directory().join("sled").display().to_string();
        let finding = |what| Finding { file: file.clone(), byte: 0, what };
        let told = |records: u64| {
            if output.is_watched() && records.is_multiple_of(RECORDS_PER_WORD) {
                output::tell(&format!("records: {records}"));
            }
        };
        let checked =
            open_local(store, &Means::of_system()?).and_then(|desk| Ok(desk.verify(&told)?));
        let checked = match checked {
            Ok(checked) => checked,
            Err(CliError::Desk(error)) => {
                self.add("records", vec![finding(error.to_string())]);
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        self.records = Some(checked.records);
        self.index_keys = Some(checked.index_keys);
        self.events = Some(checked.events);
        let mut findings: Vec<Finding> = checked.findings.into_iter().map(finding).collect();
        if checked.findings_more > 0 {
            findings.push(finding(format!("{} more of such places", checked.findings_more)));
        }
        self.add("records", findings);
        Ok(())
    }

    fn add(&mut self, checked: &'static str, findings: Vec<Finding>) {
        self.checked.push(checked);
        self.findings.extend(findings.into_iter().map(|finding| FindingAnswer {
            file: finding.file,
            byte: finding.byte,
            what: finding.what,
        }));
    }

    fn lines(&self) -> Vec<String> {
        let place = |finding: &FindingAnswer| {
            format!("{}, byte {}: {}", finding.file, finding.byte, finding.what)
        };
        let mut shown: Vec<String> = self.findings.iter().map(place).collect();
        let checked = self.checked.join(", ");
        shown.push(match self.findings.len() {
            0 => format!("Checked {checked}: nothing is wrong."),
            1 => format!("Checked {checked}: one thing is wrong."),
            many => format!("Checked {checked}: {many} things are wrong."),
        });
        shown
    }
}

/// Tells whoever watches how far a check has come, every tenth of it.
fn teller(output: Output) -> impl Fn(VerifyProgress) {
    let told = std::cell::Cell::new(("", 0));
    move |progress| {
        let (part, done, total) = match progress {
            VerifyProgress::Journal { done_bytes, total_bytes } => {
                ("journal", done_bytes, total_bytes)
            }
            VerifyProgress::Snapshot { done_bytes, total_bytes } => {
                ("snapshot", done_bytes, total_bytes)
            }
            VerifyProgress::Database { done_rows, total_rows } => {
                ("database", done_rows, total_rows)
            }
        };
        let tenth = done.saturating_mul(10) / total.max(1);
        if output.is_watched() && told.replace((part, tenth)) != (part, tenth) {
            output::tell(&format!("{part}: {} %", tenth * 10));
        }
    }
}
