//! The late cases of the office: by unit, and by how long they have been late.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, AskOverdue, Change, DeskError, LateAge, OverdueAnswer, View, ViewKind};
use crate::domain::{CaseId, EntityId, PersonId, UnitId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, fit_right, safe_line};

use super::asking::Asking;
use super::chart::bar;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Ticket};
use super::stepping::{page, stepped, top};
use super::when;

/// Cells for each count and each age.
const COUNT_CELLS: usize = 7;
const AGE_CELLS: usize = 7;
/// The fewest and the most cells for the name of a unit.
const UNIT_CELLS_MIN: usize = 12;
const UNIT_CELLS_MAX: usize = 40;
/// Rows of the screen above the units: header, empty, heading.
const ROWS_ABOVE: usize = 3;
/// Rows below them: empty, the unit, all ages together, and one for each.
const ROWS_OF_AGES: usize = 3 + LateAge::ALL.len();

/// The screen.
pub(super) struct Overdue {
    late: Asking<AskOverdue>,
    /// The unit under the cursor, so that the cursor stays with it.
    chosen: Option<UnitId>,
    /// The age that Enter opens; all of them without.
    age: Option<LateAge>,
}

impl Overdue {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self { late: Asking::new(AskOverdue {}), chosen: None, age: None }
    }

    fn cursor(&self) -> usize {
        let place = |answer: &OverdueAnswer| {
            answer.units.iter().position(|(unit, _, _)| Some(unit.id) == self.chosen)
        };
        self.late.answer().and_then(place).unwrap_or_default()
    }

    fn choose(&mut self, at: usize) {
        if let Some(answer) = self.late.answer() {
            self.chosen = answer.units.get(at).map(|(unit, _, _)| unit.id);
        }
    }

    fn open(&self, age: Option<LateAge>, context: &mut Context<'_>) -> Handled {
        let units = self.late.answer().map_or(&[][..], |answer| answer.units.as_slice());
        let Some((unit, _, _)) = units.get(self.cursor()) else { return Handled::No };
        let kind = age.map_or(ViewKind::Late, ViewKind::Aged);
        context.go(Go::List(View { kind, unit: unit.id }));
        Handled::Yes
    }

    /// Goes so many ages on: before the first one are all of them together.
    fn step_age(&mut self, by: isize) {
        let at = self.age.map_or(0, |age| age as usize + 1);
        let at = at.saturating_add_signed(by);
        self.age = at.checked_sub(1).map(|at| at.min(LateAge::ALL.len() - 1)).and_then(age_at);
    }

    fn unit_cells(cells: usize) -> usize {
        let fixed = 2 + 2 * COUNT_CELLS + LateAge::ALL.len() * AGE_CELLS;
        cells.saturating_sub(fixed).clamp(UNIT_CELLS_MIN, UNIT_CELLS_MAX)
    }

    /// The late cases of the unit under the cursor by age, as bars.
    fn draw_ages(&self, answer: &OverdueAnswer, row: usize, canvas: &mut Canvas<'_>) {
        let cursor = self.cursor();
        let Some((unit, late, open)) = answer.units.get(cursor) else { return };
        let ages = answer.ages.get(cursor).copied().unwrap_or_default();
        let words = format!("-- {}   {late} of {open} late", safe_line(&unit.name));
        canvas.rule(row, &words);
        let marker = if self.age.is_none() { '>' } else { ' ' };
        let all = fit_right(&late.to_string(), COUNT_CELLS);
        canvas.line(row + 1, &format!("{marker}   {}{all}", fit("all", AGE_CELLS)));
        let most = ages.iter().copied().max().unwrap_or_default();
        for (at, (age, count)) in LateAge::ALL.into_iter().zip(ages).enumerate() {
            let marker = if self.age == Some(age) { '>' } else { ' ' };
            let head = format!(
                "{marker} {} {}{}  ",
                at + 1,
                fit(age.label(), AGE_CELLS),
                fit_right(&count.to_string(), COUNT_CELLS)
            );
            let room = canvas.width().saturating_sub(head.len() + 1);
            canvas.line(row + 2 + at, &format!("{head}{}", bar(count, most, room)));
        }
    }
}

