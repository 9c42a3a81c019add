//! `casedesk verify`.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::{Means, open_local, open_store_hearing};
use super::output::{self, Output};
use crate::desk::{ANCHOR_FILE, AnchorSheet, CheckedPart, Checks, Trail, read_anchors};
use crate::store::{
    Finding, OpenOptions, OpenProgress, Sequence, SledStore, StoreError, VerifyProgress,
    verify_journal, verify_snapshots,
};

/// What to do about a journal that is not what was written.
const RESTORE: &str = "keep the directory as it is, and restore a backup";
/// What to do about a database that is not what the journal says.
const REBUILD: &str = "move the folder `sled` aside and keep it, then open again, so that it is made anew from the journal";
/// What to do about a snapshot that is not as it was written.
const DISCARD: &str =
    "remove the file, for the journal has everything and a later snapshot takes its place";
/// What to do about a database that fails while it is read.
const REOPEN: &str =
    "open casedesk once more, which sets it aside and makes it anew from the journal";
/// Rows after which whoever watches hears of them.
const ROWS_PER_WORD: u64 = 50_000;

/// Checks that everything is as it was written: journal, snapshots, database, and the office's records.
///
/// Every record is read, every index is compared with its records both ways, counters and numbers are counted again, and
/// the audit chain is followed with its anchors: those of FILE, or those that lie in the data directory. With --deep,
/// records are made again of their events, the chain is compared with the journal, and the search index with the people in
/// it. Beside an open desk only journal and snapshots are read, and the answer says so. Findings name file and byte; a
/// finding ends the program with 1.
///
///   casedesk verify --json
///   casedesk verify --deep --anchors /mnt/elsewhere/anchors
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Verify {
    /// Also make again what can be made again, and compare
    #[arg(long)]
    deep: bool,
    /// Anchors of the audit chain [default: the file `anchors` of the data directory, where there is one]
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
}

