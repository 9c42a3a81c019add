//! `casedesk duplicates`.

use std::sync::atomic::Ordering;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::long::{progress_bar, stop_on_signals};
use super::open::Opened;
use super::output::Output;
use super::reveal::masked_birth;
use crate::desk::{AskDuplicates, AskLikely, Command, DuplicatePair, PairSide, evidence_line};
use crate::domain::PersonId;

/// Pairs that are listed unless a limit is given.
const PAIRS: u32 = 100;
/// The most pairs that can be asked for: they are held in memory.
const PAIRS_MAX: u32 = 10_000;

/// Lists people who are likely the same, the strongest evidence first; that you listed them is recorded.
///
/// Every pair comes with its evidence in bits, each of which makes it twice as likely that the two are one: a rare name tells
/// more than a frequent one, and another birth date, another id or a household in common speak against it. Numbers are
/// compared and not shown. Two people who were told apart are listed no more.
///
///   casedesk duplicates
///   casedesk duplicates P-4711
///   casedesk duplicates --min 30 --limit 20 --json
///   casedesk duplicates --found
///   casedesk duplicates not-same P-4711 P-4712 --reason "father and son"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub(super) struct Duplicates {
    /// Only of this person, as P-4711
    person: Option<PersonId>,
    /// How many pairs
    #[arg(long, default_value_t = PAIRS, value_parser = clap::value_parser!(u32).range(1..=i64::from(PAIRS_MAX)))]
    limit: u32,
    /// From how many bits on [default: from where it is eight to one, in an office of its size]
    #[arg(long, value_name = "BITS", value_parser = clap::value_parser!(i16).range(0..=1_000))]
    min: Option<i16>,
    /// Only those that were found when one of them was registered
    #[arg(long, conflicts_with_all = ["person", "min"])]
    found: bool,
    #[command(subcommand)]
    command: Option<DuplicatesSubcommand>,
}

#[derive(Debug, Subcommand)]
enum DuplicatesSubcommand {
    NotSame(NotSame),
}

/// Says that two people are not one: they are listed no more, until that is undone.
///
///   casedesk duplicates not-same P-4711 P-4712 --reason "father and son"
///   casedesk duplicates not-same P-4711 P-4712 --undo
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct NotSame {
    /// One, as P-4711
    one: PersonId,
    /// The other, as P-4712
    other: PersonId,
    /// Why, as it stands in the trail
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Take it back: they may be the same again
    #[arg(long)]
    undo: bool,
}

#[derive(Serialize)]
struct Listed {
    /// Pairs, the strongest first.
    pairs: Vec<PairAnswer>,
    /// Pairs that were found, listed or not.
    found: u64,
}

#[derive(Serialize)]
struct PairAnswer {
    one: SideAnswer,
    other: SideAnswer,
    bits: f32,
    evidence: Vec<SignAnswer>,
    words: String,
}

#[derive(Serialize)]
struct SideAnswer {
    person: String,
    name: String,
    born: String,
}

#[derive(Serialize)]
struct SignAnswer {
    sign: String,
    bits: f32,
}

#[derive(Serialize)]
struct Told {
    done: String,
}

impl Duplicates {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            Some(DuplicatesSubcommand::NotSame(command)) => command.run(context),
            None => self.list(context),
        }
    }

    fn list(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        opened.execute(Command::ListDuplicates { person: self.person })?;
        let (pairs, found) = if self.found {
            let answer = opened.ask(AskLikely {})?;
            let found = u64::try_from(answer.pairs.len()).unwrap_or(u64::MAX);
            (answer.pairs, found)
        } else {
            self.compare(&opened, context.output)?
        };
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let pairs = pairs.into_iter().take(limit).map(PairAnswer::from).collect();
        context.output.show(&Listed { pairs, found }, Listed::lines)
    }

    /// Compares part by part, and keeps the best so far.
    fn compare(
        &self,
        opened: &Opened,
        output: Output,
    ) -> Result<(Vec<DuplicatePair>, u64), CliError> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let bar = progress_bar(output).with_message("people compared");
        let stop = stop_on_signals()?;
        let (mut pairs, mut found, mut after) = (Vec::new(), 0_u64, 0);
        loop {
            let question = AskDuplicates { person: self.person, after, bits_min: self.min };
            let answer = opened.ask(question)?;
            found += u64::try_from(answer.pairs.len()).unwrap_or(u64::MAX);
            pairs.extend(answer.pairs);
            pairs.sort_by(DuplicatePair::by_strength);
            pairs.truncate(limit);
            bar.set_length(answer.people);
            bar.set_position(answer.last);
            after = answer.last;
            if after >= answer.people {
                bar.finish_and_clear();
                return Ok((pairs, found));
            }
            if stop.load(Ordering::Relaxed) {
                return Err(CliError::refused(
                    "stopped",
                    format!("Stopped at P-{after}; nothing was changed."),
                    "Start it again: it begins at the first person.",
                ));
            }
        }
    }
}

impl NotSame {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let receipt = opened.execute(Command::TellApart {
            people: (self.one, self.other),
            reason: self.reason.clone(),
            is_withdrawn: self.undo,
        })?;
        context.output.show(&Told { done: receipt.label }, |told| vec![told.done.clone()])
    }
}

impl From<PairSide> for SideAnswer {
    fn from(side: PairSide) -> Self {
        Self { person: side.person.to_string(), name: side.name, born: masked_birth(&side.born) }
    }
}

impl From<DuplicatePair> for PairAnswer {
    fn from(pair: DuplicatePair) -> Self {
        let words = evidence_line(&pair.evidence);
        let signs = pair.evidence.into_iter();
        Self {
            one: pair.sides.0.into(),
            other: pair.sides.1.into(),
            bits: pair.bits,
            evidence: signs.map(|(sign, bits)| SignAnswer { sign, bits }).collect(),
            words,
        }
    }
}

impl Listed {
    fn lines(&self) -> Vec<String> {
        let side = |side: &SideAnswer| format!("{} {} {}", side.person, side.name, side.born);
        let mut lines = Vec::new();
        for pair in &self.pairs {
            lines.push(format!("{:>5.1}  {} = {}", pair.bits, side(&pair.one), side(&pair.other)));
            lines.push(format!("       {}", pair.words));
        }
        let shown = self.pairs.len();
        lines.push(format!("{shown} of {} likely duplicates.", self.found));
        lines
    }
}
