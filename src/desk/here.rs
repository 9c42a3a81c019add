//! When a caseworker was last here, what came for them since, and what they did today: kept outside the chain, and shown to
//! nobody but them.
//!
//! What came for somebody is noted with the commit that brought it, in a ring of their own, so that looking at it reads a
//! few rows however many cases they have. It begins with the first commit of a program that keeps it, and can be lost
//! without loss to the office: every item is an event of some record, too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codec::{Record, decode_record, encode_record};
use crate::domain::cases::{Case, CaseEvent, MessageState, Promise};
use crate::domain::event::{ContactEvent, MessageEvent, PromiseEvent};
use crate::domain::time::{Day, Instant, Zone};
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, Event, EventRecord};
use crate::store::{Direction, Latest, Write};

use super::climbed::ladder_news;
use super::directory::Directory;
use super::emergencies::emergency_news;
use super::keys;
use super::records::decode_entity;
use super::sight::Sight;
use super::signings::signing_news;
use super::unit_news::unit_news;
use super::work::Slots;

/// Items that are kept for one caseworker; a newer one takes the place of the oldest.
pub(super) const NEWS_MAX: u64 = 200;
/// Characters of the words with which something came.
const WHY_CHARS_MAX: usize = 80;
/// Minutes within which a case counts as answered in its first contact.
const FIRST_CONTACT_MINUTES: i64 = 60;

/// When somebody was last here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastHere {
    /// The last sign of them.
    pub(super) here_at: Instant,
    /// Cases that had come into their unit on that day, up to then.
    pub(super) came_here: u64,
    /// When they left, the last time that they came back on another day.
    pub(super) left_at: Instant,
    /// From when on what came is new to them: when they left, or looked last.
    pub(super) from: Instant,
    /// Cases that had come into their unit on the day of `from`, up to then.
    pub(super) came_from: u64,
}

impl LastHere {
    /// Somebody who is here for the first time.
    pub(super) fn first(at: Instant, came: u64) -> Self {
        Self { here_at: at, came_here: came, left_at: at, from: at, came_from: came }
    }

    /// As it is for somebody who is here on a day: on another one than before, what came since they left is new.
    pub(super) fn on(self, today: Day, zone: &Zone) -> Self {
        if zone.day(self.here_at) >= today {
            return self;
        }
        Self { left_at: self.here_at, from: self.here_at, came_from: self.came_here, ..self }
    }

    /// They are here now.
    pub(super) fn here(self, at: Instant, came: u64) -> Self {
        Self { here_at: at, came_here: came, ..self }
    }

    /// They have looked at what came.
    pub(super) fn seen(self, at: Instant, came: u64) -> Self {
        Self { from: at, came_from: came, ..self }.here(at, came)
    }
}

/// What kind of thing came for somebody. Variants are only ever appended: they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NewsKind {
    /// A case became theirs.
    Given,
    /// Somebody ruled on what they had asked.
    Ruling,
    /// A message of theirs could not be handed over, or came back.
    Undelivered,
    /// Somebody made a promise for them to keep.
    Promise,
    /// A case that no rule could place came to where they lead.
    Unrouted,
    /// A clock of a case of theirs nears its end or has passed it, or an answer is late.
    Reminder,
    /// What was asked was asked higher up.
    Lapsed,
    /// Nobody covers the queues of a unit that they answer for.
    Uncovered,
    /// Work of somebody who is not there any more is back in its queues.
    Returned,
    /// Whoever leads the unit took over what they had begun to write.
    DraftTaken,
    /// Somebody opened a closed file in an emergency.
    Emergency,
}

/// Something that came for somebody from somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct News {
    pub(super) at: Instant,
    pub(super) kind: NewsKind,
    /// The case that it is about; nothing for a promise that is about none.
    pub(super) case: Option<CaseId>,
    /// Who brought it.
    pub(super) by: CaseworkerId,
    /// With which words, shortened.
    pub(super) why: String,
}

