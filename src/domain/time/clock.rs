//! A clock (commitment): what is owed to the citizen by when, and why then.

use serde::{Deserialize, Serialize};

use crate::domain::cases::HoldReason;

use super::due::due_with;
use super::{Calendar, Day, DueSum, Instant, Term};

/// What a clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClockKind {
    /// Until the case is screened.
    Screen,
    /// Until the citizen has a first answer.
    Answer,
    /// Until the case is decided.
    Decide,
    /// Until the law's own limit.
    Legal,
    /// A date set by the system that the case came from.
    Source,
    /// Until the citizen hears again how it stands.
    Update,
}

impl ClockKind {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Answer => "answer",
            Self::Decide => "decide",
            Self::Legal => "legal",
            Self::Source => "source",
            Self::Update => "update",
        }
    }
}

/// Where a due date comes from, so that it can always be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockSource {
    /// A rule of the case type: so many working days from the received day, under this calendar version.
    WorkingDays {
        /// The rule, as `general@1/answer`.
        rule: String,
        /// Working days.
        days: u16,
        /// The version of the calendar counted with.
        calendar: u32,
    },
    /// A rule of the case type: so many days of any kind from the received day.
    CalendarDays {
        /// The rule.
        rule: String,
        /// Days.
        days: u16,
    },
    /// The system that the case was imported from said so.
    Imported {
        /// Its name.
        source: String,
    },
    /// A rule of a case type, or of a table of terms: so long from an instant, under this calendar.
    Rule {
        /// The rule, as `objection@2/decide`, or `terms@1/r4` where a table set the term.
        rule: String,
        /// How long.
        term: Term,
        /// From when.
        from: Instant,
        /// The calendar counted with.
        calendar: CalendarVersion,
        /// Which holds let it stand still.
        pauses: Vec<HoldReason>,
        /// How it was extended, oldest first.
        extended: Vec<Extended>,
    },
}

/// A business calendar at one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CalendarVersion {
    /// Its code: a unit's, or `office`.
    pub code: String,
    /// Its version.
    pub version: u32,
}

/// A statutory extension of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// By so much.
    pub term: Term,
    /// When it was extended.
    pub at: Instant,
    /// The law that lets the office, and why, in words.
    pub reason: String,
}

/// A stretch in which a clock stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it began.
    pub from: Instant,
    /// When it ended; still paused without.
    pub to: Option<Instant>,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockResult {
    /// In time.
    Met,
    /// Too late.
    Breached,
    /// No longer owed, as the case ended another way.
    Waived,
}

/// What a clock does at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockState {
    /// Counting.
    Running,
    /// Standing still.
    Paused,
    /// Ended.
    Ended(ClockResult),
}

/// A clock of a case. The due instant is a function of the start, the rule and the pauses; it is never typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What it measures.
    pub kind: ClockKind,
    /// The day it counts from.
    pub from: Day,
    /// When it is due, pauses included.
    pub due_at: Instant,
    /// Why then.
    pub source: ClockSource,
    /// When it stood still.
    pub pauses: Vec<Pause>,
    /// When it stopped, and how.
    pub ended: Option<(Instant, ClockResult)>,
}

impl Clock {
    /// A clock of working days from `from`, due at closing time.
    #[must_use]
    pub fn working_days(
        kind: ClockKind,
        rule: &str,
        from: Day,
        days: u16,
        calendar: &Calendar,
    ) -> Self {
        let source =
            ClockSource::WorkingDays { rule: rule.to_owned(), days, calendar: calendar.version };
        let due_at = calendar.close_of(calendar.working_days_after(from, days));
        Self::begun(kind, from, due_at, source)
    }

    /// A clock of any days from `from`, due at closing time of the last one, or of the next working day where the office is
    /// closed then (as Regulation (EEC, Euratom) 1182/71, article 3(4), has it).
    #[must_use]
    pub fn calendar_days(
        kind: ClockKind,
        rule: &str,
        from: Day,
        days: u16,
        calendar: &Calendar,
    ) -> Self {
        let last = calendar.working_days_after(from.plus_days(i32::from(days)), 0);
        let source = ClockSource::CalendarDays { rule: rule.to_owned(), days };
        Self::begun(kind, from, calendar.close_of(last), source)
    }

