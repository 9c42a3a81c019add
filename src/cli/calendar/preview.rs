//! `casedesk calendar preview`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::read;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::office::day;
use crate::cli::open::Opened;
use crate::desk::{AskClockMoves, AskWho, ClockMove, ProposedCalendar};
use crate::domain::time::{Day, Instant, OFFICE_CALENDAR, Zone};

/// Clocks that are shown one by one.
const MOVES_SHOWN_MAX: usize = 20;

/// Says which open cases a calendar would move, and changes nothing.
///
///   casedesk calendar preview office.toml
///   casedesk calendar preview housing.toml --unit housing --from 2027-01-01 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Preview {
    /// The file
    file: PathBuf,
    /// The unit that it is for [default: the office]
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// The day from which it is in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
}

/// Whom a calendar moves.
#[derive(Debug, Serialize)]
pub(super) struct Moved {
    /// Open cases that were looked at.
    looked_at: u64,
    /// Cases of which a clock moves.
    pub(super) cases: usize,
    /// These by unit.
    by_unit: BTreeMap<String, usize>,
    /// The first of the clocks.
    first: Vec<MovedLine>,
}

#[derive(Debug, Serialize)]
struct MovedLine {
    case: String,
    unit: String,
    clock: &'static str,
    old: String,
    new: String,
}

impl Preview {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (text, _) = read(&self.file)?;
        let code = self.unit.clone().unwrap_or_else(|| OFFICE_CALENDAR.to_owned());
        let opened = context.open()?;
        let proposed = ProposedCalendar { code, text, from: self.from };
        let moved = moved(&opened, &proposed)?;
        context.output.show(&moved, lines)
    }
}

/// Whom a calendar would move, of the cases that the caseworker may see.
pub(super) fn moved(opened: &Opened, proposed: &ProposedCalendar) -> Result<Moved, CliError> {
    let zone = opened.ask(AskWho {})?.office.calendar.zone();
    let mut moved = Moved { looked_at: 0, cases: 0, by_unit: BTreeMap::new(), first: Vec::new() };
    let mut after = None;
    loop {
        let answer = opened.ask(AskClockMoves { proposed: proposed.clone(), after })?;
        moved.looked_at += answer.cases;
        let mut last = None;
        for one in &answer.moves {
            if last != Some(one.case) {
                moved.cases += 1;
                *moved.by_unit.entry(one.unit.clone()).or_default() += 1;
                last = Some(one.case);
            }
            if moved.first.len() < MOVES_SHOWN_MAX {
                moved.first.push(line(one, &zone));
            }
        }
        after = answer.next;
        if after.is_none() {
            return Ok(moved);
        }
    }
}

fn line(moved: &ClockMove, zone: &Zone) -> MovedLine {
    let at = |instant: Instant| {
        let (hour, minute) = zone.hour_minute(instant);
        format!("{} {hour:02}:{minute:02}", zone.day(instant))
    };
    MovedLine {
        case: moved.case.to_string(),
        unit: moved.unit.clone(),
        clock: moved.kind.label(),
        old: at(moved.old),
        new: at(moved.new),
    }
}

pub(super) fn lines(moved: &Moved) -> Vec<String> {
    let Moved { looked_at, cases, by_unit, first } = moved;
    let mut lines = vec![format!("{cases} of {looked_at} open cases move.")];
    lines.extend(by_unit.iter().map(|(unit, cases)| format!("  {unit:<20} {cases}")));
    lines.extend(first.iter().map(|it| {
        format!("{:<9} {:<12} {:<7} {} -> {}", it.case, it.unit, it.clock, it.old, it.new)
    }));
    lines
}
