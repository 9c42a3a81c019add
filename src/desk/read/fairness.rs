//! Whether queues were fair: the claims of a time counted again from the trail, and how long citizens waited, by group.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::codec::decode_record;
use crate::desk::answer::{DifferingClaim, FairnessAnswer, SkipLine, WaitingAnswer};
use crate::desk::error::DeskError;
use crate::desk::keys::tag;
use crate::desk::query::AskFairness;
use crate::desk::records::TimelinePage;
use crate::desk::run::check_fairness_right;
use crate::desk::timeline;
use crate::desk::turn_check::{Claim, Stood, play};
use crate::desk::turns::{self, Move};
use crate::desk::work::broken;
use crate::domain::cases::{Case, CaseEvent, PassedOver, claimed_by};
use crate::domain::fairness::{Equality, equality};
use crate::domain::time::Instant;
use crate::domain::{
    CaseId, CaseworkerId, Entity, EntityId, Event, EventRecord, MessageId, QueueId, UnitId, fold,
};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Pages of timelines that are read at once.
const PAGE_ROWS: usize = 64;
/// Claims that differ and lines of skips that one answer tells of.
const LINES_MAX: usize = 200;
/// What a group is called that nothing is known of.
const UNKNOWN: &str = "not known";
/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// A case in the making of its events.
struct Open {
    id: CaseId,
    entity: Option<Entity>,
    /// Who has opened it, and where in the chain, as far as that was not heard yet.
    readers: VecDeque<(u64, CaseworkerId)>,
    /// Who has opened it since it was last free.
    opened_by: BTreeSet<CaseworkerId>,
    claimed_at: Option<Instant>,
    /// Claims of it without a proof.
    unproved: u64,
    /// The first answer that was not taken back, and its message.
    answered_at: Option<(Instant, MessageId)>,
}

/// What was gathered from all cases.
#[derive(Default)]
struct Gathered {
    moves: Vec<(u64, Move)>,
    claims: Vec<Claim>,
    unproved: u64,
    /// Cases that the actor may not see: they count in no figure and are named in no line.
    hidden: BTreeSet<CaseId>,
    to_claim: Waits,
    to_answer: Waits,
}

/// Minutes that cases have waited, by the groups that each is of.
#[derive(Default)]
struct Waits {
    area: Vec<(String, u64)>,
    channel: Vec<(String, u64)>,
    language: Vec<(String, u64)>,
}

