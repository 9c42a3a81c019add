//! Promises: lists of them, those that ring, and how many each unit keeps.

use std::sync::Arc;

use crate::desk::answer::{CaseRow, CasesAnswer, Ring, TimelineEntry};
use crate::desk::error::DeskError;
use crate::desk::kept::{Beside, KeptRecord};
use crate::desk::keys;
use crate::desk::promised::{
    PromiseFilter, PromiseRate, PromiseRatesAnswer, PromiseRow, PromisesAnswer, RATE_DAYS,
    ReachAnswer, Whose,
};
use crate::desk::timeline;
use crate::domain::cases::{Promise, PromiseState, RING_MINUTES};
use crate::domain::event::PromiseEvent;
use crate::domain::office::{Action, Resource};
use crate::domain::time::{Instant, closed_then};
use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId, PromiseId, UnitId};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Promises that one answer holds.
const LISTED_MAX: usize = 300;
/// Open or late promises of a unit or caseworker that are looked at.
const OPEN_MAX: usize = 1_000;
/// Promises that ring at once, and that the board names.
const RINGS_MAX: usize = 9;
/// Promises on a case or to a person that its screen shows.
const SHOWN_MAX: usize = 20;
/// Events of a promise that its case's timeline shows.
const EVENTS_MAX: usize = 12;
/// Promises of a unit that ended, the newest ones, of which its rates are.
const RATED_MAX: usize = 5_000;
/// Days for which promises that ended are listed.
const ENDED_DAYS: i64 = 30;
/// Minutes of a day.
const DAY_MINUTES: i64 = 1_440;

