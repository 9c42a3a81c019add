//! Clocks that follow a calendar: where the office publishes one, and where a case goes to a unit that works by another one.

use crate::desk::error::DeskError;
use crate::desk::keys::{self, Key, tag};
use crate::desk::work::Why;
use crate::domain::cases::{CaseEvent, moved_clocks};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, EntityId, Event};
use crate::store::Direction;

use super::{Done, Run};

/// Cases that one act looks at.
const CASES_LOOKED_AT_MAX: usize = 500;
/// Cases whose clocks one act moves: what fits into one frame of the store, however full they are.
const CASES_MOVED_MAX: usize = 56;

impl Run<'_> {
    /// Counts the clocks of open cases after `after` with the calendars that are published now, as many as fit into one
    /// act. The receipt's subject is the last case that was looked at; there is none at the end.
    pub(super) fn move_clocks(&mut self, after: Option<CaseId>) -> Result<Done, DeskError> {
        self.authorise(Action::ProposeRules, &Resource::office())?;
        let mut range = Key::new(tag::CASE).range();
        if let Some(after) = after {
            range.from = keys::entity(&EntityId::Case(CaseId(after.0.saturating_add(1))));
        }
        let rows = self.work.scan(&range, CASES_LOOKED_AT_MAX, Direction::Forward)?.rows;
        let is_last = rows.len() < CASES_LOOKED_AT_MAX;
        let (mut moved, mut looked_at) = (0, None);
        for (key, _) in &rows {
            if moved >= CASES_MOVED_MAX {
                break;
            }
            let id = CaseId(keys::last_number(key));
            looked_at = Some(id);
            if self.follow_calendar(id)? {
                moved += 1;
            }
        }
        let is_done = is_last
            && looked_at.map(|id| id.0) == rows.last().map(|(key, _)| keys::last_number(key));
        let done = Done::new(match moved {
            0 => "No clock had to be counted anew.".to_owned(),
            1 => "The clocks of 1 case are counted anew.".to_owned(),
            _ => format!("The clocks of {moved} cases are counted anew."),
        });
        let done = match looked_at.filter(|_| !is_done) {
            Some(id) => done.about(EntityId::Case(id)),
            None => done,
        };
        if moved == 0 {
            return Ok(done.leaves_nothing());
        }
        Ok(done.not_undoable("publish another version of the calendar instead"))
    }

    /// Counts the clocks of a case with the calendar of its unit, where that is another one than they were counted with.
    pub(super) fn follow_calendar(&mut self, id: CaseId) -> Result<bool, DeskError> {
        let case = self.work.case(id)?;
        let calendar = self.calendar_of(case.unit)?;
        let Some(clocks) = moved_clocks(&case, &calendar) else { return Ok(false) };
        let event = Event::Case(CaseEvent::ClocksMoved { clocks });
        let rule = format!("calendar {}@{}", calendar.code, calendar.version);
        self.work.happen(&self.doer.clone(), EntityId::Case(id), event, Why::rule(&rule))?;
        Ok(true)
    }
}
