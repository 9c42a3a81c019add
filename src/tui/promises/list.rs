//! A list of promises with a cursor that stays with its promise while the list changes.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, Ask as _, AskPromises, DeskError, PromiseFilter, PromiseRow, Whose};
use crate::domain::PromiseId;
use crate::domain::cases::{PromiseState, Urgency};
use crate::keymap::Action;
use crate::tui::paint::{Canvas, Meaning, Paper};
use crate::tui::plain::say;
use crate::tui::screen::{Context, Go, Shared, Ticket};
use crate::tui::stay;
use crate::tui::text::{fit, fit_right, safe_line, wrap};
use crate::tui::when;

use super::words::keeper;

/// Cells of the columns.
const STATE_CELLS: usize = 5;
const WHEN_CELLS: usize = 12;
const LEFT_CELLS: usize = 5;
const CASE_CELLS: usize = 8;
const KEEPER_CELLS: usize = 10;
const FLAG_CELLS: usize = 3;
/// Below so many cells whoever keeps it gives their room to what is promised and to whom; the lines below name them.
const KEEPER_FROM_CELLS: usize = 70;

/// Lines of the promise under the cursor.
const DETAIL_LINES: usize = 4;

/// Promises, as far as they are known.
#[derive(Debug)]
pub(in crate::tui) struct PromiseList {
    whose: Whose,
    filter: PromiseFilter,
    rows: Vec<PromiseRow>,
    has_more: bool,
    is_known: bool,
    /// The promise under the cursor, and where it was.
    chosen: Option<PromiseId>,
    place: usize,
    asked: Option<Ticket>,
    is_stale: bool,
    /// Why they are asked for.
    cause: Cause,
    /// The promise under the cursor, where it is not in the list any more though nobody here ended it.
    gone: Option<PromiseId>,
}

/// Why promises are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A key wants them: keys wait for them.
    Key,
    /// Something changed: no key waits for that, and a promise that is gone stays under the cursor.
    Change,
}

impl PromiseList {
    /// A list of which nothing is here yet.
    pub(in crate::tui) fn new(whose: Whose, filter: PromiseFilter) -> Self {
        Self {
            whose,
            filter,
            rows: Vec::new(),
            has_more: false,
            is_known: false,
            chosen: None,
            place: 0,
            asked: None,
            is_stale: false,
            cause: Cause::Key,
            gone: None,
        }
    }

    pub(super) fn whose(&self) -> Whose {
        self.whose
    }

    pub(super) fn filter(&self) -> PromiseFilter {
        self.filter
    }

    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// Whether keys are about promises that are still being asked for.
    pub(super) fn is_waiting(&self) -> bool {
        self.asked.is_some() && self.cause == Cause::Key
    }

    /// Asks for the promises; where an answer is under way, once it is here.
    pub(in crate::tui) fn load(&mut self, context: &mut Context<'_>) {
        self.cause = Cause::Key;
        self.ask(context);
    }

    /// Asks for the promises again, as something changed. A promise under the cursor that somebody else ended stays there
    /// until the cursor leaves it.
    pub(in crate::tui) fn refresh(&mut self, context: &mut Context<'_>) {
        if self.asked.is_none() && self.is_known {
            self.cause = Cause::Change;
        }
        self.ask(context);
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        self.is_stale = self.asked.is_some();
        if !self.is_stale {
            let question = AskPromises { whose: self.whose, filter: self.filter };
            self.asked = Some(context.ask(question));
        }
    }

