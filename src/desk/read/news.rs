//! What came for somebody since they left: a few rows of a ring of their own.

use std::sync::Arc;

use crate::codec::decode_record;
use crate::desk::daily::{FlowDay, NewsAnswer, NewsLine, Since};
use crate::desk::error::DeskError;
use crate::desk::here::{LastHere, NEWS_MAX, News, NewsKind};
use crate::desk::keys::{self, COUNTER_DAY_AT, COUNTER_DAY_CLASS_AT};
use crate::desk::work::broken;
use crate::domain::cases::{Case, Lane};
use crate::domain::office::{Action, Cover, Resource};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, UnitId};
use crate::store::{Direction, KeyRange};

use super::Reader;
use super::words::first_line;

/// Items that the board's line looks through.
const LINE_LOOKED_AT_MAX: usize = 60;
/// Days of what came and went that are charted.
const FLOW_DAYS: i32 = 28;
/// Minutes for which a ruling counts as fresh.
const FRESH_MINUTES: i64 = 48 * 60;

/// Something that came, with its case where it has one.
type AboutCase = (News, Option<Arc<Case>>);

impl Reader<'_> {
    fn last_here(&self) -> Result<Option<LastHere>, DeskError> {
        let bytes = self.get(&keys::last_here_of(self.actor.id))?;
        let held: Option<LastHere> =
            bytes.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)?;
        Ok(held.map(|held| held.on(self.today, &self.zone)))
    }

    /// The newest items, newest first, that are later than a moment, each with its case where the actor may see that.
    fn news_after(&self, from: Instant, limit: usize) -> Result<Vec<AboutCase>, DeskError> {
        let range = keys::news_of(self.actor.id).range();
        let kept = usize::try_from(NEWS_MAX).unwrap_or(LINE_LOOKED_AT_MAX);
        let page = self.scan(&range, kept, Direction::Backward)?;
        let mut items = Vec::new();
        for (_, value) in page.rows {
            let news: News = decode_record(&value.value).map_err(broken)?;
            if news.at <= from || items.len() == limit {
                break;
            }
            let case = match news.case.map(|case| self.visible_case(case)) {
                None => None,
                Some(Ok(case)) => Some(case),
                Some(Err(DeskError::NotFound(_))) => continue,
                Some(Err(error)) => return Err(error),
            };
            // What was given on since is nobody's news here.
            let is_gone = news.kind == NewsKind::Given
                && case.as_ref().is_none_or(|case| case.owner != Some(self.actor.id));
            if !is_gone {
                items.push((news, case));
            }
        }
        Ok(items)
    }

    /// The board's line; nothing for somebody who is here for the first time, or may read no case.
    pub(super) fn since(&self) -> Result<Option<Since>, DeskError> {
        if self.authorise(Action::ReadCase, &Resource::office()).is_err() {
            return Ok(None);
        }
        let Some(held) = self.last_here()? else { return Ok(None) };
        let mut since = Since {
            from: held.from,
            yours: Vec::new(),
            rulings: Vec::new(),
            undelivered: 0,
            promises: 0,
            came: self.came_since(&held)?,
            reminders: Vec::new(),
            emergencies: 0,
        };
        for (news, case) in self.news_after(held.from, LINE_LOOKED_AT_MAX)? {
            match (news.kind, news.case) {
                (NewsKind::Given, _) => {
                    let why = if news.why.is_empty() {
                        format!("from {}", self.directory.short_name(news.by))
                    } else {
                        news.why
                    };
                    match since.yours.iter_mut().find(|(known, _)| *known == why) {
                        Some((_, count)) => *count += 1,
                        None => since.yours.push((why, 1)),
                    }
                }
                // Whoever has closed the case has read what was ruled on it.
                (NewsKind::Ruling, Some(id))
                    if case.as_ref().is_some_and(|case| case.is_open()) =>
                {
                    since.rulings.push(id);
                }
                (NewsKind::Reminder | NewsKind::Lapsed, Some(id))
                    if case.as_ref().is_some_and(|case| case.is_open())
                        && !since.reminders.contains(&id) =>
                {
                    since.reminders.push(id);
                }
                (NewsKind::Undelivered, _) => since.undelivered += 1,
                (NewsKind::Promise, _) => since.promises += 1,
                (NewsKind::Emergency, _) => since.emergencies += 1,
                // The board tells for as long as it lasts what no rule could place and nobody covers.
                (
                    NewsKind::Unrouted
                    | NewsKind::Ruling
                    | NewsKind::Reminder
                    | NewsKind::Lapsed
                    | NewsKind::Uncovered
                    | NewsKind::Returned
                    | NewsKind::DraftTaken,
                    _,
                ) => {}
            }
        }
        Ok(Some(since))
    }

    /// Rulings of the last two days, with their first words.
    pub(super) fn fresh_rulings(&self, limit: usize) -> Result<Vec<(CaseId, String)>, DeskError> {
        let from = self.at.plus_minutes(-FRESH_MINUTES);
        let items = self.news_after(from, LINE_LOOKED_AT_MAX)?;
        let rulings = items.into_iter().filter(|(news, _)| news.kind == NewsKind::Ruling);
        let named = rulings.filter_map(|(news, _)| Some((news.case?, first_line(&news.why))));
        Ok(named.take(limit).collect())
    }

    pub(super) fn news(&self) -> Result<NewsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let Some(held) = self.last_here()? else {
            return Ok(NewsAnswer { left_at: None, from: self.at, lines: Vec::new(), came: 0 });
        };
        let limit = usize::try_from(NEWS_MAX).unwrap_or(LINE_LOOKED_AT_MAX);
        let items = self.news_after(held.left_at.min(held.from), limit)?;
        let lines = items.into_iter().map(|(news, case)| NewsLine {
            at: news.at,
            kind: news.kind,
            case: case.map(|case| (case.id, case.subject_label.clone())),
            by: self.directory.short_name(news.by),
            why: news.why,
        });
        Ok(NewsAnswer {
            left_at: Some(held.left_at),
            from: held.from,
            lines: lines.collect(),
            came: self.came_since(&held)?,
        })
    }

    /// Cases that came into the actor's unit since then.
    fn came_since(&self, held: &LastHere) -> Result<u64, DeskError> {
        let first = self.office_zone.day(held.from);
        let days = self.flow_counts(self.actor.unit, true, first)?;
        let came: i64 = days.iter().map(|(_, count)| count).sum();
        Ok(u64::try_from(came).unwrap_or_default().saturating_sub(held.came_from))
    }

    /// What came into a unit, or left it, on each day from one on.
    fn flow_counts(
        &self,
        unit: UnitId,
        is_in: bool,
        from: Day,
    ) -> Result<Vec<(Day, i64)>, DeskError> {
        let first = self.office_today.plus_days(1 - FLOW_DAYS).max(from);
        let prefix = keys::flow_counters(unit, is_in);
        let from = keys::flow_counters(unit, is_in).signed(i64::from(first.number())).done();
        let range = KeyRange { from, to: prefix.range().to };
        let mut days: Vec<(Day, i64)> = Vec::new();
        self.seen_counters(&range, COUNTER_DAY_CLASS_AT, |key, count| match days.last_mut() {
            Some((day, sum)) if *day == day_of(key) => *sum += count,
            Some(_) | None => days.push((day_of(key), count)),
        })?;
        Ok(days)
    }

    /// What came into a unit each day of the last four weeks, and what was open at its end; from the first day on that was
    /// counted.
    pub(super) fn flow(&self, unit: UnitId) -> Result<Vec<FlowDay>, DeskError> {
        let began = self.office_today.plus_days(1 - FLOW_DAYS);
        let came = self.flow_counts(unit, true, began)?;
        let went = self.flow_counts(unit, false, began)?;
        let mut oldest = None;
        let counters = keys::flow_counters(unit, true).range();
        self.seen_counters(&counters, COUNTER_DAY_CLASS_AT, |key, _| {
            oldest = oldest.or(Some(day_of(key)));
        })?;
        let Some(oldest) = oldest else { return Ok(Vec::new()) };
        let first = oldest.max(began);
        let on = |counts: &[(Day, i64)], day: Day| {
            counts.iter().find(|(known, _)| *known == day).map_or(0, |(_, count)| *count)
        };
        let mut backlog = self.open_of(unit)?.0;
        let mut days = Vec::new();
        for back in 0..FLOW_DAYS {
            let day = self.office_today.plus_days(-back);
            if day < first {
                break;
            }
            // More may have been undone on a day than came on it.
            let came_on = u64::try_from(on(&came, day)).unwrap_or_default();
            days.push(FlowDay { day, came: came_on, backlog });
            backlog = backlog.saturating_add_signed(on(&went, day) - on(&came, day));
        }
        days.reverse();
        Ok(days)
    }

    /// Open cases of a unit, and how many of them nobody has.
    pub(super) fn open_of(&self, unit: UnitId) -> Result<(u64, u64), DeskError> {
        let (mut open, mut free) = (0, 0);
        for queue in self.directory.queues.values().filter(|queue| queue.unit == unit) {
            for lane in Lane::ALL {
                let count =
                    self.seen_count(keys::lane_counters(queue.id, keys::lane_byte(lane)))?;
                open += count;
                free += if lane == Lane::Free { count } else { 0 };
            }
        }
        Ok((open, free))
    }

    /// Units that the actor answers for, with open cases and nobody here who works them (R57).
    pub(super) fn uncovered(&self) -> Result<Vec<(String, u64)>, DeskError> {
        let mut uncovered = Vec::new();
        for unit in self.directory.units.values() {
            let id = unit.id;
            let is_told = self.directory.answers_for(self.actor.id, id, self.today);
            if is_told && self.directory.cover_of(id, self.at)? == Cover::Nobody {
                let (open, _) = self.open_of(id)?;
                if open > 0 {
                    uncovered.push((unit.name.clone(), open));
                }
            }
        }
        Ok(uncovered)
    }
}

fn day_of(key: &[u8]) -> Day {
    Day::from_number(i32::try_from(keys::signed_at(key, COUNTER_DAY_AT)).unwrap_or(i32::MAX))
}
