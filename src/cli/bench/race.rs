//! Many sessions that want the same cases at the same moment: each case has one winner, and whoever comes too late for a
//! case that they named hears at once who has it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::latency::{Latencies, Quantiles};
use super::seats::{Session, Watch, ask};
use crate::cli::error::CliError;
use crate::desk::{
    Anchor, AskCasePreview, AskCases, Command, DeskError, Narrowing, Receipt, Request, View,
    ViewKind,
};
use crate::domain::cases::CaseAct;
use crate::domain::{CaseId, EntityId, UnitId};
use crate::link::Framed;

/// Free cases of a unit that one look finds.
const FREE: u32 = 400;
/// How long an answer may take before the race is given up.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What came of a race.
#[derive(Debug, Default, Serialize)]
pub(super) struct Raced {
    /// Cases that were wanted.
    cases: usize,
    /// Cases that somebody got.
    won: usize,
    /// Cases that more than one got.
    won_twice: usize,
    /// Answers to those who came too late.
    losers: usize,
    /// Those of them that named the winner, or said that the case is the asker's own already.
    losers_told: usize,
    /// Answers that were something else.
    errors: usize,
    /// How long the answers took.
    times: Option<Quantiles>,
    /// Some of the errors, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_errors: Vec<String>,
}

type Answered = Result<Receipt, DeskError>;

/// Has all sessions of each unit claim the same named cases, one case after the other, until so many were wanted.
pub(super) fn named(
    sessions: &mut [Session],
    cases: usize,
    first_id: u128,
) -> Result<Raced, CliError> {
    let (mut raced, mut times, mut id) = (Raced::default(), Latencies::default(), first_id);
    let mut watch = Watch::over(sessions)?;
    for (unit, places) in by_unit(sessions) {
        let Some(first) = places.first().and_then(|place| sessions.get_mut(*place)) else {
            continue;
        };
        for case in free(first, unit)? {
            if raced.cases >= cases {
                break;
            }
            raced.cases += 1;
            let claim = Command::Case { case, version: None, act: CaseAct::Claim };
            let asked: Vec<(usize, Command)> =
                places.iter().map(|place| (*place, claim.clone())).collect();
            let answers = at_once(sessions, &mut watch, asked, &mut id, &mut times)?;
            let owner = owner(sessions, &places, case)?;
            let won = answers.iter().filter(|answer| answer.is_ok()).count();
            raced.won += usize::from(won > 0);
            raced.won_twice += usize::from(won > 1);
            for error in answers.into_iter().filter_map(Result::err) {
                raced.lose(&error, owner.as_deref());
            }
        }
    }
    raced.times = Some(times.quantiles());
    Ok(raced)
}

/// Has all sessions claim whatever is next in their unit's queue, again and again, until so many were claimed or nothing is
/// free.
pub(super) fn next(
    sessions: &mut [Session],
    cases: usize,
    first_id: u128,
) -> Result<Raced, CliError> {
    let (mut raced, mut times, mut id) = (Raced::default(), Latencies::default(), first_id);
    let mut watch = Watch::over(sessions)?;
    let mut won: BTreeMap<CaseId, usize> = BTreeMap::new();
    let mut going: Vec<usize> = (0..sessions.len()).collect();
    while won.len() < cases && !going.is_empty() {
        let asked = going.iter().filter_map(|place| {
            let unit = sessions.get(*place)?.matter.unit;
            Some((*place, Command::ClaimNext(View { kind: ViewKind::Inbox, unit })))
        });
        let asked: Vec<(usize, Command)> = asked.collect();
        let answers = at_once(sessions, &mut watch, asked, &mut id, &mut times)?;
        let mut left = Vec::new();
        for (place, answer) in going.into_iter().zip(answers) {
            match answer.map(|receipt| receipt.subject) {
                Ok(Some(EntityId::Case(case))) => {
                    *won.entry(case).or_default() += 1;
                    left.push(place);
                }
                Ok(other) => raced.fail(format!("a receipt about {other:?}")),
                Err(DeskError::Refused(refusal)) if refusal.code == "claim.none" => {}
                Err(error) => raced.fail(error.to_string()),
            }
        }
        going = left;
    }
    raced.cases = won.len();
    raced.won = won.len();
    raced.won_twice = won.values().filter(|times| **times > 1).count();
    raced.times = Some(times.quantiles());
    Ok(raced)
}