#[derive(Serialize)]
struct Verified {
    ok: bool,
    findings: Vec<FindingAnswer>,
    /// What was checked: `journal`, `snapshots`, `database`, `records`, `anchors`, `deep`.
    checked: Vec<&'static str>,
    /// Records read, where the desk could be opened.
    records: Option<u64>,
    /// Index keys compared with them.
    index_keys: Option<u64>,
    /// Events in the chain.
    events: Option<u64>,
    /// Anchors compared with them.
    anchors: Option<u64>,
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
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let data = context.existing_data("verify.none")?;
        // A file that is not there is told before anything else is read; and no anchor is newer than what is read after it.
        let mut anchors = anchors(self.anchors.as_deref(), &data)?;
        if let (Some(_), Some((sheet, wrong, path))) = (&self.anchors, &mut anchors)
            && sheet.is_empty()
        {
            wrong.push(format!("there is no anchor in {}", path.display()));
        }
        let mut verified = Verified::new();
        let options = context.store_options()?;
        let depth = Depth { is_deep: self.deep, is_asked_of_anchors: self.anchors.is_some() };
        verified.check(depth, anchors, &data, options, context.output)?;
        verified.ok = verified.findings.is_empty();
        context.output.show(&verified, Verified::lines)?;
        if verified.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

/// Anchors, what is wrong with their file, and where it is.
pub(super) type FoundAnchors = (AnchorSheet, Vec<String>, PathBuf);

/// The anchors to compare with: those of a file, or those of the data directory where it has some.
pub(super) fn anchors(given: Option<&Path>, data: &Path) -> Result<Option<FoundAnchors>, CliError> {
    let path = given.map_or_else(|| data.join(ANCHOR_FILE), Path::to_owned);
    if given.is_none() && !path.exists() {
        return Ok(None);
    }
    let failed = CliError::failed_to(format!("read the anchors of {}", path.display()));
    let (sheet, wrong) = read_anchors(&path).map_err(failed)?;
    Ok(Some((sheet, wrong, path)))
}

/// What was asked for that takes the database.
#[derive(Clone, Copy)]
struct Depth {
    is_deep: bool,
    is_asked_of_anchors: bool,
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
            anchors: None,
            commits: None,
            journal_bytes: None,
            database_bytes: None,
        }
    }

    /// The journal first, which needs neither lock nor database; the rest only where it is whole, for everything else is
    /// judged by it.
    fn check(
        &mut self,
        depth: Depth,
        anchors: Option<FoundAnchors>,
        data: &Path,
        options: OpenOptions,
        output: Output,
    ) -> Result<(), CliError> {
        let tell = teller(output);
        self.add("journal", advised(verify_journal(data, &tell)?, RESTORE));
        if !self.findings.is_empty() {
            return Ok(());
        }
        self.add("snapshots", advised(verify_snapshots(data, &tell)?, DISCARD));
        let means = Means::of_system()?;
        let aside = RefCell::new(Vec::new());
        let hear = |progress: &OpenProgress| {
            if let OpenProgress::SetAside { to, why } = progress {
                let file = data.join("sled").display().to_string();
                let what = format!("{why}; it lies in {} now, and was made anew", to.display());
                aside.borrow_mut().push(Finding { file, byte: 0, what });
            }
        };
        let store = match open_store_hearing(data, &means, options, output, &hear) {
            Ok(store) => Arc::new(store),
            Err(StoreError::Held { holder, .. }) if depth.is_deep || depth.is_asked_of_anchors => {
                let what =
                    format!("The database is open ({holder}): --deep and --anchors need it.");
                let hint =
                    "Close that program; or, beside it: casedesk audit verify --anchors FILE.";
                return Err(CliError::refused("verify.held", what, hint));
            }
            Err(StoreError::Held { holder, .. }) => {
                output::tell(&format!(
                    "The database is open ({holder}): only the journal and the snapshots were checked. `casedesk audit \
                     verify` checks the chain and its anchors beside it."
                ));
                return Ok(());
            }
            Err(StoreError::Damaged { file, byte, what }) => {
                self.add("database", advised(vec![Finding { file, byte, what }], RESTORE));
                return Ok(());
            }
            Err(error @ StoreError::Engine { .. }) => {
                let file = data.join("sled").display().to_string();
                let finding = Finding { file, byte: 0, what: error.to_string() };
                self.add("database", advised(vec![finding], REBUILD));
                return Ok(());
            }
            Err(error @ (StoreError::Io { .. } | StoreError::Closed | StoreError::Copy(_))) => {
                return Err(error.into());
            }
        };
        let mut found = aside.take();
        match store.verify_against_journal(&tell) {
            Ok(more) => found.extend(advised(more, REBUILD)),
            Err(error @ StoreError::Engine { .. }) => {
                let file = data.join("sled").display().to_string();
                let finding = Finding { file, byte: 0, what: error.to_string() };
                self.add("database", advised(vec![finding], REOPEN));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        self.add("database", found);
        let sizes = store.statistics()?;
        self.commits = Some(sizes.sequence.0);
        self.journal_bytes = Some(sizes.journal_bytes);
        self.database_bytes = Some(sizes.sled_bytes);
        self.check_records(depth.is_deep, anchors, &store, &means, output)?;
        Ok(store.close()?)
    }

    /// The desk's own check. A desk that does not open is a finding too.
    fn check_records(
        &mut self,
        is_deep: bool,
        anchors: Option<FoundAnchors>,
        store: &Arc<SledStore>,
        means: &Means,
        output: Output,
    ) -> Result<(), CliError> {
        let file = store.directory().join("sled").display().to_string();
        let finding = |what| Finding { file: file.clone(), byte: 0, what };
        let mut checks = Checks { is_deep, ..Checks::default() };
        if let Some((sheet, wrong, path)) = anchors {
            checks.anchors = sheet;
            let file = path.display().to_string();
            let wrong = wrong.into_iter().map(|what| Finding { file: file.clone(), byte: 0, what });
            self.add("anchors", wrong.collect());
        }
        if is_deep {
            checks.trail = Some(Trail::over(store.journal(Sequence(1))?));
        }
        let told = part_teller(output);
        let checked = open_local(store, means).and_then(|desk| Ok(desk.verify(checks, &told)?));
        let checked = match checked {
            Ok(checked) => checked,
            Err(CliError::Desk(error)) => {
                self.add("records", advised(vec![finding(error.to_string())], REBUILD));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        self.records = Some(checked.records);
        self.index_keys = Some(checked.index_keys);
        self.events = Some(checked.events);
        self.anchors = Some(checked.anchors);
        let mut findings: Vec<Finding> = checked.findings.into_iter().map(finding).collect();
        if checked.findings_more > 0 {
            findings.push(finding(format!("{} more of such places", checked.findings_more)));
        }
        self.add("records", findings);
        if is_deep {
            self.checked.push("deep");
        }
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
        let place = |finding: &FindingAnswer| match finding.byte {
            0 => format!("{}: {}", finding.file, finding.what),
            byte => format!("{}, byte {byte}: {}", finding.file, finding.what),
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

/// Findings of the store, each with what to do about it.
fn advised(mut findings: Vec<Finding>, remedy: &str) -> Vec<Finding> {
    for finding in &mut findings {
        finding.what = format!("{}: {remedy}", finding.what);
    }
    findings
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

/// Tells whoever watches how far the check of records has come, a line for so many rows of each part.
fn part_teller(output: Output) -> impl Fn(CheckedPart) {
    move |part| {
        let (part, rows) = part_in_words(part);
        if output.is_watched() && rows.is_multiple_of(ROWS_PER_WORD) {
            output::tell(&format!("{part}: {rows}"));
        }
    }
}

/// What is being checked, and how many of them were.
pub(super) fn part_in_words(part: CheckedPart) -> (&'static str, u64) {
    match part {
        CheckedPart::Records(rows) => ("records", rows),
        CheckedPart::Chain(rows) => ("events of the chain", rows),
        CheckedPart::Fold(rows) => ("events folded", rows),
        CheckedPart::Search(rows) => ("people in the search index", rows),
    }
}