    /// A clock by a rule of a case type or a table: a term from an instant on, which stands still under holds of these
    /// reasons only.
    #[must_use]
    pub fn of_rule(
        kind: ClockKind,
        rule: &str,
        (term, from): (Term, Instant),
        pauses: &[HoldReason],
        calendar: &Calendar,
    ) -> Self {
        let source = ClockSource::Rule {
            rule: rule.to_owned(),
            term,
            from,
            calendar: calendar.id(),
            pauses: pauses.to_vec(),
            extended: Vec::new(),
        };
        let due_at = due_with((term, from), &[], &[], calendar);
        Self::begun(kind, calendar.zone().day(from), due_at, source)
    }

    /// A due date that another system set.
    #[must_use]
    pub fn imported(source: &str, from: Day, due_at: Instant) -> Self {
        let source = ClockSource::Imported { source: source.to_owned() };
        Self::begun(ClockKind::Source, from, due_at, source)
    }

    /// A clock that has just begun: it has neither stood still nor ended.
    fn begun(kind: ClockKind, from: Day, due_at: Instant, source: ClockSource) -> Self {
        Self { kind, from, due_at, source, pauses: Vec::new(), ended: None }
    }

    /// What the clock does now.
    #[must_use]
    pub fn state(&self) -> ClockState {
        match self.ended {
            Some((_, result)) => ClockState::Ended(result),
            None if self.pauses.last().is_some_and(|pause| pause.to.is_none()) => {
                ClockState::Paused
            }
            None => ClockState::Running,
        }
    }

    /// Whether a hold for this reason lets the clock stand still. The law's own clock stands still only where its rule
    /// says so, and that the office is closed lets none stand still.
    #[must_use]
    pub fn pauses_for(&self, reason: HoldReason) -> bool {
        if reason == HoldReason::NextOpening {
            return false;
        }
        match &self.source {
            ClockSource::Rule { pauses, .. } => pauses.contains(&reason),
            ClockSource::WorkingDays { .. }
            | ClockSource::CalendarDays { .. }
            | ClockSource::Imported { .. } => self.kind != ClockKind::Legal,
        }
    }

    /// Stops counting from `at` on, where a hold for this reason lets it. A clock that has ended or is paused does not.
    pub fn pause(&mut self, at: Instant, reason: HoldReason) {
        if self.pauses_for(reason) {
            self.stand_still(at);
        }
    }

    fn stand_still(&mut self, at: Instant) {
        if self.state() == ClockState::Running {
            self.pauses.push(Pause { from: at, to: None });
        }
    }

    /// Counts again from `at` on. A clock of a rule is due when the rule, all its pauses and this calendar say. Any other
    /// one moves by as many whole working days as the pause took, and keeps its hour, so that a pause never costs the
    /// citizen's case a part of a day.
    pub fn resume(&mut self, at: Instant, calendar: &Calendar) {
        if self.state() != ClockState::Paused {
            return;
        }
        let Some(pause) = self.pauses.last_mut() else { return };
        pause.to = Some(at);
        if matches!(self.source, ClockSource::Rule { .. }) {
            self.count_with(calendar);
            return;
        }
        let zone = calendar.zone();
        let paused = calendar.working_days_between(zone.day(pause.from), zone.day(at)).max(0);
        if let Ok(days @ 1..) = u16::try_from(paused) {
            let moved = calendar.working_days_after(zone.day(self.due_at), days);
            let (hour, minute) = zone.hour_minute(self.due_at);
            self.due_at = zone.instant(moved, hour, minute);
        }
    }

    /// The term that the clock counts, the instant from which it does, and its extensions; none for a date that another
    /// system set.
    fn counted(&self, calendar: &Calendar) -> Option<(Term, Instant, &[Extended])> {
        let morning = || calendar.zone().instant(self.from, 0, 0);
        match &self.source {
            ClockSource::Rule { term, from, extended, .. } => Some((*term, *from, extended)),
            ClockSource::WorkingDays { days, .. } => {
                Some((Term::WorkingDays(*days), morning(), &[]))
            }
            ClockSource::CalendarDays { days, .. } => {
                Some((Term::CalendarDays(*days), morning(), &[]))
            }
            ClockSource::Imported { .. } => None,
        }
    }

