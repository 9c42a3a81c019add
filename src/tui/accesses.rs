//! Emergency accesses, those that wait for a review first, and who was turned away from closed files.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    AccessLine, AccessReading, AccessReadingsAnswer, Answer, AskAccessReadings, AskAccesses,
    AttemptLine, Change, Command, DeskError, Receipt,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::Behind;
use crate::domain::{AccessId, CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, safe_line, wrap};

use super::asking::Asking;
use super::field::{Choice, TextField};
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::stepping::page;
use super::when;

/// Rows above the first access.
const ROWS_ABOVE: usize = 2;
/// Rows of what was read under the access under the cursor.
const READINGS_ROWS: usize = 3;
/// Rows of the access under the cursor, and of the line in which one says what one found.
const ROWS_BELOW: usize = 5 + READINGS_ROWS;
/// Cells for when, whose, and what.
const WHEN_CELLS: usize = 13;
const WHO_CELLS: usize = 12;
const WHAT_CELLS: usize = 10;
const STATE_CELLS: usize = 15;

/// The words of a review that is being written.
struct Review {
    access: AccessId,
    is_justified: bool,
    line: TextField,
    doing: Option<Ticket>,
}

/// The screen.
pub(super) struct AccessesScreen {
    list: Asking<AskAccesses>,
    choice: Choice,
    /// What was read under the access under the cursor.
    readings: Option<(AccessId, Asking<AskAccessReadings>)>,
    review: Option<Review>,
}

/// One row of the list.
enum Row<'a> {
    Access(&'a AccessLine),
    Attempt(&'a AttemptLine),
}

impl AccessesScreen {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self {
            list: Asking::new(AskAccesses {}),
            choice: Choice::default(),
            readings: None,
            review: None,
        }
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let Some(answer) = self.list.answer() else { return Vec::new() };
        let accesses = answer.lines.iter().map(Row::Access);
        accesses.chain(answer.attempts.iter().map(Row::Attempt)).collect()
    }

    fn current(&self) -> Option<&AccessLine> {
        let lines = &self.list.answer()?.lines;
        lines.get(self.choice.at(self.rows().len()))
    }

    /// Asks what was read under the access under the cursor, where that is another one than before.
    fn ask_readings(&mut self, context: &mut Context<'_>) {
        let Some(access) = self.current().map(|line| line.access.id) else {
            self.readings = None;
            return;
        };
        if self.readings.as_ref().is_none_or(|(known, _)| *known != access) {
            let mut readings = Asking::new(AskAccessReadings { access });
            readings.ask(context);
            self.readings = Some((access, readings));
        }
    }

    /// Opens what the row is about, which is recorded as every reading is.
    fn open(&self, context: &mut Context<'_>) -> Handled {
        let at = self.choice.at(self.rows().len());
        let to = match self.rows().get(at) {
            Some(Row::Access(line)) => match line.access.behind {
                Behind::Person(person) => Some(Go::Person(person)),
                Behind::Case(case) => Some(Go::Case(case)),
            },
            Some(Row::Attempt(line)) => match &line.on {
                EntityId::Person(person) => Some(Go::Person(*person)),
                EntityId::Case(case) => Some(Go::Case(*case)),
                _ => None,
            },
            None => None,
        };
        let Some(to) = to else { return Handled::No };
        context.go(to);
        Handled::Yes
    }

    fn begin(&mut self, is_justified: bool, context: &mut Context<'_>) {
        let may = self.list.answer().is_some_and(|answer| answer.may_review);
        let why = match self.current() {
            _ if !may => "Accesses are reviewed by the privacy officer.",
            None => "The row is no emergency access.",
            Some(line) if line.access.review.is_some() => "It was reviewed already.",
            Some(line) if line.is_open => "It is still open: review it when it is over.",
            Some(line) => {
                let access = line.access.id;
                let line = TextField::line(LINE_BYTES_MAX);
                self.review = Some(Review { access, is_justified, line, doing: None });
                return;
            }
        };
        context.say(Status::Refused(why.to_owned()));
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(review) = self.review.as_mut().filter(|review| review.doing.is_none()) else {
            return;
        };
        review.doing = Some(context.execute(Command::ReviewAccess {
            access: review.access,
            is_justified: review.is_justified,
            words: review.line.text(),
        }));
    }

    fn words(row: &Row<'_>, shared: &Shared) -> String {
        let at = |at| fit(&when::day_and_time(at, shared.now, &shared.zone), WHEN_CELLS);
        match row {
            Row::Access(line) => format!(
                "{} {} {} {} {}",
                at(line.access.at),
                fit(&safe_line(&line.by), WHO_CELLS),
                fit(&line.access.behind.to_string(), WHAT_CELLS),
                fit(state(line), STATE_CELLS),
                safe_line(&line.access.reason)
            ),
            Row::Attempt(line) => format!(
                "{} {} {} turned away",
                at(line.at),
                fit(&safe_line(&line.by), WHO_CELLS),
                fit(&line.on.to_string(), WHAT_CELLS),
            ),
        }
    }

    /// The access under the cursor in full.
    fn detail(&self, canvas: &mut Canvas<'_>, row: usize, shared: &Shared) {
        let Some(line) = self.current() else { return };
        let access = &line.access;
        let ended = access.ended_at.unwrap_or(access.until);
        let times = format!(
            "-- {} to {}, {} until {}",
            access.id,
            access.behind,
            when::day_and_time(access.at, shared.now, &shared.zone),
            when::time(ended, &shared.zone)
        );
        canvas.rule(row, &times);
        let reason = format!("why  {}", safe_line(&access.reason));
        for (place, words) in (row + 1..).zip(wrap(&reason, canvas.width(), 2)) {
            canvas.line(place, &words);
        }
        let known = self.readings.as_ref().filter(|(known, _)| *known == access.id);
        if let Some((_, readings)) = known {
            let words = match (readings.instead(), readings.answer()) {
                (None, Some(answer)) => read_words(answer, canvas.width(), shared),
                (instead, _) => format!("read {}", instead.unwrap_or_default()),
            };
            for (place, words) in (row + 3..).zip(wrap(&words, canvas.width(), READINGS_ROWS)) {
                canvas.line(place, &words);
            }
        }
        if let (Some(review), Some(by)) = (&access.review, &line.reviewer) {
            let found = if review.is_justified { "justified" } else { "NOT JUSTIFIED" };
            let words = format!("{found}, {}: {}", safe_line(by), safe_line(&review.words));
            canvas.line(row + 3 + READINGS_ROWS, &words);
        }
    }
}