/// How often somebody was interrupted on a day, as it is kept: the day, and how often.
pub(super) fn interruptions_kept(day: Day, count: u64) -> Vec<u8> {
    [i64::from(day.number()).to_be_bytes(), count.to_be_bytes()].concat()
}

/// What was kept so for a day; nothing where it is another day's.
pub(super) fn interruptions_on(day: Day, kept: &[u8]) -> u64 {
    let is_of_day = kept.starts_with(&i64::from(day.number()).to_be_bytes());
    if is_of_day { keys::last_number(kept) } else { 0 }
}

/// What somebody did on one day; the next day begins at nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) day: Day,
    /// When they did the first thing.
    pub(super) first_at: Instant,
    /// Contacts held.
    pub(super) contacts: u64,
    /// How long calls and visits took.
    pub(super) contact_seconds: u64,
    /// Cases closed.
    pub(super) closed: u64,
    /// Of these, cases closed by whoever registered them within the hour, with no further contact.
    pub(super) first_contact: u64,
    /// Promises kept.
    pub(super) promises_kept: u64,
}

impl Tally {
    pub(super) fn new(day: Day, at: Instant) -> Self {
        Self {
            day,
            first_at: at,
            contacts: 0,
            contact_seconds: 0,
            closed: 0,
            first_contact: 0,
            promises_kept: 0,
        }
    }

    fn close(&mut self, case: &Case) {
        self.closed += 1;
        self.first_contact += u64::from(is_answered_at_once(case));
    }

    fn reopen(&mut self, case: &Case) {
        self.closed = self.closed.saturating_sub(1);
        let was_at_once = u64::from(is_answered_at_once(case));
        self.first_contact = self.first_contact.saturating_sub(was_at_once);
    }
}

/// Whether a closed case was answered in its first contact, as far as its record tells.
fn is_answered_at_once(case: &Case) -> bool {
    let by = case.outcome.as_ref().and_then(|outcome| outcome.by);
    case.contacts.len() <= 1
        && case.reopened == 0
        && by == Some(case.created_by)
        && case
            .closed_at
            .is_some_and(|at| at.minutes_since(case.registered_at) <= FIRST_CONTACT_MINUTES)
}

/// Whether a row beside the tag [`keys::tag::HERE`] is what its key says.
pub(super) fn is_readable(key: &[u8], value: &[u8]) -> bool {
    match key.get(9..).unwrap_or_default() {
        [0] => decode_record::<LastHere>(value).is_ok(),
        [1, _, _, _, _, _, _, _, _] => decode_record::<News>(value).is_ok(),
        [2] => decode_record::<Tally>(value).is_ok(),
        [3] => value.len() == 16,
        _ => false,
    }
}

