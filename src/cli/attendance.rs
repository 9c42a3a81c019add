//! `casedesk office absent`, `back` and `gone`.

use clap::Args;

use super::error::CliError;
use super::office::{caseworker, day, optional};
use super::open::Opened;
use crate::desk::{Command, OfficeAnswer, Receipt};
use crate::domain::office::CaseworkerState;
use crate::domain::time::Day;

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

/// Carries a command out, and goes on with it while there is more to hand over. The receipt is that of the first time, with
/// the rows of all.
pub(super) fn execute(opened: &Opened, command: &Command) -> Result<Receipt, CliError> {
    let mut whole = opened.execute(command.clone())?;
    let (mut goes_on, mut times) = (whole.has_more(), 1);
    while goes_on && times < TIMES_MAX {
        let next = opened.execute(command.clone())?;
        goes_on = next.has_more();
        times += 1;
        whole.rows.extend(next.rows);
    }
    if times > 1 {
        whole.label = format!("{} {} handed over in all.", whole.label, whole.rows.len());
    }
    Ok(whole)
}
