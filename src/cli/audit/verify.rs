//! `casedesk audit verify`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::long::progress_bar;
use super::super::verify::anchors;
use super::{CliError, Context, Output};
use crate::desk::{AnchorSheet, ChainCheck, Trail};
use crate::text::hexadecimal;

/// Findings told one by one; when there are more, their number is told.
const FINDINGS_MAX: usize = 200;
/// Events after which progress is drawn.
const PROGRESS_EVENTS: u64 = 1_000;

/// Checks the audit chain in the journal, and the anchors of it, beside an open desk too; nothing of it is shown.
///
/// A chain alone shows what was changed in its middle. Anchors, which are kept in FILE on another machine or in the
/// system's log, show that its tail was cut or that all of it was written anew; lines of a system log may be given as they
/// are. A finding ends the program with 1.
///
///   casedesk audit verify
///   casedesk audit verify --anchors /mnt/elsewhere/anchors --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Verify {
    /// The anchors [default: the file `anchors` of the data directory, where there is one]
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
}

#[derive(Serialize, Default)]
struct Verified {
    ok: bool,
    findings: Vec<String>,
    findings_more: u64,
    /// The last event of the chain.
    events: u64,
    /// Its hash.
    hash: String,
    /// Anchors that were compared; nothing where there are none.
    anchors: Option<usize>,
}

impl Verify {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let data = context.existing_data("verify.none")?;
        let mut verified = Verified::default();
        // Anchors first: a desk beside this adds to both, and no anchor may be newer than the chain that is read.
        let mut sheet = AnchorSheet::default();
        if let Some((found, wrong, _)) = anchors(self.anchors.as_deref(), &data)? {
            verified.anchors = Some(found.len());
            verified.find(wrong);
            sheet = found;
        }
        verified.follow(Trail::open(&data)?, sheet, context.output);
        verified.ok = verified.findings.is_empty();
        context.output.show(&verified, Verified::lines)?;
        if verified.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl Verified {
    fn find(&mut self, findings: impl IntoIterator<Item = String>) {
        for finding in findings {
            if self.findings.len() < FINDINGS_MAX {
                self.findings.push(finding);
            } else {
                self.findings_more += 1;
            }
        }
    }

    fn follow(&mut self, mut trail: Trail, mut anchors: AnchorSheet, output: Output) {
        let bar = progress_bar(output);
        let mut check = ChainCheck::default();
        while let Some(record) = trail.next() {
            match record {
                Ok(record) => {
                    self.find(check.follow(&record));
                    self.find(anchors.compare(record.sequence, &record.hash));
                    if record.sequence.is_multiple_of(PROGRESS_EVENTS) {
                        let (done, total) = trail.progress();
                        bar.set_length(total);
                        bar.set_position(done);
                    }
                }
                Err(error) => {
                    let what = format!(
                        "the chain cannot be read on: {error}; `casedesk verify` says where the journal is damaged"
                    );
                    self.find([what]);
                }
            }
        }
        bar.finish_and_clear();
        let (last, hash) = check.last();
        self.find(anchors.finish(last));
        self.events = last;
        self.hash = hexadecimal(&hash);
    }

    fn lines(&self) -> Vec<String> {
        let mut shown = self.findings.clone();
        if self.findings_more > 0 {
            shown.push(format!("{} more of such places", self.findings_more));
        }
        let anchors = match self.anchors {
            Some(anchors) => format!("compared with {anchors} anchors"),
            None => "and there are no anchors to compare it with".to_owned(),
        };
        let state = if self.ok { "whole" } else { "not what was chained" };
        let (events, hash) = (self.events, &self.hash);
        shown.push(format!("The audit chain is {state} up to event {events} ({hash}), {anchors}."));
        if !self.ok {
            shown.push(
                "Keep the directory as it is, and compare it with a backup: somebody may have changed what happened."
                    .to_owned(),
            );
        }
        shown
    }
}
