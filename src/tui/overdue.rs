//! The late cases of the office, by unit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::desk::{Answer, Ask as _, AskOverdue, Change, DeskError, OverdueAnswer, View, ViewKind};
use crate::domain::{CaseId, PersonId, UnitId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::text::{fit, fit_right, safe_line};

use super::header::header;
use super::paint::{ALARM, Canvas, STRONG};
use super::screen::{Context, Go, Handled, Screen, Shared, Ticket};
use super::view::ROWS_BELOW;
use super::when;

/// Cells for the name of a unit, and for each count.
const UNIT_CELLS: usize = 40;
const COUNT_CELLS: usize = 9;

/// Rows of the screen that are no unit's: header, empty, heading.
const ROWS_ABOVE: usize = 3;

/// The screen.
pub(super) struct Overdue {
    answer: Option<OverdueAnswer>,
    asked: Option<Ticket>,
    /// Whether something changed while an answer was under way.
    is_stale: bool,
    /// The unit under the cursor, so that the cursor stays with it.
    chosen: Option<UnitId>,
}

impl Overdue {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self { answer: None, asked: None, is_stale: false, chosen: None }
    }

    fn cursor(&self) -> usize {
        let place = |answer: &OverdueAnswer| {
            answer.units.iter().position(|(unit, _, _)| Some(unit.id) == self.chosen)
        };
        self.answer.as_ref().and_then(place).unwrap_or_default()
    }

    fn choose(&mut self, at: usize) {
        if let Some(answer) = &self.answer {
            let at = at.min(answer.units.len().saturating_sub(1));
            self.chosen = answer.units.get(at).map(|(unit, _, _)| unit.id);
        }
    }
}

impl Screen for Overdue {
    fn load(&mut self, context: &mut Context<'_>) {
        self.is_stale = false;
        self.asked = Some(context.ask(AskOverdue {}));
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::List
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        let cursor = self.cursor();
        let rows = usize::from(context.shared.size.1.saturating_sub(ROWS_BELOW + 1));
        let rows = rows.saturating_sub(ROWS_ABOVE);
        let page = rows.max(1);
        match action {
            Action::ListDown => self.choose(cursor.saturating_add(1)),
            Action::ListUp => self.choose(cursor.saturating_sub(1)),
            Action::PageDown => self.choose(cursor.saturating_add(page)),
            Action::PageUp => self.choose(cursor.saturating_sub(page)),
            Action::ListFirst => self.choose(0),
            Action::ListLast => self.choose(usize::MAX),
            Action::OpenRow => {
                let units = self.answer.as_ref().map(|answer| answer.units.as_slice());
                match units.and_then(|units| units.get(cursor)) {
                    Some((unit, _, _)) => {
                        context.go(Go::List(View { kind: ViewKind::Late, unit: unit.id }));
                    }
                    None => return Handled::No,
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.asked == Some(ticket) {
            self.asked = None;
            if let Ok(answer) = answer.and_then(AskOverdue::expect) {
                self.answer = Some(answer);
            }
            if self.is_stale {
                self.load(context);
            }
        }
    }

    fn changed(&mut self, _change: &Change, context: &mut Context<'_>) {
        self.is_stale = true;
        if self.asked.is_none() {
            self.load(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, buffer: &mut Buffer) -> Position {
        let at = when::date_and_time(shared.now, &shared.zone);
        let heading = format!("OVERDUE  {}  {at}", shared.who.office.name);
        let mut canvas = Canvas::new(area, buffer);
        let cells = canvas.width();
        canvas.put(0, 0, &header(&heading, "", shared, cells), STRONG);
        let columns = |unit: &str, late: &str, open: &str| {
            let (late, open) = (fit_right(late, COUNT_CELLS), fit_right(open, COUNT_CELLS));
            format!("{}{late}{open}", fit(&safe_line(unit), UNIT_CELLS))
        };
        let heading = format!("  {}", columns("unit", "late", "open"));
        canvas.line(ROWS_ABOVE - 1, &heading);
        let units = self.answer.as_ref().map_or(&[][..], |answer| answer.units.as_slice());
        if units.is_empty() && self.answer.is_some() {
            canvas.put(ROWS_ABOVE + 1, 3, "There is no unit yet.", Style::default());
        }
        let cursor = self.cursor();
        let room = canvas.height().saturating_sub(ROWS_ABOVE).max(1);
        let top = (cursor + 1).saturating_sub(room);
        for (row, (place, (unit, late, open))) in
            (ROWS_ABOVE..).zip(units.iter().enumerate().skip(top).take(room))
        {
            let marker = if place == cursor { '>' } else { ' ' };
            let line =
                format!("{marker} {}", columns(&unit.name, &late.to_string(), &open.to_string()));
            let style = if *late > 0 { ALARM } else { Style::default() };
            canvas.put(row, 0, &line, style);
        }
        canvas.position(ROWS_ABOVE + cursor - top, 0)
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::OpenRow, Action::Leave, Action::GoBoard, Action::OpenFind]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}
