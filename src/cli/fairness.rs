//! `casedesk fairness`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use super::office::day;
use crate::desk::{AskFairness, AskOffice, Command, FairnessAnswer, SkipLine, WaitingAnswer};
use crate::domain::fairness::{Equality, GROUP_CASES_MIN, Waiting};
use crate::domain::time::Day;

/// Counts again whether queues were fair, and tells how equal waiting was.
///
/// Every claim keeps how many cases stood free in its queue, the sum over their ordering keys, its own key and its place. All
/// of it is counted again from everything that happened before: a claim that is not as it says ends the program with 1.
///
/// Skips are claims that passed over cases before them. `rights`, `level` and `conflict` say why the next one was not offered
/// to them; `named` that somebody took a case by its number, and `opened` that they had opened it before.
///
/// Waiting is from registration to the first claim, and to the first answer, of cases registered in these days. Groups of
/// fewer than ten cases are told together as `other`. Jain's index (DEC-TR-301, 1984) over the groups' means is 1 where all
/// wait the same; the worst group is the one with the longest median, over the median of all.
///
/// It reads every case. For auditors, the privacy officer, and whoever leads the unit; the reading is recorded.
///
///   casedesk fairness --unit housing
///   casedesk fairness --from 2026-07-01 --to 2026-09-30 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Fairness {
    /// Only of this unit and the units below it, by code
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    /// From this day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Up to this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
}

#[derive(Serialize)]
struct Told {
    ok: bool,
    claims: u64,
    first: u64,
    unproved: u64,
    differing: Vec<Differing>,
    differing_more: u64,
    skips: Vec<SkipLine>,
    skips_more: u64,
    group_cases_min: usize,
    to_claim: WaitingAnswer,
    to_answer: WaitingAnswer,
}

#[derive(Serialize)]
struct Differing {
    case: Option<String>,
    event: u64,
    at: String,
    by: String,
    what: String,
}

impl Fairness {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let office = opened.ask(AskOffice {})?;
        let unit = super::office::optional(self.unit.as_deref(), |code| {
            super::office::unit(&office, code)
        })?;
        let unit = unit.map(|unit| unit.id);
        opened.execute(Command::ReadFairness { unit })?;
        let answer = opened.ask(AskFairness { unit, from: self.from, to: self.to })?;
        let told = Told::from(answer);
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&told, |told| told.lines(&clock))?;
        if told.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl From<FairnessAnswer> for Told {
    fn from(answer: FairnessAnswer) -> Self {
        let differing = answer.differing.into_iter().map(|claim| Differing {
            case: claim.case.map(|case| case.to_string()),
            event: claim.sequence,
            at: instant(claim.at),
            by: claim.by,
            what: claim.what,
        });
        let differing: Vec<Differing> = differing.collect();
        Self {
            ok: differing.is_empty(),
            claims: answer.claims,
            first: answer.first,
            unproved: answer.unproved,
            differing,
            differing_more: answer.differing_more,
            skips: answer.skips,
            skips_more: answer.skips_more,
            group_cases_min: GROUP_CASES_MIN,
            to_claim: answer.to_claim,
            to_answer: answer.to_answer,
        }
    }
}

impl Told {
    fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        let differing = self.differing.len() as u64 + self.differing_more;
        let mut lines = vec![format!(
            "{} claims counted again: {} took the first of the order, {} passed over others, as the skips say; {differing} \
             differ from what they say. {} more have no proof.",
            self.claims,
            self.first,
            self.claims.saturating_sub(self.first),
            self.unproved
        )];
        for claim in &self.differing {
            let case = claim.case.as_deref().unwrap_or("a case that you may not see");
            lines.push(format!(
                "  DIFFERS  {case}, claimed by {}, {}, event {}: {}",
                claim.by,
                clock.told(&claim.at),
                claim.event,
                claim.what
            ));
        }
        if !self.differing.is_empty() {
            lines.push(
                "Keep the directory as it is, and run: casedesk verify --deep, casedesk audit verify."
                    .to_owned(),
            );
        }
        if !self.skips.is_empty() {
            lines.push("Skips, most passed over first:".to_owned());
        }
        lines.extend(self.skips.iter().map(|skip| {
            format!(
                "  {:<24} {:<12} {:<9} {:>6} claims passed over {:>6} cases",
                skip.queue, skip.by, skip.reason, skip.claims, skip.passed
            )
        }));
        if self.skips_more > 0 {
            lines.push(format!("  ... and {} more", self.skips_more));
        }
        lines.extend(waited("registered to claimed", &self.to_claim));
        lines.extend(waited("registered to first answer", &self.to_answer));
        lines
    }
}

fn waited(what: &str, answer: &WaitingAnswer) -> Vec<String> {
    let mut lines = vec![format!("Waiting, {what}, {} cases:", answer.cases)];
    let kinds = [
        ("area", &answer.by_area),
        ("channel", &answer.by_channel),
        ("language", &answer.by_language),
    ];
    for (kind, equality) in kinds {
        lines.extend(equal(kind, equality));
    }
    lines
}

fn equal(kind: &str, equality: &Equality) -> Vec<String> {
    let Some(worst) = equality.groups.first() else {
        return vec![format!(
            "  by {kind}: fewer than {GROUP_CASES_MIN} cases, so nothing is told"
        )];
    };
    let index = equality.jain_thousandths.map_or_else(String::new, |thousandths| {
        format!("  Jain {}.{:03}", thousandths / 1_000, thousandths % 1_000)
    });
    let ratio = equality.worst_hundredths.map_or_else(String::new, |hundredths| {
        let (whole, part) = (hundredths / 100, hundredths % 100);
        format!("  worst {}: {whole}.{part:02} times the median of all", worst.group)
    });
    let mut lines = vec![format!("  by {kind}{index}{ratio}")];
    lines.extend(equality.groups.iter().map(group));
    lines
}

fn group(waiting: &Waiting) -> String {
    format!(
        "    {:<24} {:>7} cases  median {:>9}  mean {:>9}",
        waiting.group,
        waiting.cases,
        length(waiting.median_minutes),
        length(waiting.mean_minutes)
    )
}

/// A length of time in its two largest parts: `2d 4h`, `3h 5m`.
fn length(minutes: u64) -> String {
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    if days > 0 { format!("{days}d {hours}h") } else { format!("{hours}h {}m", minutes % 60) }
}