    /// The rule, as `objection@2/decide`; none for a date that another system set.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        match &self.source {
            ClockSource::Rule { rule, .. }
            | ClockSource::WorkingDays { rule, .. }
            | ClockSource::CalendarDays { rule, .. } => Some(rule),
            ClockSource::Imported { .. } => None,
        }
    }

    /// When the clock is due by its source, its pauses, its extensions and this calendar; what another system set stays.
    #[must_use]
    pub fn due_by(&self, calendar: &Calendar) -> Instant {
        self.counted(calendar).map_or(self.due_at, |(term, from, extended)| {
            due_with((term, from), &self.pauses, extended, calendar)
        })
    }

    /// Counts the clock with this calendar from now on. A clock that has ended keeps its date.
    pub fn count_with(&mut self, with: &Calendar) {
        if self.ended.is_some() {
            return;
        }
        self.due_at = self.due_by(with);
        match &mut self.source {
            ClockSource::Rule { calendar, .. } => *calendar = with.id(),
            ClockSource::WorkingDays { calendar, .. } => *calendar = with.version,
            ClockSource::CalendarDays { .. } | ClockSource::Imported { .. } => {}
        }
    }

    /// Extends the term, and counts it with this calendar; only a clock of a rule that has not ended.
    pub fn extend(&mut self, by: Extended, with: &Calendar) {
        if self.ended.is_some() {
            return;
        }
        if let ClockSource::Rule { extended, .. } = &mut self.source {
            extended.push(by);
            self.count_with(with);
        }
    }

    /// Whether it comes of a rule of a published type or of a table.
    #[must_use]
    pub fn is_of_rule(&self) -> bool {
        matches!(self.source, ClockSource::Rule { .. })
    }

    /// How the clock was extended, oldest first.
    #[must_use]
    pub fn extensions(&self) -> &[Extended] {
        match &self.source {
            ClockSource::Rule { extended, .. } => extended,
            ClockSource::WorkingDays { .. }
            | ClockSource::CalendarDays { .. }
            | ClockSource::Imported { .. } => &[],
        }
    }

    /// Whether what is owed is late at an instant, or was when it ended. A clock that stands still is not late by that.
    #[must_use]
    pub fn is_late(&self, at: Instant) -> bool {
        match self.state() {
            ClockState::Ended(result) => result == ClockResult::Breached,
            ClockState::Running => at > self.due_at,
            ClockState::Paused => self.pauses.last().is_some_and(|pause| pause.from > self.due_at),
        }
    }

    /// The due date as a sum; none for a date that another system set.
    #[must_use]
    pub fn sum(&self, calendar: &Calendar) -> Option<DueSum> {
        let (term, from, extended) = self.counted(calendar)?;
        let rule = self.rule()?;
        Some(DueSum::of((rule, term, from), &self.pauses, extended, self.due_at, calendar))
    }

    /// Takes over what has happened to the clock that this one replaces: its pauses move this one's due instant as they
    /// moved the other's, where it stands still at all, its extensions stand, and an end is judged by this one's term.
    pub fn take_over(&mut self, old: &Self, calendar: &Calendar) {
        // The citizen was told of what was extended.
        for by in old.extensions() {
            self.extend(by.clone(), calendar);
        }
        let stands_still = HoldReason::ALL.iter().any(|reason| self.pauses_for(*reason));
        for pause in old.pauses.iter().filter(|_| stands_still) {
            self.stand_still(pause.from);
            if let Some(to) = pause.to {
                self.resume(to, calendar);
            }
        }
        match old.ended {
            Some((at, ClockResult::Waived)) => self.waive(at),
            Some((at, ClockResult::Met | ClockResult::Breached)) => self.stop(at),
            None => {}
        }
    }

    /// Ends the clock at `at`: met or breached by comparing with the due instant. A clock that stands still is judged by
    /// when it came to stand, as nothing has counted since. A clock ends once.
    pub fn stop(&mut self, at: Instant) {
        if self.ended.is_some() {
            return;
        }
        let standing = self.pauses.last().filter(|pause| pause.to.is_none());
        let is_met = standing.map_or(at, |pause| pause.from) <= self.due_at;
        self.ended = Some((at, if is_met { ClockResult::Met } else { ClockResult::Breached }));
    }

    /// Ends the clock as no longer owed.
    pub fn waive(&mut self, at: Instant) {
        if self.ended.is_none() {
            self.ended = Some((at, ClockResult::Waived));
        }
    }

    /// One sentence that explains the due date.
    #[must_use]
    pub fn explain(&self) -> String {
        let sentence = match &self.source {
            ClockSource::WorkingDays { rule, days, calendar } => {
                let term = Term::WorkingDays(*days);
                format!("{rule}: {term} from {}, calendar {calendar}", self.from)
            }
            ClockSource::CalendarDays { rule, days } => {
                format!("{rule}: {} from {}", Term::CalendarDays(*days), self.from)
            }
            ClockSource::Imported { source } => format!("set by {source}"),
            ClockSource::Rule { rule, term, calendar, .. } => {
                format!(
                    "{rule}: {term} from {}, calendar {}@{}",
                    self.from, calendar.code, calendar.version
                )
            }
        };
        if !self.pauses.is_empty() {
            let times = self.pauses.len();
            let word = if times == 1 { "time" } else { "times" };
            return format!("{sentence}, paused {times} {word}");
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_moves_the_due_day_by_its_working_days_and_the_legal_clock_never() {
        let calendar = Calendar::weekdays("UTC");
        let zone = calendar.zone();
        let monday = Day::from_parts(2026, 8, 3).unwrap();
        let mut decide = Clock::working_days(ClockKind::Decide, "t@1/decide", monday, 5, &calendar);
        let mut legal = Clock::calendar_days(ClockKind::Legal, "t@1/legal", monday, 30, &calendar);
        let due = legal.due_at;
        assert_eq!(zone.day(decide.due_at), Day::from_parts(2026, 8, 10).unwrap());
        for clock in [&mut decide, &mut legal] {
            clock.pause(zone.instant(monday.plus_days(1), 10, 0), HoldReason::Citizen);
            clock.resume(zone.instant(monday.plus_days(4), 9, 0), &calendar);
        }
        assert_eq!(zone.day(decide.due_at), Day::from_parts(2026, 8, 13).unwrap());
        assert_eq!(zone.hour_minute(decide.due_at), (16, 0));
        assert_eq!(legal.due_at, due);
        decide.stop(zone.instant(Day::from_parts(2026, 8, 13).unwrap(), 16, 0));
        assert_eq!(decide.state(), ClockState::Ended(ClockResult::Met));
    }

    #[test]
    fn a_clock_that_stands_still_is_judged_by_when_it_came_to_stand() {
        let calendar = Calendar::weekdays("UTC");
        let zone = calendar.zone();
        let monday = Day::from_parts(2026, 8, 3).unwrap();
        let mut decide = Clock::working_days(ClockKind::Decide, "t@1/decide", monday, 5, &calendar);
        decide.pause(zone.instant(monday.plus_days(1), 10, 0), HoldReason::Citizen);
        decide.stop(zone.instant(monday.plus_days(30), 10, 0));
        assert_eq!(decide.state(), ClockState::Ended(ClockResult::Met));
    }

    #[test]
    fn a_clock_that_replaces_another_is_moved_by_its_pauses() {
        let calendar = Calendar::weekdays("UTC");
        let zone = calendar.zone();
        let monday = Day::from_parts(2026, 8, 3).unwrap();
        let clock = |days| Clock::working_days(ClockKind::Decide, "t", monday, days, &calendar);
        let mut old = clock(5);
        old.pause(zone.instant(monday.plus_days(1), 10, 0), HoldReason::Citizen);
        old.resume(zone.instant(monday.plus_days(4), 9, 0), &calendar);
        let mut new = clock(10);
        let due = zone.day(new.due_at);
        new.take_over(&old, &calendar);
        assert_eq!(zone.day(new.due_at), calendar.working_days_after(due, 3));
        assert_eq!(new.pauses, old.pauses);
    }
}
