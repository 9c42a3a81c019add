//! Many sessions that want the same cases at the same moment: each case has one winner, whom the desk names afterwards, and
//! whoever comes too late for a case that they named hears at once who has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::latency::Latencies;
use super::raced::{Raced, Winners};
use super::room::{first_id, staff};
use super::seats::{Daemon, Session, Watch, ask, sit_down};
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::desk::{
    Anchor, AskCaseHeader, AskCasePreview, AskCases, Command, DeskError, Narrowing, Receipt,
    Request, View, ViewKind,
};
use crate::domain::cases::CaseAct;
use crate::domain::{CaseId, CaseworkerId, EntityId, UnitId};
use crate::link::Framed;

/// Cases that are raced for, where so many are free.
const RACED: usize = 1_000;
/// Free cases of a unit that one look finds.
const FREE: u32 = 400;
/// How long an answer may take before the race is given up.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Both races.
#[derive(Debug, Serialize)]
struct Races {
    ok: bool,
    sessions: usize,
    named: Raced,
    next: Raced,
}

type Answered = Result<Receipt, DeskError>;

/// Runs both races at an office, each session with a caseworker of its own.
///
/// # Errors
/// [`CliError::Found`] where a case had two winners or none, or a loser was not told; and whatever keeps it from running.
pub(super) fn run(context: &Context, data: &Path, sessions: usize) -> Result<(), CliError> {
    let accounts = staff(context, data, sessions)?;
    let daemon = Daemon::start(data, sessions)?;
    let mut race = Race::of(sit_down(&daemon, sessions, &accounts)?)?;
    let (named, winners) = race.named()?;
    // What was won is free again, or too few were left for the second race.
    race.put_back(&winners)?;
    let (next, _) = race.next()?;
    let ok = daemon.panics() == 0 && named.holds() && next.holds();
    let both = Races { ok, sessions, named, next };
    context.output.show(&both, |both| {
        vec![both.named.line("the same named case"), both.next.line("the next of a queue")]
    })?;
    if both.ok { Ok(()) } else { Err(CliError::Found) }
}

/// The racers.
struct Race {
    sessions: Vec<Session>,
    units: BTreeSet<UnitId>,
    watch: Watch,
    next_id: u128,
}

impl Race {
    fn of(sessions: Vec<Session>) -> Result<Self, CliError> {
        let watch = Watch::over(&sessions)?;
        let units = sessions.iter().map(|session| session.matter.unit).collect();
        Ok(Self { sessions, units, watch, next_id: first_id()? })
    }

    /// Has all sessions claim the same named cases, one case after the other.
    fn named(&mut self) -> Result<(Raced, Winners), CliError> {
        let (mut raced, mut times, mut winners) =
            (Raced::default(), Latencies::default(), Winners::new());
        for unit in self.units.clone() {
            for case in self.free(unit)? {
                if raced.cases >= RACED {
                    break;
                }
                raced.cases += 1;
                let claim = Command::Case { case, version: None, act: CaseAct::Claim };
                let asked = (0..self.sessions.len()).map(|place| (place, claim.clone())).collect();
                let answers = self.at_once(asked, &mut times)?;
                let owner = self.owner(case)?;
                let mut got = Vec::new();
                for (place, answer) in answers {
                    match answer {
                        Ok(_) => got.extend(self.caseworker(place)),
                        Err(error) => raced.lose(&error, owner.as_deref()),
                    }
                }
                if !got.is_empty() {
                    winners.insert(case, got);
                }
            }
        }
        self.judge(&mut raced, &winners)?;
        raced.times = Some(times.quantiles());
        Ok((raced, winners))
    }

