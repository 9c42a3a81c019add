//! `casedesk reconcile`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::long::progress_bar;
use crate::desk::AskLedger;
use crate::domain::cases::Ledger;

/// Proves that no request was lost: received = in screening + open + ended, without a gap in the numbers.
///
/// It reads every case, beside an open desk too. A number without a case ends the program with 1; a nightly run makes
/// the office's zero-loss line.
///
///   casedesk reconcile
///   casedesk reconcile --json | jq .astray
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Reconcile {}

#[derive(Serialize)]
struct Reconciled {
    ok: bool,
    received: u64,
    screening: u64,
    open: u64,
    ended: u64,
    outcomes: Vec<(&'static str, u64)>,
    astray: u64,
    named: Vec<String>,
    words: String,
}

impl Reconcile {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let mut ledger = Ledger::default();
        let bar = progress_bar(context.output).with_message("cases counted");
        loop {
            let answer = opened.ask(AskLedger { after: ledger.last })?;
            bar.set_length(answer.received);
            ledger.extend(answer.ledger);
            bar.set_position(ledger.last);
            if ledger.last >= answer.received {
                break;
            }
        }
        bar.finish_and_clear();
        let reconciled = Reconciled::from(&ledger);
        context.output.show(&reconciled, Reconciled::lines)?;
        if reconciled.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl From<&Ledger> for Reconciled {
    fn from(ledger: &Ledger) -> Self {
        Self {
            ok: ledger.is_whole(),
            received: ledger.last,
            screening: ledger.screening,
            open: ledger.open,
            ended: ledger.ended(),
            outcomes: ledger.ended.iter().map(|(code, cases)| (code.label(), *cases)).collect(),
            astray: ledger.astray,
            named: ledger.named.iter().map(ToString::to_string).collect(),
            words: ledger.words(),
        }
    }
}

impl Reconciled {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.words.clone()];
        lines.extend(self.outcomes.iter().map(|(label, cases)| format!("  {cases:>9}  {label}")));
        if self.astray > 0 {
            lines.push(format!("Astray, from: {}.", self.named.join(", ")));
            lines.push("Keep the directory as it is, and run `casedesk verify --deep`.".to_owned());
        }
        lines
    }
}
