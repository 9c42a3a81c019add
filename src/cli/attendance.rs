//! `casedesk office absent`, `back` and `gone`.

use clap::Args;
use serde::Serialize;

use super::error::CliError;
use super::office::{caseworker, day, optional};
use super::open::Opened;
use crate::desk::{
    AskHandover, Command, DeskError, Handed, HandoverLine, MORE_TO_HAND_OVER, OfficeAnswer, Receipt,
};
use crate::domain::office::CaseworkerState;
use crate::domain::time::Day;
use crate::domain::{CaseworkerId, EntityId};

/// How often a handing over goes on by itself, where there is more than fits into one act.
const TIMES_MAX: usize = 200;

/// Says that a caseworker is away until the end of a day, and hands over what waits for them.
///
/// Their open cases, promises and escalations go to whoever stands in; without one, cases go back into their queues.
///
///   casedesk office absent moe --until 2026-11-27 --substitute kaya
///   casedesk office absent moe --until 2026-12-04 --substitute kaya --why leave
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Absent {
    /// The caseworker's account
    account: String,
    /// The last day away
    #[arg(long, value_name = "DATE", value_parser = day, required_unless_present = "back")]
    until: Option<Day>,
    /// The account of whoever takes their place
    #[arg(long, requires = "until")]
    substitute: Option<String>,
    /// Why, in a word or two
    #[arg(long, default_value = "ill")]
    why: String,
    /// They are here again: the same as `casedesk office back`
    #[arg(long, conflicts_with = "until")]
    back: bool,
}

/// Says that a caseworker is here again.
///
///   casedesk office back moe
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Back {
    /// The caseworker's account
    account: String,
}

/// Says that a caseworker has left for good, and hands over what waits for them.
///
///   casedesk office gone moe --successor kaya
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Gone {
    /// The caseworker's account
    account: String,
    /// The account of whoever takes their work over; without one, cases go back into their queues
    #[arg(long)]
    successor: Option<String>,
    /// Why, in a word or two
    #[arg(long, default_value = "left")]
    why: String,
}

impl Absent {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let substitute = optional(self.substitute.as_deref(), |name| caseworker(office, name))?;
        let substitute = substitute.map(|held| held.id);
        let state = match self.until {
            Some(until) => CaseworkerState::Absent { until, substitute },
            None => CaseworkerState::Active,
        };
        let why = if self.until.is_some() { self.why.clone() } else { String::new() };
        let caseworker = caseworker(office, &self.account)?.id;
        Ok(Command::SetAttendance { caseworker, state, successor: None, why })
    }
}

impl Back {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let caseworker = caseworker(office, &self.account)?.id;
        let state = CaseworkerState::Active;
        Ok(Command::SetAttendance { caseworker, state, successor: None, why: String::new() })
    }
}

impl Gone {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let successor = optional(self.successor.as_deref(), |name| caseworker(office, name))?;
        Ok(Command::SetAttendance {
            caseworker: caseworker(office, &self.account)?.id,
            state: CaseworkerState::Left,
            successor: successor.map(|held| held.id),
            why: self.why.clone(),
        })
    }
}

/// Things that are named of what went; more are counted.
const WENT_MAX: usize = 60;

/// Something that waited for somebody and is somebody else's now.
#[derive(Debug, Serialize)]
pub(super) struct Went {
    number: String,
    words: String,
    /// Who has it now; nobody where it lies in its queue.
    to: Option<String>,
}

/// What the actor may see of whatever waits for a caseworker; nothing where they may not look.
fn waiting(
    opened: &Opened,
    caseworker: CaseworkerId,
    also: Vec<EntityId>,
) -> Result<Vec<HandoverLine>, CliError> {
    match opened.ask(AskHandover { caseworker, also }) {
        Ok(answer) => Ok(answer.lines),
        Err(CliError::Desk(DeskError::Refused(_))) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Carries a command out, and says what it took from whom: what the actor may see of it, and how it comes back.
pub(super) fn execute_telling(
    opened: &Opened,
    office: &OfficeAnswer,
    command: &Command,
) -> Result<(Receipt, Vec<Went>, Vec<String>), CliError> {
    let from = if let Command::SetAttendance { caseworker, state, .. } = command
        && *state != CaseworkerState::Active
    {
        *caseworker
    } else {
        return Ok((execute(opened, command)?, Vec::new(), Vec::new()));
    };
    let before = waiting(opened, from, Vec::new())?;
    let receipt = execute(opened, command)?;
    let also = before.iter().filter_map(|line| match &line.what {
        Handed::Case(id) => Some(EntityId::Case(*id)),
        Handed::Promise(id) => Some(EntityId::Promise(*id)),
        Handed::Draft(_) => None,
    });
    let after = waiting(opened, from, also.collect())?;
    let went: Vec<Went> = after.iter().filter_map(|line| went(line, from)).collect();
    let drafts = after.iter().filter(|line| matches!(line.what, Handed::Draft(_))).count();
    let whose = office.caseworkers.iter().find(|held| held.id == from);
    let notes = notes(&went, drafts, whose.map_or("ACCOUNT", |held| held.account.as_str()));
    Ok((receipt, went, notes))
}

fn went(line: &HandoverLine, from: CaseworkerId) -> Option<Went> {
    let number = match &line.what {
        Handed::Case(id) => id.to_string(),
        Handed::Promise(id) => id.to_string(),
        Handed::Draft(_) => return None,
    };
    if line.with.as_ref().is_some_and(|(id, _)| *id == from) {
        return None;
    }
    let to = line.with.as_ref().map(|(_, name)| name.clone());
    Some(Went { number, words: line.words.clone(), to })
}

/// What is said below the sentence of the act.
fn notes(went: &[Went], drafts: usize, account: &str) -> Vec<String> {
    let line = |it: &Went| {
        let to = it.to.as_ref().map_or("back in its queue".to_owned(), |to| format!("to {to}"));
        format!("  {:<9} {}, {to}", it.number, it.words)
    };
    let mut lines: Vec<String> = went.iter().take(WENT_MAX).map(line).collect();
    if went.len() > WENT_MAX {
        lines.push(format!("  ... and {} more", went.len() - WENT_MAX));
    }
    if drafts > 0 {
        lines.push(format!("  {drafts} of their drafts stay: they are private."));
    }
    if !went.is_empty() {
        lines.push(format!(
            "In casedesk `u` takes all of it back, for 24 hours. `casedesk office work ACCOUNT` lists what somebody has, and \
             with `--give {account} NUMBER...` gives it back."
        ));
    }
    lines
}

/// Carries a command out, and goes on with it while there is more to hand over. The receipt is that of the first time, with
/// the rows of all.
fn execute(opened: &Opened, command: &Command) -> Result<Receipt, CliError> {
    let mut whole = opened.execute(command.clone())?;
    let (mut goes_on, mut times) = (whole.has_more(), 1);
    while goes_on && times < TIMES_MAX {
        let next = opened.execute(command.clone())?;
        goes_on = next.has_more();
        times += 1;
        whole.rows.extend(next.rows);
    }
    if times > 1 {
        let label = whole.label.replace(MORE_TO_HAND_OVER, "");
        whole.label = format!("{label} {} handed over in all.", whole.rows.len());
    }
    Ok(whole)
}
