//! A screen that only says what belongs in its place, until that screen is there.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::desk::{Answer, Change, DeskError, Receipt};
use crate::domain::{CaseId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};

use super::paint;
use super::screen::{Context, Handled, Screen, Shared, Ticket};

/// The screen.
pub(super) struct StandIn {
    title: String,
    case: Option<CaseId>,
}

impl StandIn {
    pub(super) fn new(title: String) -> Self {
        Self { title, case: None }
    }

    pub(super) fn of_case(case: CaseId) -> Self {
        Self { title: case.to_string(), case: Some(case) }
    }
}

impl Screen for StandIn {
    fn load(&mut self, _context: &mut Context<'_>) {}

    fn keys(&self) -> keymap::Context {
        if self.case.is_some() { keymap::Context::Case } else { keymap::Context::Everywhere }
    }

    fn act(&mut self, _action: Action, _key: Key, _context: &mut Context<'_>) -> Handled {
        Handled::No
    }

    fn key(&mut self, _key: Key, _context: &mut Context<'_>) -> Handled {
        Handled::No
    }

    fn paste(&mut self, _text: &str, _context: &mut Context<'_>) {}

    fn answered(
        &mut self,
        _ticket: Ticket,
        _answer: Result<Answer, DeskError>,
        _context: &mut Context<'_>,
    ) {
    }

    fn executed(
        &mut self,
        _ticket: Ticket,
        _receipt: &Result<Receipt, DeskError>,
        _context: &mut Context<'_>,
    ) {
    }

    fn changed(&mut self, _change: &Change, _context: &mut Context<'_>) {}

    fn tick(&mut self, _context: &mut Context<'_>) {}

    fn draw(&self, _shared: &Shared, area: Rect, buffer: &mut Buffer) -> Position {
        paint::line(buffer, area, 0, &self.title, Style::default());
        area.as_position()
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Leave]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (self.case, None)
    }
}