/// What was read, as far as there is room for it: `read 09:15 P-2 opened; 09:16 P-2 telephone; and 3 more`.
fn read_words(answer: &AccessReadingsAnswer, cells: usize, shared: &Shared) -> String {
    if answer.readings.is_empty() {
        return "read nothing".to_owned();
    }
    let words = |told: usize| {
        let told_of = answer.readings.iter().take(told).map(|reading| one_read(reading, shared));
        let left = answer.readings.len() - told;
        let more = answer.more.saturating_add(u64::try_from(left).unwrap_or(u64::MAX));
        let more = (more > 0).then(|| format!("and {more} more"));
        format!("read {}", told_of.chain(more).collect::<Vec<_>>().join("; "))
    };
    let fits = |words: &String| wrap(words, cells, READINGS_ROWS + 1).len() <= READINGS_ROWS;
    let all = (0..=answer.readings.len()).rev().map(words);
    all.into_iter().find(fits).unwrap_or_default()
}

/// One reading: when, which file, and what of it was shown in full.
fn one_read(reading: &AccessReading, shared: &Shared) -> String {
    let what = if reading.fields.is_empty() {
        "opened".to_owned()
    } else {
        safe_line(&reading.fields.join(", ")).into_owned()
    };
    format!("{} {} {what}", when::time(reading.at, &shared.zone), reading.file)
}

fn state(line: &AccessLine) -> &'static str {
    match &line.access.review {
        Some(review) if review.is_justified => "justified",
        Some(_) => "NOT JUSTIFIED",
        None if line.is_open => "OPEN NOW",
        None if line.is_due => "REVIEW OVERDUE",
        None => "to review",
    }
}

