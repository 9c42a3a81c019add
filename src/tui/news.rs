//! What came for the caseworker since they left: the list behind the board's line.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, AskNews, Change, Command, DeskError, NewsKind, NewsLine};
use crate::domain::time::Instant;
use crate::domain::{CaseId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, safe_line, wrap};

use super::asking::Asking;
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Ticket};
use super::stay::Stay;
use super::stepping::{page, stepped, top};
use super::when;

/// Rows above the first item.
const ROWS_ABOVE: usize = 2;
/// Cells for when, for what, and for the case.
const WHEN_CELLS: usize = 13;
const WHAT_CELLS: usize = 16;
const CASE_CELLS: usize = 9;

/// The screen.
pub(super) struct NewsScreen {
    news: Asking<AskNews>,
    /// From when on items are new: as it was when the screen was opened, for opening it is looking.
    new_from: Option<Instant>,
    cursor: Stay,
    /// Whether the row under the cursor goes if it is not in the list any more, as it may not be seen.
    row_goes: bool,
}

impl NewsScreen {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        let cursor = Stay::default();
        Self { news: Asking::new(AskNews {}), new_from: None, cursor, row_goes: false }
    }

    fn lines(&self) -> &[NewsLine] {
        self.news.answer().map_or(&[], |answer| answer.lines.as_slice())
    }

    fn is_new(&self, line: &NewsLine) -> bool {
        self.new_from.is_some_and(|from| line.at > from)
    }

    /// Where the line under the cursor leads.
    fn leads_to(&self) -> Option<Go> {
        let line = self.lines().get(self.cursor.at())?;
        match (&line.case, line.kind) {
            (Some((case, _)), _) => Some(Go::Case(*case)),
            (None, NewsKind::Emergency) => Some(Go::Accesses),
            (None, NewsKind::Uncovered) => Some(Go::Colleagues),
            (None, _) => None,
        }
    }

    fn title(&self, shared: &Shared) -> String {
        let left = self.news.answer().and_then(|answer| answer.left_at);
        let since = left.map_or_else(String::new, |at| {
            format!("  {}", when::weekday_and_time(at, shared.now, &shared.zone))
        });
        let came = self.news.answer().map_or(0, |answer| answer.came);
        let came = match came {
            0 => String::new(),
            came => format!("   {came} new in {}", shared.who.unit.name),
        };
        format!("SINCE YOU LEFT{since}{came}")
    }
}

fn what(kind: NewsKind) -> &'static str {
    match kind {
        NewsKind::Given => "yours now",
        NewsKind::Ruling => "ruling",
        NewsKind::Undelivered => "letter came back",
        NewsKind::Promise => "promise for you",
        NewsKind::Unrouted => "unrouted",
        NewsKind::Reminder => "reminder",
        NewsKind::Lapsed => "asked higher up",
        NewsKind::Uncovered => "NOT COVERED",
        NewsKind::Returned => "work came back",
        NewsKind::DraftTaken => "draft taken over",
        NewsKind::Emergency => "emergency",
    }
}

impl Screen for NewsScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.news.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::List
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        let page = page(context.shared, ROWS_ABOVE);
        if let Some(to) = stepped(action, self.cursor.at(), self.lines().len(), page) {
            if let Some(answer) = self.news.answer_mut() {
                self.cursor.set(to, &mut answer.lines);
            }
            return Handled::Yes;
        }
        match (action, self.leads_to()) {
            (Action::OpenRow, Some(there)) => context.go(there),
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
        let (cursor, goes) = (&mut self.cursor, &mut self.row_goes);
        self.news.answered(ticket, answer, context, |was, mut answer| {
            let was = was.map_or_else(Vec::new, |was| was.lines);
            let goes = std::mem::take(goes);
            answer.lines = cursor.take(&was, answer.lines, goes, PartialEq::eq);
            answer
        });
        if let Some(answer) = self.news.answer().filter(|_| self.new_from.is_none()) {
            self.new_from = Some(answer.from);
            context.execute(Command::SeeNews);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        // Whatever comes for somebody is in a list of their unit.
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Attended(_) | Change::Changed(_) => false,
            Change::Lists(units) => units.contains(&context.shared.who.unit.id),
        };
        self.row_goes |= *change == Change::Sight;
        self.news.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header(&self.title(shared), "", shared, cells), Meaning::Strong);
        let lines = self.lines();
        if lines.is_empty() {
            let none = "Nothing came for you since you left. The board shows what there is to do.";
            let words = safe_line(self.news.instead().unwrap_or(none));
            for (row, line) in (ROWS_ABOVE..).zip(wrap(&words, cells, 2)) {
                canvas.line(row, &line);
            }
            return canvas.position(ROWS_ABOVE, 0);
        }
        let room = canvas.height().saturating_sub(ROWS_ABOVE).max(1);
        let top = top(self.cursor.at(), room);
        for (row, (place, line)) in
            (ROWS_ABOVE..).zip(lines.iter().enumerate().skip(top).take(room))
        {
            let marker = if place == self.cursor.at() { '>' } else { ' ' };
            let new = if self.is_new(line) { '*' } else { ' ' };
            let at = when::day_and_time(line.at, shared.now, &shared.zone);
            let case = line.case.as_ref().map_or_else(String::new, |(id, _)| id.to_string());
            let subject = line.case.as_ref().map_or("", |(_, subject)| subject.as_str());
            let why = if line.why.is_empty() {
                String::new()
            } else {
                format!(": {}", safe_line(&line.why))
            };
            let words = format!(
                "{marker}{new} {} {} {} {}   {}{why}",
                fit(&at, WHEN_CELLS),
                fit(what(line.kind), WHAT_CELLS),
                fit(&case, CASE_CELLS),
                safe_line(subject),
                safe_line(&line.by),
            );
            let style = if self.is_new(line) { Meaning::Strong } else { Meaning::Plain };
            canvas.put(row, 0, &safe_line(&words), style);
            canvas.list(row, place, lines.len());
            canvas.say(row, || {
                let is_new = if self.is_new(line) { "new; " } else { "" };
                format!(
                    "{is_new}{at}; {}; case {case}; {subject}; {}{why}",
                    what(line.kind),
                    line.by
                )
            });
        }
        canvas.position(ROWS_ABOVE + self.cursor.at() - top, 0)
    }

    fn hints(&self) -> Vec<Action> {
        let open = self.leads_to().map(|_there| Action::OpenRow);
        open.into_iter().chain([Action::Leave, Action::GoBoard, Action::OpenFind]).collect()
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        let line = self.lines().get(self.cursor.at());
        (line.and_then(|line| line.case.as_ref()).map(|(id, _)| *id), None)
    }
}
