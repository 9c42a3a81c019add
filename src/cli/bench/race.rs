//! Many sessions that want the same cases at the same moment: each case has one winner, whom the desk names afterwards, and
//! whoever comes too late for a case that they named hears at once who has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::latency::{Latencies, Quantiles};
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
/// Errors that are kept to be shown.
const SHOWN_MAX: usize = 5;

/// Both races.
#[derive(Debug, Serialize)]
struct Races {
    ok: bool,
    sessions: usize,
    named: Raced,
    next: Raced,
}

/// What came of a race.
#[derive(Debug, Default, Serialize)]
struct Raced {
    /// Cases that were wanted; of whatever is next, cases that somebody got.
    cases: usize,
    /// Cases that somebody got.
    won: usize,
    /// Cases that more than one got.
    won_twice: usize,
    /// Cases that the desk gives afterwards to somebody else than to whom it had said so, or to nobody.
    owned_by_another: usize,
    /// Answers to those who came too late.
    losers: usize,
    /// Those of them that named the winner.
    losers_told: usize,
    /// Answers that were something else.
    errors: usize,
    /// How long the answers took.
    times: Option<Quantiles>,
    /// Some of the errors, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_errors: Vec<String>,
}

/// Who was told that a case is theirs.
type Winners = BTreeMap<CaseId, Vec<CaseworkerId>>;

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
        Ok(preview.row.owner.map(|(_, name)| name))
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

impl Raced {
    /// Counts who was told to have won against whom the desk names.
    fn count(&mut self, winners: &Winners, owners: &BTreeMap<CaseId, Option<CaseworkerId>>) {
        let is_kept = |case: &CaseId, got: &[CaseworkerId]| {
            let owner = owners.get(case).copied().flatten();
            owner.is_some_and(|owner| got.contains(&owner))
        };
        self.won = winners.len();
        self.won_twice = winners.values().filter(|got| got.len() > 1).count();
        self.owned_by_another = winners.iter().filter(|(case, got)| !is_kept(case, got)).count();
    }

    /// Whether each case has one winner, and everybody else was told so.
    fn holds(&self) -> bool {
        let has_one_each = self.won == self.cases && self.won_twice == 0;
        let is_told = self.owned_by_another == 0 && self.losers_told == self.losers;
        self.cases > 0 && has_one_each && is_told && self.errors == 0
    }

    fn lose(&mut self, error: &DeskError, owner: Option<&str>) {
        self.losers += 1;
        let DeskError::Refused(refusal) = error else { return self.fail(error.to_string()) };
        if refusal.code == "claim.taken" && owner.is_some_and(|name| refusal.what.contains(name)) {
            self.losers_told += 1;
        } else {
            self.fail(refusal.what.clone());
        }
    }

    fn fail(&mut self, why: String) {
        self.errors += 1;
        if self.first_errors.len() < SHOWN_MAX {
            self.first_errors.push(why);
        }
    }

    /// The race in words.
    fn line(&self, what: &str) -> String {
        let Self { cases, won, won_twice, owned_by_another, losers, losers_told, errors, .. } =
            self;
        let times = self.times.map_or_else(String::new, |times| {
            format!(
                "; p50 {} ms, p99 {} ms, longest {} ms",
                times.p50_ms, times.p99_ms, times.max_ms
            )
        });
        format!(
            "{what}: {cases} cases, {won} with a winner, {won_twice} with two, {owned_by_another} that are somebody else's; \
             {losers} came too late, {losers_told} of them heard who has it; {errors} errors{times}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal;

    const CASE: CaseId = CaseId(7);
    const ADA: CaseworkerId = CaseworkerId(1);
    const BO: CaseworkerId = CaseworkerId(2);

    fn race(got: &[CaseworkerId], owner: Option<CaseworkerId>) -> Raced {
        let mut raced = Raced { cases: 1, ..Raced::default() };
        raced.count(&Winners::from([(CASE, got.to_vec())]), &BTreeMap::from([(CASE, owner)]));
        raced
    }

    #[test]
    fn a_race_holds_only_where_one_won_whom_the_desk_names() {
        assert!(race(&[ADA], Some(ADA)).holds());
        assert!(!race(&[ADA, BO], Some(ADA)).holds(), "two winners");
        assert!(!race(&[ADA, ADA], Some(ADA)).holds(), "the same winner twice");
        assert!(!race(&[ADA], Some(BO)).holds(), "somebody else has it");
        assert!(!race(&[ADA], None).holds(), "nobody has it");
        assert!(!Raced { cases: 1, ..Raced::default() }.holds(), "nobody won");
    }

    #[test]
    fn a_loser_who_is_not_told_who_has_it_fails_the_race() {
        let told = |what: &str| {
            let mut raced = race(&[ADA], Some(ADA));
            raced.lose(&Refusal::new("claim.taken", what, "").into(), Some("Bench 0001"));
            raced.holds()
        };
        assert!(told("Bench 0001 has C-7 since 09:14."));
        assert!(!told("Somebody else has claimed C-7."));
    }
}