impl Screen for AccessesScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.list.ask(context);
        self.readings = None;
    }

    fn keys(&self) -> keymap::Context {
        if self.review.is_some() { keymap::Context::Line } else { keymap::Context::Accesses }
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        if self.review.is_some() {
            match action {
                Action::Send => self.send(context),
                Action::Leave => self.review = None,
                _ => return Handled::No,
            }
            return Handled::Yes;
        }
        let rows = self.rows().len();
        let by = isize::try_from(page(context.shared, ROWS_ABOVE + ROWS_BELOW)).unwrap_or(1);
        match action {
            Action::ListDown => self.choice.step(1, rows),
            Action::ListUp => self.choice.step(-1, rows),
            Action::PageDown => self.choice.step(by, rows),
            Action::PageUp => self.choice.step(-by, rows),
            Action::ListFirst => self.choice.set(0),
            Action::ListLast => self.choice.set(rows.saturating_sub(1)),
            Action::OpenRow => return self.open(context),
            Action::FindJustified => self.begin(true, context),
            Action::FindUnjustified => self.begin(false, context),
            _ => return Handled::No,
        }
        self.ask_readings(context);
        Handled::Yes
    }

    fn key(&mut self, key: Key, _context: &mut Context<'_>) -> Handled {
        let Some(review) = &mut self.review else { return Handled::No };
        review.line.key(key);
        Handled::Yes
    }

    fn paste(&mut self, text: &str, _context: &mut Context<'_>) {
        if let Some(review) = &mut self.review {
            review.line.paste(text);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        match &mut self.readings {
            Some((_, readings)) if readings.expects(ticket) => {
                readings.answered(ticket, answer, context, |_, answer| answer);
            }
            _ => {
                self.list.answered(ticket, answer, context, |_, answer| answer);
                self.ask_readings(context);
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        let Some(review) = self.review.as_mut().filter(|review| review.doing == Some(ticket))
        else {
            return;
        };
        review.doing = None;
        // Refused words stay in the line.
        if receipt.is_ok() {
            self.review = None;
            self.load(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => {
                entities.iter().any(|entity| matches!(entity, EntityId::Access(_)))
            }
        };
        self.list.changed(is_touched, context);
        if let Some((_, readings)) = &mut self.readings {
            readings.changed(is_touched, context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header("EMERGENCY ACCESSES", "", shared, cells), Meaning::Strong);
        let rows = self.rows();
        if rows.is_empty() {
            let none = "There is no access to a closed file that you may see. Where one is closed to you, the key that says so there opens it for an hour.";
            let words = safe_line(self.list.instead().unwrap_or(none));
            for (row, line) in (ROWS_ABOVE..).zip(wrap(&words, cells, 2)) {
                canvas.line(row, &line);
            }
            return canvas.position(ROWS_ABOVE, 0);
        }
        canvas.line(1, "  when          who          what       state           why");
        canvas.say(1, String::new);
        let seen = canvas.height().saturating_sub(ROWS_ABOVE + ROWS_BELOW).max(1);
        let (first, chosen) =
            (self.choice.first_seen(rows.len(), seen), self.choice.at(rows.len()));
        for (place, row) in rows.iter().enumerate().skip(first).take(seen) {
            let marker = if place == chosen { '>' } else { ' ' };
            let words = Self::words(row, shared);
            let line = fit(&format!("{marker} {words}"), cells);
            let is_due = matches!(row, Row::Access(line) if line.is_due);
            let meaning = if is_due { Meaning::Alarm } else { Meaning::Plain };
            canvas.put(ROWS_ABOVE + place - first, 0, &line, meaning);
            canvas.list(ROWS_ABOVE + place - first, place, rows.len());
            canvas.say(ROWS_ABOVE + place - first, || words);
        }
        let below = ROWS_ABOVE + rows.len().min(seen);
        self.detail(&mut canvas, below, shared);
        if let Some(review) = &self.review {
            let label = if review.is_justified { "justified: " } else { "not justified: " };
            let column = canvas.put(below + ROWS_BELOW - 1, 0, label, Meaning::Strong);
            let room = cells.saturating_sub(column);
            let cursor = review.line.draw_in_row(&mut canvas, below + ROWS_BELOW - 1, column, room);
            return canvas.position(below + ROWS_BELOW - 1, cursor);
        }
        canvas.position(ROWS_ABOVE + chosen - first, 0)
    }

    fn hints(&self) -> Vec<Action> {
        if self.review.is_some() {
            return vec![Action::Send, Action::Leave];
        }
        let mut hints = Vec::new();
        let may_review = self.list.answer().is_some_and(|answer| answer.may_review);
        let is_over = |line: &AccessLine| line.access.review.is_none() && !line.is_open;
        if may_review && self.current().is_some_and(is_over) {
            hints.extend([Action::FindJustified, Action::FindUnjustified]);
        }
        if !self.rows().is_empty() {
            hints.push(Action::OpenRow);
        }
        hints.extend([Action::Leave, Action::GoBoard]);
        hints
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}