    /// Has all sessions claim whatever is next in the same queue, again and again, until so many were claimed or nothing is
    /// free in any.
    fn next(&mut self) -> Result<(Raced, Winners), CliError> {
        let (mut raced, mut times, mut winners) =
            (Raced::default(), Latencies::default(), Winners::new());
        for unit in self.units.clone() {
            let mut going: Vec<usize> = (0..self.sessions.len()).collect();
            while winners.len() < RACED && !going.is_empty() {
                let claim = Command::ClaimNext(View { kind: ViewKind::Inbox, unit });
                let asked = going.drain(..).map(|place| (place, claim.clone())).collect();
                for (place, answer) in self.at_once(asked, &mut times)? {
                    match answer.map(|receipt| receipt.subject) {
                        Ok(Some(EntityId::Case(case))) => {
                            winners.entry(case).or_default().extend(self.caseworker(place));
                            going.push(place);
                        }
                        Ok(other) => raced.fail(format!("a receipt about {other:?}")),
                        Err(DeskError::Refused(refusal)) if refusal.code == "claim.none" => {}
                        Err(error) => raced.fail(error.to_string()),
                    }
                }
            }
        }
        raced.cases = winners.len();
        self.judge(&mut raced, &winners)?;
        raced.times = Some(times.quantiles());
        Ok((raced, winners))
    }

    /// Asks the desk whose each case is now, and compares.
    fn judge(&mut self, raced: &mut Raced, winners: &Winners) -> Result<(), CliError> {
        let Some(session) = self.sessions.first_mut() else { return Ok(()) };
        let mut owners = BTreeMap::new();
        for case in winners.keys() {
            let header = ask(&mut session.driven, AskCaseHeader { case: *case })?;
            owners.insert(*case, header.owner);
        }
        raced.count(winners, &owners);
        Ok(())
    }

    /// Has the winners put their cases back.
    fn put_back(&mut self, winners: &Winners) -> Result<(), CliError> {
        for (case, got) in winners {
            let place = self.sessions.iter().position(|one| got.first() == Some(&one.caseworker));
            let release = Command::Case { case: *case, version: None, act: CaseAct::Release };
            let asked = place.map(|place| (place, release)).into_iter().collect();
            for (_, answer) in self.at_once(asked, &mut Latencies::default())? {
                answer?;
            }
        }
        Ok(())
    }

    fn caseworker(&self, place: usize) -> Option<CaseworkerId> {
        self.sessions.get(place).map(|session| session.caseworker)
    }

    fn free(&mut self, unit: UnitId) -> Result<Vec<CaseId>, CliError> {
        let Some(session) = self.sessions.first_mut() else { return Ok(Vec::new()) };
        let view = View { kind: ViewKind::Free, unit };
        let narrowing = Narrowing::default();
        let page = AskCases { view, anchor: Anchor::First, before: 0, after: FREE, narrowing };
        Ok(ask(&mut session.driven, page)?.rows.into_iter().map(|row| row.id).collect())
    }

    /// The short name of whoever has a case.
    fn owner(&mut self, case: CaseId) -> Result<Option<String>, CliError> {
        let Some(session) = self.sessions.first_mut() else { return Ok(None) };
        let preview = ask(&mut session.driven, AskCasePreview { case })?;
        Ok(preview.row.owner.map(|(_, name)| name.into()))
    }

    /// Sends a command in each of these sessions before any of them is answered; the answers by session.
    fn at_once(
        &mut self,
        asked: Vec<(usize, Command)>,
        times: &mut Latencies,
    ) -> Result<BTreeMap<usize, Answered>, CliError> {
        let mut framed = Vec::with_capacity(asked.len());
        for (place, command) in asked {
            framed.push((place, Framed::command(Request { id: self.next_id, command })?));
            self.next_id += 1;
        }
        let begun = Instant::now();
        for (place, frame) in &framed {
            if let Some(session) = self.sessions.get_mut(*place) {
                session.driven.put(frame);
                session.driven.send()?;
            }
        }
        let mut answers = BTreeMap::new();
        while answers.len() < framed.len() {
            if begun.elapsed() > ANSWER_MAX {
                return Err(CliError::refused("bench.silent", "The daemon does not answer.", ""));
            }
            for place in self.watch.wait(Duration::from_millis(100))? {
                let Some(session) = self.sessions.get_mut(place) else { continue };
                session.driven.hear()?;
                while let Some(answer) = session.driven.executed()? {
                    times.note(begun.elapsed());
                    answers.insert(place, answer);
                }
            }
        }
        Ok(answers)
    }
}