impl Reader<'_> {
    pub(super) fn fairness(
        &self,
        question: &AskFairness,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<FairnessAnswer, DeskError> {
        check_fairness_right(&self.directory, &self.actor, question.unit, self.today)?;
        let _scanning = self.desk.scan.begin()?;
        let mut gathered = Gathered::default();
        let mut open: Option<Open> = None;
        // All pages of one case follow each other, oldest first, so that one case is held at a time.
        let mut range = KeyRange::prefix(&[tag::TIMELINE, tag::CASE]);
        loop {
            if is_cancelled() {
                return Err(DeskError::GivenUp);
            }
            let page = self.scan(&range, PAGE_ROWS, Direction::Forward)?;
            for (_, value) in &page.rows {
                let found: TimelinePage = decode_record(&value.value).map_err(broken)?;
                for record in &found.records {
                    let EntityId::Case(id) = record.entity else { continue };
                    if open.as_ref().is_none_or(|open| open.id != id) {
                        self.gather_case(open.take(), question, &mut gathered)?;
                    }
                    if open.is_none() {
                        open = Some(Open::of(id, timeline::readers(self.store, &record.entity)?));
                    }
                    let Some(open) = open.as_mut() else { continue };
                    self.hear(open, record, question, &mut gathered);
                }
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { break };
            range = range.beyond(last.clone(), Direction::Forward);
        }
        self.gather_case(open, question, &mut gathered)?;
        Ok(self.judged(gathered))
    }

    /// Whether a queue is of the unit that was asked about, or of one below it.
    fn is_of(&self, question: &AskFairness, queue: QueueId) -> bool {
        let unit = self.directory.queues.get(&queue).map(|queue| queue.unit);
        unit.is_some_and(|unit| self.is_of_unit(question, unit))
    }

    fn is_of_unit(&self, question: &AskFairness, unit: UnitId) -> bool {
        question.unit.is_none_or(|asked| self.directory.above(unit).any(|above| above == asked))
    }

    fn is_within(&self, question: &AskFairness, at: Instant) -> bool {
        let day = self.zone.day(at);
        question.from.is_none_or(|from| day >= from) && question.to.is_none_or(|to| day <= to)
    }

    /// Takes what an event of a case says: the moves of the queues that are asked about, and their claims of the days that
    /// are. A queue's moves count from its beginning, and by the chain alone, for a clock may have been set back: what stood
    /// free when a claim was made follows from all that came before it.
    fn hear(
        &self,
        open: &mut Open,
        record: &EventRecord,
        question: &AskFairness,
        gathered: &mut Gathered,
    ) {
        let (moved, claim) = open.hear(record);
        let moved = moved.filter(|moved| self.is_of(question, moved.queue));
        gathered.moves.extend(moved.map(|moved| (record.sequence, moved)));
        let is_asked = |claim: &Claim| {
            self.is_of(question, claim.turn.queue) && self.is_within(question, claim.at)
        };
        gathered.claims.extend(claim.filter(is_asked));
    }

    /// Takes what a whole case says of waiting.
    fn gather_case(
        &self,
        open: Option<Open>,
        question: &AskFairness,
        gathered: &mut Gathered,
    ) -> Result<(), DeskError> {
        let Some(open) = open else { return Ok(()) };
        let Some(Entity::Case(case)) = &open.entity else { return Ok(()) };
        if !self.may_see(case) {
            gathered.hidden.insert(case.id);
            return Ok(());
        }
        let is_meant =
            self.is_of_unit(question, case.unit) && self.is_within(question, case.registered_at);
        if !is_meant {
            return Ok(());
        }
        gathered.unproved += open.unproved;
        let language = self.language_of(case)?;
        let groups = [&case.place.area, case.channel.label(), &language].map(|group: &str| {
            if group.is_empty() { UNKNOWN.to_owned() } else { group.to_owned() }
        });
        let since = case.registered_at;
        if let Some(at) = open.claimed_at {
            gathered.to_claim.add(&groups, since, at);
        }
        if let Some((at, _)) = open.answered_at {
            gathered.to_answer.add(&groups, since, at);
        }
        Ok(())
    }

    /// The first language of whoever asked; nothing of somebody anonymous, or whom the actor may not see.
    fn language_of(&self, case: &Case) -> Result<String, DeskError> {
        let Some(person) = case.initiator() else { return Ok(String::new()) };
        let person = self.visible_person(person)?;
        Ok(person.and_then(|person| person.languages.first().cloned()).unwrap_or_default())
    }

    fn judged(&self, gathered: Gathered) -> FairnessAnswer {
        let Gathered { moves, claims, unproved, hidden, to_claim, to_answer } = gathered;
        let (mut checked, mut first) = (0, 0);
        let mut differing = Vec::new();
        let mut skips: BTreeMap<(QueueId, CaseworkerId, &'static str), (u64, u64)> =
            BTreeMap::new();
        play(moves, claims, |claim, stood| {
            let difference = stood.difference(claim);
            if hidden.contains(&claim.case) && difference.is_none() {
                return;
            }
            checked += 1;
            let passed = seen_before(claim, stood, &hidden);
            first += u64::from(passed == 0);
            if let Some(what) = difference {
                differing.push(self.differing(claim, what, &hidden));
            } else if passed > 0 {
                let sees_all = stood.before(claim).all(|case| !hidden.contains(&case));
                for reason in reasons(claim, sees_all) {
                    let line = skips.entry((claim.turn.queue, claim.by, reason)).or_default();
                    *line = (line.0 + 1, line.1 + passed);
                }
            }
        });
        let mut skips: Vec<SkipLine> =
            skips.into_iter().map(|(of, counts)| self.skip_line(of, counts)).collect();
        skips.sort_by_key(|line| std::cmp::Reverse(line.passed));
        let beyond = |all: usize| u64::try_from(all.saturating_sub(LINES_MAX)).unwrap_or(u64::MAX);
        let (differing_more, skips_more) = (beyond(differing.len()), beyond(skips.len()));
        differing.truncate(LINES_MAX);
        skips.truncate(LINES_MAX);
        FairnessAnswer {
            claims: checked,
            first,
            unproved,
            differing,
            differing_more,
            skips,
            skips_more,
            to_claim: to_claim.answer(),
            to_answer: to_answer.answer(),
        }
    }

    fn differing(&self, claim: &Claim, what: String, hidden: &BTreeSet<CaseId>) -> DifferingClaim {
        DifferingClaim {
            case: Some(claim.case).filter(|case| !hidden.contains(case)),
            sequence: claim.sequence,
            at: claim.at,
            by: self.account_of(claim.by),
            what,
        }
    }

    fn skip_line(
        &self,
        (queue, by, reason): (QueueId, CaseworkerId, &'static str),
        (claims, passed): (u64, u64),
    ) -> SkipLine {
        let known = self.directory.queues.get(&queue);
        SkipLine {
            queue: known.map_or_else(|| queue.to_string(), |queue| queue.code.clone()),
            by: self.account_of(by),
            reason: reason.to_owned(),
            claims,
            passed,
        }
    }

    fn account_of(&self, id: CaseworkerId) -> String {
        let known = self.directory.caseworkers.get(&id);
        known.map_or_else(|| id.to_string(), |caseworker| caseworker.account.clone())
    }
}

/// How many cases that the actor may see came before a claimed one.
fn seen_before(claim: &Claim, stood: &Stood<'_>, hidden: &BTreeSet<CaseId>) -> u64 {
    let seen = stood.before(claim).filter(|case| !hidden.contains(case)).count();
    u64::try_from(seen).unwrap_or(u64::MAX)
}

/// Why a claim passed over others, in codes; nothing of cases that whoever reads may not see.
fn reasons(claim: &Claim, sees_all: bool) -> Vec<&'static str> {
    match &claim.turn.passed {
        Some(passed) => {
            let told = passed.iter().filter(|(why, _)| sees_all || *why == PassedOver::Rights);
            told.map(|(why, _)| why.code()).collect()
        }
        None if claim.was_opened => vec!["opened"],
        None => vec!["named"],
    }
}

impl Open {
    fn of(id: CaseId, readers: VecDeque<(u64, CaseworkerId)>) -> Self {
        Self {
            id,
            readers,
            entity: None,
            opened_by: BTreeSet::new(),
            claimed_at: None,
            unproved: 0,
            answered_at: None,
        }
    }

    /// What an event moved, and the claim that it is.
    fn hear(
        &mut self,
        record: &EventRecord,
    ) -> (impl Iterator<Item = Move> + use<>, Option<Claim>) {
        while let Some((_, by)) = self.readers.front().filter(|(at, _)| *at < record.sequence) {
            self.opened_by.insert(*by);
            self.readers.pop_front();
        }
        let mut claim = None;
        let stood = turns::standing_of(self.entity.as_ref());
        if record.event == Event::Opened {
            self.opened_by.insert(record.actor);
        } else if let Event::Case(event) = &record.event {
            claim = self.hear_case(record, event);
        }
        self.entity = fold(self.entity.take(), record);
        let stands = turns::standing_of(self.entity.as_ref());
        if stood.is_none() && stands.is_some() {
            self.opened_by.clear();
        }
        (turns::between(stood, stands, 0), claim)
    }

    fn hear_case(&mut self, record: &EventRecord, event: &CaseEvent) -> Option<Claim> {
        self.answered(event, record.at);
        let by = claimed_by(event)?;
        self.claimed_at.get_or_insert(record.at);
        let CaseEvent::ClaimedInTurn { turn, .. } = event else {
            self.unproved += 1;
            return None;
        };
        Some(Claim {
            sequence: record.sequence,
            at: record.at,
            by,
            case: self.id,
            turn: (**turn).clone(),
            was_opened: self.opened_by.contains(&by),
        })
    }

    fn answered(&mut self, event: &CaseEvent, at: Instant) {
        if let CaseEvent::Replied { message, .. } = event {
            self.answered_at.get_or_insert((at, *message));
        } else if let CaseEvent::ReplyRecalled { message, .. } = event
            && self.answered_at.is_some_and(|(_, answer)| answer == *message)
        {
            self.answered_at = None;
        }
    }
}

impl Waits {
    fn add(&mut self, [area, channel, language]: &[String; 3], from: Instant, to: Instant) {
        let minutes = (to.milliseconds() - from.milliseconds()).max(0) / MINUTE_MS;
        let minutes = minutes.unsigned_abs();
        self.area.push((area.clone(), minutes));
        self.channel.push((channel.clone(), minutes));
        self.language.push((language.clone(), minutes));
    }

    fn answer(self) -> WaitingAnswer {
        let told = |waits: Vec<(String, u64)>| -> Equality { equality(waits) };
        WaitingAnswer {
            cases: u64::try_from(self.area.len()).unwrap_or(u64::MAX),
            by_area: told(self.area),
            by_channel: told(self.channel),
            by_language: told(self.language),
        }
    }
}
