//! `casedesk audit verify`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::super::long::progress_bar;
use super::super::verify::anchors;
use super::{CliError, Context, Opened, Output};
use crate::desk::{
    AnchorSheet, AskTrailCheck, ChainCheck, TRAIL_PAGE_MAX, Trail, TrailPlace, read_anchors,
};
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
/// Where the office's daemon has the journal and you may not read its files, the daemon follows the chain: for auditors, the
/// privacy officer and whoever runs the office. Its own word is only as good as FILE, the anchors that you bring.
///
///   casedesk audit verify
///   casedesk audit verify --anchors /mnt/elsewhere/anchors --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Verify {
    /// The anchors [default: the file `anchors` of the data directory, where there is one and you may read it]
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
        let mut verified = Verified::default();
        if context.is_desk_alone() {
            let anchors = self.anchors.as_deref().map(read_anchors_of).transpose()?;
            verified.ask(&context.open()?, anchors, context.output)?;
        } else {
            self.read(context, &mut verified)?;
        }
        verified.ok = verified.findings.is_empty();
        context.output.show(&verified, Verified::lines)?;
        if verified.ok { Ok(()) } else { Err(CliError::Found) }
    }

    /// Follows the chain in the files of the data directory.
    fn read(&self, context: &Context, verified: &mut Verified) -> Result<(), CliError> {
        let data = context.existing_data("verify.none")?;
        // Anchors first: a desk beside this adds to both, and no anchor may be newer than the chain that is read.
        let mut sheet = AnchorSheet::default();
        if let Some((found, wrong, _)) = anchors(self.anchors.as_deref(), &data)? {
            verified.anchors = Some(found.len());
            verified.find(wrong);
            sheet = found;
        }
        verified.follow(Trail::open(&data)?, sheet, context.output);
        Ok(())
    }
}

/// The anchors of a file, and what is wrong with it.
fn read_anchors_of(file: &Path) -> Result<(AnchorSheet, Vec<String>), CliError> {
    read_anchors(file)
        .map_err(CliError::failed_to(format!("read the anchors of {}", file.display())))
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

    /// Has the desk follow the chain where its journal lies, some events at a time.
    fn ask(
        &mut self,
        opened: &Opened,
        anchors: Option<(AnchorSheet, Vec<String>)>,
        output: Output,
    ) -> Result<(), CliError> {
        let mut sheet = AnchorSheet::default();
        if let Some((found, wrong)) = anchors {
            self.anchors = Some(found.len());
            self.find(wrong);
            sheet = found;
        }
        let bar = progress_bar(output);
        let (mut after, mut hash) = (TrailPlace::default(), [0; 32]);
        loop {
            let answer = opened.ask(AskTrailCheck { after, hash, most: TRAIL_PAGE_MAX })?;
            self.find(answer.findings);
            for (event, found) in answer.hashes {
                self.find(sheet.compare(event, &found));
                (self.events, hash) = (event, found);
            }
            after = answer.place;
            bar.set_length(answer.head);
            bar.set_position(after.event);
            if answer.is_done {
                break;
            }
        }
        bar.finish_and_clear();
        self.find(sheet.finish(self.events));
        self.hash = hexadecimal(&hash);
        Ok(())
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
