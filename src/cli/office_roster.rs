//! `casedesk office roster` and `casedesk office work`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use super::office::{caseworker, unit};
use super::open::Opened;
use crate::desk::{
    AskHandover, AskUnits, Command, HandTo, Handed, HandoverLine, OfficeAnswer, UnitChange,
};
use crate::domain::office::{Shift, WEEKDAYS, hours_words};
use crate::domain::{CaseId, PromiseId};
use crate::exchange::{RosterRow, days_of, hours_of, read_roster};

/// Shows the week of a unit's roster, or sets it: from a file, or one shift at a time.
///
/// A row of the file is an account, days and hours, as `kaya,mon-fri,08:00-16:00`. Whoever is on no roster of a unit that has
/// one cannot have its cases; a unit without a roster is covered by everybody of it in its hours.
///
///   casedesk office roster housing
///   casedesk office roster housing --set roster.csv
///   casedesk office roster housing --add kaya --days mon-fri --hours 08:00-12:00
///   casedesk office roster housing --remove kaya --days fri
///   casedesk office roster housing --clear
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Roster {
    /// The unit's code
    unit: String,
    /// The file that is to be the roster
    #[arg(long, value_name = "FILE", conflicts_with_all = ["add", "remove", "clear"])]
    set: Option<PathBuf>,
    /// The account of somebody who is to work more
    #[arg(long, value_name = "ACCOUNT", requires_all = ["days", "hours"], conflicts_with_all = ["remove", "clear"])]
    add: Option<String>,
    /// The account of somebody who is to work less
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "clear")]
    remove: Option<String>,
    /// On these days, as mon-fri or mon+wed; of a removal all without
    #[arg(long, value_parser = days_of_words)]
    days: Option<Days>,
    /// In these hours, as 08:00-16:00
    #[arg(long, value_parser = hours_of)]
    hours: Option<(u16, u16)>,
    /// Has no roster any more
    #[arg(long)]
    clear: bool,
}

/// Days of the week, from 1 for Monday.
#[derive(Debug, Clone)]
pub(super) struct Days(Vec<u8>);

fn days_of_words(text: &str) -> Result<Days, String> {
    days_of(text).map(Days)
}

/// Lists what a caseworker has, by due time: cases by their next clock, promises, and that drafts are there; or hands some of
/// it over.
///
/// It goes to a colleague, to whoever stands in (`substitute`), or back into the queue (`queue`); with no number named, all of
/// it goes. Drafts are private and stay.
///
///   casedesk office work moe
///   casedesk office work moe --give kaya C-12 PR-3
///   casedesk office work moe --give queue
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Work {
    /// The caseworker's account
    account: String,
    /// To whom: an account, `substitute` or `queue`
    #[arg(long, value_name = "WHOM")]
    give: Option<String>,
    /// Numbers of cases and promises
    #[arg(requires = "give")]
    numbers: Vec<String>,
    /// Why, in a word or two
    #[arg(long, default_value = "")]
    why: String,
}

/// Things that one act hands over.
const HANDED_MAX: usize = 50;

