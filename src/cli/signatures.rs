//! `casedesk case signatures`, `sign`, `send-back`, `take-back` and `correct`: what two people sign.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use crate::desk::{AskSignings, Command, SigningLine};
use crate::domain::cases::{ClosedEdit, SigningState};
use crate::domain::{CaseId, SubjectCode};

/// Lists what waits for your second signature, and what you signed first.
///
///   casedesk case signatures
///   casedesk case signatures --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Signatures {}

/// Signs second what somebody else signed on a case: it takes effect.
///
///   casedesk case sign C-12
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Sign {
    /// The case, as C-12
    case: CaseId,
}

/// Sends back what somebody else signed on a case, with a reason.
///
///   casedesk case send-back C-12 --reason "the lease is missing"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct SendBack {
    /// The case, as C-12
    case: CaseId,
    /// Why you do not sign
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Takes your own first signature on a case back.
///
///   casedesk case take-back C-12
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct TakeBack {
    /// The case, as C-12
    case: CaseId,
}

/// Changes a closed case, which stays closed. It takes the right `force-edit` and a reason, and takes effect once somebody
/// else who has that right signs it, too.
///
///   casedesk case correct C-12 --subject RENT-2 --reason "filed under the wrong subject"
///   casedesk case correct C-12 --field amount=25000 --reason "a nought too many"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[group(id = "edit", required = true, multiple = false, args = ["subject", "field"])]
pub(super) struct Correct {
    /// The case, as C-12
    case: CaseId,
    /// Another subject, by its code
    #[arg(long)]
    subject: Option<String>,
    /// A field of its type and what it holds, as amount=25000
    #[arg(long, value_name = "CODE=VALUE")]
    field: Option<String>,
    /// Why it is changed
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// What was done.
#[derive(Serialize)]
struct Did {
    case: String,
    done: String,
}

fn act(context: &Context, case: CaseId, command: Command) -> Result<(), CliError> {
    let receipt = context.open()?.execute(command)?;
    let did = Did { case: case.to_string(), done: receipt.label };
    context.output.show(&did, |did| vec![did.done.clone()])
}

impl Sign {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        act(context, self.case, Command::Countersign { case: self.case, version: None })
    }
}

impl SendBack {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (case, reason) = (self.case, self.reason.clone());
        act(context, case, Command::SendBackSignature { case, version: None, reason })
    }
}

impl TakeBack {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        act(context, self.case, Command::WithdrawSignature { case: self.case })
    }
}

impl Correct {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (case, reason) = (self.case, self.reason.clone());
        act(context, case, Command::EditClosed { case, edit: self.edit()?, reason })
    }

    fn edit(&self) -> Result<ClosedEdit, CliError> {
        if let Some(subject) = &self.subject {
            return Ok(ClosedEdit::Subject(SubjectCode(subject.as_str().into())));
        }
        let typed = self.field.as_deref().unwrap_or_default();
        let field = typed.split_once('=').map(|(code, value)| ClosedEdit::Field {
            code: code.trim().to_owned(),
            value: value.to_owned(),
        });
        field.ok_or_else(|| {
            let what = format!("`{typed}` names no field and value.");
            CliError::refused("edit.field", what, "Write it as amount=25000.")
        })
    }
}

/// A signature, as it is listed.
#[derive(Serialize)]
struct Shown {
    case: String,
    signed_by: String,
    at: String,
    what: String,
    amount: String,
    reasons: String,
    state: &'static str,
    sent_back_by: Option<String>,
    sent_back_because: Option<String>,
}

impl Shown {
    fn of(line: SigningLine) -> Self {
        let (state, back) = match line.state {
            SigningState::SentBack { reason, .. } => ("sent-back", Some(reason)),
            SigningState::Waiting
            | SigningState::InForce(_)
            | SigningState::Withdrawn
            | SigningState::Lapsed => (if line.may_sign { "to-sign" } else { "waiting" }, None),
        };
        Self {
            case: line.case.to_string(),
            signed_by: line.by,
            at: instant(line.at),
            what: line.what,
            amount: line.amount,
            reasons: line.reasons,
            state,
            sent_back_by: back.is_some().then_some(line.ended_by),
            sent_back_because: back,
        }
    }

    fn words(&self, clock: &OfficeClock) -> String {
        let back = match (&self.sent_back_by, &self.sent_back_because) {
            (Some(by), Some(why)) => format!("  ({by}: {why})"),
            _ => String::new(),
        };
        format!(
            "{:<8} {}  {:<12} {:<9} {:>16}  {}: {}{back}",
            self.case,
            clock.told(&self.at),
            self.signed_by,
            self.state,
            self.amount,
            self.what,
            self.reasons
        )
    }
}

#[derive(Serialize)]
struct Listed {
    signatures: Vec<Shown>,
}

impl Signatures {
    #[expect(clippy::unused_self, reason = "every subcommand runs alike")]
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let answer = opened.ask(AskSignings {})?;
        let clock = OfficeClock::of(&opened)?;
        let signatures = answer.lines.into_iter().map(Shown::of).collect();
        context.output.show(&Listed { signatures }, |listed| {
            if listed.signatures.is_empty() {
                return vec!["Nothing waits for a second signature.".to_owned()];
            }
            listed.signatures.iter().map(|shown| shown.words(&clock)).collect()
        })
    }
}