    /// Takes an answer; whether it was for the list.
    pub(in crate::tui) fn answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        self.is_known = true;
        if let Ok(answer) = answer.clone().and_then(AskPromises::expect) {
            self.place = self.cursor();
            self.has_more = answer.has_more;
            let (rows, place, is_gone) =
                stay::keep(&self.rows, self.place, answer.promises, |one, other| {
                    one.id == other.id
                });
            self.gone = rows.get(place).filter(|_| is_gone).map(|row| row.id);
            self.rows = rows;
            if self.cause == Cause::Key {
                self.let_go();
            }
            self.choose(self.cursor());
        }
        if self.is_stale {
            self.ask(context);
        }
        true
    }

    fn cursor(&self) -> usize {
        let place = self.rows.iter().position(|row| Some(row.id) == self.chosen);
        place.unwrap_or(self.place).min(self.rows.len().saturating_sub(1))
    }

    /// Lets go of the promise that has left the list, now that the cursor leaves it.
    fn let_go(&mut self) {
        if let Some(gone) = self.gone.take() {
            self.rows.retain(|row| row.id != gone);
        }
    }

    fn choose(&mut self, place: usize) {
        self.place = place.min(self.rows.len().saturating_sub(1));
        self.chosen = self.rows.get(self.place).map(|row| row.id);
    }

    /// The promise under the cursor.
    pub(in crate::tui) fn current(&self) -> Option<&PromiseRow> {
        self.rows.get(self.cursor())
    }

    /// Where the promise under the cursor leads: to its case, or to the file of whom it was made to.
    pub(in crate::tui) fn target(&self) -> Option<Go> {
        self.current().map(|row| match row.case {
            Some(case) => Go::Case(case),
            None => Go::Person(row.person.0),
        })
    }

    /// Moves; whether the action moves at all.
    pub(in crate::tui) fn moved(&mut self, action: Action, page: usize) -> bool {
        let at = self.cursor();
        let to = [
            (Action::ListDown, at.saturating_add(1)),
            (Action::ListUp, at.saturating_sub(1)),
            (Action::PageDown, at.saturating_add(page)),
            (Action::PageUp, at.saturating_sub(page)),
            (Action::ListFirst, 0),
            (Action::ListLast, usize::MAX),
        ]
        .into_iter()
        .find(|(moving, _)| *moving == action);
        if let Some((_, to)) = to {
            self.choose(to);
            self.let_go();
            self.choose(self.cursor());
        }
        to.is_some()
    }

    /// The heading over the columns.
    pub(in crate::tui) fn heading(cells: usize) -> String {
        let (what, person) = columns(cells);
        format!(
            " {} {} {}   {} {} {} {}",
            fit("", STATE_CELLS),
            fit("when", WHEN_CELLS),
            fit_right("left", LEFT_CELLS),
            fit("what", what),
            fit("to whom", person),
            fit("case", CASE_CELLS),
            fit("keeps", keeper_cells(cells)),
        )
    }

    /// Draws the rows, and says where the cursor is.
    pub(in crate::tui) fn draw(
        &self,
        shared: &Shared,
        area: Rect,
        paper: &mut Paper<'_>,
        empty: &str,
    ) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let (cells, room) = (canvas.width(), canvas.height().max(1));
        let cursor = self.cursor();
        let top = (cursor + 1).saturating_sub(room);
        for (at, row) in self.rows.iter().enumerate().skip(top).take(room) {
            let is_gone = self.gone == Some(row.id);
            let (line, meaning) = line(row, is_gone, shared, cells);
            canvas.put(at - top, 1, &line, if is_gone { Meaning::Faint } else { Meaning::Plain });
            canvas.mean_cells(at - top, 1..1 + STATE_CELLS, meaning);
            canvas.marker(at - top, at == cursor);
            canvas.list(at - top, at, self.rows.len());
            canvas.say(at - top, || say::promise(row, &keeper(row, shared), shared));
        }
        if self.rows.is_empty() {
            let words = if self.is_known { empty } else { "reading" };
            for (row, line) in (1..).zip(wrap(words, cells.saturating_sub(6), 3)) {
                canvas.put(row, 3, &line, Meaning::Plain);
            }
        }
        canvas.position(cursor - top, 0)
    }

    /// The line that names the promise under the cursor: its place in the list is told once one rests.
    pub(in crate::tui) fn title(&self, row: &PromiseRow, shared: &Shared, cells: u16) -> String {
        let name = format!("-- {}", row.id);
        let place = if shared.is_rested { (self.cursor() + 1).to_string() } else { String::new() };
        let count = self.rows.len().to_string();
        let of_list = format!("{} of {count}", fit_right(&place, count.len()));
        format!("{} {of_list}", fit(&name, usize::from(cells).saturating_sub(of_list.len() + 1)))
    }

    /// The promise under the cursor in a few lines, of which those that tell how it was made come once one rests.
    pub(in crate::tui) fn detail(&self, shared: &Shared) -> Vec<String> {
        let Some(row) = self.current() else { return Vec::new() };
        let moment = |at| when::weekday_and_time(at, shared.now, &shared.zone);
        if self.gone.is_some() {
            let words = "somebody ended it, or its case; it is not in this list any more";
            return vec![format!("gone  {} {}: {words}", row.person.0, row.person.1)];
        }
        let closed = if row.is_closed_then { "   the office is closed then" } else { "" };
        let subject = row.case.map(|case| format!("{case} {}", row.subject)).unwrap_or_default();
        let tried = match row.attempts {
            (0, _) | (_, None) => "not tried yet".to_owned(),
            (count, Some(last)) => format!("tried {count}, last {}; nobody answered", moment(last)),
        };
        let ended = match &row.state {
            PromiseState::Made => tried,
            PromiseState::Kept { at, contact } => {
                let by = contact.map(|contact| format!(" by {contact}")).unwrap_or_default();
                format!("kept {}{by}", moment(*at))
            }
            PromiseState::Broken { at, why, recovery } if recovery.is_empty() => {
                format!("broken {}: {why}", moment(*at))
            }
            PromiseState::Broken { at, why, recovery } => {
                format!("broken {}: {why}; {recovery}", moment(*at))
            }
            PromiseState::Released { at, words } => format!("released {}: {words}", moment(*at)),
        };
        let lines = [
            format!(
                "what  {} {} {} by {}, {}{closed}",
                row.words(),
                row.person.0,
                row.person.1,
                moment(row.due_at),
                row.channel.label(),
            ),
            format!("state {ended}"),
            format!("made  {}   {}, {}", moment(row.made_at), keeper(row, shared), row.unit),
            format!("case  {subject}"),
        ];
        lines.into_iter().take(if shared.is_rested { DETAIL_LINES } else { 2 }).collect()
    }
}