impl Roster {
    /// What it changes; nothing where the roster is only shown.
    pub(super) fn command(
        &self,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<Option<Command>, CliError> {
        let id = unit(office, &self.unit)?.id;
        let held = || -> Result<Vec<Shift>, CliError> {
            let units = opened.ask(AskUnits {})?.units;
            let line = units.into_iter().find(|line| line.unit.id == id);
            let roster = line.map(|line| line.roster).unwrap_or_default();
            Ok(roster.into_iter().map(|(_, _, shift)| shift).collect())
        };
        let roster = if let Some(path) = &self.set {
            let failed = CliError::failed_to(format!("read {}", path.display()));
            let text = fs::read_to_string(path).map_err(failed)?;
            from_file(&text, office)?
        } else if let (Some(account), Some(Days(days)), Some(hours)) =
            (&self.add, &self.days, self.hours)
        {
            let mut roster = held()?;
            let id = caseworker(office, account)?.id;
            roster.extend(days.iter().map(|day| shift(id, *day, hours)));
            roster
        } else if let Some(account) = &self.remove {
            let id = caseworker(office, account)?.id;
            let mut roster = held()?;
            let before = roster.len();
            roster.retain(|shift| {
                let is_day = self.days.as_ref().is_none_or(|Days(on)| on.contains(&shift.weekday));
                let is_hours =
                    self.hours.is_none_or(|hours| hours == (shift.from_minute, shift.to_minute));
                !(shift.caseworker == id && is_day && is_hours)
            });
            if roster.len() == before {
                let what = format!("{account} has no such shift.");
                let hint = "`casedesk office roster UNIT` shows the week.";
                return Err(CliError::refused("roster.shift", what, hint));
            }
            roster
        } else if self.clear {
            Vec::new()
        } else {
            return Ok(None);
        };
        Ok(Some(Command::ChangeUnit { unit: id, change: UnitChange::Roster(roster) }))
    }

    pub(super) fn show(&self, context: &Context, opened: &Opened) -> Result<(), CliError> {
        let units = opened.ask(AskUnits {})?.units;
        let line = units.into_iter().find(|line| line.unit.code == self.unit);
        let covered_by = line.as_ref().and_then(|line| line.covered_by.clone());
        let mut shifts = line.map(|line| line.roster).unwrap_or_default();
        shifts
            .sort_by_key(|(account, _, shift)| (shift.weekday, shift.from_minute, account.clone()));
        let shown = Week {
            unit: self.unit.clone(),
            covered_by,
            shifts: shifts
                .into_iter()
                .map(|(account, name, shift)| ShiftLine {
                    day: WEEKDAYS
                        .get(usize::from(shift.weekday).saturating_sub(1))
                        .copied()
                        .unwrap_or_default(),
                    hours: hours_words(shift.from_minute, shift.to_minute),
                    account,
                    name,
                })
                .collect(),
        };
        context.output.show(&shown, Week::lines)
    }
}

fn shift(caseworker: crate::domain::CaseworkerId, weekday: u8, hours: (u16, u16)) -> Shift {
    Shift { caseworker, weekday, from_minute: hours.0, to_minute: hours.1 }
}

/// The shifts of a file; everything that is wrong with it is told at once.
fn from_file(text: &str, office: &OfficeAnswer) -> Result<Vec<Shift>, CliError> {
    let told = |flaws: Vec<String>| {
        let hint = "A row is an account, days and hours: kaya,mon-fri,08:00-16:00";
        CliError::refused("roster.file", flaws.join("\n"), hint)
    };
    let rows =
        read_roster(text).map_err(|flaws| told(flaws.iter().map(ToString::to_string).collect()))?;
    let (mut shifts, mut unknown) = (Vec::new(), Vec::new());
    for RosterRow { line, account, days, hours } in rows {
        match caseworker(office, &account) {
            Ok(held) => shifts.extend(days.iter().map(|day| shift(held.id, *day, hours))),
            Err(_) => {
                unknown.push(format!("line {line}, account: there is no caseworker `{account}`"));
            }
        }
    }
    if unknown.is_empty() { Ok(shifts) } else { Err(told(unknown)) }
}

#[derive(Serialize)]
struct Week {
    unit: String,
    /// Who covers its queues now.
    covered_by: Option<String>,
    shifts: Vec<ShiftLine>,
}

#[derive(Serialize)]
struct ShiftLine {
    day: &'static str,
    hours: String,
    account: String,
    name: String,
}

impl Week {
    fn lines(&self) -> Vec<String> {
        if self.shifts.is_empty() {
            let now = self.covered_by.as_ref();
            let now = now.map_or("nobody who is here".to_owned(), Clone::clone);
            return vec![format!(
                "{} has no roster: anybody of it who is here covers its queues in its hours; now {now}.",
                self.unit
            )];
        }
        let line = |shift: &ShiftLine| {
            format!("{}  {}  {:<12} {}", shift.day, shift.hours, shift.account, shift.name)
        };
        self.shifts.iter().map(line).collect()
    }
}

#[derive(Serialize)]
struct WorkShown {
    account: String,
    lines: Vec<LineShown>,
    more: bool,
}

#[derive(Serialize)]
struct LineShown {
    kind: &'static str,
    number: Option<String>,
    due: Option<String>,
    words: String,
    with: Option<String>,
}

impl Work {
    pub(super) fn run(
        &self,
        context: &Context,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<(), CliError> {
        let id = caseworker(office, &self.account)?.id;
        let answer = opened.ask(AskHandover { caseworker: id, also: Vec::new() })?;
        if let Some(whom) = &self.give {
            let to = match whom.as_str() {
                "substitute" => HandTo::Substitute,
                "queue" => HandTo::Queue,
                account => HandTo::Colleague(caseworker(office, account)?.id),
            };
            let what = self.chosen(&answer.lines)?;
            let mut done = Vec::new();
            for some in what.chunks(HANDED_MAX) {
                let why = self.why.clone();
                let command = Command::HandOver { from: id, what: some.to_vec(), to, why };
                done.push(opened.execute(command)?.label);
            }
            return context.output.show(&Given { ok: true, done }, |given| given.done.clone());
        }
        let line = |line: HandoverLine| LineShown {
            kind: match line.what {
                Handed::Case(_) => "case",
                Handed::Promise(_) => "promise",
                Handed::Draft(_) => "draft",
            },
            number: match &line.what {
                Handed::Case(id) => Some(id.to_string()),
                Handed::Promise(id) => Some(id.to_string()),
                Handed::Draft(_) => line.case.map(|id| id.to_string()),
            },
            due: line.due_at.map(instant),
            words: line.words,
            with: line.with.map(|(_, name)| name),
        };
        let lines = answer.lines.into_iter().map(line).collect();
        let shown = WorkShown { account: self.account.clone(), lines, more: answer.has_more };
        let clock = OfficeClock::of(opened)?;
        context.output.show(&shown, |shown| shown.lines(&clock))
    }

    /// What is handed over: what the numbers name, or everything but drafts.
    fn chosen(&self, lines: &[HandoverLine]) -> Result<Vec<Handed>, CliError> {
        if self.numbers.is_empty() {
            let is_private = |line: &&HandoverLine| !matches!(line.what, Handed::Draft(_));
            return Ok(lines.iter().filter(is_private).map(|line| line.what.clone()).collect());
        }
        let handed = |number: &String| {
            let case = number.parse::<CaseId>().map(Handed::Case);
            let promise = || number.parse::<PromiseId>().map(Handed::Promise);
            case.ok().or_else(|| promise().ok()).ok_or_else(|| {
                let what = format!("`{number}` is no number of a case or a promise.");
                CliError::refused("handover.number", what, "`casedesk office work` lists them.")
            })
        };
        self.numbers.iter().map(handed).collect()
    }
}

#[derive(Serialize)]
struct Given {
    ok: bool,
    done: Vec<String>,
}

impl WorkShown {
    fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        if self.lines.is_empty() {
            return vec![format!("Nothing that you may see waits for {}.", self.account)];
        }
        let line = |line: &LineShown| {
            format!(
                "{:<20} {:<8} {:<9} {}  {}",
                line.due.as_deref().map_or_else(|| "-".to_owned(), |due| clock.told(due)),
                line.kind,
                line.number.as_deref().unwrap_or("-"),
                line.words,
                line.with.as_deref().unwrap_or("in its queue")
            )
        };
        self.lines.iter().map(line).collect()
    }
}
