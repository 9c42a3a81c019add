//! Queues and views: pages of rows around a case, and their counts, without ever scanning all cases.

use crate::desk::answer::CasesAnswer;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, COUNTER_DAY_CLASS_AT};
use crate::desk::query::{Anchor, AskCases, View, ViewKind};
use crate::domain::cases::{Case, Lane};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::time::Instant;
use crate::domain::{CaseId, QueueId, UnitId};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Rows that one answer holds.
pub(super) const ROWS_MAX: usize = 400;
/// Index rows that a place in a list is counted over; beyond it the place is said as if it were the last.
const PLACE_ROWS_MAX: usize = 100_000;

/// Where a list's keys lie: ranges whose keys end in due instant and case number, to be merged.
pub(super) struct Lanes {
    ranges: Vec<KeyRange>,
    /// Whether keys hold a due instant before the case number; else the list is in the order of numbers.
    pub(super) has_due: bool,
}

/// Cases before one in its queue that are named, the nearest last.
const NAMED_BEFORE_MAX: usize = 3;
/// Where a case stands in its part of its queue, among those that the actor may see.
pub(super) struct QueuePlace {
    /// Its place, from 1.
    pub(super) place: u64,
    /// Of so many.
    pub(super) of: u64,
    /// The nearest before it that the actor may see, with when they are due, the very next one last.
    pub(super) before: Vec<(CaseId, Instant)>,
    /// Further ones before those.
    pub(super) earlier: u64,
}

/// A place in the order of a list.
pub(super) type Place = (i64, u64);