/// Hears of every event of a commit, and notes what it brings to whom.
pub(super) struct Told<'a> {
    latest: &'a dyn Latest,
    directory: &'a Directory,
    zone: &'a Zone,
    news: Vec<(CaseworkerId, News)>,
    /// Tallies as they were and as they are.
    tallies: BTreeMap<CaseworkerId, Box<(Option<Tally>, Tally)>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(latest: &'a dyn Latest, directory: &'a Directory, zone: &'a Zone) -> Self {
        Self { latest, directory, zone, news: Vec::new(), tallies: BTreeMap::new() }
    }

    /// Takes an event; `slots` are the records of its commit, before and after.
    pub(super) fn hear(&mut self, record: &EventRecord, slots: &Slots) -> Result<(), String> {
        let slot = slots.get(&record.entity);
        let is = slot.and_then(|slot| slot.is.as_ref());
        let was = slot.and_then(|slot| slot.was.as_ref());
        let came = news(record, was, is)
            .into_iter()
            .chain(ladder_news(record, slots))
            .chain(unit_news(record, slots))
            .chain(emergency_news(record))
            .chain(signing_news(record, slots));
        for (whose, news) in came {
            if self.may_hear(whose, &news, slots) {
                self.news.push((whose, news));
            }
        }
        // What a rule did, nobody did.
        if record.rule.is_none() {
            let tally = self.tally(record)?;
            count(tally, record, was, is);
        }
        Ok(())
    }

    /// Whether somebody may know of the case that an item is about: one that they may not would be shown to nobody, and
    /// take the place of one that is.
    fn may_hear(&self, whose: CaseworkerId, news: &News, slots: &Slots) -> bool {
        let Some(id) = news.case.map(EntityId::Case) else { return true };
        let held = slots.get(&id).and_then(|slot| slot.is.clone());
        let read = || decode_entity(&id, &self.latest.latest(&keys::entity(&id)).ok()??).ok();
        let (Some(Entity::Case(case)), Ok(held)) =
            (held.or_else(read), self.directory.actor(whose))
        else {
            return true;
        };
        Sight::new(self.directory, held, self.zone.day(news.at), news.at).case(&case)
    }

    fn tally(&mut self, record: &EventRecord) -> Result<&mut Tally, String> {
        let day = self.zone.day(record.at);
        if !self.tallies.contains_key(&record.actor) {
            let kept: Option<Tally> = self.read(&keys::tally_of(record.actor))?;
            let kept = kept.filter(|kept| kept.day == day);
            let tally = kept.unwrap_or_else(|| Tally::new(day, record.at));
            self.tallies.insert(record.actor, Box::new((kept, tally)));
        }
        let empty = || Box::new((None, Tally::new(day, record.at)));
        let (_, tally) = &mut **self.tallies.entry(record.actor).or_insert_with(empty);
        // A commit of many acts may reach over midnight.
        if tally.day != day {
            *tally = Tally::new(day, record.at);
        }
        Ok(tally)
    }

    fn read<R: Record>(&self, key: &[u8]) -> Result<Option<R>, String> {
        let bytes = self.latest.latest(key).map_err(|error| error.to_string())?;
        bytes.map(|bytes| decode_record(&bytes)).transpose().map_err(|error| error.to_string())
    }

    /// What is written of it.
    pub(super) fn writes(self) -> Result<Vec<Write>, String> {
        let mut writes = Vec::new();
        let mut next: BTreeMap<CaseworkerId, u64> = BTreeMap::new();
        for (whose, news) in &self.news {
            let place = match next.get(whose) {
                Some(place) => *place,
                None => self.next_place(*whose)?,
            };
            next.insert(*whose, place + 1);
            let bytes = encode_record(news).map_err(|error| error.to_string())?;
            writes.push(Write::Put(keys::news_of(*whose).number(place).done(), bytes));
            if let Some(oldest) = place.checked_sub(NEWS_MAX) {
                writes.push(Write::Delete(keys::news_of(*whose).number(oldest).done()));
            }
        }
        for (whose, both) in &self.tallies {
            let (was, is) = both.as_ref();
            if was.as_ref() != Some(is) {
                let bytes = encode_record(is).map_err(|error| error.to_string())?;
                writes.push(Write::Put(keys::tally_of(*whose), bytes));
            }
        }
        Ok(writes)
    }

    fn next_place(&self, whose: CaseworkerId) -> Result<u64, String> {
        let range = keys::news_of(whose).range();
        let newest = self.latest.latest_scan(&range, 1, Direction::Backward);
        let newest = newest.map_err(|error| error.to_string())?;
        Ok(newest.rows.first().map_or(0, |(key, _)| keys::last_number(key) + 1))
    }
}

fn promise_in(entity: Option<&Entity>) -> Option<&Promise> {
    match entity {
        Some(Entity::Promise(promise)) => Some(promise),
        _ => None,
    }
}

fn case_in(entity: Option<&Entity>) -> Option<&Case> {
    match entity {
        Some(Entity::Case(case)) => Some(case),
        _ => None,
    }
}

/// An item that an event brings.
pub(super) fn item(record: &EventRecord, kind: NewsKind, case: Option<CaseId>, why: &str) -> News {
    News {
        at: record.at,
        kind,
        case,
        by: record.actor,
        why: why.chars().take(WHY_CHARS_MAX).collect(),
    }
}