fn keeper_cells(cells: usize) -> usize {
    if cells >= KEEPER_FROM_CELLS { KEEPER_CELLS } else { 0 }
}

/// Cells for what is promised and for the person.
fn columns(cells: usize) -> (usize, usize) {
    let fixed = 1 + STATE_CELLS + 1 + WHEN_CELLS + 1 + LEFT_CELLS + 3;
    let right = CASE_CELLS + keeper_cells(cells) + FLAG_CELLS + 4;
    let left = cells.saturating_sub(fixed + right);
    let what = (left / 3).min(24);
    (what, left - what)
}

fn line(row: &PromiseRow, is_gone: bool, shared: &Shared, cells: usize) -> (String, Meaning) {
    let (what, person) = columns(cells);
    let urgency = row.urgency(shared.now);
    let state = match (&row.state, urgency) {
        _ if is_gone => "gone",
        (_, Some(Urgency::Late)) => "LATE",
        (_, Some(Urgency::Soon)) => "soon",
        (PromiseState::Made, _) => "",
        (PromiseState::Kept { at, .. }, _) if *at > row.due_at => "late",
        (PromiseState::Kept { .. }, _) => "kept",
        (PromiseState::Broken { .. }, _) => "BROKE",
        (PromiseState::Released { .. }, _) => "let",
    };
    let left = if row.is_open() {
        when::due_in(row.due_at, shared.now, &shared.zone)
    } else {
        String::new()
    };
    let tried = if row.attempts.0 > 0 { format!("a{}", row.attempts.0) } else { String::new() };
    let line = format!(
        "{} {} {} {} {} {} {} {} {}",
        fit(state, STATE_CELLS),
        fit(&when::day_and_time(row.due_at, shared.now, &shared.zone), WHEN_CELLS),
        fit_right(&left, LEFT_CELLS),
        row.channel.glyph(),
        fit(&safe_line(row.words()), what),
        fit(&safe_line(&row.person.1), person),
        fit(&row.case.map(|case| case.to_string()).unwrap_or_default(), CASE_CELLS),
        fit(&safe_line(&keeper(row, shared)), keeper_cells(cells)),
        tried,
    );
    let meaning = match (&row.state, urgency) {
        _ if is_gone => Meaning::Faint,
        (_, Some(Urgency::Late)) | (PromiseState::Broken { .. }, _) => Meaning::Alarm,
        (_, Some(Urgency::Soon)) => Meaning::Heed,
        (PromiseState::Kept { at, .. }, _) if *at <= row.due_at => Meaning::Done,
        _ => Meaning::Plain,
    };
    (line, meaning)
}