impl Reader<'_> {
    fn queue_id(&self, unit: UnitId, kind: QueueKind) -> Option<QueueId> {
        self.directory.queue_of(unit, kind).map(|queue| queue.id)
    }

    pub(super) fn lanes(&self, view: View) -> Lanes {
        let lanes_of = |queue: Option<QueueId>, lanes: &[Lane]| {
            let ranges = queue.into_iter().flat_map(|queue| {
                lanes.iter().map(move |lane| keys::lane_of(queue, *lane).range())
            });
            Lanes { ranges: ranges.collect(), has_due: true }
        };
        let inbox = self.queue_id(view.unit, QueueKind::Inbox);
        let working = [Lane::Free, Lane::Claimed];
        match view.kind {
            ViewKind::Mine => {
                Lanes { ranges: vec![keys::of_owner(self.actor.id).range()], has_due: true }
            }
            ViewKind::Inbox => lanes_of(inbox, &Lane::ALL),
            ViewKind::Screening => {
                let queues = self.steps_of(view.unit).into_iter().map(|(_, queue)| queue);
                let ranges = queues.flat_map(|queue| {
                    Lane::ALL.iter().map(move |lane| keys::lane_of(queue, *lane).range())
                });
                Lanes { ranges: ranges.collect(), has_due: true }
            }
            ViewKind::Step(step) => lanes_of(self.queue_of_step(view.unit, step), &Lane::ALL),
            ViewKind::Free => lanes_of(inbox, &[Lane::Free]),
            ViewKind::Waiting => lanes_of(inbox, &[Lane::Waiting]),
            ViewKind::Queue(queue) => lanes_of(Some(queue), &Lane::ALL),
            ViewKind::Late => {
                between(inbox, &working, Instant::from_milliseconds(i64::MIN), self.at)
            }
            ViewKind::Today => between(inbox, &working, self.at, self.end_of_today()),
            ViewKind::Aged(age) => {
                let (from, to) = self.due_of_age(age);
                between(inbox, &working, from, to)
            }
            ViewKind::Escalated => {
                let key = |part| keys::escalated(self.actor.id).byte(part).range();
                Lanes { ranges: vec![key(0), key(1), key(2)], has_due: false }
            }
            ViewKind::Unrouted => {
                let queues = self.unrouted().into_iter();
                let ranges = queues.flat_map(|queue| lanes_of(Some(queue), &Lane::ALL).ranges);
                Lanes { ranges: ranges.collect(), has_due: true }
            }
            // Promises have no case each: their cases are read off them.
            ViewKind::Calls => Lanes { ranges: Vec::new(), has_due: true },
            ViewKind::Mail => {
                let key = |lane| keys::mail(view.unit).byte(lane).range();
                // What needs somebody comes first.
                Lanes { ranges: vec![key(3), key(1), key(0), key(2)], has_due: false }
            }
        }
    }

    fn end_of_today(&self) -> Instant {
        self.zone.instant(self.today.plus_days(1), 0, 0)
    }

    /// Rows of a list around an anchor.
    pub(super) fn cases(
        &self,
        question: &AskCases,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<CasesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        if !question.narrowing.is_plain() {
            return self.narrowed_cases(question, is_cancelled);
        }
        if question.view.kind == ViewKind::Calls {
            return self.cases_of_calls();
        }
        let lanes = self.lanes(question.view);
        let wanted = |rows: u32| usize::try_from(rows).unwrap_or(ROWS_MAX).min(ROWS_MAX);
        let (before, after) = (wanted(question.before), wanted(question.after));
        let total = self.total(question.view)?;
        let (mut places, first) = match question.anchor {
            Anchor::First => (self.ahead(&lanes, None, after)?, 0),
            Anchor::Last => {
                let places = self.behind(&lanes, None, before.max(after))?;
                let shown = u64::try_from(places.len()).unwrap_or(0);
                (places, total.saturating_sub(shown))
            }
            Anchor::Case(case) => {
                let place = self.place_of(&lanes, case)?;
                let mut places = self.behind(&lanes, Some(place), before)?;
                let earlier = self
                    .rank(&lanes, place)?
                    .saturating_sub(u64::try_from(places.len()).unwrap_or(0));
                places.extend(self.ahead(&lanes, Some(place), after)?);
                (places, earlier)
            }
        };
        places.dedup();
        let mut cases = Vec::with_capacity(places.len());
        for (_, case) in places {
            match self.visible_case(CaseId(case)) {
                Ok(case) => cases.push(case),
                // It left the list, or was hidden, between the index and the record.
                Err(DeskError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(CasesAnswer { rows: self.rows(&cases)?, first, total, of: total, is_cut: false })
    }

    /// The places from one on, ascending.
    pub(super) fn ahead(
        &self,
        lanes: &Lanes,
        from: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, DeskError> {
        let mut places = Vec::new();
        for range in &lanes.ranges {
            let range = KeyRange {
                from: from.map_or_else(|| range.from.clone(), |place| lanes.key(range, place)),
                to: range.to.clone(),
            };
            places.extend(self.places(lanes, &range, limit, Direction::Forward)?);
        }
        places.sort_unstable();
        places.dedup();
        places.truncate(limit);
        Ok(places)
    }

    /// The places before one, ascending.
    fn behind(
        &self,
        lanes: &Lanes,
        to: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, DeskError> {
        let mut places = Vec::new();
        for range in &lanes.ranges {
            let range = to.map_or_else(|| range.clone(), |place| lanes.before(range, place));
            places.extend(self.places(lanes, &range, limit, Direction::Backward)?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places.split_off(places.len().saturating_sub(limit)))
    }

    /// Where a case stands among those of its queue that are as it is: free, claimed or waiting.
    pub(super) fn place_in_queue(
        &self,
        queue: QueueId,
        case: &Case,
    ) -> Result<QueuePlace, DeskError> {
        let lane = case.lane();
        let lanes = Lanes { ranges: vec![keys::lane_of(queue, lane).range()], has_due: true };
        let place = self.place_of(&lanes, case.id)?;
        let rank = self.rank(&lanes, place)?;
        let before = self.behind(&lanes, Some(place), NAMED_BEFORE_MAX)?;
        let before: Vec<(CaseId, Instant)> = before
            .into_iter()
            .map(|(due, id)| (CaseId(id), Instant::from_milliseconds(due)))
            .collect();
        let named = u64::try_from(before.len()).unwrap_or(0);
        Ok(QueuePlace {
            place: rank.saturating_add(1),
            of: self.seen_count(keys::lane_counters(queue, keys::lane_byte(lane)))?,
            earlier: rank.saturating_sub(named),
            before,
        })
    }

    fn places(
        &self,
        lanes: &Lanes,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Vec<Place>, DeskError> {
        if limit == 0 || range.to.as_ref().is_some_and(|to| *to <= range.from) {
            return Ok(Vec::new());
        }
        // Each case stands once, however many messages of it there are.
        let mut rows = limit;
        loop {
            let mut places = self.seen_in(range, rows, direction, |key| lanes.place(key))?;
            let is_all = places.len() < rows;
            places.dedup();
            if is_all || places.len() >= limit || rows >= PLACE_ROWS_MAX {
                places.truncate(limit);
                return Ok(places);
            }
            rows = rows.saturating_mul(2);
        }
    }

    /// How many rows stand before a place.
    fn rank(&self, lanes: &Lanes, place: Place) -> Result<u64, DeskError> {
        if !lanes.has_due {
            // A case may be in several of these lists.
            let places = self.behind(lanes, Some(place), PLACE_ROWS_MAX)?;
            return Ok(u64::try_from(places.len()).unwrap_or(u64::MAX));
        }
        self.rows_in(lanes.ranges.iter().map(|range| lanes.before(range, place)))
    }

    /// How many rows lie in ranges of which each case is in one.
    fn rows_in(&self, ranges: impl Iterator<Item = KeyRange>) -> Result<u64, DeskError> {
        let mut rows = 0;
        for range in ranges {
            rows += self.seen_length(&range, PLACE_ROWS_MAX.saturating_sub(rows))?;
        }
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    fn place_of(&self, lanes: &Lanes, id: CaseId) -> Result<Place, DeskError> {
        if !lanes.has_due {
            return Ok((0, id.0));
        }
        // One that is hidden stands where one would that is not there.
        let due_at = match self.case(id) {
            Ok(case) if self.may_see(&case) => case.stood_due_at().milliseconds(),
            Ok(_) | Err(DeskError::NotFound(_)) => 0,
            Err(error) => return Err(error),
        };
        Ok((due_at, id.0))
    }

    /// How many cases a queue or view has that the actor may see, from counters.
    pub(super) fn total(&self, view: View) -> Result<u64, DeskError> {
        let inbox = self.queue_id(view.unit, QueueKind::Inbox);
        let lanes = |queue: Option<QueueId>, lanes: &[Lane]| {
            let mut sum = 0;
            for lane in lanes.iter().filter(|_| queue.is_some()) {
                let queue = queue.unwrap_or(QueueId(0));
                sum += self.seen_count(keys::lane_counters(queue, keys::lane_byte(*lane)))?;
            }
            Ok(sum)
        };
        match view.kind {
            ViewKind::Mine => self.seen_count(keys::owner_counters(self.actor.id)),
            ViewKind::Inbox => lanes(inbox, &Lane::ALL),
            ViewKind::Screening => {
                let queues = self.steps_of(view.unit);
                queues
                    .into_iter()
                    .try_fold(0, |sum, (_, queue)| Ok(sum + lanes(Some(queue), &Lane::ALL)?))
            }
            ViewKind::Step(step) => lanes(self.queue_of_step(view.unit, step), &Lane::ALL),
            ViewKind::Free => lanes(inbox, &[Lane::Free]),
            ViewKind::Waiting => lanes(inbox, &[Lane::Waiting]),
            ViewKind::Queue(queue) => lanes(Some(queue), &Lane::ALL),
            ViewKind::Late => inbox.map_or(Ok(0), |inbox| self.late(inbox)),
            ViewKind::Aged(age) => inbox.map_or(Ok(0), |inbox| self.late_of_age(inbox, age)),
            ViewKind::Today => {
                inbox.map_or(Ok(0), |inbox| self.due_within(inbox, self.at, self.end_of_today()))
            }
            ViewKind::Escalated => self.seen_count(keys::escalated_counters(self.actor.id)),
            ViewKind::Unrouted => {
                let queues = self.unrouted().into_iter();
                queues.map(|queue| lanes(Some(queue), &Lane::ALL)).sum()
            }
            ViewKind::Calls => self.calls_total(),
            ViewKind::Mail => self.length(&self.lanes(view)),
        }
    }

    /// Late cases of a queue: the counters of the days before today, and today's index up to now.
    fn late(&self, queue: QueueId) -> Result<u64, DeskError> {
        let mut range = keys::due_counters(queue).range();
        range.to =
            Some(keys::due_counters(queue).signed(i64::from(self.office_today.number())).done());
        let mut days = 0;
        self.seen_counters(&range, COUNTER_DAY_CLASS_AT, |_, count| days += count)?;
        let start = self.office_zone.instant(self.office_today, 0, 0);
        Ok(u64::try_from(days).unwrap_or_default() + self.due_within(queue, start, self.at)?)
    }

    pub(super) fn due_within(
        &self,
        queue: QueueId,
        from: Instant,
        to: Instant,
    ) -> Result<u64, DeskError> {
        self.length(&between(Some(queue), &[Lane::Free, Lane::Claimed], from, to))
    }

    /// How many rows a list has, by its index.
    fn length(&self, lanes: &Lanes) -> Result<u64, DeskError> {
        if !lanes.has_due {
            let rows = self.ahead(lanes, None, PLACE_ROWS_MAX)?;
            return Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        }
        self.rows_in(lanes.ranges.iter().cloned())
    }
}

/// The part of some lanes that is due from one instant on and before another.
fn between(queue: Option<QueueId>, lanes: &[Lane], from: Instant, to: Instant) -> Lanes {
    let part = |queue: QueueId, lane: Lane| KeyRange {
        from: keys::lane_of(queue, lane).signed(from.milliseconds()).done(),
        to: Some(keys::lane_of(queue, lane).signed(to.milliseconds()).done()),
    };
    let ranges =
        queue.into_iter().flat_map(|queue| lanes.iter().map(move |lane| part(queue, *lane)));
    Lanes { ranges: ranges.collect(), has_due: true }
}

/// Bytes of the part of a lane's key that comes before the place: tag and queue and lane, or tag and owner.
fn prefix_bytes(key: &[u8]) -> usize {
    match key.first() {
        Some(&keys::tag::IN_QUEUE | &keys::tag::ESCALATED | &keys::tag::MAIL) => 10,
        _ => 9,
    }
}

impl Lanes {
    fn place(&self, key: &[u8]) -> Place {
        let prefix = prefix_bytes(key);
        if self.has_due {
            (keys::signed_at(key, prefix), keys::last_number(key))
        } else {
            (0, keys::number_at(key, prefix))
        }
    }

    /// The part of a lane that lies before a place.
    fn before(&self, range: &KeyRange, place: Place) -> KeyRange {
        KeyRange { from: range.from.clone(), to: Some(self.key(range, place)) }
    }

    /// The key that a place has in a lane, held inside the lane's range.
    fn key(&self, range: &KeyRange, (due, case): Place) -> Vec<u8> {
        let mut key: Vec<u8> = range.from.iter().take(prefix_bytes(&range.from)).copied().collect();
        if self.has_due {
            key.extend_from_slice(&(due.cast_unsigned() ^ (1 << 63)).to_be_bytes());
        }
        key.extend_from_slice(&case.to_be_bytes());
        let key = key.max(range.from.clone());
        match &range.to {
            Some(to) => key.min(to.clone()),
            None => key,
        }
    }
}