/// Whom an event brings something, and what.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most events bring nobody anything, new ones included"
)]
fn news(
    record: &EventRecord,
    was: Option<&Entity>,
    is: Option<&Entity>,
) -> Option<(CaseworkerId, News)> {
    let item = |kind, case, why: &str| item(record, kind, case, why);
    let others = |whose: &CaseworkerId| *whose != record.actor;
    match &record.event {
        Event::Case(event) => {
            let case = case_in(is)?;
            let had = case_in(was).and_then(|case| case.owner);
            match event {
                CaseEvent::Given { owner, words, .. } => {
                    let whose = owner.filter(|owner| others(owner) && had != Some(*owner))?;
                    let why = record.reason.as_deref().unwrap_or(words);
                    Some((whose, item(NewsKind::Given, Some(case.id), why)))
                }
                CaseEvent::Reverted { to, label, .. } => {
                    let whose = to.owner.filter(|owner| others(owner) && had != Some(*owner))?;
                    let why = format!("taken back: {label}");
                    Some((whose, item(NewsKind::Given, Some(case.id), &why)))
                }
                CaseEvent::Routed { told, .. } => {
                    let whose = told.filter(others)?;
                    Some((whose, item(NewsKind::Unrouted, Some(case.id), "no rule fits")))
                }
                CaseEvent::EscalationAnswered { answer } => {
                    // Whoever has the case by now is who waits for it.
                    let asked = case.escalations.last().map(|escalation| escalation.from);
                    let whose = case.owner.or(asked).filter(others)?;
                    Some((whose, item(NewsKind::Ruling, Some(case.id), answer)))
                }
                _ => None,
            }
        }
        Event::Message(MessageEvent::StateSet(state)) => {
            let Some(Entity::Message(message)) = is else { return None };
            let (whose, why) = match state {
                MessageState::Failed { why, .. } => (Some(message.by), why),
                // Whoever marks what they sent themselves knows that it came back.
                MessageState::Undelivered { why, .. } => (Some(message.by).filter(others), why),
                _ => return None,
            };
            Some((whose?, item(NewsKind::Undelivered, Some(message.case), why)))
        }
        Event::Promise(PromiseEvent::Made(_) | PromiseEvent::Given { .. }) => {
            let promise = promise_in(is)?;
            let had = promise_in(was).map(|promise| promise.promised.owner);
            let whose = Some(promise.promised.owner)
                .filter(|owner| others(owner) && had != Some(*owner))?;
            let why = record.reason.as_deref().unwrap_or(&promise.promised.what);
            Some((whose, item(NewsKind::Promise, promise.promised.case, why)))
        }
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most of what somebody does is not counted")]
fn count(tally: &mut Tally, record: &EventRecord, was: Option<&Entity>, is: Option<&Entity>) {
    match &record.event {
        Event::Contact(ContactEvent::Held(_) | ContactEvent::Ended { .. }) => {
            if let Some(Entity::Contact(contact)) = is {
                let held = &contact.held;
                tally.contacts += 1;
                // A letter that came last week took nobody a week.
                if held.channel.is_live() {
                    let took =
                        held.ended_at.milliseconds().saturating_sub(held.started_at.milliseconds());
                    tally.contact_seconds += u64::try_from(took.max(0) / 1_000).unwrap_or(0);
                }
            }
        }
        Event::Promise(PromiseEvent::Kept { .. }) => tally.promises_kept += 1,
        Event::Case(CaseEvent::Closed(_)) => {
            if let Some(case) = case_in(is) {
                tally.close(case);
            }
        }
        Event::Case(CaseEvent::Reverted { to, .. }) if to.is_open() => {
            let is_own = |case: &&Case| {
                case.outcome.as_ref().is_some_and(|outcome| outcome.by == Some(record.actor))
            };
            if let Some(case) = case_in(was).filter(|case| !case.is_open()).filter(is_own) {
                tally.reopen(case);
            }
        }
        _ => {}
    }
}
