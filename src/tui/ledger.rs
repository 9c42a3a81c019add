//! The intake ledger: a proof that no request was lost, counted while one looks on.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, Ask as _, AskLedger, Change, DeskError};
use crate::domain::cases::Ledger;
use crate::domain::{CaseId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit_right, width, wrap};

use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Handled, Screen, Shared, Ticket};
use super::when;

/// Cells for a number of cases.
const COUNT_CELLS: usize = 12;
/// The most rows of a line that a narrow terminal breaks.
const ROWS_MAX: usize = 3;

/// The screen.
pub(super) struct LedgerScreen {
    ledger: Ledger,
    received: u64,
    asked: Option<Ticket>,
    failed: Option<DeskError>,
}

impl LedgerScreen {
    /// The screen, with nothing counted yet.
    pub(super) fn new() -> Self {
        Self { ledger: Ledger::default(), received: 0, asked: None, failed: None }
    }

    /// What there is to see, with how it looks.
    fn lines(&self) -> Vec<(String, Meaning)> {
        let count = |cases: u64, what: &str| {
            (format!("{}  {what}", fit_right(&cases.to_string(), COUNT_CELLS)), Meaning::Plain)
        };
        let ledger = &self.ledger;
        let mut lines = vec![
            count(ledger.received(), "received"),
            (String::new(), Meaning::Plain),
            count(ledger.screening, "in screening"),
            count(ledger.open, "open"),
            count(ledger.ended(), "ended"),
        ];
        for (code, cases) in &ledger.ended {
            let (line, style) = count(*cases, code.label());
            lines.push((format!("        {line}"), style));
        }
        lines.push((String::new(), Meaning::Plain));
        lines.push(match &self.failed {
            Some(error) => (error.to_string(), Meaning::Alarm),
            None if self.asked.is_some() => {
                (format!("Counting: {} of {}...", ledger.last, self.received), Meaning::Plain)
            }
            None if ledger.is_whole() => (ledger.words(), Meaning::Strong),
            None => (ledger.words(), Meaning::Alarm),
        });
        if !ledger.is_whole() {
            let named: Vec<String> = ledger.named.iter().map(ToString::to_string).collect();
            lines.push((format!("Astray, from: {}", named.join(", ")), Meaning::Plain));
        }
        lines
    }
}

impl Screen for LedgerScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        *self = Self::new();
        self.asked = Some(context.ask(AskLedger { after: 0 }));
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Everywhere
    }

    fn act(&mut self, _action: Action, _key: Key, _context: &mut Context<'_>) -> Handled {
        Handled::No
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.asked != Some(ticket) {
            return;
        }
        self.asked = None;
        match answer.and_then(AskLedger::expect) {
            Ok(answer) => {
                self.received = answer.received;
                self.ledger.extend(answer.ledger);
                if self.ledger.last < self.received {
                    let after = self.ledger.last;
                    self.asked = Some(context.ask(AskLedger { after }));
                }
            }
            Err(error) => self.failed = Some(error),
        }
    }

    // The proof is one of a moment; F5 makes it again.
    fn changed(&mut self, _change: &Change, _context: &mut Context<'_>) {}

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let at = when::date_and_time(shared.now, &shared.zone);
        let heading = format!("LEDGER  {}  {at}", shared.who.office.name);
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header(&heading, "", shared, cells), Meaning::Strong);
        let lines = self.lines().into_iter().flat_map(|(line, style)| {
            let broken =
                if width(&line) > cells { wrap(&line, cells, ROWS_MAX) } else { vec![line] };
            broken.into_iter().map(move |line| (line, style))
        });
        for (row, (line, style)) in (2..canvas.height()).zip(lines) {
            canvas.put(row, 0, &line, style);
        }
        canvas.position(2, 0)
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Refresh, Action::Leave, Action::GoBoard, Action::OpenFind]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, None)
    }
}