impl Reader<'_> {
    pub(super) fn promises(
        &self,
        whose: Whose,
        filter: PromiseFilter,
    ) -> Result<PromisesAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let ids = match filter {
            PromiseFilter::Open | PromiseFilter::Late => self.open_ids(whose)?,
            PromiseFilter::Kept | PromiseFilter::Broken | PromiseFilter::Released => {
                self.ended_ids(whose)?
            }
        };
        let mut promises: Vec<PromiseRow> = Vec::new();
        let mut has_more = false;
        for id in ids {
            let Some(promise) =
                self.promise(id)?.filter(|promise| self.is_wanted(promise, whose, filter))
            else {
                continue;
            };
            let Some(row) = self.promise_row(&promise)? else { continue };
            if promises.len() == LISTED_MAX {
                has_more = true;
                break;
            }
            promises.push(row);
        }
        if matches!(filter, PromiseFilter::Open | PromiseFilter::Late) {
            promises.sort_by_key(|row| (row.due_at, row.id));
        } else {
            promises.sort_by_key(|row| (std::cmp::Reverse(row.state.ended_at()), row.id));
        }
        Ok(PromisesAnswer { promises, has_more })
    }

    fn is_wanted(&self, promise: &Promise, whose: Whose, filter: PromiseFilter) -> bool {
        let is_whose = match whose {
            Whose::Mine if promise.is_open() => self.keeper(promise) == self.actor.id,
            Whose::Mine => promise.promised.owner == self.actor.id,
            Whose::Unit(_) | Whose::All | Whose::To(_) | Whose::On(_) => true,
        };
        let fits = match filter {
            PromiseFilter::Open => promise.is_open(),
            PromiseFilter::Late => promise.is_open() && promise.promised.due_at < self.at,
            PromiseFilter::Kept => matches!(promise.state, PromiseState::Kept { .. }),
            PromiseFilter::Broken => matches!(promise.state, PromiseState::Broken { .. }),
            PromiseFilter::Released => matches!(promise.state, PromiseState::Released { .. }),
        };
        is_whose && fits
    }

    /// Who keeps an open promise today.
    fn keeper(&self, promise: &Promise) -> CaseworkerId {
        self.directory.keeper(promise.promised.owner, promise.promised.unit, self.today)
    }

    fn open_ids(&self, whose: Whose) -> Result<Vec<PromiseId>, DeskError> {
        let ranges: Vec<KeyRange> = match whose {
            // Whoever is away may have somebody who stands in, and whoever has left a leader.
            Whose::Mine => self
                .directory
                .caseworkers
                .keys()
                .filter(|one| **one == self.actor.id || !self.directory.is_here(**one, self.today))
                .map(|one| keys::promises_of(*one).range())
                .collect(),
            Whose::Unit(unit) => vec![keys::promised_by(unit).range()],
            Whose::All => {
                self.directory.units.keys().map(|unit| keys::promised_by(*unit).range()).collect()
            }
            Whose::To(person) => self.promises_under(person, 0)?,
            Whose::On(case) => self.promises_about(case, 0)?,
        };
        self.ids(&ranges, OPEN_MAX)
    }

    /// The promises that ended in the last days.
    fn ended_ids(&self, whose: Whose) -> Result<Vec<PromiseId>, DeskError> {
        let oldest = self.at.plus_minutes(-ENDED_DAYS * DAY_MINUTES);
        let recent = |unit: UnitId| {
            let end = keys::promises_over(unit).signed(-oldest.milliseconds()).done();
            KeyRange { to: Some(end), ..keys::promises_over(unit).range() }
        };
        let ranges: Vec<KeyRange> = match whose {
            Whose::Unit(unit) => vec![recent(unit)],
            Whose::Mine | Whose::All => {
                self.directory.units.keys().map(|unit| recent(*unit)).collect()
            }
            Whose::To(person) => self.promises_under(person, 1)?,
            Whose::On(case) => self.promises_about(case, 1)?,
        };
        self.ids(&ranges, OPEN_MAX)
    }

    /// Where the open (0) or ended (1) promises to somebody lie, under all of their numbers.
    fn promises_under(&self, person: PersonId, lane: u8) -> Result<Vec<KeyRange>, DeskError> {
        let current = self.visible_person(person)?.map_or(person, |person| person.id);
        let numbers = self.numbers_of(current)?;
        Ok(numbers.iter().map(|&number| keys::promises_to(number).byte(lane).range()).collect())
    }

    /// Where the open (0) or ended (1) promises about a case lie, and about what was merged into it.
    fn promises_about(&self, case: CaseId, lane: u8) -> Result<Vec<KeyRange>, DeskError> {
        let merged = self.cases_in(case)?.into_iter().map(|case| case.id);
        let cases = std::iter::once(case).chain(merged);
        Ok(cases.map(|case| keys::promises_on(case).byte(lane).range()).collect())
    }

    /// The promises of each range that the actor may see, at most so many of each.
    fn ids(&self, ranges: &[KeyRange], limit: usize) -> Result<Vec<PromiseId>, DeskError> {
        let mut ids = Vec::new();
        for range in ranges {
            let (mut range, full) = (range.clone(), ids.len() + limit);
            while ids.len() < full {
                let page = self.scan(&range, limit, Direction::Forward)?;
                for (key, _) in &page.rows {
                    let id = PromiseId(keys::last_number(key));
                    let promise = self.promise(id)?;
                    if ids.len() < full
                        && let Some(promise) = &promise
                        && self.sees_promise(promise)?
                    {
                        ids.push(id);
                    }
                }
                let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { break };
                range = range.beyond(last.clone(), Direction::Forward);
            }
        }
        Ok(ids)
    }

    /// Whether a promise may be known to be there: its person may, and its case, where it has one.
    fn sees_promise(&self, promise: &Promise) -> Result<bool, DeskError> {
        let is_case_seen = promise.promised.case.map_or(Ok(true), |case| self.sees_case(case))?;
        Ok(is_case_seen && self.visible_person(promise.promised.to)?.is_some())
    }

    /// How many open promises of somebody the actor may see, counted up to a limit.
    pub(super) fn promises_kept_by(
        &self,
        owner: CaseworkerId,
        limit: usize,
    ) -> Result<u64, DeskError> {
        let ids = self.ids(&[keys::promises_of(owner).range()], limit)?;
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    fn promise(&self, id: PromiseId) -> Result<Option<Arc<Promise>>, DeskError> {
        Ok(match self.kept(&EntityId::Promise(id))? {
            Some(KeptRecord::Promise(promise)) if !promise.is_annulled => Some(promise),
            _ => None,
        })
    }

    /// A promise as lists show it; nothing where the actor may not see the person or the case.
    fn promise_row(&self, promise: &Promise) -> Result<Option<PromiseRow>, DeskError> {
        let promised = &promise.promised;
        let Some(person) = self.visible_person(promised.to)? else { return Ok(None) };
        let case = match promised.case.map(|case| self.visible_case(case)) {
            None => None,
            Some(Ok(case)) => Some(case),
            Some(Err(DeskError::NotFound(_))) => return Ok(None),
            Some(Err(error)) => return Err(error),
        };
        let keeper = if promise.is_open() { self.keeper(promise) } else { promised.owner };
        let name = |caseworker| self.directory.short_name(caseworker);
        let calendar = &self.directory.calendar_of(promised.unit)?;
        Ok(Some(PromiseRow {
            id: promise.id,
            version: promise.version,
            what: promised.what.clone(),
            channel: promised.channel,
            made_at: promise.made_at,
            due_at: promised.due_at,
            person: (person.id, person.name().listed()),
            case: promised.case,
            subject: case.map(|case| case.subject_label.clone()).unwrap_or_default(),
            keeper: (keeper, name(keeper)),
            stands_in_for: (keeper != promised.owner).then(|| name(promised.owner)),
            unit: self
                .directory
                .unit(promised.unit)
                .map(|unit| unit.name.clone())
                .unwrap_or_default(),
            is_closed_then: closed_then(promised.due_at, promise.made_at, calendar).is_some(),
            attempts: (
                u32::try_from(promise.attempts.len()).unwrap_or(u32::MAX),
                promise.attempts.last().copied(),
            ),
            state: promise.state.clone(),
        }))
    }

    /// The open promises that the actor is to keep and that are due before an instant, late ones included.
    pub(super) fn promises_due(&self, before: Instant) -> Result<Vec<PromiseRow>, DeskError> {
        if self.authorise(Action::ReadPerson, &Resource::office()).is_err() {
            return Ok(Vec::new());
        }
        let mut due = self.promises(Whose::Mine, PromiseFilter::Open)?.promises;
        due.retain(|row| row.due_at < before);
        Ok(due)
    }

    /// How many open promises the actor is to keep.
    pub(super) fn calls_total(&self) -> Result<u64, DeskError> {
        let calls = self.promises_due(Instant::from_milliseconds(i64::MAX))?;
        Ok(u64::try_from(calls.len()).unwrap_or(u64::MAX))
    }

    /// The cases of the promises that the actor is to keep, in the order of their times.
    pub(super) fn cases_of_calls(&self) -> Result<CasesAnswer, DeskError> {
        let calls = self.promises_due(Instant::from_milliseconds(i64::MAX))?;
        let mut rows: Vec<CaseRow> = Vec::new();
        for case in calls.iter().filter_map(|call| call.case) {
            if rows.iter().all(|row| row.id != case) {
                rows.push(self.row(self.visible_case(case)?.as_ref())?);
            }
        }
        let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        Ok(CasesAnswer { rows, first: 0, total, of: total, is_cut: false })
    }

    /// The open promises of a person or on a case, the most urgent first; none for whoever may see none.
    pub(super) fn open_promises(&self, whose: Whose) -> Result<Vec<PromiseRow>, DeskError> {
        if self.authorise(Action::ReadPerson, &Resource::office()).is_err() {
            return Ok(Vec::new());
        }
        let mut open = self.promises(whose, PromiseFilter::Open)?.promises;
        open.truncate(SHOWN_MAX);
        Ok(open)
    }

    /// The actor's promises that ring, the most urgent first.
    pub(super) fn rings(&self) -> Result<Vec<Ring>, DeskError> {
        let before = self.at.plus_minutes(RING_MINUTES).milliseconds().saturating_add(1);
        let due = self.promises_due(Instant::from_milliseconds(before))?;
        Ok(due.into_iter().take(RINGS_MAX).map(Ring::from).collect())
    }

    /// What the actor has promised for today or before.
    pub(super) fn calls_today(&self) -> Result<Vec<Ring>, DeskError> {
        let due = self.promises_due(self.zone.instant(self.today.plus_days(1), 0, 0))?;
        Ok(due.into_iter().take(RINGS_MAX).map(Ring::from).collect())
    }

    /// How many promises are late in the units that the actor leads.
    pub(super) fn late_promises_led(&self) -> Result<u64, DeskError> {
        let mut late = 0;
        for unit in self.directory.units.keys() {
            if !self.directory.leads(self.actor.id, *unit, self.today)
                || self.authorise(Action::ReadPerson, &Resource::office()).is_err()
            {
                continue;
            }
            let promises = self.promises(Whose::Unit(*unit), PromiseFilter::Late)?.promises;
            late += u64::try_from(promises.len()).unwrap_or(u64::MAX);
        }
        Ok(late)
    }

    /// Whether something is promised on a case and still to be kept.
    pub(super) fn has_promise(&self, case: CaseId, beside: Beside) -> Result<bool, DeskError> {
        let may_have = beside.has_promise || beside.has_absorbed;
        Ok(may_have && !self.ids(&self.promises_about(case, 0)?, 1)?.is_empty())
    }

    /// What happened to the promises on a case, for its timeline, newest first.
    pub(super) fn promise_entries(&self, case: CaseId) -> Result<Vec<TimelineEntry>, DeskError> {
        let ranges = [keys::promises_on(case).range()];
        let mut entries = Vec::new();
        for id in self.ids(&ranges, SHOWN_MAX)? {
            let Some(promise) = self.promise(id)? else { continue };
            if self.promise_row(&promise)?.is_none() {
                continue;
            }
            let (records, _) = timeline::newest(self.store, &EntityId::Promise(id), EVENTS_MAX)?;
            entries.extend(records.iter().filter_map(|record| self.entry(record)));
        }
        Ok(entries)
    }

    /// How somebody likes to be reached.
    pub(super) fn reach(&self, id: PersonId) -> Result<ReachAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let person = self.visible_person(id)?.ok_or_else(|| DeskError::NotFound(id.to_string()))?;
        Ok(ReachAnswer { name: person.name().listed(), preferred: person.preferred_channel })
    }

    /// What happened to a promise, in a line.
    pub(super) fn promise_words(&self, id: &EntityId, event: &PromiseEvent) -> String {
        let name = |caseworker| self.directory.short_name(caseworker);
        let words = match event {
            PromiseEvent::Made(made) => {
                let (hour, minute) = self.zone.hour_minute(made.due_at);
                let day = self.zone.day(made.due_at).date().strftime("%a %-d %b");
                let what = crate::domain::cases::promised_words(&made.what, made.channel);
                let owner = name(made.owner);
                format!("{what} by {day} {hour:02}:{minute:02} ({}, {owner})", made.channel.label())
            }
            PromiseEvent::Attempted => "tried, nobody answered".to_owned(),
            PromiseEvent::Kept { contact: Some(contact) } => format!("kept by {contact}"),
            PromiseEvent::Kept { contact: None } => "kept".to_owned(),
            PromiseEvent::Broken { why, recovery } if recovery.is_empty() => {
                format!("broken: {why}")
            }
            PromiseEvent::Broken { why, recovery } => format!("broken: {why}; {recovery}"),
            PromiseEvent::Released { words } => format!("released: {words}"),
            PromiseEvent::Given { owner, .. } => format!("{} is to keep it", name(*owner)),
            PromiseEvent::Reverted(_) => "put back".to_owned(),
            PromiseEvent::Annulled => "taken back".to_owned(),
            PromiseEvent::Breached { told: Some(told) } => format!("LATE, {} is told", name(*told)),
            PromiseEvent::Breached { told: None } => "LATE".to_owned(),
        };
        format!("{id} {words}")
    }

    /// How many of each unit's promises were kept in time, of all that ended or are late and that the actor may see.
    pub(super) fn promise_rates(&self) -> Result<PromiseRatesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut units = Vec::new();
        for unit in self.directory.units.values() {
            let over = self.promises_over(unit.id)?;
            let spans = RATE_DAYS.map(|days| {
                let first = self.office_today.plus_days(1 - i32::from(days)).number();
                let within = || over.iter().filter(|(day, _)| *day >= first);
                let kept = within().filter(|(_, in_time)| *in_time).count();
                (kept as u64, within().count() as u64)
            });
            units.push(PromiseRate { unit: unit.clone(), spans });
        }
        Ok(PromiseRatesAnswer { units })
    }

    /// The days to which a unit's late and ended promises belong, and whether each was kept in time; those that the actor may
    /// see, the newest up to a limit.
    fn promises_over(&self, unit: UnitId) -> Result<Vec<(i32, bool)>, DeskError> {
        let days = RATE_DAYS.into_iter().max().unwrap_or_default();
        let oldest = self.office_zone.instant(self.office_today.plus_days(-i32::from(days)), 0, 0);
        let late = keys::promised_by(unit).signed(self.at.milliseconds()).done();
        let ended = keys::promises_over(unit).signed(-oldest.milliseconds()).done();
        let late = KeyRange { to: Some(late), ..keys::promised_by(unit).range() };
        let ended = KeyRange { to: Some(ended), ..keys::promises_over(unit).range() };
        let mut over = Vec::new();
        for id in self.ids(&[late], OPEN_MAX)?.into_iter().chain(self.ids(&[ended], RATED_MAX)?) {
            let Some(promise) = self.promise(id)? else { continue };
            let due_at = promise.promised.due_at;
            let at = promise.ended_at().map_or(due_at, |ended| ended.min(due_at));
            over.push((self.office_zone.day(at).number(), promise.is_kept_in_time()));
        }
        Ok(over)
    }
}

impl From<PromiseRow> for Ring {
    fn from(row: PromiseRow) -> Self {
        Self {
            promise: row.id,
            due_at: row.due_at,
            channel: row.channel,
            person: row.person,
            case: row.case,
        }
    }
}