fn age_at(place: usize) -> Option<LateAge> {
    LateAge::ALL.get(place).copied()
}

impl Screen for Overdue {
    fn load(&mut self, context: &mut Context<'_>) {
        self.late.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Overdue
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let rows = self.late.answer().map_or(0, |answer| answer.units.len());
        let page = page(context.shared, ROWS_ABOVE + ROWS_OF_AGES);
        if let Some(to) = stepped(action, self.cursor(), rows, page) {
            self.choose(to);
            return Handled::Yes;
        }
        match action {
            Action::OlderAge => self.step_age(1),
            Action::NewerAge => self.step_age(-1),
            Action::ChooseAge => {
                let place = key.digit().and_then(|digit| usize::from(digit).checked_sub(1));
                let Some(age) = place.and_then(age_at) else { return Handled::No };
                return self.open(Some(age), context);
            }
            Action::OpenRow => return self.open(self.age, context),
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
        self.late.answered(ticket, answer, context, |_, answer| answer);
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => entities
                .iter()
                .any(|entity| matches!(entity, EntityId::Case(_) | EntityId::Unit(_))),
        };
        self.late.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let at = when::date_and_time(shared.now, &shared.zone);
        let title = format!("OVERDUE  {}  {at}", shared.who.office.name);
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header(&title, "", shared, cells), Meaning::Strong);
        let unit_cells = Self::unit_cells(cells);
        let columns = |unit: &str, counts: [&str; 2], ages: [String; 6]| {
            let counts = counts.map(|count| fit_right(count, COUNT_CELLS)).join("");
            // An age of which only a part would fit is said below alone, with the unit under the cursor.
            let left = cells.saturating_sub(2 + unit_cells + 2 * COUNT_CELLS);
            let ages = ages.iter().take(left / AGE_CELLS);
            let ages = ages.map(|count| fit_right(count, AGE_CELLS)).collect::<String>();
            format!("{}{counts}{ages}", fit(&safe_line(unit), unit_cells))
        };
        let labels = LateAge::ALL.map(|age| age.label().to_owned());
        canvas.line(ROWS_ABOVE - 1, &format!("  {}", columns("unit", ["late", "open"], labels)));
        canvas.say(ROWS_ABOVE - 1, String::new);
        let Some(answer) = self.late.answer() else { return canvas.position(ROWS_ABOVE, 0) };
        if answer.units.is_empty() {
            canvas.put(ROWS_ABOVE + 1, 3, "There is no unit yet.", Meaning::Plain);
        }
        let cursor = self.cursor();
        let room = canvas.height().saturating_sub(ROWS_ABOVE + ROWS_OF_AGES).max(1);
        let top = top(cursor, room);
        let rows = answer.units.iter().zip(&answer.ages).enumerate().skip(top).take(room);
        for (row, (place, ((unit, late, open), ages))) in (ROWS_ABOVE..).zip(rows) {
            let marker = if place == cursor { '>' } else { ' ' };
            let ages = ages.map(|count| match count {
                0 => ".".to_owned(),
                count => count.to_string(),
            });
            let line = columns(&unit.name, [&late.to_string(), &open.to_string()], ages.clone());
            canvas.line(row, &format!("{marker} {line}"));
            canvas.list(row, place, answer.units.len());
            canvas.say(row, || {
                let ages = LateAge::ALL.iter().zip(ages).filter(|(_, count)| *count != ".");
                let ages = ages.map(|(age, count)| format!("; {count} late {}", age.label()));
                format!("{}; {late} late of {open} open{}", unit.name, ages.collect::<String>())
            });
        }
        let below = ROWS_ABOVE + answer.units.len().min(room) + 1;
        self.draw_ages(answer, below, &mut canvas);
        canvas.position(ROWS_ABOVE + cursor - top, 0)
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::OpenRow, Action::NewerAge, Action::OlderAge, Action::Leave, Action::GoBoard]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}
