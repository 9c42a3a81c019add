//! Whom a calendar moves, before it is published.

use crate::desk::answer::{ClockMove, ClockMovesAnswer};
use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Key, tag};
use crate::desk::query::ProposedCalendar;
use crate::domain::cases::moved_clocks;
use crate::domain::office::{Action, Resource};
use crate::domain::rules::{PublicationKind, RulesText};
use crate::domain::time::{Calendar, OFFICE_CALENDAR};
use crate::domain::{CaseId, EntityId, Refusal, UnitId};
use crate::store::Direction;

use super::Reader;

/// Cases that one answer looks at.
const CASES_LOOKED_AT_MAX: usize = 2_000;

impl Reader<'_> {
    /// The clocks that a calendar would move, of the open cases after `after` that the actor may see.
    pub(super) fn clock_moves(
        &self,
        proposed: &ProposedCalendar,
        after: Option<CaseId>,
    ) -> Result<ClockMovesAnswer, DeskError> {
        self.authorise(Action::ProposeRules, &Resource::office())?;
        let directory = self.directory_with(proposed)?;
        let mut range = Key::new(tag::CASE).range();
        if let Some(after) = after {
            range.from = keys::entity(&EntityId::Case(CaseId(after.0.saturating_add(1))));
        }
        let rows = self.scan(&range, CASES_LOOKED_AT_MAX, Direction::Forward)?.rows;
        let is_last = rows.len() < CASES_LOOKED_AT_MAX;
        let last = rows.last().map(|(key, _)| CaseId(keys::last_number(key)));
        let mut answer =
            ClockMovesAnswer { cases: 0, moves: Vec::new(), next: last.filter(|_| !is_last) };
        for (key, _) in &rows {
            let case = self.case(CaseId(keys::last_number(key)))?;
            if !case.is_open() || !self.may_see(&case) {
                continue;
            }
            answer.cases += 1;
            let unit = self.code_of(case.unit);
            let calendar = directory.calendar_of(case.unit)?;
            let clocks = moved_clocks(&case, &calendar).unwrap_or_default();
            let pairs = case.clocks.iter().zip(&clocks);
            let moved = pairs.filter(|(old, new)| old.due_at != new.due_at);
            answer.moves.extend(moved.map(|(old, new)| ClockMove {
                case: case.id,
                unit: unit.to_owned(),
                kind: old.kind,
                old: old.due_at,
                new: new.due_at,
            }));
        }
        Ok(answer)
    }

    /// The calendar that a unit works by. Everybody reads it.
    pub(super) fn calendar(&self, unit: &str) -> Result<Calendar, DeskError> {
        let found = self.directory.units.values().find(|held| held.code == unit);
        let found = found.ok_or_else(|| DeskError::NotFound(unit.to_owned()))?;
        Ok((*self.directory.calendar_of(found.id)?).clone())
    }

    fn code_of(&self, unit: UnitId) -> &str {
        self.directory.units.get(&unit).map_or(OFFICE_CALENDAR, |unit| unit.code.as_str())
    }

    /// The office as it would be with this calendar.
    fn directory_with(&self, proposed: &ProposedCalendar) -> Result<Directory, DeskError> {
        let read = RulesText::read(PublicationKind::Calendar, &proposed.text);
        let Ok(RulesText::Calendar(calendar)) = read else {
            let hint = "casedesk calendar check says where it is wrong.";
            return Err(Refusal::new("rules.flaw", "The calendar cannot be read.", hint).into());
        };
        let mut directory = (*self.directory).clone();
        let from = proposed.from.unwrap_or(self.today);
        directory.rules.take_calendar(calendar.called(&proposed.code), from);
        directory.refresh_zones();
        Ok(directory)
    }
}