impl Raced {
    fn lose(&mut self, error: &DeskError, owner: Option<&str>) {
        self.losers += 1;
        let DeskError::Refused(refusal) = error else { return self.fail(error.to_string()) };
        let names = owner.is_some_and(|owner| refusal.what.contains(owner));
        if names || refusal.code == "claim.yours" {
            self.losers_told += 1;
        } else {
            self.fail(refusal.what.clone());
        }
    }

    fn fail(&mut self, why: String) {
        self.errors += 1;
        if self.first_errors.len() < 5 {
            self.first_errors.push(why);
        }
    }

    /// The race in words.
    pub(super) fn line(&self, what: &str) -> String {
        let Self { cases, won, won_twice, losers, losers_told, errors, .. } = self;
        let times = self.times.map_or_else(String::new, |times| {
            format!(
                "; p50 {} ms, p99 {} ms, longest {} ms",
                times.p50_ms, times.p99_ms, times.max_ms
            )
        });
        format!(
            "{what}: {cases} cases, {won} with a winner, {won_twice} with two; {losers} came too late, {losers_told} of them \
             heard who has it; {errors} errors{times}"
        )
    }
}

fn by_unit(sessions: &[Session]) -> BTreeMap<UnitId, Vec<usize>> {
    let mut units: BTreeMap<UnitId, Vec<usize>> = BTreeMap::new();
    for (place, session) in sessions.iter().enumerate() {
        units.entry(session.matter.unit).or_default().push(place);
    }
    units
}

fn free(session: &mut Session, unit: UnitId) -> Result<Vec<CaseId>, CliError> {
    let view = View { kind: ViewKind::Free, unit };
    let narrowing = Narrowing::default();
    let page = AskCases { view, anchor: Anchor::First, before: 0, after: FREE, narrowing };
    Ok(ask(&mut session.driven, page)?.rows.into_iter().map(|row| row.id).collect())
}

/// The short name of whoever has a case.
fn owner(
    sessions: &mut [Session],
    places: &[usize],
    case: CaseId,
) -> Result<Option<String>, CliError> {
    let Some(session) = places.first().and_then(|place| sessions.get_mut(*place)) else {
        return Ok(None);
    };
    let preview = ask(&mut session.driven, AskCasePreview { case })?;
    Ok(preview.row.owner.map(|(_, name)| name))
}

/// Sends a command in each of these sessions before any of them is answered, and takes the answers in the same order.
fn at_once(
    sessions: &mut [Session],
    watch: &mut Watch,
    asked: Vec<(usize, Command)>,
    id: &mut u128,
    times: &mut Latencies,
) -> Result<Vec<Answered>, CliError> {
    let mut framed = Vec::with_capacity(asked.len());
    for (place, command) in asked {
        framed.push((place, Framed::command(Request { id: *id, command })?));
        *id += 1;
    }
    let begun = Instant::now();
    for (place, frame) in &framed {
        if let Some(session) = sessions.get_mut(*place) {
            session.driven.put(frame);
            session.driven.send()?;
        }
    }
    let mut answers: BTreeMap<usize, Answered> = BTreeMap::new();
    while answers.len() < framed.len() {
        if begun.elapsed() > ANSWER_MAX {
            return Err(CliError::refused("bench.silent", "The daemon does not answer.", ""));
        }
        for place in watch.wait(Duration::from_millis(100))? {
            let Some(session) = sessions.get_mut(place) else { continue };
            session.driven.hear()?;
            while let Some(answer) = session.driven.executed()? {
                times.note(begun.elapsed());
                answers.insert(place, answer);
            }
        }
    }
    Ok(framed.iter().filter_map(|(place, _)| answers.remove(place)).collect())
}
